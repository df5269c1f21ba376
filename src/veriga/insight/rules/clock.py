"""The working-time clock for whole columns of instants. No Django.

Equals `WorkingCalendar.clock` value by value, to the last bit; what it costs depends on
the number of different days, not of instants. Source: docs/maths/working-time.md.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from veriga.common.working_time import WorkingCalendar

from .log import YEAR_END, Floats, Ints, Months

Instants: TypeAlias = npt.NDArray[np.datetime64]

SECOND = 1_000_000  # microseconds
DAY = 86_400 * SECOND
EPOCH = date(1970, 1, 1).toordinal()
EPOCH_AT = datetime(1970, 1, 1, tzinfo=UTC)


def clock_of(calendar: WorkingCalendar, instants: Instants) -> Floats:
    """Return W(t) of each instant (UTC, microseconds); NaN where there is none."""
    found = np.full(len(instants), np.nan)
    there = ~np.isnat(instants)
    if not there.any():
        return found
    day, rest = _local(calendar.zone, instants[there])
    days, place = np.unique(day, return_inverse=True)
    dates = [date.fromordinal(int(one) + EPOCH) for one in days]
    before = np.array([calendar.days_before(one) for one in dates], dtype=np.float64)
    works = np.array([calendar.is_working_day(one) for one in dates])
    opens_s, closes_s = _seconds(calendar.opens), _seconds(calendar.closes)
    passed_s = rest // SECOND + (rest % SECOND) / SECOND - opens_s
    share = np.minimum(np.maximum(passed_s / (closes_s - opens_s), 0.0), 1.0)
    found[there] = before[place] + np.where(works[place], share, 0.0)
    return found


def days_of(zone: tzinfo, instants: Instants) -> Ints:
    """Return the ordinal of the local date of each instant; 0 where there is none."""
    found = np.zeros(len(instants), dtype=np.int64)
    there = ~np.isnat(instants)
    if there.any():
        found[there] = _local(zone, instants[there])[0] + EPOCH
    return found


LAST_WEEK = 25  # of December, from this day on


def months_of(calendar: WorkingCalendar, first: date, last: date) -> Months:
    """Return the months from that of `first` to that of `last`, on the clock."""
    starts, stretch = [], []
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        year, month = divmod(number, 12)
        days = [(1, month + 1)]
        if month + 1 == 12:
            days.append((LAST_WEEK, YEAR_END))
        for day, name in days:
            starts.append(calendar.days_before(date(year, month + 1, day)))
            stretch.append(name)
    return Months(np.array(starts, dtype=np.float64), np.array(stretch, np.int64))


def _local(zone: tzinfo, instants: Instants) -> tuple[Ints, Ints]:
    """Return local day (since 1970) and microseconds of the day, by wall clock."""
    moments: Any = instants.astype("datetime64[us]").astype(np.int64)
    days, place = np.unique(moments // DAY, return_inverse=True)
    # The offset at the beginning and the end of each day; it seldom changes within.
    at_start = np.array([_offset(zone, int(one) * DAY) for one in days])
    at_end = np.array([_offset(zone, (int(one) + 1) * DAY - 1) for one in days])
    offsets = at_start[place]
    for changed in np.flatnonzero(at_start != at_end):
        since = _change(zone, int(days[changed]) * DAY, int(at_start[changed]))
        offsets[(place == changed) & (moments >= since)] = at_end[changed]
    day, rest = np.divmod(moments + offsets, DAY)
    return day, rest


def _change(zone: tzinfo, start: int, offset: int) -> int:
    """Return the first instant of the day from `start` with another offset."""
    before, after = start, start + DAY - 1
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: tzinfo, moment: int) -> int:
    """Return how far the local clock is ahead at an instant, in microseconds."""
    at = (EPOCH_AT + timedelta(microseconds=moment)).astimezone(zone)
    return (at.utcoffset() or timedelta()) // timedelta(microseconds=1)


def _seconds(moment: time) -> float:
    whole = moment.hour * 3600 + moment.minute * 60 + moment.second
    return whole + moment.microsecond / SECOND
