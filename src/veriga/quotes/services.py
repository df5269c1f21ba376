"""The kind "quote", as the heart calls it, and marking a quote as sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from django.utils import timezone

from veriga.access.rules import Context
from veriga.activities.kinds import Describable, Own
from veriga.activities.models import Activity
from veriga.activities.own_fields import OwnFields
from veriga.activities.queries.activities import get_activity
from veriga.activities.rules.words import Direction, KindCode, Result
from veriga.activities.services import update_activity
from veriga.catalogue.queries import get_product
from veriga.common.days import local_day
from veriga.common.errors import Invalid, NotFound, Problems
from veriga.common.money import (
    PERCENT_SCALE,
    PRICE_SCALE,
    QUANTITY_SCALE,
    from_scaled,
    to_scaled,
)
from veriga.common.text import has_control_characters, tidy
from veriga.common.transactions import write

from .models import QuoteDetail, QuoteLine
from .queries import LineRow, details_of, read_quotes
from .rules import LineValues, quote_times, totals

MAX_LINES = 500
TEXT_LENGTH = 200
UNIT_LENGTH = 12
LARGEST = Decimal(10) ** 9
MOST_MINOR = 10**15


@dataclass(frozen=True, slots=True)
class _Detail:
    issued_on: date
    valid_until: date | None
    first_sent_at: datetime | None
    lines: tuple[LineValues, ...] | None  # None leaves those that are there
    net_minor: int
    vat_minor: int


class QuoteKind:
    """Offers with lines and prices."""

    code = KindCode.QUOTE
    fields = frozenset({"issued_on", "valid_until", "lines", "sent_at", "currency"})
    results = frozenset(
        {Result.ACCEPTED, Result.DECLINED, Result.WITHDRAWN, Result.EXPIRED}
    )

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
        issued_on = fields.day("issued_on") or local_day(now, zone)
        valid_until = fields.day("valid_until")
        sent_at = fields.instant("sent_at")
        currency = fields.get("currency") or "EUR"
        if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
            problems.add("currency", "unknown_choice")
        if valid_until is not None and valid_until < issued_on:
            problems.add("valid_until", "valid_before_issue")
            return None
        lines = None
        net, vat = stored.get("net_minor", 0), stored.get("vat_minor", 0)
        if fields.given("lines") or current is None:
            lines = tuple(_read_lines(fields.get("lines") or (), problems))
            net, vat = totals(lines)
            if net > MOST_MINOR:
                problems.add("lines", "out_of_range")
        return Own(
            times=quote_times(issued_on, valid_until, sent_at, zone),
            direction=Direction.OUT,
            amount_minor=net,
            currency=currency,
            detail=_Detail(issued_on, valid_until, sent_at, lines, net, vat),
        )

    def save(self, activity: Activity, detail: Any) -> None:
        quote, _ = QuoteDetail.objects.update_or_create(
            activity=activity,
            defaults={
                "issued_on": detail.issued_on,
                "valid_until": detail.valid_until,
                "first_sent_at": detail.first_sent_at,
                "net_minor": detail.net_minor,
                "vat_minor": detail.vat_minor,
            },
        )
        if detail.lines is not None:
            quote.lines.all().delete()
            QuoteLine.objects.bulk_create(lines_of(quote, detail.lines))

    def describe(self, activities: Sequence[Describable]) -> dict[int, dict[str, Any]]:
        quotes = read_quotes([a.pk for a in activities])
        return {
            a.pk: {
                "issued_on": quotes[a.pk].issued_on,
                "valid_until": quotes[a.pk].valid_until,
                "sent_at": quotes[a.pk].first_sent_at,
                "currency": a.currency,
                "net_minor": quotes[a.pk].net_minor,
                "vat_minor": quotes[a.pk].vat_minor,
                "lines": [_describe_line(line) for line in quotes[a.pk].lines],
            }
            for a in activities
            if a.pk in quotes
        }

    def differences(self, activities: Sequence[Activity]) -> Iterator[tuple[int, str]]:
        details = details_of([a.pk for a in activities])
        zone = timezone.get_default_timezone()
        for a in activities:
            d = details.get(a.pk)
            if d is None:
                yield a.pk, "detail"
                continue
            times = quote_times(d.issued_on, d.valid_until, d.first_sent_at, zone)
            if (a.date, a.document_at) != (times.date, times.document_at):
                yield a.pk, "date"
            if a.due_at != times.due_at:
                yield a.pk, "due_at"
            if a.sent_at != times.sent_at:
                yield a.pk, "sent_at"
            net, vat = totals(_values_of(line) for line in d.lines.all())
            if (d.net_minor, d.vat_minor, a.amount_minor) != (net, vat, net):
                yield a.pk, "amount"


@write
def mark_sent(
    *, context: Context, reference: str, sent_at: datetime | None = None
) -> Activity:
    """Note that a quote went out to the customer; its first sending dates it.

    Sending does not finish a quote. Sent already, nothing changes.
    """
    activity = get_activity(context.actor, reference)
    detail = details_of([activity.pk]).get(activity.pk)
    if detail is None:
        raise NotFound(reference=reference)
    if detail.first_sent_at is not None:
        return activity
    return update_activity(
        context=context,
        reference=reference,
        changes={"sent_at": sent_at or context.now},
    )


def lines_of(quote: QuoteDetail, lines: Sequence[LineValues]) -> list[QuoteLine]:
    """Return the rows of a quote's lines, unsaved."""
    return [
        QuoteLine(
            quote=quote,
            position=position,
            product_id=line.product_id,
            text=line.text,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            discount_percent=line.discount_percent,
            vat_rate=line.vat_rate,
            net_minor=line.net_minor,
        )
        for position, line in enumerate(lines, start=1)
    ]


def _values_of(line: QuoteLine) -> LineValues:
    return LineValues(
        line.product_id,
        line.text,
        line.quantity,
        line.unit,
        line.unit_price,
        line.discount_percent,
        line.vat_rate,
    )


def _describe_line(line: LineRow) -> dict[str, Any]:
    return {
        "product": line.product_id,
        "text": line.text,
        "quantity": from_scaled(line.quantity, QUANTITY_SCALE),
        "unit": line.unit,
        "unit_price": from_scaled(line.unit_price, PRICE_SCALE),
        "discount_percent": from_scaled(line.discount_percent, PERCENT_SCALE),
        "vat_rate": from_scaled(line.vat_rate, PERCENT_SCALE),
        "net_minor": line.net_minor,
    }


def _read_lines(
    lines: Sequence[Mapping[str, Any]], problems: Problems
) -> Iterator[LineValues]:
    if len(lines) > MAX_LINES:
        problems.add("lines", "too_many", limit=MAX_LINES)
        return
    for number, line in enumerate(lines):
        yield _read_line(line, f"lines.{number}", problems)


def _read_line(line: Mapping[str, Any], where: str, problems: Problems) -> LineValues:
    product = None
    if line.get("product") not in (None, ""):
        try:
            product = get_product(None, line["product"])
        except (NotFound, Invalid):
            problems.add(f"{where}.product", "unknown_choice")
    text = tidy(line.get("text") or (product.name if product else ""))
    if not text:
        problems.add(f"{where}.text", "required")
    elif has_control_characters(text):
        problems.add(f"{where}.text", "control_characters")
    elif len(text) > TEXT_LENGTH:
        problems.add(f"{where}.text", "too_long", limit=TEXT_LENGTH)
    unit = tidy(line.get("unit") or (product.unit if product else ""))
    if len(unit) > UNIT_LENGTH or has_control_characters(unit):
        problems.add(f"{where}.unit", "too_long", limit=UNIT_LENGTH)
    price = line.get("unit_price")
    if price is None and product is not None:
        price = from_scaled(product.unit_price, PRICE_SCALE)

    def number(name: str, value: Any, scale: int, default: str, most: Decimal) -> int:
        value = Decimal(default) if value is None or value == "" else value
        if not isinstance(value, Decimal) or not value.is_finite():
            problems.add(f"{where}.{name}", "wrong_type")
        elif value < 0:
            problems.add(f"{where}.{name}", "negative")
        elif value > most:
            problems.add(f"{where}.{name}", "out_of_range")
        else:
            return to_scaled(value, scale)
        return 0

    hundred = Decimal(100)
    return LineValues(
        product_id=product.pk if product else None,
        text=text,
        quantity=number("quantity", line.get("quantity"), QUANTITY_SCALE, "1", LARGEST),
        unit=unit,
        unit_price=number("unit_price", price, PRICE_SCALE, "0", LARGEST),
        discount_percent=number(
            "discount_percent",
            line.get("discount_percent"),
            PERCENT_SCALE,
            "0",
            hundred,
        ),
        vat_rate=number("vat_rate", line.get("vat_rate"), PERCENT_SCALE, "0", hundred),
    )
