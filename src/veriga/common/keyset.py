"""Paging by keys: the deepest page costs what the first one costs.

A page begins after the last row of the one before it, named by the values of its
ordering columns. The values travel in an opaque cursor that also says which ordering it
belongs to, so that a cursor of another list is refused instead of misread.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
    convert: Callable[[S], R] = _same,
    keys: Callable[[S], Sequence[Any]] | None = None,
) -> Page[R]:
    """Return up to `limit` converted rows after `cursor`, in one statement.

    `convert` makes what the page holds of one row of the query; `keys` finds the
    ordering columns in such a row, which else has them as attributes.
    """
    if cursor:
        after = _after(order, read_cursor(order, cursor))
        try:
            rows = rows.filter(after)
        except _UNREADABLE as error:  # values of other types than the columns
            raise Invalid.of("cursor", "bad_cursor") from error
    found = list(rows.order_by(*_order_by(order))[: limit + 1])
    following = None
    if len(found) > limit:
        found.pop()
        last = found[-1]
        following = cursor_of(order, keys(last)) if keys else write_cursor(order, last)
    return Page([convert(row) for row in found], following)


def _order_by(order: Order) -> Sequence[OrderBy | str]:
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


def _after(order: Order, values: list[Any]) -> Q:
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
