"""Lists, forms and pickers of companies and contacts."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.tests.factories import make_activity
from veriga.parties.models import Company, Contact
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.services import install_code_lists

from .clients import LIST, MORE, PIECE, WINDOW, signed_in
from .test_lists import page
from .test_two_people import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja() -> User:
    install_code_lists()
    return make_user("Maja Kovač", team=make_team("Prodaja"), language="sl")


@pytest.fixture
def alpina(maja: User) -> Company:
    return make_company("Alpina Pak d.o.o.", owner=maja, town="Kranj")


@pytest.fixture
def igor(alpina: Company) -> Contact:
    return make_contact(alpina, first_name="Igor", last_name="Potočnik")


@pytest.fixture
def browser_of_maja(maja: User) -> Client:
    return signed_in(maja)


def names(html: str) -> list[str]:
    return re.findall(r'<a class="row-link"[^>]*>([^<]+)</a>', html)


class TestTheListOfCompanies:
    def test_is_in_slovenian_order_with_what_goes_on(
        self, browser_of_maja: Client, maja: User
    ) -> None:
        for name in ("Žito", "Zeta", "Čebelar", "Celeia"):
            make_company(name, owner=maja)
        make_activity(maja, Company.objects.get(name="Zeta"), days_ago=2)
        html = page(browser_of_maja, "/companies/")
        assert names(html) == ["Celeia", "Čebelar", "Zeta", "Žito"]
        assert "28. 2. 2026" in html
        html = page(browser_of_maja, "/companies/?order=-name")
        assert names(html) == ["Žito", "Zeta", "Čebelar", "Celeia"]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("q=zagar", ["Kovinarstvo Žagar"]),
            ("status=active", ["Kovinarstvo Žagar"]),
            ("status=prospect", ["Alpina"]),
            ("status=nonsense", ["Alpina", "Kovinarstvo Žagar"]),
            ("owner=0", []),
        ],
    )
    def test_is_narrowed(
        self, browser_of_maja: Client, maja: User, query: str, expected: list[str]
    ) -> None:
        make_company("Alpina", owner=maja)
        make_company("Kovinarstvo Žagar", owner=maja, status="active")
        make_company("Nevidno", owner=make_user(team=make_team()))
        assert names(page(browser_of_maja, f"/companies/?{query}")) == expected
        assert names(page(browser_of_maja, f"/companies/?{query}", **LIST)) == expected

    def test_has_further_rows_and_few_statements(
        self,
        browser_of_maja: Client,
        maja: User,
        django_assert_num_queries: Any,
    ) -> None:
        for number in range(55):
            make_company(f"Stranka {number:03}", owner=maja)
        page(browser_of_maja, "/companies/")  # what is kept between pages is there
        with django_assert_num_queries(5):
            html = page(browser_of_maja, "/companies/")
        assert "55 zadetkov" in html
        found = re.search(r'class="pager".*?hx-get="([^"]+)"', html, re.DOTALL)
        assert found is not None
        more = page(browser_of_maja, found[1].replace("&amp;", "&"), **MORE)
        assert names(more)[0] == "Stranka 050"
        assert len(names(more)) == 5

    def test_an_empty_one_has_the_button_that_fills_it(
        self, browser_of_maja: Client
    ) -> None:
        html = page(browser_of_maja, "/companies/")
        assert "Strank še ni." in html
        assert 'href="/companies/new/"' in html


class TestTheFormOfACompany:
    def test_adds_one_from_its_name_alone(
        self, browser_of_maja: Client, maja: User
    ) -> None:
        answer = browser_of_maja.post("/companies/new/", {"name": "Alpina Pak"})
        made = Company.objects.get()
        assert answer.status_code == 302
        assert answer["Location"] == f"/companies/{made.pk}/"
        assert (made.name, made.account_owner) == ("Alpina Pak", maja)

    def test_in_the_window_says_where_to_go(self, browser_of_maja: Client) -> None:
        answer = browser_of_maja.post(
            "/companies/new/", {"name": "Alpina Pak"}, headers=PIECE
        )
        made = Company.objects.get()
        assert answer.status_code == 204
        event = json.loads(answer["HX-Trigger"])["veriga:saved"]
        assert event["address"] == f"/companies/{made.pk}/"

    def test_is_confirmed_on_the_page_and_not_before(
        self, browser_of_maja: Client
    ) -> None:
        browser_of_maja.post("/companies/new/", {"name": "Alpina"}, headers=PIECE)
        address = f"/companies/{Company.objects.get().pk}/"
        assert page(browser_of_maja, address, **WINDOW) == ""
        assert "Stranka je dodana." in page(browser_of_maja, address)

    def test_comes_as_a_window_or_a_page(
        self, browser_of_maja: Client, alpina: Company
    ) -> None:
        for address in ("/companies/new/", f"/companies/{alpina.pk}/edit/"):
            window = page(browser_of_maja, address, **WINDOW)
            assert window.strip().startswith("<article")
            assert "csrfmiddlewaretoken" in window
            assert "<html" in page(browser_of_maja, address)

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"name": ""}, "error_name"),
            ({}, "error_name"),
            ({"name": "x" * 201}, "error_name"),
            ({"name": "A\x00B"}, "error_name"),
            ({"name": "A", "email": "nič"}, "error_email"),
            ({"name": "A", "website": "javascript:x"}, "error_website"),
            ({"name": "A", "account_owner_id": "x"}, "error_account_owner_id"),
            ({"name": "A", "account_owner_id": "987"}, "error_account_owner_id"),
            ({"name": "A", "status": "deal"}, "error_status"),
            ({"name": "A", "country": "??"}, "error_country"),
            ({"name": "A", "prospect_type": "??"}, "error_prospect_type"),
        ],
    )
    def test_comes_back_with_what_was_typed(
        self, browser_of_maja: Client, typed: dict[str, str], sentence: str
    ) -> None:
        answer = browser_of_maja.post(
            "/companies/new/", {"town": "Škofja Loka", **typed}
        )
        html = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in html
        assert "Škofja Loka" in html
        assert not Company.objects.exists()

    def test_changes_the_name_on_activities_too(
        self, browser_of_maja: Client, maja: User, alpina: Company
    ) -> None:
        make_activity(maja, alpina)
        answer = browser_of_maja.post(
            f"/companies/{alpina.pk}/edit/", {"name": "Žito", "row_version": "1"}
        )
        assert answer.status_code == 302
        alpina.refresh_from_db()
        assert (alpina.name, alpina.row_version, alpina.town) == ("Žito", 2, "Kranj")

    def test_shows_what_somebody_else_saved_meanwhile(
        self, browser_of_maja: Client, alpina: Company
    ) -> None:
        address = f"/companies/{alpina.pk}/edit/"
        browser_of_maja.post(address, {"town": "Celje", "row_version": "1"})
        typed = {"name": alpina.name, "town": "Koper", "row_version": "1"}
        answer = browser_of_maja.post(address, typed)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="Koper"' in html
        assert "Zdaj shranjeno: Celje" in html
        assert 'name="row_version" value="2"' in html
        alpina.refresh_from_db()
        assert alpina.town == "Celje"
        browser_of_maja.post(address, {**typed, "row_version": "2"})
        alpina.refresh_from_db()
        assert alpina.town == "Koper"

    def test_a_reader_may_not(self, maja: User, alpina: Company) -> None:
        reader = signed_in(make_user(role=Role.READER, team=maja.team))
        for address in ("/companies/new/", f"/companies/{alpina.pk}/edit/"):
            assert reader.get(address).status_code == 403
            assert reader.post(address, {"name": "X"}).status_code == 403
        assert Company.objects.get() == alpina

    def test_an_invisible_company_is_not_found(self, alpina: Company) -> None:
        stranger = signed_in(make_user(team=make_team()))
        for address in ("edit/", "delete/", "share/"):
            answer = stranger.post(f"/companies/{alpina.pk}/{address}", {"user_id": 1})
            assert answer.status_code == 404


class TestDeletingACompany:
    def test_leads_back_to_the_list(
        self, browser_of_maja: Client, alpina: Company
    ) -> None:
        assert browser_of_maja.get(f"/companies/{alpina.pk}/delete/").status_code == 405
        answer = browser_of_maja.post(f"/companies/{alpina.pk}/delete/", headers=PIECE)
        assert answer["HX-Redirect"] == "/companies/"
        assert not Company.objects.exists()

    def test_with_activities_is_refused(
        self, browser_of_maja: Client, maja: User, alpina: Company
    ) -> None:
        make_activity(maja, alpina)
        answer = browser_of_maja.post(f"/companies/{alpina.pk}/delete/", headers=PIECE)
        assert answer.status_code == 409
        assert "data-error-piece" in answer.content.decode()
        assert Company.objects.exists()


class TestPickers:
    def test_offer_companies_and_a_new_one(
        self, browser_of_maja: Client, alpina: Company
    ) -> None:
        make_company("Alpe", owner=make_user(team=make_team()))
        html = page(browser_of_maja, "/companies/find/?q=alp")
        assert re.findall(r'data-value="(\d+)"', html) == [str(alpina.pk)]
        assert 'data-new="alp"' in html
        html = page(browser_of_maja, f"/companies/find/?q={alpina.name}")
        assert "data-new" not in html
        assert "data-new" not in page(browser_of_maja, "/companies/find/?q=x&known=1")

    def test_escape_what_is_typed(self, browser_of_maja: Client) -> None:
        html = page(browser_of_maja, '/companies/find/?q="><script>')
        assert "<script" not in html

    def test_a_reader_is_offered_no_new_one(self, maja: User) -> None:
        reader = signed_in(make_user(role=Role.READER, team=maja.team))
        assert "data-new" not in page(reader, "/companies/find/?q=alp")

    def test_point_to_companies_of_nearly_this_name(
        self, browser_of_maja: Client, alpina: Company
    ) -> None:
        html = page(browser_of_maja, "/companies/find/?similar=1&name=ALPINA PAK doo")
        assert f"/companies/{alpina.pk}/" in html
        assert "podoben naziv" in html
        Company.objects.filter(pk=alpina.pk).update(phone="+38642561234")
        asked = "/companies/find/?similar=1&phone=04 256 12 34"
        assert "isti telefon" in page(browser_of_maja, asked)
        assert "Alpina" not in page(browser_of_maja, f"{asked}&but={alpina.pk}")
        html = page(browser_of_maja, "/companies/find/?similar=1&name=Mlekarna")
        assert "href" not in html

    def test_offer_contacts_of_one_company(
        self, browser_of_maja: Client, maja: User, alpina: Company, igor: Contact
    ) -> None:
        other = make_contact(make_company(owner=maja), last_name="Potokar")
        html = page(browser_of_maja, "/contacts/find/?q=poto")
        assert set(re.findall(r'data-value="(\d+)"', html)) == {
            str(igor.pk),
            str(other.pk),
        }
        html = page(browser_of_maja, f"/contacts/find/?q=poto&company={alpina.pk}")
        assert re.findall(r'data-value="(\d+)"', html) == [str(igor.pk)]


class TestContacts:
    def test_are_listed_by_last_name(
        self, browser_of_maja: Client, alpina: Company, igor: Contact
    ) -> None:
        make_contact(alpina, first_name="Sonja", last_name="Kralj")
        make_contact(make_company(owner=make_user(team=make_team())))
        html = page(browser_of_maja, "/contacts/")
        assert names(html) == ["Kralj Sonja", "Potočnik Igor"]
        assert names(page(browser_of_maja, "/contacts/?q=potocnik")) == [
            "Potočnik Igor"
        ]
        html = page(browser_of_maja, f"/contacts/?company={alpina.pk}")
        assert f"/contacts/new/?company={alpina.pk}" in html

    def test_show_what_was_done_with_them(
        self, browser_of_maja: Client, maja: User, alpina: Company, igor: Contact
    ) -> None:
        make_activity(maja, alpina, title="Obisk z Igorjem", contacts=[igor.pk])
        make_activity(maja, alpina, title="Brez njega")
        html = page(browser_of_maja, f"/contacts/{igor.pk}/", **WINDOW)
        assert html.strip().startswith("<article")
        assert "Obisk z Igorjem" in html
        assert "Brez njega" not in html

    def test_are_added_at_a_company(
        self, browser_of_maja: Client, alpina: Company
    ) -> None:
        html = page(browser_of_maja, f"/contacts/new/?company={alpina.pk}")
        assert 'value="Alpina Pak d.o.o."' in html
        typed = {"company": alpina.pk, "first_name": "Igor", "last_name": "Potočnik"}
        answer = browser_of_maja.post("/contacts/new/", typed)
        made = Contact.objects.get()
        assert answer["Location"] == f"/contacts/{made.pk}/"
        assert (made.name, made.company) == ("Igor Potočnik", alpina)

    def test_are_added_together_with_a_new_company(
        self, browser_of_maja: Client
    ) -> None:
        typed = {"company": "", "company_new": "Nova", "last_name": "Potočnik"}
        browser_of_maja.post("/contacts/new/", typed)
        assert Contact.objects.get().company.name == "Nova"

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"last_name": "Kralj"}, "company"),
            ({"last_name": "Kralj", "company": "987"}, "company"),
            ({"last_name": "Kralj", "company_text": "Nekaj"}, "company"),
            ({"last_name": "", "company_new": "Nova"}, "last_name"),
            ({"last_name": "K", "email": "x", "company_new": "Nova"}, "email"),
            ({"last_name": "K", "company_new": "x" * 300}, "company"),
        ],
    )
    def test_come_back_with_what_was_typed(
        self, browser_of_maja: Client, typed: dict[str, str], field: str
    ) -> None:
        typed = {"first_name": "Sonja", **typed}
        answer = browser_of_maja.post("/contacts/new/", typed, headers=PIECE)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert f"error_{field}" in html
        assert 'value="Sonja"' in html
        assert not Contact.objects.exists()
        assert not Company.objects.exists()

    def test_are_changed_and_say_what_somebody_else_saved(
        self, browser_of_maja: Client, igor: Contact
    ) -> None:
        address = f"/contacts/{igor.pk}/edit/"
        assert "Igor" in page(browser_of_maja, address, **WINDOW)
        browser_of_maja.post(address, {"function": "Direktor", "row_version": "1"})
        answer = browser_of_maja.post(
            address, {"function": "Nabava", "row_version": "1"}, headers=PIECE
        )
        assert answer.status_code == 422
        assert "Zdaj shranjeno: Direktor" in answer.content.decode()

    def test_are_deleted_unless_they_took_part(
        self, browser_of_maja: Client, maja: User, alpina: Company, igor: Contact
    ) -> None:
        sonja = make_contact(alpina, last_name="Kralj")
        make_activity(maja, alpina, contacts=[igor.pk])
        answer = browser_of_maja.post(f"/contacts/{igor.pk}/delete/", headers=PIECE)
        assert answer.status_code == 409
        answer = browser_of_maja.post(f"/contacts/{sonja.pk}/delete/")
        assert answer["Location"] == f"/companies/{alpina.pk}/"
        assert list(Contact.objects.all()) == [igor]

    def test_of_invisible_companies_are_not_found(self, igor: Contact) -> None:
        stranger = signed_in(make_user(team=make_team()))
        for address in ("", "edit/"):
            assert stranger.get(f"/contacts/{igor.pk}/{address}").status_code == 404
        assert stranger.post(f"/contacts/{igor.pk}/delete/").status_code == 404
        typed = {"company": igor.company_id, "last_name": "X"}
        assert stranger.post("/contacts/new/", typed).status_code == 422

    def test_a_reader_may_look_only(self, maja: User, igor: Contact) -> None:
        reader = signed_in(make_user(role=Role.READER, team=maja.team))
        html = page(reader, f"/contacts/{igor.pk}/")
        assert "/edit/" not in html
        for address in ("new/", f"{igor.pk}/edit/"):
            assert reader.get(f"/contacts/{address}").status_code == 403
        assert reader.post(f"/contacts/{igor.pk}/delete/").status_code == 403


class TestCategories:
    def test_form_list_and_details(
        self, browser_of_maja: Client, alpina: Company
    ) -> None:
        address = f"/companies/{alpina.pk}/edit/"
        form = form_of(page(browser_of_maja, address))
        answer = browser_of_maja.post(
            address, {**form, "categories": ["trader", "services"]}
        )
        assert answer.status_code == 302
        details = page(browser_of_maja, f"/companies/{alpina.pk}/?tab=data&history")
        assert "Trgovec, Storitve" in details
        assert details.count("Kategorije") == 2  # and in the history
        narrowed = page(browser_of_maja, "/companies/?category=trader")
        assert names(narrowed) == [alpina.name]
        assert names(page(browser_of_maja, "/companies/?category=manufacturer")) == []
        form = page(browser_of_maja, address)
        assert len(re.findall(r'name="categories" value="\w+" checked', form)) == 2

    def test_a_form_without_them_leaves_them(
        self, browser_of_maja: Client, alpina: Company
    ) -> None:
        alpina.categories.add("trader")
        address = f"/companies/{alpina.pk}/edit/"
        form = form_of(page(browser_of_maja, address))
        form.pop("has_categories")
        browser_of_maja.post(address, {**form, "town": "Bled"})
        assert alpina.categories.count() == 1
        form = form_of(page(browser_of_maja, address))
        form.pop("categories")  # the tick taken away
        browser_of_maja.post(address, form)
        assert alpina.categories.count() == 0

    def test_a_wrong_one_is_refused_and_all_comes_back(
        self, browser_of_maja: Client, alpina: Company
    ) -> None:
        address = f"/companies/{alpina.pk}/edit/"
        form = form_of(page(browser_of_maja, address))
        answer = browser_of_maja.post(
            address, {**form, "categories": ["pirate", "trader"], "town": "Bled"}
        )
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "error_categories" in html
        assert 'value="trader" checked' in html
        assert form_of(html)["town"] == "Bled"
        assert alpina.categories.count() == 0


class TestAddresses:
    def test_form_and_details(self, browser_of_maja: Client, alpina: Company) -> None:
        address = f"/companies/{alpina.pk}/addresses/new/"
        form = form_of(page(browser_of_maja, address))
        typed = {**form, "kind": "delivery", "street": "Skladiščna 2"}
        refused = browser_of_maja.post(address, {**typed, "postcode": "12"})
        assert refused.status_code == 422
        html = refused.content.decode()
        assert "error_town" in html
        assert "error_postcode" in html
        assert form_of(html)["street"] == "Skladiščna 2"
        browser_of_maja.post(address, {**typed, "town": "Domžale"})
        details = page(browser_of_maja, f"/companies/{alpina.pk}/?tab=data&history")
        assert "Skladiščna 2, Domžale" in details
        assert "Za dobavo" in details
        one = alpina.addresses.get()
        here = f"/companies/{alpina.pk}/addresses/{one.pk}/"
        assert here in details
        form = form_of(page(browser_of_maja, here))
        browser_of_maja.post(here, {**form, "town": "Kamnik"})
        one.refresh_from_db()
        assert one.town == "Kamnik"
        assert browser_of_maja.post(f"{here}remove/").status_code == 302
        assert not alpina.addresses.exists()

    def test_readers_see_them_only(self, maja: User, alpina: Company) -> None:
        reader = signed_in(make_user(role=Role.READER, team=maja.team))
        address = f"/companies/{alpina.pk}/addresses/new/"
        assert reader.get(address).status_code == 403
        assert address not in page(reader, f"/companies/{alpina.pk}/?tab=data")
