"""Queries whose SQL is made once: each time only their values are new.

Django builds and compiles a query anew whenever it is asked; on a page of ten queries
that takes longer than the database does. A prepared query is an ordinary function that
returns a queryset. It is called once for each *shape* with stand-ins for its values,
and the SQL that comes of it is kept with the places where the stand-ins stood.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

R = TypeVar("R")
V = TypeVar("V")
Value = int | str | datetime | list[int] | list[str] | list[datetime]

MOST_IDS: Final = 1024  # longer lists are compiled each time
MOST: Final = 500  # shapes of one query; more means that a value was taken for a shape
PLACE: Final = re.compile("%[s%]")  # of a parameter, or a per-cent sign
_FIRST_INT: Final = 7_777_000_000_000_000_000
_FIRST_INSTANT: Final = datetime(1777, 7, 7, 7, 7, 7, 777_777, tzinfo=UTC)


class _Made:
    """One shape of a query, compiled: SQL, and what stands at each of its places."""

    def __init__(self, rows: QuerySet[Any, Any], stand_ins: dict[Any, Any]) -> None:
        self._rows = rows
        self._compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._converters: Any = None
        try:
            self._sql, params = self._compiler.as_sql()
        except EmptyResultSet as error:
            raise TypeError("a prepared query that is always empty") from error
        self._sql, params = _with_constants(self._sql, params, stand_ins)
        # A place holds a constant, or the name of a value and the type to give it.
        self._places = [
            (stand_ins.get(_key(param)), type(param), param) for param in params
        ]
        found = {name for name, _, _ in self._places if name is not None}
        lost = {name[0] for name in stand_ins.values()} - {name[0] for name in found}
        if lost:
            raise TypeError(f"not a plain parameter of the SQL: {sorted(lost)}")

    def _params(self, values: dict[str, Any]) -> tuple[Any, ...]:
        connection = connections[DEFAULT_DB_ALIAS]
        return tuple(
            constant if name is None else _fit(name, kind, values, connection)
            for name, kind, constant in self._places
        )

    def counting(self, values: dict[str, Any]) -> Counting:
        return Counting(self._sql, self._params(values))

    def run(self, values: dict[str, Any], *, by_values: bool) -> list[Any]:
        connection, params = connections[DEFAULT_DB_ALIAS], self._params(values)
        # The queryset's own machinery makes of the answer what it always makes: rows,
        # tuples, values. It only finds a compiler that has done its work already.
        compiler = _twin(
            self._compiler,
            connection=connection,
            as_sql=lambda *_, **__: (self._sql, params),
            get_converters=self._get_converters,
        )
        query = _twin(self._rows.query, get_compiler=lambda *_, **__: compiler)
        with nullcontext() if by_values else _one_plan(connection):
            return list(_twin(self._rows, _query=query))

    def _get_converters(self, expressions: Any) -> Any:
        if self._converters is None:
            found = type(self._compiler).get_converters(self._compiler, expressions)
            self._converters = {
                place: ([_faster(one) for one in converters], expression)
                for place, (converters, expression) in found.items()
            }
        return self._converters


def _with_constants(
    sql: str, params: Sequence[Any], stand_ins: dict[Any, Any]
) -> tuple[str, list[Any]]:
    """Return the SQL with its words and truths written out, and the parameters left.

    A plan is made for all values at once: it can use a partial index, and know that a
    kind is rare, only if it reads which one is meant.
    """
    left: list[Any] = []
    rest = iter(params)

    def written(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return found[0]
        param = next(rest)
        if stand_ins.get(_key(param)) is None and isinstance(param, str | bool):
            return _literal(param)
        left.append(param)
        return found[0]

    return PLACE.sub(written, sql), left


def _literal(constant: str | bool) -> str:
    """Return a constant as SQL, for a statement that has parameters too."""
    if isinstance(constant, bool):
        return "true" if constant else "false"
    quoted = str(constant).replace("'", "''").replace("%", "%%")
    return f"'{quoted}'"


def _one_plan(connection: Any) -> AbstractContextManager[None]:
    """Have a database that plans by values plan by the shape alone."""
    planning: AbstractContextManager[None] = getattr(
        connection, "one_plan", nullcontext
    )()
    return planning


def _faster(converter: Any) -> Any:
    """Return the converter, or a short one for SQLite's instants, which are in UTC."""
    is_slow = getattr(converter, "__name__", "") == "convert_datetimefield_value"
    return _in_utc if is_slow else converter


def _in_utc(value: Any, _expression: Any, _connection: Any) -> Any:
    if isinstance(value, str):  # of an expression, which has no declared type
        value = datetime.fromisoformat(value)
    return value if value is None else value.replace(tzinfo=UTC)


def _twin(one: Any, **changes: Any) -> Any:
    """Return a shallow copy with other attributes; QuerySet's own copy would run it."""
    twin = object.__new__(type(one))
    twin.__dict__.update(one.__dict__, **changes)
    return twin


@dataclass(frozen=True, slots=True)
class Counting:
    """Rows that are to be counted: their SQL, unordered and bounded, and its values.

    `sql` "" means that there are none. Its plan is for its values: how many there are
    to be counted depends on them.
    """

    sql: str
    params: tuple[Any, ...] = ()

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> Counting:
        """Return what counts the rows of any query."""
        try:
            sql, params = rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        except EmptyResultSet:
            return cls("")
        return cls(sql, tuple(params))


def count_together(asked: Sequence[Counting]) -> list[int]:
    """Return how many rows each of them has, in one statement."""
    some = [one for one in asked if one.sql]
    if not some:
        return [0] * len(asked)
    parts = (f"(SELECT COUNT(*) FROM ({one.sql}) counted)" for one in some)  # noqa: S608
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(parts)}", [p for one in some for p in one.params]
        )
        found = iter(cursor.fetchone())
    return [next(found) if one.sql else 0 for one in asked]


class Prepared(Generic[R]):
    """A query that is compiled once for each shape."""

    def __init__(
        self, build: Callable[..., QuerySet[Any, R]], *, by_values: bool = False
    ) -> None:
        self.build = build
        self._by_values = by_values
        self._made: dict[Hashable, _Made] = {}

    def __call__(self, *shape: Hashable, **values: Value) -> list[R]:
        """Return the rows for these values, in one statement.

        `shape` decides what the SQL looks like (an order, a limit, which filters
        there are); `values` are its parameters: numbers, texts, instants, or lists of
        them. None is a shape, never a value.
        """
        if any(map(_is_unusual, values.values())):
            return self.plain(*shape, **values)
        made = self._made_for(shape, values)
        return made.run(values, by_values=self._by_values)

    def counting(self, *shape: Hashable, **values: Value) -> Counting:
        """Return what counts these rows, for `count_together`."""
        if any(map(_is_unusual, values.values())):
            return Counting.of(self.build(*shape, **values))
        return self._made_for(shape, values).counting(values)

    def _made_for(self, shape: tuple[Hashable, ...], values: dict[str, Any]) -> _Made:
        forms = tuple(
            (name, len(value) if isinstance(value, list) else type(value))
            for name, value in values.items()
        )
        key = (connections[DEFAULT_DB_ALIAS].vendor, shape, forms)
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= MOST:
                self._made.clear()
            made = self._made[key] = self._make(shape, values)
        return made

    def plain(self, *shape: Hashable, **values: Any) -> list[R]:
        """Return the rows without keeping what was compiled."""
        return list(self.build(*shape, **values))

    def _make(self, shape: tuple[Hashable, ...], values: dict[str, Any]) -> _Made:
        stand_ins: dict[Any, tuple[str, int | None]] = {}
        given: dict[str, Any] = {}
        number = 0
        for name, value in values.items():
            parts = value if isinstance(value, list) else [value]
            made = []
            for position, part in enumerate(parts):
                number += 1
                stand_in = _stand_in(part, number)
                place = None if parts is not value else position
                stand_ins[_key(_stored(stand_in))] = (name, place)
                made.append(stand_in)
            given[name] = made if parts is value else made[0]
        return _Made(self.build(*shape, **given), stand_ins)


def padded(values: Sequence[V]) -> list[V]:
    """Return some values for an IN, the last one repeated up to a length that recurs.

    So that lists of any length have few shapes. Not for an empty list.
    """
    length = 1 << (len(values) - 1).bit_length()
    return list(values) + [values[-1]] * (length - len(values))


def prepared(build: Callable[..., QuerySet[Any, R]]) -> Prepared[R]:
    """Make a prepared query of a function that returns a queryset."""
    made = Prepared(build)
    functools.update_wrapper(made, build)
    return made


def planned_by_values(build: Callable[..., QuerySet[Any, R]]) -> Prepared[R]:
    """Make a prepared query that PostgreSQL plans anew each time.

    For what is found in quite another way for one person than for the next.
    """
    made = Prepared(build, by_values=True)
    functools.update_wrapper(made, build)
    return made


def _is_unusual(value: Any) -> bool:
    """Tell whether no column holds it, or an IN of it: Django knows what to do."""
    if isinstance(value, list):
        return not 0 < len(value) <= MOST_IDS or any(map(_is_unusual, value))
    return isinstance(value, int) and abs(value) >= 2**63


def _stand_in(value: Any, number: int) -> Any:
    """Return a value that no query holds by itself, of the same type."""
    if isinstance(value, datetime):
        return _FIRST_INSTANT + timedelta(seconds=number)
    if isinstance(value, str):
        return f"\N{ASTERISM}{number}\N{ASTERISM}"
    if isinstance(value, int) and not isinstance(value, bool):
        return _FIRST_INT + number
    raise TypeError(f"{value!r} cannot be a value of a prepared query")


def _stored(value: Any) -> Any:
    """Return a value as the database's parameter."""
    if isinstance(value, datetime):
        return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(value)
    return value


def _key(param: Any) -> Any:
    """Return what a parameter is recognised by, whatever type the driver gave it."""
    if isinstance(param, int):
        return int(param)
    return param if isinstance(param, str | datetime) else None


def _fit(
    name: tuple[str, int | None], kind: type, values: dict[str, Any], connection: Any
) -> Any:
    """Return the value for one place, of the type that its column wants."""
    value = values[name[0]]
    if name[1] is not None:
        value = value[name[1]]
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return str(value) if isinstance(value, str) else kind(value)
