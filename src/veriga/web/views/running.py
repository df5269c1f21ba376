"""Running chains: their list, giving one up, and the firm's limits of silence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from veriga.access.queries import user_names
from veriga.access.rules import Actor
from veriga.activities.queries.narrowing import NO_STAGE, RunningFilters
from veriga.activities.queries.running import (
    colleagues_beside,
    count_running,
    list_running,
)
from veriga.activities.services import close_sale
from veriga.common.errors import Invalid, NotAllowed
from veriga.insight.queries.limits import find_limits
from veriga.insight.queries.links import get_link_report, may_see_links
from veriga.setup.models import EventType
from veriga.setup.queries import code_list
from veriga.setup.services import set_silence_limits
from veriga.web.conditions import condition_chips
from veriga.web.forms.choices import stage_options
from veriga.web.forms.filters import read_running_filters
from veriga.web.insight.learnt import learnt_sentences
from veriga.web.pages import Typed, done, faults, is_htmx, reader, show, writer
from veriga.web.running import (
    beyond_name,
    chain_lines,
    close_reasons,
    move_names,
)
from veriga.work.queries.coverage import link_coverage
from veriga.work.queries.overview import count_once
from veriga.work.queries.silence import limits_for

from .answers import changed, undo_address
from .lists import choices, count_of, next_address, said_count, show_list

TEMPLATE = "running/list.html"


@require_GET
def chain_list(request: HttpRequest) -> HttpResponse:
    """The running chains that the user sees, the longest silent first."""
    actor, now = reader(request), timezone.now()
    limits = limits_for(actor, now)
    filters = read_running_filters(request.GET, me=actor.user_id, limits=limits)
    cursor = request.GET.get("cursor") or None
    page = list_running(actor, filters, now=now, cursor=cursor)
    count = count_of(request, page, lambda: _count(actor, filters, now))
    values: dict[str, Any] = {
        "nav": "running",
        "lines": chain_lines(page.rows, colleagues_beside(page.rows), limits),
        "next_url": next_address(request, page.next),
        "count": said_count(count),
        "filters": filters,
        "typed": request.GET,
        "kept": {name: request.GET.get(name) for name in ("owner", "team", "next")},
        "conditions": condition_chips(request),
        "owners": choices(user_names(actor)),
        "moves": list(move_names().items()),
        "stages": [(NO_STAGE, _("No stage yet")), *stage_options()],
        "reasons": close_reasons(),
        "can_record": actor.can_record,
        "can_limit": actor.is_manager,
        "beyond_name": beyond_name(limits),
        "is_filtered": filters != RunningFilters(order=filters.order),
    }
    return show_list(request, TEMPLATE, values)


def _count(actor: Actor, filters: RunningFilters, now: datetime) -> int:
    since = (filters.replied_since, filters.waited_since)
    looks_at_clock = filters.is_odd or any(one is not None for one in since)
    return count_once(
        actor,
        None if looks_at_clock else filters,
        lambda limit: count_running(actor, filters, now=now, limit=limit),
    )


@require_POST
def give_up(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the chain of a record up, for the reason that was chosen."""
    marked = close_sale(
        context=writer(request),
        reference=reference,
        outcome="given_up",
        reason=request.POST.get("reason", ""),
    )
    text = _("The sale is given up.")
    undo_url = undo_address(marked.change)
    return changed(request, reverse("running"), text, undo_url=undo_url)


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Which share of what was done stands in a chain, by month and team."""
    actor = reader(request)
    if not actor.is_manager:
        raise NotAllowed
    found = link_coverage(actor, now=timezone.now())
    block = "list" if is_htmx(request) else None
    learnt = []
    if may_see_links(actor):
        learnt = learnt_sentences(get_link_report(actor))
    values = {"nav": "running", "found": found, "learnt": learnt}
    return show(request, "running/coverage.html", values, block=block)


@require_http_methods(["GET", "POST"])
def limits(request: HttpRequest) -> HttpResponse:
    """After how many working days without anything further the firm wants to know."""
    context = writer(request)
    if not context.actor.is_manager:
        raise NotAllowed
    types = code_list(EventType)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            typed = Typed(request.POST)
            given = {one.code: typed.number(one.code) for one in types}
            typed.raise_if_any()
            set_silence_limits(context=context, limits=given)
        except Invalid as error:
            errors = faults(error)
        else:
            text = _("The limits of silence are saved.")
            return done(request, reverse("silence_limits"), text)
    language = get_language() or "sl"
    values = {
        "nav": "running",
        "errors": errors,
        "by_data": find_limits(context.actor),
        "types": [
            (
                one.code,
                one.name(language),
                request.POST.get(one.code, "") if errors else one.silence_days,
            )
            for one in types
        ],
    }
    status = 422 if errors else 200
    return show(request, "running/limits.html", values, status=status)
