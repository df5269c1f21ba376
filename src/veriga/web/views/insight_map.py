"""The process map: what followed what, as a drawing and as a table."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from veriga.activities.queries.chains import list_named
from veriga.common.errors import NotFound
from veriga.insight.queries.results import Stored
from veriga.insight.rules.asking import Asked, QuestionKind
from veriga.insight.rules.words import ReportKind
from veriga.web.insight.behind import Behind, said_behind
from veriga.web.insight.map_asking import (
    MapAddress,
    Waited,
    answered,
    as_stored,
    read_map,
    read_way,
    stored_map,
    whole_map,
)
from veriga.web.insight.map_drawing import detail_of, drawing_of
from veriga.web.insight.process_map import (
    MOST_LINES,
    choices_of,
    lines_of_map,
    map_address,
    said_map,
    switches,
    variants_of,
    way_address,
    way_name,
)
from veriga.web.insight.shell import Asked as Asking
from veriga.web.insight.shell import asked, frame, page_names
from veriga.web.pages import is_htmx, show
from veriga.web.words import outcome_name

from .lists import show_list

ANSWER = "div#map-answer"  # what a page that waits asks for


@require_GET
def process_map(request: HttpRequest) -> HttpResponse:
    """The map of the chains that the address chooses; waits for what is not stored."""
    ask, address = asked(request), read_map(request.GET)
    whole = whole_map(ask.actor, ask.team_id)
    stored, waited = _found(request, ask, address, whole)
    if waited is not None and _is_as_shown(request, waited):
        return HttpResponse(status=204)
    values = {
        **frame(request, ask, ReportKind.MAP, stored),
        "whole": whole,
        "address": address,
        "typed": request.GET,
        "waited": waited,
        **switches(),
        **(choices_of(ask.actor, whole.payload, address) if whole.payload else {}),
        **_told(request, address, stored),
    }
    if request.headers.get("HX-Target") == ANSWER:
        return show(request, "insight/map.html", values, block="answer")
    response = show_list(request, "insight/map.html", values)
    if address.problems:
        response.status_code = 422
    return response


def _found(
    request: HttpRequest, ask: Asking, address: MapAddress, whole: Stored
) -> tuple[Stored, Waited | None]:
    """Return the map, and how far its question is if it takes one."""
    if address.problems or address.chains.is_all or not whole.is_there:
        return whole, None
    question = Asked(QuestionKind.MAP, address.chains)
    waited = answered(request, question, ask.team_id)
    return as_stored(waited.answer), waited


def _told(request: HttpRequest, address: MapAddress, stored: Stored) -> dict[str, Any]:
    if stored.payload is None or address.problems:
        return {"said": ""}
    found = stored.payload[address.by]
    detail = detail_of(found, address.detail)
    return {
        "said": said_map(found),
        "found": found,
        "detail": detail,
        "drawing": drawing_of(found, detail) if found["nodes"] else None,
        "most_lines": MOST_LINES,
        "lines": lines_of_map(found, request.GET),
        "variants": variants_of(stored.payload, request.GET, address.chains.variant),
        "different": stored.payload["variants"]["different"],
        "way": lambda source, target: way_address(request.GET, source, target),
    }


def _is_as_shown(request: HttpRequest, waited: Waited) -> bool:
    """Tell whether a page that waits would be shown just what it shows."""
    is_late = request.GET.get("shown") == "late"
    is_polling = request.headers.get("HX-Target") == ANSWER and "shown" in request.GET
    return is_polling and waited.is_waiting and waited.is_late == is_late


@require_GET
def drawing(request: HttpRequest) -> HttpResponse:
    """The drawing as a file of its own, if the map is stored; else NotFound."""
    ask, address = asked(request), read_map(request.GET)
    if address.problems:
        raise NotFound
    whole = whole_map(ask.actor, ask.team_id)
    stored = stored_map(ask.actor, whole, address.chains, ask.team_id)
    if stored.payload is None or not stored.payload[address.by]["nodes"]:
        raise NotFound
    found = stored.payload[address.by]
    drawn = drawing_of(found, detail_of(found, address.detail))
    answer = show(request, "insight/map_file.svg", {"drawing": drawn})
    answer["Content-Type"] = "image/svg+xml; charset=utf-8"
    name = f"{_('Process map')} {timezone.localdate()}.svg"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def chains_of_way(request: HttpRequest) -> HttpResponse:
    """The chains behind a way of the map; the worker finds them, once asked."""
    ask, address = asked(request), read_map(request.GET)
    whole = whole_map(ask.actor, ask.team_id)
    if address.problems or whole.payload is None:
        raise NotFound
    source, target = read_way(request.GET, whole.payload)
    question = Asked(QuestionKind.EDGE, address.chains, address.by, source, target)
    waited = answered(request, question, ask.team_id)
    if _is_as_shown(request, waited):
        return HttpResponse(status=204)
    answer = waited.answer.answer or {"chains": [], "total": 0}
    listed = list_named(ask.actor, answer["chains"])
    found = Behind(
        page_names()[ReportKind.MAP],
        map_address(request.GET),
        way_name(source, target),
        answer["chains"],
        answer["total"],
    )
    values = {
        "nav": "insight",
        "found": found,
        "waited": waited,
        "chains": listed,
        "said": "" if waited.is_waiting else said_behind(len(listed), found.total),
        "outcome_name": outcome_name,
    }
    is_polling = is_htmx(request) and request.headers.get("HX-Target") == ANSWER
    block = "answer" if is_polling else None
    return show(request, "insight/behind.html", values, block=block)
