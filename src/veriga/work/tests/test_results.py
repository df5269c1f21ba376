"""All that words find: the same as the palette, in its order, every page of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.services import add_entry, delete_activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.catalogue.tests.factories import make_product
from veriga.common.errors import Invalid
from veriga.parties.models import Company, CompanyKind
from veriga.parties.queries import can_see
from veriga.parties.tests.factories import make_company, make_contact, make_share
from veriga.work.queries import counting
from veriga.work.queries.results import KINDS, Results, list_further, list_results

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team())


@pytest.fixture
def alpina(maja: User) -> Company:
    return make_company("Alpina", owner=maja)


@pytest.fixture(params=["looked up", "walked"])
def way(request: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to a page: by looking words up, and by walking down the newest."""
    if request.param == "walked":
        monkeypatch.setattr(counting, "LOOKED_UP", -1)
        monkeypatch.setattr(counting, "SHARE", 0)
    return str(request.param)


def found(user: User, q: str, **more: Any) -> Results:
    return list_results(actor_of(user), q, now=NOW, **more)


def pages(user: User, q: str, limit: int, kind: str = "") -> list[list[int]]:
    """Return the ids of the activities of all pages."""
    cursor, rows = None, []
    while True:
        page = found(user, q, kind=kind, limit=limit, cursor=cursor)
        if cursor is not None:  # the same without counting
            further = list_further(
                actor_of(user), q, now=NOW, kind=kind, limit=limit, cursor=cursor
            )
            assert replace(page, counts={}, at_least=frozenset()) == further
        rows.append([row.id for row in page.activities])
        cursor = page.next
        if cursor is None:
            return rows


class TestPages:
    def test_own_ones_then_the_newest_each_once(
        self, maja: User, alpina: Company, way: str
    ) -> None:
        ana = make_user(team=maja.team)
        theirs = [
            make_activity(ana, alpina, days_ago=n, title="Meritve") for n in range(7)
        ]
        own = [
            make_activity(maja, alpina, days_ago=n + 30, title="Meritve")
            for n in range(5)
        ]
        make_activity(maja, alpina, title="Drugo")
        wanted = [one.pk for one in (*own, *theirs)]
        for limit in (1, 4, 5, 6, 50):
            parts = pages(maja, "meritev", limit)
            assert [pk for part in parts for pk in part] == wanted
            assert all(len(part) == limit for part in parts[:-1])

    @pytest.mark.parametrize("scope", list(Scope))
    @pytest.mark.parametrize("may_see_persons", [False, True])
    def test_nothing_that_is_not_visible(
        self, maja: User, way: str, scope: Scope, may_see_persons: bool
    ) -> None:
        stranger = make_user(team=make_team())
        boss = make_user(role=Role.ADMINISTRATOR, may_see_persons=True)
        user = make_user(
            scope=scope, team=maja.team, may_see_persons=may_see_persons,
            role=Role.MANAGER,
        )  # fmt: skip
        shared = make_company(owner=stranger)
        make_share(shared, user)
        seen = set()
        for kind in (CompanyKind.LEGAL_ENTITY, CompanyKind.NATURAL_PERSON):
            for company in (
                make_company(owner=user, kind=kind),
                make_company(owner=maja, kind=kind),
                make_company(owner=stranger, kind=kind),
                shared,
            ):
                one = make_activity(boss, company, title="Meritve", days_ago=1)
                if can_see(user, company):
                    seen.add(one.pk)
        assert seen
        page = found(user, "meritve")
        assert {row.id for row in page.activities} == seen
        assert page.count("event") == len(seen)
        assert {pk for part in pages(user, "meritve", 2) for pk in part} == seen

    def test_one_kind(self, maja: User, alpina: Company, way: str) -> None:
        visit = make_activity(maja, alpina, title="Meritve")
        task = make_activity(maja, alpina, "task", title="Meritve")
        assert pages(maja, "meritve", 1, "task") == [[task.pk]]
        assert pages(maja, "meritve", 1, "event") == [[visit.pk]]
        assert pages(maja, "meritve", 1, "quote") == [[]]
        page = found(maja, "meritve", kind="task")
        assert (page.count("event"), page.count("task"), page.count()) == (1, 1, 2)

    def test_deleted_ones_are_gone(self, maja: User, alpina: Company, way: str) -> None:
        one = make_activity(maja, alpina, title="Meritve")
        make_activity(maja, alpina, title="Meritve")
        delete_activity(context=acting(maja), reference=str(one.reference))
        page = found(maja, "meritve")
        assert len(page.activities) == page.count() == 1

    def test_old_numbers(self, maja: User, alpina: Company, way: str) -> None:
        one = make_activity(maja, alpina)
        Activity.objects.filter(pk=one.pk).update(source_reference="PON-17")
        page = found(maja, "pon-17")
        assert ([row.id for row in page.activities], page.count()) == ([one.pk], 1)
        stranger = make_user(team=make_team())
        assert found(stranger, "pon-17").count() == 0

    @pytest.mark.parametrize("kind", ["", "company", "contact", "product", "gathering"])
    def test_a_cursor_of_elsewhere_is_refused(
        self, maja: User, alpina: Company, way: str, kind: str
    ) -> None:
        for n in range(3):
            company = make_company(f"Meritve {n}", owner=maja)
            make_contact(company, last_name="Meritve")
            make_activity(maja, company, title="Meritve")
            make_product(f"Meritve {n}")
        other = found(
            maja, "meritve", kind="company" if kind != "company" else "", limit=1
        )
        for cursor in (
            *("x", "000x", "000.x", other.next, "010.WyJmb3VuZCIsMSwyLDNd", "110"),
            *("110.", "010999999999999999999.WyJmb3VuZCIsMSwyLDNd"),
        ):
            if kind != "gathering":
                for ask in (list_results, list_further):
                    with pytest.raises(Invalid, match="bad_cursor"):
                        ask(
                            actor_of(maja), "meritve", now=NOW, kind=kind, cursor=cursor
                        )


class TestNames:
    def test_first_those_that_begin_so_then_own_ones(self, maja: User) -> None:
        ana = make_user(team=maja.team)
        for name, owner in (
            ("Nova Alpina", ana), ("Stara Alpina", maja), ("Alpina Z", ana),
            ("Alpina A", ana),
        ):  # fmt: skip
            make_contact(make_company(name, owner=owner), last_name=name)
        wanted = ["Alpina A", "Alpina Z", "Stara Alpina", "Nova Alpina"]
        for kind in ("company", "contact"):
            names, cursor = [], None
            for _ in range(4):
                page = found(maja, "alpine", kind=kind, limit=1, cursor=cursor)
                (one,) = page.names[kind]
                names.append(one.name if kind == "company" else one.last_name)
                cursor = page.next
            assert cursor is None
            # Of the stem they begin all alike, hence by the typed word itself.
            assert sorted(names) == sorted(wanted)
        assert [c.name for c in found(maja, "alpina").names["company"]] == wanted

    def test_a_few_of_each_before_the_activities(self, maja: User) -> None:
        for n in range(7):
            company = make_company(f"Alpina {n}", owner=maja)
            make_product(f"Alpina {n}")
            make_activity(maja, company)
        page = found(maja, "alpina", limit=2)
        assert [len(some) for some in page.names.values()] == [5, 5]
        assert (
            page.count("company") == page.count("product") == page.count("event") == 7
        )
        following = found(maja, "alpina", limit=2, cursor=page.next)
        assert (following.names, len(following.activities)) == ({}, 2)

    def test_products_by_code(self, maja: User) -> None:
        one = make_product("Pakirni stroj", code="PS-120")
        for q in ("ps-120", "PS120", "stroja", "pakirni str", "storj"):
            assert found(maja, q).names == {"product": [one]}


class TestNumbers:
    def test_a_reference_finds_its_activity_and_chain(
        self, maja: User, alpina: Company
    ) -> None:
        first = make_activity(maja, alpina, days_ago=3, title="Začetek")
        one = make_activity(
            maja, alpina, follows=str(first.reference), title=f"{first.reference}"
        )
        page = found(maja, str(one.reference).lower())
        assert [row.id for row in page.exact] == [one.pk]
        (chain,) = page.chains
        assert (chain.origin_reference, chain.size) == (first.reference, 2)
        assert (page.activities, page.names, page.count()) == ((), {}, 1)
        loose = make_activity(maja, alpina)
        assert not found(maja, str(loose.reference)).chains
        stranger = make_user(team=make_team())
        assert found(stranger, str(one.reference)) == Results(exact=[], chains=[])


class TestTexts:
    def test_the_place_and_nothing_confidential(self, alpina: Company) -> None:
        boss = make_user(role=Role.ADMINISTRATOR, may_see_confidential=True)
        one = make_activity(boss, alpina, title="Meritve", text="Vzorec betona je tu")
        add_entry(
            context=acting(boss), reference=str(one.reference),
            text="Beton Zlatorog", confidential=True,
        )  # fmt: skip
        page = found(boss, "betona")
        parts = page.excerpts[one.pk].parts
        assert parts == (("Vzorec ", False), ("betona", True), (" je tu", False))
        assert found(boss, "zlatorog").count() == 0

    def test_every_row_of_a_long_page_has_its_place(self, maja, alpina) -> None:
        for n in range(70):
            make_activity(maja, alpina, text=f"Zapis {n} o betonu")
        page = found(maja, "beton", limit=70)
        assert len(page.excerpts) == 70


@pytest.mark.parametrize(
    "q",
    [
        *("\x00", "%", "_", "'", "😀", "ž" * 500, "\ud800", "²½ ﬀ", "नमस्ते", "İı"),
        *("a'b:*|&!(", '"or" AND NOT', "near(a b)", "+386", "- - -", "a" * 300, ""),
    ],
)
def test_any_text_may_be_typed(maja: User, alpina: Company, way: str, q: str) -> None:
    make_activity(maja, alpina)
    for kind in ("", *KINDS):
        assert not found(maja, q, kind=kind).exact


def test_a_slip_is_assumed_on_further_pages_too(
    maja: User, alpina: Company, way: str
) -> None:
    made = [make_activity(maja, alpina, title="Meritve", days_ago=n) for n in range(5)]
    assert pages(maja, "mertive", 2) == [
        [one.pk for one in made[n : n + 2]] for n in (0, 2, 4)
    ]


def test_statements(
    maja: User, way: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    # A slip, all nouns, texts, and somebody who does not see everything.
    company = make_company("Alpina", owner=maja)
    make_contact(company, last_name="Alpina")
    make_product("Alpina")
    make_activity(maja, company, title="Alpina", text="O Alpini 12")
    for q in ("alpnia", "alpina", "alpina 12", "D-26-1", "nič takega"):
        with django_assert_max_num_queries(12):
            found(maja, q)
