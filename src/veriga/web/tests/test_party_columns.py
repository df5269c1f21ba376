"""The columns of the lists of companies and contacts, on pages, in files and views."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.models import Company, Contact
from veriga.parties.services import add_position, update_contact
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.models import SavedView
from veriga.setup.services import create_field
from veriga.web.columns import LISTINGS
from veriga.work.services.companies import update_company

from .clients import MORE as MORE_ROWS
from .clients import PIECE, WINDOW, signed_in
from .test_columns import cells, headings, keep

pytestmark = pytest.mark.django_db
EVERY = {page: ",".join(LISTINGS[page].plain) for page in ("companies", "contacts")}


@pytest.fixture
def alpina(maja, company) -> Company:
    above = make_company("Alpina Holding", owner=maja)
    return update_company(
        context=acting(maja),
        company_id=company.pk,
        kind="branch",
        abc="B",
        parent_id=above.pk,
        street="Obrtna 3",
        postcode="4000",
        town="Kranj",
        phone="041 234 567",
        email="info@alpina.si",
        language="de",
        expected_on="3. 2027",
        categories=[],
    )


@pytest.fixture
def ana(maja, alpina) -> Contact:
    return update_contact(
        context=acting(maja),
        contact_id=make_contact(
            alpina, last_name="Novak", first_name="Ana", function="Tehnologinja"
        ).pk,
        mobile="041 555 666",
        email="ana@alpina.si",
        since_on=date(2020, 1, 1),
        note="Govori nemško.\nKliči po deseti.",
    )


def table(client, address: str) -> list[list[str]]:
    text = client.get(address).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def statements(client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


class TestWhich:
    def test_the_usual_ones_are_those_of_always(self, web, ana) -> None:
        assert headings(web, "/companies/") == [
            *("Naziv", "Kraj", "Status", "Skrbnik stranke", "Odprte verige"),
            "Zadnja aktivnost",
        ]
        assert headings(web, "/contacts/") == [
            *("Ime in priimek", "Funkcija", "Stranka", "Telefon", "E-pošta")
        ]

    def test_companies_show_what_was_chosen_in_that_order(self, web, alpina) -> None:
        cols = "abc,name,kind,phone,email,expected,language,parent,postcode"
        found = headings(web, f"/companies/?q=alpina+pak&cols={cols}")
        assert found[:3] == ["ABC", "Naziv", "Vrsta podjetja"]
        shown = cells(web, f"/companies/?q=alpina+pak&cols={cols}")
        assert shown == [
            *("B", "Alpina Pak, d. o. o.", "Podružnica", "(00386)41 234-567"),
            *("info@alpina.si", "marec 2027", "Nemščina", "Alpina Holding", "4000"),
        ]

    def test_contacts_show_what_was_chosen_in_that_order(self, web, ana, maja) -> None:
        day = timezone.localdate() - timedelta(days=3)
        make_activity(maja, ana.company, "event", contacts=[ana.pk], starts_at=at(day))
        cols = "company,name,phone,mobile,since,note,last"
        found = headings(web, f"/contacts/?cols={cols}")
        assert found[0] == "Stranka"
        assert found[-1] == "Zadnja aktivnost"
        shown = cells(web, f"/contacts/?cols={cols}")
        assert shown[1:6] == [
            *("Novak Ana", "", "(00386)41 555-666", "1. 1. 2020"),
            "Govori nemško. Kliči po deseti.",
        ]
        assert shown[6] == f"{day.day}. {day.month}. {day.year}"

    @pytest.mark.parametrize("page", list(EVERY))
    @pytest.mark.parametrize("language", ["sl", "en"])
    def test_all_of_them_can_stand_beside_each_other(
        self, maja, ana, page, language
    ) -> None:
        User.objects.filter(pk=maja.pk).update(language=language)
        web = signed_in(User.objects.get(pk=maja.pk))
        found = headings(web, f"/{page}/?cols={EVERY[page]}")
        assert len(found) == len(LISTINGS[page].plain)
        assert len(set(found)) == len(found)
        said = web.get(f"/{page}/?cols={EVERY[page]}").content.decode()
        assert "table-box is-wide" in said

    @pytest.mark.parametrize("cols", ["kar", "reference,due", "<b>", ",,", "id"])
    def test_what_makes_no_sense_is_passed_over(self, web, ana, cols) -> None:
        assert len(headings(web, f"/companies/?cols={cols}")) == 6
        assert len(headings(web, f"/contacts/?cols={cols}")) == 5

    def test_a_name_is_always_there(self, web, ana) -> None:
        assert headings(web, "/companies/?cols=town") == ["Naziv", "Kraj"]

    def test_custom_fields_are_columns_among_others(self, web, maja, alpina) -> None:
        admin = acting(make_user(role="administrator"))
        field = create_field(
            context=admin,
            subject="company",
            type_="text",
            name_sl="Cenik",
            in_list=True,
        )
        update_company(
            context=acting(maja), company_id=alpina.pk, custom={field.code: "VIP"}
        )
        assert headings(web, "/companies/")[-1] == "Cenik"
        cols = f"custom_{field.code},name"
        shown = cells(web, f"/companies/?q=alpina+pak&cols={cols}")
        assert shown == ["VIP", "Alpina Pak, d. o. o."]
        assert "Cenik" not in headings(web, "/companies/?cols=name,town")

    def test_text_is_text(self, web, maja, alpina) -> None:
        update_company(
            context=acting(maja), company_id=alpina.pk, street="<b>%(name)s 100 %</b>"
        )
        said = web.get("/companies/?cols=name,street").content.decode()
        assert "&lt;b&gt;%(name)s 100 %&lt;/b&gt;" in said


class TestKeeping:
    def test_kept_for_the_user_and_the_list(self, web, maja, ana) -> None:
        answer = keep(web, "companies", ["name", "phone"], query="?status=prospect")
        assert answer.headers["HX-Redirect"] == "/companies/?status=prospect"
        assert headings(web, "/companies/") == ["Naziv", "Telefon"]
        assert len(headings(web, "/contacts/")) == 5
        assert User.objects.get(pk=maja.pk).list_columns == {"companies": "name,phone"}
        keep(web, "companies", [], usual="yes")
        assert User.objects.get(pk=maja.pk).list_columns == {}

    @pytest.mark.parametrize("page", list(EVERY))
    def test_the_window_names_every_column(self, web, ana, page) -> None:
        said = html.unescape(
            web.get(f"/columns/{page}/?q=x", headers=WINDOW).content.decode()
        )
        assert re.findall(r'name="order" value="(\w+)"', said) == [
            *LISTINGS[page].plain
        ]
        assert 'value="name" checked disabled' in said

    def test_a_saved_view_has_the_columns_it_was_saved_with(self, web, maja, ana):
        keep(web, "contacts", ["email", "name"])
        form = html.unescape(
            web.get("/views/?page=contacts&q=nov", headers=WINDOW).content.decode()
        )
        query = re.search(r'name="query" value="([^"]*)"', form)
        assert query is not None
        data = {"page": "contacts", "name": "Naslovi", "query": query[1]}
        web.post("/views/", {**data, "shared": "on"}, headers=PIECE)
        colleague = signed_in(make_user("Eva", team=maja.team, language="sl"))
        view = SavedView.objects.get()
        address = colleague.get(f"/views/{view.pk}/").headers["Location"]
        assert headings(colleague, address) == ["E-pošta", "Ime in priimek"]

    @pytest.mark.parametrize("page", list(EVERY))
    def test_filters_keep_those_of_the_address(self, web, ana, page) -> None:
        said = web.get(f"/{page}/?cols=name,phone").content.decode()
        assert 'name="cols" value="name,phone"' in said

    def test_further_rows_have_the_same(self, web, maja, company) -> None:
        for number in range(51):
            make_company(f"Stranka {number:02}", owner=maja)
        page = html.unescape(web.get("/companies/?cols=name,abc").content.decode())
        more = re.search(r'href="(/companies/\?[^"]*cursor=[^"]*)"', page)
        assert more is not None
        rows = web.get(more[1], headers=MORE_ROWS).content.decode()
        assert rows.count('class="c-custom"') == 2


class TestFiles:
    def test_companies_are_as_the_page_shows_them(self, web, alpina) -> None:
        head, row = table(web, "/export/companies.csv?q=alpina+pak&cols=phone,name,abc")
        assert head == ["Telefon", "Naziv", "ABC"]
        assert row == ["(00386)41 234-567", "Alpina Pak, d. o. o.", "B"]
        keep(web, "companies", ["name", "town"])
        assert table(web, "/export/companies.csv")[0] == ["Naziv", "Kraj"]

    def test_contacts_are_too_with_names_and_numbers_apart(self, web, ana) -> None:
        head, row = table(web, "/export/contacts.csv?cols=email,name,phone")
        assert head == ["E-pošta", "Priimek", "Ime", "Telefon", "Mobilni telefon"]
        assert row == ["ana@alpina.si", "Novak", "Ana", "", "(00386)41 555-666"]
        head, row = table(web, "/export/contacts.csv?cols=name,mobile,phone,since")
        assert head[2:] == ["Mobilni telefon", "Telefon", "Od"]
        assert row[2:] == ["(00386)41 555-666", "", "1. 1. 2020"]

    @pytest.mark.parametrize("page", list(EVERY))
    def test_a_workbook_holds_them_all(self, web, ana, page) -> None:
        answer = web.get(f"/export/{page}.xlsx?cols={EVERY[page]}")
        assert answer.status_code == 200
        assert answer.content[:2] == b"PK"


class TestRights:
    def test_a_company_above_that_one_does_not_see_has_no_name(self, maja, alpina):
        stranger = make_user("Tuja", team=make_team("Jug"))
        secret = make_company("Skriti holding", owner=stranger)
        Company.objects.filter(pk=alpina.pk).update(parent=secret)
        one = signed_in(make_user("Eva", team=maja.team, scope=Scope.TEAM))
        said = one.get("/companies/?cols=name,parent").content.decode()
        assert "Alpina Pak" in said
        assert "Skriti" not in said
        file = one.get("/export/companies.csv?cols=name,parent").content.decode()
        assert "Skriti" not in file

    def test_the_last_activity_is_one_that_the_reader_sees(self, maja, ana, web):
        stranger = make_user("Tuja", team=make_team("Jug"))
        other = make_company("Drugje, d. d.", owner=stranger)
        seer = acting(make_user("Vodja", role="manager", scope=Scope.ALL))
        add_position(context=seer, contact_id=ana.pk, company_id=other.pk)
        make_activity(
            stranger,
            other,
            "event",
            contacts=[ana.pk],
            starts_at=at(timezone.localdate() - timedelta(days=1)),
        )
        assert cells(web, "/contacts/?cols=name,last") == ["Novak Ana", ""]
        theirs = cells(signed_in(stranger), "/contacts/?cols=name,company,last")
        assert theirs[1] == "Drugje, d. d."
        assert theirs[2] != ""


class TestSpeed:
    def test_no_statement_more_but_for_what_rows_do_not_have(self, web, ana) -> None:
        for page in EVERY:
            web.get(f"/{page}/")
        usual = statements(web, "/companies/")
        assert statements(web, "/companies/?cols=name,last,town") == usual
        assert statements(web, "/companies/?cols=name,phone,abc,team") == usual + 1
        assert statements(web, f"/companies/?cols={EVERY['companies']}") == usual + 3
        usual = statements(web, "/contacts/")
        assert statements(web, "/contacts/?cols=name,mobile,since,note") == usual
        assert statements(web, f"/contacts/?cols={EVERY['contacts']}") == usual + 1


def at(day: date) -> datetime:
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 10, 0))
