"""The list of companies, with what only their activities tell."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Chain
from veriga.activities.rules.words import Outcome
from veriga.common.keyset import Page, page_of
from veriga.common.prepared import prepared
from veriga.parties.models import Company
from veriga.parties.queries import (
    CompanyFilters,
    ask_for_page,
    categories_of,
    companies_page,
    company_names,
)
from veriga.parties.queries.companies import ORDERS


class CompanyRow(NamedTuple):
    """One line of the list of companies."""

    id: int
    name: str
    name_key: str
    is_own: bool
    status: str
    town: str
    owner_name: str | None
    last_date: datetime | None
    open_chains: int
    custom: dict[str, Any]
    row_version: int


class CompanyMore(NamedTuple):
    """What a line of the list shows of a company if somebody chose its column."""

    id: int
    kind: str
    abc: str
    prospect_type: str | None
    team: str | None
    parent_id: int | None
    street: str
    postcode: str
    country: str
    phone: str
    email: str
    website: str
    tax_number: str
    registration_number: str
    language: str
    expected: str
    recorded: datetime


def list_company_rows(
    actor: Actor,
    filters: CompanyFilters,
    *,
    now: datetime,
    order: str = "name",
    limit: int = 50,
    cursor: str | None = None,
) -> Page[CompanyRow]:
    """Return a page of companies with their newest activity, in one statement.

    `order` is "name" or "-name". Errors: bad_cursor, limit_range, unknown_choice.
    """
    found = ask_for_page(
        _rows, actor, filters, order=order, limit=limit, cursor=cursor, now=now
    )
    return page_of(
        found,
        ORDERS[order],
        limit=limit,
        convert=CompanyRow._make,
        keys=lambda values: (values[2], values[0]),
    )


@prepared
def _rows(
    *shape: Any, now: datetime, **values: Any
) -> QuerySet[Company, tuple[Any, ...]]:
    last = (
        Activity.objects.filter(
            company_id=OuterRef("pk"), deleted_at__isnull=True, date__lte=now
        )
        .order_by("-date", "-reference_key")
        .values("date")[:1]
    )
    open_chains = (
        Chain.objects.filter(company_id=OuterRef("pk"), outcome=Outcome.OPEN)
        .order_by()
        .values("company_id")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return companies_page(*shape, **values).values_list(
        *("id", "name", "name_key", "is_own", "status", "town"),
        "account_owner__name",
        Subquery(last),
        Coalesce(Subquery(open_chains), 0),
        *("custom", "row_version"),
    )


def more_of_companies(ids: Collection[int]) -> dict[int, CompanyMore]:
    """Return more of companies that the caller may show; one statement, 0 for none."""
    if not ids:
        return {}
    return {row[0]: CompanyMore._make(row) for row in _more(ids=list(ids))}


@prepared
def _more(*, ids: list[int]) -> QuerySet[Company, tuple[Any, ...]]:
    return Company.objects.filter(pk__in=ids).values_list(
        *("id", "kind", "abc", "prospect_type_id", "team__name", "parent_id", "street"),
        *("postcode", "country", "phone", "email", "website", "tax_number"),
        *("registration_number", "language", "expected_on", "created_at"),
    )


def shown_of_companies(
    actor: Actor, ids: Collection[int], codes: Collection[str]
) -> dict[str, dict[int, Any]]:
    """Return what lines do not have by themselves, for columns of these codes.

    By code and company; at most a statement each for their own columns ("more"), their
    categories, and the names of those above them that the actor sees.
    """
    found: dict[str, dict[int, Any]] = {"more": {}, "categories": {}, "parent": {}}
    if set(codes) & {*CompanyMore._fields, "parent"}:
        found["more"] = more_of_companies(ids)
    if "categories" in codes:
        found["categories"] = categories_of(ids)
    if "parent" in codes:
        above = {one.id: one.parent_id for one in found["more"].values()}
        names = company_names(actor, filter(None, above.values()))
        found["parent"] = {
            pk: names[parent] for pk, parent in above.items() if parent in names
        }
    return found
