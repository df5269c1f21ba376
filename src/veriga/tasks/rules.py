"""When a task begins and when its deadline passes."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from veriga.activities.rules.times import Times
from veriga.common.days import day_end, day_start


def task_times(
    starts_on: date, due_on: date | None, due_at: datetime | None, zone: tzinfo
) -> Times:
    """Return the times of a task; a deadline is a day, an hour, or neither."""
    starts_at = day_start(starts_on, zone)
    return Times(
        date=starts_at,
        starts_at=starts_at,
        due_at=day_end(due_on, zone) if due_on else due_at,
    )
