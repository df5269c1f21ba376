"""The kind "task", as the heart calls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.utils import timezone

from veriga.activities.kinds import Describable, Own
from veriga.activities.models import Activity
from veriga.activities.own_fields import OwnFields
from veriga.activities.rules.words import Direction, KindCode, Result
from veriga.common.days import day_start, local_day
from veriga.common.errors import Problems

from .models import TaskDetail
from .queries import details_of
from .rules import task_times


@dataclass(frozen=True, slots=True)
class _Detail:
    starts_on: date
    due_on: date | None


class TaskKind:
    """Work to be done."""

    code = KindCode.TASK
    fields = frozenset({"starts_on", "due_on", "due_at"})
    results = frozenset({Result.CARRIED_OUT, Result.CANCELLED})

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
        starts_on = fields.day("starts_on")
        due_on, due_at = fields.day("due_on"), fields.instant("due_at")
        if due_on and due_at:
            # The one that was just given replaces the one that was there.
            if not fields.given("due_on"):
                due_on = None
            elif not fields.given("due_at"):
                due_at = None
            else:
                problems.add("due_at", "due_twice")
                return None
        if starts_on is None:
            # Without a start it begins today, or on an earlier day it was due.
            today = local_day(now, zone)
            end = due_on or (local_day(due_at, zone) if due_at else today)
            starts_on = min(today, end)
        times = task_times(starts_on, due_on, due_at, zone)
        if times.due_at is not None and times.due_at < times.date:
            problems.add("due_on" if due_on else "due_at", "due_before_start")
            return None
        if due_on is not None and due_on < starts_on:
            problems.add("due_on", "due_before_start")
            return None
        return Own(
            times=times,
            direction=Direction.INTERNAL,
            detail=_Detail(starts_on, due_on),
        )

    def save(self, activity: Activity, detail: Any) -> None:
        TaskDetail.objects.update_or_create(
            activity=activity,
            defaults={"starts_on": detail.starts_on, "due_on": detail.due_on},
        )

    def describe(self, activities: Sequence[Describable]) -> dict[int, dict[str, Any]]:
        details = details_of([a.pk for a in activities])
        zone = timezone.get_default_timezone()
        found = {}
        for a in activities:
            detail = details.get(a.pk)
            due_on = detail.due_on if detail else None
            found[a.pk] = {
                "starts_on": detail.starts_on if detail else local_day(a.date, zone),
                "due_on": due_on,
                "due_at": None if due_on else a.due_at,
            }
        return found

    def differences(self, activities: Sequence[Activity]) -> Iterator[tuple[int, str]]:
        details = details_of([a.pk for a in activities])
        zone = timezone.get_default_timezone()
        for a in activities:
            detail = details.get(a.pk)
            if detail is None:
                yield a.pk, "detail"
                continue
            if a.date != day_start(detail.starts_on, zone):
                yield a.pk, "date"
            times = task_times(detail.starts_on, detail.due_on, a.due_at, zone)
            if a.due_at != times.due_at:
                yield a.pk, "due_at"
