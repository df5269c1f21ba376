"""Commands for many companies and contacts: the bar, the window, the work, undo."""

from __future__ import annotations

import html
import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.tests.factories import acting
from veriga.parties.models import Company, Contact
from veriga.parties.queries import categories_of
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.models import CompanyCategory
from veriga.setup.queries import forget_code_lists
from veriga.work.models import Batch
from veriga.work.rules.party_bulk import CompanyAction, ContactAction
from veriga.work.services.companies import update_company

from .clients import PIECE, WINDOW, signed_in

pytestmark = pytest.mark.django_db
EVERY = [
    *(("companies", action) for action in CompanyAction),
    *(("contacts", action) for action in ContactAction),
]


@pytest.fixture
def companies(maja) -> list[Company]:
    CompanyCategory.objects.create(
        code="food", name_sl="Živila", name_en="Food", position=1
    )
    forget_code_lists()
    return [make_company(f"Stranka {n}", owner=maja) for n in range(3)]


@pytest.fixture
def people(companies) -> list[Contact]:
    return [make_contact(one, last_name="Novak") for one in companies]


@pytest.fixture
def rok(maja) -> User:
    return make_user("Rok Zupan", team=make_team("Jug"), language="sl")


def rows_of(*rows: Company | Contact) -> str:
    return ",".join(f"{row.pk}.{row.row_version}" for row in rows)


def opened(client, of: str, action: str, status: int = 200, **query: str) -> str:
    answer = client.get(f"/bulk/{of}/{action}/", query, headers=WINDOW)
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def posted(client, page: str, action: str, **data: str):
    return client.post(f"/bulk/{page}/{action}/", data, headers=PIECE)


def event_of(answer) -> dict[str, str]:
    return json.loads(answer.headers["HX-Trigger"])["veriga:saved"]


class TestTheLists:
    def test_rows_carry_id_and_version_and_the_page_its_commands(self, web, people):
        page = web.get("/companies/").content.decode()
        assert 'data-version="1"' in page
        for action in set(CompanyAction) - {CompanyAction.STATUS}:
            assert f'href="/bulk/companies/{action}/"' in page
        page = web.get("/contacts/").content.decode()
        assert f'data-id="{people[0].pk}" data-version="1"' in page
        for action in ContactAction:
            assert f'href="/bulk/contacts/{action}/"' in page

    def test_the_status_is_offered_to_who_may_change_it(self, web, maja, companies):
        assert "/bulk/companies/status/" not in web.get("/companies/").content.decode()
        User.objects.filter(pk=maja.pk).update(may_activate=True)
        page = signed_in(User.objects.get(pk=maja.pk)).get("/companies/")
        assert "/bulk/companies/status/" in page.content.decode()

    @pytest.mark.parametrize("page", ["companies", "contacts"])
    def test_a_reader_is_offered_nothing(self, people, page):
        reader = make_user("Bralka", role=Role.READER, scope=Scope.ALL)
        said = signed_in(reader).get(f"/{page}/").content.decode()
        assert "Stranka" in said
        assert "/bulk/" not in said
        assert " data-pick" not in said


class TestTheWindow:
    @pytest.mark.parametrize(("page", "action"), EVERY)
    def test_each_command_says_what_would_change(
        self, web, maja, companies, people, page, action
    ):
        User.objects.filter(pk=maja.pk).update(may_activate=True)
        said = opened(
            web,
            page,
            action,
            rows=rows_of(*(companies if page == "companies" else people)),
        )
        if action == CompanyAction.DROP_CATEGORY:
            return
        what = "stranke" if page == "companies" else "kontaktne osebe"
        assert f"Spremenijo se 3 {what}." in said

    def test_what_stays_is_named_with_the_reason(self, web, maja, companies, rok):
        update_company(context=acting(maja), company_id=companies[0].pk, abc="A")
        hidden = make_company("Skrita", owner=rok)
        rows = rows_of(*companies, hidden)
        said = opened(web, "companies", "abc", rows=rows, value="A")
        assert "Spremenita se 2 stranki." in said
        assert "Stranka 0" in said
        assert "medtem spremenil" in said
        assert f"#{hidden.pk}" in said
        assert "Skrita" not in said

    def test_what_an_active_customer_needs_is_named(self, maja, companies):
        User.objects.filter(pk=maja.pk).update(may_activate=True)
        web = signed_in(User.objects.get(pk=maja.pk))
        said = opened(
            web, "companies", "status", rows=rows_of(companies[0]), value="active"
        )
        assert "Manjka: Vrsta podjetja, Ulica in hišna številka" in said
        assert "Nobena stranka se ne bi spremenila." in said

    def test_it_says_what_one_will_not_see_any_more(self, web, companies, rok):
        answer = web.post(
            "/bulk/companies/owner/?plan",
            {"rows": rows_of(*companies), "value": str(rok.pk)},
            headers=PIECE,
        )
        said = html.unescape(answer.content.decode())
        assert "<form" not in said
        assert "3 stranke ti ne bodo več vidne." in said

    def test_all_that_fit_the_filters(self, web, maja, companies):
        make_company("Druga", owner=maja)
        said = opened(web, "companies", "abc", all="yes", page="companies", q="stranka")
        assert "Spremenijo se 3 stranke." in said
        rows = re.search(r'name="rows" value="([^"]*)"', said)
        assert rows is not None
        assert rows[1] == rows_of(*companies)

    @pytest.mark.parametrize(
        ("page", "action", "value"),
        [
            ("companies", "owner", "999999"),
            ("companies", "owner", ""),
            ("companies", "status", "retired"),
            ("companies", "add_category", "kar"),
            ("companies", "abc", "Z"),
            ("contacts", "left", "jutri"),
            ("contacts", "left", ""),
            ("contacts", "function", "x" * 81),
        ],
    )
    def test_a_wrong_value_is_told_at_its_field_and_changes_nothing(
        self, web, companies, people, page, action, value
    ):
        rows = rows_of(*(companies if page == "companies" else people))
        answer = posted(web, page, action, rows=rows, value=value)
        assert answer.status_code == 422
        said = html.unescape(answer.content.decode())
        assert 'id="error_value"' in said
        assert rows in said
        assert not Batch.objects.exists()
        plan = web.post(
            f"/bulk/{page}/{action}/?plan",
            {"rows": rows, "value": value},
            headers=PIECE,
        )
        assert plan.status_code == 200

    @pytest.mark.parametrize("rows", ["", ",,", "x.y", "0.9999999999999999999"])
    def test_rows_that_are_none_are_no_error_of_the_server(self, web, companies, rows):
        assert opened(web, "companies", "abc", rows=rows)
        assert posted(web, "companies", "abc", rows=rows, value="A").status_code == 422

    def test_other_lists_commands_and_people(self, web, client, people):
        for address in (
            *("/bulk/companies/left/", "/bulk/contacts/owner/"),
            *("/bulk/companies/delete/", "/bulk/activities/assign/"),
        ):
            assert web.get(address).status_code == 404
        assert web.put("/bulk/companies/abc/").status_code == 405
        assert client.get("/bulk/companies/abc/").status_code == 302
        reader = signed_in(make_user("Bralka", role=Role.READER, scope=Scope.ALL))
        assert reader.get("/bulk/companies/abc/").status_code == 403
        assert posted(reader, "contacts", "left", rows="1").status_code == 403


class TestTheWork:
    def test_companies_are_given_away_and_come_back(self, web, maja, companies, rok):
        answer = posted(
            web, "companies", "owner", rows=rows_of(*companies), value=str(rok.pk)
        )
        event = event_of(answer)
        assert event["text"] == "3 stranke so spremenjene."
        assert event["bulk"] is True
        assert {c.account_owner_id for c in Company.objects.all()} == {rok.pk}
        answer = web.post(event["undo_url"], headers=PIECE)
        assert answer.status_code == 204
        said = json.loads(answer.headers["HX-Trigger"])
        assert "3 stranke so spet, kakršne so bile." in json.dumps(
            said, ensure_ascii=False
        )
        assert {c.account_owner_id for c in Company.objects.all()} == {maja.pk}

    def test_what_stays_is_said_with_its_name(self, web, maja, companies):
        update_company(context=acting(maja), company_id=companies[0].pk, abc="A")
        fresh = [Company.objects.get(pk=one.pk) for one in companies]
        answer = posted(web, "companies", "abc", rows=rows_of(*fresh), value="A")
        assert event_of(answer)["text"] == (
            "2 stranki sta spremenjeni. Nespremenjeno: Stranka 0: Tako je že."
        )

    def test_a_category_for_all(self, web, companies):
        posted(web, "companies", "add_category", rows=rows_of(*companies), value="food")
        assert len(categories_of([c.pk for c in companies])) == 3

    def test_contacts_leave_and_come_back_without_a_script(self, web, people):
        answer = web.post(
            "/bulk/contacts/left/", {"rows": rows_of(*people), "value": "20. 11. 2026"}
        )
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/contacts/"
        assert {c.until_on for c in Contact.objects.all()} == {date(2026, 11, 20)}
        batch = Batch.objects.get()
        answer = web.post(f"/bulk/{batch.pk}/undo/")
        assert answer.headers["Location"] == "/contacts/"
        assert {c.until_on for c in Contact.objects.all()} == {None}
        assert web.post(f"/bulk/{batch.pk}/undo/").status_code == 409

    def test_nothing_to_change_is_said(self, web, companies):
        rows = rows_of(*companies)
        answer = posted(web, "companies", "drop_category", rows=rows, value="food")
        assert answer.status_code == 422
        assert "Nič se ni spremenilo." in html.unescape(answer.content.decode())

    def test_statements_of_a_window_do_not_grow(self, web, maja, companies):
        def statements(rows: list[Company]) -> int:
            with CaptureQueriesContext(connection) as found:
                opened(web, "companies", "abc", rows=rows_of(*rows), value="B")
            return len(found)

        statements(companies)
        few = statements(companies)
        many = companies + [make_company(owner=maja) for _ in range(30)]
        assert statements(many) == few
