"""The filters of the list pages, which live in the address of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

from veriga.activities.queries.filters import OPEN, ActivityFilters
from veriga.activities.queries.forecast import SalesFilters
from veriga.activities.queries.narrowing import (
    LONGEST,
    MOVES,
    WORTHS,
    RunningFilters,
)
from veriga.activities.queries.narrowing import ORDERS as RUNNING_ORDERS
from veriga.activities.queries.rows import ORDERS
from veriga.activities.rules.words import KindCode, State
from veriga.common.checks import clean_query
from veriga.parties.models import Abc, CompanyKind
from veriga.parties.queries import CompanyFilters, ContactFilters
from veriga.setup.rules import Subject
from veriga.web.pages import Typed
from veriga.work.queries.conditions import (
    activities_where,
    chains_where,
    companies_where,
    contacts_where,
)
from veriga.work.queries.desk import due_filters
from veriga.work.queries.forecast import (
    AHEAD,
    LATER,
    NO_MONTH,
    OVERDUE,
    add_months,
    month_of,
)
from veriga.work.queries.silence import REPLIED_WITHIN, Limits
from veriga.work.rules.conditions import read_where

from .custom import read_filters

STATES = (OPEN, *State)
DUE = ("today", "week", "fortnight")  # what a deadline may be narrowed to


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
    due, now = _one_of(data, "due", DUE), timezone.now()
    soon = due_filters(due, None, now) if due else ActivityFilters()
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
        due_from=soon.due_from,
        due_to=soon.due_to,
        loose=data.get("loose") == "yes",
        type_code=clean_query(data.get("type", "")),
        order=_one_of(data, "order", ORDERS) or "date",
        gathered=True,
        custom=read_filters(kind, data) if kind else (),
        further=activities_where(read_where(data.get("where", "")), now),
    )


def read_running_filters(
    data: Mapping[str, str], *, me: int | None, limits: Limits
) -> RunningFilters:
    """Return the filters of the list of running chains; `me` is what "me" means.

    `limits` say what is silent too long, and what the time is.
    """
    now = limits.now
    month = data.get("month", "")
    months = read_months(month, now)
    replied = data.get("replied") == "yes"
    found = RunningFilters(
        account_owner_id=_owner(data, me),
        team_id=whole_number(data, "team"),
        move=_one_of(data, "move", MOVES),
        stage=clean_query(data.get("stage", "")),
        has_next=_one_of(data, "next", ("yes", "no")),
        replied_since=now - REPLIED_WITHIN if replied else None,
        order=_one_of(data, "order", RUNNING_ORDERS) or LONGEST.name,
        further=chains_where(read_where(data.get("where", "")), now),
        worth=_one_of(data, "worth", WORTHS),
        currency=_currency(data),
        month_from=months[0],
        month_before=months[1],
        without_month=month == NO_MONTH,
    )
    return limits.beyond(found) if data.get("silence") == "beyond" else found


def read_sales_filters(data: Mapping[str, str], *, me: int | None) -> SalesFilters:
    """Return whose sales a forecast shows, and of which currency."""
    return SalesFilters(
        account_owner_id=_owner(data, me),
        team_id=whole_number(data, "team"),
        currency=_currency(data),
    )


def read_months(text: str, now: datetime) -> tuple[date | None, date | None]:
    """Return the first month meant and the first one after them; None is open.

    A month as `2026-11`, or a column of the forecast: OVERDUE, LATER.
    """
    this = month_of(now)
    if text == OVERDUE:
        return None, this
    if text == LATER:
        return add_months(this, AHEAD + 1), None
    found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", text)
    if found is None:
        return None, None
    first = date(int(found[1]), int(found[2]), 1)
    return first, add_months(first, 1)


def _owner(data: Mapping[str, str], me: int | None) -> int | None:
    return me if data.get("owner") == "me" else whole_number(data, "owner")


def _currency(data: Mapping[str, str]) -> str:
    text = data.get("currency", "")
    return text if re.fullmatch(r"[A-Z]{3}", text) else ""


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
        further=companies_where(read_where(data.get("where", "")), timezone.now()),
    )


def read_contact_filters(data: Mapping[str, str]) -> ContactFilters:
    """Return the filters of the list of contacts."""
    return ContactFilters(
        q=clean_query(data.get("q", "")),
        company_id=whole_number(data, "company"),
        custom=read_filters(Subject.CONTACT, data),
        further=contacts_where(read_where(data.get("where", "")), timezone.now()),
    )
