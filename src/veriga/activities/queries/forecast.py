"""Sums of what open sales may bring and of what was won; the list of what was won.

The figures are defined in docs/maths/forecast.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final, NamedTuple

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    F,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
)

from veriga.access.rules import Actor
from veriga.activities.models import Mark
from veriga.activities.rules.words import Outcome
from veriga.common.checks import check_limit
from veriga.common.keyset import (
    Order,
    Page,
    after,
    named_values,
    order_by,
    page_of,
    pop_values,
    read_cursor,
    unreadable_cursor,
)
from veriga.common.prepared import count_together, prepared
from veriga.parties.queries import activity_condition, seen_by, sight_of

from .narrowing import NONE
from .running import beside_sums, not_own_firm, running_chains
from .sums import Percents, added, in_sums, one_weighted

NEWEST_WON: Final = Order("won", ("made_at", "id"), descending=True)


@dataclass(frozen=True, slots=True)
class SalesFilters:
    """Whose sales, and of which currency; None and "" mean any, NONE nobody's."""

    account_owner_id: int | None = None
    team_id: int | None = None
    currency: str = ""


class Wants(NamedTuple):
    """Whether those of companies without an owner or a team are wanted."""

    no_owner: bool
    no_team: bool


class OpenSum(NamedTuple):
    """What the open sales of a team, owner, month and source come to together."""

    team_id: int | None
    owner_id: int | None
    month_on: date | None
    currency: str
    is_quoted: bool
    value_minor: int
    weighted_minor: int


class WonSum(NamedTuple):
    """What a team and owner won, by month in the order of the months asked for."""

    team_id: int | None
    owner_id: int | None
    currency: str
    months_minor: tuple[int, ...]


class WonSale(NamedTuple):
    """A sale that was won."""

    id: int
    closed_at: datetime
    value_minor: int | None
    currency: str
    reference: str
    title: str
    company_id: int
    company_name: str
    owner_name: str | None


WON_COLUMNS = (
    "id", "made_at", "closed_minor", "closed_currency", "activity__reference",
    "activity__title", "activity__company_id", "activity__company__name",
    "activity__company__account_owner__name",
)  # fmt: skip


def open_sums(
    actor: Actor, filters: SalesFilters, percents: Mapping[str, int]
) -> list[OpenSum]:
    """Return the sums of the open sales that `actor` sees, in one statement.

    `percents` are the probabilities of stages, by code.
    """
    sight, who = sight_of(actor)
    wants, given = _asked(filters)
    shape = (wants, tuple((code, one) for code, one in percents.items() if one))
    found = _open_sums(sight, *shape, True, **who, **given)
    if any(percents.get(stage, 0) != percent for *_, stage, percent in found):
        found = _open_sums(sight, *shape, False, **who, **given)
    # What is kept and what changed of late may be of the same team, owner and month.
    return [
        OpenSum._make([*key, value, weighted])
        for key, (_, value, weighted) in added((r[:-2] for r in found), 5).items()
    ]


@prepared
def _open_sums(
    sight: str, wants: Wants, percents: Percents, by_sums: bool, /,
    me: int = 0, team: int | None = None, **given: Any,
) -> QuerySet[Any, tuple[Any, ...]]:  # fmt: skip
    """Return sums by team, owner and so on, and by stage and percent if kept."""
    group = ("company_team_id", "company_owner_id", "worth_month_on", "worth_currency",
             "worth_is_quoted")  # fmt: skip
    actor, filters = seen_by(sight, me, team), filters_of(wants, given)
    parts: Any = beside_sums(actor) if by_sums else [running_chains(actor)]
    first, *others = (
        _whose(rows.filter(worth_minor__isnull=False), filters)
        .order_by()
        .values(*group)
        .annotate(
            sales=Count("*"),
            value=Sum("worth_minor"),
            weighted=Sum(
                one_weighted(F("worth_minor"), percents),
                output_field=BigIntegerField(),
            ),
            at=Value("", output_field=CharField()),
            with_percent=Value(0, output_field=IntegerField()),
        )
        .values_list(*group, "sales", "value", "weighted", "at", "with_percent")
        for rows in parts
    )
    if by_sums:
        sums = _whose(in_sums(actor).filter(has_worth=True), filters)
        own = ("number", "worth_minor", "weighted_minor", "stage", "percent")
        others.append(sums.values_list(*group, *own))
    return first.union(*others, all=True) if others else first  # type: ignore[no-any-return]


def _whose(rows: Any, filters: SalesFilters) -> Any:
    """Return the chains, or the sums of some, that filters leave."""
    rows = rows.filter(whose(filters, ""))
    if filters.currency:
        rows = rows.filter(worth_currency=filters.currency)
    return rows


def count_unvalued(actor: Actor, filters: SalesFilters) -> int:
    """Return how many open sales nobody has put a value on."""
    sight, who = sight_of(actor)
    wants, given = _asked(replace(filters, currency=""))  # they have none
    return sum(number or 0 for (number,) in _unvalued(sight, wants, **who, **given))


@prepared
def _unvalued(
    sight: str, wants: Wants, /, me: int = 0, team: int | None = None, **given: Any
) -> QuerySet[Any, tuple[int]]:
    actor, filters = seen_by(sight, me, team), filters_of(wants, given)
    first, *others = (
        _numbered(_whose(rows.filter(worth_minor__isnull=True), filters), Count("*"))
        for rows in beside_sums(actor)
    )
    sums = _whose(in_sums(actor).filter(has_worth=False), filters)
    return first.union(*others, _numbered(sums, Sum("number")), all=True)


def _numbered(rows: Any, number: Any) -> QuerySet[Any, Any]:
    """Return how many there are, by nothing that tells them apart."""
    rows = rows.order_by().values("worth_is_quoted").annotate(sales=number)
    found: QuerySet[Any, Any] = rows.values_list("sales")
    return found


def won_sums(
    actor: Actor, filters: SalesFilters, edges: Sequence[datetime]
) -> list[WonSum]:
    """Return what was won from each of `edges` to the next, in one statement."""
    sight, who = sight_of(actor)
    wants, given = _asked(filters)
    given |= {f"edge_{place}": edge for place, edge in enumerate(edges)}
    return [
        WonSum(team, owner, currency, tuple(map(int, months)))
        for team, owner, currency, *months in _won_sums(sight, wants, **who, **given)
        if currency
    ]


@prepared
def _won_sums(
    sight: str, wants: Wants, /, me: int = 0, team: int | None = None, **given: Any
) -> QuerySet[Mark, tuple[Any, ...]]:
    edges = [given[name] for name in sorted(given) if name.startswith("edge_")]
    actor = seen_by(sight, me, team)
    rows: Any = _won(actor, filters_of(wants, given)).order_by()
    rows = rows.filter(made_at__gte=edges[0], made_at__lt=edges[-1])
    sums = {
        f"month_{place}": Sum(
            "closed_minor", filter=Q(made_at__gte=start, made_at__lt=end), default=0
        )
        for place, (start, end) in enumerate(pairwise(edges))
    }
    group = ("activity__company_team_id", "activity__company_owner_id",
             "closed_currency")  # fmt: skip
    found: QuerySet[Mark, tuple[Any, ...]] = (
        rows.values(*group).annotate(**sums).values_list(*group, *sums)
    )
    return found


def list_won(
    actor: Actor,
    filters: SalesFilters,
    start: datetime,
    end: datetime,
    *,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[WonSale]:
    """Return what was won in a time, the newest first, without and with a value."""
    check_limit(limit)
    values = read_cursor(NEWEST_WON, cursor) if cursor else []
    sight, who = sight_of(actor)
    wants, given = _asked(filters)
    given |= {"start": start, "end": end, **who, **named_values(values)}
    with unreadable_cursor() if values else nullcontext():
        found = _won_listed(sight, wants, limit, **given)
    return page_of(
        found,
        NEWEST_WON,
        limit=limit,
        convert=WonSale._make,
        keys=lambda row: (row[1], row[0]),
    )


@prepared
def _won_listed(
    sight: str, wants: Wants, limit: int, /, me: int = 0, team: int | None = None,
    **given: Any,
) -> QuerySet[Mark, tuple[Any, ...]]:  # fmt: skip
    values = pop_values(given)
    rows = _won_between(seen_by(sight, me, team), wants, given)
    if values:
        rows = rows.filter(after(NEWEST_WON, values))
    return rows.order_by(*order_by(NEWEST_WON)).values_list(*WON_COLUMNS)[: limit + 1]


def count_won(
    actor: Actor, filters: SalesFilters, start: datetime, end: datetime
) -> int:
    """Return how many sales were won in a time."""
    sight, who = sight_of(actor)
    wants, given = _asked(filters)
    given |= {"start": start, "end": end, **who}
    return count_together([_won_counted.counting(sight, wants, **given)])[0]


@prepared
def _won_counted(
    sight: str, wants: Wants, /, me: int = 0, team: int | None = None, **given: Any
) -> QuerySet[Mark, tuple[int]]:
    rows = _won_between(seen_by(sight, me, team), wants, given)
    return rows.order_by().values_list("pk")


def _won_between(
    actor: Actor, wants: Wants, given: Mapping[str, Any]
) -> QuerySet[Mark]:
    rows = _won(actor, filters_of(wants, given))
    return rows.filter(made_at__gte=given["start"], made_at__lt=given["end"])


def _won(actor: Actor, filters: SalesFilters) -> QuerySet[Mark]:
    rows = Mark.objects.filter(
        not_own_firm("activity__company_id"),
        closes=Outcome.WON,
        withdrawn_at__isnull=True,
        activity__deleted_at__isnull=True,
    )
    condition = activity_condition(actor, "activity__")
    if condition is not None:
        rows = rows.filter(condition)
    rows = rows.filter(whose(filters, "activity__"))
    return rows.filter(closed_currency=filters.currency) if filters.currency else rows


def _asked(filters: SalesFilters) -> tuple[Wants, dict[str, Any]]:
    """Return filters as a prepared query takes them: what of its shape, and values."""
    found = given_of(filters)
    if filters.currency:
        found["currency"] = filters.currency
    return wants_of(filters), found


def wants_of(filters: SalesFilters) -> Wants:
    return Wants(filters.account_owner_id == NONE, filters.team_id == NONE)


def given_of(filters: SalesFilters) -> dict[str, Any]:
    """Return what filters ask of a chain, by name; its currency is none of it."""
    owner, team = filters.account_owner_id, filters.team_id
    given = {"account": owner or None, "of_team": team or None}
    return {name: value for name, value in given.items() if value is not None}


def filters_of(wants: Wants, given: Mapping[str, Any]) -> SalesFilters:
    """Return the filters that were taken apart for a prepared query."""
    return SalesFilters(
        NONE if wants.no_owner else given.get("account"),
        NONE if wants.no_team else given.get("of_team"),
        given.get("currency", ""),
    )


def whose(filters: SalesFilters, prefix: str) -> Q:
    found = Q()
    for column, wanted in (
        ("company_owner_id", filters.account_owner_id),
        ("company_team_id", filters.team_id),
    ):
        if wanted == NONE:
            found &= Q(**{f"{prefix}{column}__isnull": True})
        elif wanted is not None:
            found &= Q(**{f"{prefix}{column}": wanted})
    return found
