"""Days and instants: where a day begins and ends in a time zone. No Django here."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo


def day_start(day: date, zone: tzinfo) -> datetime:
    """Return the first instant of `day` in `zone`, aware."""
    return datetime.combine(day, time(), tzinfo=zone)


def day_end(day: date, zone: tzinfo) -> datetime:
    """Return the first instant after `day` in `zone`: when a day's deadline passes."""
    return day_start(day + timedelta(days=1), zone)


def local_day(instant: datetime, zone: tzinfo) -> date:
    """Return the day on which `instant` falls in `zone`."""
    return instant.astimezone(zone).date()
