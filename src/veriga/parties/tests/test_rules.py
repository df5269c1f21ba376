"""How company names, phone numbers and web domains are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.parties.rules import (
    ALIKE,
    core_name,
    likeness,
    phone_digits,
    web_domain,
)


class TestCoreName:
    @pytest.mark.parametrize(
        ("name", "core"),
        [
            ("Kovinarstvo Žagar, d. o. o.", "kovinarstvo zagar"),
            ("KOVINARSTVO ZAGAR D.O.O.", "kovinarstvo zagar"),
            ("Kovinarstvo Žagar d.o.o", "kovinarstvo zagar"),
            ("Mizarstvo Hočevar s.p.", "mizarstvo hocevar"),
            ("Gorenje, d.d.", "gorenje"),
            ("Müller Verpackung GmbH & Co. KG", "muller verpackung"),
            ("A. Novak d.o.o.", "a novak"),
            ("D.O.O.", "doo"),
            ("  ", ""),
        ],
    )
    def test_legal_forms_go(self, name: str, core: str) -> None:
        assert core_name(name) == core

    @given(st.text(max_size=80))
    def test_any_text_has_one(self, name: str) -> None:
        assert core_name(name) == core_name(name).strip()


class TestLikeness:
    @pytest.mark.parametrize(
        ("name", "other"),
        [
            ("Kovinarstvo Žagar", "Kovinarstvo Zagar, d. o. o."),
            ("Kovinarstvo Žagar", "Kovinarstvo Žager d.o.o."),
            ("Pivovarna Union", "Pivovarna Union d.d."),
        ],
    )
    def test_slips_are_alike(self, name: str, other: str) -> None:
        assert likeness(name, other) >= ALIKE

    @pytest.mark.parametrize(
        ("name", "other"),
        [("Kovinarstvo Žagar", "Kovinarstvo Potočnik"), ("Alfa", "Beta")],
    )
    def test_other_firms_are_not(self, name: str, other: str) -> None:
        assert likeness(name, other) < ALIKE


class TestPhoneDigits:
    @pytest.mark.parametrize(
        "text",
        [
            "040 123 456",
            "040/123-456",
            "+386 40 123 456",
            "00386 40 123 456",
            "(040) 123 456",
        ],
    )
    def test_one_number_is_one_number(self, text: str) -> None:
        assert phone_digits(text) == "40123456"

    def test_a_foreign_number_loses_its_country(self) -> None:
        assert phone_digits("+49 89 123456") == "89123456"

    def test_what_no_region_knows_is_taken_as_typed(self) -> None:
        assert phone_digits("+999 0012 345") == "9990012345"

    @pytest.mark.parametrize("text", ["", "1234", "Alfa 12345", "00000", "2026-x"])
    def test_other_text_is_none(self, text: str) -> None:
        assert phone_digits(text) in {None, "0"}


class TestWebDomain:
    @pytest.mark.parametrize(
        "text",
        ["adriatik.si", "www.adriatik.si", "https://www.Adriatik.si/", " adriatik.si "],
    )
    def test_it_is_found(self, text: str) -> None:
        assert web_domain(text) == "adriatik.si"

    @pytest.mark.parametrize("text", ["adriatik", "d. o. o.", "a b.si", "a@b.si", ""])
    def test_other_text_has_none(self, text: str) -> None:
        assert web_domain(text) is None
