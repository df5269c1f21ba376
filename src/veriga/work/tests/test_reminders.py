"""Reminders: what is due, for whom, and that each is given once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from unittest.mock import patch

import pytest
from django.db import connections

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.services import (
    delete_activity,
    finish_activity,
    reopen_activity,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company, make_share
from veriga.setup.models import (
    Clock,
    EventType,
    Letter,
    Notice,
    NoticeSettings,
    Reminder,
)
from veriga.setup.queries import forget_code_lists
from veriga.work.services import reminders
from veriga.work.services.reminders import give_reminders

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # 10.00 in Ljubljana
FLOOD = 29  # statements of a look that gives something, however much
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", role=Role.SALES, team=make_team())


@pytest.fixture
def company(maja: User) -> Company:
    return make_company("Alpina", owner=maja)


@pytest.fixture
def event(maja: User, company: Company) -> Activity:
    """A visit at 12.00, planned when the clock starts, at 10.00."""
    give_reminders(now=MONDAY)
    return make_activity(
        maja, company, now=MONDAY, starts_at=MONDAY + 2 * HOUR, title="Obisk"
    )


def given(kind: str = "event") -> list[Notice]:
    return list(Notice.objects.filter(kind=kind).order_by("pk"))


def look(*moments: datetime) -> int:
    """Let the worker look at these moments; return how much it gave."""
    return sum(give_reminders(now=moment) for moment in moments)


class TestBeforeAnEvent:
    def test_fifteen_minutes_before_and_once(self, maja: User, event: Activity) -> None:
        moment = MONDAY + 2 * HOUR - 15 * MINUTE
        assert look(moment - timedelta(seconds=1)) == 0
        assert look(moment) == 1
        assert look(moment + MINUTE, moment + 20 * MINUTE, moment + HOUR) == 0
        (notice,) = given()
        assert notice.user == maja
        assert notice.params["reference"] == event.reference
        row = Reminder.objects.get()
        assert (row.due_at, row.given_at) == (moment, moment)

    def test_moved_it_is_reminded_anew(self, maja: User, event: Activity) -> None:
        look(MONDAY + 106 * MINUTE)
        later = {"starts_at": MONDAY + 5 * HOUR}
        context = acting(maja, MONDAY + 107 * MINUTE)
        update_activity(context=context, reference=str(event.reference), changes=later)
        assert look(MONDAY + 2 * HOUR) == 0
        assert look(MONDAY + 5 * HOUR - 15 * MINUTE) == 1

    def test_moved_to_ten_minutes_from_now_it_is_reminded_at_once(
        self, maja: User, event: Activity
    ) -> None:
        look(MONDAY + HOUR)
        now = MONDAY + HOUR + MINUTE
        update_activity(
            context=acting(maja, now),
            reference=str(event.reference),
            changes={"starts_at": now + 10 * MINUTE},
        )
        assert look(now) == 1

    @pytest.mark.parametrize("act", ["finish", "delete", "owner"])
    def test_not_what_is_done_deleted_or_somebody_elses(
        self, maja: User, event: Activity, act: str
    ) -> None:
        context, reference = acting(maja, MONDAY + HOUR), str(event.reference)
        ana = make_user("Ana", team=maja.team)
        if act == "finish":
            finish_activity(context=context, reference=reference)
        elif act == "delete":
            delete_activity(context=context, reference=reference)
        else:
            update_activity(
                context=context, reference=reference, changes={"owner": ana.pk}
            )
        look(MONDAY + 106 * MINUTE)
        assert [one.user for one in given()] == ([ana] if act == "owner" else [])

    def test_reopened_it_is_not_reminded_twice(self, maja, event) -> None:
        look(MONDAY + 106 * MINUTE)
        context, reference = acting(maja, MONDAY + 107 * MINUTE), event.reference
        finish_activity(context=context, reference=reference)
        reopen_activity(context=context, reference=reference)
        assert look(MONDAY + 108 * MINUTE) == 0

    def test_participants_too_each_as_they_want(self, maja: User, company) -> None:
        ana, jan = make_user("Ana", team=maja.team), make_user("Jan", team=maja.team)
        NoticeSettings.objects.create(user=ana, event_lead_min=60)
        NoticeSettings.objects.create(user=jan, event_lead_min=None)
        look(MONDAY)
        people = [maja.pk, ana.pk, jan.pk]
        make_activity(
            maja, company, now=MONDAY, starts_at=MONDAY + 2 * HOUR, participants=people
        )
        look(MONDAY + HOUR)
        assert [one.user for one in given()] == [ana]
        look(MONDAY + 106 * MINUTE)
        assert [one.user for one in given()] == [ana, maja]

    def test_a_whole_day_when_work_begins(self, maja: User, company) -> None:
        look(MONDAY)
        make_activity(
            maja, company, now=MONDAY, all_day=True,
            starts_at=datetime(2026, 3, 3, 23, tzinfo=UTC),  # Wednesday in Ljubljana
        )  # fmt: skip
        opening = datetime(2026, 3, 4, 7, tzinfo=UTC)
        assert look(opening - MINUTE) == 0
        assert look(opening) == 1

    def test_the_day_before(self, maja: User, company) -> None:
        NoticeSettings.objects.create(user=maja, event_lead_min=24 * 60)
        look(MONDAY)
        make_activity(maja, company, now=MONDAY, starts_at=MONDAY + 2 * DAY)
        make_activity(maja, company, now=MONDAY, starts_at=MONDAY + HOUR)
        assert look(MONDAY + MINUTE) == 0  # what is today was planned today
        assert look(MONDAY + DAY - MINUTE, MONDAY + DAY) == 1

    @pytest.mark.parametrize("why", ["inactive", "hidden"])
    def test_not_who_has_left_or_sees_the_company_no_more(
        self, maja: User, company: Company, event: Activity, why: str
    ) -> None:
        if why == "inactive":
            User.objects.update(is_active=False)
        else:
            other = make_user(team=make_team())
            Company.objects.update(account_owner=other, team=other.team)
        assert look(MONDAY + 106 * MINUTE) == 0


class TestAtADeadline:
    def test_in_the_morning_of_its_day(self, maja: User, company: Company) -> None:
        look(MONDAY)
        make_activity(maja, company, "task", now=MONDAY, due_on=date(2026, 3, 4))
        make_activity(
            maja, company, "task", now=MONDAY,
            due_at=datetime(2026, 3, 4, 13, tzinfo=UTC),
        )  # fmt: skip
        opening = datetime(2026, 3, 4, 7, tzinfo=UTC)
        assert look(opening - MINUTE) == 0
        assert look(opening + MINUTE) == 2
        assert look(opening + HOUR, opening + DAY) == 0
        assert len(given("deadline")) == 2

    def test_earlier_than_that_when_it_passes(self, maja: User, company) -> None:
        look(MONDAY)
        early = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
        make_activity(maja, company, "task", now=MONDAY, due_at=early)
        assert look(early - MINUTE) == 0
        assert look(early) == 1

    def test_not_of_what_nobody_wants(self, maja: User, company: Company) -> None:
        NoticeSettings.objects.create(user=maja, deadline_told=False)
        look(MONDAY)
        make_activity(maja, company, "task", now=MONDAY, due_on=date(2026, 3, 3))
        assert look(MONDAY + DAY) == 0
        assert not Reminder.objects.exists()


class TestSilence:
    @pytest.fixture(autouse=True)
    def limit(self, maja: User, company: Company) -> None:
        first = make_activity(maja, company, now=MONDAY, days_ago=3)
        make_activity(
            maja, company, now=MONDAY, days_ago=0, follows=first.reference, type="visit"
        )
        EventType.objects.filter(pk="visit").update(silence_days=2)
        forget_code_lists()
        look(MONDAY)

    def test_beyond_the_limit_the_account_owner_is_told(self, maja: User) -> None:
        assert look(*(MONDAY + n * HOUR for n in range(1, 48))) == 0
        assert look(MONDAY + 2 * DAY + MINUTE) == 1
        (notice,) = given("silence")
        assert (notice.user, notice.params["days"]) == (maja, 2)
        assert look(MONDAY + 2 * DAY + HOUR, MONDAY + 3 * DAY) == 0

    def test_not_of_what_has_gone_on(self, maja: User, company: Company) -> None:
        last = Activity.objects.latest("pk")
        now = MONDAY + DAY
        make_activity(
            maja, company, now=now, days_ago=0, follows=last.reference, type="visit"
        )
        assert look(MONDAY + 2 * DAY + MINUTE) == 0
        assert look(MONDAY + 3 * DAY + MINUTE) == 1


class TestAfterAPause:
    def test_an_hour_of_downtime_loses_nothing(self, event: Activity) -> None:
        look(MONDAY + 100 * MINUTE)
        assert look(MONDAY + 160 * MINUTE) == 1  # it began 40 minutes ago
        row = Reminder.objects.get()
        assert row.given_at - row.due_at == 55 * MINUTE
        assert look(MONDAY + 161 * MINUTE) == 0

    def test_what_is_older_than_a_day_is_not_brought_up(self, event: Activity) -> None:
        assert look(MONDAY + 2 * DAY) == 0

    def test_the_first_look_of_all_brings_up_nothing(self, maja, company) -> None:
        make_activity(
            maja, company, now=MONDAY - HOUR, starts_at=MONDAY - 10 * MINUTE,
            done_at=None,
        )  # fmt: skip
        assert look(MONDAY, MONDAY + MINUTE, MONDAY + 10 * MINUTE) == 0

    def test_what_was_held_before_it_was_recorded_is_nothing(
        self, maja: User, company: Company
    ) -> None:
        look(MONDAY)
        make_activity(maja, company, now=MONDAY, starts_at=MONDAY - HOUR, done_at=None)
        assert look(MONDAY + MINUTE) == 0

    def test_killed_while_it_writes_nothing_stays_and_nothing_is_lost(
        self, event: Activity
    ) -> None:
        moment = MONDAY + 105 * MINUTE
        with (
            patch.object(reminders, "tell_all", side_effect=MemoryError),
            pytest.raises(MemoryError),
        ):
            look(moment)
        assert not Reminder.objects.exists()
        assert look(moment + MINUTE) == 1

    def test_a_clock_set_back_doubles_nothing(self, event: Activity) -> None:
        assert look(MONDAY + 106 * MINUTE, MONDAY + 105 * MINUTE, MONDAY) == 1


class TestDigest:
    def test_on_working_days_at_its_hour(self, maja: User, settings) -> None:
        settings.EMAIL_HOST = "mail.example"
        NoticeSettings.objects.create(user=maja, digest_at=time(7, 30))
        look(MONDAY)
        half_past_six = datetime(2026, 3, 3, 6, 30, tzinfo=UTC)
        assert look(half_past_six - MINUTE) == 0
        assert look(half_past_six, half_past_six + MINUTE) == 1
        days = [half_past_six + n * DAY for n in range(1, 7)]
        assert look(*days) == 4  # Wednesday to Friday, and Monday
        assert Letter.objects.filter(kind="digest").count() == 5
        assert not Notice.objects.exists()


class TestQuietHours:
    def test_mail_and_screen_wait_the_list_does_not(
        self, maja: User, event: Activity, settings
    ) -> None:
        settings.EMAIL_HOST = "mail.example"
        NoticeSettings.objects.create(
            user=maja, event_mailed=True, quiet_from=time(11), quiet_until=time(13)
        )
        look(MONDAY + 106 * MINUTE)
        (notice,) = given()
        ends = datetime(2026, 3, 2, 12, tzinfo=UTC)
        assert notice.created_at == MONDAY + 106 * MINUTE
        assert notice.toast_at == ends
        assert Letter.objects.get().next_try_at == ends

    def test_by_mail_alone_there_is_no_notice(self, maja, event, settings) -> None:
        settings.EMAIL_HOST = "mail.example"
        NoticeSettings.objects.create(user=maja, event_mailed=True, event_told=False)
        assert look(MONDAY + 106 * MINUTE) == 1
        assert not given()
        assert Letter.objects.count() == 1


class TestCost:
    def test_where_nothing_is_due_it_does_not_grow(
        self, maja: User, company: Company, django_assert_max_num_queries: Callable
    ) -> None:
        look(MONDAY)
        for _ in range(30):
            make_activity(maja, company, "task", now=MONDAY, due_on=date(2026, 3, 20))
        look(MONDAY + MINUTE)
        with django_assert_max_num_queries(7):
            look(MONDAY + MINUTE + timedelta(seconds=2))

    def test_a_flood_asks_for_as_many_statements_as_one(
        self, maja: User, settings, django_assert_num_queries: Callable
    ) -> None:
        settings.EMAIL_HOST = "mail.example"
        look(MONDAY)

        def deadlines(day: int, number: int) -> None:
            for _ in range(number):
                # At a company that they see by a share, which asks for most.
                user = make_user(scope=Scope.OWN, team=maja.team)
                NoticeSettings.objects.create(user=user, deadline_mailed=True)
                company = make_company(owner=maja)
                make_share(company, user)
                on = date(2026, 3, day)
                make_activity(
                    maja, company, "task", now=MONDAY, due_on=on, owner=user.pk
                )

        deadlines(3, 1)
        deadlines(4, 20)
        for day, number in ((3, 1), (4, 20)):
            opening = datetime(2026, 3, day, 7, tzinfo=UTC)
            look(opening - MINUTE)
            with django_assert_num_queries(FLOOD):
                assert look(opening) == number
        assert Notice.objects.filter(kind="deadline").count() == 21
        assert Letter.objects.filter(kind="deadline").count() == 21


@pytest.mark.django_db(transaction=True)
class TestManyWorkers:
    def test_at_once_they_double_nothing(self, maja: User, company: Company) -> None:
        look(MONDAY)
        for n in range(40):
            make_activity(
                maja, company, now=MONDAY, starts_at=MONDAY + HOUR + n * MINUTE
            )
        moments = [MONDAY + 44 * MINUTE + n * MINUTE for n in range(45)]
        together = threading.Barrier(4)
        counts: list[int] = []
        broken: list[BaseException] = []

        def work() -> None:
            try:
                for moment in moments:
                    together.wait(60)
                    counts.append(give_reminders(now=moment))
            except BaseException as error:  # noqa: BLE001
                broken.append(error)
                together.abort()
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert broken == []
        assert sum(counts) == 40
        assert len(given()) == Reminder.objects.count() == 40
        assert Clock.objects.get().reached_at >= moments[-1] - MINUTE
