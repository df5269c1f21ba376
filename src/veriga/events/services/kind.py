"""The kind "event", as the heart calls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from veriga.activities.kinds import Describable, Own
from veriga.activities.models import Activity
from veriga.activities.own_fields import OwnFields
from veriga.activities.rules.words import Direction, KindCode, Result
from veriga.common.errors import Problems
from veriga.common.text import has_control_characters, tidy
from veriga.events.models import EventDetail
from veriga.events.queries import details_of
from veriga.events.rules import event_times
from veriga.setup.models import EventType, Reason
from veriga.setup.queries import find_entry

DEFAULT_TYPE = "call"
PLACE_LENGTH = 120
REFERRED_LENGTH = 120
GUEST_LENGTHS = {"name": 120, "firm": 120, "text": 200}
MOST_GUESTS = 100
# What the events of a group event have in common, so that it is edited there alone.
SHARED = frozenset({"type", "starts_at", "ends_at", "all_day", "place"})


@dataclass(frozen=True, slots=True)
class _Detail:
    type_code: str
    reason_code: str
    place: str
    referred_by: str
    guests: list[dict[str, str]]


def default_direction(type_code: str) -> Direction:
    entry = find_entry(EventType, type_code)
    return Direction(entry.direction) if entry else Direction.OUT


class EventKind:
    """Visits, calls, meetings, mails."""

    code = KindCode.EVENT
    fields = frozenset(
        {
            *("type", "starts_at", "ends_at", "all_day", "place", "reason"),
            *("referred_by", "guests"),
        }
    )
    results = frozenset({Result.CARRIED_OUT, Result.CANCELLED, Result.NOT_REACHED})

    def read(
        self,
        values: Mapping[str, Any],
        current: Activity | None,
        *,
        now: datetime,
        zone: tzinfo,
        problems: Problems,
    ) -> Own | None:
        stored = self.describe([current])[current.pk] if current else {}
        fields = OwnFields(values, stored, problems)
        starts_at = fields.instant("starts_at", required=True)
        ends_at = fields.instant("ends_at")
        all_day = bool(fields.get("all_day", False))
        type_code = fields.choice(EventType, "type", DEFAULT_TYPE)
        detail = _Detail(
            type_code,
            fields.choice(Reason, "reason"),
            fields.text("place", PLACE_LENGTH),
            fields.text("referred_by", REFERRED_LENGTH),
            _guests(fields),
        )
        if starts_at is None or not type_code:
            return None
        if ends_at is not None and ends_at < starts_at:
            problems.add("ends_at", "ends_before_start")
            return None
        if current is not None and current.gathering_id is not None:
            for name in SHARED.intersection(values):
                if values[name] != stored[name]:
                    problems.add(name, "gathering_shared")
        return Own(
            times=event_times(starts_at, ends_at, all_day=all_day, now=now, zone=zone),
            direction=default_direction(type_code),
            type_code=type_code,
            detail=detail,
        )

    def save(self, activity: Activity, detail: Any) -> None:
        EventDetail.objects.update_or_create(
            activity=activity,
            defaults={
                "type_id": detail.type_code,
                "reason_id": detail.reason_code or None,
                "place": detail.place,
                "referred_by": detail.referred_by,
                "guests": detail.guests,
            },
        )

    def describe(self, activities: Sequence[Describable]) -> dict[int, dict[str, Any]]:
        details = details_of([a.pk for a in activities])
        return {
            a.pk: {
                "type": a.type_code,
                "starts_at": a.starts_at,
                "ends_at": a.ends_at,
                "all_day": a.all_day,
                "place": details[a.pk].place if a.pk in details else "",
                "referred_by": details[a.pk].referred_by if a.pk in details else "",
                "reason": (details[a.pk].reason_id or "") if a.pk in details else "",
                "guests": details[a.pk].guests if a.pk in details else [],
            }
            for a in activities
        }

    def differences(self, activities: Sequence[Activity]) -> Iterator[tuple[int, str]]:
        details = details_of([a.pk for a in activities])
        for a in activities:
            if a.pk not in details:
                yield a.pk, "detail"
            elif details[a.pk].type_id != a.type_code:
                yield a.pk, "type_code"
            if a.pk in details and details[a.pk].gathering_id != a.gathering_id:
                yield a.pk, "gathering_id"
            if a.date != a.starts_at:
                yield a.pk, "date"
            if a.due_at != (a.ends_at or a.starts_at):
                yield a.pk, "due_at"


def _guests(fields: OwnFields) -> list[dict[str, str]]:
    """Return the people from elsewhere, tidied; each needs a name.

    Problems stand at "guests", or at "guests.0.name" and so on.
    """
    given = fields.get("guests") or []
    if len(given) > MOST_GUESTS:
        fields.problems.add("guests", "too_many", limit=MOST_GUESTS)
        return []
    return [_guest(fields, place, guest) for place, guest in enumerate(given)]


def _guest(
    fields: OwnFields, place: int, given: Mapping[str, str | None]
) -> dict[str, str]:
    found = {}
    for name, limit in GUEST_LENGTHS.items():
        text = given.get(name) or ""
        if has_control_characters(text):
            fields.problems.add(f"guests.{place}.{name}", "control_characters")
        found[name] = tidy(text)
        if len(found[name]) > limit:
            fields.problems.add(f"guests.{place}.{name}", "too_long", limit=limit)
    if not found["name"]:
        fields.problems.add(f"guests.{place}.name", "required")
    return found
