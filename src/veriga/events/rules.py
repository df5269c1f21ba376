"""When an event is, when it becomes overdue, and when saving it means it was held."""

from __future__ import annotations

from datetime import datetime, tzinfo
from enum import StrEnum

from veriga.activities.rules.times import Times
from veriga.common.days import day_end, day_start, local_day
from veriga.common.working_time import WorkingCalendar


class Reply(StrEnum):
    """What a company answered to a group event, and whether it came."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CAME = "came"
    STAYED_AWAY = "stayed_away"


def event_times(
    starts_at: datetime,
    ends_at: datetime | None,
    *,
    all_day: bool,
    now: datetime,
    zone: tzinfo,
) -> Times:
    """Return the times of an event; `ends_at` must not precede `starts_at`.

    An all-day event lasts from midnight of its first day to midnight after its last,
    in `zone`. Overdue from its end, without one from its start. Ended already, it is
    finished at that end.
    """
    if all_day:
        first = local_day(starts_at, zone)
        last = local_day(ends_at, zone) if ends_at else first
        # The stored end of an all-day event is midnight after its last day.
        if ends_at and ends_at == day_start(last, zone) and last > first:
            due_at = ends_at
        else:
            due_at = day_end(last, zone)
        starts_at, ends_at = day_start(first, zone), due_at
    else:
        due_at = ends_at or starts_at
    return Times(
        date=starts_at,
        due_at=due_at,
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=all_day,
        finished_at=due_at if due_at <= now else None,
    )


def call_again_at(
    planned: datetime, now: datetime, calendar: WorkingCalendar
) -> datetime:
    """Return when to call again whom a call planned for `planned` did not reach.

    On the next working day after `now`, at the planned hour if that is an opening hour,
    else when the day opens.
    """
    day = calendar.next_working_day(now.astimezone(calendar.zone).date())
    hour = planned.astimezone(calendar.zone).time().replace(second=0, microsecond=0)
    if not calendar.opens <= hour < calendar.closes:
        hour = calendar.opens
    return datetime.combine(day, hour, tzinfo=calendar.zone)
