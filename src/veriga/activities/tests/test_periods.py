"""What is in a period: by date, by open deadline, of whom, for whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from veriga.access.queries import actor_of, colleague_names
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.queries.periods import PeriodFilters, list_in_period
from veriga.activities.tests.factories import make_activity
from veriga.common.errors import Invalid
from veriga.parties.tests.factories import make_company

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def maja() -> Any:
    return make_user(name="Maja", team=make_team())


@pytest.fixture
def rok(maja) -> Any:
    return make_user(name="Rok", team=maja.team)


@pytest.fixture
def alpina(maja) -> Any:
    return make_company(owner=maja)


def listed(user: Any, cursor: str | None = None, **filters: Any) -> list[str]:
    given = PeriodFilters(**filters)
    page = list_in_period(actor_of(user), given, now=NOW, limit=50, cursor=cursor)
    return [row.reference for row in page.rows]


def task(user: Any, company: Any, begun: int, due: date | None, **fields: Any) -> Any:
    own = {"starts_on": TODAY - begun * DAY, "due_on": due}
    return make_activity(user, company, "task", **own, **fields)


class TestThePeriod:
    def test_holds_what_is_dated_in_it_newest_first(self, maja, alpina) -> None:
        made = [make_activity(maja, alpina, days_ago=n) for n in (9, 3, 2, 0)]
        found = listed(maja, since=TODAY - 3 * DAY, until=TODAY - DAY)
        assert found == [made[2].reference, made[1].reference]

    def test_holds_what_is_open_and_due_in_it_once(self, maja, alpina) -> None:
        due = task(maja, alpina, 20, TODAY + 2 * DAY)
        both = task(maja, alpina, 0, TODAY)
        task(maja, alpina, 20, TODAY + 9 * DAY)
        assert listed(maja, since=TODAY, until=TODAY + 2 * DAY) == [
            both.reference,
            due.reference,
        ]

    def test_a_deadline_belongs_to_its_own_day_only(self, maja, alpina) -> None:
        due = task(maja, alpina, 20, TODAY + DAY)
        day = TODAY + DAY
        assert listed(maja, since=day, until=day) == [due.reference]
        for other in (TODAY, TODAY + 2 * DAY):
            assert listed(maja, since=other, until=other) == []

    def test_without_an_end_reaches_as_far_as_there_is(self, maja, alpina) -> None:
        old = make_activity(maja, alpina, days_ago=400)
        due = task(maja, alpina, 500, TODAY + 400 * DAY)
        assert listed(maja, until=TODAY) == [old.reference, due.reference]
        assert listed(maja, since=TODAY) == [due.reference]
        assert listed(maja) == [old.reference, due.reference]

    def test_pages_go_on_where_the_last_ended(self, maja, alpina) -> None:
        for n in range(7):
            make_activity(maja, alpina, days_ago=n)
        for n in range(5):
            task(maja, alpina, 30 + n, TODAY)
        filters = PeriodFilters(since=TODAY - 30 * DAY, until=TODAY)
        whole = list_in_period(actor_of(maja), filters, now=NOW, limit=50).rows
        found, cursor = [], None
        while True:
            page = list_in_period(
                actor_of(maja), filters, now=NOW, limit=5, cursor=cursor
            )
            found += page.rows
            if (cursor := page.next) is None:
                break
        assert [row.pk for row in found] == [row.pk for row in whole]
        assert len(found) == 12

    def test_a_foreign_cursor_is_refused(self, maja) -> None:
        with pytest.raises(Invalid):
            listed(maja, cursor="x")


class TestOfWhom:
    def test_of_some_colleagues_or_of_a_company(self, maja, rok, alpina) -> None:
        other = make_company(owner=maja)
        own = make_activity(maja, alpina, days_ago=3)
        his = make_activity(rok, other, days_ago=2)
        make_activity(make_user(team=maja.team), alpina, days_ago=1)
        assert listed(maja, owner_ids=(maja.pk,)) == [own.reference]
        both = listed(maja, owner_ids=(rok.pk, maja.pk), since=TODAY - 5 * DAY)
        assert both == [his.reference, own.reference]
        assert listed(maja, company_id=other.pk) == [his.reference]

    @pytest.mark.parametrize(
        ("state", "number"), [("open", 2), ("overdue", 1), ("done", 1), ("", 3)]
    )
    def test_of_a_kind_or_in_a_state(self, maja, alpina, state, number) -> None:
        make_activity(maja, alpina, days_ago=1)
        task(maja, alpina, 9, TODAY - DAY)
        task(maja, alpina, 9, TODAY + DAY)
        assert len(listed(maja, state=state)) == number
        assert len(listed(maja, kind="task", state="open", owner_ids=(maja.pk,))) == 2

    @pytest.mark.parametrize("scope", [Scope.OWN, Scope.TEAM])
    def test_hides_what_a_colleague_does_elsewhere(self, scope, maja, alpina) -> None:
        rok = make_user(team=maja.team, scope=scope)
        other = make_user(team=make_team())
        hidden = make_activity(other, make_company(owner=other), days_ago=0)
        Activity.objects.filter(pk=hidden.pk).update(owner=rok)
        own = make_activity(rok, make_company(owner=rok), days_ago=1)
        assert listed(rok, owner_ids=(rok.pk,)) == [own.reference]
        assert hidden.reference not in listed(rok, since=TODAY - DAY)
        assert listed(make_user(scope=Scope.ALL), owner_ids=(rok.pk,)) == [
            hidden.reference,
            own.reference,
        ]


class TestColleaguesThatMayBeChosen:
    def test_are_those_of_the_own_team_or_all(self, maja, rok) -> None:
        other = make_user(name="Drugi", team=make_team())
        make_user(name="Nekdanji", team=maja.team, is_active=False)
        assert colleague_names(actor_of(maja)) == [(maja.pk, "Maja"), (rok.pk, "Rok")]
        reader = make_user(name="Bralka", role=Role.READER, scope=Scope.OWN)
        assert colleague_names(actor_of(reader)) == [(reader.pk, "Bralka")]
        chief = make_user(name="Ana", scope=Scope.ALL)
        found = [pk for pk, _name in colleague_names(actor_of(chief))]
        assert found == [chief.pk, reader.pk, other.pk, maja.pk, rok.pk]
