"""What there is in a period: of a company, or of colleagues.

An activity is in a period by its date, and while it is open by its deadline too:
whoever looks at a day wants to see what ends on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.activities.rules.words import KindCode, State
from veriga.common.days import day_end, day_start
from veriga.common.keyset import (
    Page,
    named_values,
    pop_values,
    read_cursor,
    unreadable_cursor,
)
from veriga.common.parts import page_of_parts
from veriga.common.prepared import prepared
from veriga.parties.queries import (
    activity_condition,
    activity_parts,
    seen_by,
    sight_of,
)

from .activities import visible_activities
from .filters import first_of_gatherings, state_condition
from .lists import LIMIT
from .rows import ORDERS, ActivityRow, columns_of, to_page

ORDER = ORDERS["date"]


@dataclass(frozen=True, slots=True)
class PeriodFilters:
    """What narrows a list of a period; days are inclusive, None has no end.

    `owner_ids`: of any of these, of everybody if there are none.
    """

    company_id: int | None = None
    owner_ids: tuple[int, ...] = ()
    kind: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def gathers(self) -> bool:
        """Whether the events of a group event are one row."""
        return self.company_id is None and self.kind in {"", KindCode.EVENT}


def list_in_period(
    actor: Actor,
    filters: PeriodFilters,
    *,
    now: datetime,
    limit: int = LIMIT,
    cursor: str | None = None,
) -> Page[ActivityRow]:
    """Return a page of what `actor` sees of a period, newest first; one statement."""
    zone = timezone.get_default_timezone()
    given: dict[str, Any] = {
        "company": filters.company_id,
        "owners": sorted(filters.owner_ids) or None,
        "kind": filters.kind or None,
        "since": filters.since and day_start(filters.since, zone),
        "until": filters.until and day_end(filters.until, zone),
        "now": now if filters.state in {State.OVERDUE, State.PENDING} else None,
    }
    given = {name: value for name, value in given.items() if value is not None}
    sight, who = sight_of(actor)
    shape = (sight, filters.state, limit, filters.gathers)
    if cursor:
        with unreadable_cursor():
            found = _listed(
                *shape, **given, **who, **named_values(read_cursor(ORDER, cursor))
            )
    else:
        found = _listed(*shape, **given, **who)
    return to_page(found, ORDER, now=now, limit=limit)


@prepared
def _listed(
    sight: str, state: str, limit: int, gathers: bool, /,
    me: int = 0, team: int | None = None, **given: Any,
) -> QuerySet[Activity, tuple[Any, ...]]:  # fmt: skip
    actor = seen_by(sight, me, team)
    values = pop_values(given)
    rows = _narrowed(Activity.objects.filter(deleted_at__isnull=True), state, given)
    if "owners" in given and (seen := activity_condition(actor)) is not None:
        # Of few people the rows are found by these; what is seen of them is few tests.
        rows = rows.filter(seen)
    if gathers:
        others = _narrowed(visible_activities(actor), state, given)
        if "owners" in given:
            others = others.filter(owner_id__in=given["owners"])
        if period := _in_period(given):
            others = others.filter(period[0] | period[1])
        rows = first_of_gatherings(rows, others)
    parts = _parts(actor, given)
    rows = page_of_parts(rows, parts, ORDER, limit=limit, values=values)
    return rows.values_list(*columns_of(ORDER, full=False))


def _narrowed(
    rows: QuerySet[Activity], state: str, given: dict[str, Any]
) -> QuerySet[Activity]:
    if "company" in given:
        rows = rows.filter(company_id=given["company"])
    if "kind" in given:
        rows = rows.filter(kind=given["kind"])
    if state:
        rows = rows.filter(state_condition(state, given.get("now"), by_due=False))
    return rows


def _parts(actor: Actor, given: dict[str, Any]) -> list[Q] | None:
    """Return the parts that each have an index: people or sight, by date or due."""
    period = _in_period(given)
    if "owners" in given:
        whose = [Q(owner_id=owner) for owner in given["owners"]]
    else:
        whose = activity_parts(actor) or []
    if not whose or not period:
        return whose or period
    return [one & other for one, other in product(whose, period)]


def _in_period(given: dict[str, Any]) -> list[Q] | None:
    """Return what puts a row into the period: its date, or else an open deadline."""
    if "since" not in given and "until" not in given:
        return None
    dated, due, elsewhere = Q(), Q(done_at__isnull=True), Q()
    if "since" in given:
        dated &= Q(date__gte=given["since"])
        # A day is over at the first instant of the next: what ends then is due on it.
        due &= Q(due_at__gt=given["since"])
        elsewhere |= Q(date__lt=given["since"])
    if "until" in given:
        dated &= Q(date__lt=given["until"])
        due &= Q(due_at__lte=given["until"])
        elsewhere |= Q(date__gte=given["until"])
    return [dated, due & elsewhere]
