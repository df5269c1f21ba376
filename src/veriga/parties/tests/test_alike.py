"""Companies that may be the one somebody is typing."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from veriga.access.models import User
from veriga.access.rules import Scope
from veriga.access.tests.factories import acting, actor_of, make_team, make_user
from veriga.parties.models import Company
from veriga.parties.queries import alike_companies
from veriga.parties.rules import own_domain
from veriga.parties.services import create_company, update_company
from veriga.parties.tests.factories import make_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> User:
    return make_user(scope=Scope.TEAM, team=make_team())


@pytest.fixture
def alpina(seller: User) -> Company:
    return create_company(
        context=acting(seller),
        name="Alpina Pak d.o.o.",
        tax_number="SI15012557",
        registration_number="5300231",
        phone="04 256 12 34",
        website="https://www.alpina-pak.si/o-nas",
    )


class TestWhy:
    @pytest.mark.parametrize(
        ("typed", "reasons"),
        [
            ({"tax_number": "15012557"}, ("tax_number",)),
            ({"tax_number": "SI 150 12 557"}, ("tax_number",)),
            ({"registration_number": "5300231000"}, ("registration_number",)),
            ({"phone": "(00386)4 256-1234"}, ("phone",)),
            ({"phone": "042561234"}, ("phone",)),
            ({"email": "Info@alpina-pak.si"}, ("domain_key",)),
            ({"website": "alpina-pak.si"}, ("domain_key",)),
            ({"name": "ALPINA PAK"}, ("name",)),
            (
                {"name": "Alpina Pakk", "phone": "042561234", "tax_number": "15012557"},
                ("tax_number", "phone", "name"),
            ),
        ],
    )
    def test_every_writing_finds_it(
        self, seller: User, alpina: Company, typed, reasons
    ) -> None:
        make_company("Druga", owner=seller)
        (found,) = alike_companies(actor_of(seller), typed)
        assert (found.company, found.reasons) == (alpina, reasons)

    @pytest.mark.parametrize(
        "typed",
        [
            {},
            {"name": "", "phone": "", "tax_number": ""},
            {"tax_number": "15012558"},
            {"phone": "12"},
            {"email": "info@gmail.com"},
            {"website": "not a site"},
            {"tax_number": "x" * 10_000, "country": "??"},
        ],
    )
    def test_nothing_is_found_for_nothing(
        self, seller: User, alpina: Company, typed
    ) -> None:
        create_company(context=acting(seller), name="X", email="x@gmail.com")
        assert alike_companies(actor_of(seller), typed) == []

    def test_the_surest_comes_first_and_never_itself(
        self, seller: User, alpina: Company
    ) -> None:
        twin = create_company(
            context=acting(seller),
            name="Alpina Pak",
            email="prodaja@alpina-pak.si",
            phone="04 256 12 34",
        )
        typed = {"name": "Alpina Pak", "email": "a@alpina-pak.si", "phone": ""}
        typed["tax_number"] = "SI15012557"
        actor = actor_of(seller)
        assert [a.company for a in alike_companies(actor, typed)] == [alpina, twin]
        but = alike_companies(actor, typed, but=alpina.pk)
        assert [a.company for a in but] == [twin]

    def test_somebody_elses_company_is_not_betrayed(self, alpina: Company) -> None:
        stranger = make_user(scope=Scope.TEAM, team=make_team())
        typed = {"tax_number": "15012557", "name": "Alpina Pak"}
        assert alike_companies(actor_of(stranger), typed) == []

    def test_numbers_are_looked_up_and_not_searched_for(
        self, seller: User, alpina: Company
    ) -> None:
        Company.objects.bulk_create(
            Company(name=f"K{n}", phone=f"+3861{n}", created_at=alpina.created_at)
            for n in range(3_000)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        actor = actor_of(make_user(scope=Scope.ALL))
        typed = {"tax_number": "15012557", "phone": "042561234", "email": "a@b.si"}
        with CaptureQueriesContext(connection) as asked:
            alike_companies(actor, typed)
        (sql,) = (q["sql"] for q in asked.captured_queries)
        with connection.cursor() as cursor:
            plan = (
                "EXPLAIN "
                if connection.vendor == "postgresql"
                else "EXPLAIN QUERY PLAN "
            )
            cursor.execute(plan + sql)
            told = "\n".join(str(row) for row in cursor.fetchall())
        for index in ("company_by_phone", "company_by_tax_number", "company_by_domain"):
            assert index in told


class TestDomains:
    @pytest.mark.parametrize(
        ("website", "email", "domain"),
        [
            ("https://www.alpina.si/o-nas?x=1", "", "alpina.si"),
            ("alpina.si:8080", "a@druga.si", "alpina.si"),
            ("", "Ana@Alpina.SI", "alpina.si"),
            ("facebook.com/alpina", "a@alpina.si", "alpina.si"),
            ("", "ana@siol.net", ""),
            ("", "", ""),
        ],
    )
    def test_what_a_company_is_known_by(self, website, email, domain) -> None:
        assert own_domain(website, email) == domain

    def test_it_follows_every_change(self, seller: User, alpina: Company) -> None:
        assert alpina.domain_key == "alpina-pak.si"
        changes = {"website": "", "email": "info@nova.si"}
        changed = update_company(
            context=acting(seller), company_id=alpina.pk, **changes
        )
        changed.refresh_from_db()
        assert changed.domain_key == "nova.si"

    def test_old_companies_get_theirs(self, alpina: Company) -> None:
        Company.objects.update(domain_key="")
        moved = import_module("veriga.parties.migrations.0008_domains_of_companies")
        for _ in range(2):  # safe to run again
            moved.fill_domains(apps, None)
        alpina.refresh_from_db()
        assert alpina.domain_key == "alpina-pak.si"
