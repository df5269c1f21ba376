"""All activities as one list, the list of each kind, and the column beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from veriga.access.queries import user_names
from veriga.access.rules import Actor
from veriga.activities.queries.filters import OPEN, ActivityFilters
from veriga.activities.queries.lists import list_activities
from veriga.activities.queries.rows import TYPE_LISTS, ActivityRow
from veriga.activities.rules.words import KindCode, State
from veriga.events.queries.gatherings import tallies
from veriga.setup.queries import code_list
from veriga.web.columns import COLS, columns_of, values_of
from veriga.web.conditions import condition_chips
from veriga.web.forms.custom import filter_inputs
from veriga.web.forms.filters import DUE, read_activity_filters
from veriga.web.pages import is_htmx, reader, show, user_of
from veriga.web.words import sale_words
from veriga.work.queries.desk import NEXT_DAYS, QUOTE_DAYS
from veriga.work.queries.overview import get_overview
from veriga.work.queries.relations import get_selected

from .lists import (
    address_back,
    address_without,
    choices,
    next_address,
    said_count,
    show_list,
)

TEMPLATE = "activities/list.html"
NAVS = {
    KindCode.EVENT: "events",
    KindCode.TASK: "tasks",
    KindCode.PRODUCT_RECORD: "product_records",
    KindCode.QUOTE: "quotes",
}
SORTED_BY_HEADING = (
    *("reference", "title", "company", "due", "owner", "done", "recorded"),
)


def whole_list(request: HttpRequest) -> HttpResponse:
    """All activities as one list, or those of one company, one chain, one colleague."""
    filters = read_activity_filters(request.GET, me=reader(request).user_id)
    return show_activities(
        request, filters, nav="overview", heading=_("Activity overview")
    )


@require_GET
def kind_list(request: HttpRequest, kind: str) -> HttpResponse:
    """The activities of one kind."""
    me = reader(request).user_id
    return show_activities(
        request,
        read_activity_filters(request.GET, me=me, kind=kind),
        nav=NAVS[KindCode(kind)],
        heading=kind_names()[kind],
        fixed_kind=kind,
    )


@require_GET
def aside(request: HttpRequest, reference: str) -> HttpResponse:
    """What the right-hand column tells of the selected row."""
    actor = reader(request)
    selected = get_selected(actor, reference, now=timezone.now())
    return show(
        request,
        "activities/aside.html",
        {
            "one": selected,
            "can_link": actor.can_record,
            "sale": sale_words(selected.chain),
        },
    )


def show_activities(
    request: HttpRequest,
    filters: ActivityFilters,
    *,
    nav: str,
    heading: str,
    fixed_kind: str = "",
) -> HttpResponse:
    """Return the list that `filters` leave, or the piece of it that is asked for."""
    actor, now = reader(request), timezone.now()
    page = nav if fixed_kind else "activities"
    values: dict[str, Any] = {
        "nav": nav,
        "heading": heading,
        "filters": replace(filters, further=None),
        "fixed_kind": fixed_kind,
        "page": page,
        "columns": columns_of(
            page, request.GET.get(COLS), user_of(request).list_columns
        ),
        "cols": request.GET.get(COLS, ""),
        "orders": _headings(request, filters),
    }
    list_url = reverse(f"{nav}:list") if fixed_kind else reverse("activities:overview")
    cursor = request.GET.get("cursor")
    if cursor and is_htmx(request):
        more = list_activities(actor, filters, now=now, cursor=cursor)
        rows = {
            "rows": more.rows,
            "next_url": next_address(request, more.next),
            "gatherings": gatherings_of(actor, more.rows, filters.gathers),
            "more_values": values_of(values["columns"], more.rows),
        }
        return show_list(request, TEMPLATE, {**values, **rows})
    found = get_overview(actor, filters, now=now, cursor=cursor)
    values |= {
        "rows": found.page.rows,
        "gatherings": gatherings_of(actor, found.page.rows, filters.gathers),
        "more_values": values_of(values["columns"], found.page.rows),
        "next_url": next_address(request, found.page.next),
        "count": said_count(found.count),
        "linked": found.linked,
        "company": found.company,
        "contact": found.contact,
        "chips": _chips(request, filters, found.company.pk if found.company else None),
        "conditions": condition_chips(request),
        "back": address_back(request) if found.linked else "",
        "add_query": f"?company={found.company.pk}" if found.company else "",
        "owners": choices(user_names(actor)),
        "kinds": choices(kind_names().items()),
        "types": _types(filters.kind),
        "states": state_names(),
        "order_names": _order_names(),
        "due": due if (due := request.GET.get("due", "")) in DUE else "",
        "dues": _dues(),
        "list_url": list_url,
        "clear_url": list_url if fixed_kind else f"{list_url}?shown=list",
        "is_filtered": _is_filtered(filters, fixed_kind),
        "custom_filters": filter_inputs(fixed_kind, request.GET) if fixed_kind else [],
    }
    if fixed_kind:
        values |= _kind_words(fixed_kind)
    return show_list(request, TEMPLATE, values)


def gatherings_of(
    actor: Actor, rows: Sequence[ActivityRow], gathers: bool
) -> dict[int, int]:
    """Return how many companies the group events among `rows` have for the actor.

    One statement if there are any, none otherwise.
    """
    ids = {row.gathering_id for row in rows if row.gathering_id is not None}
    if not ids or not gathers:
        return {}
    return {pk: tally.total for pk, tally in tallies(actor, ids).items()}


def kind_names() -> dict[str, str]:
    """Return what the list of each kind is called."""
    return {
        KindCode.EVENT: _("Events"),
        KindCode.TASK: _("Tasks"),
        KindCode.PRODUCT_RECORD: _("Product records"),
        KindCode.QUOTE: _("Quotes"),
    }


def _is_filtered(filters: ActivityFilters, fixed_kind: str) -> bool:
    usual = ActivityFilters(kind=fixed_kind, order=filters.order, gathered=True)
    return filters != usual


def _kind_words(kind: str) -> dict[str, str]:
    """Return what the list of one kind says on its button and when it is empty."""
    address = reverse(f"{NAVS[KindCode(kind)]}:new")
    names, texts, hints, icons = {
        KindCode.EVENT: (
            _("Add event"),
            _("No events yet."),
            _("Visits, calls, meetings and e-mails with companies stand here."),
            "calendar-event",
        ),
        KindCode.TASK: (
            _("Add task"),
            _("No tasks yet."),
            _("Work to be done stands here, with its deadline."),
            "checkbox",
        ),
        KindCode.PRODUCT_RECORD: (
            _("Add product record"),
            _("No product records yet."),
            _("Interest, samples, tests and objections stand here."),
            "package",
        ),
        KindCode.QUOTE: (
            _("Add quote"),
            _("No quotes yet."),
            _("Offers with their amounts and validity stand here."),
            "file-text",
        ),
    }[KindCode(kind)]
    return {
        "add_name": names,
        "add_url": address,
        "empty_text": texts,
        "empty_hint": hints,
        "empty_icon": icons,
    }


def state_names() -> list[tuple[str, str]]:
    return [
        (OPEN, _("All open")),
        (State.OVERDUE, _("Overdue")),
        (State.PENDING, _("Pending")),
        (State.DONE, _("Done")),
    ]


def _dues() -> list[tuple[str, str]]:
    return [
        ("today", pgettext("due", "Today")),
        ("week", _("Next %(days)s days") % {"days": NEXT_DAYS}),
        ("fortnight", _("Within %(days)s days") % {"days": QUOTE_DAYS}),
    ]


def _types(kind: str) -> list[tuple[str, str]]:
    model = TYPE_LISTS.get(kind)
    language = get_language() or "sl"
    return [(e.code, e.name(language)) for e in code_list(model)] if model else []


def _order_names() -> list[tuple[str, str]]:
    return [
        ("date", _("Newest first")),
        ("oldest", _("Oldest first")),
        ("due", _("By deadline")),
        ("recorded", _("Recorded last")),
        ("done", _("Done last")),
        ("title", _("By title")),
        ("company", _("By company")),
        ("owner", _("By owner")),
        ("reference", _("By reference")),
    ]


def _headings(request: HttpRequest, filters: ActivityFilters) -> dict[str, str]:
    """Return the address behind each heading of the table that sorts."""
    found = {name: address_without(request, order=name) for name in SORTED_BY_HEADING}
    turned = "oldest" if filters.order == "date" else None
    return {**found, "date": address_without(request, order=turned)}


def _chips(
    request: HttpRequest, filters: ActivityFilters, company_id: int | None
) -> dict[str, str]:
    """Return the address that is left when a chip is taken away.

    A chain belongs to one company: without that company there is no chain to list, and
    without the chain the company's other activities are next.
    """
    found = {"company": address_without(request, "company", "linked_to")}
    found["contact"] = address_without(request, "contact")
    if filters.linked_to:
        found["linked_to"] = address_without(request, "linked_to", company=company_id)
    return found
