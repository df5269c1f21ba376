"""What may be done to many activities at once, and where moved dates go. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from veriga.activities.rules.words import KindCode, Result
from veriga.common.working_time import WorkingCalendar

MOST: Final = 500  # rows of one command
FURTHEST: Final = 260  # working days of one move: a year


class Of(StrEnum):
    """What a batch has changed."""

    ACTIVITIES = "activity"
    COMPANIES = "company"
    CONTACTS = "contact"


class Action(StrEnum):
    """A command for many activities."""

    ASSIGN = "assign"
    FINISH = "finish"
    MOVE = "move"
    IMPORTANCE = "importance"
    LINK = "link"
    DELETE = "delete"


# How many may end at once. Accepting a quote may end its sale: that is done one by one.
RESULTS: Final[Mapping[str, tuple[Result, ...]]] = {
    KindCode.EVENT: (Result.CARRIED_OUT, Result.NOT_REACHED, Result.CANCELLED),
    KindCode.TASK: (Result.CARRIED_OUT, Result.CANCELLED),
    KindCode.PRODUCT_RECORD: (Result.CARRIED_OUT, Result.CANCELLED),
    KindCode.QUOTE: (Result.DECLINED, Result.WITHDRAWN, Result.EXPIRED),
}
# What of each kind is moved: an event as a whole, of the others what is due.
MOVED: Final[Mapping[str, tuple[str, ...]]] = {
    KindCode.EVENT: ("starts_at", "ends_at"),
    KindCode.TASK: ("due_on", "due_at"),
    KindCode.PRODUCT_RECORD: ("follow_up_on",),
    KindCode.QUOTE: ("valid_until",),
}


def moved_fields(
    own: Mapping[str, Any], kind: str, days: int, calendar: WorkingCalendar
) -> dict[str, Any]:
    """Return the times of an activity so many working days later, {} if it has none.

    The first of them moves by working days, at its hour of the clock; the end of an
    event goes with its beginning, so that it lasts as long as before. A task that would
    begin after its deadline begins on it.
    """
    times = {name: own[name] for name in MOVED[kind] if own.get(name) is not None}
    if not times:
        return {}
    day = _day(next(iter(times.values())), calendar)
    shift = calendar.moved(day, days) - day
    found = {name: _later(value, shift, calendar) for name, value in times.items()}
    if kind == KindCode.TASK:
        due = _day(next(iter(found.values())), calendar)
        starts = own.get("starts_on")
        if starts is not None and starts > due:
            found["starts_on"] = due
    return found


def _day(value: date | datetime, calendar: WorkingCalendar) -> date:
    if isinstance(value, datetime):
        return value.astimezone(calendar.zone).date()
    return value


def _later(
    value: date | datetime, shift: timedelta, calendar: WorkingCalendar
) -> date | datetime:
    if isinstance(value, datetime):
        clock = value.astimezone(calendar.zone).replace(tzinfo=None) + shift
        return clock.replace(tzinfo=calendar.zone)
    return value + shift
