"""Rows of the database as columns: read in pieces, numbered, and made instants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

import numpy as np
from django.db import connection
from django.db.models import Field, Func, QuerySet

from veriga.activities.rules.words import KindCode
from veriga.insight.rules.clock import Instants
from veriga.insight.rules.log import Ints

PIECE: Final = 50_000  # rows
_KIND_CODES: Final = frozenset(str(one) for one in KindCode)


class Instant(Func):
    """An instant in the form in which a whole column of them is read fastest."""

    arity = 1
    template = "(CAST(EXTRACT(EPOCH FROM %(expressions)s) * 1000000 AS bigint))"

    def __init__(self, name: str) -> None:
        super().__init__(name, output_field=Field())

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return it as it is stored, kept from being made a datetime one by one."""
        return super().as_sql(
            compiler, connection, template="(%(expressions)s || '')", **context
        )


class Words:
    """Numbers the kinds in the order in which they come."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}

    def codes(self, pairs: Iterator[tuple[str, str]]) -> Ints:
        known = self._known
        return np.fromiter(
            (known.setdefault(pair, len(known)) for pair in pairs), dtype=np.int64
        )

    def sorted(self) -> tuple[Ints, list[str]]:
        """Return the final number of each, and the names in their order."""
        names = [kind_code(*pair) for pair in self._known]
        ordered = sorted(set(names))
        return np.array([ordered.index(name) for name in names]), ordered


def kind_code(kind: str, type_code: str) -> str:
    """Return the name of a kind of activity as insight tells them apart."""
    if not type_code or kind in {KindCode.TASK, KindCode.QUOTE}:
        return kind
    if kind == KindCode.EVENT and type_code not in _KIND_CODES:
        return type_code
    return f"{kind}:{type_code}"


def pieces(rows: QuerySet[Any, Any]) -> Iterator[list[Sequence[Any]]]:
    """Yield a query's rows as columns, some thousands at a time."""
    found = rows.order_by().iterator(chunk_size=PIECE)
    while piece := list(islice(found, PIECE)):
        yield list(zip(*piece, strict=True))


def ordered(pieces: list[Any], order: Ints) -> Any:
    whole = np.concatenate(pieces)
    pieces.clear()
    return whole[order]


def whole_numbers(column: Sequence[Any]) -> Ints:
    return np.array([one or 0 for one in column], dtype=np.int64)


def codes_of(column: Sequence[Any], codes: dict[str, int]) -> Ints:
    return np.array([codes.get(one, -1) for one in column], dtype=np.int64)


def names_of(column: Sequence[Any]) -> tuple[str, ...]:
    return tuple(sorted({str(one) for one in column if one}))


def instants_of(column: Sequence[Any]) -> Instants:
    """Return a column of instants; SQLite stores them as text in UTC."""
    if connection.vendor == "sqlite":
        return np.array(column, dtype="datetime64[us]")
    none = np.iinfo(np.int64).min  # not a time
    numbers = np.array([none if one is None else one for one in column], np.int64)
    return numbers.view("datetime64[us]")
