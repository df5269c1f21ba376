"""Fast first pages of what is joined by "or".

"Mine or my team's or shared with me" has no index of its own: a database either sorts
all that fits or walks the whole table in order, and cannot know which is shorter for
this user. Each part alone has an index, and the first rows of the whole are among the
first rows of the parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import F, Model, OrderBy, Q, QuerySet

from .keyset import Order, after, order_by, unreadable_cursor
from .plans import Unordered


class Few(Q):
    """A part that few rows meet, and that an index finds whatever else is asked.

    A database does not know how few, and walks an index in the order of the page
    instead, down to the end if there are none at all.
    """


M = TypeVar("M", bound=Model)
S = TypeVar("S")


def first_of_parts(
    rows: QuerySet[M, S],
    parts: Sequence[Q] | None,
    order: Order,
    *,
    limit: int,
    values: Sequence[Any],
) -> QuerySet[M, S]:
    """Return `rows` cut down to those that a page can hold, for `take_page`.

    `values` are those of the page's cursor, none for the first page.

    `rows` must not be narrowed by `parts` yet: a row passes if any of them holds for
    it. None stands for no condition at all. Still one statement.
    """
    if parts is None:
        return rows
    firsts = []
    for part in parts:
        with unreadable_cursor():
            some = rows.filter(part).filter(after(order, values) if values else Q())
        by = _found_first(order) if isinstance(part, Few) else order_by(order)
        keys = some.order_by(*by)[: limit + 1].values("pk")
        # SQLite takes no LIMIT in a member of a union, hence the step between.
        step = rows.model._default_manager.filter(pk__in=keys)
        firsts.append(step.order_by().values("pk"))
    # One IN over a union, because SQLite answers several of them by a scan.
    return rows.filter(pk__in=firsts[0].union(*firsts[1:], all=True))


def _found_first(order: Order) -> Sequence[OrderBy | str]:
    """Return the same order, for which no index is walked."""
    first, *others = order.columns
    sign = "-" if order.descending else ""
    nulls_last = True if order.nullable else None
    lead = OrderBy(
        Unordered(F(first)), descending=order.descending, nulls_last=nulls_last
    )
    return [lead, *(f"{sign}{column}" for column in others)]


def page_of_parts(
    rows: QuerySet[M, S],
    parts: Sequence[Q] | None,
    order: Order,
    *,
    limit: int,
    values: Sequence[Any],
) -> QuerySet[M, S]:
    """Return up to `limit` + 1 of `rows` behind a cursor's `values`, in order.

    For `keyset.page_of`; the rest is said at `first_of_parts`.
    """
    rows = first_of_parts(rows, parts, order, limit=limit, values=values)
    if values:
        rows = rows.filter(after(order, values))
    return rows.order_by(*order_by(order))[: limit + 1]
