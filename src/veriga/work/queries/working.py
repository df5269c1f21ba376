"""The installation's working calendar."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.utils import timezone

from veriga.common.working_time import WorkingCalendar


@cache
def working_calendar() -> WorkingCalendar:
    """Return the calendar in which durations are told: Slovenian, 8 to 16 o'clock."""
    return WorkingCalendar(zone=timezone.get_default_timezone())


def whole_working_days(start: datetime, end: datetime) -> int:
    """Return the full working days between two instants, 0 if `end` is earlier."""
    return max(0, int(working_calendar().working_days(start, end)))
