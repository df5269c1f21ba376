"""When people are busy: owners, participants, own times, and what is hidden."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from veriga.access.queries import actor_of
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.queries.calendar import list_due, list_slots
from veriga.activities.rules.busy import Attendance
from veriga.activities.services import delete_activity, finish_activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.tests.factories import make_company

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def maja() -> Any:
    return make_user(name="Maja", team=make_team())


@pytest.fixture
def rok(maja) -> Any:
    return make_user(name="Rok", team=maja.team)


def slots(actor: Any, *users: Any, since: datetime = NOW, days: int = 1) -> list[Any]:
    return list_slots(
        actor_of(actor),
        [user.pk for user in users or (actor,)],
        since=since,
        until=since + days * DAY,
        now=NOW,
    )


def event(user: Any, company: Any, hours: float = 1, **fields: Any) -> Any:
    start = NOW + hours * HOUR
    fields.setdefault("ends_at", start + HOUR)
    return make_activity(user, company, starts_at=start, done_at=None, **fields)


class TestSlots:
    def test_of_nobody_there_are_none(self, maja) -> None:
        actor = actor_of(maja)
        span = {"since": NOW, "until": NOW + DAY, "now": NOW}
        assert list_slots(actor, [], **span) == list_due(actor, [], **span) == []

    def test_owner_and_participants_are_busy_as_long_as_it_lasts(
        self, maja, rok
    ) -> None:
        one = event(maja, make_company(owner=maja), participants=[rok.pk])
        found = slots(maja, maja, rok)
        assert [(s.user_id, s.start, s.end) for s in found] == [
            (maja.pk, NOW + HOUR, NOW + 2 * HOUR),
            (rok.pk, NOW + HOUR, NOW + 2 * HOUR),
        ]
        assert {s.row.reference for s in found} == {one.reference}

    def test_a_time_of_ones_own_counts_instead(self, maja, rok) -> None:
        own = Attendance(rok.pk, NOW + 3 * HOUR, NOW + 4 * HOUR)
        event(maja, make_company(owner=maja), participants=[own])
        (slot,) = slots(rok)
        assert (slot.start, slot.end) == (NOW + 3 * HOUR, NOW + 4 * HOUR)
        assert slot.has_own_time

    def test_without_an_end_it_is_drawn_half_an_hour(self, maja) -> None:
        event(maja, make_company(owner=maja), ends_at=None)
        (slot,) = slots(maja)
        assert slot.end - slot.start == timedelta(minutes=30)

    def test_only_what_reaches_into_the_time(self, maja) -> None:
        company = make_company(owner=maja)
        into = event(maja, company, -2, ends_at=NOW + HOUR)
        event(maja, company, -2, ends_at=NOW)
        event(maja, company, 24)
        assert [s.row.reference for s in slots(maja)] == [into.reference]

    def test_what_fell_through_takes_no_time(self, maja) -> None:
        company = make_company(owner=maja)
        cancelled, deleted = event(maja, company), event(maja, company)
        finish_activity(
            context=acting(maja), reference=cancelled.reference, result="cancelled"
        )
        delete_activity(context=acting(maja), reference=deleted.reference)
        assert slots(maja) == []

    def test_of_what_one_may_not_see_there_is_the_time_and_no_more(self, maja) -> None:
        stranger = make_user(name="Tujec", team=make_team())
        event(maja, make_company(owner=maja), title="Skrivnost")
        (slot,) = slots(stranger, maja)
        assert slot.row is None
        assert slot.start == NOW + HOUR
        assert "Skrivnost" not in repr(slot)

    def test_a_group_event_is_one_time_however_many_companies_it_has(
        self, maja
    ) -> None:
        company, hidden = (
            make_company(owner=maja),
            make_user(name="T", team=make_team()),
        )
        for number in range(3):
            one = event(maja, company, title=f"Seminar {number}")
            Activity.objects.filter(pk=one.pk).update(gathering_id=7)
        event(maja, company, title="Klic")
        assert [s.row.title for s in slots(maja)] == ["Seminar 0", "Klic"]
        assert [s.row for s in slots(hidden, maja)] == [None]

    def test_statements(self, maja, rok, django_assert_num_queries) -> None:
        company = make_company(owner=maja)
        for hours in range(5):
            event(maja, company, hours, participants=[rok.pk])
        with django_assert_num_queries(3):
            assert len(slots(maja, maja, rok)) == 10


class TestDue:
    def test_tasks_and_quotes_on_their_day_and_no_events(self, maja) -> None:
        company = make_company(owner=maja)
        today = NOW.date()
        task = make_activity(maja, company, "task", due_on=today)
        make_activity(maja, company, "task", due_on=today + DAY)
        make_activity(maja, company, "task", due_on=today - DAY)
        quote = make_activity(
            maja, company, "quote", issued_on=today, valid_until=today
        )
        event(maja, company)
        start = NOW.replace(hour=0) - HOUR  # midnight in Ljubljana
        found = list_due(
            actor_of(maja), [maja.pk], since=start, until=start + DAY, now=NOW
        )
        assert {r.reference for r in found} == {task.reference, quote.reference}
        finish_activity(context=acting(maja), reference=task.reference)
        found = list_due(
            actor_of(maja), [maja.pk], since=start, until=start + DAY, now=NOW
        )
        assert [r.reference for r in found] == [quote.reference]

    def test_of_a_colleague_only_what_one_sees(self, maja) -> None:
        stranger = make_user(name="Tujec", team=make_team())
        make_activity(maja, make_company(owner=maja), "task", due_on=NOW.date())
        found = list_due(
            actor_of(stranger), [maja.pk], since=NOW, until=NOW + 2 * DAY, now=NOW
        )
        assert found == []
