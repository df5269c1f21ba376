"""Group events: one edit for all companies, rights, sight, numbers, two at once."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta

import pytest
from django.db import connection, connections

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity, DateMove, Link
from veriga.activities.queries.checking import find_differences
from veriga.activities.services import (
    take_out_and_move,
    undo_change,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.events.models import Gathering
from veriga.events.queries.gatherings import (
    Wanted,
    contacts_with,
    get_gathering,
    invitable,
    list_gatherings,
    list_invited,
    tallies,
)
from veriga.events.services import (
    add_companies,
    create_gathering,
    finish_gathering,
    repair_gatherings,
    set_reply,
    update_gathering,
    withdraw_company,
)
from veriga.parties.models import Company, Position
from veriga.parties.queries import CompanyFilters
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.services import install_code_lists
from veriga.work.services.gatherings import make_follow_up_tasks

LATER = NOW + timedelta(days=10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def maja():
    install_code_lists()
    return make_user("Maja", team=make_team())


def gather(user, companies=(), **values):
    return create_gathering(
        context=acting(user),
        values={
            "title": "Predstavitveni dan",
            "starts_at": LATER,
            "ends_at": LATER + timedelta(hours=3),
            **values,
        },
        company_ids=[c.pk for c in companies],
    )


def events_of(gathering):
    rows = Activity.objects.filter(gathering_id=gathering.pk)
    return list(rows.filter(deleted_at=None).order_by("company_id"))


def reply(user, gathering, one, answer):
    return set_reply(
        context=acting(user),
        gathering_id=gathering.pk,
        reference=one.reference,
        reply=answer,
    )


def assert_clean():
    assert [str(d) for d in find_differences()] == []


class TestInvite:
    def test_each_company_gets_its_event(self, maja):
        companies = [make_company(owner=maja) for _ in range(3)]
        gathering = gather(maja, companies, place="Kranj")
        events = events_of(gathering)
        assert len({e.reference for e in events}) == 3
        assert len({e.chain_id for e in events}) == 3
        assert {e.event.reply for e in events} == {"invited"}
        assert {e.event.place for e in events} == {"Kranj"}
        assert {e.date for e in events} == {LATER}
        after = make_activity(maja, companies[0])
        assert after.reference.endswith("00004")
        assert_clean()

    def test_repeated_adding_changes_nothing(self, maja):
        company = make_company(owner=maja)
        gathering = gather(maja, [company])
        added = add_companies(
            context=acting(maja), gathering_id=gathering.pk, company_ids=[company.pk]
        )
        assert added == 0 and len(events_of(gathering)) == 1

    def test_unseen_company_is_not_found(self, maja):
        other = make_company(owner=make_user(team=make_team()))
        with pytest.raises(NotFound):
            gather(maja, [other])
        assert not Gathering.objects.exists() and not Activity.objects.exists()

    def test_owner_who_does_not_see_the_company_is_replaced(self, maja):
        boss = make_user(role=Role.MANAGER)
        other = make_user(team=make_team())
        gathering = gather(boss, [make_company(owner=other)], owner=maja.pk)
        assert events_of(gathering)[0].owner_id == other.pk

    def test_function_finds_companies(self, maja):
        one, two = make_company(owner=maja), make_company(owner=maja)
        boss = make_contact(one, function="Direktor prodaje", note="Kadi pipo")
        three = make_company(owner=maja)
        Position.objects.create(
            contact=boss, company=three, function="Direktor nabave", created_at=NOW
        )
        make_contact(two, function="Direktor", until_on=date(2020, 1, 1))
        gathering = gather(maja)
        actor, on = acting(maja).actor, date(2026, 3, 1)

        def found(**words: str) -> set[Company]:
            wanted = Wanted(**words)
            return set(invitable(actor, gathering, CompanyFilters(), wanted, on=on))

        assert found(function="direktor") == found(note="pipo") == {one, three}
        assert found(function="nabave", note="pipo") == {three}
        assert found() == {one, two, three}
        people = contacts_with(Wanted("nabave"), [one.pk, three.pk], on=on)
        assert people == {three.pk: [boss]}
        add_companies(
            context=acting(maja),
            gathering_id=gathering.pk,
            company_ids=[three.pk],
            contacts={three.pk: [boss.pk]},
        )
        assert list(events_of(gathering)[0].contacts.all()) == [boss]

    def test_a_wrong_row_is_found_and_mended(self, maja):
        gathering = gather(maja, [make_company(owner=maja), make_company(owner=maja)])
        loose = make_activity(maja, make_company(owner=maja))
        one, other = events_of(gathering)
        Activity.objects.filter(pk=one.pk).update(gathering_id=None)
        Activity.objects.filter(pk=loose.pk).update(gathering_id=gathering.pk)
        assert {d.code for d in find_differences()} == {"gathering_id"}
        repair_gatherings()
        assert_clean()
        assert events_of(gathering) == [one, other]

    def test_a_contact_of_another_company_is_refused(self, maja):
        one, other = make_company(owner=maja), make_contact()
        gathering = gather(maja)
        with pytest.raises(Invalid) as caught:
            add_companies(
                context=acting(maja),
                gathering_id=gathering.pk,
                company_ids=[one.pk],
                contacts={one.pk: [other.pk]},
            )
        assert caught.value.errors[0].field == "contacts"
        assert not events_of(gathering)

    def test_reader_may_not(self, maja):
        reader = make_user(role=Role.READER, scope=Scope.ALL)
        with pytest.raises(NotAllowed):
            gather(reader)

    def test_a_thousand(self, maja, capsys):
        companies = [make_company(owner=maja) for _ in range(1000)]
        begun = time.perf_counter()
        gathering = gather(maja, companies)
        made = time.perf_counter()
        update_gathering(
            context=acting(maja),
            gathering_id=gathering.pk,
            changes={"starts_at": LATER - timedelta(days=1)},
        )
        moved = time.perf_counter()
        with capsys.disabled():
            print(  # noqa: T201  # a figure to read, no assertion
                f"\n1000 companies, {connection.vendor}: invited in "
                f"{made - begun:.2f} s, moved in {moved - made:.2f} s"
            )
        assert len(events_of(gathering)) == 1000
        assert_clean()


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"title": " "}, "title", "required"),
        ({"title": "x" * 201}, "title", "too_long"),
        ({"starts_at": None}, "starts_at", "required"),
        ({"starts_at": NOW.replace(tzinfo=None)}, "starts_at", "naive_time"),
        ({"ends_at": NOW}, "ends_at", "ends_before_start"),
        ({"place": "x" * 121}, "place", "too_long"),
        ({"text": "\x00"}, "text", "control_characters"),
        ({"type": "none"}, "type", "unknown_choice"),
        ({"odd": 1}, "odd", "unknown_field"),
    ],
)
def test_bad_input_names_its_field(maja, values, field, code):
    with pytest.raises(Invalid) as caught:
        gather(maja, **values)
    assert (caught.value.errors[0].field, caught.value.errors[0].code) == (field, code)
    assert not Gathering.objects.exists()


class TestEdit:
    def test_all_events_follow(self, maja):
        gathering = gather(maja, [make_company(owner=maja) for _ in range(2)])
        update_gathering(
            context=acting(maja),
            gathering_id=gathering.pk,
            changes={
                "title": "Dan odprtih vrat",
                "starts_at": LATER + timedelta(days=1),
                "ends_at": None,
                "place": "Ljubljana",
            },
        )
        for one in events_of(gathering):
            assert one.title == "Dan odprtih vrat"
            assert one.date == one.due_at == LATER + timedelta(days=1)
            assert one.event.place == "Ljubljana" and one.row_version == 2
            assert DateMove.objects.filter(activity=one).count() == 2
        assert_clean()

    def test_colleague_may_not_and_stale_is_refused(self, maja):
        company = make_company(owner=maja)
        gathering = gather(maja, [company])
        mate = make_user(team=maja.team)
        with pytest.raises(NotAllowed):
            update_gathering(
                context=acting(mate), gathering_id=gathering.pk, changes={"place": "A"}
            )
        with pytest.raises(Conflict, match="stale"):
            update_gathering(
                context=acting(maja),
                gathering_id=gathering.pk,
                changes={"place": "A"},
                expected_version=7,
            )

    def test_one_event_alone_keeps_what_is_shared(self, maja):
        company, other = make_company(owner=maja), make_company(owner=maja)
        one = events_of(gather(maja, [company]))[0]
        for changes in ({"title": "Drugo"}, {"place": "B"}, {"starts_at": NOW}):
            with pytest.raises(Invalid, match="gathering_shared"):
                update_activity(
                    context=acting(maja), reference=one.reference, changes=changes
                )
        with pytest.raises(Invalid, match="gathering_company"):
            update_activity(
                context=acting(maja),
                reference=one.reference,
                changes={"company": other.pk},
            )
        with pytest.raises(Invalid, match="gathering_company"):
            take_out_and_move(
                context=acting(maja), reference=one.reference, company_id=other.pk
            )
        update_activity(
            context=acting(maja),
            reference=one.reference,
            changes={"title": one.title, "importance": ""},
        )


class TestSight:
    def test_other_team_counts_its_own_companies(self, maja):
        boss = make_user(role=Role.MANAGER)
        other = make_user(team=make_team())
        stranger = make_user(team=make_team())
        mine = [make_company(owner=maja) for _ in range(2)]
        theirs = make_company(owner=other)
        gathering = gather(boss, [*mine, theirs])
        for user, number in ((boss, 3), (maja, 2), (other, 1)):
            actor = acting(user).actor
            assert tallies(actor, [gathering.pk])[gathering.pk].total == number
            page = list_invited(actor, get_gathering(actor, gathering.pk), now=NOW)
            assert len(page.rows) == number
        actor = acting(stranger).actor
        assert list_gatherings(actor).rows == []
        with pytest.raises(NotFound):
            get_gathering(actor, gathering.pk)
        unseen = next(e for e in events_of(gathering) if e.company_id == theirs.pk)
        with pytest.raises(NotFound):
            reply(maja, gathering, unseen, "came")


class TestReplies:
    def test_who_came_and_who_did_not(self, maja):
        companies = [make_company(owner=maja) for _ in range(3)]
        gathering = gather(maja, companies, starts_at=NOW - timedelta(hours=2),
                           ends_at=NOW - timedelta(hours=1))  # fmt: skip
        came, accepted, _ = events_of(gathering)
        reply(maja, gathering, came, "came")
        reply(maja, gathering, accepted, "accepted")
        context = acting(maja)
        assert finish_gathering(context=context, gathering_id=gathering.pk) == 3
        assert finish_gathering(context=context, gathering_id=gathering.pk) == 0
        results = [(e.result, e.event.reply) for e in events_of(gathering)]
        assert results == [
            ("carried_out", "came"),
            ("cancelled", "stayed_away"),
            ("cancelled", "invited"),
        ]
        reply(maja, gathering, accepted, "came")
        assert events_of(gathering)[1].result == "carried_out"
        assert_clean()

    def test_not_before_it_begins(self, maja):
        gathering = gather(maja, [make_company(owner=maja)])
        with pytest.raises(Conflict, match="gathering_not_begun"):
            finish_gathering(context=acting(maja), gathering_id=gathering.pk)

    def test_unknown_reply_and_reader(self, maja):
        gathering = gather(maja, [make_company(owner=maja)])
        one = events_of(gathering)[0]
        with pytest.raises(Invalid, match="unknown_choice"):
            reply(maja, gathering, one, "maybe")
        reader = make_user(role=Role.READER, team=maja.team)
        with pytest.raises(NotAllowed):
            reply(reader, gathering, one, "came")

    def test_tasks_follow_once(self, maja):
        gathering = gather(maja, [make_company(owner=maja) for _ in range(2)])
        with pytest.raises(Conflict, match="nobody_came"):
            self.tasks(maja, gathering)
        one = events_of(gathering)[0]
        reply(maja, gathering, one, "came")
        assert len(self.tasks(maja, gathering)) == 1
        assert self.tasks(maja, gathering) == []
        link = Link.objects.get()
        assert (link.stimulus_id, link.reason) == (one.pk, "made_on")
        assert link.follow_up.owner_id == maja.pk
        assert_clean()

    def tasks(self, user, gathering):
        return make_follow_up_tasks(
            context=acting(user),
            gathering_id=gathering.pk,
            title="Pokliči po dogodku",
            due_on=LATER.date(),
        )


class TestWithdraw:
    def test_deleted_and_undone(self, maja):
        gathering = gather(maja, [make_company(owner=maja)])
        one = events_of(gathering)[0]
        changed = withdraw_company(
            context=acting(maja), gathering_id=gathering.pk, reference=one.reference
        )
        assert events_of(gathering) == []
        undo_change(context=acting(maja), change_id=changed.change.pk)
        assert events_of(gathering) == [one]
        assert_clean()

    def test_invited_again_it_stays_there_once(self, maja):
        company = make_company(owner=maja)
        gathering = gather(maja, [company])
        one = events_of(gathering)[0]
        changed = withdraw_company(
            context=acting(maja), gathering_id=gathering.pk, reference=one.reference
        )
        add_companies(
            context=acting(maja), gathering_id=gathering.pk, company_ids=[company.pk]
        )
        undo_change(context=acting(maja), change_id=changed.change.pk)
        assert len(events_of(gathering)) == 1
        assert_clean()

    def test_with_a_follow_up_it_is_cancelled(self, maja):
        company = make_company(owner=maja)
        gathering = gather(maja, [company])
        one = events_of(gathering)[0]
        make_activity(maja, company, "task", follows=one.reference)
        assert (
            withdraw_company(
                context=acting(maja), gathering_id=gathering.pk, reference=one.reference
            )
            is None
        )
        assert events_of(gathering)[0].result == "cancelled"
        assert_clean()


@pytest.mark.django_db(transaction=True)
def test_two_people_add_the_same_company():
    install_code_lists()
    maja = make_user(team=make_team())
    mate = make_user(team=maja.team)
    companies = [make_company(owner=maja) for _ in range(5)]
    gathering = gather(maja, companies[:1])
    start, broken = threading.Barrier(2), []

    def add(user):
        try:
            start.wait()
            add_companies(
                context=acting(user),
                gathering_id=gathering.pk,
                company_ids=[c.pk for c in companies],
            )
        except BaseException as error:  # noqa: BLE001  # the test reports it
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=add, args=[user]) for user in (maja, mate)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    assert len(events_of(gathering)) == 5
    assert_clean()
