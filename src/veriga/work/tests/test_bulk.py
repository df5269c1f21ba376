"""One command for many activities: each as its service does it, undone as a whole."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.services import deactivate_user
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity, Chain, DateMove
from veriga.activities.queries.checking import find_differences
from veriga.activities.services import (
    finish_activity,
    link_activities,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.common.working_time import WorkingCalendar
from veriga.events.services import create_gathering
from veriga.history.models import Record
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company
from veriga.setup.queries import forget_code_lists
from veriga.setup.services import install_code_lists
from veriga.work.models import Batch
from veriga.work.queries.bulk import Chosen, Command, plan_command
from veriga.work.rules.bulk import MOST, Action, moved_fields
from veriga.work.services.bulk import Outcome, run_command, undo_command

CALENDAR = WorkingCalendar()
FRIDAY = date(2026, 11, 27)


class TestWhereDatesGo:
    def test_a_deadline_moves_over_the_weekend(self):
        own = {"starts_on": FRIDAY, "due_on": FRIDAY, "due_at": None}
        found = moved_fields(own, "task", 1, CALENDAR)
        assert found == {"due_on": date(2026, 11, 30)}

    def test_a_task_never_begins_after_its_deadline(self):
        own = {"starts_on": FRIDAY, "due_on": FRIDAY, "due_at": None}
        found = moved_fields(own, "task", -2, CALENDAR)
        assert found == {"due_on": date(2026, 11, 25), "starts_on": date(2026, 11, 25)}

    def test_an_event_keeps_its_hour_and_length_when_the_clocks_change(self):
        # Summer time ends on 25 October 2026.
        own = {
            "starts_at": datetime(2026, 10, 23, 7, 0, tzinfo=UTC),
            "ends_at": datetime(2026, 10, 23, 8, 30, tzinfo=UTC),
        }
        found = moved_fields(own, "event", 1, CALENDAR)
        assert found["starts_at"] == datetime(2026, 10, 26, 8, 0, tzinfo=UTC)
        assert found["ends_at"] == datetime(2026, 10, 26, 9, 30, tzinfo=UTC)

    @pytest.mark.parametrize("kind", ["task", "product_record", "quote"])
    def test_what_has_no_deadline_does_not_move(self, kind):
        assert moved_fields({"starts_on": FRIDAY}, kind, 3, CALENDAR) == {}

    @pytest.mark.parametrize("days", [1, -1, 7, -30])
    def test_there_and_back_from_a_working_day(self, days):
        there = CALENDAR.moved(FRIDAY, days)
        assert CALENDAR.is_working_day(there)
        assert CALENDAR.moved(there, -days) == FRIDAY


@pytest.fixture
def maja(db) -> User:
    install_code_lists()
    forget_code_lists()
    return make_user("Maja Kovač", team=make_team())


@pytest.fixture
def rok(maja: User) -> User:
    return make_user("Rok Zupan", team=maja.team)


@pytest.fixture
def company(maja: User) -> Company:
    return make_company("Alpina Pak, d. o. o.", owner=maja)


def of(*activities: Activity) -> list[Chosen]:
    return [Chosen(str(a.reference), a.row_version) for a in activities]


def run(user: User, activities: list[Activity], **command: object) -> Outcome:
    return run_command(
        context=acting(user),
        chosen=of(*activities),
        command=Command(**command),  # type: ignore[arg-type]
    )


def undo(user: User, outcome: Outcome) -> Outcome:
    assert outcome.batch is not None
    return undo_command(context=acting(user), batch_id=outcome.batch.pk)


def codes(outcome: Outcome) -> dict[str, str]:
    return {left.reference: left.why.code for left in outcome.left}


def again(*activities: Activity) -> list[Activity]:
    found = Activity.objects.in_bulk([a.pk for a in activities])
    return [found[a.pk] for a in activities]


@pytest.fixture
def tasks(maja: User, company: Company) -> list[Activity]:
    due = NOW.date() + timedelta(days=3)
    return [make_activity(maja, company, "task", due_on=due) for _ in range(4)]


class TestAssigning:
    def test_all_get_the_owner_and_undo_gives_each_its_own_back(
        self, maja, rok, company, tasks
    ):
        other = make_user("Ana Novak", team=maja.team)
        tasks.append(make_activity(maja, company, "task", owner=other.pk))
        done = run(maja, tasks, action=Action.ASSIGN, owner=rok.pk)
        assert (done.number, done.left) == (5, [])
        assert {a.owner_id for a in again(*tasks)} == {rok.pk}
        assert Record.objects.filter(subject="activity", action="changed").count() == 5
        back = undo(maja, done)
        assert back.number == 5
        owners = [a.owner_id for a in again(*tasks)]
        assert owners == [maja.pk] * 4 + [other.pk]
        assert not list(find_differences())

    def test_undo_gives_them_back_to_who_has_left_since(self, maja, rok, company):
        one = make_activity(maja, company, "task", owner=rok.pk)
        done = run(maja, [one], action=Action.ASSIGN, owner=maja.pk)
        boss = make_user("Šef", role=Role.ADMINISTRATOR)
        deactivate_user(context=acting(boss), user_id=rok.pk)
        assert undo(maja, done).number == 1
        assert again(one)[0].owner_id == rok.pk

    def test_what_one_may_not_change_is_named_and_left(self, maja, rok, company, tasks):
        stranger = make_user("Tuja Oseba", team=maja.team)
        own = make_activity(stranger, company, "task", owner=stranger.pk)
        done = run(stranger, [*tasks, own], action=Action.ASSIGN, owner=rok.pk)
        assert done.number == 1
        assert codes(done) == {str(a.reference): "not_allowed" for a in tasks}
        assert {a.owner_id for a in again(*tasks)} == {maja.pk}

    def test_a_participant_may(self, maja, rok, company):
        one = make_activity(maja, company, "task", participants=[rok.pk])
        assert run(rok, [one], action=Action.ASSIGN, owner=rok.pk).number == 1

    def test_who_does_not_see_the_company_gets_nothing(self, maja, company, tasks):
        outside = make_user("Zunanji", team=make_team("Druga"), scope=Scope.OWN)
        done = run(maja, tasks, action=Action.ASSIGN, owner=outside.pk)
        assert done.batch is None
        assert set(codes(done).values()) == {"cannot_see_company"}
        assert not Batch.objects.exists()

    def test_whose_they_are_already_stay(self, maja, tasks):
        done = run(maja, tasks, action=Action.ASSIGN, owner=maja.pk)
        assert set(codes(done).values()) == {"so_already"}
        assert {a.row_version for a in again(*tasks)} == {1}

    def test_a_row_that_changed_since_is_left(self, maja, rok, tasks):
        update_activity(
            context=acting(maja),
            reference=str(tasks[0].reference),
            changes={"title": "Drugače"},
        )
        done = run(maja, tasks, action=Action.ASSIGN, owner=rok.pk)
        assert done.number == 3
        assert codes(done) == {str(tasks[0].reference): "changed_since"}

    def test_undo_leaves_what_changed_since(self, maja, rok, tasks):
        done = run(maja, tasks, action=Action.ASSIGN, owner=rok.pk)
        update_activity(
            context=acting(rok),
            reference=str(tasks[1].reference),
            changes={"title": "Rokova"},
        )
        back = undo(maja, done)
        assert back.number == 3
        assert codes(back) == {str(tasks[1].reference): "changed_since"}
        owners = [a.owner_id for a in again(*tasks)]
        assert owners == [maja.pk, rok.pk, maja.pk, maja.pk]


class TestFinishing:
    def test_each_kind_ends_as_chosen_and_undo_opens_it(self, maja, company, tasks):
        quote = make_activity(maja, company, "quote")
        event = make_activity(maja, company, starts_at=NOW + timedelta(days=2))
        done = run(
            maja,
            [*tasks, quote, event],
            action=Action.FINISH,
            results={"quote": "declined", "event": "not_reached"},
        )
        assert (done.number, done.left) == (6, [])
        results = {a.kind: a.result for a in again(*tasks, quote, event)}
        assert results == {
            "task": "carried_out",
            "quote": "declined",
            "event": "not_reached",
        }
        undo(maja, done)
        assert all(a.done_at is None for a in again(*tasks, quote, event))
        assert not list(find_differences())

    def test_a_participant_undoes_what_they_finished(self, maja, rok, company):
        one = make_activity(maja, company, "task", participants=[rok.pk])
        done = run(rok, [one], action=Action.FINISH)
        assert undo(rok, done).number == 1
        assert again(one)[0].done_at is None

    def test_what_is_done_stays_as_it_was(self, maja, tasks):
        finish_activity(
            context=acting(maja),
            reference=str(tasks[0].reference),
            result="cancelled",
        )
        done = run(maja, again(*tasks), action=Action.FINISH)
        assert codes(done) == {str(tasks[0].reference): "done_already"}
        assert again(tasks[0])[0].result == "cancelled"

    def test_no_quote_ends_by_itself(self, maja, company, tasks):
        quote = make_activity(maja, company, "quote")
        done = run(maja, [*tasks, quote], action=Action.FINISH)
        assert done.number == 4
        assert codes(done) == {str(quote.reference): "no_result"}

    def test_a_quote_cannot_be_accepted_with_many_others(self, maja, company):
        quote = make_activity(maja, company, "quote")
        with pytest.raises(Invalid) as refused:
            run(maja, [quote], action=Action.FINISH, results={"quote": "accepted"})
        assert refused.value.code == "wrong_result"


class TestMoving:
    def test_all_kinds_move_and_undo_puts_them_back_exactly(self, maja, company, tasks):
        starts = NOW + timedelta(days=1)
        event = make_activity(
            maja, company, starts_at=starts, ends_at=starts + timedelta(hours=1)
        )
        day = NOW.date() + timedelta(days=10)
        record = make_activity(maja, company, "product_record", follow_up_on=day)
        quote = make_activity(maja, company, "quote", valid_until=day)
        due = make_activity(maja, company, "task", due_at=NOW + timedelta(hours=5))
        every = [*tasks, event, record, quote, due]
        before = [(a.date, a.due_at, a.starts_at, a.ends_at) for a in again(*every)]
        done = run(maja, every, action=Action.MOVE, days=5)
        assert (done.number, done.left) == (8, [])
        for old, new in zip(before, again(*every), strict=True):
            assert new.due_at is not None
            assert old[1] is not None
            assert new.due_at > old[1]
        assert DateMove.objects.count() >= 8
        undo(maja, done)
        after = [(a.date, a.due_at, a.starts_at, a.ends_at) for a in again(*every)]
        assert after == before
        assert not list(find_differences())

    def test_why_some_stay(self, maja, company, tasks):
        bare = make_activity(maja, company, "task")
        record = make_activity(
            maja, company, "product_record", follow_up_on=NOW.date() + timedelta(1)
        )
        done = run(maja, [bare, record], action=Action.MOVE, days=-200)
        assert codes(done) == {
            str(bare.reference): "no_deadline",
            str(record.reference): "follow_up_before_record",
        }
        assert again(record)[0].row_version == 1

    def test_an_event_of_a_group_event_is_moved_there(self, maja, company):
        gathering = create_gathering(
            context=acting(maja),
            values={"title": "Predstavitev", "starts_at": NOW + timedelta(days=9)},
            company_ids=[company.pk],
        )
        event = Activity.objects.get(gathering_id=gathering.pk)
        done = run(maja, [event], action=Action.MOVE, days=1)
        assert codes(done) == {str(event.reference): "gathering_shared"}

    @pytest.mark.parametrize(
        ("days", "code"), [(0, "required"), (None, "required"), (900, "between")]
    )
    def test_bad_days(self, maja, tasks, days, code):
        with pytest.raises(Invalid) as refused:
            run(maja, tasks, action=Action.MOVE, days=days)
        assert [(e.field, e.code) for e in refused.value.errors] == [("days", code)]


class TestImportance:
    def test_it_is_set_and_undone(self, maja, company, tasks):
        tasks.append(make_activity(maja, company, "task", importance="high"))
        done = run(maja, tasks, action=Action.IMPORTANCE, importance="high")
        assert done.number == 4
        assert codes(done) == {str(tasks[4].reference): "so_already"}
        undo(maja, done)
        kept = [a.importance_id for a in again(*tasks)]
        assert kept == [None, None, None, None, "high"]


class TestLinking:
    def test_all_follow_the_chosen_one_and_undo_parts_them(self, maja, company, tasks):
        origin = make_activity(maja, company, title="Sejem")
        elsewhere = make_activity(maja, make_company("Druga", owner=maja), "task")
        link_activities(
            context=acting(maja),
            follow_up=str(tasks[0].reference),
            stimulus=str(origin.reference),
        )
        done = run(
            maja,
            [*tasks, elsewhere, origin],
            action=Action.LINK,
            stimulus=str(origin.reference),
        )
        assert done.number == 3
        assert codes(done) == {
            str(elsewhere.reference): "other_company",
            str(origin.reference): "link_to_itself",
            str(tasks[0].reference): "linked_already",
        }
        assert Chain.objects.get(pk=again(origin)[0].chain_id).size == 5
        undo(maja, done)
        assert Chain.objects.get(pk=again(origin)[0].chain_id).size == 2
        assert not list(find_differences())

    def test_unknown_is_told_at_the_field(self, maja, tasks):
        with pytest.raises(Invalid) as refused:
            run(maja, tasks, action=Action.LINK, stimulus="D-26-99999")
        assert refused.value.errors[0].field == "stimulus"


class TestDeleting:
    def test_a_whole_chain_is_deleted_and_comes_back_linked(self, maja, tasks):
        for later, earlier in zip(tasks[1:], tasks, strict=False):
            link_activities(
                context=acting(maja),
                follow_up=str(later.reference),
                stimulus=str(earlier.reference),
            )
        done = run(maja, again(*tasks), action=Action.DELETE)
        assert done.number == 4
        assert all(a.deleted_at for a in again(*tasks))
        assert undo(maja, done).number == 4
        assert len({a.chain_id for a in again(*tasks)}) == 1
        assert not list(find_differences())

    def test_a_participant_may_not(self, maja, rok, company):
        one = make_activity(maja, company, "task", participants=[rok.pk])
        done = run(rok, [one], action=Action.DELETE)
        assert codes(done) == {str(one.reference): "not_allowed"}


class TestWho:
    def test_a_reader_changes_nothing(self, maja, tasks):
        reader = make_user("Bralka", role=Role.READER, scope=Scope.ALL)
        with pytest.raises(NotAllowed):
            run(reader, tasks, action=Action.FINISH)

    def test_out_of_sight_is_as_if_it_were_not(self, maja, tasks):
        outside = make_user("Zunanji", team=make_team("Druga"), scope=Scope.OWN)
        chosen = [*of(*tasks), Chosen("N-26-99999"), Chosen("kar nekaj")]
        done = run_command(
            context=acting(outside),
            chosen=chosen,
            command=Command(action=Action.FINISH),
        )
        assert done.number == 0
        assert {(one.title, one.why.code) for one in done.left} == {("", "not_found")}

    def test_somebody_else_cannot_undo(self, maja, rok, tasks):
        done = run(maja, tasks, action=Action.FINISH)
        with pytest.raises(NotFound):
            undo(rok, done)

    def test_undone_once(self, maja, tasks):
        done = run(maja, tasks, action=Action.FINISH)
        undo(maja, done)
        with pytest.raises(Conflict) as refused:
            undo(maja, done)
        assert refused.value.code == "already_undone"

    def test_not_after_a_month_and_not_if_all_changed_since(self, maja, tasks):
        done = run(maja, tasks, action=Action.FINISH)
        assert done.batch is not None
        late = acting(maja, NOW + timedelta(days=31))
        with pytest.raises(Conflict) as refused:
            undo_command(context=late, batch_id=done.batch.pk)
        assert refused.value.code == "undo_too_late"
        again_open = run(maja, again(*tasks), action=Action.ASSIGN, owner=maja.pk)
        assert again_open.batch is None
        for one in tasks:
            update_activity(
                context=acting(maja),
                reference=str(one.reference),
                changes={"title": "Novo"},
            )
        with pytest.raises(Conflict) as refused:
            undo(maja, done)
        assert refused.value.code == "undo_conflict"
        assert Batch.objects.get().undone_at is None

    def test_none_and_too_many(self, maja):
        for chosen, code in (
            ([], "nothing_chosen"),
            ([Chosen("N-26-00001")] * (MOST + 1), "too_many_rows"),
        ):
            with pytest.raises(Invalid) as refused:
                run_command(
                    context=acting(maja),
                    chosen=chosen,
                    command=Command(action=Action.FINISH),
                )
            assert refused.value.code == code

    def test_the_plan_needs_a_handful_of_statements(
        self, maja, rok, tasks, django_assert_max_num_queries
    ):
        for action in Action:
            command = Command(action, owner=rok.pk, days=1, importance="high")
            with django_assert_max_num_queries(8):
                plan = plan_command(actor_of(maja), of(*tasks), command, is_draft=True)
            assert len(plan.fit) == 4


@pytest.mark.django_db(transaction=True)
class TestTwoPeople:
    def test_overlapping_sets_wait_for_each_other(self):
        install_code_lists()
        forget_code_lists()
        maja = make_user("Maja Kovač", role=Role.MANAGER, scope=Scope.ALL)
        rok = make_user("Rok Zupan", role=Role.MANAGER, scope=Scope.ALL)
        companies = [make_company(f"Podjetje {n}", owner=maja) for n in range(6)]
        made = [
            make_activity(maja, one, "task", due_on=NOW.date())
            for one in companies
            for _ in range(3)
        ]
        start = threading.Barrier(2)
        outcomes: dict[str, list[Outcome]] = {"assign": [], "move": []}
        broken: list[BaseException] = []

        def work(name: str, user: User, chosen: list[Chosen], command: Command) -> None:
            try:
                start.wait(timeout=30)
                for _ in range(2):
                    # Whatever versions: each does all of it, one after the other.
                    outcomes[name].append(
                        run_command(
                            context=acting(user), chosen=chosen, command=command
                        )
                    )
            except BaseException as error:  # noqa: BLE001  # the test reports it
                broken.append(error)
            finally:
                connections.close_all()

        names = [Chosen(str(a.reference)) for a in made]
        assign = Command(action=Action.ASSIGN, owner=rok.pk)
        move = Command(action=Action.MOVE, days=1)
        threads = [
            threading.Thread(target=work, args=("assign", maja, names, assign)),
            threading.Thread(target=work, args=("move", rok, names[::-1], move)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert not broken
        assert [o.number for o in outcomes["assign"]] == [18, 0]
        assert [o.number for o in outcomes["move"]] == [18, 18]
        after = again(*made)
        assert {a.owner_id for a in after} == {rok.pk}
        # Assigned once, moved twice: no change was lost.
        assert {a.row_version for a in after} == {4}
        due = CALENDAR.moved(NOW.date(), 2)
        assert {a.due_at and a.due_at.date() for a in after} == {due}
        assert not list(find_differences())

    def test_the_same_rows_at_the_same_version_change_once(self):
        install_code_lists()
        forget_code_lists()
        users = [
            make_user(name, role=Role.MANAGER, scope=Scope.ALL)
            for name in ("Maja Kovač", "Rok Zupan")
        ]
        company = make_company("Alpina", owner=users[0])
        made = [make_activity(users[0], company, "task") for _ in range(8)]
        start = threading.Barrier(2)
        found: list[Outcome] = []
        broken: list[BaseException] = []

        def finish(user: User, result: str) -> None:
            try:
                start.wait(timeout=30)
                found.append(
                    run(user, made, action=Action.FINISH, results={"task": result})
                )
            except BaseException as error:  # noqa: BLE001  # the test reports it
                broken.append(error)
            finally:
                connections.close_all()

        threads = [
            threading.Thread(target=finish, args=(user, result))
            for user, result in zip(users, ("carried_out", "cancelled"), strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert not broken
        assert sorted(outcome.number for outcome in found) == [0, 8]
        assert len({a.result for a in again(*made)}) == 1
        late = next(one for one in found if not one.number)
        assert {left.why.code for left in late.left} == {"changed_since"}
