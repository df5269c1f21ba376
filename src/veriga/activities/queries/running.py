"""Running chains: open, and more than a loose note; the longest silent first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from veriga.access.rules import Actor
from veriga.activities.models import Chain
from veriga.activities.rules.times import move_by
from veriga.activities.rules.words import Direction, KindCode
from veriga.common.checks import check_limit
from veriga.common.errors import Invalid
from veriga.common.keyset import (
    Order,
    Page,
    named_values,
    order_by,
    page_of,
    pop_values,
    read_cursor,
    unreadable_cursor,
)
from veriga.common.parts import page_of_parts
from veriga.common.prepared import Counting, count_together, prepared
from veriga.parties.models import Company
from veriga.parties.queries import activity_condition, activity_parts, seen_by, sight_of

LONGEST: Final = Order("silence", ("last_acted_at", "id"))
NEWEST: Final = Order("newest", ("last_acted_at", "id"), descending=True)
ORDERS: Final = {one.name: one for one in (LONGEST, NEWEST)}
NO_STAGE: Final = "-"
NONE: Final = 0  # as the id of a team or an owner: companies without one
WORTHS: Final = ("any", "stated", "quoted", "none")
MOST_BESIDE: Final = 500  # chains that are looked through for colleagues
MOVES: Final = ("agreed", "ours", "theirs")


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
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunningFilters:
    """What narrows a list of running chains; empty means any.

    `account_owner_id`: those of the companies that this user looks after. `beyond`:
    only those silent since before the instant that belongs to the type of event they
    ended with, as (type code, instant). `stage` NO_STAGE: those without one. NONE as an
    owner or team: companies without one. `month_from` and `month_before` are first days
    of months, for sales with an expected month.
    """

    account_owner_id: int | None = None
    team_id: int | None = None
    move: str = ""
    stage: str = ""
    has_next: str = ""  # "yes" | "no": whether there is a next step
    beyond: tuple[tuple[str, datetime], ...] | None = None
    replied_since: datetime | None = None  # the customer acted last, since then
    worth: str = ""  # one of WORTHS: a value is stated, quoted, or there is none
    currency: str = ""
    month_from: date | None = None
    month_before: date | None = None
    without_month: bool = False
    order: str = LONGEST.name
    further: Q | None = None  # what a room above asks of the rows besides

    @property
    def is_odd(self) -> bool:
        """Whether they have a shape that does not come again."""
        months = (self.month_from, self.month_before)
        return any(one is not None for one in (self.beyond, self.further, *months))


class _Worth(NamedTuple):
    """What narrows by worth, and by the want of an owner or team: parts of a shape."""

    worth: str = ""
    without_month: bool = False
    no_owner: bool = False
    no_team: bool = False


def _worth_of(filters: RunningFilters) -> _Worth:
    return _Worth(
        filters.worth,
        filters.without_month,
        filters.account_owner_id == NONE,
        filters.team_id == NONE,
    )


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
    order = _order_of(filters)
    values = read_cursor(order, cursor) if cursor else []
    sight, who = sight_of(actor)
    given = _given(filters, now)
    shape = (filters.move, filters.has_next, order.name, limit, _worth_of(filters))
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
    _order_of(filters)
    sight, who = sight_of(actor)
    shape = (sight, filters.move, filters.has_next, limit, _worth_of(filters))
    odd = (filters.beyond, filters.further)
    given = {**_given(filters, now), **who}
    if filters.is_odd:
        return Counting.of(_counted.build(*shape, *odd, **given))
    return _counted.counting(*shape, *odd, **given)


@prepared
def _counted(
    sight: str,
    move: str,
    has_next: str,
    limit: int,
    worth: _Worth,
    beyond: tuple[tuple[str, datetime], ...] | None,
    further: Q | None,
    /,
    me: int = 0,
    team: int | None = None,
    **given: Any,
) -> QuerySet[Chain, tuple[int]]:
    rows = running_chains(seen_by(sight, me, team))
    if further is not None:
        rows = rows.filter(further)
    rows = _narrowed(rows, move, has_next, beyond, given, worth)
    return rows.order_by().values_list("pk")[: limit + 1]


def running_chains(actor: Actor) -> QuerySet[Chain]:
    """Return the running chains of the companies that `actor` sees, unordered.

    Those of the own firm are nobody's move, and never among them.
    """
    rows = _running()
    condition = activity_condition(actor)
    return rows if condition is None else rows.filter(condition)


def _running() -> QuerySet[Chain]:
    own_firm = Company.objects.filter(is_own=True).values("id")
    return Chain.objects.filter(is_running=True).exclude(company_id__in=own_firm)


def colleagues_beside(
    chains: Iterable[RunningChain],
) -> Mapping[int, list[tuple[int, str]]]:
    """Return the running chains beside these at the same companies, by chain.

    Each as (chain, who acted in it last), where that is somebody else than in the chain
    itself. The caller may show the chains, hence these too.
    """
    shown = list(chains)
    companies = sorted({one.company_id for one in shown})
    if not companies:
        return {}
    beside: dict[int, list[tuple[int, int, str]]] = {}
    for company, *other in _of_companies(ids=companies):
        beside.setdefault(company, []).append(tuple(other))
    found = {}
    for one in shown:
        others = [
            (pk, name)
            for pk, owner, name in beside.get(one.company_id, [])
            if pk != one.id and owner != one.last_owner_id
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
    given = _given(replace(filters, move=""), None)
    sight, who = sight_of(actor)
    shape = (sight, filters.has_next, _worth_of(filters))
    ask = _totals.plain if filters.is_odd else _totals
    return [StageTotal(*values) for values in ask(*shape, **given, **who)]


@prepared
def _totals(
    sight: str,
    has_next: str,
    worth: _Worth,
    /,
    me: int = 0,
    team: int | None = None,
    **given: Any,
) -> QuerySet[Chain, tuple[Any, ...]]:
    rows = running_chains(seen_by(sight, me, team))
    rows = _narrowed(rows, "", has_next, None, given, worth)
    found = rows.order_by().values("stage", "worth_currency")
    totals = found.annotate(number=Count("pk"), worth=Sum("worth_minor"))
    return totals.values_list("stage", "worth_currency", "number", "worth")


@prepared
def _of_companies(*, ids: list[int]) -> QuerySet[Chain, tuple[Any, ...]]:
    rows = Chain.objects.filter(is_running=True, company_id__in=ids)
    rows = rows.filter(last_acted__isnull=False).order_by("company_id", "id")
    return rows.values_list(
        "company_id",
        "id",
        "last_acted__owner_id",
        "last_acted__owner__name",
    )[:MOST_BESIDE]


def _order_of(filters: RunningFilters) -> Order:
    problems = [
        name
        for name, value, known in (
            ("order", filters.order, ORDERS),
            ("move", filters.move, ("", *MOVES)),
            ("next", filters.has_next, ("", "yes", "no")),
            ("worth", filters.worth, ("", *WORTHS)),
        )
        if value not in known
    ]
    if problems:
        raise Invalid.of(problems[0], "unknown_choice")
    return ORDERS[filters.order]


def _given(filters: RunningFilters, now: datetime | None) -> dict[str, Any]:
    found = {
        "account": filters.account_owner_id,
        "team_id": filters.team_id,
        "stage": "" if filters.stage == NO_STAGE else filters.stage or None,
        "since": filters.replied_since,
        "now": now if filters.move else None,
        "currency": filters.currency or None,
        "month_from": filters.month_from,
        "month_before": filters.month_before,
    }
    for name in ("account", "team_id"):  # without one: a part of the shape
        if found[name] == NONE:
            found[name] = None
    return {name: value for name, value in found.items() if value is not None}


@prepared
def _listed(
    sight: str,
    move: str,
    has_next: str,
    order_name: str,
    limit: int,
    worth: _Worth,
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
    rows = _narrowed(rows, move, has_next, beyond, given, worth)
    parts = activity_parts(seen_by(sight, me, team))
    found = page_of_parts(rows, parts, order, limit=limit, values=values)
    # First which ones, then what is shown of them: six joins of all would be slow.
    shown = Chain.objects.filter(pk__in=found.values("pk"))
    return shown.order_by(*order_by(order)).values_list(*COLUMNS)


def _narrowed(
    rows: QuerySet[Chain],
    move: str,
    has_next: str,
    beyond: tuple[tuple[str, datetime], ...] | None,
    given: Mapping[str, Any],
    worth: _Worth,
) -> QuerySet[Chain]:
    rows = _narrowed_by_worth(rows, given, worth)
    if "account" in given:
        rows = rows.filter(company_owner_id=given["account"])
    if "team_id" in given:
        rows = rows.filter(company_team_id=given["team_id"])
    if "stage" in given:
        rows = rows.filter(stage=given["stage"])
    if "since" in given:
        replied = Q(last_contact=Direction.IN, last_in_at__gte=given["since"])
        # It follows, and lets an index find them.
        rows = rows.filter(replied, last_acted_at__gte=given["since"])
    if has_next:
        rows = rows.filter(next_step__isnull=has_next == "no")
    if move:
        rows = rows.filter(move_condition(move, given["now"]))
    if beyond is not None:
        too_long = Q(pk__in=[])
        for code, before in beyond:
            too_long |= Q(
                last_acted__kind=KindCode.EVENT,
                last_acted__type_code=code,
                last_acted_at__lt=before,
            )
        rows = rows.filter(too_long)
    return rows


def _narrowed_by_worth(
    rows: QuerySet[Chain], given: Mapping[str, Any], worth: _Worth
) -> QuerySet[Chain]:
    conditions: dict[str, Any] = {}
    if worth.worth:
        conditions["worth_minor__isnull"] = worth.worth == "none"
    if worth.worth in {"stated", "quoted"}:
        conditions["worth_is_quoted"] = worth.worth == "quoted"
    if worth.without_month:
        conditions["worth_month_on__isnull"] = True
    if worth.no_owner:
        conditions["company_owner_id__isnull"] = True
    if worth.no_team:
        conditions["company_team_id__isnull"] = True
    for name, lookup in (
        ("currency", "worth_currency"),
        ("month_from", "worth_month_on__gte"),
        ("month_before", "worth_month_on__lt"),
    ):
        if name in given:
            conditions[lookup] = given[name]
    return rows.filter(**conditions) if conditions else rows


def move_condition(move: str, now: datetime) -> Q:
    """Return rules.times.move_by as a condition of SQL."""
    agreed = Q(agreed_until__gt=now)
    if move == "agreed":
        return agreed
    # Spelt out, because SQL says neither yes nor no of what is empty.
    not_agreed = Q(agreed_until__isnull=True) | Q(agreed_until__lte=now)
    late = Q(first_due_at__lte=now)
    not_late = Q(first_due_at__isnull=True) | Q(first_due_at__gt=now)
    ended_with_us = Q(last_contact=Direction.OUT)
    if move == "theirs":
        return not_agreed & not_late & ended_with_us
    return not_agreed & (late | ~ended_with_us)
