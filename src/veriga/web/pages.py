"""What views share: who asks, the answer as a page or a piece, toasts, typed input."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from jinja2_fragments import render_block

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Actor, Context, Source
from veriga.common.errors import Invalid
from veriga.work.messages import message_of


def user_of(request: HttpRequest) -> User:
    """Return who is signed in; the middleware lets nobody else through."""
    return cast("User", request.user)


def reader(request: HttpRequest) -> Actor:
    """Return the actor that queries take."""
    return actor_of(user_of(request))


def writer(request: HttpRequest) -> Context:
    """Return the context that services take."""
    return Context(reader(request), timezone.now(), Source.FORM)


def is_htmx(request: HttpRequest) -> bool:
    """Tell whether htmx asks, so that a piece of the page is wanted."""
    return "HX-Request" in request.headers


def wants_window(request: HttpRequest) -> bool:
    """Tell whether the record window asks for its content alone."""
    return "X-Veriga-Window" in request.headers


def show(
    request: HttpRequest,
    template: str,
    values: Mapping[str, Any],
    *,
    block: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page, or only its `block` if one is named."""
    engine = cast("Jinja2", engines["jinja2"])
    # What Django's backend adds to a page. The token is masked once for all its forms.
    token = SimpleLazyObject(lambda: get_token(request))
    context = {
        **values,
        "request": request,
        "csrf_token": token,
        "csrf_input": SimpleLazyObject(lambda: _csrf_input(str(token))),
    }
    for processor in engine.template_context_processors:
        context.update(processor(request))
    if block is None:
        text = engine.env.get_template(template).render(context)
    else:
        text = render_block(engine.env, template, block, context)
    return HttpResponse(text, status=status)


def _csrf_input(token: str) -> SafeString:
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token
    )


def toast(
    response: HttpResponse,
    text: str,
    *,
    undo_url: str = "",
    undo_label: str = "",
    **events: Any,
) -> HttpResponse:
    """Return `response` with a toast, and further events, for the page to act on.

    `undo_label` is the word on its button if it is not "Undo".
    """
    about = {"text": text, "undo_url": undo_url, "undo_label": undo_label}
    said: dict[str, Any] = {"toast": about, **events}
    response["HX-Trigger"] = json.dumps(said)
    return response


def done(
    request: HttpRequest, address: str, text: str, *, undo_url: str = ""
) -> HttpResponse:
    """Answer a successful form without htmx: go to `address` and say `text` there."""
    messages.success(request, text, extra_tags=undo_url)
    return HttpResponseRedirect(address)


def faults(error: Invalid) -> dict[str, list[str]]:
    """Return the sentences to show beside each field; "" for the form as a whole."""
    found: dict[str, list[str]] = {}
    for one in error.errors:
        # Inputs of custom fields are called custom_<code>.
        place = one.field.replace("custom.", "custom_", 1)
        found.setdefault(place, []).append(message_of(one))
    if not found:
        found[""] = [message_of(error)]
    return found


class Typed:
    """What somebody typed into a form, turned into values; faults are collected.

    The typed text itself stays in `request.POST`, so a failed save gives it back.
    """

    def __init__(self, data: Mapping[str, str]) -> None:
        self.data = data
        self.problems: dict[str, str] = {}

    def text(self, name: str) -> str:
        return str(self.data.get(name, ""))

    def number(self, name: str) -> int | None:
        """Return a whole number, None if empty or not one (then a problem)."""
        value = self.text(name).strip()
        if not value:
            return None
        if not value.isascii() or not value.isdigit() or len(value) > 18:
            self.problems[name] = "wrong_type"
            return None
        return int(value)

    def day(self, name: str) -> date | None:
        """Return a day typed as the browser sends it (2026-11-23) or 23. 11. 2026."""
        value = self.text(name).strip()
        if not value:
            return None
        try:
            if "." in value:
                day, month, year = (int(p) for p in value.strip(".").split("."))
                return date(year, month, day)
            return date.fromisoformat(value)
        except ValueError:
            self.problems[name] = "not_a_date"
            return None

    def instant(self, day_name: str, clock_name: str) -> datetime | None:
        """Return the instant of a day and an hour in the installation's time zone."""
        day = self.day(day_name)
        clock = self.text(clock_name).strip() or "00:00"
        if day is None:
            return None
        try:
            hour, minute = (int(p) for p in clock.split(":")[:2])
            naive = datetime(day.year, day.month, day.day, hour, minute)
        except ValueError:
            self.problems[clock_name] = "not_a_date"
            return None
        return timezone.make_aware(naive, timezone.get_default_timezone())

    def moment(self, name: str) -> datetime | None:
        """Return an instant typed in one field (2026-11-23T09:00), None if empty."""
        value = self.text(name).strip()
        if not value:
            return None
        try:
            naive = datetime.fromisoformat(value)
            return timezone.make_aware(naive, timezone.get_default_timezone())
        except ValueError:  # no date, or one with an offset
            self.problems[name] = "not_a_date"
            return None

    def raise_if_any(self) -> None:
        """Raise Invalid with everything that could not be read."""
        from veriga.common.errors import FieldError

        if self.problems:
            raise Invalid(
                errors=[FieldError(name, code) for name, code in self.problems.items()]
            )


def plain(text: str) -> HttpResponse:
    """Return a sentence as an HTML piece."""
    return HttpResponse(f"<p>{escape(text)}</p>")
