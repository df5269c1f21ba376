"""The line of a strip: from instants to places, and the months or days along it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language

from veriga.activities.queries.rows import ActivityRow
from veriga.activities.rules.words import Outcome, State
from veriga.web.formats import EN_MONTHS

from .shapes import Tick

EDGE = 16.0  # room left and right for half a point
LETTER = 6.1  # the mean width of a letter
GAP = 10.0
SL_MONTHS = (
    *("jan.", "feb.", "mar.", "apr.", "maj", "jun."),
    *("jul.", "avg.", "sep.", "okt.", "nov.", "dec."),
)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
DAY_STEPS = (1, 2, 7, 14)


@dataclass(frozen=True, slots=True)
class Scale:
    """From instants to places on the line."""

    start: datetime
    end: datetime
    now: datetime
    width: int

    @classmethod
    def of(cls, story: Sequence[ActivityRow], now: datetime, width: int) -> Scale:
        """Return the scale of a chain, to today while its sale is open."""
        start, end = story[0].date, story[-1].date
        is_open = story[-1].chain_outcome == Outcome.OPEN
        if is_open or any(row.state is not State.DONE for row in story):
            start, end = min(start, now), max(end, now)
        least = timedelta(days=14)
        start = min(start, end - least)
        return cls(start, end, now, width)

    def holds(self, instant: datetime) -> bool:
        return self.start <= instant <= self.end

    def x(self, instant: datetime) -> float:
        share = (instant - self.start) / (self.end - self.start)
        return round(EDGE + share * (self.width - 2 * EDGE), 1)

    def ticks(self) -> list[Tick]:
        """Return the grid: the months, or the days of a short chain, that fit."""
        first = timezone.localtime(self.start).date()
        last = timezone.localtime(self.end).date()
        found: list[Tick] = []
        free, year = 0.0, 0
        if (last - first).days < 70:
            lines, write = list(self._days(first, last)), day_label
        else:
            lines, write = list(self._months(first, last)), month_label
            found.append(Tick(EDGE, month_label(first, 0), line=False))
            free, year = EDGE + 9 * LETTER + GAP, first.year
        for on in lines:
            x = self.x(_midnight(on))
            label = write(on, year)
            if x < free or x + len(label) * LETTER > self.width:
                found.append(Tick(x, ""))
                continue
            found.append(Tick(x, label))
            free, year = x + len(label) * LETTER + GAP, on.year
        return found

    def _room(self) -> float:
        """Return how many labels fit at most."""
        return (self.width - 2 * EDGE) / 72

    def _months(self, first: date, last: date) -> Iterator[date]:
        """Yield the first days of months, as far apart as their labels need."""
        months = (last.year - first.year) * 12 + last.month - first.month
        step = next((s for s in MONTH_STEPS if months / s <= self._room()), 240)
        at = first.year * 12 + first.month  # the month after the first, from zero
        for month in range(at + (-at) % step, at + months, step):
            yield date(month // 12, month % 12 + 1, 1)

    def _days(self, first: date, last: date) -> Iterator[date]:
        days = (last - first).days
        step = next((s for s in DAY_STEPS if days / s <= self._room()), 28)
        on = first + timedelta(days=1)
        if step >= 7:
            on += timedelta(days=-on.weekday() % 7)
        while on <= last:
            yield on
            on += timedelta(days=step)


def month_label(on: date, year: int = 0) -> str:
    """Return a month in short, with its year unless that is `year`."""
    is_english = (get_language() or "").startswith("en")
    name = (EN_MONTHS if is_english else SL_MONTHS)[on.month - 1]
    return name if on.year == year else f"{name} {on.year}"


def day_label(on: date, year: int) -> str:
    is_english = (get_language() or "").startswith("en")
    if is_english:
        return f"{on.day} {EN_MONTHS[on.month - 1]}"
    return f"{on.day}. {on.month}."


def _midnight(on: date) -> datetime:
    zone = timezone.get_current_timezone()
    return datetime(on.year, on.month, on.day, tzinfo=zone)
