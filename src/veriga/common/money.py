"""Money as integers: minor units, unit prices ×10⁻⁴, quantities ×10⁻³. No Django."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

QUANTITY_SCALE = 1_000
PRICE_SCALE = 10_000
PERCENT_SCALE = 100
MINOR_SCALE = 100  # cents


def currency_order(code: str) -> tuple[bool, str]:
    """Return what currencies are sorted by: the euro first, then by their codes."""
    return code != "EUR", code


def round_half_up(value: Decimal) -> int:
    """Return `value` rounded to a whole number, halves away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_scaled(value: Decimal, scale: int) -> int:
    """Return `value` as an integer count of 1/scale; exact halves round away."""
    return round_half_up(value * scale)


def from_scaled(value: int, scale: int) -> Decimal:
    """Return the decimal that `to_scaled` stored."""
    return Decimal(value) / scale
