"""The calendar: where events stand, its four views, and moving one."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.access.rules import Role
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.queries.calendar import Slot
from veriga.activities.rules.busy import Attendance
from veriga.activities.tests.factories import make_activity
from veriga.web.calendar_page import (
    by_day,
    draw_hours,
    month_after,
    week_of,
    weeks_of_month,
)

from .clients import LIST, PIECE, signed_in

pytestmark = pytest.mark.usefixtures("usual_working_time")

ZONE = ZoneInfo("Europe/Ljubljana")
MONDAY = date(2026, 11, 30)
DAY = timedelta(days=1)


def slot(begins: str, ends: str, number: int = 1, user: int = 1) -> Slot:
    """Return a slot on the Monday, `10:15` to `11:00` by the clock on the wall."""
    start, end = (
        datetime.fromisoformat(f"{MONDAY}T{text:0>5}").replace(tzinfo=ZONE)
        for text in (begins, ends)
    )
    return Slot(user, number, start.astimezone(UTC), end.astimezone(UTC), False, None)


def drawn(*slots: Slot, days: int = 1, users: tuple[int, ...] = ()):
    shown = [MONDAY + n * DAY for n in range(days)]
    return draw_hours(shown, slots, [], today=MONDAY, zone=ZONE, users=users)


class TestDrawing:
    def test_quarters_from_the_first_hour_that_is_drawn(self) -> None:
        (block,) = drawn(slot("10:15", "11:00")).columns[0].blocks
        assert (block.row, block.span, block.lanes) == (14, 3, 1)

    def test_begun_quarters_count_and_the_shortest_can_be_read(self) -> None:
        (block,) = drawn(slot("10:20", "10:25")).columns[0].blocks
        assert (block.row, block.span) == (14, 2)

    def test_hours_reach_to_what_is_early_or_late(self) -> None:
        hours = drawn(slot("5:30", "6:00"), slot("21:00", "22:30"))
        assert (hours.first, hours.last) == (5, 23)
        assert hours.columns[0].blocks[0].row == 3
        assert (hours.opens, hours.closes) == (13, 45)

    def test_what_overlaps_stands_side_by_side(self) -> None:
        hours = drawn(
            slot("9:00", "11:00", 1), slot("9:30", "10:00", 2),
            slot("10:00", "10:30", 3), slot("12:00", "13:00", 4),
        )  # fmt: skip
        found = {b.slot.activity_id: (b.lane, b.lanes) for b in hours.columns[0].blocks}
        assert found == {1: (0, 2), 2: (1, 2), 3: (1, 2), 4: (0, 1)}

    def test_overnight_stands_in_both_days(self) -> None:
        start = datetime(2026, 11, 30, 22, tzinfo=ZONE)
        night = Slot(1, 1, start, start + timedelta(hours=10), False, None)
        hours = drawn(night, days=2)
        assert [len(c.blocks) for c in hours.columns] == [1, 1]
        assert (hours.first, hours.last) == (0, 24)

    def test_a_whole_day_stands_above_the_hours(self) -> None:
        start = datetime(2026, 11, 30, tzinfo=ZONE)
        fair = Slot(1, 1, start, start + 3 * DAY, True, None)
        hours = drawn(fair, days=4)
        assert [len(c.whole) for c in hours.columns] == [1, 1, 1, 0]
        assert all(not c.blocks for c in hours.columns)
        by = by_day([MONDAY + n * DAY for n in range(4)], [fair], ZONE)
        assert [len(found) for found in by.values()] == [1, 1, 1, 0]

    def test_people_side_by_side_have_their_own(self) -> None:
        hours = drawn(
            slot("9:00", "10:00", 1, user=1), slot("9:00", "10:00", 1, user=2),
            users=(1, 2),
        )  # fmt: skip
        assert [[b.slot.user_id for b in c.blocks] for c in hours.columns] == [[1], [2]]

    def test_clock_changes_do_not_shift_the_day(self) -> None:
        spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
        for day in (spring, autumn):
            start = datetime.combine(day, datetime.min.time(), ZONE).replace(hour=10)
            one = Slot(1, 1, start, start + timedelta(hours=1), False, None)
            hours = draw_hours([day], [one], [], today=day, zone=ZONE)
            assert hours.columns[0].blocks[0].row == 13
            assert hours.columns[0].is_free

    @given(
        st.lists(
            st.tuples(st.integers(0, 1400), st.integers(1, 600)),
            min_size=1,
            max_size=12,
        )
    )
    def test_whatever_overlaps_nothing_lies_on_another(self, spans) -> None:
        start = datetime(2026, 11, 30, tzinfo=ZONE)
        slots = [
            Slot(1, n, start + timedelta(minutes=b),
                 start + timedelta(minutes=min(b + m, 1440)), False, None)
            for n, (b, m) in enumerate(spans)
        ]  # fmt: skip
        blocks = drawn(*slots).columns[0].blocks
        assert len(blocks) == len(slots)
        for one in blocks:
            assert one.row >= 1
            assert 0 <= one.lane < one.lanes <= 4
            for other in blocks:
                apart = (
                    one.row + one.span <= other.row or other.row + other.span <= one.row
                )
                is_pressed = one.lanes == 4 and one.lane == 3
                if one is not other and not apart and not is_pressed:
                    assert one.lane != other.lane


class TestDays:
    def test_weeks_begin_on_monday_and_hold_the_month(self) -> None:
        assert week_of(date(2026, 11, 29))[0] == date(2026, 11, 23)
        weeks = weeks_of_month(date(2026, 11, 15))
        assert (weeks[0][0], weeks[-1][-1]) == (date(2026, 10, 26), date(2026, 12, 6))
        assert len(weeks_of_month(date(2027, 2, 1))) == 4

    def test_months_step_over_the_year(self) -> None:
        assert month_after(date(2026, 12, 31), 1) == date(2027, 1, 1)
        assert month_after(date(2026, 1, 15), -1) == date(2025, 12, 1)


@pytest.mark.django_db
class TestPages:
    def event(self, user, company, hour: int = 10, **fields):
        start = datetime(2026, 11, 30, hour, tzinfo=ZONE)
        return make_activity(
            user, company, starts_at=start, ends_at=start + timedelta(hours=1),
            done_at=None, **fields,
        )  # fmt: skip

    @pytest.mark.parametrize("view", ["week", "day", "month", "agenda"])
    def test_every_view_shows_the_event(self, maja, web, company, view) -> None:
        self.event(maja, company, title="Obisk v Celju")
        address = f"/calendar/?view={view}&on=2026-11-30"
        page = web.get(address).content.decode()
        assert "Obisk v Celju" in page
        piece = web.get(address, headers=LIST).content.decode()
        assert "Obisk v Celju" in piece
        assert "<html" not in piece

    @pytest.mark.parametrize("view", ["week", "day", "month", "agenda"])
    def test_a_hidden_event_of_a_colleague_is_busy_time(
        self, maja, company, view
    ) -> None:
        one = self.event(maja, company, title="Skrivni obisk")
        make_activity(maja, company, "task", due_on=MONDAY, title="Skrivna naloga")
        stranger = signed_in(make_user("Tujec", team=make_team(), language="sl"))
        page = html.unescape(
            stranger.get(
                f"/calendar/?view={view}&on=2026-11-30&with={maja.pk}"
            ).content.decode()
        )
        assert "zasedeno" in page
        for secret in ("Skriv", company.name, one.reference):
            assert secret not in page

    def test_tasks_are_flags_of_their_day(self, maja, web, company) -> None:
        make_activity(maja, company, "task", due_on=MONDAY, title="Pošlji vzorce")
        page = web.get("/calendar/?on=2026-11-30").content.decode()
        assert re.search(r'class="due-flag[^>]*>.*?Pošlji vzorce', page, re.S)

    def test_what_makes_no_sense_shows_this_week(self, web) -> None:
        for query in (
            *("on=never", "view=year", "with=x", "with=999999", "on=0001-01-01"),
            *("with=%C2%B2", "with=" + "9" * 5000, "with=-1"),
            *("on=9999-12-31&view=month", "on=9999-12-31&view=agenda"),
        ):
            assert web.get(f"/calendar/?{query}").status_code == 200

    def test_statements(self, maja, web, company, django_assert_max_num_queries):
        for hour in range(8, 14):
            self.event(maja, company, hour)
        web.get("/calendar/?on=2026-11-30")
        with django_assert_max_num_queries(7):
            web.get("/calendar/?on=2026-11-30")

    def test_a_new_event_begins_where_one_clicked(self, web) -> None:
        page = web.get("/events/new/?on=2026-12-01&at=13:30").content.decode()
        assert 'value="2026-12-01"' in page
        assert 'value="13:30"' in page
        odd = web.get("/events/new/?on=2026-13-01&at=25:70").content.decode()
        assert "25:70" not in odd

    def test_moving_keeps_the_length_and_comes_back(self, maja, web, company) -> None:
        one = self.event(maja, company)
        address = f"/calendar/{one.reference}/move/"
        answer = web.post(address, {"starts": "2026-12-01T14:30"}, headers=PIECE)
        assert answer.status_code == 204
        moved = Activity.objects.get(pk=one.pk)
        assert moved.starts_at == datetime(2026, 12, 1, 13, 30, tzinfo=UTC)
        assert moved.ends_at - moved.starts_at == timedelta(hours=1)
        said = json.loads(answer.headers["HX-Trigger"])["toast"]
        assert web.post(said["undo_url"], headers=PIECE).status_code == 204
        assert Activity.objects.get(pk=one.pk).starts_at == one.starts_at
        assert one.date_moves.count() == 4  # date and deadline, there and back

    def test_without_an_end_it_has_none_after_a_move_either(
        self, maja, web, company
    ) -> None:
        start = datetime(2026, 11, 30, 10, tzinfo=ZONE)
        one = make_activity(maja, company, starts_at=start, done_at=None)
        address = f"/calendar/{one.reference}/move/"
        web.post(address, {"starts": "2026-12-01T14:30"}, headers=PIECE)
        assert Activity.objects.get(pk=one.pk).ends_at is None
        times = {"starts": "2026-12-01T14:30", "ends": "2026-12-01T16:00"}
        answer = web.post(address, times, headers=PIECE)
        assert Activity.objects.get(pk=one.pk).ends_at is not None
        said = json.loads(answer.headers["HX-Trigger"])["toast"]
        web.post(said["undo_url"], headers=PIECE)
        assert Activity.objects.get(pk=one.pk).ends_at is None

    def test_a_time_of_ones_own_is_not_moved_here(self, maja, web, company) -> None:
        rok = make_user("Rok", team=maja.team)
        start = datetime(2026, 11, 30, 10, tzinfo=ZONE)
        leaves = Attendance(maja.pk, start, start + timedelta(minutes=30))
        make_activity(
            rok, company, starts_at=start, ends_at=start + timedelta(hours=2),
            done_at=None, participants=[leaves],
        )  # fmt: skip
        page = web.get(f"/calendar/?on=2026-11-30&with={rok.pk}").content.decode()
        assert page.count("data-slot-id") == 1
        assert 'data-end="2026-11-30T12:00"' in page

    def test_longer(self, maja, web, company) -> None:
        one = self.event(maja, company)
        times = {"starts": "2026-11-30T10:00", "ends": "2026-11-30T12:15"}
        web.post(f"/calendar/{one.reference}/move/", times, headers=PIECE)
        moved = Activity.objects.get(pk=one.pk)
        assert moved.ends_at - moved.starts_at == timedelta(hours=2, minutes=15)

    @pytest.mark.parametrize(
        "times",
        [
            {},
            {"starts": "soon"},
            {"starts": "2026-11-30T10:00+01:00"},
            {"starts": "9999-12-31T23:59"},
            {"starts": "2026-11-30T10:00", "ends": "2026-11-30T09:00"},
            {"starts": "2026-11-30T10:00", "ends": "x"},
        ],
    )
    def test_bad_times_change_nothing(self, maja, web, company, times) -> None:
        one = self.event(maja, company)
        answer = web.post(f"/calendar/{one.reference}/move/", times)
        assert answer.status_code == 422
        stored = Activity.objects.get(pk=one.pk)
        assert (stored.starts_at, stored.ends_at) == (one.starts_at, one.ends_at)

    def test_only_events_and_only_by_who_may(self, maja, web, company) -> None:
        task = make_activity(maja, company, "task", due_on=MONDAY)
        times = {"starts": "2026-12-01T10:00"}
        task_address = f"/calendar/{task.reference}/move/"
        assert web.post(task_address, times).status_code == 422
        one = self.event(maja, company)
        address = f"/calendar/{one.reference}/move/"
        reader = signed_in(make_user("Bralec", team=maja.team, role=Role.READER))
        stranger = signed_in(make_user("Tujec", team=make_team()))
        assert reader.post(address, times).status_code == 403
        assert stranger.post(address, times).status_code == 404
        assert Activity.objects.get(pk=one.pk).starts_at == one.starts_at
