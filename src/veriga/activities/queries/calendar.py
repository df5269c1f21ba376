"""When people are busy, and what falls due: what a calendar shows of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Participant
from veriga.activities.rules.busy import Span, effective
from veriga.activities.rules.words import NOT_CARRIED_OUT, KindCode
from veriga.common.ids import read_ids, written
from veriga.common.prepared import prepared
from veriga.parties.queries import seen_by, sight_of

from .activities import visible_activities
from .rows import COLUMNS, ActivityRow, to_row

LONGEST: Final = timedelta(days=31)  # an event that began before is not looked for
UNSTATED: Final = timedelta(minutes=30)  # how long an event without an end is drawn
MOST: Final = 2_000
NOT_HELD: Final = tuple(str(result) for result in NOT_CARRIED_OUT)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time in which somebody is busy with an event.

    `row` is None where the reader may not see the event: then they learn no more. So it
    is where only times were asked for.
    `has_own_time`: it is a time set for this participant, not that of the event.
    """

    user_id: int
    activity_id: int
    start: datetime
    end: datetime
    all_day: bool
    row: ActivityRow | None
    has_own_time: bool = False


class _Time(NamedTuple):
    span: Span
    all_day: bool
    is_own: bool


def list_slots(
    actor: Actor,
    user_ids: Collection[int],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
    only_times: bool = False,
) -> list[Slot]:
    """Return when these users are busy between two instants, by the start.

    Owners are busy as long as the event lasts, participants too unless they have a time
    of their own. What was cancelled or reached nobody takes no time. Three statements.
    """
    found: dict[tuple[int, int], _Time] = {}
    if not user_ids:
        return []
    users = sorted(user_ids)
    for pk, owner, start, end, all_day in _owned(
        users=users,
        since=since,
        until=until,
        unstated=since - UNSTATED,
        earliest=since - LONGEST,
    ):
        found[pk, owner] = _Time(Span(start, end), all_day, False)
    for pk, user, own_start, own_end, start, end, all_day in _attended(
        users=users, since=since - LONGEST, until=until + LONGEST
    ):
        own = Span(own_start, own_end)
        has_own = own != Span(None, None)
        time = effective(own, Span(start, end))
        found[pk, user] = _Time(time, all_day and not has_own, has_own)
    slots = {}
    for key, time_ in found.items():
        start, end = time_.span.start, time_.span.end
        if start is None:
            continue
        if end is None or end <= start:
            end = start + UNSTATED
        if start < until and end > since:
            slots[key] = start, end, time_.all_day, time_.is_own
    ids = {pk for pk, _user in slots}
    rows = {} if only_times else _rows(actor, ids, now)
    made = sorted(
        (
            Slot(user, pk, start, end, all_day, rows.get(pk), is_own)
            for (pk, user), (start, end, all_day, is_own) in slots.items()
        ),
        key=lambda slot: (slot.start, slot.end, slot.activity_id, slot.user_id),
    )
    gatherings = {pk: row.gathering_id for pk, row in rows.items()}
    return _once(made, _gatherings(actor, ids) if only_times else gatherings)


def _once(slots: list[Slot], seen: Mapping[int, int | None]) -> list[Slot]:
    """Return slots with each group event once for each person.

    `seen` holds what the reader sees, and of which group event it is. Of several at the
    same time that they may not see, or one beside what they do see, there is one: they
    need not know how many there are.
    """
    found: dict[tuple[object, ...], Slot] = {}
    times = {(s.user_id, s.start, s.end) for s in slots if s.activity_id in seen}
    for slot in slots:
        time = slot.user_id, slot.start, slot.end
        if slot.activity_id not in seen:
            if time not in times:
                found.setdefault(time, slot)
        elif (gathering := seen[slot.activity_id]) is None:
            found[slot.user_id, slot.activity_id] = slot
        else:
            found.setdefault((*time, gathering), slot)
    return list(found.values())


def list_due(
    actor: Actor,
    user_ids: Collection[int],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
) -> list[ActivityRow]:
    """Return what these users have to do until a time in between, no events, by it.

    A deadline of a day is the first instant of the next: one at `since` belongs to the
    day before.
    """
    if not user_ids:
        return []
    sight, who = sight_of(actor)
    found = _due(sight, users=sorted(user_ids), since=since, until=until, **who)
    return [to_row(values, now) for values in found]


@prepared
def _due(
    sight: str, /, *, users: list[int], since: datetime, until: datetime, **who: int
) -> QuerySet[Activity, tuple[Any, ...]]:
    rows = visible_activities(seen_by(sight, **who)).filter(
        owner_id__in=users, done_at__isnull=True, due_at__gt=since, due_at__lte=until
    )
    rows = rows.exclude(kind=KindCode.EVENT).order_by("due_at", "reference_key")
    return rows.values_list(*COLUMNS)[:MOST]


def _held(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    held = rows.filter(kind=KindCode.EVENT, deleted_at__isnull=True)
    return held.exclude(result__in=NOT_HELD)


@prepared
def _owned(
    *,
    users: list[int],
    since: datetime,
    until: datetime,
    unstated: datetime,
    earliest: datetime,
) -> QuerySet[Activity, tuple[int, int, datetime | None, datetime | None, bool]]:
    """Return the events of owners that reach between two instants."""
    lasts = Q(ends_at__gt=since) | Q(ends_at__isnull=True, date__gt=unstated)
    rows = Activity.objects.filter(
        lasts, owner_id__in=users, date__gte=earliest, date__lt=until
    )
    rows = _held(rows).order_by("date", "id")
    return rows.values_list("pk", "owner_id", "starts_at", "ends_at", "all_day")[:MOST]


@prepared
def _attended(
    *, users: list[int], since: datetime, until: datetime
) -> QuerySet[Participant, Any]:
    """Return the events near in which users take part, with their own times."""
    # Joined rather than "in all events near": SQLite then begins with the few rows of
    # these people, not with everybody's events of three months.
    parts = Participant.objects.filter(
        user_id__in=users,
        activity__kind=KindCode.EVENT,
        activity__deleted_at__isnull=True,
        activity__date__gte=since,
        activity__date__lt=until,
    ).exclude(activity__result__in=NOT_HELD)
    return parts.order_by("activity__date", "id").values_list(
        *("activity_id", "user_id", "busy_from", "busy_until"),
        *("activity__starts_at", "activity__ends_at", "activity__all_day"),
    )[:MOST]


def _rows(actor: Actor, ids: Collection[int], now: datetime) -> dict[int, ActivityRow]:
    """Return what the actor sees of these activities, by id."""
    if not ids:
        return {}
    sight, who = sight_of(actor)
    found = _seen(sight, COLUMNS, ids=written(sorted(ids)), **who)
    return {values[0]: to_row(values, now) for values in found}


def _gatherings(actor: Actor, ids: Collection[int]) -> dict[int, int | None]:
    """Return of what the actor sees of these which group event it is of, by id."""
    if not ids:
        return {}
    sight, who = sight_of(actor)
    found = _seen(sight, ("id", "gathering_id"), ids=written(sorted(ids)), **who)
    return dict(found)


@prepared
def _seen(
    sight: str, columns: tuple[str, ...], /, *, ids: str, **who: int
) -> QuerySet[Activity, tuple[Any, ...]]:
    rows = visible_activities(seen_by(sight, **who)).filter(pk__in=read_ids(ids))
    return rows.values_list(*columns)
