"""When a product record is dated, followed up, and done."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from veriga.activities.rules.times import Times
from veriga.common.days import day_end, day_start


def record_times(
    recorded_on: date, follow_up_on: date | None, *, now: datetime, zone: tzinfo
) -> Times:
    """Return the times of a product record; without a follow-up it is done at once."""
    date_at = day_start(recorded_on, zone)
    return Times(
        date=date_at,
        document_at=date_at,
        due_at=day_end(follow_up_on, zone) if follow_up_on else None,
        finished_at=None if follow_up_on else now,
    )
