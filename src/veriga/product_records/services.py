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
from veriga.common.money import PRICE_SCALE, QUANTITY_SCALE, from_scaled, to_scaled
from veriga.setup.models import ProductRecordType

from .models import ProductRecordDetail
from .queries import details_of
from .rules import record_times

DEFAULT_TYPE = "interest"
MAX_AMOUNT = Decimal(10) ** 12
NAME_LENGTH = 120
OPINION_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class _Detail:
    type_code: str
    recorded_on: date
    follow_up_on: date | None
    quantity: int | None
    product_text: str
    competitor: str
    competitor_price: int | None
    competitor_currency: str
    opinion: str


class ProductRecordKind:
    """Interest, samples, tests, objections."""

    code = KindCode.PRODUCT_RECORD
    fields = frozenset(
        {
            *("type", "recorded_on", "follow_up_on", "quantity", "product_text"),
            *("competitor", "competitor_price", "competitor_currency", "opinion"),
        }
    )
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
        quantity = _amount(fields, "quantity", QUANTITY_SCALE)
        price = _amount(fields, "competitor_price", PRICE_SCALE)
        if follow_up_on is not None and follow_up_on < recorded_on:
            problems.add("follow_up_on", "follow_up_before_record")
            return None
        return Own(
            times=record_times(recorded_on, follow_up_on, now=now, zone=zone),
            direction=Direction.INTERNAL,
            type_code=type_code,
            detail=_Detail(
                type_code,
                recorded_on,
                follow_up_on,
                quantity,
                product_text=fields.text("product_text", NAME_LENGTH),
                competitor=fields.text("competitor", NAME_LENGTH),
                competitor_price=price,
                competitor_currency=_currency(fields) if price is not None else "",
                opinion=fields.text("opinion", OPINION_LENGTH),
            ),
        )

    def save(self, activity: Activity, detail: Any) -> None:
        ProductRecordDetail.objects.update_or_create(
            activity=activity,
            defaults={
                "type_id": detail.type_code,
                "recorded_on": detail.recorded_on,
                "follow_up_on": detail.follow_up_on,
                "quantity": detail.quantity,
                "product_text": detail.product_text,
                "competitor": detail.competitor,
                "competitor_price": detail.competitor_price,
                "competitor_currency": detail.competitor_currency,
                "opinion": detail.opinion,
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
                "quantity": _decimal(d.quantity if d else None, QUANTITY_SCALE),
                "product_text": d.product_text if d else "",
                "competitor": d.competitor if d else "",
                "competitor_price": _decimal(
                    d.competitor_price if d else None, PRICE_SCALE
                ),
                "competitor_currency": d.competitor_currency if d else "",
                "opinion": d.opinion if d else "",
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


def _amount(fields: OwnFields, name: str, scale: int) -> int | None:
    """Return a number times `scale`, None if empty; what is wrong is a problem."""
    value = fields.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, Decimal) or not value.is_finite():
        fields.problems.add(name, "wrong_type")
    elif value < 0:
        fields.problems.add(name, "negative")
    elif value > MAX_AMOUNT:
        fields.problems.add(name, "out_of_range")
    else:
        return to_scaled(value, scale)
    return None


def _currency(fields: OwnFields) -> str:
    """Return the currency of the competitor's price, EUR unless another is given."""
    currency = str(fields.get("competitor_currency") or "EUR")
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        fields.problems.add("competitor_currency", "unknown_choice")
    return currency


def _decimal(value: int | None, scale: int) -> Decimal | None:
    return None if value is None else from_scaled(value, scale).normalize()
