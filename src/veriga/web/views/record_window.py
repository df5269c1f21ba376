"""The window of one record, with the panel that is open at its right."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veriga.access.rules import Actor, Source
from veriga.activities.rules.words import KindCode, Outcome
from veriga.automation.queries.running import made_by_rules
from veriga.documents.queries import list_of_activity
from veriga.events.queries.gatherings import reply_at
from veriga.web.formats import number
from veriga.web.forms import choices
from veriga.web.forms.custom import facts_of
from veriga.web.forms.numbers import show_decimal
from veriga.web.pages import is_htmx, reader, show
from veriga.web.record_history import Step, history_of
from veriga.web.record_page import RecordPage, read_record
from veriga.web.strip import chain_strip
from veriga.web.words import kind_name, outcome_name
from veriga.work.queries.names import stage_name

from .activities import NAVS
from .answers import record_address
from .attachments import section_of
from .gatherings import reply_names
from .panels import link_panel, links_panel, next_panel, sale_panel
from .saving import show_window

if TYPE_CHECKING:
    from veriga.activities.models import Activity
    from veriga.events.models import Gathering

HISTORY = "div#record-history"
STRIP_WIDTH = 760  # of the window's left-hand column


def show_record(
    request: HttpRequest,
    reference: str,
    *,
    panel: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Return the record as a window or a page; `more` goes to the template too.

    htmx asking for the history gets that alone.
    """
    actor, now = reader(request), timezone.now()
    page = read_record(actor, reference, now=now)
    wants_history = "history" in request.GET
    values = {
        "nav": NAVS[KindCode(page.activity.kind)],
        "add_query": f"?company={page.activity.company_id}",
        "page": page,
        "a": page.activity,
        "own": page.own,
        "gathering": _gathering(page),
        "made_by_rule": _rule_of(page.activity),
        "panel": panel,
        "now": now,
        "errors": {},
        "entry_text": "",
        "custom_facts": facts_of(page.activity.kind, page.activity.custom),
        "strip": _strip(actor, page, now),
        "history": _history(actor, page, now) if wants_history else None,
        **_words(page),
        **more,
    }
    files = list_of_activity(page.activity)
    values |= section_of(actor, files, values["address"])
    if wants_history and request.headers.get("HX-Target") == HISTORY:
        return show(request, "records/history.html", values)
    if panel == "link":
        values |= link_panel(request, actor, page.activity, now)
    elif panel == "links":
        values |= links_panel(request, actor, page, now)
    elif panel == "sale":
        values |= sale_panel(page)
    elif panel == "next" and page.rights.record:
        values |= next_panel(reference, now)
    return show_window(request, "records/record.html", values, status=status)


def _gathering(page: RecordPage) -> tuple[Gathering, str] | None:
    """Return the group event that it belongs to, and the company's reply in words."""
    found = reply_at(page.activity)
    return (found[0], reply_names()[found[1]]) if found else None


def _rule_of(activity: Activity) -> str:
    """Return the name of the rule that made an activity, "" if a person did."""
    if activity.source != Source.SYSTEM:
        return ""
    step = made_by_rules([activity.pk]).get(activity.pk)
    return step.run.rule.name if step else ""


def _history(actor: Actor, page: RecordPage, now: datetime) -> list[Step]:
    ids = [entry.pk for entry in page.entries]
    return history_of(actor, page.activity, now, entry_ids=ids)


def is_piece(request: HttpRequest, target: str) -> bool:
    """Tell whether htmx asks for what fills `target`, and for nothing else."""
    return is_htmx(request) and request.headers.get("HX-Target", "") == target


def _strip(actor: Actor, page: RecordPage, now: datetime) -> object:
    """Return the chain drawn to scale; nothing for a loose record."""
    if len(page.members) < 2:
        return None
    reference = str(page.activity.reference)
    return chain_strip(
        actor, reference, now, rows=page.members, current=reference, width=STRIP_WIDTH
    )


def _words(page: RecordPage) -> dict[str, Any]:
    a = page.activity
    size = len(page.members)
    chain = a.chain
    stage = chain.stage if chain else ""
    outcome = chain.outcome if chain else Outcome.OPEN
    text = ngettext("%(num)s activity", "%(num)s activities", size)
    address = reverse("activities:record", kwargs={"reference": a.reference})
    return {
        "address": address,
        "panel_urls": {
            name: record_address(str(a.reference), name)
            for name in ("link", "links", "sale")
        },
        "kind_word": page.type_name or kind_name(a.kind),
        "chain_size": text % {"num": number(size)},
        "chain_stage": stage_name(stage),
        "chain_outcome": outcome_name(outcome),
        "chain_is_open": outcome == Outcome.OPEN,
        "chain_move": _move_name(page.move),
        "results": choices.results(a.kind, a.type_code),
        "result_name": choices.result_name(a.result) if a.result else "",
        "direction_name": choices.direction_name(a.direction),
        "importance_name": choices.importance_name(a.importance_id),
        "quote_lines": [_shown_line(line) for line in page.own.get("lines", ())],
        "quantity": show_decimal(page.own.get("quantity")),
        "competitor_price": _competitor_price(page.own),
        "repeat_words": choices.repeat_words(a.series) if a.series else "",
        "reason_name": choices.reason_name(page.own.get("reason", "")),
    }


def _shown_line(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line of a quote as texts."""
    discount = line["discount_percent"]
    return {
        "text": line["text"],
        "quantity": f"{show_decimal(line['quantity'])} {line['unit']}".strip(),
        "price": show_decimal(line["unit_price"], 2),
        "discount": f"{show_decimal(discount)} %" if discount else "",
        "net_minor": line["net_minor"],
    }


def _competitor_price(own: dict[str, Any]) -> str:
    price = own.get("competitor_price")
    if price is None:
        return ""
    return f"{show_decimal(price, 2)} {own['competitor_currency']}"


def _move_name(move: str) -> str:
    return {
        "agreed": _("an appointment is agreed"),
        "ours": _("it is our move"),
        "theirs": _("it is the customer's move"),
    }[move]
