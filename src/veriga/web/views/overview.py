"""The activity overview: by company, by colleague, the calendar, and what is beside."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from veriga.access.queries import colleague_names
from veriga.access.rules import Actor
from veriga.activities.queries.calendar import list_due, list_slots
from veriga.activities.queries.periods import PeriodFilters, list_in_period
from veriga.common.days import day_end, day_start
from veriga.common.errors import NotFound
from veriga.parties.models import Company
from veriga.parties.queries import find_companies, get_company
from veriga.setup.working import working_calendar
from veriga.web.calendar_page import (
    by_day,
    draw_hours,
    due_by_day,
    month_after,
    week_of,
    weeks_of_month,
)
from veriga.web.formats import day_iso, number
from veriga.web.forms.overview import PANES, Asked, is_list, read_overview
from veriga.web.jinja import query_string
from veriga.web.pages import is_htmx, reader, show
from veriga.web.pieces import url
from veriga.work.queries.beside import Beside, beside_company, get_beside

from .activities import gatherings_of, kind_names, state_names, whole_list
from .lists import said_count

BAR: Final = "bar"
LIST_PIECES: Final = ("div#list", "p#result-count")
WIDE, HIGH = 65, 50  # shares of the lists, in hundredths, where none is remembered
STEP: Final = 5
ANY_DAY: Final = date(7777, 7, 7)  # a day that no address holds by itself
# Of the ids of rows: the same one may stand in both lists.
PREFIXES: Final = {"companies": "row", "colleagues": "of-colleague"}
FIRST_ROWS, FURTHER_ROWS = 25, 50  # a pane shows some ten; "Show next 50" the others
_KEPT: Final = re.compile(r"(wide|high)\.(\d\d)|(closed)((?:\.[a-z]+)*)|(narrow)\.1")


@dataclass(frozen=True, slots=True)
class Sight:
    """How somebody left the panes: shares, what is closed, whether it is a phone."""

    wide: int = WIDE
    high: int = HIGH
    closed: tuple[str, ...] = ()
    is_narrow: bool = False


@dataclass(slots=True)
class _Page:
    """What the parts of one answer share."""

    request: HttpRequest
    actor: Actor
    asked: Asked
    now: datetime
    names: dict[int, str]
    company: Company | None = None

    @property
    def me(self) -> int:
        return self.actor.user_id or 0

    def at(self, **changes: object) -> str:
        """Return this page's address with other values."""
        gone = {"cursor": None, "more": None, "firm_text": None}
        query = query_string(self.request.GET, **{**gone, **changes})
        return url("activities:overview") + query


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The overview, the parts of it that are asked for, or the list alone."""
    if is_list(request.GET) or request.headers.get("HX-Target", "") in LIST_PIECES:
        return whole_list(request)
    actor, now = reader(request), timezone.now()
    me = actor.user_id or 0
    names = dict(colleague_names(actor))
    asked = read_overview(
        request.GET, me=me, known=names, today=timezone.localdate(now)
    )
    this = _Page(request, actor, asked, now, names)
    this.company = _company(this)
    sight = read_sight(request.COOKIES.get(cookie_of(me), ""))
    if is_htmx(request) and "cursor" in request.GET:
        return _further_rows(this)
    is_piece = is_htmx(request)
    wanted = _parts(request) if is_piece else _visible(sight, asked.pane)
    values: dict[str, Any] = {
        "nav": "overview",
        "asked": asked,
        "at": this.at,
        "me": me,
        "names": names,
        "company": this.company,
        "wanted": wanted,
        "add_query": f"?company={this.company.pk}" if this.company else "",
    }
    for name in wanted:
        values |= _FILLERS[name](this)
    if is_piece:
        return show(request, "overview/parts.html", values)
    values |= _bar(this) | {"sight": sight, "cookie": cookie_of(me)}
    return show(request, "overview/page.html", values)


def cookie_of(user_id: int) -> str:
    """Return the name of the cookie in which the browser remembers the panes."""
    return f"overview_{user_id}"


def read_sight(text: str) -> Sight:
    """Return how the panes were left: "wide.60_high.50_closed.calendar_narrow.1"."""
    found: dict[str, Any] = {}
    for part in text[:200].split("_"):
        match = _KEPT.fullmatch(part)
        if match is None:
            continue
        share, size, closed, panes, narrow = match.groups()
        if share:
            found[share] = min(max(int(size) // STEP * STEP, 30), 75)
        elif closed:
            found["closed"] = tuple(p for p in PANES if p in panes.split("."))
        elif narrow:
            found["is_narrow"] = True
    return Sight(**found)


def _visible(sight: Sight, pane: str) -> list[str]:
    """Return the panes that somebody sees at once; the others come when they open."""
    if sight.is_narrow:
        return [pane]
    return [name for name in PANES if name not in sight.closed]


def _parts(request: HttpRequest) -> list[str]:
    """Return the parts of the page that are asked for."""
    named = request.headers.get("X-Panes", "").split()
    if not named:
        target = request.headers.get("HX-Target", "")
        named = [target.removeprefix("div#pane-")]
    return [name for name in (BAR, *PANES) if name in named]


def _company(this: _Page) -> Company | None:
    """Return the chosen company; without script it may be typed. NotFound."""
    if this.asked.company_id is not None:
        return get_company(this.actor, this.asked.company_id)
    typed = this.request.GET.get("firm_text", "").strip()
    return next(iter(find_companies(this.actor, typed)), None) if typed else None


def _filters(this: _Page, **narrowed: Any) -> PeriodFilters:
    asked = this.asked
    return PeriodFilters(
        kind=asked.kind,
        state=asked.state,
        since=asked.since,
        until=asked.until,
        **narrowed,
    )


def _listed(this: _Page, pane: str) -> dict[str, Any]:
    """Return the rows of one of the two lists."""
    if pane == "companies":
        company_id = this.company.pk if this.company else None
        filters = _filters(this, company_id=company_id)
    else:
        filters = _filters(this, owner_ids=this.asked.users)
    data = this.request.GET
    cursor = data.get("cursor") if data.get("more") == pane else None
    page_ = list_in_period(
        this.actor,
        filters,
        now=this.now,
        limit=FURTHER_ROWS if cursor else FIRST_ROWS,
        cursor=cursor,
    )
    following = this.at(cursor=page_.next, more=pane) if page_.next else ""
    if page_.next:
        count = _("%(num)s+ results") % {"num": number(len(page_.rows))}
    else:
        count = said_count(len(page_.rows))
    return {
        "rows": page_.rows,
        "gatherings": gatherings_of(this.actor, page_.rows, filters.gathers),
        "next_url": following,
        "count": count if cursor is None else "",
        "prefix": PREFIXES[pane],
    }


def _companies(this: _Page) -> dict[str, Any]:
    query = query_string(
        {
            "company": this.company.pk if this.company else None,
            "kind": this.asked.kind,
            "state": this.asked.state,
            "from": day_iso(this.asked.since),
            "to": day_iso(this.asked.until),
            "shown": "list",
        }
    )
    return {
        "of_companies": _listed(this, "companies"),
        "list_url": url("activities:overview") + query,
    }


def _colleagues(this: _Page) -> dict[str, Any]:
    return {"of_colleagues": _listed(this, "colleagues")}


def _further_rows(this: _Page) -> HttpResponse:
    pane = "colleagues" if this.request.GET.get("more") == "colleagues" else "companies"
    values = {**_listed(this, pane), "pane": pane}
    return show(this.request, "overview/rows.html", values)


def _calendar(this: _Page) -> dict[str, Any]:
    asked, view, on = this.asked, this.asked.view, this.asked.on
    zone, today = timezone.get_current_timezone(), timezone.localdate(this.now)
    weeks = weeks_of_month(on) if view == "month" else [week_of(on)]
    days = [on] if view == "day" else [day for week in weeks for day in week]
    since, until = day_start(days[0], zone), day_end(days[-1], zone)
    span = {"since": since, "until": until, "now": this.now}
    # A small month says how much there is on each day, and nothing else of it.
    slots = list_slots(this.actor, asked.shown, only_times=view == "month", **span)
    due = list_due(this.actor, asked.shown, **span)
    working = working_calendar()
    values: dict[str, Any] = {
        "view": view,
        "on": on,
        "today": today,
        "days": days,
        "weeks": weeks,
        "users": list(asked.shown),
        "can_record": this.actor.can_record,
        "is_free": lambda day: not working.is_working_day(day),
        "day_url": _day_address(this),
        "hours_at": lambda on, view: _span_address(
            this, date.fromisoformat(on), date.fromisoformat(on), on=on
        ),
        "views": [(code, name, this.at(view=code)) for code, name in _views()],
        "before": this.at(on=day_iso(_step(view, on, -1))),
        "after": this.at(on=day_iso(_step(view, on, 1))),
        "to_today": this.at(on=None),
        "whole_url": url("calendar")
        + query_string({"view": view, "on": day_iso(on), "with": asked.shown[1:]}),
    }
    if view == "day":
        shown = asked.shown if len(asked.shown) > 1 else ()
        values["hours"] = draw_hours(
            days, slots, due, today=today, zone=zone, users=shown
        )
    else:
        values["slots"] = by_day(days, slots, zone)
        values["due"] = due_by_day(due, zone)
        first, last = (days[0], days[-1]) if view == "week" else _month(on)
        values["whole_span"] = _span_address(this, first, last)
    return {"calendar": values}


def _day_address(this: _Page) -> Callable[[date], str]:
    """Return what makes the address at which both lists show one day."""
    # A month has forty of them: one is made, and each day takes its place.
    address = _span_address(this, ANY_DAY, ANY_DAY, on=day_iso(ANY_DAY))
    return lambda day: address.replace(day_iso(ANY_DAY), day_iso(day))


def _span_address(this: _Page, since: date, until: date, **more: object) -> str:
    days = {"since": day_iso(since), "until": day_iso(until)}
    return this.at(span="dates", **days, **more)


def _month(on: date) -> tuple[date, date]:
    return on.replace(day=1), month_after(on, 1) - timedelta(days=1)


def _step(view: str, on: date, step: int) -> date:
    if view == "month":
        return month_after(on, step)
    return on + timedelta(days=step * (7 if view == "week" else 1))


def _views() -> list[tuple[str, str]]:
    return [
        ("day", pgettext("calendar", "Day")),
        ("week", pgettext("calendar", "Week")),
        ("month", pgettext("calendar", "Month")),
    ]


def _beside(this: _Page) -> dict[str, Any]:
    """Return what is beside the selected row, or the chosen company's own work.

    A row that is no longer there, or not for this reader, is not selected.
    """
    found: Beside | None = None
    if this.asked.selected:
        try:
            found = get_beside(this.actor, this.asked.selected, now=this.now)
        except NotFound:
            found = None
    if found is None and this.company is not None:
        found = beside_company(this.actor, this.company, now=this.now)
    return {"beside": found, "can_link": this.actor.can_record}


def _bar(this: _Page) -> dict[str, Any]:
    return {
        "spans": _spans(),
        "kinds": list(kind_names().items()),
        "states": [pair for pair in state_names() if pair[0] != "pending"],
    }


_FILLERS: Final[dict[str, Callable[[_Page], dict[str, Any]]]] = {
    BAR: _bar,
    "companies": _companies,
    "colleagues": _colleagues,
    "calendar": _calendar,
    "beside": _beside,
}


def _spans() -> list[tuple[str, str]]:
    return [
        ("today", pgettext("period", "Today")),
        ("week", pgettext("period", "This week")),
        ("month", pgettext("period", "This month")),
        ("next7", _("Next %(days)s days") % {"days": 7}),
        ("next30", _("Next %(days)s days") % {"days": 30}),
        ("last30", _("Last %(days)s days") % {"days": 30}),
        ("last90", _("Last %(days)s days") % {"days": 90}),
        ("dates", pgettext("period", "From – to …")),
    ]
