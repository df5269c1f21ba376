"""How pages write days, hours, numbers and money."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from veriga.web import formats

LJUBLJANA = ZoneInfo("Europe/Ljubljana")
GAP = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def in_ljubljana():
    with timezone.override(LJUBLJANA), translation.override("sl"):
        yield


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LJUBLJANA)


class TestDay:
    def test_slovenian_and_english(self):
        assert formats.day(date(2026, 11, 23)) == "23. 11. 2026"
        assert formats.day_short(date(2026, 11, 23)) == "23. 11."
        with translation.override("en"):
            assert formats.day(date(2026, 11, 3)) == "3 Nov 2026"
            assert formats.day_short(date(2026, 11, 3)) == "3 Nov"

    def test_an_instant_is_shown_in_the_current_time_zone(self):
        late_evening_utc = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
        assert formats.day(late_evening_utc) == "23. 11. 2026"
        assert formats.day_iso(late_evening_utc) == "2026-11-23"

    @pytest.mark.parametrize("name", sorted(set(formats.FILTERS) - {"initials"}))
    def test_nothing_is_written_for_nothing(self, name):
        assert formats.FILTERS[name](None) == ""


class TestMoment:
    def test_the_hour_is_left_out_at_local_midnight(self):
        assert formats.moment(at(2026, 11, 23)) == "23. 11. 2026"
        assert formats.moment(at(2026, 11, 23, 9, 5)) == "23. 11. 2026 9:05"

    def test_clock(self):
        assert formats.clock(at(2026, 7, 1, 14, 30)) == "14:30"
        assert formats.clock_iso(at(2026, 7, 1, 9, 30)) == "09:30"
        assert formats.clock_iso(at(2026, 7, 1)) == ""


class TestDue:
    def test_a_whole_day_ends_at_the_first_instant_of_the_next(self):
        assert formats.due_day(at(2026, 11, 24)) == "23. 11. 2026"
        assert formats.due_iso(at(2026, 11, 24)) == "2026-11-23"

    def test_an_hour_is_shown(self):
        assert formats.due_day(at(2026, 11, 23, 14, 30)) == "23. 11. 2026 14:30"

    def test_the_day_the_clocks_change(self):
        # 25 October 2026 has 25 hours in Ljubljana.
        assert formats.due_day(at(2026, 10, 26)) == "25. 10. 2026"

    def test_narrow_columns_leave_out_the_year_they_do_not_need(self):
        year = timezone.localdate().year
        assert formats.due_short(at(year, 6, 2)) == "1. 6."
        assert formats.due_short(at(2019, 6, 2)) == "1. 6. 19"
        assert formats.due_short(at(2019, 6, 2), at(2019, 5, 30)) == "1. 6."


class TestNumbers:
    def test_grouping(self):
        assert formats.number(48200) == "48.200"
        assert formats.number(1234567.891, 2) == "1.234.567,89"
        assert formats.number(-5) == "−5"
        with translation.override("en"):
            assert formats.number(48200.5, 1) == "48,200.5"

    def test_money(self):
        assert formats.money(4_820_000, "EUR") == f"48.200,00{GAP}€"
        assert formats.money(-5, "EUR") == f"−0,05{GAP}€"
        with translation.override("en"):
            assert formats.money(4_820_000, "EUR") == "€48,200.00"
            assert formats.money(100, "CHF") == f"CHF{GAP}1.00"

    def test_decimals_are_left_out_only_where_they_are_zero(self):
        assert formats.short_money(4_820_000, "EUR") == f"48.200{GAP}€"
        assert formats.short_money(4_820_050, "EUR") == f"48.200,50{GAP}€"
        assert formats.short_money(680_000, "CHF") == f"6.800{GAP}CHF"
        assert formats.short_money(None) == ""
        with translation.override("en"):
            assert formats.short_money(4_820_000, "EUR") == "€48,200"
            assert formats.short_money(100_000_00, "USD") == "$100,000"

    def test_a_currency_that_is_written_without_decimals(self):
        for written in (formats.money, formats.short_money):
            assert written(100_000_00, "RSD") == f"100.000{GAP}RSD"
            assert written(100_000_50, "RSD") == f"100.000,50{GAP}RSD"
            with translation.override("en"):
                assert written(100_000_00, "RSD") == f"RSD{GAP}100,000"

    def test_file_size(self):
        assert formats.file_size(10) == f"1{GAP}kB"
        assert formats.file_size(3_400_000) == f"3,4{GAP}MB"


def test_initials():
    assert formats.initials("Maja Kovač") == "MK"
    assert formats.initials("Ana Marija Žagar Novak") == "AN"
    assert formats.initials("Žiga") == "Ž"
    assert formats.initials("") == ""
