"""The pipeline board: open sales by stage; a card is moved by hand, keys or a menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from veriga.access.queries import list_teams, user_names
from veriga.activities.services import set_stage
from veriga.common.money import currency_order
from veriga.setup.models import Stage
from veriga.setup.queries import code_list
from veriga.web.formats import short_money
from veriga.web.forms.filters import read_running_filters
from veriga.web.jinja import query_string
from veriga.web.pages import reader, writer
from veriga.web.running import chain_lines
from veriga.work.queries.board import Column, get_board
from veriga.work.queries.names import stage_name
from veriga.work.queries.silence import limits_for

from .answers import changed, undo_address
from .lists import choices, show_list

TEMPLATE = "board/page.html"
FILTERS = ("owner", "team", "next")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The board of the sales that the user sees, or of one account owner or team."""
    actor, now = reader(request), timezone.now()
    known = {name: request.GET.get(name, "") for name in FILTERS}
    limits = limits_for(actor, now)
    filters = read_running_filters(known, me=actor.user_id, limits=limits)
    columns = get_board(actor, filters, now=now)
    language = get_language() or "sl"
    values: dict[str, Any] = {
        "nav": "board",
        "columns": [
            {
                "code": column.code,
                "name": column.stage.name(language) if column.stage else "",
                "percent": column.stage.probability_percent if column.stage else None,
                "count": column.count,
                "worth": _money(column.worth),
                "weighted": _money(column.weighted),
                "lines": chain_lines(column.cards, {}, limits),
                "list_url": _list_address(request, column),
            }
            for column in columns
        ],
        "worth": _money(_added(columns, weighted=False)),
        "weighted": _money(_added(columns, weighted=True)),
        "count": sum(column.count for column in columns),
        "stages": [
            (one.code, one.name(language), one.closes)
            for one in code_list(Stage, offered_only=True)
        ],
        "typed": known,
        "owners": choices(user_names(actor)),
        "teams": choices((team.pk, team.name) for team in list_teams(actor)),
        "can_record": actor.can_record,
        "is_filtered": any(known.values()),
    }
    return show_list(request, TEMPLATE, values)


@require_POST
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """Mark the stage of the sale that a record belongs to; a closing one closes it."""
    stage = request.POST.get("stage", "")
    marked = set_stage(context=writer(request), reference=reference, stage=stage)
    text = _("The sale stands at: %(stage)s") % {"stage": stage_name(stage)}
    undo_url = undo_address(marked.change)
    return changed(request, reverse("board"), text, undo_url=undo_url)


def _list_address(request: HttpRequest, column: Column) -> str:
    """Return the list of all sales of a column, narrowed as the board is."""
    kept = {name: request.GET.get(name) for name in FILTERS}
    return reverse("running") + query_string({**kept, "stage": column.code})


def _added(columns: list[Column], *, weighted: bool) -> dict[str, int]:
    found: dict[str, int] = {}
    for column in columns:
        worth = column.weighted if weighted else column.worth
        for currency, minor in worth.items():
            found[currency] = found.get(currency, 0) + minor
    return found


def _money(worth: dict[str, int]) -> str:
    """Return amounts of all currencies, in whole units: a board is no invoice."""
    return " + ".join(
        short_money(round(minor, -2), currency)
        for currency, minor in sorted(
            worth.items(), key=lambda one: currency_order(one[0])
        )
        if minor
    )
