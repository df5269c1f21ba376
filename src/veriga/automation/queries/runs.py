"""The log: what rules did, at the companies that the reader sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from veriga.access.rules import Actor
from veriga.automation.models import Run, RunStep
from veriga.automation.rules import Ending, Outcome
from veriga.common.checks import check_limit
from veriga.common.errors import Invalid
from veriga.common.keyset import Order, Page, take_page
from veriga.parties.queries import company_condition

NEWEST: Final = Order("newest", ("started_at", "id"), descending=True)
# What the log may be narrowed to; each is told in words by pages.
AT_WORK, IMPOSSIBLE, WITHOUT = "at_work", "impossible", "without"
STATES: Final = (
    AT_WORK,
    Ending.FINISHED,
    Ending.REACTED,
    Ending.CLOSED,
    IMPOSSIBLE,
    WITHOUT,
)
NOTHING_DONE: Final = (Ending.ALREADY, Ending.CIRCLE)


@dataclass(frozen=True, slots=True)
class RunFilters:
    """What narrows the log; empty means any."""

    rule_id: int | None = None
    state: str = ""


def list_runs(
    actor: Actor, filters: RunFilters, *, limit: int = 50, cursor: str | None = None
) -> Page[Run]:
    """Return a page of runs, the newest first, with what each did; two statements.

    Errors: limit_range, unknown_choice, bad_cursor.
    """
    rows = _narrowed(actor, filters).select_related(
        "rule", "company", "activity__company", "ended_by"
    )
    steps = RunStep.objects.select_related("activity", "user").order_by("position")
    rows = rows.prefetch_related(Prefetch("done", queryset=steps))
    return take_page(rows, NEWEST, limit=check_limit(limit), cursor=cursor)


def count_runs(actor: Actor, filters: RunFilters, *, limit: int = 10_000) -> int:
    """Return how many there are, counting no further than `limit` + 1."""
    return _narrowed(actor, filters).order_by()[: limit + 1].count()


def numbers_of_rules(actor: Actor, *, since: datetime) -> dict[int, int]:
    """Return how often each rule was set off since then, by rule."""
    runs = visible_runs(actor).filter(started_at__gte=since)
    runs = runs.exclude(ending__in=NOTHING_DONE)
    found = runs.order_by().values("rule_id").annotate(number=Count("pk"))
    return dict(found.values_list("rule_id", "number"))


def visible_runs(actor: Actor) -> QuerySet[Run]:
    """Return the runs at companies that the actor sees, unordered.

    A run is where the activity is that set it off, though that has moved since.
    """
    of_activity = company_condition(actor, prefix="activity__company__")
    of_company = company_condition(actor)
    if of_activity is None or of_company is None:
        return Run.objects.all()
    alone = Q(activity__isnull=True) & of_company
    return Run.objects.filter(alone | (Q(activity__isnull=False) & of_activity))


def _narrowed(actor: Actor, filters: RunFilters) -> QuerySet[Run]:
    rows = visible_runs(actor)
    if filters.rule_id is not None:
        rows = rows.filter(rule_id=filters.rule_id)
    if not filters.state:
        return rows
    if filters.state not in STATES:
        raise Invalid.of("state", "unknown_choice")
    if filters.state == AT_WORK:
        return rows.filter(ended_at__isnull=True)
    if filters.state == WITHOUT:
        return rows.filter(ending__in=NOTHING_DONE)
    if filters.state == IMPOSSIBLE:
        steps = RunStep.objects.filter(run=OuterRef("pk"), outcome=Outcome.IMPOSSIBLE)
        return rows.filter(Q(ending=Ending.FAILED) | Exists(steps))
    return rows.filter(ending=filters.state)
