"""Dates and totals of a quote, in integers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal

from veriga.activities.rules.times import Times
from veriga.common.days import day_end, day_start
from veriga.common.money import (
    PERCENT_SCALE,
    PRICE_SCALE,
    QUANTITY_SCALE,
    round_half_up,
)


@dataclass(frozen=True, slots=True)
class LineValues:
    """One line; quantity x 10^-3, unit price x 10^-4, percentages x 10^-2."""

    product_id: int | None
    text: str
    quantity: int
    unit: str
    unit_price: int
    discount_percent: int = 0
    vat_rate: int = 0

    @property
    def net_minor(self) -> int:
        """Quantity times price less discount, rounded half up to the minor unit."""
        exact = (
            Decimal(self.quantity)
            * self.unit_price
            * (100 * PERCENT_SCALE - self.discount_percent)
            / (QUANTITY_SCALE * PRICE_SCALE * 100 * PERCENT_SCALE)
        )
        return round_half_up(exact * 100)


def totals(lines: Iterable[LineValues]) -> tuple[int, int]:
    """Return (net, VAT) in minor units; VAT is rounded once per rate."""
    by_rate: dict[int, int] = {}
    for line in lines:
        by_rate[line.vat_rate] = by_rate.get(line.vat_rate, 0) + line.net_minor
    vat = sum(
        round_half_up(Decimal(net * rate) / (100 * PERCENT_SCALE))
        for rate, net in by_rate.items()
    )
    return sum(by_rate.values()), vat


def quote_times(
    issued_on: date,
    valid_until: date | None,
    first_sent_at: datetime | None,
    zone: tzinfo,
) -> Times:
    """Return the times of a quote: dated when first sent, else when issued."""
    date_at = first_sent_at or day_start(issued_on, zone)
    return Times(
        date=date_at,
        document_at=date_at,
        due_at=day_end(valid_until, zone) if valid_until else None,
        sent_at=first_sent_at,
    )
