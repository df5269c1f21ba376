"""The desk and lists of running chains, against the plain rules on their members."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_user
from veriga.activities.models import Activity
from veriga.activities.queries.checking import find_differences
from veriga.activities.queries.filters import ActivityFilters
from veriga.activities.queries.lists import count_activities, list_activities
from veriga.activities.queries.narrowing import MOVES, RunningFilters
from veriga.activities.queries.running import count_running, list_running
from veriga.activities.rules.times import whose_move
from veriga.activities.services import (
    close_sale,
    finish_activity,
    link_activities,
    undo_change,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import Invalid
from veriga.insight.queries.limits import forget_limits
from veriga.parties.services import share_company
from veriga.parties.tests.factories import make_company
from veriga.setup.services import set_silence_limits
from veriga.work.queries.desk import due_filters, get_desk, loose_filters
from veriga.work.queries.silence import Limits, firm_limits, silence_of
from veriga.work.services.companies import update_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja() -> Any:
    return make_user(name="Maja")


def pair(user: Any, company: Any, **last: Any) -> tuple[Activity, Activity]:
    """Return a chain of two, the second one as given."""
    first = make_activity(user, company, days_ago=30)
    second = make_activity(user, company, follows=first.reference, **last)
    return first, second


def running(user: Any, now: datetime = NOW, **filters: Any) -> list[str]:
    page = list_running(actor_of(user), RunningFilters(**filters), now=now)
    count = count_running(actor_of(user), RunningFilters(**filters), now=now)
    assert count == len(page.rows)
    return [row.origin_reference for row in page.rows]


class TestRunningChains:
    def test_the_longest_silent_first_and_no_loose_note(self, maja) -> None:
        company = make_company(owner=maja)
        recent, _ = pair(maja, company, days_ago=2)
        old, _ = pair(maja, company, days_ago=9)
        make_activity(maja, company, days_ago=20)
        assert running(maja) == [old.reference, recent.reference]
        assert running(maja, order="newest") == [recent.reference, old.reference]

    def test_a_closed_chain_is_gone_until_it_opens_again(self, maja) -> None:
        first, _ = pair(maja, make_company(owner=maja))
        context = acting(maja)
        close_sale(context=context, reference=first.reference, outcome="given_up")
        assert running(maja) == []
        close_sale(context=context, reference=first.reference, outcome="open")
        assert running(maja) == [first.reference]

    def test_a_quote_alone_is_running(self, maja) -> None:
        quote = make_activity(
            maja, make_company(owner=maja), "quote", issued_on=NOW.date()
        )
        assert running(maja) == [quote.reference]

    def test_pages_meet_without_gap_or_double(self, maja) -> None:
        company = make_company(owner=maja)
        made = [pair(maja, company, days_ago=n + 1)[0].reference for n in range(7)]
        actor, found, cursor = actor_of(maja), [], None
        while True:
            page = list_running(
                actor, RunningFilters(), now=NOW, limit=3, cursor=cursor
            )
            found += [row.origin_reference for row in page.rows]
            cursor = page.next
            if cursor is None:
                break
        assert found == made[::-1]

    def test_who_sees_the_company_sees_its_chains(self, maja) -> None:
        other = make_user(name="Rok")
        company = make_company(owner=maja)
        first, _ = pair(maja, company)
        assert running(other) == []
        share_company(context=acting(maja), company_id=company.pk, user_id=other.pk)
        assert running(other) == [first.reference]
        assert running(other, account_owner_id=other.pk) == []
        assert running(other, account_owner_id=maja.pk) == [first.reference]

    def test_a_new_account_owner_takes_the_chains_along(self, maja) -> None:
        manager = make_user(role=Role.MANAGER, scope=Scope.ALL)
        rok = make_user(name="Rok")
        company = make_company(owner=maja)
        first, _ = pair(maja, company)
        update_company(
            context=acting(manager), company_id=company.pk, account_owner_id=rok.pk
        )
        assert running(manager, account_owner_id=rok.pk) == [first.reference]
        assert running(maja) == []
        assert list(find_differences()) == []

    @pytest.mark.parametrize(
        ("filters", "field"),
        [
            ({"move": "nobody"}, "move"),
            ({"order": "size"}, "order"),
            ({"has_next": "maybe"}, "next"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, maja, filters, field) -> None:
        with pytest.raises(Invalid) as raised:
            list_running(actor_of(maja), RunningFilters(**filters), now=NOW)
        assert raised.value.errors[0].field == field

    def test_the_next_step_is_the_earliest_deadline(self, maja) -> None:
        company = make_company(owner=maja)
        first, second = pair(maja, company)
        assert running(maja, has_next="no") == [first.reference]
        day = NOW.date()
        for days in (9, 4, 6):
            make_activity(
                maja,
                company,
                "task",
                follows=second.reference,
                due_on=day + timedelta(days=days),
                title=f"Čez {days}",
            )
        (row,) = list_running(actor_of(maja), RunningFilters(), now=NOW).rows
        assert row.next_title == "Čez 4"
        assert running(maja, has_next="no") == []


class TestWhoseMove(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["event", "task", "quote", "product_record"]),
                st.sampled_from(["in", "out", "internal"]),
                st.integers(-9, 9),
                st.sampled_from(["open", "carried_out", "cancelled"]),
            ),
            min_size=2,
            max_size=5,
        ),
        st.integers(-5, 12),
    )
    def test_sql_and_python_and_the_members_agree(self, parts, later) -> None:
        user = make_user()
        company = make_company(owner=user)
        first = None
        for kind, direction, days, state in parts:
            day = (NOW + timedelta(days=days)).date()
            own: dict[str, Any] = {
                "event": {"starts_at": NOW + timedelta(days=days)},
                "task": {"due_on": day},
                "quote": {"issued_on": day, "valid_until": day},
                "product_record": {"recorded_on": day, "follow_up_on": day},
            }[kind]
            one = make_activity(
                user, company, kind, direction=direction, done_at=None,
                follows=first.reference if first else "", **own,
            )  # fmt: skip
            if state != "open":
                result = state if kind in {"event", "task"} else ""
                result = "declined" if kind == "quote" else result
                finish_activity(
                    context=acting(user), reference=one.reference, result=result
                )
            first = first or one
        now = NOW + timedelta(days=later)
        members = list(Activity.objects.all())
        expected = whose_move(members, now)
        found = {move for move in MOVES if running(user, now, move=move)}
        assert found == {expected}
        (row,) = list_running(actor_of(user), RunningFilters(), now=now).rows
        assert row.move(now) == expected


class TestSilence:
    """NOW is a Monday, 9 o'clock in UTC."""

    def test_is_told_in_working_days_beside_the_customers(self, maja) -> None:
        company = make_company(owner=maja)
        first = make_activity(maja, company, days_ago=14, direction="in")
        make_activity(maja, company, days_ago=7, follows=first.reference)
        (row,) = list_running(actor_of(maja), RunningFilters(), now=NOW).rows
        silence = silence_of(row, Limits(NOW, firm_limits(NOW)))
        assert (silence.days, silence.customer_days) == (5, 10)
        assert (silence.limit_days, silence.is_beyond) == (None, False)

    def test_beyond_the_firms_limit_for_what_it_ended_with(self, maja) -> None:
        manager = make_user(role=Role.MANAGER, scope=Scope.ALL)
        company = make_company(owner=maja)
        visit, _ = pair(maja, company, type="visit", days_ago=14)
        pair(maja, company, type="call", days_ago=14)
        pair(maja, company, type="visit", days_ago=3)
        assert firm_limits(NOW) == ()
        set_silence_limits(context=acting(manager), limits={"visit": 9})
        assert running(maja, beyond=firm_limits(NOW)) == [visit.reference]
        rows = list_running(actor_of(maja), RunningFilters(), now=NOW).rows
        assert [
            silence_of(row, Limits(NOW, firm_limits(NOW))).is_beyond for row in rows
        ].count(True) == 1
        set_silence_limits(context=acting(manager), limits={"visit": 10})
        assert running(maja, beyond=firm_limits(NOW)) == []

    def test_counts_from_the_first_note_while_nothing_happened(self, maja) -> None:
        company = make_company(owner=maja)
        due = (NOW + timedelta(days=20)).date()
        earlier = NOW - timedelta(days=7)
        first = make_activity(maja, company, "task", now=earlier, due_on=due)
        make_activity(maja, company, "task", follows=first.reference, due_on=due)
        (row,) = list_running(actor_of(maja), RunningFilters(), now=NOW).rows
        assert silence_of(row, Limits(NOW, firm_limits(NOW))).days == 5
        assert row.last_reference is None


class TestDesk:
    def test_each_list_is_as_long_as_its_number(self, maja) -> None:
        company = make_company(owner=maja)
        today = NOW.date()
        for days in (-3, -1, 0, 2, 7, 8, 13, 15):
            due = today + timedelta(days=days)
            make_activity(maja, company, "task", due_on=due, title=f"Naloga {days}")
        make_activity(maja, company, "quote", issued_on=today,
                      valid_until=today + timedelta(days=10))  # fmt: skip
        desk = get_desk(actor_of(maja), now=NOW)
        titles = [[r.title for r in p.rows] for p in (desk.late, desk.today)]
        assert titles == [["Naloga -3", "Naloga -1"], ["Naloga 0"]]
        assert [r.title for r in desk.coming.rows] == ["Naloga 2", "Naloga 7"]
        assert desk.quotes.count == 1
        for name, part in (
            ("late", desk.late),
            ("today", desk.today),
            ("week", desk.coming),
        ):
            filters = due_filters(name, maja.pk, NOW)
            found = count_activities(actor_of(maja), filters, now=NOW)
            assert found == part.count == len(part.rows)

    def test_a_desk_of_very_much_counts_what_it_does_not_read(self, maja, monkeypatch):
        monkeypatch.setattr("veriga.work.queries.desk.READ", 4)
        company = make_company(owner=maja)
        today = NOW.date()
        for days in (-3, -2, -2, -1, -1, 0, 0, 3, 3, 3):
            due = today + timedelta(days=days)
            make_activity(maja, company, "task", due_on=due)
        desk = get_desk(actor_of(maja), now=NOW)
        assert (desk.late.count, desk.today.count, desk.coming.count) == (5, 2, 3)
        assert [len(p.rows) for p in (desk.late, desk.today, desk.coming)] == [5, 2, 3]

    def test_everybodys_desk_holds_what_one_sees(self, maja) -> None:
        rok = make_user(name="Rok")
        manager = make_user(role=Role.MANAGER, scope=Scope.ALL)
        for user in (maja, rok):
            due = NOW.date() - timedelta(days=1)
            make_activity(user, make_company(owner=user), "task", due_on=due)
        assert get_desk(actor_of(maja), now=NOW).late.count == 1
        assert get_desk(actor_of(maja), now=NOW, everybody=True).late.count == 1
        assert get_desk(actor_of(manager), now=NOW).late.count == 0
        assert get_desk(actor_of(manager), now=NOW, everybody=True).late.count == 2

    def test_replies_are_the_newest_contact_of_the_customer(self, maja) -> None:
        company = make_company(owner=maja)
        answered, _ = pair(maja, company, direction="in", days_ago=2)
        pair(maja, company, direction="out", days_ago=2)
        pair(maja, company, direction="in", days_ago=20)
        desk = get_desk(actor_of(maja), now=NOW)
        assert [c.origin_reference for c in desk.replied] == [answered.reference]
        assert (desk.replied_count, desk.chain_count) == (1, 3)

    def test_what_colleagues_linked_to_my_work(self, maja) -> None:
        rok = make_user(name="Rok", scope=Scope.ALL)
        company = make_company(owner=maja)
        mine = make_activity(maja, company)
        theirs = make_activity(rok, company, title="Rokov klic")
        own = make_activity(maja, company)
        for context, one in ((acting(rok), theirs), (acting(maja), own)):
            link_activities(
                context=context, follow_up=one.reference, stimulus=mine.reference
            )
        (linked,) = get_desk(actor_of(maja), now=NOW).linked
        assert (linked.title, linked.made_by_name) == ("Rokov klic", "Rok")
        assert linked.stimulus_reference == mine.reference
        later = NOW + timedelta(days=8)
        assert get_desk(actor_of(maja), now=later).linked == []
        update_company(context=acting(make_user(role=Role.MANAGER, scope=Scope.ALL)),
                       company_id=company.pk, account_owner_id=rok.pk)  # fmt: skip
        assert get_desk(actor_of(maja), now=NOW).linked == []

    def test_what_is_linked_meanwhile_comes_and_what_is_no_longer_so_goes(
        self, maja
    ) -> None:
        """A week's links are looked through now and then, fresh ones each time."""
        rok = make_user(name="Rok", scope=Scope.ALL)
        company = make_company(owner=maja)
        mine, other = (make_activity(maja, company) for _ in range(2))

        def link(title: str, stimulus: Activity, at: datetime) -> Any:
            theirs = make_activity(rok, company, title=title)
            return link_activities(
                context=acting(rok, at),
                follow_up=theirs.reference,
                stimulus=stimulus.reference,
            )

        def titles(at: datetime) -> list[str]:
            return [one.title for one in get_desk(actor_of(maja), now=at).linked]

        minute = timedelta(minutes=1)
        first = link("Prvi", mine, NOW)
        assert titles(NOW + minute) == ["Prvi"]
        link("Drugi", other, NOW + 2 * minute)
        assert titles(NOW + 3 * minute) == ["Drugi", "Prvi"]
        undo_change(context=acting(rok, NOW + 4 * minute), change_id=first.change.pk)
        assert titles(NOW + 4 * minute) == ["Drugi"]
        update_activity(
            context=acting(maja), reference=other.reference, changes={"owner": rok.pk}
        )
        assert titles(NOW + 5 * minute) == []
        assert titles(NOW + 20 * minute) == []
        update_activity(
            context=acting(rok), reference=other.reference, changes={"owner": maja.pk}
        )
        assert titles(NOW + 40 * minute) == ["Drugi"]
        assert titles(NOW - minute) == ["Drugi"]  # a clock that was set back

    def test_loose_only_where_there_is_a_chain_to_join(self, maja) -> None:
        company = make_company(owner=maja)
        pair(maja, company)
        loose = make_activity(maja, company, days_ago=3)
        make_activity(maja, company, days_ago=40)
        make_activity(maja, make_company(owner=maja), days_ago=3)
        desk = get_desk(actor_of(maja), now=NOW)
        assert [r.reference for r in desk.loose.rows] == [loose.reference]
        page = list_activities(actor_of(maja), loose_filters(maja.pk, NOW), now=NOW)
        assert [r.reference for r in page.rows] == [loose.reference]

    def test_colleagues_beside_are_named(self, maja) -> None:
        rok = make_user(name="Rok", scope=Scope.ALL)
        company = make_company(owner=maja)
        mine, _ = pair(maja, company, days_ago=5)
        pair(rok, company, days_ago=2)
        pair(rok, company, days_ago=4)
        pair(maja, company, days_ago=3)
        desk = get_desk(actor_of(maja), now=NOW)
        own = next(c for c in desk.chains if c.origin_reference == mine.reference)
        assert desk.beside[own.id] == [("Rok", 2)]

    def test_the_number_of_statements_does_not_grow(
        self, maja, django_assert_max_num_queries
    ) -> None:
        company = make_company(owner=maja)
        for days in range(12):
            pair(maja, company, direction="in", days_ago=days + 1)
            due = NOW.date() + timedelta(days=days - 4)
            make_activity(maja, company, "task", due_on=due)
        get_desk(actor_of(maja), now=NOW)
        with django_assert_max_num_queries(8):
            get_desk(actor_of(maja), now=NOW)
        forget_limits()  # once in ten seconds
        with django_assert_max_num_queries(9):
            get_desk(actor_of(maja), now=NOW)

    def test_a_desk_of_very_much_counts_in_one_statement(
        self, maja, monkeypatch, django_assert_max_num_queries
    ) -> None:
        monkeypatch.setattr("veriga.work.queries.desk.READ", 4)
        monkeypatch.setattr("veriga.work.queries.desk.SHOWN", 2)
        company = make_company(owner=maja)
        for days in range(12):
            pair(maja, company, direction="in", days_ago=days + 1)
            make_activity(maja, company, days_ago=days + 1)
            due = NOW.date() + timedelta(days=days - 4)
            make_activity(maja, company, "task", due_on=due)
        get_desk(actor_of(maja), now=NOW)
        with django_assert_max_num_queries(12):
            desk = get_desk(actor_of(maja), now=NOW)
        assert (desk.late.count, desk.today.count, desk.loose.count) == (4, 1, 24)
        assert (desk.chain_count, desk.replied_count) == (12, 12)


def test_due_days_are_inclusive(maja) -> None:
    company = make_company(owner=maja)
    for days in range(5):
        due = NOW.date() + timedelta(days=days)
        make_activity(maja, company, "task", due_on=due, title=str(days))
    filters = ActivityFilters(
        due_from=NOW.date() + timedelta(days=1),
        due_to=NOW.date() + timedelta(days=3),
        order="due",
    )
    page = list_activities(actor_of(maja), filters, now=NOW)
    assert [row.title for row in page.rows] == ["1", "2", "3"]
