"""The administrator's pages of code lists and numbering."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import acting, make_administrator, make_user
from veriga.activities.models import Prefix
from veriga.activities.services import set_prefix
from veriga.activities.tests.factories import make_activity
from veriga.history.models import Record
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.models import Preferences, Reason, Stage
from veriga.setup.preferences import forget_preferences
from veriga.setup.services import install_code_lists

from .clients import LIST, WINDOW, signed_in

pytestmark = pytest.mark.django_db

ENTRY = "/settings/lists/stages/entries/negotiation/"
PAGES = [
    "/settings/",
    "/settings/numbering/",
    "/settings/lists/stages/",
    "/settings/lists/stages/new/",
    ENTRY,
    "/settings/display/",
    "/settings/working-time/",
]


@pytest.fixture
def nina() -> User:
    install_code_lists()
    return make_administrator(name="Nina Golob", language="sl")


@pytest.fixture
def admin(nina: User) -> Client:
    return signed_in(nina)


def names(html: str) -> list[str]:
    return re.findall(r'<a class="row-link"[^>]*>([^<]+)</a>', html)


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.MANAGER, Role.SALES, Role.READER])
    @pytest.mark.parametrize("path", PAGES)
    def test_only_administrators(self, nina: User, role: Role, path: str) -> None:
        client = signed_in(make_user(role=role))
        assert client.get(path).status_code == 403
        assert client.post(path, {"name_sl": "X"}).status_code in {403, 405}
        assert client.post(f"{ENTRY}move/", {"to": "up"}).status_code == 403
        assert "/settings/" not in client.get("/companies/").content.decode()
        assert not Record.objects.exists()

    def test_the_menu_leads_there(self, admin: Client) -> None:
        assert 'href="/settings/"' in admin.get("/companies/").content.decode()

    @pytest.mark.parametrize(
        "path", ["/settings/lists/x/", "/settings/lists/stages/entries/x/"]
    )
    def test_nothing_there_is_not_found(self, admin: Client, path: str) -> None:
        assert admin.get(path).status_code == 404
        assert admin.post(f"{path}new/", {"name_sl": "X"}).status_code == 404


class TestLists:
    @pytest.mark.parametrize(
        ("language", "words"),
        [("sl", ("Faze posla", "Šifrant", "V rabi")), ("en", ("Stages of a sale",))],
    )
    def test_all_lists(self, nina: User, language: str, words: tuple[str]) -> None:
        User.objects.filter(pk=nina.pk).update(language=language)
        html = signed_in(nina).get("/settings/").content.decode()
        assert len(names(html)) == 9
        for word in words:
            assert word in html

    def test_one_list_in_its_order(self, admin: Client) -> None:
        Stage.objects.filter(code="won").update(life_cycle="retiring")
        for headers in ({}, LIST):
            html = admin.get(PAGES[2], headers=headers).content.decode()
            assert names(html)[:2] == ["Prvi stik", "Prepoznana potreba"]
            assert "se ukinja" in html
            assert "80 %" in html

    def test_an_entry_is_added_and_offered_by_the_form(self, admin: Client) -> None:
        make_company("Alpina")
        data = {"name_sl": "Spletna stran", "name_en": "Web site", "code": ""}
        answer = admin.post("/settings/lists/reasons/new/", data)
        assert answer["Location"] == "/settings/lists/reasons/"
        assert Reason.objects.get(code="spletna_stran").name_en == "Web site"
        assert "Spletna stran" in admin.get("/events/new/").content.decode()
        path = "/settings/lists/reasons/entries/spletna_stran/"
        admin.post(path, {"life_cycle": "retiring"})
        assert "Spletna stran" not in admin.get("/events/new/").content.decode()

    def test_bad_input_comes_back(self, admin: Client) -> None:
        data = {
            "name_sl": "",
            "name_en": "<b>Trial",
            "code": "won",
            "probability_percent": "140",
            "closes": "",
        }
        answer = admin.post("/settings/lists/stages/new/", data, headers=WINDOW)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "&lt;b&gt;Trial" in html
        for field in ("name_sl", "code", "probability_percent"):
            assert f'id="error_{field}"' in html
        answer = admin.post(ENTRY, {"probability_percent": "many"})
        assert answer.status_code == 422
        assert Stage.objects.count() == 7

    def test_the_last_one_says_why(self, admin: Client) -> None:
        Stage.objects.filter(closes="").exclude(code="negotiation").update(
            life_cycle="off"
        )
        answer = admin.post(ENTRY, {"life_cycle": "off"})
        assert answer.status_code == 422
        assert "Najprej dodajte drugega" in answer.content.decode()

    def test_moving_with_and_without_script(self, admin: Client) -> None:
        html = admin.post(f"{ENTRY}move/", {"to": "up"}, headers=LIST).content.decode()
        assert "<html" not in html
        assert names(html)[3:5] == ["Pogajanja", "Ponudba poslana"]
        answer = admin.post(f"{ENTRY}move/", {"to": "down"})
        assert answer["Location"] == "/settings/lists/stages/"
        assert names(admin.get(PAGES[2]).content.decode())[4] == "Pogajanja"


class TestNumbering:
    def test_changes_before_the_first_record(self, admin: Client, nina: User) -> None:
        answer = admin.post(PAGES[1], {"kind": "task", "letters": " op "})
        assert answer.status_code == 302
        company = make_company("Alpina")
        made = make_activity(nina, company, kind="task")
        assert str(made.reference).startswith("OP-")
        forgiving = str(made.reference).lower().replace("-0000", "-")
        found = admin.get("/palette/", {"q": forgiving}).content.decode()
        assert str(made.reference) in found
        assert Record.objects.filter(subject="setting").get().changes == {
            "prefix.task": ["N", "OP"]
        }

    @pytest.mark.parametrize("letters", ["", "ABCDE", "Č", "A1", "d", "<b>"])
    def test_bad_letters(self, admin: Client, letters: str) -> None:
        answer = admin.post(PAGES[1], {"kind": "task", "letters": letters})
        assert answer.status_code == 422
        assert 'id="error_letters_task"' in answer.content.decode()
        assert not Prefix.objects.exists()

    def test_no_such_kind(self, admin: Client) -> None:
        answer = admin.post(PAGES[1], {"kind": "x", "letters": "X"})
        assert answer.status_code == 422

    def test_fixed_after_it(self, admin: Client, nina: User) -> None:
        company: Company = make_company("Alpina")
        make_activity(nina, company, kind="task")
        html = admin.get(PAGES[1]).content.decode()
        assert "stalno" in html
        answer = admin.post(PAGES[1], {"kind": "task", "letters": "X"})
        assert answer.status_code == 422
        set_prefix(context=acting(nina), kind="task", letters="N")
        assert not Prefix.objects.exists()


class TestPhoneNumbers:
    @pytest.fixture(autouse=True)
    def _forgotten(self) -> Iterator[None]:
        yield
        forget_preferences()

    def test_the_form_chosen_is_in_use_at_once(self, nina: User, admin: Client) -> None:
        company = make_company("Alpina", owner=nina, phone="+38641234567")
        make_contact(company, last_name="Kos", mobile="+38640123456")
        pages = [f"/companies/{company.pk}/", "/contacts/"]
        for page in pages:
            assert "(00386)4" in admin.get(page).content.decode()
        answer = admin.post("/settings/display/", {"phone_form": "international"})
        assert (answer.status_code, answer["Location"]) == (302, "/settings/")
        company_page, contacts = (admin.get(p).content.decode() for p in pages)
        assert "+386 41 234 567" in company_page
        assert 'href="tel:+38641234567"' in company_page
        assert "+386 40 123 456" in contacts
        assert "(00386)" not in company_page + contacts
        form = admin.get(f"/companies/{company.pk}/edit/").content.decode()
        assert 'value="+386 41 234 567"' in form

    def test_what_is_no_form_is_refused(self, nina: User, admin: Client) -> None:
        answer = admin.post("/settings/display/", {"phone_form": "x"})
        assert answer.status_code == 422
        assert "error_phone_form" in answer.content.decode()
        assert not Preferences.objects.exists()
