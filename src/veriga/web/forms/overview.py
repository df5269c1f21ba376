"""What the activity overview is asked for, out of its address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.http import QueryDict

from veriga.activities.queries.filters import OPEN
from veriga.activities.rules.words import KindCode, State
from veriga.web.calendar_page import EARLIEST, LATEST, month_after, week_of
from veriga.web.pages import Typed

from .filters import whole_number

# Any of these in the address asks for the list alone, as it is narrowed.
OF_THE_LIST: Final = frozenset(
    (
        *("q", "kind", "type", "state", "owner", "from", "to", "due", "loose", "order"),
        *("linked_to", "company", "contact", "shown", "where"),
    )
)
PANES: Final = ("companies", "colleagues", "calendar", "beside")
TABS: Final = ("companies", "colleagues", "calendar")  # of a phone
VIEWS: Final = ("day", "week", "month")
SPANS: Final = (
    *("today", "week", "month", "next7", "next30", "last30", "last90", "dates"),
)
WORK: Final = (OPEN, State.OVERDUE, State.DONE)
MOST_COLLEAGUES: Final = 6
_AHEAD: Final = {"today": 0, "next7": 7, "next30": 30}
_BACK: Final = {"last30": 30, "last90": 90}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the overview shows; what made no sense in its address is passed over.

    `since` and `until` are the period of both lists, `users` whose work the lower one
    shows, `shown` whose occupancy the calendar does: the own first.
    """

    company_id: int | None
    users: tuple[int, ...]
    shown: tuple[int, ...]
    kind: str
    state: str
    span: str
    since: date | None
    until: date | None
    on: date
    view: str
    selected: str
    tab: str
    pane: str


def is_list(data: Mapping[str, str]) -> bool:
    """Tell whether an address asks for the list alone."""
    return not OF_THE_LIST.isdisjoint(data) or ("cursor" in data and "more" not in data)


def read_overview(
    data: QueryDict, *, me: int, known: Iterable[int], today: date
) -> Asked:
    """Return what an address asks for; `known` are the users that may be chosen."""
    may_choose = {me, *known}
    typed = [whole_number({"with": text}, "with") for text in data.getlist("with")]
    found = [pk for pk in dict.fromkeys(typed) if pk in may_choose and pk is not None]
    users = tuple(found[:MOST_COLLEAGUES]) or (me,)
    span = _one_of(data, "span", SPANS)
    since, until = days_of(span, today)
    if span == "dates":
        since, until = _day(data, "since"), _day(data, "until")
    return Asked(
        company_id=whole_number(data, "firm"),
        users=users,
        shown=(me, *(pk for pk in users if pk != me)),
        kind=_one_of(data, "only", tuple(KindCode)),
        state=_one_of(data, "work", WORK),
        span=span,
        since=since,
        until=until,
        on=_day(data, "on") or today,
        view=_one_of(data, "view", VIEWS) or VIEWS[0],
        selected=data.get("row", "").strip(),
        tab=_one_of(data, "tab", ("tasks", "quotes")) or "tasks",
        pane=_one_of(data, "pane", TABS) or TABS[0],
    )


def days_of(span: str, today: date) -> tuple[date | None, date | None]:
    """Return the first and the last day of a period, None where it has no end."""
    if span == "week":
        week = week_of(today)
        return week[0], week[-1]
    if span == "month":
        return today.replace(day=1), month_after(today, 1) - timedelta(days=1)
    if span in _AHEAD:
        return today, today + timedelta(days=_AHEAD[span])
    if span in _BACK:
        return today - timedelta(days=_BACK[span]), today
    return None, None


def _one_of(data: Mapping[str, str], name: str, known: Iterable[str]) -> str:
    value = data.get(name, "")
    return value if value in set(known) else ""


def _day(data: Mapping[str, str], name: str) -> date | None:
    """Return a day that a calendar can show, None if there is none."""
    day = Typed(data).day(name)
    return None if day is None else min(max(day, EARLIEST), LATEST)
