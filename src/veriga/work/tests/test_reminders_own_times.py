"""Reminders of those who have a time of their own, and of group events: once each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.rules.busy import Attendance
from veriga.activities.services import (
    delete_activity,
    finish_activity,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.events.models import Gathering
from veriga.events.services import add_companies, create_gathering
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company
from veriga.setup.models import Notice, Reminder
from veriga.setup.services import install_code_lists
from veriga.work.services.reminders import give_reminders

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # 10.00 in Ljubljana
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = MONDAY + 2 * HOUR


@pytest.fixture
def maja() -> User:
    install_code_lists()
    give_reminders(now=MONDAY)
    return make_user("Maja Kovač", role=Role.SALES, team=make_team())


@pytest.fixture
def ana(maja: User) -> User:
    return make_user("Ana", team=maja.team)


@pytest.fixture
def company(maja: User) -> Company:
    return make_company("Alpina", owner=maja)


def visit(maja: User, company: Company, *people: Attendance, **own: object) -> Activity:
    """Return a visit of Maja's from 12.00 to 16.00 in which these take part."""
    own = {"starts_at": NOON, "ends_at": NOON + 4 * HOUR, **own}
    return make_activity(maja, company, now=MONDAY, participants=list(people), **own)


def look(*moments: datetime) -> int:
    return sum(give_reminders(now=moment) for moment in moments)


def told() -> list[tuple[str, str]]:
    """Return whom notices told, and of which hour, in their order."""
    rows = Notice.objects.filter(kind="event").select_related("user").order_by("pk")
    return [(one.user.name.split()[0], one.params["at"][11:16]) for one in rows]


class TestTheirOwnTime:
    def test_is_what_they_are_reminded_of_and_once(self, maja, ana, company) -> None:
        visit(maja, company, Attendance(ana.pk, NOON + 2 * HOUR))
        assert look(NOON - 15 * MINUTE, NOON - 14 * MINUTE, NOON + HOUR) == 1
        assert told() == [("Maja", "11:00")]
        moment = NOON + 105 * MINUTE
        assert look(moment - timedelta(seconds=1)) == 0
        assert look(moment, moment + MINUTE, moment + HOUR) == 1
        assert told() == [("Maja", "11:00"), ("Ana", "13:00")]
        row = Reminder.objects.get(user=ana)
        assert (row.due_at, row.about_at) == (moment, NOON + 2 * HOUR)

    def test_may_be_before_the_event_and_be_the_owners(self, maja, company) -> None:
        visit(maja, company, Attendance(maja.pk, NOON - HOUR, NOON + HOUR))
        assert look(NOON - 75 * MINUTE) == 1
        assert look(NOON - 15 * MINUTE, NOON) == 0
        assert told() == [("Maja", "10:00")]

    def test_an_end_alone_leaves_the_beginning_of_all(self, maja, ana, company) -> None:
        visit(maja, company, Attendance(ana.pk, None, NOON + HOUR))
        assert look(NOON - 15 * MINUTE) == 2

    def test_stays_when_the_event_moves(self, maja, ana, company) -> None:
        event = visit(maja, company, Attendance(ana.pk, NOON + 2 * HOUR))
        assert look(NOON + 105 * MINUTE) == 2
        now = NOON + 106 * MINUTE
        update_activity(
            context=acting(maja, now),
            reference=str(event.reference),
            changes={"starts_at": NOON + 3 * HOUR},
        )
        assert look(now, NOON + 165 * MINUTE, NOON + 4 * HOUR) == 1
        assert told()[-1] == ("Maja", "14:00")

    @pytest.mark.parametrize("later", [True, False])
    def test_moved_or_taken_away_is_another(self, maja, ana, company, later) -> None:
        event = visit(maja, company, Attendance(ana.pk, NOON - HOUR))
        assert look(NOON - 75 * MINUTE) == 1
        theirs = Attendance(ana.pk, NOON + HOUR if later else None)
        context = acting(maja, NOON - 70 * MINUTE)
        update_activity(
            context=context,
            reference=str(event.reference),
            changes={"participants": [theirs]},
        )
        look(NOON - 15 * MINUTE, NOON + 45 * MINUTE, NOON + HOUR)
        hour = "12:00" if later else "11:00"
        assert [at for name, at in told() if name == "Ana"] == ["10:00", hour]

    @pytest.mark.parametrize("act", ["finish", "delete"])
    def test_not_of_what_is_done_or_deleted(self, maja, ana, company, act) -> None:
        event = visit(maja, company, Attendance(ana.pk, NOON + 2 * HOUR))
        do = finish_activity if act == "finish" else delete_activity
        do(context=acting(maja, MONDAY + HOUR), reference=str(event.reference))
        assert look(NOON - 15 * MINUTE, NOON + 105 * MINUTE) == 0

    def test_on_a_whole_day_the_hour_counts_not_the_opening(
        self, maja, ana, company
    ) -> None:
        midnight = datetime(2026, 3, 3, 23, tzinfo=UTC)  # Wednesday in Ljubljana
        theirs = datetime(2026, 3, 4, 13, tzinfo=UTC)
        visit(
            maja, company, Attendance(ana.pk, theirs, theirs + HOUR),
            starts_at=midnight, ends_at=None, all_day=True,
        )  # fmt: skip
        assert look(datetime(2026, 3, 4, 7, tzinfo=UTC)) == 1
        assert look(theirs - 15 * MINUTE) == 1
        assert [name for name, _at in told()] == ["Maja", "Ana"]

    def test_an_hour_of_downtime_loses_nothing(self, maja, ana, company) -> None:
        visit(maja, company, Attendance(ana.pk, NOON + 2 * HOUR))
        look(NOON + 100 * MINUTE)
        assert look(NOON + 160 * MINUTE) == 1
        assert look(NOON + 161 * MINUTE) == 0

    def test_set_to_ten_minutes_from_now_it_comes_at_once(
        self, maja, ana, company
    ) -> None:
        event = visit(maja, company, Attendance(ana.pk, NOON + 2 * HOUR))
        now = NOON + HOUR
        look(now)
        soon = {"participants": [Attendance(ana.pk, now + 11 * MINUTE)]}
        context = acting(maja, now + MINUTE)
        update_activity(context=context, reference=str(event.reference), changes=soon)
        assert look(now + MINUTE) == 1


class TestGroupEvents:
    @pytest.fixture
    def gathering(self, maja: User, company: Company) -> Gathering:
        others = [make_company(f"Stranka {n}", owner=maja) for n in range(3)]
        return create_gathering(
            context=acting(maja, MONDAY),
            values={
                "title": "Predstavitveni dan",
                "starts_at": NOON,
                "ends_at": NOON + 4 * HOUR,
            },
            company_ids=[one.pk for one in [company, *others]],
        )

    def part(self, gathering: Gathering, who: User, *theirs: Attendance) -> Activity:
        """Let these take part in the event of the first company."""
        event = Activity.objects.filter(gathering_id=gathering.pk).earliest("pk")
        update_activity(
            context=acting(who, MONDAY),
            reference=str(event.reference),
            changes={"participants": list(theirs)},
        )
        return event

    def test_remind_once_whatever_the_number_of_companies(
        self, maja: User, gathering: Gathering
    ) -> None:
        moment = NOON - 15 * MINUTE
        assert look(moment, moment + MINUTE) == 1
        notice = Notice.objects.get(kind="event")
        assert notice.params["gathering_id"] == gathering.pk
        assert "reference" not in notice.params

    def test_do_not_remind_again_when_the_one_that_stood_for_all_is_gone(
        self, maja: User, gathering: Gathering
    ) -> None:
        moment = NOON - 15 * MINUTE
        look(moment)
        reminded = Activity.objects.get(pk=Reminder.objects.get().activity_id)
        context = acting(maja, moment + MINUTE)
        delete_activity(context=context, reference=str(reminded.reference))
        late = make_company("Zamudnik", owner=maja)
        add_companies(context=context, gathering_id=gathering.pk, company_ids=[late.pk])
        assert look(moment + MINUTE, moment + 2 * MINUTE) == 0

    def test_of_one_company_they_name_it_and_the_own_time_counts(
        self, maja: User, ana: User, gathering: Gathering
    ) -> None:
        event = self.part(gathering, maja, Attendance(ana.pk, NOON + 2 * HOUR))
        assert look(NOON - 15 * MINUTE) == 1
        assert look(NOON + 105 * MINUTE) == 1
        notice = Notice.objects.filter(kind="event").latest("pk")
        assert (notice.user, notice.params["reference"]) == (ana, event.reference)

    def test_only_whoever_sees_the_company(
        self, maja: User, ana: User, gathering: Gathering
    ) -> None:
        event = self.part(gathering, maja, Attendance(ana.pk, NOON + 2 * HOUR))
        User.objects.filter(pk=ana.pk).update(scope=Scope.OWN, team=None)
        assert look(NOON + 105 * MINUTE) == 1
        assert not Reminder.objects.filter(user=ana, activity_id=event.pk).exists()
