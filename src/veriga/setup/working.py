"""The installation's working calendar."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from veriga.common.working_time import WorkingCalendar
from veriga.setup.preferences import WorkingTime, working_time

_kept: list[tuple[WorkingTime, WorkingCalendar]] = []


def working_calendar() -> WorkingCalendar:
    """Return the calendar in which durations are told, as the installation has it."""
    works = working_time()
    # Asked for hundreds of times by a page: the same object needs no comparing.
    for kept, calendar in _kept:
        if kept is works:
            return calendar
    same = next((made for kept, made in _kept if kept == works), None)
    calendar = same or _made(works)
    _kept[:] = [(works, calendar)]
    return calendar


def _made(works: WorkingTime) -> WorkingCalendar:
    return WorkingCalendar(
        (works.country,),
        zone=timezone.get_default_timezone(),
        opens=works.opens,
        closes=works.closes,
        free_days=works.free_days,
    )


def whole_working_days(start: datetime, end: datetime) -> int:
    """Return the full working days between two instants, 0 if `end` is earlier."""
    return max(0, int(working_calendar().working_days(start, end)))
