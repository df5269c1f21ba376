"""The sale that a record belongs to: its stage, its end, what it may be worth."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from veriga.access.rules import Context
from veriga.activities.queries.activities import get_activity
from veriga.activities.services import Marked, close_sale, set_stage, state_sale
from veriga.common.errors import Invalid
from veriga.common.money import MINOR_SCALE, to_scaled
from veriga.web.forms.numbers import read_decimal
from veriga.web.pages import faults, writer

from .answers import answer
from .record_window import show_record


@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, reference: str) -> HttpResponse:
    """The panel of the sale; a POST marks a stage, an outcome or a value."""
    if request.method == "GET":
        return show_record(request, reference, panel="sale")
    context = writer(request)
    get_activity(context.actor, reference)
    try:
        marked, text = _mark(request, context, reference)
    except Invalid as error:
        return show_record(
            request,
            reference,
            panel="sale",
            status=422,
            mark_errors=faults(error),
            mark_typed=request.POST,
        )
    return answer(request, reference, text, change=marked.change, panel="sale")


def _mark(request: HttpRequest, context: Context, reference: str) -> tuple[Marked, str]:
    data = request.POST
    what = data.get("mark", "")
    if what == "stage":
        marked = set_stage(
            context=context, reference=reference, stage=data.get("stage", "")
        )
        return marked, _("The stage is marked.")
    if what == "outcome":
        marked = close_sale(
            context=context,
            reference=reference,
            outcome=data.get("outcome", ""),
            reason=data.get("reason", ""),
            note=data.get("note", ""),
        )
        is_open = data.get("outcome") == "open"
        return marked, _("The sale is open.") if is_open else _("The sale is closed.")
    if what == "statement":
        return state_sale(
            context=context, reference=reference, **_statement(request)
        ), _("The value of the sale is stated.")
    raise Invalid.of("mark", "unknown_choice")


def _statement(request: HttpRequest) -> dict[str, Any]:
    data = request.POST
    value = data.get("value", "").strip()
    amount = read_decimal(value)
    if value and amount is None:
        raise Invalid.of("value", "wrong_type")
    return {
        "amount_minor": None if amount is None else to_scaled(amount, MINOR_SCALE),
        "currency": data.get("currency", "") or "EUR",
        "month_on": _month(data.get("month", "").strip()),
        "name": data.get("name", ""),
    }


def _month(text: str) -> date | None:
    """Return the first day of a month typed as 2026-11 or 11/2026 or 11. 2026."""
    if not text:
        return None
    try:
        if "-" in text:
            year, month = (int(part) for part in text.split("-")[:2])
        else:
            month, year = (int(p) for p in text.replace(".", "/").split("/"))
        return date(year, month, 1)
    except ValueError:
        raise Invalid.of("month", "not_a_date") from None
