"""The filters of the list pages, which live in the address of the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from veriga.activities.queries.activities import OPEN, ActivityFilters
from veriga.activities.queries.rows import ORDERS
from veriga.activities.rules.words import KindCode, State
from veriga.common.checks import clean_query
from veriga.parties.models import Abc, CompanyKind
from veriga.parties.queries import CompanyFilters, ContactFilters
from veriga.setup.rules import Subject
from veriga.web.pages import Typed

from .custom import read_filters

STATES = (OPEN, *State)


def whole_number(data: Mapping[str, str], name: str) -> int | None:
    """Return the number in the address, None if there is none that makes sense."""
    return Typed(data).number(name)


def _one_of(data: Mapping[str, str], name: str, known: object) -> str:
    value = data.get(name, "")
    return value if value in known else ""  # type: ignore[operator]  # any container


def _day(data: Mapping[str, str], name: str) -> date | None:
    return Typed(data).day(name)


def read_activity_filters(
    data: Mapping[str, str], *, me: int | None, kind: str = ""
) -> ActivityFilters:
    """Return the filters in an address; what makes no sense there is passed over.

    `me` is the user that "owner=me" means; `kind` that of a list of one kind, whatever
    the address says.
    """
    owner_id = me if data.get("owner") == "me" else whole_number(data, "owner")
    return ActivityFilters(
        company_id=whole_number(data, "company"),
        kind=kind or _one_of(data, "kind", tuple(KindCode)),
        state=_one_of(data, "state", STATES),
        owner_id=owner_id,
        linked_to=data.get("linked_to", "").strip(),
        contact_id=whole_number(data, "contact"),
        q=clean_query(data.get("q", "")),
        date_from=_day(data, "from"),
        date_to=_day(data, "to"),
        type_code=clean_query(data.get("type", "")),
        order=_one_of(data, "order", ORDERS) or "date",
        gathered=True,
        custom=read_filters(kind, data) if kind else (),
    )


def read_company_filters(data: Mapping[str, str]) -> CompanyFilters:
    """Return the filters of the list of companies."""
    return CompanyFilters(
        q=clean_query(data.get("q", "")),
        status=_one_of(data, "status", ("prospect", "active")),
        account_owner_id=whole_number(data, "owner"),
        kind=_one_of(data, "kind", CompanyKind.values),
        abc=_one_of(data, "abc", Abc.values),
        category=clean_query(data.get("category", "")),
        custom=read_filters(Subject.COMPANY, data),
    )


def read_contact_filters(data: Mapping[str, str]) -> ContactFilters:
    """Return the filters of the list of contacts."""
    return ContactFilters(
        q=clean_query(data.get("q", "")),
        company_id=whole_number(data, "company"),
        custom=read_filters(Subject.CONTACT, data),
    )
