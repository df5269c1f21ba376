"""The working-time clock: how many working days lie between two instants. No Django.

Source: docs/maths/working-time.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import holidays

from .errors import Invalid

# Holidays are known inside these years; outside them every weekday is a working day,
# so that a mistyped year costs nothing.
FIRST_YEAR, LAST_YEAR = 1970, 2100


class WorkingCalendar:
    """Monday to Friday without the public holidays of `countries`, in opening hours.

    `free_days` are further days on which nobody works.

    One working day is 1.0, whatever the hours. Safe to share between threads.
    """

    def __init__(
        self,
        countries: Sequence[str] = ("SI",),
        *,
        zone: tzinfo | None = None,
        opens: time = time(8),
        closes: time = time(16),
        free_days: Iterable[date] = (),
    ) -> None:
        self.zone = zone or ZoneInfo("Europe/Ljubljana")
        self._countries = tuple(countries)
        self._own_free = frozenset(free_days)
        self.opens, self.closes = opens, closes
        self._opens_s = _seconds(opens)
        self._open_s = _seconds(closes) - self._opens_s
        if self._open_s <= 0:
            raise Invalid.of("closes", "ends_before_start")
        supported = holidays.list_supported_countries()
        for country in self._countries:
            if country not in supported:
                raise Invalid.of("countries", "unknown_choice")
        # Year by year: the days free of work on weekdays, as sorted ordinals, and how
        # many there were before that year.
        self._free: dict[int, list[int]] = {}
        self._free_before: dict[int, int] = {FIRST_YEAR: 0}
        # What was asked of each day; there are 3.6 million of them at the very most.
        self._known: dict[int, tuple[int, bool]] = {}
        self._end: tuple[datetime | None, float] = None, 0.0

    def is_working_day(self, day: date) -> bool:
        """Tell whether `day` is a weekday and no holiday."""
        return day.weekday() < 5 and day.toordinal() not in self._free_of(day.year)

    def next_working_day(self, day: date) -> date:
        """Return the first working day after `day`."""
        following = day + timedelta(days=1)
        while not self.is_working_day(following):
            following += timedelta(days=1)
        return following

    def moved(self, day: date, days: int) -> date:
        """Return the day so many working days after `day`, before it if negative."""
        step = timedelta(days=1 if days > 0 else -1)
        for _ in range(abs(days)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def clock(self, instant: datetime) -> float:
        """Return W(t): working days before the date + share of opening hours passed.

        Units:  working days since 1 January of the year 1; only differences mean
                something.
        Errors: Invalid("naive_time").
        """
        if instant.tzinfo is None:
            raise Invalid("naive_time")
        local = instant.astimezone(self.zone)
        ordinal = local.toordinal()
        known = self._known.get(ordinal)
        if known is None:
            day = local.date()
            known = self.days_before(day), self.is_working_day(day)
            self._known[ordinal] = known
        before, is_working = known
        if not is_working:
            return float(before)
        passed_s = _seconds(local.time()) - self._opens_s
        return before + min(max(passed_s / self._open_s, 0.0), 1.0)

    def working_days(self, start: datetime, end: datetime) -> float:
        """Return the working days from `start` to `end`, negative if it is earlier."""
        # A page asks of hundreds of beginnings and of one end.
        asked, at_end = self._end
        if asked is not end:
            at_end = self.clock(end)
            self._end = end, at_end
        return at_end - self.clock(start)

    def instant_before(self, instant: datetime, days: float) -> datetime:
        """Return the earliest instant of which `instant` is at most `days` away.

        So `working_days(t, instant) > days` exactly for every t before it, which a
        query can ask of a column. In UTC; `days` is not negative.
        """
        wanted = self.clock(instant) - days
        day = instant.astimezone(self.zone).date()
        # The first day at whose end that much has passed, found by walking back weeks.
        while self.days_before(day) >= wanted:
            weeks = max(1, int((self.days_before(day) - wanted) // 5))
            day -= timedelta(days=7 * weeks)
        while self.days_before(day + timedelta(days=1)) < wanted:
            day += timedelta(days=1)
        share = wanted - self.days_before(day)
        opened = datetime.combine(day, self.opens, self.zone)
        return (opened + timedelta(seconds=share * self._open_s)).astimezone(UTC)

    def days_before(self, day: date) -> int:
        """Return the number of working days before `day`."""
        weeks, rest = divmod(day.toordinal() - 1, 7)  # 1 January 1 was a Monday
        weekdays = weeks * 5 + min(rest, 5)
        if day.year < FIRST_YEAR:
            return weekdays
        year = min(day.year, LAST_YEAR)
        free = self._free_of(year)
        return weekdays - self._before(year) - bisect_left(free, day.toordinal())

    def _before(self, year: int) -> int:
        """Return the weekdays free of work before `year`, adding up unknown years."""
        known = year
        while known not in self._free_before:
            known -= 1
        for passed in range(known, year):
            self._free_before[passed + 1] = self._free_before[passed] + len(
                self._free_of(passed)
            )
        return self._free_before[year]

    def _free_of(self, year: int) -> list[int]:
        """Return the weekdays of `year` that are free of work, sorted ordinals."""
        free = self._free.get(year)
        if free is None:
            days: set[date] = {day for day in self._own_free if day.year == year}
            if FIRST_YEAR <= year <= LAST_YEAR:
                for country in self._countries:
                    days |= set(holidays.country_holidays(country, years=year))
            # A holiday may be listed under the year before or after; keep this year's.
            free = sorted(
                d.toordinal() for d in days if d.year == year and d.weekday() < 5
            )
            self._free[year] = free
        return free


def _seconds(moment: time) -> float:
    whole = moment.hour * 3600 + moment.minute * 60 + moment.second
    return whole + moment.microsecond / 1_000_000
