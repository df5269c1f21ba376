"""The kind "product record", as the heart calls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from django.utils import timezone

from veriga.activities.kinds import Describable, Own
from veriga.activities.models import Activity
from veriga.activities.own_fields import OwnFields
from veriga.activities.rules.words import Direction, KindCode, Result
from veriga.common.days import day_end, day_start, local_day
from veriga.common.errors import Problems
from veriga.common.money import QUANTITY_SCALE, from_scaled, to_scaled
from veriga.setup.models import ProductRecordType

from .models import ProductRecordDetail
from .queries import details_of
from .rules import record_times

DEFAULT_TYPE = "interest"
MAX_QUANTITY = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class _Detail:
    type_code: str
    recorded_on: date
    follow_up_on: date | None
    quantity: int | None


class ProductRecordKind:
    """Interest, samples, tests, objections."""

    code = KindCode.PRODUCT_RECORD
    fields = frozenset({"type", "recorded_on", "follow_up_on", "quantity"})
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
        recorded_on = fields.day("recorded_on") or local_day(now, zone)
        follow_up_on = fields.day("follow_up_on")
        type_code = fields.choice(ProductRecordType, "type", DEFAULT_TYPE)
        quantity = _quantity(fields, problems)
        if follow_up_on is not None and follow_up_on < recorded_on:
            problems.add("follow_up_on", "follow_up_before_record")
            return None
        return Own(
            times=record_times(recorded_on, follow_up_on, now=now, zone=zone),
            direction=Direction.INTERNAL,
            type_code=type_code,
            detail=_Detail(type_code, recorded_on, follow_up_on, quantity),
        )

    def save(self, activity: Activity, detail: Any) -> None:
        ProductRecordDetail.objects.update_or_create(
            activity=activity,
            defaults={
                "type_id": detail.type_code,
                "recorded_on": detail.recorded_on,
                "follow_up_on": detail.follow_up_on,
                "quantity": detail.quantity,
            },
        )

    def describe(self, activities: Sequence[Describable]) -> dict[int, dict[str, Any]]:
        details = details_of([a.pk for a in activities])
        zone = timezone.get_default_timezone()
        found = {}
        for a in activities:
            d = details.get(a.pk)
            found[a.pk] = {
                "type": a.type_code,
                "recorded_on": d.recorded_on if d else local_day(a.date, zone),
                "follow_up_on": d.follow_up_on if d else None,
                "quantity": from_scaled(d.quantity, QUANTITY_SCALE).normalize()
                if d and d.quantity is not None
                else None,
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
            if detail.type_id != a.type_code:
                yield a.pk, "type_code"
            day = day_start(detail.recorded_on, zone)
            if a.date != day or a.document_at != day:
                yield a.pk, "date"
            follow_up = detail.follow_up_on
            if a.due_at != (day_end(follow_up, zone) if follow_up else None):
                yield a.pk, "due_at"


def _quantity(fields: OwnFields, problems: Problems) -> int | None:
    value = fields.get("quantity")
    if value is None or value == "":
        return None
    if not isinstance(value, Decimal) or not value.is_finite():
        problems.add("quantity", "wrong_type")
    elif value < 0:
        problems.add("quantity", "negative")
    elif value > MAX_QUANTITY:
        problems.add("quantity", "out_of_range")
    else:
        return to_scaled(value, QUANTITY_SCALE)
    return None
