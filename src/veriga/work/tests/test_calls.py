"""A call that reached nobody: the next one, and taking it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity, Link
from veriga.activities.queries.checking import find_differences
from veriga.activities.services import (
    finish_activity,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.catalogue.tests.factories import make_product
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.common.working_time import WorkingCalendar
from veriga.events.rules import call_again_at
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.models import EventType
from veriga.setup.queries import forget_code_lists
from veriga.setup.services import install_code_lists
from veriga.work.services.calls import call_again, take_back_call

ZONE = ZoneInfo("Europe/Ljubljana")
CALENDAR = WorkingCalendar(zone=ZONE)


def at(day: int, hour: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, 30, tzinfo=ZONE)


class TestWhen:
    @pytest.mark.parametrize(
        ("planned", "now", "again"),
        [
            (at(3, 10), at(3, 11), at(4, 10)),  # Tuesday → Wednesday, the same hour
            (at(6, 10), at(6, 11), at(9, 10)),  # Friday → Monday
            (at(2, 10), at(6, 11), at(9, 10)),  # overdue since Monday: after today
            (at(9, 10), at(6, 11), at(9, 10)),  # planned for later: still after today
            (at(3, 10, 4), at(3, 11, 4), at(7, 10, 4)),  # over Easter Monday
            (at(3, 7), at(3, 11), at(4, 8).replace(minute=0)),  # before the day opens
            (at(3, 19), at(3, 19), at(4, 8).replace(minute=0)),  # after it closes
        ],
    )
    def test_next_working_day_at_the_planned_hour(self, planned, now, again):
        assert call_again_at(planned, now, CALENDAR) == again
        # Whatever zone the instants come in.
        told = call_again_at(planned.astimezone(UTC), now.astimezone(UTC), CALENDAR)
        assert told == again

    def test_the_hour_stays_when_the_clocks_change(self):
        # 27 March 2026 is a Friday; summer time begins on the Sunday after it.
        assert call_again_at(at(27, 10), at(27, 11), CALENDAR) == at(30, 10)


pytestmark = pytest.mark.django_db


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team())


@pytest.fixture
def company(maja: User) -> Company:
    return make_company("Alpina Pak, d. o. o.", owner=maja)


@pytest.fixture
def call(maja: User, company: Company) -> Activity:
    """An open call of half an hour, with people and a product."""
    starts = NOW - timedelta(hours=1)
    return make_activity(
        maja,
        company,
        title="Pokliči zaradi ponudbe",
        type="call",
        starts_at=starts,
        ends_at=starts + timedelta(minutes=30),
        contacts=[make_contact(company).pk],
        participants=[make_user("Luka", team=maja.team).pk],
        product=make_product().pk,
        done_at=None,
    )


class TestCallAgain:
    def test_one_step_ends_it_and_makes_the_next(self, maja, call):
        made = call_again(context=acting(maja), reference=call.reference)
        call.refresh_from_db()
        following = Activity.objects.get(pk=made.next.pk)
        assert (call.done_at, call.result) == (NOW, "not_reached")
        assert following.done_at is None
        assert following.reference
        assert following.chain_id == call.chain_id
        link = Link.objects.get()
        assert (link.follow_up_id, link.stimulus_id) == (following.pk, call.pk)
        assert link.reason == "made_on"
        assert list(find_differences()) == []
        assert following.title == call.title
        assert following.product_id == call.product_id
        assert following.ends_at - following.starts_at == timedelta(minutes=30)
        for name in ("participants", "contacts"):
            there = set(getattr(call, name).values_list("pk", flat=True))
            assert there == set(getattr(following, name).values_list("pk", flat=True))
            assert there

    def test_a_time_may_be_given(self, maja, call):
        starts_at = NOW + timedelta(days=10)
        made = call_again(
            context=acting(maja), reference=call.reference, starts_at=starts_at
        )
        assert made.next.starts_at == starts_at

    def test_pressed_twice_it_makes_one_call(self, maja, call):
        call_again(context=acting(maja), reference=call.reference)
        with pytest.raises(Conflict, match="stale"):
            call_again(context=acting(maja), reference=call.reference)
        assert Activity.objects.count() == 2

    def test_a_stale_window_changes_nothing(self, maja, call):
        update_activity(
            context=acting(maja), reference=call.reference, changes={"title": "Drugo"}
        )
        with pytest.raises(Conflict, match="stale"):
            call_again(
                context=acting(maja), reference=call.reference, expected_version=1
            )
        call.refresh_from_db()
        assert call.done_at is None

    @pytest.mark.parametrize("kind", ["event", "task"])
    def test_only_for_calls(self, maja, company, kind):
        own = {"type": "visit"} if kind == "event" else {}
        one = make_activity(maja, company, kind, done_at=None, **own)
        with pytest.raises(Invalid) as refused:
            call_again(context=acting(maja), reference=one.reference)
        assert refused.value.errors[0].code == "wrong_result"
        assert Activity.objects.count() == 1

    def test_if_the_next_cannot_be_made_nothing_is_done(self, maja, call):
        naive = datetime(2026, 3, 9, 10, 0)  # to be refused
        with pytest.raises(Invalid):
            call_again(context=acting(maja), reference=call.reference, starts_at=naive)
        call.refresh_from_db()
        assert call.done_at is None
        assert Activity.objects.count() == 1

    def test_an_incoming_call_is_answered_by_ours(self, maja, company):
        one = make_activity(maja, company, type="call_in", done_at=None)
        made = call_again(context=acting(maja), reference=one.reference)
        assert (made.next.type_code, made.next.direction) == ("call", "out")

    def test_a_type_out_of_use_gives_way(self, maja, company):
        install_code_lists()
        EventType.objects.create(pk="call_cold", name_sl="Hladni", direction="out")
        forget_code_lists()
        one = make_activity(maja, company, type="call_cold", done_at=None)
        EventType.objects.filter(pk="call_cold").update(life_cycle="off")
        forget_code_lists()
        made = call_again(context=acting(maja), reference=one.reference)
        assert made.next.type_code == "call"

    def test_without_any_call_the_first_type_on_offer_serves(self, maja, company):
        install_code_lists()
        one = make_activity(maja, company, type="call", done_at=None)
        EventType.objects.filter(pk__in=["call", "call_in"]).update(life_cycle="off")
        forget_code_lists()
        made = call_again(context=acting(maja), reference=one.reference)
        assert made.next.type_code == "visit"
        # Nor is a record refused whose type nobody named.
        assert make_activity(maja, company).type_code == "visit"

    def test_who_left_is_left_out(self, maja, call):
        User.objects.filter(name="Luka").update(is_active=False)
        made = call_again(context=acting(maja), reference=call.reference)
        assert not made.next.participants.exists()

    def test_rights(self, maja, call):
        reader = make_user(role=Role.READER, team=maja.team)
        mate = make_user(team=maja.team)
        stranger = make_user(scope=Scope.OWN)
        for user, error in (
            (reader, NotAllowed),
            (mate, NotAllowed),
            (stranger, NotFound),
        ):
            with pytest.raises(error):
                call_again(context=acting(user), reference=call.reference)
        assert Activity.objects.count() == 1

    def test_a_participant_may_but_cannot_take_it_back(self, maja, call):
        luka = User.objects.get(name="Luka")
        made = call_again(context=acting(luka), reference=call.reference)
        assert not made.can_take_back
        with pytest.raises(NotAllowed):
            take_back_call(
                context=acting(luka),
                reference=call.reference,
                next_reference=made.next.reference,
            )


class TestTakeBack:
    @pytest.fixture
    def following(self, maja, call) -> str:
        made = call_again(context=acting(maja), reference=call.reference)
        assert made.can_take_back
        return str(made.next.reference)

    def back(self, user, call, following, now=NOW):
        return take_back_call(
            context=acting(user, now),
            reference=call.reference,
            next_reference=following,
        )

    def test_both_are_as_before(self, maja, call, following):
        self.back(maja, call, following)
        call.refresh_from_db()
        assert (call.done_at, call.result) == (None, "")
        assert Activity.objects.get(reference=following).deleted_at is not None
        assert not Link.objects.exists()
        assert call.chain.size == 1
        assert list(find_differences()) == []

    def test_twice_is_refused(self, maja, call, following):
        self.back(maja, call, following)
        with pytest.raises(NotFound):
            self.back(maja, call, following)

    def test_not_once_the_next_was_touched(self, maja, call, following):
        update_activity(
            context=acting(maja), reference=following, changes={"title": "Drugače"}
        )
        with pytest.raises(Conflict, match="undo_conflict"):
            self.back(maja, call, following)
        assert Activity.objects.get(reference=following).deleted_at is None

    def test_not_once_the_next_was_held(self, maja, call, following):
        finish_activity(context=acting(maja), reference=following)
        with pytest.raises(Conflict, match="undo_conflict"):
            self.back(maja, call, following)

    def test_not_once_something_follows_it(self, maja, company, call, following):
        make_activity(maja, company, follows=following)
        with pytest.raises(Conflict, match="undo_conflict"):
            self.back(maja, call, following)

    def test_not_another_call(self, maja, company, call, following):
        other = make_activity(maja, company, type="call", done_at=None)
        with pytest.raises(Conflict, match="undo_conflict"):
            self.back(maja, call, str(other.reference))

    def test_not_after_thirty_days(self, maja, call, following):
        with pytest.raises(Conflict, match="undo_conflict"):
            self.back(maja, call, following, NOW + timedelta(days=31))

    def test_a_manager_may(self, maja, call, following):
        self.back(make_user(role=Role.MANAGER, team=maja.team), call, following)
        call.refresh_from_db()
        assert call.done_at is None
