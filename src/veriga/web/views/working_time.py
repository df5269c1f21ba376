"""When the firm works: country of the public holidays, opening hours, own free days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any

import holidays
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from veriga.common.errors import FieldError, Invalid
from veriga.setup.preferences import working_time
from veriga.setup.services import change_working_time
from veriga.web.forms.parties import countries
from veriga.web.pages import Typed, done, show

from .saving import problems_of
from .users import administrator


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The form of the working time; a POST saves it, in force at once."""
    context = administrator(request)
    stored = working_time()
    shown: dict[str, Any] = {
        "country": stored.country,
        "opens": f"{stored.opens:%H:%M}",
        "closes": f"{stored.closes:%H:%M}",
        # In the writing that the form reads, whatever the language of the page.
        "free_days": "\n".join(
            f"{day.day}. {day.month}. {day.year}" for day in stored.free_days
        ),
    }
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        shown = {name: request.POST.get(name, "") for name in shown}
        try:
            change_working_time(
                context=context,
                country=shown["country"],
                opens=_clock(shown["opens"], "opens"),
                closes=_clock(shown["closes"], "closes"),
                free_days=list(_days(shown["free_days"])),
            )
        except Invalid as error:
            errors = problems_of(error)
        else:
            text = _("The settings were saved.")
            return done(request, reverse("settings:page"), text)
    known = holidays.list_supported_countries()
    values = {
        "nav": "settings",
        "shown": shown,
        "errors": errors,
        "countries": [one for one in countries() if one[0] in known],
    }
    status = 422 if errors else 200
    return show(request, "settings/working_time.html", values, status=status)


def _clock(text: str, field: str) -> time | None:
    """Return a time of day as the browser sends it, `08:00`; None of an empty one."""
    if not text.strip():
        return None
    try:
        found = time.fromisoformat(text.strip())
    except ValueError:
        raise Invalid.of(field, "wrong_type") from None
    if found.tzinfo is not None:
        raise Invalid.of(field, "wrong_type")
    return found.replace(second=0, microsecond=0)


def _days(text: str) -> Iterable[date]:
    """Yield the days of a text, one in each line, as people or browsers write them."""
    for line in text.splitlines():
        if line.strip():
            typed = Typed({"free_days": line})
            found = typed.day("free_days")
            if found is None:
                raise Invalid(errors=[FieldError("free_days", "not_a_date")])
            yield found
