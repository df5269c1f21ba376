"""Working days and office hours of the demo, counted back from the day it is made."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from veriga.common.working_time import WorkingCalendar

OPENS, CLOSES = 8, 16
QUARTER_MINUTES = 15


class OfficeDays:
    """What falls on working days, between eight and four, where the firm is."""

    def __init__(self, now: datetime, zone: tzinfo) -> None:
        self.now = now
        self.zone = zone
        self.today = now.astimezone(zone).date()
        self._calendar = WorkingCalendar(("SI",))

    def is_open(self, day: date) -> bool:
        return self._calendar.is_working_day(day)

    def on_or_before(self, day: date) -> date:
        """Return `day` or the working day before it."""
        while not self.is_open(day):
            day -= timedelta(days=1)
        return day

    def on_or_after(self, day: date) -> date:
        """Return `day` or the working day after it."""
        while not self.is_open(day):
            day += timedelta(days=1)
        return day

    def add(self, day: date, working_days: int) -> date:
        """Return the working day so many working days after (before, if negative)."""
        one = timedelta(days=1 if working_days >= 0 else -1)
        left = abs(working_days)
        while left:
            day += one
            left -= self.is_open(day)
        return day

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Return the instant of an hour of `day` where the firm is, in UTC."""
        local = datetime.combine(day, time(hour, minute), tzinfo=self.zone)
        return local.astimezone(UTC)

    def some_time(self, day: date, rng: random.Random) -> datetime:
        """Return a quarter of an hour inside the office hours of `day`."""
        quarter = rng.randrange((CLOSES - OPENS) * 4 - 2)
        return self.at(day, OPENS + quarter // 4, quarter % 4 * QUARTER_MINUTES)

    def past(self, moment: datetime) -> datetime:
        """Return `moment`, or now if it still lies ahead."""
        return min(moment, self.now)
