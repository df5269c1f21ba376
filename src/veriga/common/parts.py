"""Fast first pages of what is joined by "or".

"Mine or my team's or shared with me" has no index of its own: a database either sorts
all that fits or walks the whole table in order, and cannot know which is shorter for
this user. Each part alone has an index, and the first rows of the whole are among the
first rows of the parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from .errors import Invalid
from .keyset import _UNREADABLE, Order, _after, _order_by, read_cursor

M = TypeVar("M", bound=Model)
S = TypeVar("S")


def first_of_parts(
    rows: QuerySet[M, S],
    parts: Sequence[Q] | None,
    order: Order,
    *,
    limit: int,
    cursor: str | None,
) -> QuerySet[M, S]:
    """Return `rows` cut down to those a page after `cursor` can hold, for `take_page`.

    `rows` must not be narrowed by `parts` yet: a row passes if any of them holds for
    it. None stands for no condition at all. Still one statement.
    """
    if parts is None:
        return rows
    after = _after(order, read_cursor(order, cursor)) if cursor else Q()
    firsts = []
    for part in parts:
        try:
            some = rows.filter(part).filter(after)
        except _UNREADABLE as error:
            raise Invalid.of("cursor", "bad_cursor") from error
        keys = some.order_by(*_order_by(order))[: limit + 1].values("pk")
        # SQLite takes no LIMIT in a member of a union, hence the step between.
        step = rows.model._default_manager.filter(pk__in=keys)
        firsts.append(step.order_by().values("pk"))
    # One IN over a union, because SQLite answers several of them by a scan.
    return rows.filter(pk__in=firsts[0].union(*firsts[1:], all=True))
