"""The working-time clock: the oracles of its definition, and its laws."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.common.errors import Invalid
from veriga.common.working_time import WorkingCalendar

ZONE = ZoneInfo("Europe/Ljubljana")
SI = WorkingCalendar(["SI"], zone=ZONE)

instants = st.datetimes(
    datetime(1960, 1, 1), datetime(2110, 12, 31), timezones=st.just(UTC)
)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


class TestOracles:
    @pytest.mark.parametrize(("year", "days"), [(2024, 250), (2025, 251), (2026, 254)])
    def test_a_slovenian_year_has_its_working_days(self, year: int, days: int) -> None:
        assert SI.working_days(at(year, 1, 1), at(year + 1, 1, 1)) == days

    def test_easter_lies_between_friday_noon_and_tuesday_noon(self) -> None:
        assert SI.working_days(at(2026, 4, 3, 12), at(2026, 4, 7, 12)) == 1.0

    def test_the_may_holidays_leave_three_days(self) -> None:
        assert SI.working_days(at(2026, 4, 24, 16), at(2026, 5, 4, 8)) == 3.0


class TestClock:
    def test_a_working_day_passes_with_its_opening_hours(self) -> None:
        start = SI.clock(at(2026, 3, 2))
        assert SI.clock(at(2026, 3, 2, 8)) == start
        assert SI.clock(at(2026, 3, 2, 10)) == start + 0.25
        assert SI.clock(at(2026, 3, 2, 16)) == start + 1
        assert SI.clock(at(2026, 3, 2, 23)) == start + 1

    def test_a_weekend_stands_still(self) -> None:
        assert SI.working_days(at(2026, 2, 28, 9), at(2026, 3, 2, 8)) == 0

    def test_the_zone_says_which_day_it_is(self) -> None:
        # 23:30 UTC on Sunday is Monday in Ljubljana, long before opening.
        sunday = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
        assert SI.clock(sunday) == SI.clock(at(2026, 3, 2))

    def test_summer_time_does_not_shorten_a_day(self) -> None:
        assert SI.working_days(at(2026, 3, 27, 8), at(2026, 3, 30, 8)) == 1.0

    def test_backwards_is_negative(self) -> None:
        assert SI.working_days(at(2026, 3, 3, 8), at(2026, 3, 2, 8)) == -1.0

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(Invalid) as error:
            SI.clock(datetime(2026, 3, 2, 9))
        assert error.value.code == "naive_time"

    def test_years_without_known_holidays_count_weekdays(self) -> None:
        far = SI.days_before(date(2202, 1, 1)) - SI.days_before(date(2201, 1, 1))
        assert far == 261
        old = SI.days_before(date(202, 1, 1)) - SI.days_before(date(201, 1, 1))
        assert old == 261

    def test_asking_for_years_in_any_order_gives_the_same(self) -> None:
        backwards = WorkingCalendar(["SI"])
        days = [date(year, 6, 1) for year in (2099, 1975, 2024)]
        assert [backwards.days_before(day) for day in days] == [
            SI.days_before(day) for day in days
        ]

    @given(st.lists(instants, min_size=2, max_size=6))
    def test_time_never_runs_backwards(self, found: list[datetime]) -> None:
        readings = [SI.clock(instant) for instant in sorted(found)]
        assert readings == sorted(readings)

    @given(instants)
    def test_a_day_is_worth_one_or_nothing(self, instant: datetime) -> None:
        day = instant.astimezone(ZONE).date()
        worth = SI.days_before(day + timedelta(days=1)) - SI.days_before(day)
        assert worth == int(SI.is_working_day(day))
        assert 0 <= SI.clock(instant) - SI.days_before(day) <= worth

    @given(st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.integers(0, 400))
    def test_counting_day_by_day_gives_the_same(self, start: date, days: int) -> None:
        free = holidays.country_holidays("SI", years=range(1990, 2053))
        passed = (start + timedelta(days=n) for n in range(days))
        counted = sum(day.weekday() < 5 and day not in free for day in passed)
        end = start + timedelta(days=days)
        assert SI.days_before(end) - SI.days_before(start) == counted


class TestCalendar:
    def test_several_countries_rest_on_each_others_holidays(self) -> None:
        both = WorkingCalendar(["SI", "DE"])
        assert both.is_working_day(date(2026, 2, 9))
        assert not both.is_working_day(date(2026, 10, 3) - timedelta(days=365))  # DE
        assert not both.is_working_day(date(2027, 2, 8))  # SI

    def test_other_hours_are_a_whole_day_too(self) -> None:
        long = WorkingCalendar(["SI"], zone=ZONE, opens=time(7), closes=time(17))
        assert long.working_days(at(2026, 3, 2, 7), at(2026, 3, 2, 12)) == 0.5

    def test_an_unknown_country_is_refused(self) -> None:
        with pytest.raises(Invalid) as error:
            WorkingCalendar(["XX"])
        assert error.value.errors[0].field == "countries"

    def test_hours_must_be_in_order(self) -> None:
        with pytest.raises(Invalid):
            WorkingCalendar(opens=time(16), closes=time(8))


class TestInstantBefore:
    """The bound by which a query knows what has been silent for more than N days."""

    def test_ten_working_days_before_a_tuesday(self) -> None:
        found = SI.instant_before(at(2026, 3, 17, 12), 10)
        assert found == at(2026, 3, 3, 12)

    def test_on_the_edge_the_evening_before_counts_too(self) -> None:
        # From Friday's closing to Monday's opening nothing passes.
        assert SI.instant_before(at(2026, 3, 16, 8), 5) == at(2026, 3, 6, 16)

    @given(instants, st.integers(0, 300), st.integers(-90 * 24 * 60, 90 * 24 * 60))
    def test_it_parts_what_is_further_away(self, now, days, minutes) -> None:
        bound = SI.instant_before(now, days)
        moment = bound + timedelta(minutes=minutes, milliseconds=5)
        assert (SI.working_days(moment, now) > days + 1e-9) == (moment < bound)
