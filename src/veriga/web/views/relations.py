"""The relations page: everything about one company, what needs doing first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from veriga.access.queries import list_users
from veriga.access.rules import Actor
from veriga.activities.queries.filters import ActivityFilters
from veriga.activities.queries.lists import list_activities
from veriga.activities.rules.words import KindCode
from veriga.documents.queries import list_of_company
from veriga.parties.queries import (
    addresses_of,
    categories_of,
    family_of,
    get_company,
    list_shares,
)
from veriga.setup.rules import Subject
from veriga.web.forms.companies import (
    address_kinds,
    category_names,
    expected_words,
    kind_name,
    language_name,
)
from veriga.web.forms.custom import facts_of
from veriga.web.forms.parties import country_name
from veriga.web.pages import is_htmx, reader
from veriga.web.party_history import history_of_company
from veriga.web.running import flag_of
from veriga.web.strip import chain_strip
from veriga.web.words import late_words, move_words, sale_words, working_days
from veriga.work.queries.names import prospect_type_name
from veriga.work.queries.relations import (
    CompanyCounts,
    Relations,
    get_relations,
    list_company_chains,
    reaches,
)
from veriga.work.queries.silence import limits_for, silence_in

if TYPE_CHECKING:
    from veriga.parties.models import Company

from .attachments import section_of
from .lists import choices, next_address, show_list

TEMPLATE = "companies/page.html"
TABS = ("activities", "chains", "quotes", "records", "files", "data")
FIRST_ROWS = 30  # below what is drawn and open; scrolling brings fifty more each time
MORE_ROWS = 50
KIND_OF_TAB = {"quotes": KindCode.QUOTE, "records": KindCode.PRODUCT_RECORD}


def show_relations(
    request: HttpRequest,
    company_id: int,
    *,
    tab: str = "",
    problems: Mapping[str, list[str]] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Return the page of a company, or the rows or the list of its open tab."""
    actor, now = reader(request), timezone.now()
    tab = tab or request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    values = {"tab": tab, "nav": "companies", "problems": problems or {}, **more}
    cursor = request.GET.get("cursor") or None
    values |= _rows_of_tab(request, actor, company_id, tab, now, cursor)
    if cursor and is_htmx(request):
        return show_list(request, TEMPLATE, values)
    chain_of = request.GET.get("chain", "")
    head = get_relations(actor, company_id, now=now, chain_of=chain_of)
    values |= {
        "company": head.company,
        "head": head,
        "tabs": _tabs(head.company, head.counts, tab),
        "subtitle": _subtitle(head.company),
        "add_query": f"?company={company_id}",
        "can_record": actor.can_record,
        **_today(actor, head, now),
        "lanes": _lanes(actor, head, now, chain_of),
    }
    if tab == "data":
        values |= _data(actor, head.company)
        wants = "history" in request.GET
        values["history"] = history_of_company(actor, head.company) if wants else None
    elif tab == "files":
        address = reverse("companies:page", kwargs={"id": company_id})
        files = list_of_company(actor, company_id)
        values |= section_of(actor, files, address, refer=True)
    response = show_list(request, TEMPLATE, values)
    response.status_code = status
    return response


def _rows_of_tab(
    request: HttpRequest,
    actor: Actor,
    company_id: int,
    tab: str,
    now: datetime,
    cursor: str | None,
) -> dict[str, Any]:
    """Return the rows of the open tab; none where it has no list."""
    if tab in {"files", "data"}:
        return {"rows": [], "next_url": ""}
    if tab == "chains":
        chains = list_company_chains(actor, company_id, cursor=cursor)
        next_url = next_address(request, chains.next)
        sales = {chain.id: sale_words(chain) for chain in chains.rows}
        return {"rows": chains.rows, "sales": sales, "next_url": next_url}
    filters = ActivityFilters(company_id=company_id, kind=KIND_OF_TAB.get(tab, ""))
    if cursor:
        get_company(actor, company_id)  # an invisible one is 404, not an empty list
    limit = MORE_ROWS if cursor else FIRST_ROWS
    page = list_activities(actor, filters, now=now, limit=limit, cursor=cursor)
    return {"rows": page.rows, "next_url": next_address(request, page.next)}


def _tabs(
    company: Company, counts: CompanyCounts, current: str
) -> list[tuple[str, str, bool, int | None]]:
    address = reverse("companies:page", kwargs={"id": company.pk})
    names: dict[str, tuple[str, int | None]] = {
        "activities": (_("Activities"), counts.activities),
        "chains": (_("Chains"), counts.chains),
        "quotes": (_("Quotes"), counts.quotes),
        "records": (_("Product records"), counts.product_records),
        "files": (_("Attachments"), None),
        "data": (_("Details"), None),
    }
    return [
        (name, address if tab == TABS[0] else f"{address}?tab={tab}", tab == current, n)
        for tab, (name, n) in names.items()
    ]


def _subtitle(company: Company) -> str:
    """Return status, kind, town and account owner in one line."""
    if company.is_own:
        return _("Our own firm: internal tasks and meetings")
    status = _("Prospect") if company.status == "prospect" else _("Active customer")
    owner = company.account_owner
    parts = [
        status,
        prospect_type_name(company.prospect_type_id),
        company.town,
        _("account owner: %(name)s") % {"name": owner.name} if owner else "",
    ]
    return " · ".join(part for part in parts if part)


def _today(actor: Actor, head: Relations, now: datetime) -> dict[str, Any]:
    """Return what the box at the top says: how long, whose move, what is late."""
    late = head.work.late[0] if head.work.late else None
    chain = head.chain
    if chain:
        limits = limits_for(actor, now)
        silence = silence_in(chain.summary, head.lanes[0].rows, limits)
    return {
        "days": working_days(chain.working_days) if chain else "",
        "move": move_words(chain) if chain else None,
        "flag": flag_of(silence) if chain else None,
        "late": late,
        "late_words": late_words(late, now) if late else None,
    }


def _lanes(
    actor: Actor, head: Relations, now: datetime, current: str
) -> list[dict[str, Any]]:
    """Return what is said and drawn of each chain on show."""
    return [
        {
            "chain": lane.summary,
            "sale": sale_words(lane.summary),
            "strip": chain_strip(actor, "", now, rows=lane.rows, current=current),
        }
        for lane in head.lanes
    ]


def _data(actor: Actor, company: Company) -> dict[str, Any]:
    """Return what the tab Details shows besides the company: who may see it."""
    is_steward = actor.is_manager or company.account_owner_id == actor.user_id
    shares = list_shares(actor, company.pk)
    sharing = {share.user_id for share in shares}
    return {
        "shares": shares,
        "is_steward": is_steward and actor.can_record,
        "users": _who_could_see(actor, company, sharing) if is_steward else [],
        "prospect_type": prospect_type_name(company.prospect_type_id),
        "country": country_name(company.country),
        "kind": kind_name(company.kind),
        "mail_language": language_name(company.language) if company.language else "",
        "expected": expected_words(company.expected_on),
        "categories": category_names(categories_of([company.pk]).get(company.pk, ())),
        "addresses": [
            (one, dict(address_kinds())[one.kind], country_name(one.country))
            for one in addresses_of(actor, company.pk)
        ],
        "family": family_of(actor, company),
        "custom_facts": facts_of(Subject.COMPANY, company.custom),
    }


def _who_could_see(
    actor: Actor, company: Company, sharing: set[int]
) -> list[tuple[str, str]]:
    """Return the users who see this company only once it is shared with them."""
    users = list_users(actor, active_only=True)
    return choices(
        (user.pk, user.name)
        for user in users
        if user.pk not in sharing and not reaches(user, company)
    )
