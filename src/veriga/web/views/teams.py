"""Teams: how many are in each; the administrator makes and renames them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from veriga.access.queries import get_team, list_teams, list_users
from veriga.access.services import create_team, rename_team
from veriga.common.errors import Conflict, Invalid
from veriga.web.forms.opened import version_of

from .lists import show_list
from .saving import problems_of, show_window, version_for
from .users import administrator, closed

if TYPE_CHECKING:
    from veriga.access.models import Team


@require_GET
def team_list(request: HttpRequest) -> HttpResponse:
    """All teams with the number of their active members."""
    actor = administrator(request).actor
    teams = list_teams(actor)
    members = Counter(user.team_id for user in list_users(actor, active_only=True))
    values = {
        "nav": "teams",
        "rows": [(team, members[team.pk]) for team in teams],
    }
    return show_list(request, "teams/list.html", values)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new team."""
    context = administrator(request)
    if request.method == "GET":
        return _show_form(request, "")
    name = request.POST.get("name", "")
    try:
        create_team(context=context, name=name)
    except Invalid as error:
        return _show_form(request, name, error)
    return closed(request, reverse("teams:list"), _("The team was added."))


@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, id: int) -> HttpResponse:
    """The form of a team."""
    context = administrator(request)
    team = get_team(context.actor, id)
    if request.method == "GET":
        return _show_form(request, team.name, team=team)
    name = request.POST.get("name", "")
    try:
        version = version_of(request.POST)
        rename_team(context=context, team_id=id, name=name, expected_version=version)
    except (Invalid, Conflict) as error:
        return _show_form(request, name, error, team=team)
    return closed(request, reverse("teams:list"), _("The team was saved."))


def _show_form(
    request: HttpRequest,
    name: str,
    error: Invalid | Conflict | None = None,
    *,
    team: Team | None = None,
) -> HttpResponse:
    is_stale = error is not None and error.code == "stale"
    context = {
        "nav": "teams",
        "team": team,
        "name": name,
        "version": version_for(request, team, is_stale=is_stale),
        "errors": problems_of(error) if error else {},
        "now_stored": team.name if is_stale and team else "",
    }
    status = 422 if error else 200
    return show_window(request, "teams/form.html", context, status=status)
