"""The list of companies, with what only their activities tell."""

from __future__ import annotations

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
from veriga.parties.queries import CompanyFilters, ask_for_page, companies_page
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
        "custom",
    )
