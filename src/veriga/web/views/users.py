"""Users: whom the administrator invites and changes; everybody picks colleagues."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from veriga.access.queries import get_user, list_teams, list_users
from veriga.access.rules import Context
from veriga.access.services import activate_user, create_user, deactivate_user
from veriga.common.checks import clean_query
from veriga.common.errors import Conflict, Invalid, NotAllowed
from veriga.common.text import fold
from veriga.web.accounts import link_address, send_link
from veriga.web.forms.opened import edited, typed_over, version_of
from veriga.web.forms.people import (
    RIGHTS,
    USER_FIELDS,
    languages,
    read_user,
    role_notes,
    roles,
    scopes,
    shown_user,
)
from veriga.web.pages import is_htmx, reader, show, user_of, writer
from veriga.work.messages import message_of
from veriga.work.services.people import update_user

from .lists import choices, show_list
from .saving import problems_of, saved, show_window

if TYPE_CHECKING:
    from veriga.access.models import User

FOUND_LIMIT = 20
NEW = {"role": "sales", "scope": "", "language": settings.LANGUAGE_CODE}


def administrator(request: HttpRequest) -> Context:
    """Return the context of an administrator; nobody else has these pages."""
    context = writer(request)
    if not context.actor.is_administrator:
        raise NotAllowed
    return context


@require_GET
def user_list(request: HttpRequest) -> HttpResponse:
    """All users by name, those who have left at the end."""
    actor = administrator(request).actor
    users = sorted(list_users(actor), key=lambda user: not user.is_active)
    values = {
        "nav": "users",
        "rows": users,
        "roles": dict(roles()),
        "scopes": dict(scopes()),
    }
    return show_list(request, "users/list.html", values)


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """What a picker of active colleagues offers for the typed text."""
    typed = fold(clean_query(request.GET.get("q", "")))
    users = list_users(reader(request), active_only=True)
    found = [u for u in users if typed in fold(u.name) or typed in u.email]
    # Whose name begins so, or a word of it, comes before whom an address brought up.
    found.sort(key=lambda user: f" {typed}" not in f" {fold(user.name)}")
    return show(request, "users/find.html", {"users": found[:FOUND_LIMIT]})


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Invite somebody: the page with their link follows, once."""
    context = administrator(request)
    empty = {**dict.fromkeys(USER_FIELDS, ""), **NEW}
    if request.method == "GET":
        return _show_form(request, empty)
    try:
        values = {"name": "", "email": "", "role": "", **read_user(request.POST)}
        values["scope"] = values.get("scope") or None
        values["language"] = request.POST.get("language") or None
        user = create_user(context=context, **values)
    except Invalid as error:
        return _show_form(request, typed_over(request.POST, empty), error)
    return _show_link(request, context, user, is_invitation=True)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, id: int) -> HttpResponse:
    """What the administrator may change about a user."""
    context = administrator(request)
    user = get_user(context.actor, id)
    if request.method == "GET":
        return _show_form(request, shown_user(user), user=user)
    try:
        update_user(
            context=context,
            user_id=id,
            expected_version=version_of(request.POST),
            **read_user(request.POST),
        )
    except (Invalid, Conflict) as error:
        return _show_form(request, shown_user(user), error, user=user)
    return closed(request, reverse("users:list"), _("The user was saved."))


@require_POST
def set_active(request: HttpRequest, id: int) -> HttpResponse:
    """Let a user sign in again, or no more: active=1 or 0."""
    context = administrator(request)
    user = get_user(context.actor, id)
    is_active = request.POST.get("active") == "1"
    change = activate_user if is_active else deactivate_user
    try:
        change(context=context, user_id=id)
    except Conflict as error:
        return _show_form(request, shown_user(user), error, user=user)
    said = _("The user was activated.") if is_active else _("The user was deactivated.")
    return saved(request, reverse("users:page", kwargs={"id": id}), said)


@never_cache
@require_POST
def reset(request: HttpRequest, id: int) -> HttpResponse:
    """Make a link with which a user chooses a new password, shown once."""
    context = administrator(request)
    user = get_user(context.actor, id)
    return _show_link(request, context, user, is_invitation=False)


def closed(request: HttpRequest, address: str, text: str) -> HttpResponse:
    """Answer a form that was saved: its window closes over the list at `address`."""
    if not is_htmx(request):
        messages.success(request, text)
        return HttpResponseRedirect(address)
    response = HttpResponse(status=204)
    event = {"text": text, "close": True}
    response["HX-Trigger"] = json.dumps({"veriga:saved": event})
    return response


def _show_link(
    request: HttpRequest, context: Context, user: User, *, is_invitation: bool
) -> HttpResponse:
    """Make a link and show it: nothing of it is stored, so this is the only time."""
    link = link_address(request, context, user)
    values = {
        "nav": "users",
        "shown": user,
        "link": link,
        "is_invitation": is_invitation,
        "sends_mail": bool(settings.EMAIL_HOST),
        "is_sent": send_link(user, link, is_invitation=is_invitation),
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
    }
    response = show_window(request, "users/link.html", values)
    response["HX-Trigger"] = json.dumps({"veriga:changed": {}})
    return response


def _show_form(
    request: HttpRequest,
    values: dict[str, str],
    error: Invalid | Conflict | None = None,
    *,
    user: User | None = None,
) -> HttpResponse:
    """Return the form, given back with what is wrong if there is an error.

    `values` are those of a new user, or what is stored of one who is there.
    """
    is_stale = error is not None and error.code == "stale"
    options = {
        "role": roles(),
        "scope": scopes(),
        "team_id": choices((t.pk, t.name) for t in list_teams(reader(request))),
        **{name: [("on", _("Yes")), ("", _("No"))] for name in RIGHTS},
    }
    form = edited(
        request.POST if user else {},
        values,
        user.row_version if user else "",
        is_stale=is_stale,
        options=options,
    )
    context: dict[str, Any] = {
        "nav": "users",
        "shown": user,
        "is_self": user == user_of(request),
        "values": form.values,
        "version": form.version,
        "opened": form.opened,
        "notes": form.notes,
        "errors": _problems(error) if error else {},
        "options": options,
        "languages": languages(),
        "role_notes": role_notes(),
    }
    status = 422 if error else 200
    return show_window(request, "users/form.html", context, status=status)


def _problems(error: Invalid | Conflict) -> dict[str, list[str]]:
    if error.code == "own_last_administrator":
        return {"role": [message_of(error)]}
    return problems_of(error)
