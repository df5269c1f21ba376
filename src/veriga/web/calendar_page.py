"""The calendar as pages draw it: days, their hours, and where each event stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from veriga.activities.queries.calendar import Slot
from veriga.activities.queries.rows import ActivityRow
from veriga.common.days import day_end, day_start, local_day
from veriga.setup.working import working_calendar

DAY: Final = timedelta(days=1)
FIRST_HOUR, LAST_HOUR = 7, 19  # drawn even where nothing is
QUARTER_S: Final = 900
DAY_QUARTERS: Final = 96
SHORTEST: Final = 2  # quarters; less could not be read
MOST_LANES: Final = 4
LATEST: Final = date(9000, 1, 1)
EARLIEST: Final = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Block:
    """An event in a column of hours.

    `row` and `span` are quarters of an hour from the first drawn one, from 1; it takes
    the place `lane` of `lanes` beside each other.
    """

    slot: Slot
    row: int
    span: int
    lane: int
    lanes: int


@dataclass(slots=True)
class Column:
    """One day, of one person or of all that are shown."""

    day: date
    user_id: int | None
    is_free: bool
    is_today: bool
    whole: list[Slot] = field(default_factory=list)
    due: list[ActivityRow] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hours:
    """The columns of hours that stand beside each other, and which hours are drawn."""

    columns: list[Column]
    first: int
    last: int
    opens: int  # quarters from the first drawn one, from 1
    closes: int

    @property
    def hours(self) -> range:
        return range(self.first, self.last)


def week_of(day: date) -> list[date]:
    """Return the seven days of the week that holds `day`, from Monday."""
    monday = day - timedelta(days=day.weekday())
    return [monday + n * DAY for n in range(7)]


def weeks_of_month(day: date) -> list[list[date]]:
    """Return the weeks that hold the days of the month of `day`."""
    first = day.replace(day=1)
    weeks = []
    monday = week_of(first)[0]
    while monday.month == first.month or monday < first:
        weeks.append(week_of(monday))
        monday += 7 * DAY
    return weeks


def month_after(day: date, step: int) -> date:
    """Return the first day of the month `step` months later."""
    months = day.year * 12 + day.month - 1 + step
    return date(months // 12, months % 12 + 1, 1)


def draw_hours(
    days: Sequence[date],
    slots: Iterable[Slot],
    due: Iterable[ActivityRow],
    *,
    today: date,
    zone: tzinfo,
    users: Sequence[int] = (),
) -> Hours:
    """Return the columns of these days, one for each of `users` if there are any."""
    calendar = working_calendar()
    columns = [
        Column(day, user, not calendar.is_working_day(day), day == today)
        for day in days
        for user in (users or (None,))
    ]
    slots, due = list(slots), list(due)
    drawn: dict[int, list[tuple[Slot, int, int]]] = {}
    first, last = FIRST_HOUR, LAST_HOUR
    for place, column in enumerate(columns):
        start, end = day_start(column.day, zone), day_end(column.day, zone)
        own = drawn.setdefault(place, [])
        for slot in slots:
            if column.user_id not in {None, slot.user_id}:
                continue
            if slot.start >= end or slot.end <= start:
                continue
            if slot.all_day or (slot.start <= start and slot.end >= end):
                column.whole.append(slot)
                continue
            begins = _quarter(max(slot.start, start), start, math.floor)
            begins = min(begins, DAY_QUARTERS - SHORTEST)
            ends = _quarter(min(slot.end, end), start, math.ceil)
            own.append((slot, begins, max(ends, begins + SHORTEST)))
            first = min(first, begins // 4)
            last = max(last, -(-own[-1][2] // 4))
        column.due = [
            row
            for row in due
            if row.due_at
            and start < row.due_at <= end
            and column.user_id in {None, row.owner_id}
        ]
    last = min(last, 24)
    for place, column in enumerate(columns):
        column.blocks = list(_blocks(drawn[place], first * 4))
    opens, closes = calendar.opens, calendar.closes
    return Hours(
        columns,
        first,
        last,
        (opens.hour * 60 + opens.minute) // 15 - first * 4 + 1,
        -(-(closes.hour * 60 + closes.minute) // 15) - first * 4 + 1,
    )


def by_day(
    days: Iterable[date], slots: Iterable[Slot], zone: tzinfo
) -> dict[date, list[Slot]]:
    """Return the slots of each day that they reach into."""
    found: dict[date, list[Slot]] = {day: [] for day in days}
    for slot in slots:
        day = local_day(slot.start, zone)
        end = local_day(slot.end - timedelta(microseconds=1), zone)
        while day <= end:
            if day in found:
                found[day].append(slot)
            day += DAY
    return found


def due_by_day(
    rows: Iterable[ActivityRow], zone: tzinfo
) -> Mapping[date, list[ActivityRow]]:
    """Return what falls due on each day; at midnight it is of the day before."""
    found: dict[date, list[ActivityRow]] = {}
    for row in rows:
        if row.due_at is not None:
            day = local_day(row.due_at - timedelta(microseconds=1), zone)
            found.setdefault(day, []).append(row)
    return found


def _quarter(moment: datetime, start: datetime, rounded: Callable[[float], int]) -> int:
    """Return the quarter of an hour of a moment, by the clock on the wall."""
    local = moment.astimezone(start.tzinfo)
    days = (local.date() - start.date()).days
    seconds = days * 86_400 + local.hour * 3600 + local.minute * 60 + local.second
    return rounded(seconds / QUARTER_S)


def _blocks(drawn: list[tuple[Slot, int, int]], before: int) -> Iterable[Block]:
    """Place what overlaps in lanes beside each other; the earliest is leftmost."""
    drawn = sorted(drawn, key=lambda one: (one[1], -one[2]))
    group: list[tuple[Slot, int, int, int]] = []
    group_end = -1
    for slot, begins, ends in drawn:
        if begins >= group_end:
            yield from _placed(group, before)
            group = []
        busy = {lane for _s, _b, e, lane in group if e > begins}
        lane = next(n for n in range(len(group) + 1) if n not in busy)
        group.append((slot, begins, ends, lane))
        group_end = max(group_end, ends) if len(group) > 1 else ends
    yield from _placed(group, before)


def _placed(group: list[tuple[Slot, int, int, int]], before: int) -> Iterable[Block]:
    lanes = min(MOST_LANES, 1 + max((lane for *_rest, lane in group), default=0))
    for slot, begins, ends, lane in group:
        # More than can stand side by side lie on the last lane, over each other.
        yield Block(
            slot, begins - before + 1, ends - begins, min(lane, lanes - 1), lanes
        )
