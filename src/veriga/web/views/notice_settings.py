"""What a user is told of: before events, at deadlines, at silence, when mentioned."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from veriga.common.errors import Invalid, Problems
from veriga.setup.models import NoticeSettings
from veriga.setup.notices import settings_of
from veriga.setup.rules import LEADS_MIN
from veriga.setup.services import change_notice_settings
from veriga.setup.services.notice_settings import CLOCKS, SWITCHES
from veriga.web.pages import done, show, user_of, writer

from .saving import problems_of


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The form; a POST saves it, in force at once."""
    values = _shown(settings_of(user_of(request).pk))
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        values = {name: request.POST.get(name, "") for name in values}
        try:
            change_notice_settings(context=writer(request), changes=_read(values))
        except Invalid as error:
            errors = problems_of(error)
        else:
            text = _("The settings were saved.")
            return done(request, reverse("me:notices"), text)
    context = {
        "values": values,
        "errors": errors,
        "leads": [("", _("Not at all")), *((str(m), _lead(m)) for m in LEADS_MIN)],
        "rows": [
            ("event", _("Before an event")),
            ("deadline", _("In the morning of a deadline")),
            ("silence", _("When a chain of mine is silent too long")),
            ("mention", _("When I am mentioned, or something becomes mine")),
        ],
        "can_mail": bool(settings.EMAIL_HOST),
    }
    status = 422 if errors else 200
    return show(request, "me/notices.html", context, status=status)


def _lead(minutes: int) -> str:
    if minutes == 24 * 60:
        return _("One day before")
    if minutes == 60:
        return _("One hour before")
    return ngettext("%(num)d minute before", "%(num)d minutes before", minutes) % {
        "num": minutes
    }


def _shown(stored: NoticeSettings) -> dict[str, str]:
    clocks = {name: getattr(stored, name) for name in CLOCKS}
    lead = stored.event_lead_min
    return {
        "event_lead_min": "" if lead is None else str(lead),
        **{name: "on" if getattr(stored, name) else "" for name in SWITCHES},
        **{name: f"{at:%H:%M}" if at else "" for name, at in clocks.items()},
    }


def _read(typed: dict[str, str]) -> dict[str, Any]:
    problems = Problems()
    found: dict[str, Any] = {name: typed[name] == "on" for name in SWITCHES}
    lead = typed["event_lead_min"]
    found["event_lead_min"] = None if not lead else _number(lead)
    for name in CLOCKS:
        text = typed[name].strip()
        found[name] = None
        if text:
            try:
                found[name] = time.fromisoformat(text).replace(second=0, microsecond=0)
            except ValueError:
                problems.add(name, "wrong_type")
            else:
                if found[name].tzinfo is not None:
                    problems.add(name, "wrong_type")
    problems.raise_if_any()
    return found


def _number(text: str) -> int:
    """Return a number, 0 (which nobody may choose) if it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
