"""The installation's working calendar."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.utils import timezone

from veriga.common.working_time import WorkingCalendar
from veriga.setup.preferences import WorkingTime, working_time


def working_calendar() -> WorkingCalendar:
    """Return the calendar in which durations are told, as the installation has it."""
    return _calendar(working_time())


@lru_cache(maxsize=8)
def _calendar(works: WorkingTime) -> WorkingCalendar:
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
