"""Numbers as people type them, and as forms and pages show them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from veriga.web.forms.numbers import read_decimal, show_decimal, write_decimal


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("sl", "2,5", "2.5"),
        ("sl", "2.5", "2.5"),
        ("sl", "1.250", "1250"),
        ("sl", "0.125", "0.125"),
        ("sl", "1.250,50", "1250.50"),
        ("sl", "1 250,50", "1250.50"),
        ("sl", "-3", "-3"),
        ("en", "1,250", "1250"),
        ("en", "1.250", "1.250"),
        ("en", "1,250.50", "1250.50"),
        ("en", "2,5", "2.5"),
    ],
)
def test_read(language, text, value):
    with translation.override(language):
        assert read_decimal(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "x", "1e5", "1,2,3", "NaN", "9" * 30, "1..2", "٣"]
)
def test_nonsense_is_none(text):
    with translation.override("sl"):
        assert read_decimal(text) is None


@pytest.mark.parametrize("language", ["sl", "en"])
@pytest.mark.parametrize("value", ["1250", "0.125", "1250.5", "19.90", "1000000"])
def test_what_a_form_shows_it_reads_again(language, value):
    with translation.override(language):
        shown = write_decimal(Decimal(value), 2)
        assert read_decimal(shown) == Decimal(value)


def test_show():
    with translation.override("sl"):
        assert show_decimal(Decimal("1250.5"), 2) == "1.250,50"
        assert show_decimal(Decimal("3.500")) == "3,5"
        assert show_decimal(Decimal("100")) == "100"
        assert show_decimal(None) == ""
