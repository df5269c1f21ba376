"""Conditions of lists as conditions of SQL: companies, contacts, activities, chains.

What is said of chains holds of one and the same chain: a company whose chain began with
a fair and has no quote has one chain of which both is true.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact

from veriga.activities.models import Activity, Chain
from veriga.activities.rules.words import NOT_CARRIED_OUT, KindCode
from veriga.common.plans import Unindexed
from veriga.work.rules.conditions import (
    NO_STAGE,
    OF_COMPANY,
    Condition,
    Group,
    What,
    Where,
)

from .silence import limit_instant

NOT_HELD: Final = sorted(str(result) for result in NOT_CARRIED_OUT)
COUNTS: Final = {
    KindCode.EVENT: "events",
    KindCode.TASK: "tasks",
    KindCode.PRODUCT_RECORD: "product_records",
    KindCode.QUOTE: "quotes",
}


def companies_where(where: Where, now: datetime) -> Q | None:
    """Return the condition for rows of companies, None for no condition."""
    return _split(where, now, "pk", "pk__in", "company_id")


def contacts_where(where: Where, now: datetime) -> Q | None:
    """Return the condition for rows of contacts: of their own company."""
    return _split(where, now, "company_id", "company_id__in", "company_id")


def activities_where(where: Where, now: datetime) -> Q | None:
    """Return the condition for rows of activities: of their company and their chain."""
    return _split(where, now, "company_id", "chain_id__in", "pk")


def chains_where(where: Where, now: datetime) -> Q | None:
    """Return the condition for rows of chains."""
    return _all(where, now, "company_id") if where else None


def _split(where: Where, now: datetime, company: str, of: str, key: str) -> Q | None:
    """Return what holds of the company, and of one of its own chains.

    Their column `of` names by `key` the chains of which it holds. Chains and companies
    are found first, as a list: asked row by row, few that fit would mean many asked.
    """
    if not where:
        return None
    of_company = tuple(g for g in where if all(one.what in OF_COMPANY for one in g))
    of_chain = tuple(group for group in where if group not in of_company)
    found = _all(of_company, now, company)
    if of_chain:
        chains = Chain.objects.order_by().filter(_all(of_chain, now, "company_id"))
        found &= Q(**{of: chains.values(key)})
    return found


def _all(groups: tuple[Group, ...], now: datetime, company: str) -> Q:
    found = Q()
    for group in groups:
        either = Q()
        for one in group:
            either |= _one(one, now, company)
        found &= either
    return found


def _one(one: Condition, now: datetime, company: str) -> Q:
    """Return a condition for rows that have their company under the name `company`."""
    before = None if one.days is None else limit_instant(one.days, now)
    match one.what:
        case What.WITHIN:
            return _at_companies(company, _held(one.of, before, now))
        case What.NOT_WITHIN:
            return ~_at_companies(company, _held(one.of, before, now))
        case What.AHEAD:
            return _at_companies(company, _ahead(one.of, now))
        case What.NOT_AHEAD:
            return ~_at_companies(company, _ahead(one.of, now))
        case What.BEGAN:
            return _began(one.of)
        case What.HAS:
            return _holds(one.of)
        case What.LACKS:
            return ~_holds(one.of)
        case What.SILENT:
            return Q(last_acted_at__lt=before)
        case What.OLDER:
            return Q(first_date__lt=before)
        case What.OUTCOME:
            return Q(outcome=one.of)
        case What.STAGE:
            return Q(stage="" if one.of == NO_STAGE else one.of)


def _at_companies(company: str, work: QuerySet[Activity]) -> Q:
    return Q(**{f"{company}__in": work.values("company_id")})


def _of(rows: QuerySet[Activity], of: str) -> QuerySet[Activity]:
    """Return the living rows of a kind and type, unordered."""
    kind, _dot, code = of.partition(".")
    rows = rows.filter(deleted_at__isnull=True).order_by()
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(type_code=code) if code else rows


def _members(of: str) -> QuerySet[Activity]:
    """Return what chains have of a kind and type, for an EXISTS out of an index."""
    kind, _dot, code = of.partition(".")
    rows = Activity.objects.filter(chain_id=OuterRef("pk"), kind=kind).order_by()
    return rows.filter(type_code=code) if code else rows


def _began(of: str) -> Q:
    """Return that a chain has its origin in some of it."""
    # By the chain, as the rows of origins are scattered over the whole table.
    origin = Exact(Unindexed(F("pk")), OuterRef("origin_id"))
    return Q(Exists(_members(of).filter(origin)))


def _holds(of: str) -> Q:
    """Return that a chain holds some of it; what was cancelled it does not hold."""
    kind = of.partition(".")[0]
    has_any = Q(**{f"{COUNTS[KindCode(kind)]}__gt": 0})
    if kind == KindCode.QUOTE:  # which is never cancelled
        return has_any
    return has_any & Q(Exists(_members(of).exclude(result__in=NOT_HELD)))


def _held(of: str, since: datetime | None, now: datetime) -> QuerySet[Activity]:
    rows = Activity.objects.filter(
        occurred_at__range=(since, now), done_at__isnull=False, deleted_at__isnull=True
    )
    kind, _dot, code = of.partition(".")
    if kind:  # found by the time: of a kind there may be very many
        rows = rows.filter(Exact(Unindexed(F("kind")), kind))
    if code:
        rows = rows.filter(type_code=code)
    return rows.exclude(result__in=NOT_HELD).order_by()


def _ahead(of: str, now: datetime) -> QuerySet[Activity]:
    """Return what is open and not late: rules.times.state_of says pending."""
    rows = _of(Activity.objects.filter(done_at__isnull=True), of)
    return rows.filter(Q(due_at__gt=now) | Q(due_at__isnull=True))
