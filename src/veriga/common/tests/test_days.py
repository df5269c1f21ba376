"""Where a day begins and ends, summer time included."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from veriga.common.days import day_end, day_start, local_day

ZONE = ZoneInfo("Europe/Ljubljana")


def test_a_day_is_that_of_the_zone() -> None:
    assert day_start(date(2026, 3, 2), ZONE) == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert local_day(datetime(2026, 3, 1, 23, tzinfo=UTC), ZONE) == date(2026, 3, 2)
    assert local_day(datetime(2026, 3, 1, 22, tzinfo=UTC), ZONE) == date(2026, 3, 1)


def test_days_of_changing_time_are_shorter_or_longer() -> None:
    def hours(day: date) -> float:
        length = day_end(day, ZONE).astimezone(UTC) - day_start(day, ZONE).astimezone(
            UTC
        )
        return length / timedelta(hours=1)

    assert hours(date(2026, 3, 29)) == 23
    assert hours(date(2026, 10, 25)) == 25
    assert hours(date(2026, 3, 2)) == 24


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)))
def test_a_day_holds_its_start_and_not_its_end(day: date) -> None:
    assert local_day(day_start(day, ZONE), ZONE) == day
    assert local_day(day_end(day, ZONE), ZONE) == day + timedelta(days=1)
    assert day_end(day, ZONE) == day_start(day + timedelta(days=1), ZONE)
