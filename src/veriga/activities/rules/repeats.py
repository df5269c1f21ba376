"""When something that comes again comes again. Plain Python."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

MOST: Final = 100  # occurrences of one series
MOST_EVERY: Final = 52


class Unit(StrEnum):
    """What is counted between two occurrences."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Which(StrEnum):
    """Which occurrences a change is meant for."""

    THIS = "this"
    FOLLOWING = "following"  # this one and those after it
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Every so many units, until a day that is included."""

    unit: str
    every: int
    until: date


def days_of(first: date, repeat: Repeat) -> list[date]:
    """Return the days of a series, the first one among them, at most MOST + 1.

    A month that lacks the day of the first takes its last one: the 31st is followed by
    the 28th of February, and that by the 31st of March.
    """
    found = []
    for number in range(MOST + 1):
        day = _day(first, repeat, number)
        if day > repeat.until:
            break
        found.append(day)
    return found


def _day(first: date, repeat: Repeat, number: int) -> date:
    steps = number * repeat.every
    if repeat.unit == Unit.DAY:
        return first + timedelta(days=steps)
    if repeat.unit == Unit.WEEK:
        return first + timedelta(weeks=steps)
    year, month = divmod(first.year * 12 + first.month - 1 + steps, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(first.day, last))
