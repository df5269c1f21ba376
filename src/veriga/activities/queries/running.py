"""Running chains: open, and more than a loose note; the longest silent first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, In

from veriga.access.rules import Actor, Scope
from veriga.activities.models import Chain
from veriga.activities.rules.times import move_by
from veriga.common.checks import check_limit
from veriga.common.keyset import (
    Page,
    named_values,
    order_by,
    page_of,
    pop_values,
    read_cursor,
    unreadable_cursor,
)
from veriga.common.parts import page_of_parts
from veriga.common.plans import Unindexed
from veriga.common.prepared import Counting, count_together, prepared
from veriga.parties.models import Company
from veriga.parties.queries import (
    activity_condition,
    activity_parts,
    seen_by,
    shared_beside_scope,
    sight_of,
    visible_companies,
)

from .narrowing import (
    ORDERS,
    RunningFilters,
    Worth,
    given_of,
    narrowed,
    order_of,
    worth_of,
)
from .sums import added, in_sums

MOST_BESIDE: Final = 500  # colleagues that are looked for, over all companies


class RunningChain(NamedTuple):
    """One line of a list of running chains."""

    id: int
    company_id: int
    company_name: str
    company_owner_id: int | None
    company_owner_name: str | None
    origin_reference: str
    origin_title: str
    origin_kind: str
    origin_type: str
    size: int
    quotes: int
    stage: str
    first_date: datetime
    last_acted_at: datetime
    last_in_at: datetime | None
    last_contact: str
    agreed_until: datetime | None
    first_due_at: datetime | None
    last_reference: str | None
    last_kind: str | None
    last_type: str | None
    last_title: str | None
    last_owner_id: int | None
    last_owner_name: str | None
    next_reference: str | None
    next_kind: str | None
    next_type: str | None
    next_title: str | None
    next_date: datetime | None
    next_due_at: datetime | None
    sale_since: datetime | None
    sale_name: str
    worth_minor: int | None
    worth_currency: str
    worth_month_on: date | None
    worth_is_quoted: bool
    company_segment: str

    def move(self, now: datetime) -> str:
        """Return whose move it is: "agreed", "ours" or "theirs"."""
        return move_by(self.agreed_until, self.first_due_at, self.last_contact, now)


COLUMNS = (
    "id", "company_id", "company__name", "company_owner_id",
    "company__account_owner__name", "origin__reference", "origin__title",
    "origin__kind", "origin__type_code", "size", "quotes", "stage", "first_date",
    "last_acted_at", "last_in_at", "last_contact", "agreed_until", "first_due_at",
    "last_acted__reference", "last_acted__kind", "last_acted__type_code",
    "last_acted__title", "last_acted__owner_id", "last_acted__owner__name",
    "next_step__reference", "next_step__kind", "next_step__type_code",
    "next_step__title", "next_step__date", "next_step__due_at", "sale_since",
    "sale_name", "worth_minor", "worth_currency", "worth_month_on", "worth_is_quoted",
    "company__abc",
)  # fmt: skip


def list_running(
    actor: Actor,
    filters: RunningFilters,
    *,
    now: datetime,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[RunningChain]:
    """Return a page of the running chains that `actor` sees, in one statement.

    Errors: limit_range, unknown_choice, bad_cursor.
    """
    check_limit(limit)
    order = order_of(filters)
    values = read_cursor(order, cursor) if cursor else []
    sight, who = _sight_of(actor, filters)
    given = given_of(filters, now)
    shape = (filters.move, filters.has_next, order.name, limit, worth_of(filters))
    named = {**given, **who, **named_values(values)}
    ask = _listed.plain if filters.is_odd else _listed
    with unreadable_cursor() if values else nullcontext():
        found = ask(sight, *shape, filters.beyond, filters.further, **named)
    return page_of(
        found,
        order,
        limit=limit,
        convert=RunningChain._make,
        keys=lambda row: (row[COLUMNS.index("last_acted_at")], row[0]),
    )


def _sight_of(actor: Actor, filters: RunningFilters) -> tuple[str, dict[str, int]]:
    """Return `sight_of` the actor, or a simpler one for which the same is left."""
    owner = filters.account_owner_id
    if owner is not None and owner == actor.user_id:
        # Whoever looks after a company sees it, whatever their scope is.
        actor = replace(actor, scope=Scope.ALL)
    return sight_of(actor)


def count_running(
    actor: Actor, filters: RunningFilters, *, now: datetime, limit: int = 10_000
) -> int:
    """Return how many there are, counting no further than `limit` + 1."""
    asked = counting_running(actor, filters, now=now, limit=limit)
    return count_together([asked])[0]


def counting_running(
    actor: Actor, filters: RunningFilters, *, now: datetime, limit: int = 10_000
) -> Counting:
    """Return what counts them, no further than `limit` + 1."""
    order_of(filters)
    sight, who = _sight_of(actor, filters)
    shape = (sight, filters.move, filters.has_next, limit, worth_of(filters))
    odd = (filters.beyond, filters.further)
    given = {**given_of(filters, now), **who}
    if filters.is_odd:
        return Counting.of(_counted.build(*shape, *odd, **given))
    return _counted.counting(*shape, *odd, **given)


@prepared
def _counted(
    sight: str,
    move: str,
    has_next: str,
    limit: int,
    worth: Worth,
    beyond: tuple[tuple[str, datetime], ...] | None,
    further: Q | None,
    /,
    me: int = 0,
    team: int | None = None,
    **given: Any,
) -> QuerySet[Chain, tuple[int]]:
    rows = _of_seen_companies(seen_by(sight, me, team))
    if further is not None:
        rows = rows.filter(further)
    rows = narrowed(rows, move, has_next, beyond, given, worth)
    return rows.order_by().values_list("pk")[: limit + 1]


def running_chains(actor: Actor) -> QuerySet[Chain]:
    """Return the running chains of the companies that `actor` sees, unordered.

    Those of the own firm are nobody's move, and never among them.
    """
    rows = _running()
    condition = activity_condition(actor)
    return rows if condition is None else rows.filter(condition)


def _of_seen_companies(actor: Actor) -> QuerySet[Chain]:
    """Return the same, to be counted: by the companies, which indexes of chains have,
    where a part of them is seen."""
    if actor.is_system or actor.sees_everything:
        return running_chains(actor)
    seen = In(Unindexed(F("company_id")), visible_companies(actor).values("pk"))
    return _running().filter(seen)


def beside_sums(actor: Actor) -> list[QuerySet[Chain]]:
    """Return the running chains that `actor` sees and `in_sums` does not hold.

    In parts that have none in common: those that stand in no sum, and those that are
    seen for another reason than scope.
    """
    rows = Chain.objects.filter(not_own_firm(), is_unsummed=True)
    condition, further = activity_condition(actor), shared_beside_scope(actor)
    parts = [rows if condition is None else rows.filter(condition)]
    if further is not None:
        parts.append(_running().filter(further, is_unsummed=False))
    return parts


def _running() -> QuerySet[Chain]:
    return Chain.objects.filter(not_own_firm(), is_running=True)


def not_own_firm(company: str = "company_id") -> Q:
    """Return the condition that a row's company is not the installation's own firm.

    One number to compare with: a list of one is looked up for every row.
    """
    own_firm = Company.objects.filter(is_own=True).values("id")[:1]
    nobody = Value(0, output_field=BigIntegerField())
    return ~Q(Exact(F(company), Coalesce(Subquery(own_firm), nobody)))


def colleagues_beside(
    chains: Iterable[RunningChain],
) -> Mapping[int, list[tuple[str, int]]]:
    """Return who else has running chains at the same companies, by chain.

    As (name, how many), by name. A running chain is of whoever acted in it last. The
    caller may show the chains, hence these too.
    """
    shown = list(chains)
    companies = sorted({one.company_id for one in shown})
    if not companies:
        return {}
    there: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for company, *colleague in _of_companies(ids=companies):
        there[company].append(tuple(colleague))
    found = {}
    for one in shown:
        others = [
            (name, number)
            for owner, name, number in there[one.company_id]
            if owner != one.last_owner_id
        ]
        if others and one.last_owner_id is not None:
            found[one.id] = others
    return found


class StageTotal(NamedTuple):
    """How many running chains stand at a stage, and what they may bring together."""

    stage: str
    currency: str
    number: int
    worth_minor: int | None


def stage_totals(actor: Actor, filters: RunningFilters) -> list[StageTotal]:
    """Return the totals of every stage and currency that `filters` leave.

    One statement; what looks at the clock cannot narrow it.
    """
    given = given_of(replace(filters, move="", waited_since=None), None)
    sight, who = sight_of(actor)
    # What the sums know: whose they are, and nothing else that narrows them.
    by_sums = replace(filters, account_owner_id=None, team_id=None) == RunningFilters(
        move=filters.move, order=filters.order
    )
    shape = (sight, filters.has_next, worth_of(filters), by_sums)
    ask = _totals.plain if filters.is_odd else _totals
    found = added(ask(*shape, **given, **who), 2)
    return [
        StageTotal(stage, currency, number, worth if valued else None)
        for (stage, currency), (number, worth, valued) in found.items()
    ]


@prepared
def _totals(
    sight: str,
    has_next: str,
    worth: Worth,
    by_sums: bool,
    /,
    me: int = 0,
    team: int | None = None,
    **given: Any,
) -> QuerySet[Any, tuple[Any, ...]]:
    actor = seen_by(sight, me, team)
    parts = beside_sums(actor) if by_sums else [_of_seen_companies(actor)]
    parts = [narrowed(rows, "", has_next, None, given, worth) for rows in parts]
    first, *others = (_by_stage(r, Count("*"), Count("worth_minor")) for r in parts)
    if by_sums:
        both: Any = in_sums(actor)  # has these columns of a chain
        sums = narrowed(both, "", "", None, given, worth)
        valued = Sum(Case(When(has_worth=True, then="number"), default=Value(0)))
        others.append(_by_stage(sums, Sum("number"), valued))
    return first.union(*others, all=True) if others else first


def _by_stage(rows: Any, number: Any, valued: Any) -> QuerySet[Any, Any]:
    # By the currency first and without a look at the id, so the index alone will do.
    rows = rows.order_by().values("worth_currency", "stage")
    totals: QuerySet[Any, Any] = rows.annotate(
        chains=number, together=Coalesce(Sum("worth_minor"), Value(0)), valued=valued
    ).values_list("stage", "worth_currency", "chains", "together", "valued")
    return totals


@prepared
def _of_companies(*, ids: list[int]) -> QuerySet[Chain, tuple[Any, ...]]:
    rows = Chain.objects.filter(is_running=True, company_id__in=ids)
    rows = rows.filter(last_acted__isnull=False)
    who = ("company_id", "last_acted__owner_id", "last_acted__owner__name")
    counted = rows.values(*who).annotate(number=Count("pk"))
    in_order = counted.order_by("company_id", "last_acted__owner__name")
    lines: QuerySet[Chain, tuple[Any, ...]] = in_order.values_list(*who, "number")
    return lines[:MOST_BESIDE]


@prepared
def _listed(
    sight: str,
    move: str,
    has_next: str,
    order_name: str,
    limit: int,
    worth: Worth,
    beyond: tuple[tuple[str, datetime], ...] | None,
    further: Q | None,
    /,
    me: int = 0,
    team: int | None = None,
    **given: Any,
) -> QuerySet[Chain, tuple[Any, ...]]:
    order = ORDERS[order_name]
    values = pop_values(given)
    rows = _running()
    if further is not None:
        rows = rows.filter(further)
    rows = narrowed(rows, move, has_next, beyond, given, worth)
    parts = activity_parts(seen_by(sight, me, team))
    found = page_of_parts(rows, parts, order, limit=limit, values=values)
    # First which ones, then what is shown of them: six joins of all would be slow.
    shown = Chain.objects.filter(pk__in=found.values("pk"))
    return shown.order_by(*order_by(order)).values_list(*COLUMNS)
