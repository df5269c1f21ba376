"""Money as integers: what goes in comes out, and halves round away from zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.common.money import (
    PERCENT_SCALE,
    PRICE_SCALE,
    QUANTITY_SCALE,
    from_scaled,
    round_half_up,
    to_scaled,
)

SCALES = (QUANTITY_SCALE, PRICE_SCALE, PERCENT_SCALE)
amounts = st.decimals(-(10**12), 10**12, places=6)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("2.5", 3), ("-2.5", -3), ("2.4999", 2), ("0.5", 1), ("-0.4", 0), ("7", 7)],
)
def test_halves_round_away_from_zero(value: str, rounded: int) -> None:
    assert round_half_up(Decimal(value)) == rounded


@given(st.integers(-(10**15), 10**15), st.sampled_from(SCALES))
def test_what_was_stored_comes_back(value: int, scale: int) -> None:
    assert to_scaled(from_scaled(value, scale), scale) == value


@given(amounts, st.sampled_from(SCALES))
def test_rounding_is_off_by_half_a_unit_at_most(value: Decimal, scale: int) -> None:
    off = abs(Fraction(value) * scale - to_scaled(value, scale))
    assert off <= Fraction(1, 2)


@given(amounts, st.sampled_from(SCALES))
def test_a_sign_changes_nothing_but_the_sign(value: Decimal, scale: int) -> None:
    assert to_scaled(-value, scale) == -to_scaled(value, scale)
