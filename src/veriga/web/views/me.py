"""One's own account, the way into the demo, and the link of an invitation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from veriga.access.queries import find_user, get_user, get_user_of_link, list_tokens
from veriga.access.rules import system
from veriga.access.services import (
    change_own_password,
    create_token,
    revoke_token,
    set_password_by_link,
)
from veriga.common.errors import Conflict, Invalid, NotFound
from veriga.setup.preferences import keeps_offline
from veriga.web.accounts import BACKEND
from veriga.web.forms.opened import edited, version_of
from veriga.web.forms.parties import shown
from veriga.web.forms.people import (
    PROFILE_FIELDS,
    languages,
    read_new_password,
    read_profile,
    roles,
    scopes,
    themes,
)
from veriga.web.pages import done, faults, is_htmx, show, user_of, writer
from veriga.work.services.people import update_own_profile

from .lists import address_back
from .saving import moved, problems_of
from .signin import demo_people

YEAR_S = 365 * 24 * 60 * 60


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Everything of one's own: profile, password, API tokens."""
    if request.method == "GET":
        return _show_account(request)
    try:
        user = update_own_profile(
            context=writer(request),
            expected_version=version_of(request.POST),
            **read_profile(request.POST),
        )
    except (Invalid, Conflict) as error:
        return _show_account(request, part="profile", error=error)
    with translation.override(user.language):
        said = _("Your account was saved.")
    response = done(request, reverse("me:account"), said)
    # So that the sign-in page speaks the same language.
    response.set_cookie("language", user.language, max_age=YEAR_S, samesite="Lax")
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose light, dark, or as the computer is."""
    chosen = request.POST.get("theme", "")
    update_own_profile(context=writer(request), theme=chosen)
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return HttpResponseRedirect(address_back(request) or reverse("me:account"))


@sensitive_post_parameters()
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other browsers are signed out."""
    try:
        user = change_own_password(
            context=writer(request),
            old=request.POST.get("old", ""),
            new=read_new_password(request.POST),
        )
    except Invalid as error:
        return _show_account(request, part="password", error=error)
    update_session_auth_hash(request, user)
    said = _("Your password was changed. Other browsers are signed out.")
    return done(request, reverse("me:account"), said)


@never_cache
@require_POST
def tokens(request: HttpRequest) -> HttpResponse:
    """Make an API token; this answer is the only place that shows its secret."""
    try:
        name = request.POST.get("name", "")
        token, secret = create_token(context=writer(request), name=name)
    except Invalid as error:
        return _show_account(request, part="token", error=error)
    return _show_account(request, made=(token.name, secret))


@require_POST
def revoke(request: HttpRequest, id: int) -> HttpResponse:
    """Make an API token useless."""
    revoke_token(context=writer(request), token_id=id)
    return moved(request, reverse("me:account"), _("The token was revoked."))


@login_not_required
@require_POST
def enter_demo(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the people of the demo, without a password."""
    email = request.POST.get("email", "")
    if email not in {person["email"] for person in demo_people()}:
        raise NotFound
    user = find_user(system("demo"), email)
    if not user.is_active:
        raise NotFound
    login(request, user, backend=BACKEND)
    return HttpResponseRedirect(reverse("home"))


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Choose a password by the link of an invitation or reset, and be signed in."""
    values: dict[str, Any] = {"errors": {}}
    try:
        invited = get_user_of_link(uid, token)
        if request.method == "POST":
            new = read_new_password(request.POST)
            user = set_password_by_link(
                uid=uid, token=token, password=new, now=timezone.now()
            )
            login(request, user, backend=BACKEND)
            messages.success(request, _("Your password is set."))
            return HttpResponseRedirect(reverse("home"))
    except NotFound:
        return show(request, "account/link_expired.html", values, status=410)
    except Invalid as error:
        values["errors"] = faults(error)
    values["invited"] = invited
    status = 422 if values["errors"] else 200
    return show(request, "account/welcome.html", values, status=status)


def _show_account(
    request: HttpRequest,
    *,
    part: str = "",
    error: Invalid | Conflict | None = None,
    made: tuple[str, str] | None = None,
) -> HttpResponse:
    """Return the page; `part` is the form that is given back with its `error`.

    `made`: name and secret of a token that was made just now.
    """
    actor = writer(request).actor
    user = get_user(actor, user_of(request).pk)
    stored = shown(user, PROFILE_FIELDS)
    is_stale = error is not None and error.code == "stale"
    form = edited(
        request.POST if part == "profile" else {},
        stored,
        user.row_version,
        is_stale=is_stale,
        options={"language": languages(), "theme": themes()},
    )
    context = {
        "me": user,
        "role_name": dict(roles())[user.role],
        "scope": dict(scopes())[user.scope],
        "values": form.values,
        "version": form.version,
        "opened": form.opened,
        "notes": form.notes,
        "errors": {part: problems_of(error)} if error else {},
        "token_name": request.POST.get("name", "") if part == "token" else "",
        "languages": languages(),
        "themes": themes(),
        "tokens": list_tokens(actor),
        "made": made,
        "offline_allowed": keeps_offline(),
    }
    return show(request, "me/account.html", context, status=422 if error else 200)
