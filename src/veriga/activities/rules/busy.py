"""When a colleague is busy with an activity: its own time, or one set for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attendance:
    """A user who takes part, and their own time; None stands for the activity's."""

    user: int | str
    busy_from: datetime | None = None
    busy_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when; None where nothing is known."""

    start: datetime | None
    end: datetime | None


def effective(own: Span, activity: Span) -> Span:
    """Return when somebody is busy: what was set for them, else the activity's time.

    An activity that was moved past a time set by hand leaves no span that runs
    backwards: it then ends, or begins, where the time set by hand stands.
    """
    start = activity.start if own.start is None else own.start
    end = activity.end if own.end is None else own.end
    if start is not None and end is not None and end < start:
        if own.end is None:
            end = start
        else:
            start = end
    return Span(start, end)


def fault_of(own: Span, activity: Span) -> str:
    """Return the code of what is wrong with a time set for somebody, "" if nothing.

    A single end is measured by the other one of the activity.
    """
    given = [time for time in (own.start, own.end) if time is not None]
    if any(time.tzinfo is None for time in given):
        return "naive_time"
    if not given:
        return ""
    start = activity.start if own.start is None else own.start
    end = activity.end if own.end is None else own.end
    if start is None or end is None:
        return ""
    return "" if start < end else "ends_before_start"
