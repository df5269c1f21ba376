"""Lists of companies, pickers and duplicates."""

from __future__ import annotations

from typing import Any

import pytest

from veriga.access.queries import actor_of
from veriga.access.rules import Scope, system
from veriga.access.tests.factories import make_team, make_user
from veriga.common.errors import Invalid, NotFound
from veriga.parties.models import Company
from veriga.parties.queries import (
    CompanyFilters,
    count_companies,
    find_companies,
    get_company,
    list_companies,
    own_firm,
    similar_companies,
)

from .factories import make_company, make_own_firm

pytestmark = pytest.mark.django_db

ANYBODY = system("test")
ANY = CompanyFilters()


def names(companies: list[Company]) -> list[str]:
    return [company.name for company in companies]


class TestListCompanies:
    def test_they_come_in_slovenian_order(self) -> None:
        for name in ("Žito", "Zvezda", "Čebela", "Cvet", "čaj"):
            make_company(name)
        assert names(list_companies(ANYBODY, ANY).rows) == [
            "Cvet", "čaj", "Čebela", "Zvezda", "Žito",
        ]  # fmt: skip
        down = list_companies(ANYBODY, ANY, order="-name")
        assert names(down.rows)[0] == "Žito"

    @pytest.mark.parametrize("order", ["name", "-name"])
    @pytest.mark.parametrize("limit", [1, 2, 3, 7])
    def test_pages_hold_every_company_once(self, order: str, limit: int) -> None:
        for name in ("Alfa", "Alfa", "Alfa", "Beta", "Čao"):
            make_company(name)
        found: list[int] = []
        cursor = None
        while True:
            page = list_companies(ANYBODY, ANY, order=order, limit=limit, cursor=cursor)
            found += [company.pk for company in page.rows]
            cursor = page.next
            if cursor is None:
                break
        assert len(found) == len(set(found)) == 5

    def test_filters_narrow_it(self) -> None:
        owner = make_user()
        make_company("Alfa", owner=owner, status="active", country="DE")
        make_company("Beta", status="prospect", country="SI")
        for filters in (
            CompanyFilters(q="ALF"),
            CompanyFilters(status="active"),
            CompanyFilters(account_owner_id=owner.pk),
            CompanyFilters(country="DE"),
        ):
            assert names(list_companies(ANYBODY, filters).rows) == ["Alfa"]
        both = CompanyFilters(q="alfa", country="SI")
        assert list_companies(ANYBODY, both).rows == []

    @pytest.mark.parametrize(
        "filters",
        [
            CompanyFilters(status="\x00"),
            CompanyFilters(country="\ud800"),
            CompanyFilters(account_owner_id=10**30),
        ],
    )
    def test_what_nothing_can_be_finds_nothing(self, filters: CompanyFilters) -> None:
        make_company(owner=make_user())
        assert list_companies(ANYBODY, filters).rows == []
        assert count_companies(ANYBODY, filters, limit=5) == 0

    def test_they_are_counted_as_far_as_asked(self) -> None:
        for _ in range(4):
            make_company("Alfa")
        make_company("Beta")
        alfas = CompanyFilters(q="alfa")
        assert count_companies(ANYBODY, alfas, limit=9) == 4
        assert count_companies(ANYBODY, alfas, limit=2) == 3

    def test_one_statement_whatever_the_length(
        self, django_assert_num_queries: Any
    ) -> None:
        user = make_user(team=make_team())
        for _ in range(5):
            make_company(owner=user)
        with django_assert_num_queries(1):
            page = list_companies(actor_of(user), ANY)
            assert {c.account_owner.name for c in page.rows} == {user.name}

    def test_others_companies_are_not_in_it(self) -> None:
        make_company("Alfa", owner=make_user(team=make_team()))
        user = make_user(team=make_team(), scope=Scope.TEAM)
        assert list_companies(actor_of(user), ANY).rows == []
        assert list_companies(actor_of(user), CompanyFilters(q="alfa")).rows == []

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            ({"limit": 0}, "limit_range"),
            ({"limit": 201}, "limit_range"),
            ({"cursor": "x"}, "bad_cursor"),
            ({"order": "town"}, "unknown_choice"),
        ],
    )
    def test_bad_input_is_refused(self, options: Any, code: str) -> None:
        with pytest.raises(Invalid) as error:
            list_companies(ANYBODY, ANY, **options)
        assert error.value.code == code

    def test_a_cursor_of_the_other_direction_is_refused(self) -> None:
        make_company(), make_company()
        cursor = list_companies(ANYBODY, ANY, limit=1).next
        with pytest.raises(Invalid):
            list_companies(ANYBODY, ANY, order="-name", cursor=cursor)


class TestGetCompany:
    def test_it_brings_what_a_page_shows(self, django_assert_num_queries: Any) -> None:
        company = make_company(owner=make_user(team=make_team()))
        with django_assert_num_queries(1):
            found = get_company(ANYBODY, company.pk)
            assert found.account_owner is not None
            assert found.team is not None
            assert found.prospect_type is None

    def test_an_unknown_one_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            get_company(ANYBODY, 10**25)

    def test_the_own_firm(self) -> None:
        with pytest.raises(NotFound):
            own_firm()
        firm = make_own_firm()
        assert own_firm() == firm


class TestFindCompanies:
    def test_beginnings_come_first_then_words_then_the_rest(self) -> None:
        for name in ("Prakovina", "Stara kovina", "Kovinar", "kóvin", "Alfa"):
            make_company(name)
        assert names(find_companies(ANYBODY, "KOVIN")) == [
            "kóvin", "Kovinar", "Stara kovina", "Prakovina",
        ]  # fmt: skip

    def test_words_may_come_in_any_order(self) -> None:
        make_company("Mizarstvo Hočevar Ljubljana")
        assert len(find_companies(ANYBODY, "ljub hocev")) == 1

    @pytest.mark.parametrize(
        "q",
        [
            "SI12345678",
            "si 123 456 78",
            "12345678",
            "04 256 12 34",
            "+386 4 256 12 34",
            "info@adriatik.si",
            "@adriatik.si",
            "adriatik.si",
            "www.adriatik.si",
        ],
    )
    def test_numbers_and_addresses_find_it_too(self, q: str) -> None:
        make_company(
            "Jadran",
            tax_number="SI12345678",
            phone="04/256 12-34",
            email="Info@adriatik.si",
        )
        make_company("Druga", tax_number="SI87654321", phone="01 999 99 99")
        assert names(find_companies(ANYBODY, q)) == ["Jadran"]

    def test_a_website_finds_it(self) -> None:
        make_company("Jadran", website="https://www.adriatik.si/o-nas")
        assert names(find_companies(ANYBODY, "adriatik.si")) == ["Jadran"]

    def test_no_text_offers_the_first_ones(self) -> None:
        make_company("Beta"), make_company("Alfa")
        assert names(find_companies(ANYBODY, "  ", limit=1)) == ["Alfa"]

    def test_the_limit_holds(self) -> None:
        for _ in range(4):
            make_company("Alfa"), make_company("Nova Alfa")
        assert len(find_companies(ANYBODY, "alfa", limit=6)) == 6
        assert len(find_companies(ANYBODY, "alfa", limit=3)) == 3

    @pytest.mark.parametrize(
        "q", ["%", "_", "\\", "'", "\x00", "\ud800", "a\x00", "x" * 10_000, "\u0301"]
    )
    def test_strange_text_finds_nothing_and_breaks_nothing(self, q: str) -> None:
        make_company("Beta")
        find_companies(ANYBODY, q)
        list_companies(ANYBODY, CompanyFilters(q=q))
        similar_companies(ANYBODY, q)
        assert find_companies(ANYBODY, "%") == []

    def test_at_most_two_statements(self, django_assert_max_num_queries: Any) -> None:
        user = make_user(team=make_team())
        make_company("Alfa", owner=user)
        with django_assert_max_num_queries(2):
            assert find_companies(actor_of(user), "alfa 12345") == []
        with django_assert_max_num_queries(2):
            (company,) = find_companies(actor_of(user), "alfa")
            assert company.account_owner == user

    def test_others_companies_are_not_offered(self) -> None:
        make_company("Alfa", email="a@alfa.si", owner=make_user(team=make_team()))
        actor = actor_of(make_user(team=make_team()))
        assert find_companies(actor, "alfa") == []
        assert find_companies(actor, "alfa.si") == []


class TestSimilarCompanies:
    def test_the_likeliest_come_first(self) -> None:
        for name in (
            "Kovinarstvo Žager d.o.o.",
            "Kovinarstvo Žagar, d. o. o.",
            "Kovinarstvo Potočnik s.p.",
        ):
            make_company(name)
        assert names(similar_companies(ANYBODY, "kovinarstvo zagar")) == [
            "Kovinarstvo Žagar, d. o. o.",
            "Kovinarstvo Žager d.o.o.",
        ]

    def test_no_name_is_like_none(self) -> None:
        make_company()
        assert similar_companies(ANYBODY, " ") == []

    def test_a_hidden_company_does_not_betray_itself(self) -> None:
        make_company("Alfa", owner=make_user(team=make_team()))
        assert similar_companies(actor_of(make_user(team=make_team())), "Alfa") == []
