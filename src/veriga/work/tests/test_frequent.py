"""Frequent words: counted no further than need be, and nothing said that is not so."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.services import delete_activity, undo_change
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.models import Company, CompanyKind
from veriga.parties.tests.factories import make_company
from veriga.work.models import ActivityWords, FrequentWord
from veriga.work.queries import counting, frequent, newest, paging
from veriga.work.queries.results import Results, list_results
from veriga.work.queries.search import search
from veriga.work.queries.texts import find_differences
from veriga.work.services import indexing
from veriga.work.services.companies import update_company
from veriga.work.services.indexing import count_words, prepare_search

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take three activities of a kind for many."""
    monkeypatch.setattr(indexing, "COUNTED_FROM", 2)
    monkeypatch.setattr(counting, "LOOKED_UP", 2)
    monkeypatch.setattr(counting, "COUNT_LIMIT", 4)
    monkeypatch.setattr(counting, "MARGIN", 0)
    monkeypatch.setattr(counting, "COUNTED", 3)


@pytest.fixture
def boss() -> User:
    return make_user("Ana", role=Role.ADMINISTRATOR, may_see_persons=True)


@pytest.fixture
def alpina(boss: User) -> Company:
    return make_company("Alpina", owner=boss)


def make(user: User, company: Company, number: int, title: str, **more: Any) -> None:
    more = {"days_ago": 1, **more}
    days = more.pop("days_ago")
    for n in range(number):
        make_activity(user, company, title=title, days_ago=days + n, **more)


def found(user: User, q: str, **more: Any) -> Results:
    return list_results(actor_of(user), q, now=NOW, **more)


def listed(user: User, q: str, limit: int) -> list[int]:
    """Return the ids of the activities of all pages."""
    cursor, ids = None, []
    while True:
        page = found(user, q, limit=limit, cursor=cursor)
        ids += [row.id for row in page.activities]
        cursor = page.next
        if cursor is None:
            return ids


def counts() -> dict[str, int]:
    return dict(FrequentWord.objects.values_list("word", "activities"))


class TestCounting:
    def test_each_kind_apart_and_persons_apart(
        self, boss: User, alpina: Company
    ) -> None:
        person = make_company("Novak", owner=boss, kind=CompanyKind.NATURAL_PERSON)
        make(boss, alpina, 3, "Meritve")
        make(boss, person, 2, "Meritve")
        make_activity(boss, alpina, "task", title="Meritve")
        count_words()
        assert counts() == {"ealpin": 3, "emeritv": 3, "fmeritv": 2, "fnovak": 2} | {
            word: number for word, number in counts().items() if word not in STEMS
        }
        assert {word[0] for word in counts()} == {"e", "f"}

    def test_of_a_kind_that_has_more_only_that(
        self, boss: User, alpina: Company
    ) -> None:
        make(boss, alpina, 6, "Meritve")
        make_activity(boss, alpina, "task", title="Meritve")
        count_words()
        page = found(boss, "meritev")
        assert (page.count("event"), page.count("task")) == (5, 1)  # more than four
        assert not page.is_at_least("event")
        assert len(listed(boss, "meritve", 2)) == 7

    def test_nothing_is_known_of_what_somebody_does_not_see(
        self, boss: User, alpina: Company
    ) -> None:
        seller = make_user("Miha", team=make_team(), scope=Scope.OWN)
        own = make_company("Beta", owner=seller)
        make(boss, alpina, 6, "Meritve")
        make_activity(seller, own, title="Meritve")
        count_words()
        page = found(seller, "meritve")
        assert (page.count("event"), page.is_at_least()) == (1, False)
        assert len(page.activities) == 1

    def test_persons_are_not_known_of_without_the_right(
        self, boss: User, alpina: Company
    ) -> None:
        other = make_user("Eva", role=Role.MANAGER, scope=Scope.ALL)
        person = make_company("Novak", owner=boss, kind=CompanyKind.NATURAL_PERSON)
        make(boss, person, 6, "Meritve")
        make_activity(boss, alpina, title="Meritve")
        count_words()
        assert found(other, "meritve").count("event") == 1
        assert found(other, "novak").count() == 0
        assert found(boss, "meritve").count("event") == 5

    def test_words_together_are_at_least_so_many(
        self, boss: User, alpina: Company
    ) -> None:
        make(boss, alpina, 6, "Meritve linije")
        count_words()
        page = found(boss, "meritve linija")
        assert (page.count("event"), page.is_at_least("event")) == (3, True)
        assert page.is_at_least()
        assert len(listed(boss, "meritve linija", 2)) == 6

    def test_words_that_never_meet_are_none(self, boss: User, alpina: Company) -> None:
        make(boss, alpina, 3, "Meritve")
        make(boss, alpina, 3, "Linija", days_ago=9)
        count_words()
        page = found(boss, "meritve linija")
        assert (page.count(), page.is_at_least(), page.activities) == (0, False, ())

    def test_somebody_who_sees_a_part_is_told_at_least(self, boss: User) -> None:
        seller = make_user("Miha", team=make_team(), scope=Scope.OWN)
        own = make_company("Beta", owner=seller)
        make(seller, own, 6, "Meritve")
        count_words()
        page = found(seller, "meritve")
        assert (page.count("event"), page.is_at_least("event")) == (3, True)
        assert len(listed(seller, "meritve", 4)) == 6


STEMS = {"ealpin", "emeritv", "fmeritv", "fnovak"}


class TestPages:
    @pytest.mark.parametrize("walked", [1, 2, 3, 50])
    def test_what_is_not_among_the_newest_comes_all_the_same(
        self, boss: User, alpina: Company, walked: int, monkeypatch: Any
    ) -> None:
        ana = make_user("Eva", role=Role.ADMINISTRATOR)
        make(ana, alpina, 4, "Drugo")
        make(ana, alpina, 5, "Meritve", days_ago=20)
        make(ana, alpina, 4, "Drugo", days_ago=30)
        make(ana, alpina, 2, "Meritve", days_ago=50)
        count_words()
        monkeypatch.setattr(counting, "SHARE", 0)
        monkeypatch.setattr(paging, "WALKED", walked)
        wanted = Activity.objects.filter(title="Meritve").order_by("-date")
        for limit in (1, 3, 50):
            assert listed(boss, "meritve", limit) == [one.pk for one in wanted]

    def test_the_newest_of_ones_own_come_first(
        self, boss: User, alpina: Company, monkeypatch: Any
    ) -> None:
        ana = make_user("Eva", role=Role.ADMINISTRATOR)
        for day in range(1, 13):
            make_activity(
                boss if day % 2 else ana, alpina, title="Meritve", days_ago=day
            )
        count_words()
        monkeypatch.setattr(paging, "OWN_WALKED", 2)
        rows = list(Activity.objects.order_by("-date").values_list("pk", "owner_id"))
        first = [pk for pk, owner in rows if owner == boss.pk][:2]
        wanted = first + [pk for pk, _ in rows if pk not in first]
        for limit in (1, 2, 5, 50):
            assert listed(boss, "meritve", limit) == wanted


class TestInStep:
    def test_deleting_forgets_the_words(self, boss: User, alpina: Company) -> None:
        one = make_activity(boss, alpina, title="Meritve")
        changed = delete_activity(context=acting(boss), reference=str(one.reference))
        assert not ActivityWords.objects.exists()
        assert list(find_differences()) == []
        undo_change(context=acting(boss), change_id=changed.change.pk)
        assert ActivityWords.objects.filter(pk=one.pk).exists()
        assert list(find_differences()) == []

    def test_a_company_that_becomes_a_person(self, boss: User, alpina: Company) -> None:
        make_activity(boss, alpina, title="Meritve")
        other = make_user("Eva", role=Role.MANAGER, scope=Scope.ALL)
        assert found(other, "meritve").count("event") == 1
        update_company(
            context=acting(boss),
            company_id=alpina.pk,
            kind=CompanyKind.NATURAL_PERSON,
        )
        assert list(find_differences()) == []
        assert found(other, "meritve").count("event") == 0
        assert found(boss, "meritve").count("event") == 1

    def test_an_upgrade_makes_words_with_marks(
        self, boss: User, alpina: Company
    ) -> None:
        make_activity(boss, alpina, title="Meritve")
        ActivityWords.objects.update(words=" alpin meritv ")
        migration = import_module("veriga.work.migrations.0006_words_with_marks")
        for _ in range(2):
            migration.forget(None, SimpleNamespace(connection=connection))
        prepare_search()
        assert list(find_differences()) == []
        assert found(boss, "meritve").count("event") == 1


class TestThePalette:
    """It reads the few that hold a rare word for the frequent ones beside it."""

    @pytest.fixture
    def looked_up(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Return what is looked up of activities, each time."""
        monkeypatch.setattr(frequent, "MANY", 5)
        monkeypatch.setattr(indexing, "COUNTED_FROM", 5)
        monkeypatch.setattr(newest, "ENOUGH", 1_000)  # nothing is met often enough
        asked: list[str] = []
        looked_up = newest._looked_up

        def spy(*shape: Any, **given: Any) -> Any:
            asked.append(given["marked"])
            return looked_up(*shape, **given)

        monkeypatch.setattr(newest, "_looked_up", spy)
        return asked

    @pytest.mark.parametrize(
        ("typed", "begins"),
        [("alpina meritev", False), ("MERIT alpin", True), ("alpina merit", False)],
    )
    def test_finds_what_holds_all_words(
        self,
        boss: User,
        alpina: Company,
        looked_up: list[str],
        typed: str,
        begins: bool,
    ) -> None:
        make(boss, alpina, 2, "Meritev linije")
        make(boss, alpina, 1, "Obisk")
        make(boss, make_company("Borovnica", owner=boss), 5, "Meritev stroja")
        make(boss, make_company("Meritev", owner=boss), 1, "Alpinizem", kind="task")
        count_words()
        some = search(actor_of(boss), typed, now=NOW)
        rows = [(row.company_name, row.title) for row in some.activities]
        others = [("Meritev", "Alpinizem")] if begins else []
        assert rows == [("Alpina", "Meritev linije")] * 2 + others
        assert len(looked_up) == 1
        assert "alpin" in looked_up[0]
        assert "meri" not in looked_up[0]

    def test_looks_all_words_up_if_none_is_rare(
        self, boss: User, alpina: Company, looked_up: list[str]
    ) -> None:
        make(boss, alpina, 6, "Meritev linije")
        count_words()
        some = search(actor_of(boss), "meritev linije", now=NOW)
        assert len(some.activities) == 5
        assert "linij" in looked_up[0]
        assert "merit" in looked_up[0]
