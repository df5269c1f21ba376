"""The pages of insight: they read what the worker has stored, and tell it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from veriga.activities.queries.chains import list_named
from veriga.insight.queries.results import (
    get_result,
    list_paces,
    list_stalled,
    load_settings,
)
from veriga.insight.rules.words import ReportKind
from veriga.insight.services.settings import set_budget
from veriga.web.insight.behind import behind, said_behind
from veriga.web.insight.chances import (
    budget_names,
    tell_chain,
    tell_pace,
    tell_stalled,
)
from veriga.web.insight.followed import tell_followed
from veriga.web.insight.origins import tell_origins
from veriga.web.insight.shell import asked, frame, show_report
from veriga.web.insight.triggers import tell_triggers
from veriga.web.jinja import query_string
from veriga.web.pages import show, writer
from veriga.web.running import close_reasons
from veriga.web.words import outcome_name

from .insight_map import chains_of_way
from .lists import show_list


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the first page of insight."""
    response = redirect("insight:followed")
    response["Location"] += query_string(request.GET)
    return response


@require_GET
def followed(request: HttpRequest) -> HttpResponse:
    """What followed each kind of activity, and how soon; nothing causal."""
    return show_report(
        request, ReportKind.FOLLOWED, "insight/followed.html", tell_followed
    )


@require_GET
def triggers(request: HttpRequest) -> HttpResponse:
    """Which of our activities set things in motion, as far as can be claimed."""
    return show_report(
        request,
        ReportKind.TRIGGERS,
        "insight/triggers.html",
        lambda payload: tell_triggers(payload, request.GET.get("team", "")),
    )


@require_GET
def stalled(request: HttpRequest) -> HttpResponse:
    """The open chains beyond their limit of silence, the likeliest to move first."""
    ask = asked(request)
    stored = get_result(ask.actor, ReportKind.STALLED, ask.team_id)
    values = {
        **frame(request, ask, ReportKind.STALLED, stored),
        **tell_stalled(stored.payload or {}),
        "rows": [tell_chain(one) for one in list_stalled(ask.actor, ask.team_id)],
        "budgets": list(budget_names().items()),
        "chosen": load_settings(ask.actor).budget,
        "can_set": ask.actor.is_manager and ask.actor.sees_everything,
        "can_record": ask.actor.can_record,
        "reasons": close_reasons(),
    }
    return show_list(request, "insight/stalled.html", values)


@require_POST
def budget(request: HttpRequest) -> HttpResponse:
    """Set how seldom an open chain may be flagged in vain."""
    set_budget(context=writer(request), budget=request.POST.get("budget", ""))
    messages.success(
        request, _("The limit is computed anew; it is there in a few minutes.")
    )
    return redirect("insight:stalled")


@require_GET
def pace(request: HttpRequest) -> HttpResponse:
    """How fast the open chains move beside similar ones, the slowest first."""
    ask = asked(request)
    stored = get_result(ask.actor, ReportKind.PACE, ask.team_id)
    values = {
        **frame(request, ask, ReportKind.PACE, stored),
        **tell_pace(stored.payload or {}),
        "rows": [tell_chain(one) for one in list_paces(ask.actor, ask.team_id)],
    }
    return show_list(request, "insight/pace.html", values)


@require_GET
def origins(request: HttpRequest) -> HttpResponse:
    """How chains began, and how many of them got to a quote and to an order."""
    return show_report(
        request,
        ReportKind.ORIGINS,
        "insight/origins.html",
        lambda payload: tell_origins(payload, request.GET.get("by", "")),
    )


@require_GET
def chains(request: HttpRequest) -> HttpResponse:
    """The chains behind one figure, those that the user sees by now."""
    if request.GET.get("of") == ReportKind.MAP:
        return chains_of_way(request)
    ask = asked(request)
    found = behind(ask, request.GET.dict())
    listed = list_named(ask.actor, found.ids)
    values = {
        "nav": "insight",
        "found": found,
        "waited": None,
        "chains": listed,
        "said": said_behind(len(listed), found.total),
        "outcome_name": outcome_name,
    }
    return show(request, "insight/behind.html", values)
