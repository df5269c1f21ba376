"""Veriga on a phone: its manifest, its service worker, and what that one asks for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from veriga.access.services import keep_offline
from veriga.parties.queries import list_portable
from veriga.setup.preferences import keeps_offline
from veriga.setup.services import change_offline
from veriga.web.offline import offline_mark, worker_text
from veriga.web.pages import done, reader, show, user_of, writer

from .users import administrator

HOUR_S = 60 * 60
MOST_OPENED = 60
ICONS = (("192", "any"), ("512", "any"), ("192", "maskable"), ("512", "maskable"))


@login_not_required
@require_safe
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """What a browser asks for before it installs Veriga."""
    with translation.override(_known(language)):
        response = JsonResponse(_manifest(language))
    response["Content-Type"] = "application/manifest+json"
    response["Cache-Control"] = f"public, max-age={HOUR_S}"
    return response


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; browsers ask for a newer one by themselves."""
    return HttpResponse(
        worker_text(),
        content_type="text/javascript; charset=utf-8",
        headers={"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"},
    )


@login_not_required
@require_safe
def page(request: HttpRequest, language: str) -> HttpResponse:
    """What is shown without a signal in place of a page that is not kept.

    It says nothing of anybody, so it may lie on any device.
    """
    with translation.override(_known(language)):
        return show(request, "offline/page.html", {})


@never_cache
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """Who is signed in, as the worker knows them, and the token it sends notes with."""
    mark = offline_mark(user_of(request))
    return JsonResponse({"mark": mark, "token": get_token(request)})


@never_cache
@require_GET
def companies(request: HttpRequest) -> HttpResponse:
    """The user's companies and those opened last, for the form without a signal."""
    if not offline_mark(user_of(request)):
        return JsonResponse({"companies": []})
    asked = request.GET.get("opened", "").split(",")[:MOST_OPENED]
    opened = [int(one) for one in asked if one.isascii() and one.isdigit()]
    found = list_portable(reader(request), opened)
    rows = [[one.pk, one.name, one.town, one.contacts] for one in found]
    return JsonResponse({"companies": rows})


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Let one's own devices keep pages, or let them delete what they have kept."""
    is_on = request.POST.get("keeps_offline") == "on"
    keep_offline(context=writer(request), is_on=is_on)
    said = _("Your devices keep pages for when there is no signal.")
    if not is_on:
        said = _("Your devices keep nothing any more.")
    return done(request, f"{reverse('me:account')}#offline-choice", said)


@require_http_methods(["GET", "POST"])
def setting(request: HttpRequest) -> HttpResponse:
    """Whether anybody's devices may keep pages at all."""
    context = administrator(request)
    if request.method == "POST":
        is_on = request.POST.get("keeps_offline") == "on"
        change_offline(context=context, keeps_offline=is_on)
        return done(request, reverse("settings:page"), _("The settings were saved."))
    values = {"nav": "settings", "is_on": keeps_offline()}
    return show(request, "settings/offline.html", values)


def _known(language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return language


def _manifest(language: str) -> dict[str, Any]:
    icons = [
        {
            "src": static(f"img/icon-{'maskable-' * (use == 'maskable')}{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": use,
        }
        for size, use in ICONS
    ]
    small = icons[:1]
    ways = (
        (_("Visit note"), f"{reverse('quick')}?what=event:visit"),
        (_("Desk"), reverse("desk")),
        (_("Calendar"), f"{reverse('calendar')}?view=day"),
    )
    return {
        "id": "/",
        "name": "Veriga",
        "short_name": "Veriga",
        "description": _("Customers, chains of work and what comes next."),
        "lang": language,
        "dir": "ltr",
        "start_url": reverse("desk"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f6f9",
        "theme_color": "#ffffff",
        "categories": ["business", "productivity"],
        "icons": icons,
        "shortcuts": [
            {"name": name, "url": address, "icons": small} for name, address in ways
        ],
    }
