"""What the relations page says of a company: chains, whose move, open work."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.services import close_sale
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import NotFound
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company, make_contact
from veriga.work.queries.relations import (
    Relations,
    get_relations,
    get_selected,
    list_company_chains,
)

pytestmark = pytest.mark.django_db

LINES = [{"text": "Linija", "quantity": Decimal(1), "unit_price": Decimal(48200)}]


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team())


@pytest.fixture
def alpina(maja: User) -> Company:
    return make_company("Alpina", owner=maja)


def head(maja: User, company: Company, **options: Any) -> Relations:
    return get_relations(actor_of(maja), company.pk, now=NOW, **options)


class TestTheChainOnShow:
    def test_is_the_newest_open_one_of_several_activities(
        self, maja: User, alpina: Company
    ) -> None:
        old = make_activity(maja, alpina, days_ago=40)
        make_activity(maja, alpina, days_ago=39, follows=old.reference)
        won = make_activity(maja, alpina, days_ago=20)
        make_activity(maja, alpina, days_ago=19, follows=won.reference)
        close_sale(context=acting(maja), reference=str(won.reference), outcome="won")
        make_activity(maja, alpina, days_ago=1)
        found = head(maja, alpina)
        assert found.chain is not None
        assert found.chain.summary.origin_reference == old.reference
        assert [c.origin_reference for c in found.chains] == [old.reference]
        assert found.counts.chains == 3
        assert found.counts.activities == 5

    def test_is_a_loose_activity_where_there_is_nothing_longer(
        self, maja: User, alpina: Company
    ) -> None:
        one = make_activity(maja, alpina, days_ago=7)
        found = head(maja, alpina)
        assert found.chain is not None
        assert found.chain.summary.origin_reference == one.reference
        assert found.chain.working_days == 5

    def test_can_be_chosen_among_those_of_the_company(
        self, maja: User, alpina: Company
    ) -> None:
        loose = make_activity(maja, alpina, days_ago=50)
        first = make_activity(maja, alpina, days_ago=9)
        make_activity(maja, alpina, days_ago=8, follows=first.reference)
        elsewhere = make_activity(maja, make_company(owner=maja))
        for chosen, shown in (
            (loose, loose),
            (first, first),
            (elsewhere, first),
        ):
            found = head(maja, alpina, chain_of=str(chosen.reference))
            assert found.chain is not None
            assert found.chain.summary.origin_reference == shown.reference
        assert head(maja, alpina, chain_of="X-99-1").chain is not None

    def test_is_drawn_with_the_next_one_that_is_moving(
        self, maja: User, alpina: Company
    ) -> None:
        for days_ago in (200, 30, 10):
            first = make_activity(maja, alpina, days_ago=days_ago)
            make_activity(maja, alpina, days_ago=days_ago - 1, follows=first.reference)
        found = head(maja, alpina)
        assert len(found.chains) == 3
        assert [len(lane.rows) for lane in found.lanes] == [2, 2]
        assert [lane.summary.last_date for lane in found.lanes] == [
            NOW - timedelta(days=9),
            NOW - timedelta(days=29),
        ]

    def test_is_none_at_a_new_company(self, maja: User, alpina: Company) -> None:
        found = head(maja, alpina)
        assert (found.chain, found.lanes, found.chains) == (None, [], [])
        assert found.counts.activities == 0


class TestWhoseMove:
    def test_an_appointment_ahead_is_agreed(self, maja: User, alpina: Company) -> None:
        first = make_activity(maja, alpina, days_ago=5)
        later = make_activity(maja, alpina, days_ago=-9, follows=first.reference)
        sooner = make_activity(maja, alpina, days_ago=-2, follows=later.reference)
        found = head(maja, alpina).chain
        assert found is not None and found.because is not None
        assert (found.move, found.because.reference) == ("agreed", sooner.reference)

    def test_what_is_late_is_ours(self, maja: User, alpina: Company) -> None:
        past = NOW - timedelta(days=30)
        task = make_activity(
            maja, alpina, "task", now=past, due_on=(NOW - timedelta(days=5)).date()
        )
        make_activity(maja, alpina, days_ago=1, type="call", follows=task.reference)
        found = head(maja, alpina).chain
        assert found is not None and found.because is not None
        assert (found.move, found.because.reference) == ("ours", task.reference)

    @pytest.mark.parametrize(
        ("kind", "move"), [("call", "theirs"), ("call_in", "ours")]
    )
    def test_else_the_newest_contact_decides(
        self, maja: User, alpina: Company, kind: str, move: str
    ) -> None:
        make_activity(maja, alpina, days_ago=9, type="visit")
        newest = make_activity(maja, alpina, days_ago=2, type=kind)
        found = head(maja, alpina).chain
        assert found is not None and found.because is not None
        assert (found.move, found.because.reference) == (move, newest.reference)

    def test_without_any_contact_it_is_ours(self, maja: User, alpina: Company) -> None:
        make_activity(maja, alpina, "task")
        found = head(maja, alpina).chain
        assert found is not None
        assert (found.move, found.because) == ("ours", None)


def test_open_work_is_sorted_by_what_it_is(maja: User, alpina: Company) -> None:
    past = NOW - timedelta(days=30)

    def days(number: int) -> Any:
        return (NOW + timedelta(days=number)).date()

    older = make_activity(maja, alpina, "task", now=past, due_on=days(-9))
    newer = make_activity(maja, alpina, "task", now=past, due_on=days(-3))
    visit = make_activity(maja, alpina, days_ago=-4)
    quote = make_activity(maja, alpina, "quote", lines=LINES, valid_until=days(20))
    task = make_activity(maja, alpina, "task", due_on=days(3))
    make_activity(maja, alpina)
    work = head(maja, alpina).work
    assert [r.reference for r in work.late] == [older.reference, newer.reference]
    assert [r.reference for r in work.appointments] == [visit.reference]
    assert [r.reference for r in work.quotes] == [quote.reference]
    assert [r.reference for r in work.others] == [task.reference]


def test_chains_come_page_by_page(maja: User, alpina: Company) -> None:
    for day in range(5):
        make_activity(maja, alpina, days_ago=day + 1)
    actor = actor_of(maja)
    first = list_company_chains(actor, alpina.pk, limit=3)
    second = list_company_chains(actor, alpina.pk, limit=3, cursor=first.next)
    dates = [c.last_date for c in (*first.rows, *second.rows)]
    assert dates == sorted(dates, reverse=True)
    assert (len(dates), second.next) == (5, None)


class TestTheSelectedRow:
    def test_tells_neighbours_chain_and_contacts(
        self, maja: User, alpina: Company
    ) -> None:
        igor = make_contact(alpina)
        make_contact(alpina)
        first = make_activity(maja, alpina, days_ago=9)
        one = make_activity(
            maja, alpina, days_ago=5, follows=first.reference, contacts=[igor.pk]
        )
        last = make_activity(maja, alpina, "task", follows=one.reference)
        found = get_selected(actor_of(maja), str(one.reference), now=NOW)
        assert [r.reference for r in found.before] == [first.reference]
        assert [r.reference for r in found.after] == [last.reference]
        assert found.contacts == [igor]
        assert found.chain.size == 3

    def test_falls_back_to_the_contacts_of_the_company(
        self, maja: User, alpina: Company
    ) -> None:
        igor = make_contact(alpina)
        one = make_activity(maja, alpina)
        found = get_selected(actor_of(maja), str(one.reference), now=NOW)
        assert found.contacts == [igor]


def test_an_invisible_company_is_not_found(alpina: Company) -> None:
    stranger = actor_of(make_user(team=make_team()))
    with pytest.raises(NotFound):
        get_relations(stranger, alpina.pk, now=NOW)
    with pytest.raises(NotFound):
        list_company_chains(stranger, alpina.pk)
