"""What all pages of insight share: whose figures, of when, of how many; the tabs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veriga.access.queries import list_teams
from veriga.access.rules import Actor, Scope
from veriga.insight.queries.results import Stored, get_result
from veriga.insight.rules.words import ReportKind
from veriga.web.jinja import query_string
from veriga.web.pages import reader
from veriga.web.views.lists import choices, show_list

from .names import read_team

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page of insight was asked: by whom, of which team (None: all they see)."""

    actor: Actor
    team_id: int | None
    teams: list[tuple[str, str]]


def asked(request: HttpRequest) -> Asked:
    """Return what the address asks; NotFound for a team one may not see."""
    actor = reader(request)
    team_id = read_team(request.GET.get("team", ""))
    teams = choices(
        (team.pk, team.name)
        for team in list_teams(actor)
        if actor.sees_everything
        or (actor.scope is Scope.TEAM and actor.team_id == team.pk)
    )
    return Asked(actor, team_id, teams)


def show_report(
    request: HttpRequest,
    kind: ReportKind,
    template: str,
    tell: Callable[[Payload], dict[str, Any]],
) -> HttpResponse:
    """Return the page of a stored report; `tell` makes of it what the template shows.

    While there is none the page says why; its template asks `stored.is_there`.
    """
    ask = asked(request)
    stored = get_result(ask.actor, kind, ask.team_id)
    told = tell(stored.payload) if stored.payload is not None else {}
    return show_list(request, template, {**frame(request, ask, kind, stored), **told})


def frame(
    request: HttpRequest, ask: Asked, kind: ReportKind, stored: Stored
) -> dict[str, Any]:
    """Return what the head of every page of insight needs."""
    kept = query_string({"team": ask.team_id})
    return {
        "coverage": (stored.payload or {}).get("coverage"),
        "nav": "insight",
        "kind": str(kind),
        "names": page_names(),
        "stored": stored,
        "teams": ask.teams,
        "team": str(ask.team_id or ""),
        "tabs": [
            (name, reverse(f"insight:{one}") + kept, one == kind)
            for one, name in page_names().items()
        ],
    }


def page_names() -> dict[str, str]:
    """Return the pages in their order."""
    return {
        ReportKind.FOLLOWED: _("What followed"),
        ReportKind.TRIGGERS: _("What speeds things up"),
        ReportKind.STALLED: pgettext("insight", "Stalled"),
        ReportKind.PACE: pgettext("insight", "Pace"),
        ReportKind.MAP: _("Process map"),
        ReportKind.ORIGINS: pgettext("insight", "Origins"),
    }
