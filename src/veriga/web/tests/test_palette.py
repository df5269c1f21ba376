"""Ctrl+K, and the pages of errors."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.catalogue.tests.factories import make_product
from veriga.events.services import create_gathering
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company, make_contact

from .clients import PIECE, signed_in
from .test_lists import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team("Prodaja"), language="sl")


@pytest.fixture
def alpina(maja: User) -> Company:
    return make_company("Alpina Pak d.o.o.", owner=maja, town="Kranj")


def options(client: Client, q: str) -> list[str]:
    """Return the addresses that the palette offers for `q`."""
    html = page(client, f"/palette/?q={q}", **PIECE)
    return re.findall(r'role="option"[^>]*? href="([^"]+)"', html)


class TestThePalette:
    @pytest.mark.parametrize("typed", ["D-26-00001", "d-26-1", " d26-001"])
    def test_jumps_to_a_reference(
        self, maja: User, alpina: Company, typed: str
    ) -> None:
        make_activity(maja, alpina)
        assert options(signed_in(maja), typed)[0] == "/activities/D-26-00001/"

    def test_finds_the_old_number_of_an_imported_record(
        self, maja: User, alpina: Company
    ) -> None:
        one = make_activity(maja, alpina)
        Activity.objects.update(source_reference="PON-2019/17")
        found = options(signed_in(maja), "pon-2019/17")
        assert found[0] == f"/activities/{one.reference}/"

    def test_finds_names_and_titles(self, maja: User, alpina: Company) -> None:
        contact = make_contact(alpina, last_name="Alpar")
        one = make_activity(maja, alpina, title="Predstavitev Alpini")
        found = options(signed_in(maja), "alp")
        assert f"/companies/{alpina.pk}/" in found
        assert f"/contacts/{contact.pk}/" in found
        assert f"/activities/{one.reference}/" in found
        assert found[-1] == "/search/?q=alp"

    def test_finds_nothing_that_is_not_visible(
        self, maja: User, alpina: Company
    ) -> None:
        one = make_activity(maja, alpina, title="Predstavitev Alpini")
        make_contact(alpina, last_name="Alpar")
        stranger = signed_in(make_user(team=make_team()))
        assert options(stranger, "alp") == ["/search/?q=alp"]
        assert options(stranger, str(one.reference)) == [f"/search/?q={one.reference}"]

    def test_finds_products_by_name_and_code_for_each_as_they_may(
        self, maja: User
    ) -> None:
        belt = make_product("Transportni trak", code="TT-200")
        gone = make_product("Transportni voz", code="TV-1", is_active=False)
        cart = make_product("Voz za transport", code="VZ-7")
        boss = signed_in(make_user(role=Role.MANAGER, language="en"))
        pages = [f"/products/{one.pk}/" for one in (belt, cart, gone)]
        assert options(boss, "trans") == [*pages, "/search/?q=trans"]
        assert options(boss, "TT-200")[0] == pages[0]
        assert "no longer offered" in page(boss, "/palette/?q=trans", **PIECE)
        # The page of a product is a form, for managers; others see it in the list.
        seller = signed_in(maja)
        address = options(seller, "TT-200")[0]
        assert address == "/products/?q=TT-200&amp;state=all"
        assert "Transportni trak" in page(seller, address.replace("&amp;", "&"))

    def test_the_code_of_a_product_puts_it_first(
        self, maja: User, alpina: Company
    ) -> None:
        make_product("Transportni trak", code="TT-200")
        make_activity(maja, alpina, title="Ponudba za TT-200")
        seller = signed_in(maja)
        assert options(seller, "tt-200")[0].startswith("/products/")
        assert options(seller, "tt-20")[0].startswith("/activities/")

    def test_a_slip_in_a_products_name_is_forgiven(self, maja: User) -> None:
        make_product("Transportni trak", code="TT-200")
        found = options(signed_in(maja), "transpotrni")
        assert found[0] == "/products/?q=TT-200&amp;state=all"

    @pytest.mark.parametrize(
        ("typed", "address"),
        [
            ("ponud", "/quotes/"),
            ("dodaj dog", "/events/new/"),
            ("nova stranka", "/companies/new/"),
            ("odjava", "/accounts/logout/"),
            ("temna", "/me/account/"),
            ("moje odprto", "/activities/?owner=me&amp;state=open&amp;order=due"),
            ("delovna", "/desk/"),
            ("koledar", "/calendar/"),
            ("lijak", "/board/"),
            ("odprte verige", "/chains/"),
        ],
    )
    def test_runs_commands_in_the_language_of_the_page(
        self, maja: User, typed: str, address: str
    ) -> None:
        found = options(signed_in(maja), typed)
        assert address.replace("/me/account/", "/me/") in found or address in found

    def test_offers_places_before_anything_is_typed(
        self, maja: User, alpina: Company
    ) -> None:
        one = make_activity(maja, alpina)
        found = options(signed_in(maja), "")
        assert f"/activities/{one.reference}/" in found
        assert "/companies/" in found

    def test_offers_to_each_what_they_may(self, maja: User) -> None:
        reader = signed_in(make_user(role=Role.READER, team=maja.team, language="en"))
        assert "/events/new/" not in options(reader, "add")
        assert "/users/" not in options(reader, "users")
        admin = signed_in(make_user(role=Role.ADMINISTRATOR, language="en"))
        assert "/users/" in options(admin, "users")
        assert "/chains/limits/" not in options(reader, "limits")
        manager = signed_in(make_user(role=Role.MANAGER, language="en"))
        assert "/chains/limits/" in options(manager, "limits")

    def test_is_a_page_without_script(self, maja: User, alpina: Company) -> None:
        html = page(signed_in(maja), "/palette/?q=alp")
        assert "<html" in html
        assert f"/companies/{alpina.pk}/" in html

    def test_asks_for_few_statements(
        self, maja: User, alpina: Company, django_assert_max_num_queries: Any
    ) -> None:
        make_activity(maja, alpina)
        client = signed_in(maja)
        with django_assert_max_num_queries(14):
            options(client, "alpina 12")

    def test_as_many_statements_however_much_is_found(
        self, maja: User, alpina: Company
    ) -> None:
        def fill(number: int) -> None:
            for n in range(number):
                make_activity(maja, alpina, title="Meritve linije")
                make_product(f"Merilnik {n}", code=f"MERITVE-{number}-{n}")
                make_company(f"Meritve {number} {n}", owner=maja)
                create_gathering(
                    context=acting(maja),
                    values={"title": "Meritve", "starts_at": NOW},
                    company_ids=[alpina.pk],
                )

        client = signed_in(maja)
        counts = []
        for number in (1, 6):
            fill(number)
            options(client, "meritve")
            for typed in ("meritve", "mertive"):
                with CaptureQueriesContext(connection) as found:
                    assert len(options(client, typed)) > 4
                counts.append(len(found))
        # Session and user among them; products cost one, where there are any. The
        # newest are kept from the word before.
        assert counts == [9, 13, 9, 13]

    def test_is_for_those_signed_in(self, client: Client) -> None:
        assert client.get("/palette/").status_code == 302


def _broken(request: object) -> None:
    raise RuntimeError("broken")


class Broken:
    """The addresses of the pages and one that fails."""

    urlpatterns = (path("broken/", _broken), path("", include("veriga.web.urls")))
    handler500 = "veriga.web.views.errors.server_error"


class TestErrors:
    def test_a_missing_page_says_so_in_the_frame(self, maja: User) -> None:
        answer = signed_in(maja).get("/nikjer/")
        html = answer.content.decode()
        assert answer.status_code == 404
        assert "Ni najdeno" in html
        assert 'class="side"' in html

    def test_htmx_gets_one_sentence(self, maja: User) -> None:
        answer = signed_in(maja).get("/companies/987/", headers=PIECE)
        assert answer.status_code == 404
        assert answer.content.decode().strip().startswith("<p data-error-piece>")

    def test_signed_out_it_has_the_quiet_frame(self, client: Client) -> None:
        answer = client.get("/nikjer/")
        assert answer.status_code == 404
        assert "signin-card" in answer.content.decode()

    def test_a_form_without_token_is_refused_in_words(self, maja: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(maja, backend="veriga.access.backends.SignInBackend")
        answer = client.post("/companies/new/", {"name": "X"})
        assert answer.status_code == 403
        assert "Obrazec je prestar." in answer.content.decode()
        assert not Company.objects.exists()

    @override_settings(ROOT_URLCONF=Broken)
    def test_our_own_mistake_asks_the_database_for_nothing(
        self, maja: User, django_assert_num_queries: Any
    ) -> None:
        client = signed_in(maja)
        client.raise_request_exception = False
        with django_assert_num_queries(2):  # session and user, before the mistake
            answer = client.get("/broken/")
        html = answer.content.decode()
        assert answer.status_code == 500
        assert "Napaka na strežniku" in html
        assert "broken" not in html
