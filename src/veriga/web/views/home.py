"""The first page, and the numbers in the menu."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from veriga.common.errors import NotFound
from veriga.setup.notices import count_unread
from veriga.setup.views import pinned_views
from veriga.web.pages import reader
from veriga.work.queries.overview import own_work

from .activities import NAVS
from .relations import show_relations


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The story's company in the demo, else the desk."""
    start = demo_start()
    if start:
        hints = start.get("hints", {}).get((get_language() or "sl")[:2], [])
        try:
            return show_relations(request, int(start["company"]), hints=hints)
        except NotFound:
            pass  # somebody who does not see that company has work of their own
    return HttpResponseRedirect(reverse("desk"))


@require_GET
def counts(request: HttpRequest) -> HttpResponse:
    """What the menu holds: {"tasks": {"number": 3, "late": 1}, ..., "views": [...]}.

    The numbers are the user's own open work, the views those in their menu.
    """
    actor = reader(request)
    work = own_work(actor, now=timezone.now())
    found: dict[str, Any] = {
        nav: {"number": work[kind].number, "late": work[kind].late}
        if kind in work
        else {"number": 0, "late": 0}
        for kind, nav in NAVS.items()
    }
    found["notices"] = {"number": count_unread(actor), "late": 0}
    found["views"] = [
        {"name": view.name, "address": reverse("open_view", kwargs={"id": view.pk})}
        for view in pinned_views(actor)
    ]
    return JsonResponse(found)


def demo_start() -> dict[str, Any] | None:
    """Return where the demo begins: {"company": id, "hints": {"sl": [...], ...}}.

    The demo writes it to the file that VERIGA_DEMO_START names, because the page must
    not know the demo; None outside the demo or if there is no such file.
    """
    if not (settings.DEMO and settings.DEMO_START):
        return None
    path = Path(settings.DEMO_START)
    if not path.is_file():
        return None
    start: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return start
