"""Paging by keys: the deepest page costs what the first one costs.

A page begins after the last row of the one before it, named by the values of its
ordering columns. The values travel in an opaque cursor that also says which ordering it
belongs to, so that a cursor of another list is refused instead of misread.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, OrderBy, Q, QuerySet

from .errors import Invalid
from .text import has_control_characters

M = TypeVar("M", bound=Model)
S = TypeVar("S")
R = TypeVar("R")

# Whatever reading a cursor that somebody made up can raise.
_UNREADABLE = (
    ArithmeticError,
    LookupError,
    RecursionError,
    TypeError,
    ValidationError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Order:
    """An ordering by columns, all ascending or all descending, the last one unique.

    `nullable` says that the first column may be null; nulls come last either way.
    """

    name: str
    columns: tuple[str, ...]
    descending: bool = False
    nullable: bool = False

    def known(self) -> Order:
        """Return this order among the rows whose first column is not null."""
        return replace(self, nullable=False)

    def unknown(self) -> Order:
        """Return this order among the rows whose first column is null."""
        return replace(self, nullable=False, columns=self.columns[1:])


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Some rows and the cursor of the page after them, None at the end."""

    rows: list[R]
    next: str | None


def write_cursor(order: Order, row: Any) -> str:
    """Return the cursor of the page that begins after `row`."""
    return cursor_of(order, [getattr(row, column) for column in order.columns])


def cursor_of(order: Order, values: Sequence[Any]) -> str:
    """Return the cursor of the page after a row with these ordering columns."""
    text = json.dumps([order.name, *map(_pack, values)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(order: Order, cursor: str) -> list[Any]:
    """Return the column values in `cursor`; Invalid("bad_cursor") if not of `order`."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, *values = json.loads(
            base64.b64decode(padded, altchars=b"-_", validate=True)
        )
        if name != order.name or len(values) != len(order.columns):
            raise ValueError(cursor)
        return [_unpack(value) for value in values]
    except _UNREADABLE as error:
        raise Invalid.of("cursor", "bad_cursor") from error


def _same(row: Any) -> Any:
    return row


def take_page(
    rows: QuerySet[M, S],
    order: Order,
    *,
    limit: int,
    cursor: str | None,
) -> Page[S]:
    """Return up to `limit` rows after `cursor`, in one statement.

    The rows have the ordering columns as attributes.
    """
    found = take_rows(rows, order, limit=limit, cursor=cursor)
    return page_of(found, order, limit=limit)


def take_rows(
    rows: QuerySet[M, S], order: Order, *, limit: int, cursor: str | None
) -> list[S]:
    """Return up to `limit` + 1 rows after `cursor`, for `page_of`."""
    if cursor:
        values = read_cursor(order, cursor)
        with unreadable_cursor():  # values of other types than the columns
            rows = rows.filter(after(order, values))
    return list(rows.order_by(*order_by(order))[: limit + 1])


def page_of(
    found: list[S],
    order: Order,
    *,
    limit: int,
    convert: Callable[[S], R] = _same,
    keys: Callable[[S], Sequence[Any]] | None = None,
) -> Page[R]:
    """Return the page of up to `limit` + 1 rows that were found.

    `convert` makes what the page holds of one row; `keys` finds the ordering columns
    in such a row, which else has them as attributes.
    """
    following = None
    if len(found) > limit:
        found = found[:limit]
        last = found[-1]
        following = cursor_of(order, keys(last)) if keys else write_cursor(order, last)
    return Page([convert(row) for row in found], following)


def named_values(values: Sequence[Any]) -> dict[str, Any]:
    """Return a cursor's values by name, as a prepared query takes them."""
    return {f"after_{n}": value for n, value in enumerate(values)}


def pop_values(given: dict[str, Any]) -> list[Any]:
    """Take the values of `named_values` out of what a prepared query was given."""
    names = sorted(name for name in given if name.startswith("after_"))
    return [given.pop(name) for name in names]


@contextmanager
def unreadable_cursor() -> Iterator[None]:
    """Turn whatever a made-up cursor can raise into Invalid("bad_cursor")."""
    try:
        yield
    except _UNREADABLE as error:
        raise Invalid.of("cursor", "bad_cursor") from error


def order_by(order: Order) -> Sequence[OrderBy | str]:
    """Return what a queryset is ordered by."""
    first, *others = order.columns
    sign = "-" if order.descending else ""
    if not order.nullable:
        return [f"{sign}{column}" for column in order.columns]
    lead = (
        F(first).desc(nulls_last=True)
        if order.descending
        else F(first).asc(nulls_last=True)
    )
    return [lead, *(f"{sign}{column}" for column in others)]


def after(order: Order, values: Sequence[Any]) -> Q:
    """Return the condition for rows after `values`.

    Written as (a <= x AND (a < x OR ...)) so that an index on `a` bounds the scan.
    """
    beyond = "lt" if order.descending else "gt"
    condition = Q(**{f"{order.columns[-1]}__{beyond}": values[-1]})
    for position in range(len(order.columns) - 2, -1, -1):
        column, value = order.columns[position], values[position]
        if value is None:  # already among the nulls at the end
            condition = Q(**{f"{column}__isnull": True}) & condition
            continue
        strict = Q(**{f"{column}__{beyond}": value})
        inner = strict | (Q(**{column: value}) & condition)
        bounded = Q(**{f"{column}__{beyond}e": value}) & inner
        if order.nullable and position == 0:
            bounded |= Q(**{f"{column}__isnull": True})
        condition = bounded
    return condition


def _pack(value: Any) -> Any:
    return {"t": value.isoformat()} if isinstance(value, datetime) else value


def _unpack(value: Any) -> Any:
    if isinstance(value, dict):
        instant = datetime.fromisoformat(value["t"])
        if instant.tzinfo is None:
            raise ValueError(value)
        return instant.astimezone(UTC)
    if isinstance(value, str) and has_control_characters(value):
        raise ValueError(value)
    if value is not None and not isinstance(value, str | int):
        raise ValueError(value)
    return value
