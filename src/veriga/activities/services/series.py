"""What comes again: recorded at once, each occurrence an activity of its own.

Each has its own reference and may be linked, moved, finished and deleted as any other;
that they belong together only lets a change reach several of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from django.utils import timezone

from veriga.access.rules import Context
from veriga.activities.kinds import describe_all
from veriga.activities.models import Activity, Series
from veriga.activities.queries.activities import get_activity, visible_activities
from veriga.activities.rules.busy import Attendance
from veriga.activities.rules.repeats import (
    MOST,
    MOST_EVERY,
    Repeat,
    Unit,
    Which,
    days_of,
)
from veriga.activities.rules.words import KindCode
from veriga.common.days import local_day
from veriga.common.errors import Invalid, Problems
from veriga.common.transactions import write

from .changing import update_activity
from .creating import UNSET, Draft, create_activity
from .deleting import delete_activity
from .linking import Changed
from .locking import lock_activity
from .people import Given

# The time that all others of an occurrence are told from, first those that decide.
ANCHORS: Final[Mapping[str, tuple[str, ...]]] = {
    KindCode.EVENT: ("starts_at",),
    KindCode.TASK: ("starts_on", "due_on", "due_at"),
}
TIMES: Final = frozenset({"starts_at", "ends_at", "starts_on", "due_on", "due_at"})
# What is said of one occurrence alone.
OF_ONE: Final = frozenset({"company", "done_at", "result"})


@write
def create_series(*, context: Context, draft: Draft, repeat: Repeat) -> list[Activity]:
    """Record an event or a task with all its repetitions; return them, the first first.

    The first one follows what the draft says; the others stand alone until somebody
    links them. Errors: those of create_activity; out_of_range, unknown_choice,
    too_many and ends_before_start at "repeat_unit", "repeat_every", "repeat_until".
    """
    zone = timezone.get_default_timezone()
    anchor = _anchor(draft.kind, draft.own, zone) or local_day(context.now, zone)
    days = _checked_days(draft.kind, anchor, repeat)
    made = [create_activity(context=context, draft=draft)]
    for day in days[1:]:
        shifted = _shifted(draft.own, (day - anchor).days, zone)
        people = _shifted_people(draft.participants, (day - anchor).days, zone)
        again = replace(
            draft,
            own=shifted,
            participants=people,
            follows="",
            offered="",
            done_at=UNSET,
        )
        made.append(create_activity(context=context, draft=again))
    series = Series.objects.create(
        unit=repeat.unit,
        every=repeat.every,
        until_on=repeat.until,
        made_by_id=context.actor.user_id,
        made_at=context.now,
    )
    ids = [activity.pk for activity in made]
    Activity.objects.filter(pk__in=ids).update(series=series)
    for activity in made:
        activity.series = series
    return made


@write
def update_series(
    *,
    context: Context,
    reference: str,
    changes: Mapping[str, Any],
    which: str,
    expected_version: int | None = None,
) -> Activity:
    """Change an occurrence, and those that `which` names besides; return the one.

    Times move by as much as this one moves, at its hour of the day. What is done, and
    what stands at another company, stays as it is; so do company and result of the
    others. Errors: those of update_activity, of any of them.
    """
    activity = lock_activity(context, reference)
    zone = timezone.get_default_timezone()
    others = _others(context, activity, which)
    own = describe_all([activity, *others])
    update_activity(
        context=context,
        reference=reference,
        changes=changes,
        expected_version=expected_version,
    )
    shared = {k: v for k, v in changes.items() if k not in OF_ONE}
    for other in others:
        times = _moved(activity.kind, own[activity.pk], own[other.pk], shared, zone)
        people = _people_of(shared, activity.kind, own, activity.pk, other.pk, zone)
        update_activity(
            context=context,
            reference=str(other.reference),
            changes={**shared, **times, **people},
        )
    return get_activity(context.actor, reference)


@write
def delete_series(*, context: Context, reference: str, which: str) -> list[Changed]:
    """Delete an occurrence, and those that `which` names besides, this one first.

    Each is a change of its own that can be undone.
    """
    activity = lock_activity(context, reference)
    references = [reference]
    references += [str(one.reference) for one in _others(context, activity, which)]
    return [delete_activity(context=context, reference=one) for one in references]


def _others(context: Context, activity: Activity, which: str) -> list[Activity]:
    """Return the open occurrences besides this one, in their order."""
    if which not in set(Which):
        raise Invalid.of("which", "unknown_choice")
    if which == Which.THIS or activity.series_id is None:
        return []
    rows = visible_activities(context.actor).filter(
        series=activity.series_id,
        company=activity.company_id,
        done_at__isnull=True,
    )
    if which == Which.FOLLOWING:
        rows = rows.filter(date__gte=activity.date)
    return list(rows.exclude(pk=activity.pk).order_by("date", "pk"))


def _checked_days(kind: str, anchor: date, repeat: Repeat) -> list[date]:
    problems = Problems()
    if repeat.unit not in set(Unit) or kind not in ANCHORS:
        problems.add("repeat_unit", "unknown_choice")
    if not 1 <= repeat.every <= MOST_EVERY:
        problems.add("repeat_every", "between", least=1, most=MOST_EVERY)
    if repeat.until < anchor:
        problems.add("repeat_until", "ends_before_start")
    problems.raise_if_any()
    days = days_of(anchor, repeat)
    if len(days) > MOST:
        problems.add("repeat_until", "too_many", limit=MOST)
    problems.raise_if_any()
    return days


def _anchor(kind: str, own: Mapping[str, Any], zone: tzinfo) -> date | None:
    for name in ANCHORS.get(kind, ()):
        day = _day(own.get(name), zone)
        if day is not None:
            return day
    return None


def _day(value: object, zone: tzinfo) -> date | None:
    if isinstance(value, datetime):
        return local_day(value, zone) if value.tzinfo else value.date()
    return value if isinstance(value, date) else None


def _shifted(own: Mapping[str, Any], days: int, zone: tzinfo) -> dict[str, Any]:
    """Return the fields of a kind with every time so many days later."""
    return {
        name: _later(value, days, zone) if name in TIMES else value
        for name, value in own.items()
    }


def _shifted_people(people: Sequence[Given], days: int, zone: tzinfo) -> list[Given]:
    """Return who takes part, with the times set for them so many days later."""
    return [
        Attendance(
            one.user,
            _later(one.busy_from, days, zone),
            _later(one.busy_until, days, zone),
        )
        if isinstance(one, Attendance)
        else one
        for one in people
    ]


def _later(value: Any, days: int, zone: tzinfo) -> Any:
    """Return a day, or the same hour of the clock, so many days later."""
    if isinstance(value, datetime):
        clock = value.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
        return clock.replace(tzinfo=zone)
    return value + timedelta(days=days) if isinstance(value, date) else value


def _people_of(
    changes: Mapping[str, Any],
    kind: str,
    own: Mapping[int, Mapping[str, Any]],
    this: int,
    other: int,
    zone: tzinfo,
) -> dict[str, Any]:
    """Return who takes part in another occurrence, each at their hour of its day."""
    if "participants" not in changes:
        return {}
    mine, theirs = _anchor(kind, own[this], zone), _anchor(kind, own[other], zone)
    days = (theirs - mine).days if mine and theirs else 0
    return {"participants": _shifted_people(changes["participants"], days, zone)}


def _moved(
    kind: str,
    this: Mapping[str, Any],
    other: Mapping[str, Any],
    changes: Mapping[str, Any],
    zone: tzinfo,
) -> dict[str, Any]:
    """Return the changed times of another occurrence, told from those of this one."""
    mine, theirs = _anchor(kind, this, zone), _anchor(kind, other, zone)
    if mine is None or theirs is None:
        return {}
    days = (theirs - mine).days
    return {
        name: _later(value, days, zone)
        for name, value in changes.items()
        if name in TIMES
    }
