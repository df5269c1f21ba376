"""Lists of activities, page by page, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.common.errors import Invalid
from veriga.common.keyset import (
    Page,
    named_values,
    pop_values,
    read_cursor,
    unreadable_cursor,
)
from veriga.common.parts import page_of_parts
from veriga.common.prepared import Counting, count_together, prepared
from veriga.parties.queries import (
    activity_condition,
    activity_parts,
    any_of,
    seen_by,
    sight_of,
    visible_companies,
)

from .activities import visible_activities
from .filters import (
    ActivityFilters,
    first_of_gatherings,
    given_of,
    narrowed,
    search_condition,
)
from .rows import ORDERS, ActivityRow, columns_of, rows_page, to_page

LIMIT = 50
MAX_LIMIT = 200
WHOLE, KNOWN, UNKNOWN = "whole", "known", "unknown"  # parts of an order with nulls


def list_activities(
    actor: Actor,
    filters: ActivityFilters,
    *,
    now: datetime,
    limit: int = LIMIT,
    cursor: str | None = None,
    full: bool = False,
) -> Page[ActivityRow]:
    """Return one page of the activities that `actor` sees, newest first by default.

    `full`: with what only a record's own page or a program wants.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid.of("limit", "limit_range")
    if filters.order not in ORDERS:
        raise Invalid.of("order", "unknown_choice")
    order = ORDERS[filters.order]
    given = given_of(actor, filters, now)
    if filters.is_search:  # what is searched for has no shape that comes again
        rows = narrowed(
            visible_activities(actor), filters.state, given, loose=filters.loose
        )
        rows = rows.filter(search_condition(filters))
        return rows_page(rows, order, now=now, limit=limit, cursor=cursor, full=full)
    sight, who = sight_of(actor)
    values = read_cursor(order, cursor) if cursor else []

    def listed(part: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        shape = (
            *(sight, filters.state, order.name, part, limit, full),
            *(filters.gathers, filters.loose, _is_own(actor, filters)),
        )
        if not values:
            return _listed(*shape, **given, **who)
        with unreadable_cursor():
            return _listed(*shape, **given, **who, **named_values(values))

    if not order.nullable:
        found = listed(WHOLE, values)
    else:
        # Nulls come last. No index puts them there on both databases; each part has
        # one, and few pages reach the second.
        is_known = not values or values[0] is not None
        found = listed(KNOWN, values) if is_known else []
        if len(found) <= limit:
            found += listed(UNKNOWN, () if is_known else values[1:])
    return to_page(found[: limit + 1], order, now=now, limit=limit, full=full)


@prepared
def _listed(
    sight: str, state: str, order_name: str, part: str, limit: int, full: bool,
    gathers: bool, loose: bool, is_own: bool, /,
    me: int = 0, team: int | None = None, **given: Any,
) -> QuerySet[Activity, tuple[Any, ...]]:  # fmt: skip
    """Return a page of a list, of its whole order or of a part of it."""
    whole = ORDERS[order_name]
    order = {WHOLE: whole, KNOWN: whole.known(), UNKNOWN: whole.unknown()}[part]
    living = Activity.objects.filter(deleted_at__isnull=True)
    parts = activity_parts(seen_by(sight, me, team))
    # Of few companies the rows are found by these, and what is due in some days by its
    # deadline, not by walking down a whole kind.
    by_kind = (parts is None or len(parts) == 1) and "due_by" not in given
    by_due = order_name == "due"
    rows = narrowed(living, state, given, loose=loose, by_due=by_due, by_kind=by_kind)
    if is_own:  # looked for once, and not for each reason of seeing
        rows, parts = rows.filter(any_of(parts) or Q()), None
    if gathers:
        others = visible_activities(seen_by(sight, me, team))
        others = narrowed(others, state, given, loose=loose)
        rows = first_of_gatherings(rows, others)
    if part != WHOLE:
        rows = rows.filter(**{f"{whole.columns[0]}__isnull": part == UNKNOWN})
    rows = page_of_parts(
        rows,
        parts,
        order,
        limit=limit,
        values=pop_values(given),
    )
    return rows.values_list(*columns_of(whole, full=full))


def _is_own(actor: Actor, filters: ActivityFilters) -> bool:
    """Tell whether they leave the actor's own work, of which they see nearly all."""
    return actor.user_id is not None and filters.owner_id == actor.user_id


def count_activities(
    actor: Actor, filters: ActivityFilters, *, now: datetime, limit: int = 10_000
) -> int:
    """Return how many there are, counting no further than `limit` + 1."""
    asked = counting_activities(actor, filters, now=now, limit=limit)
    return count_together([asked])[0]


def counting_activities(
    actor: Actor, filters: ActivityFilters, *, now: datetime, limit: int = 10_000
) -> Counting:
    """Return what counts them, no further than `limit` + 1."""
    sight, who = sight_of(actor)
    given = given_of(actor, filters, now)
    is_own = _is_own(actor, filters)
    shape = (sight, filters.state, filters.gathers, filters.loose, is_own, limit)
    if filters.is_search:
        rows = _counted.build(*shape, search_condition(filters), **given, **who)
        return Counting.of(rows)
    return _counted.counting(*shape, **given, **who)


@prepared
def _counted(
    sight: str, state: str, gathers: bool, loose: bool, is_own: bool, limit: int,
    searched: Q | None = None, /, me: int = 0, team: int | None = None, **given: Any,
) -> QuerySet[Activity, tuple[int]]:  # fmt: skip
    actor = seen_by(sight, me, team)
    rows = Activity.objects.filter(deleted_at__isnull=True)
    condition = activity_condition(actor)
    if condition is not None and (is_own or actor.sees_everything):
        rows = rows.filter(condition)
    elif condition is not None:
        # From the companies rather than through all rows: what somebody sees may be a
        # small part of what there is.
        rows = rows.filter(company_id__in=visible_companies(actor).values("pk"))
    # What is due in some days is few of a kind, and in one index with what is asked.
    by_kind = "due_by" not in given
    rows = narrowed(rows, state, given, loose=loose, by_kind=by_kind)
    if searched is not None:
        rows = rows.filter(searched)
    if gathers:
        rows = first_of_gatherings(rows, rows)
    return rows.order_by().values_list("pk")[: limit + 1]
