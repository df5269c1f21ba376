"""The overview's queries: own work, the count, the columns beside companies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.queries.filters import ActivityFilters
from veriga.activities.queries.lists import count_activities
from veriga.activities.services import finish_activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.models import Company
from veriga.parties.queries import CompanyFilters, list_companies
from veriga.parties.tests.factories import make_company, make_own_firm, make_share
from veriga.setup.working import whole_working_days
from veriga.work.queries import overview
from veriga.work.queries.companies import list_company_rows
from veriga.work.queries.overview import get_overview, own_work
from veriga.work.queries.relations import reaches

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team())


@pytest.fixture
def alpina(maja: User) -> Company:
    return make_company("Alpina", owner=maja)


class TestOwnWork:
    def test_counts_what_waits_and_what_is_late(
        self, maja: User, alpina: Company
    ) -> None:
        past = NOW - timedelta(days=9)
        late = {"now": past, "due_on": (NOW - timedelta(days=2)).date()}
        make_activity(maja, alpina, "task", **late)
        make_activity(maja, alpina, "task")
        done = make_activity(maja, alpina, "task", **late)
        finish_activity(context=acting(maja), reference=str(done.reference))
        make_activity(make_user(team=maja.team), alpina, "task")
        work = own_work(actor_of(maja), now=NOW)
        assert set(work) == {"task"}
        assert (work["task"].number, work["task"].late) == (2, 1)

    def test_takes_one_statement(
        self, maja: User, alpina: Company, django_assert_num_queries: Any
    ) -> None:
        for _ in range(3):
            make_activity(maja, alpina, "task")
        with django_assert_num_queries(1):
            own_work(actor_of(maja), now=NOW)


class TestTheCount:
    def test_a_long_list_is_not_counted_again_at_once(
        self, maja: User, alpina: Company, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(overview, "COUNT_LIMIT", 3)
        monkeypatch.setattr(overview, "MARGIN", 1)
        overview._long.forget()
        counted = []
        count = overview.count_activities

        def counting(*args: Any, **named: Any) -> int:
            counted.append(args[1])
            return count(*args, **named)

        monkeypatch.setattr(overview, "count_activities", counting)
        actor, other = actor_of(maja), actor_of(make_user(team=maja.team))
        every, tasks = ActivityFilters(), ActivityFilters(kind="task")
        for _ in range(4):
            make_activity(maja, alpina)
        # At the margin it is counted each time: it may be short again soon.
        assert [overview.count_long(actor, every, NOW) for _ in range(2)] == [4, 4]
        make_activity(maja, alpina)
        assert all(overview.count_long(actor, every, NOW) > 3 for _ in range(3))
        assert counted == [every] * 3
        # Neither another's list nor another filter is taken for this one.
        assert overview.count_long(other, every, NOW) == 5
        assert overview.count_long(actor, tasks, NOW) == 0
        assert len(counted) == 5
        overview._long.forget()

    def test_stops_at_its_limit(self, maja: User, alpina: Company) -> None:
        for _ in range(6):
            make_activity(maja, alpina)
        actor = actor_of(maja)
        assert count_activities(actor, ActivityFilters(), now=NOW, limit=4) == 5
        assert count_activities(actor, ActivityFilters(), now=NOW) == 6

    @pytest.mark.parametrize("scope", list(Scope))
    def test_is_that_of_the_list_in_every_scope(
        self, maja: User, alpina: Company, scope: Scope
    ) -> None:
        rok = make_user("Rok", team=make_team(), scope=scope)
        shared = make_company(owner=maja)
        make_share(shared, rok)
        for company in (alpina, shared, make_own_firm(), make_company(owner=rok)):
            make_activity(make_user(role=Role.ADMINISTRATOR), company)
        actor = actor_of(rok)
        found = get_overview(actor, ActivityFilters(), now=NOW)
        counted = count_activities(actor, ActivityFilters(), now=NOW)
        assert found.count == len(found.page.rows) == counted
        assert counted == (4 if scope is Scope.ALL else 3)


class TestText:
    def test_every_word_may_be_in_title_or_company(
        self, maja: User, alpina: Company
    ) -> None:
        make_activity(maja, alpina, title="Zanima jih večja hitrost")
        make_activity(maja, make_company("Žito", owner=maja), title="Hitrost linije")
        actor = actor_of(maja)

        def number(q: str) -> int:
            return count_activities(actor, ActivityFilters(q=q), now=NOW)

        assert number("hitrost") == 2
        assert number("hitrost vecja") == 1
        assert number("alpina hitrost") == 1
        assert number("zito vecja") == 0
        assert number("D-26-00002") == 1
        assert number("26-0000") == 2


class TestRowsOfCompanies:
    def test_are_the_last_activity_and_the_open_chains(
        self, maja: User, alpina: Company, django_assert_num_queries: Any
    ) -> None:
        make_activity(maja, alpina, days_ago=5)
        last = make_activity(maja, alpina, days_ago=2)
        make_activity(maja, alpina, days_ago=-3)
        empty = make_company(owner=maja)
        actor = actor_of(maja)
        with django_assert_num_queries(1):
            page = list_company_rows(actor, CompanyFilters(), now=NOW)
        found = {row.id: (row.last_date, row.open_chains) for row in page.rows}
        assert found[alpina.pk] == (last.date, 3)
        assert found[empty.pk] == (None, 0)

    @pytest.mark.parametrize("order", ["name", "-name"])
    def test_are_those_of_the_companies(self, maja: User, order: str) -> None:
        for number in range(7):
            make_company(name=f"Alpina {number}", owner=maja)
        actor = actor_of(maja)
        wanted = list_companies(actor, CompanyFilters(), order=order).rows
        found, cursor = [], None
        while True:
            page = list_company_rows(
                actor, CompanyFilters(), now=NOW, order=order, limit=3, cursor=cursor
            )
            found += page.rows
            cursor = page.next
            if cursor is None:
                break
        assert [row.id for row in found] == [company.pk for company in wanted]
        assert {row.owner_name for row in found if not row.is_own} == {maja.name}


class TestReach:
    def test_is_by_scope_alone(self, maja: User, alpina: Company) -> None:
        stranger = make_user(team=make_team())
        make_share(alpina, stranger)
        colleague = make_user(team=maja.team)
        loner = make_user(team=maja.team, scope=Scope.OWN)
        assert reaches(maja, alpina)
        assert reaches(colleague, alpina)
        assert reaches(make_user(scope=Scope.ALL), alpina)
        assert not reaches(stranger, alpina)
        assert not reaches(loner, alpina)
        assert reaches(loner, make_own_firm())


def test_working_days_are_whole_and_never_negative() -> None:
    assert whole_working_days(NOW - timedelta(days=7), NOW) == 5
    assert whole_working_days(NOW - timedelta(hours=1), NOW) == 0
    assert whole_working_days(NOW + timedelta(days=7), NOW) == 0
