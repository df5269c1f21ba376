"""The calendar: day, week, month, agenda; colleagues beside; moved by hand or keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from veriga.access.queries import user_names
from veriga.activities.queries.calendar import list_due, list_slots
from veriga.common.days import day_end, day_start
from veriga.common.errors import Invalid
from veriga.events.services import move_event
from veriga.setup.working import working_calendar
from veriga.web.calendar_page import (
    DAY,
    EARLIEST,
    LATEST,
    by_day,
    draw_hours,
    due_by_day,
    month_after,
    week_of,
    weeks_of_month,
)
from veriga.web.formats import day_iso, local_iso
from veriga.web.jinja import query_string
from veriga.web.offline import kept_offline
from veriga.web.pages import Typed, reader, writer

from .answers import changed
from .lists import choices, show_list

TEMPLATE = "calendar/page.html"
VIEWS: Final = ("week", "day", "month", "agenda")
AGENDA_DAYS: Final = 14
MOST_COLLEAGUES: Final = 6
NO_END: Final = "none"


@require_GET
@kept_offline("calendar", "view", "on", "with")
def page(request: HttpRequest) -> HttpResponse:
    """The user's calendar, and those of the colleagues that were chosen."""
    actor, now = reader(request), timezone.now()
    zone = timezone.get_current_timezone()
    today = timezone.localdate(now)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    on = Typed(request.GET).day("on") or today
    on = min(max(on, EARLIEST), LATEST)
    names = dict(user_names(actor))
    users = _users(request, actor.user_id or 0, names)
    days = _days(view, on)
    since, until = day_start(days[0], zone), day_end(days[-1], zone)
    slots = list_slots(actor, users, since=since, until=until, now=now)
    due = list_due(actor, users, since=since, until=until, now=now)
    values: dict[str, Any] = {
        "nav": "calendar",
        "view": view,
        "on": on,
        "today": today,
        "days": days,
        "users": users,
        "names": names,
        "me": actor.user_id,
        "colleagues": choices(
            (pk, n) for pk, n in names.items() if pk != actor.user_id
        ),
        "views": [(code, name, _at(request, view=code)) for code, name in _views()],
        "before": _at(request, on=day_iso(_step(view, on, -1))),
        "after": _at(request, on=day_iso(_step(view, on, 1))),
        "to_today": _at(request, on=None),
        "can_record": actor.can_record,
        "at": lambda **changes: _at(request, **changes),
        "is_free": lambda day: not working_calendar().is_working_day(day),
    }
    if view in {"week", "day"}:
        shown = users if view == "day" and len(users) > 1 else ()
        values["hours"] = draw_hours(
            days, slots, due, today=today, zone=zone, users=shown
        )
    else:
        values["slots"] = by_day(days, slots, zone)
        values["due"] = due_by_day(due, zone)
    if view == "month":
        values["weeks"] = weeks_of_month(on)
    return show_list(request, TEMPLATE, values)


@require_POST
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """Give an event another beginning and end, as times of the page: 2026-11-27T10:15.

    They stand in the address or in the form. Without an end it lasts as long as before;
    NO_END takes its end away, which undoes that it got one.
    """
    starts_at = _moment(_given(request, "starts"), "starts_at")
    given: dict[str, Any] = {"starts_at": starts_at}
    typed = _given(request, "ends")
    if typed:
        given["ends_at"] = None if typed == NO_END else _moment(typed, "ends_at")
    moved = move_event(context=writer(request), reference=reference, **given)
    back = {
        "starts": local_iso(moved.starts_at),
        "ends": local_iso(moved.ends_at) or NO_END,
    }
    return changed(
        request,
        reverse("calendar"),
        _("Moved: %(title)s") % {"title": moved.activity.title},
        undo_url=reverse("move_event", args=[reference]) + query_string(back),
    )


def _given(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name) or request.GET.get(name, "")).strip()


def _moment(text: str, field: str) -> datetime:
    """Return an instant typed by the clock of the page."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid.of(field, "not_a_date") from None
    if found.tzinfo is not None or not EARLIEST <= found.date() <= LATEST:
        raise Invalid.of(field, "not_a_date")
    return found.replace(tzinfo=timezone.get_current_timezone())


def _users(request: HttpRequest, me: int, names: Mapping[int, str]) -> list[int]:
    """Return whose calendars are shown: the user's own first."""
    typed = request.GET.getlist("with")
    wanted = [Typed({"with": text}).number("with") for text in typed]
    known = [pk for pk in dict.fromkeys(wanted) if pk and pk in names and pk != me]
    return [me, *known[:MOST_COLLEAGUES]]


def _days(view: str, on: date) -> list[date]:
    if view == "day":
        return [on]
    if view == "week":
        return week_of(on)
    if view == "month":
        return [day for week in weeks_of_month(on) for day in week]
    return [on + n * DAY for n in range(AGENDA_DAYS)]


def _step(view: str, on: date, step: int) -> date:
    if view == "month":
        return month_after(on, step)
    length = {"day": 1, "week": 7, "agenda": AGENDA_DAYS}[view]
    return on + timedelta(days=step * length)


def _at(request: HttpRequest, **changes: object) -> str:
    """Return this calendar's address with other values."""
    return reverse("calendar") + query_string(request.GET, **changes)


def _views() -> list[tuple[str, str]]:
    return [
        ("day", pgettext("calendar", "Day")),
        ("week", pgettext("calendar", "Week")),
        ("month", pgettext("calendar", "Month")),
        ("agenda", pgettext("calendar", "Agenda")),
    ]
