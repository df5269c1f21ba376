"""Who of the firm takes part in an activity, and when each of them is busy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from veriga.access.models import User
from veriga.access.rules import Actor
from veriga.activities.models import Activity, Participant
from veriga.activities.rules.busy import Attendance, Span, fault_of
from veriga.common.errors import Problems
from veriga.parties.models import Company

from .fields import person_at

Given = int | str | Attendance


@dataclass(frozen=True, slots=True)
class Part:
    """A user who takes part; `own` None leaves the time that is stored."""

    user: User
    own: Span | None


def parts_at(
    actor: Actor, given: Iterable[Given], company: Company, problems: Problems
) -> list[Part]:
    """Return who of `given` may take part at the company, each once, the last said."""
    found: dict[int, Part] = {}
    for one in given:
        ident = one.user if isinstance(one, Attendance) else one
        user = person_at(actor, ident, "participants", company, problems)
        own = None
        if isinstance(one, Attendance):
            own = Span(one.busy_from, one.busy_until)
        if user is not None:
            found[user.pk] = Part(user, own)
    return list(found.values())


def check_parts(activity: Activity, parts: Sequence[Part], problems: Problems) -> None:
    """Note whose own time ends before it starts."""
    whole = Span(activity.starts_at or activity.date, activity.ends_at)
    if whole.end is None:
        whole = Span(whole.start, activity.due_at)
    for part in parts:
        fault = fault_of(part.own, whole) if part.own else ""
        if fault:
            problems.add("participants", fault, user_id=part.user.pk)


def write_new_parts(activity: Activity, parts: Sequence[Part]) -> None:
    """Store who takes part in an activity that is new."""
    Participant.objects.bulk_create([_row(activity, part, None) for part in parts])


def write_parts(activity: Activity, parts: Sequence[Part]) -> None:
    """Store who takes part instead of who did; times not spoken of stay."""
    stored = {row.user_id: row for row in activity.participations.all()}
    if stored:
        activity.participations.all().delete()
    Participant.objects.bulk_create(
        [_row(activity, part, stored.get(part.user.pk)) for part in parts]
    )


def _row(activity: Activity, part: Part, before: Participant | None) -> Participant:
    own = part.own
    if own is None:
        own = Span(before.busy_from, before.busy_until) if before else Span(None, None)
    return Participant(
        activity=activity, user=part.user, busy_from=own.start, busy_until=own.end
    )


def busy_times(activity: Activity) -> dict[str, list[str | None]]:
    """Return the times set by hand as history keeps them, by the person's name."""
    rows = activity.participations.select_related("user").order_by("user__name_key")
    return {
        row.user.name: [
            row.busy_from.isoformat() if row.busy_from else None,
            row.busy_until.isoformat() if row.busy_until else None,
        ]
        for row in rows
        if row.busy_from or row.busy_until
    }
