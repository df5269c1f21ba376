"""What comes again: the days, recording it, and changing one, some or all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity, Chain, Series
from veriga.activities.queries.checking import find_differences
from veriga.activities.rules.repeats import MOST, Repeat, days_of
from veriga.activities.services import (
    Draft,
    create_series,
    delete_series,
    finish_activity,
    undo_change,
    update_series,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import Invalid, NotAllowed
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company
from veriga.setup.services import install_code_lists

HOME = ZoneInfo("Europe/Ljubljana")
START = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)  # a Monday, 9:00 at home
WEEKLY = Repeat("week", 1, date(2026, 4, 13))


class TestDays:
    @pytest.mark.parametrize(
        ("first", "repeat", "days"),
        [
            ((2026, 3, 2), Repeat("day", 2, date(2026, 3, 6)), ["02", "04", "06"]),
            ((2026, 3, 2), Repeat("week", 1, date(2026, 3, 15)), ["02", "09"]),
            ((2026, 3, 2), Repeat("week", 1, date(2026, 3, 2)), ["02"]),
            ((2026, 3, 2), Repeat("week", 1, date(2026, 3, 1)), []),
        ],
    )
    def test_days_and_weeks(self, first, repeat, days):
        assert [f"{d:%d}" for d in days_of(date(*first), repeat)] == days

    def test_the_last_of_a_month_stays_the_last(self):
        found = days_of(date(2027, 12, 31), Repeat("month", 1, date(2028, 4, 30)))
        assert [f"{d:%d.%m.}" for d in found] == [
            "31.12.", "31.01.", "29.02.", "31.03.", "30.04.",
        ]  # fmt: skip

    @given(
        st.dates(date(2000, 1, 1), date(2100, 1, 1)),
        st.sampled_from(["day", "week", "month"]),
        st.integers(1, 52),
        st.integers(0, 4000),
    )
    def test_they_rise_begin_at_the_first_and_end_in_time(
        self, first, unit, every, far
    ):
        until = first + timedelta(days=far)
        found = days_of(first, Repeat(unit, every, until))
        assert found[0] == first and found[-1] <= until and len(found) <= MOST + 1
        assert all(a < b for a, b in pairwise(found))
        if unit == "month":
            assert all(b.day <= first.day for b in found)


@pytest.fixture
def maja(db) -> User:
    install_code_lists()
    return make_user("Maja", team=make_team())


@pytest.fixture
def company(maja: User) -> Company:
    return make_company("Interno", owner=maja)


def meeting(company: Company, **more: object) -> Draft:
    own = {"starts_at": START, "ends_at": START + timedelta(hours=1), "type": "meeting"}
    return Draft("event", company.pk, "Sestanek", own={**own, **more})


def record(maja: User, draft: Draft, repeat: Repeat = WEEKLY) -> list[Activity]:
    made = create_series(context=acting(maja), draft=draft, repeat=repeat)
    return list(Activity.objects.filter(pk__in=[a.pk for a in made]).order_by("date"))


def clocks(activities) -> list[str]:
    return [f"{a.starts_at.astimezone(HOME):%d.%m. %H:%M}" for a in activities]


def again(activities: list[Activity]) -> list[Activity]:
    return list(
        Activity.objects.filter(pk__in=[a.pk for a in activities]).order_by("pk")
    )


class TestRecording:
    def test_each_is_an_activity_at_the_same_hour_of_the_clock(self, maja, company):
        made = record(maja, meeting(company))
        # The clock goes forward on 29 March.
        assert clocks(made) == [
            "16.03. 09:00", "23.03. 09:00", "30.03. 09:00", "06.04. 09:00",
            "13.04. 09:00",
        ]  # fmt: skip
        assert len({a.reference for a in made}) == 5
        assert len({a.chain_id for a in made}) == Chain.objects.count() == 5
        assert {a.series_id for a in made} == {Series.objects.get().pk}
        assert {a.ends_at - a.starts_at for a in made} == {timedelta(hours=1)}
        assert list(find_differences()) == []

    def test_a_task_with_a_deadline(self, maja, company):
        own = {"starts_on": date(2026, 3, 2), "due_on": date(2026, 3, 4)}
        draft = Draft("task", company.pk, "Poročilo", own=own)
        made = record(maja, draft, Repeat("month", 1, date(2026, 5, 1)))
        assert [a.task.due_on.isoformat() for a in made] == ["2026-03-04", "2026-04-04"]
        assert list(find_differences()) == []

    def test_only_the_first_follows_something(self, maja, company):
        origin = make_activity(maja, company)
        draft = meeting(company)
        draft = Draft(
            **{f: getattr(draft, f) for f in draft.__slots__}
            | {"follows": origin.reference}
        )
        made = record(maja, draft)
        origin.refresh_from_db()
        assert made[0].chain_id == origin.chain_id
        assert origin.chain_id not in {a.chain_id for a in made[1:]}

    @pytest.mark.parametrize(
        ("repeat", "field", "code"),
        [
            (Repeat("year", 1, date(2026, 5, 1)), "repeat_unit", "unknown_choice"),
            (Repeat("week", 0, date(2026, 5, 1)), "repeat_every", "between"),
            (Repeat("week", 53, date(2026, 5, 1)), "repeat_every", "between"),
            (Repeat("week", 1, date(2026, 3, 1)), "repeat_until", "ends_before_start"),
            (Repeat("day", 1, date(2027, 3, 1)), "repeat_until", "too_many"),
        ],
    )
    def test_what_makes_no_sense_records_nothing(
        self, maja, company, repeat, field, code
    ):
        with pytest.raises(Invalid) as caught:
            record(maja, meeting(company), repeat)
        assert [(e.field, e.code) for e in caught.value.errors] == [(field, code)]
        assert not Activity.objects.exists() and not Series.objects.exists()

    def test_a_reader_may_not(self, maja, company):
        reader = make_user(team=maja.team, role=Role.READER)
        with pytest.raises(NotAllowed):
            record(reader, meeting(company))


class TestChanging:
    def change(self, maja, one, which, **changes):
        return update_series(
            context=acting(maja),
            reference=one.reference,
            changes=changes,
            which=which,
        )

    @pytest.mark.parametrize(
        ("which", "changed"),
        [
            ("this", [False, True, False, False, False]),
            ("following", [False, True, True, True, True]),
            ("all", [True, True, True, True, True]),
        ],
    )
    def test_this_following_all(self, maja, company, which, changed):
        made = record(maja, meeting(company))
        self.change(maja, made[1], which, title="Kolegij", place="Celje")
        found = again(made)
        assert [a.title == "Kolegij" for a in found] == changed
        assert [a.event.place == "Celje" for a in found] == changed
        assert list(find_differences()) == []

    def test_times_move_by_as_much(self, maja, company):
        made = record(maja, meeting(company))
        # From Monday 9:00 to Tuesday 10:30, half an hour.
        start = datetime(2026, 3, 24, 9, 30, tzinfo=UTC)
        self.change(
            maja, made[1], "following",
            starts_at=start, ends_at=start + timedelta(minutes=30),
        )  # fmt: skip
        found = again(made)
        assert clocks(found) == [
            "16.03. 09:00", "24.03. 10:30", "31.03. 10:30", "07.04. 10:30",
            "14.04. 10:30",
        ]  # fmt: skip
        assert {a.ends_at - a.starts_at for a in found[1:]} == {timedelta(minutes=30)}
        assert all(a.date_moves.count() for a in found[1:])

    def test_what_is_done_stays(self, maja, company):
        made = record(maja, meeting(company))
        finish_activity(context=acting(maja), reference=made[3].reference)
        self.change(maja, made[0], "all", title="Kolegij")
        assert [a.title for a in again(made)][3] == "Sestanek"

    def test_what_stands_alone_is_changed_alone(self, maja, company):
        one, two = make_activity(maja, company), make_activity(maja, company)
        self.change(maja, one, "all", title="Sam")
        two.refresh_from_db()
        assert two.title != "Sam"

    def test_one_fault_changes_none(self, maja, company):
        made = record(maja, meeting(company))
        with pytest.raises(Invalid):
            self.change(maja, made[0], "all", title="")
        with pytest.raises(Invalid):
            self.change(maja, made[0], "some", title="x")
        assert {a.title for a in again(made)} == {"Sestanek"}

    def test_deleting_some_and_bringing_one_back(self, maja, company):
        made = record(maja, meeting(company))
        gone = delete_series(
            context=acting(maja), reference=made[2].reference, which="following"
        )
        assert [bool(a.deleted_at) for a in again(made)] == [False] * 2 + [True] * 3
        undo_change(context=acting(maja, NOW), change_id=gone[0].change.pk)
        assert [bool(a.deleted_at) for a in again(made)] == [
            False, False, False, True, True,
        ]  # fmt: skip
        assert list(find_differences()) == []
