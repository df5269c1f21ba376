"""The clock for columns equals the clock for one instant, to the last bit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.common.working_time import WorkingCalendar
from veriga.insight.rules.clock import clock_of, days_of

LJUBLJANA = WorkingCalendar(
    ["SI"], zone=ZoneInfo("Europe/Ljubljana"), free_days=[date(2026, 8, 14)]
)
# Clocks move at midnight there, and by half an hour.
NIGHT = WorkingCalendar(
    ["AU"], zone=ZoneInfo("Australia/Lord_Howe"), opens=time(0), closes=time(23, 30)
)
WEST = WorkingCalendar(["US"], zone=ZoneInfo("America/New_York"), closes=time(17, 15))
CALENDARS = (LJUBLJANA, NIGHT, WEST)


def column(instants: list[datetime | None]) -> np.ndarray:
    plain = [one and one.astimezone(UTC).replace(tzinfo=None) for one in instants]
    return np.array(plain, dtype="datetime64[us]")


def assert_same(calendar: WorkingCalendar, instants: list[datetime]) -> None:
    found = clock_of(calendar, column(instants))
    assert found.tolist() == [calendar.clock(one) for one in instants]
    days = days_of(calendar.zone, column(instants))
    wanted = [one.astimezone(calendar.zone).toordinal() for one in instants]
    assert days.tolist() == wanted


@given(
    st.lists(
        st.datetimes(
            datetime(1930, 1, 1), datetime(2130, 12, 31), timezones=st.just(UTC)
        ),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from(CALENDARS),
)
def test_any_instants(instants: list[datetime], calendar: WorkingCalendar) -> None:
    assert_same(calendar, instants)


@pytest.mark.parametrize("calendar", CALENDARS)
@pytest.mark.parametrize(
    "day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5), date(2026, 11, 1)]
)
def test_every_quarter_of_an_hour_around_a_clock_change(
    calendar: WorkingCalendar, day: date
) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    moments = [start + timedelta(minutes=15 * i) for i in range(4 * 72)]
    edges = [
        one + timedelta(microseconds=shift) for one in moments for shift in (-1, 1)
    ]
    assert_same(calendar, moments + edges)


def test_what_is_missing_stays_missing() -> None:
    found = clock_of(LJUBLJANA, column([None, datetime(2026, 5, 5, 12, tzinfo=UTC)]))
    assert np.isnan(found[0])
    assert found[1] == LJUBLJANA.clock(datetime(2026, 5, 5, 12, tzinfo=UTC))
    assert len(clock_of(LJUBLJANA, column([]))) == 0
    assert days_of(LJUBLJANA.zone, column([None])).tolist() == [0]
