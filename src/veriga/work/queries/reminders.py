"""What users are to be reminded of: derived from what is stored, whenever asked.

Rules: docs/decisions/0019-reminders-are-derived.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from veriga.access.queries import users_by_id
from veriga.activities.queries.due import (
    DueActivity,
    Range,
    Waiting,
    events_of_gatherings,
    open_deadlines,
    open_events,
    own_starts,
    participants_of,
    silent_since,
    waiting_since,
)
from veriga.common.days import day_end, day_start, local_day
from veriga.insight.queries.limits import StallLimits
from veriga.parties.models import Company
from veriga.parties.queries import pairs_that_see
from veriga.setup.models import Clock, EventType, NoticeSettings, Reminder
from veriga.setup.notices import Wishes, wants, wishes_of
from veriga.setup.queries import code_list
from veriga.setup.rules import LEADS_MIN, ReminderKind, Wish
from veriga.setup.working import working_calendar

from .silence import limit_days, limit_instant, limits_of_users

CLOCK: Final = "reminders"
Key = tuple[int, str, str, datetime]
DAY_MIN: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Window:
    """What is looked at: moments after `after`, up to and with `until`.

    `now` is later only while what was missed is made up for. `by_data`: whether silence
    is looked for by the data's limits too.
    """

    after: datetime
    until: datetime
    now: datetime
    by_data: bool = True

    def holds(self, moment: datetime) -> bool:
        return self.after < moment <= self.until


class DueReminder(NamedTuple):
    """A reminder for one user: what it is about, and when it was to be given.

    `is_of_group`: one for several events of the same group event. `data_days`: the
    limit of silence, where it is the data's.
    """

    user_id: int
    kind: ReminderKind
    activity_id: int
    about_at: datetime
    due_at: datetime
    about: DueActivity | None
    is_of_group: bool = False
    data_days: float | None = None

    @property
    def key(self) -> Key:
        """Return what is given once: all events of a group event are one."""
        gathering = self.about.gathering_id if self.about else None
        about = f"group {gathering}" if gathering else str(self.activity_id)
        if self.kind != ReminderKind.EVENT:
            about = str(self.activity_id)
        return (self.user_id, self.kind, about, self.about_at)


def clock_reached() -> datetime | None:
    """Return up to which instant reminders were looked for, None if never."""
    return Clock.objects.filter(pk=CLOCK).values_list("reached_at", flat=True).first()


def due_reminders(window: Window) -> tuple[list[DueReminder], Wishes]:
    """Return what falls due in a window and was not given, with everybody's wishes.

    For users who are active, want it, and see the company. Seven statements where there
    is nothing.
    """
    wishes = wishes_of()
    found = [
        one
        for part in (_events, _deadlines, _silence, _digests)
        for one in part(window, wishes)
    ]
    return _once(_seen(_not_given(found))), wishes


def opening(day: date) -> datetime:
    """Return when work begins on a day, in the installation's time zone."""
    calendar = working_calendar()
    return datetime.combine(day, calendar.opens, calendar.zone)


def event_moment(event: DueActivity, lead_min: int, *, all_day: bool) -> datetime:
    """Return when to remind of an event; of a whole day, when work begins on it."""
    if all_day:
        return opening(local_day(event.at, working_calendar().zone))
    return event.at - timedelta(minutes=lead_min)


def deadline_moment(due_at: datetime) -> datetime:
    """Return when to remind of a deadline: when work begins on its day, at the latest
    when it passes. A deadline without an hour is the end of its day."""
    day = local_day(due_at - timedelta(microseconds=1), working_calendar().zone)
    return min(opening(day), due_at)


def _events(window: Window, wishes: Wishes) -> Iterator[DueReminder]:
    starts = _starts(window, wishes)
    for all_day, found in (
        (False, open_events(starts, all_day=False)),
        (True, open_events(_whole_days(window), all_day=True)),
    ):
        parts = participants_of([event.id for event in found])
        for event in found:
            own = parts.get(event.id, {})
            for user_id in dict.fromkeys([event.owner_id or 0, *own]):
                if own.get(user_id) is None:
                    yield from _event(window, wishes, user_id, event, all_day=all_day)
    # Who begins at a time of their own is reminded of that, and of nothing else: of a
    # whole day too, of which they have an hour.
    for user_id, event in own_starts(starts):
        yield from _event(window, wishes, user_id, event, all_day=False)


def _starts(window: Window, wishes: Wishes) -> list[Range]:
    """Return between which instants what begins may be due to somebody."""
    default = NoticeSettings().event_lead_min
    leads = {default, *(one.event_lead_min for one in wishes.values())} - {None}
    ranges = [
        (window.after + timedelta(minutes=lead), window.until + timedelta(minutes=lead))
        for lead in sorted(lead for lead in leads if lead is not None)
    ]
    if window.until == window.now:
        # Recorded or moved so late that the moment has passed, but not the event.
        ranges.append((window.now, window.now + timedelta(minutes=LEADS_MIN[-2])))
    return _joined(ranges)


def _event(
    window: Window, wishes: Wishes, user_id: int, event: DueActivity, *, all_day: bool
) -> Iterator[DueReminder]:
    """Give out the reminder of an event for one user, if it is due."""
    lead = wishes[user_id].event_lead_min
    if lead is None or not _is_wanted(wishes, user_id, Wish.EVENT):
        return
    moment = event_moment(event, lead, all_day=all_day)
    is_late = (
        window.until == window.now
        and not all_day
        and lead < DAY_MIN
        and moment <= window.now < event.at
    )
    if window.holds(moment):
        yield _due(user_id, ReminderKind.EVENT, event, moment)
    elif is_late:
        yield _due(user_id, ReminderKind.EVENT, event, window.now)


def _deadlines(window: Window, wishes: Wishes) -> Iterator[DueReminder]:
    zone = working_calendar().zone
    ranges: list[Range] = []
    for day in _days(window):
        opens, first, last = opening(day), day_start(day, zone), day_end(day, zone)
        if window.holds(opens):
            ranges.append((opens, last))
        ranges.append((max(window.after, first), min(window.until, opens)))
    for one in open_deadlines(ranges):
        moment = deadline_moment(one.at)
        if window.holds(moment) and _is_wanted(wishes, one.owner_id, Wish.DEADLINE):
            yield _due(one.owner_id, ReminderKind.DEADLINE, one, moment)


def _silence(window: Window, wishes: Wishes) -> Iterator[DueReminder]:
    """Give out whose chains became silent too long: as the flags say it."""
    by_firm = list(_silence_by_firm(window, wishes))
    if not by_firm and not window.by_data:
        return  # as nearly always, so nobody's limits are asked for
    limits = limits_of_users()
    yield from (one for one in by_firm if one.user_id not in limits)
    if window.by_data:
        yield from _silence_by_data(window, wishes, limits)


def _silence_by_firm(window: Window, wishes: Wishes) -> Iterator[DueReminder]:
    ranges: dict[str, Range] = {}
    for entry in code_list(EventType):
        if entry.silence_days is not None:
            first, before = _passing(entry.silence_days, window)
            if first < before:
                ranges[entry.code] = (first, before)
    for one in silent_since(ranges):
        days = limit_days(one.kind, one.type_code)
        if days is not None and _is_wanted(wishes, one.owner_id, Wish.SILENCE):
            moment = _too_long_since(one.at, days, window)
            yield _due(one.owner_id, ReminderKind.SILENCE, one, moment)


def _silence_by_data(
    window: Window, wishes: Wishes, limits_of: Mapping[int, StallLimits]
) -> Iterator[DueReminder]:
    whose: dict[tuple[tuple[str, float], ...], list[int]] = {}
    for user_id, limits in limits_of.items():
        if _is_wanted(wishes, user_id, Wish.SILENCE):
            own = sorted((name, one.days) for name, one in limits.by_segment.items())
            whose.setdefault((*own, ("", limits.common.days)), []).append(user_id)
    for of_classes, owners in whose.items():
        classes = tuple(name for name, _days in of_classes if name)
        for name, days in of_classes:
            first, before = _passing(days, window)
            if first >= before:
                continue
            which = {"of": name} if name else {"but": classes}
            asked = Waiting(tuple(owners), first, before, **which)
            for one in waiting_since(asked):
                moment = _too_long_since(one.at, days, window)
                due = _due(one.owner_id, ReminderKind.SILENCE, one, moment)
                yield due._replace(data_days=days)


def _passing(days: float, window: Window) -> Range:
    """Return when silences began that become longer than `days` inside a window."""
    return limit_instant(days, window.after), limit_instant(days, window.until)


def _too_long_since(since: datetime, days: float, window: Window) -> datetime:
    """Return when, to the second, a silence became too long inside a window."""
    before, after = window.after, window.until
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if limit_instant(days, middle) > since:
            after = middle
        else:
            before = middle
    return after


def _digests(window: Window, wishes: Wishes) -> Iterator[DueReminder]:
    calendar = working_calendar()
    for user_id, wish in wishes.items():
        if wish.digest_at is None:
            continue
        for day in _days(window):
            moment = datetime.combine(day, wish.digest_at, calendar.zone)
            if window.holds(moment) and calendar.is_working_day(day):
                kind = ReminderKind.DIGEST
                yield DueReminder(user_id, kind, 0, moment, moment, None)


def params_of_due(one: DueReminder, company: str) -> Mapping[str, Any]:
    """Return what a notice about a due reminder is to say."""
    about = one.about
    if about is None:
        return {"at": one.about_at.isoformat()}
    if one.is_of_group:
        return {
            "gathering_id": about.gathering_id,
            "title": about.title,
            "at": about.at.isoformat(),
        }
    found: dict[str, Any] = {
        "company_id": about.company_id,
        "company": company,
        "reference": about.reference,
        "title": about.title,
        "at": about.at.isoformat(),
    }
    if one.data_days is not None:
        found["data_days"] = one.data_days
    elif one.kind == ReminderKind.SILENCE:
        found["days"] = limit_days(about.kind, about.type_code)
    return found


def _due(
    user_id: int | None, kind: ReminderKind, about: DueActivity, moment: datetime
) -> DueReminder:
    return DueReminder(user_id or 0, kind, about.id, about.at, moment, about)


def _is_wanted(wishes: Wishes, user_id: int | None, wish: Wish) -> bool:
    return any(wants(wishes[user_id or 0], wish))


def _days(window: Window) -> list[date]:
    zone = working_calendar().zone
    first, last = local_day(window.after, zone), local_day(window.until, zone)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _whole_days(window: Window) -> list[Range]:
    """Return between which instants whole days begin on which work begins now."""
    zone = working_calendar().zone
    instant = timedelta(microseconds=1)
    return [
        (day_start(day, zone) - instant, day_end(day, zone) - instant)
        for day in _days(window)
        if window.holds(opening(day))
    ]


def _joined(ranges: Iterable[Range]) -> list[Range]:
    """Return ranges that cover the same, none of which touch."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _not_given(due: list[DueReminder]) -> list[DueReminder]:
    """Return those that no Reminder stands for yet."""
    if not due:
        return []
    groups = {one.about.gathering_id for one in due if one.about}
    # One that was given for another event of the group stands for all of them.
    siblings = events_of_gatherings(group for group in groups if group is not None)
    ids = {one.activity_id for one in due} | siblings.keys()
    users = {one.user_id for one in due}
    rows = Reminder.objects.filter(activity_id__in=ids, user_id__in=users)
    given: set[Key] = set()
    for user, kind, activity, at in rows.values_list(
        "user_id", "kind", "activity_id", "about_at"
    ):
        given.add((user, kind, str(activity), at))
        if kind == ReminderKind.EVENT and activity in siblings:
            given.add((user, kind, f"group {siblings[activity]}", at))
    return [one for one in due if one.key not in given]


def _once(due: list[DueReminder]) -> list[DueReminder]:
    """Return each once, and one for all events of a group event at the same time."""
    found: dict[Key, DueReminder] = {}
    for one in due:
        same = found.setdefault(one.key, one)
        if same.activity_id != one.activity_id:
            first = min(same, one, key=lambda due: due.activity_id)
            found[one.key] = first._replace(is_of_group=True)
    return list(found.values())


def _seen(due: list[DueReminder]) -> list[DueReminder]:
    """Return those whose user is active and sees the company; three statements."""
    if not due:
        return []
    users = users_by_id({one.user_id for one in due})
    active = {pk: user for pk, user in users.items() if user.is_active}
    companies = companies_of(due)
    pairs = {
        (one.user_id, one.about.company_id)
        for one in due
        if one.about and one.user_id in active
    }
    seen = pairs_that_see((active[user], companies[at]) for user, at in pairs)
    return [
        one
        for one in due
        if one.user_id in active
        and (one.about is None or (one.user_id, one.about.company_id) in seen)
    ]


def companies_of(due: Iterable[DueReminder]) -> dict[int, Company]:
    """Return the companies of reminders by id; no statement for none."""
    ids = {one.about.company_id for one in due if one.about}
    return Company.objects.in_bulk(ids) if ids else {}
