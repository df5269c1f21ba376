"""Custom fields in the pages: settings, forms, lists, filters, history, and the API."""

from __future__ import annotations

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import acting, make_user
from veriga.activities.models import Activity
from veriga.activities.tests.factories import make_activity
from veriga.parties.models import Company, Contact
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.models import CustomField
from veriga.setup.queries import forget_code_lists
from veriga.setup.services import create_field, update_field

from .clients import signed_in
from .test_two_people import opened

pytestmark = pytest.mark.django_db
CHOICES = [{"name_sl": "Sejem", "name_en": "Fair"}, {"name_sl": "Splet"}]


@pytest.fixture
def boss() -> User:
    forget_code_lists()
    return make_user("Boštjan", role=Role.ADMINISTRATOR, language="sl")


def add(boss: User, subject: str, name: str, type_: str = "text", **more):
    return create_field(
        context=acting(boss), subject=subject, type_=type_, name_sl=name, **more
    )


def page(web, address: str) -> str:
    return html.unescape(" ".join(web.get(address).content.decode().split()))


class TestSettings:
    def test_an_administrator_adds_one_and_it_is_in_the_form(self, boss, web):
        browser = signed_in(boss)
        data = {
            "subject": "company",
            "type": "choice",
            "name_sl": "Vir",
            "name_en": "Source",
            "in_list": "on",
            "choice_code": ["", ""],
            "choice_name_sl": ["Sejem", "Splet"],
            "choice_name_en": ["Fair", ""],
        }
        assert browser.post("/settings/fields/new/", data).status_code == 302
        field = CustomField.objects.get()
        assert [c["name_sl"] for c in field.choices] == ["Sejem", "Splet"]
        assert "Vir" in page(browser, "/settings/fields/")
        assert 'name="custom_vir"' in page(web, "/companies/new/")
        address = f"/settings/fields/{field.pk}/"
        codes_there = [c["code"] for c in field.choices]
        answer = browser.post(
            address,
            {
                "name_sl": "Izvor",
                "life_cycle": "active",
                "choice_code": [*codes_there, ""],
                "choice_name_sl": ["Sejem", "", "Priporočilo"],
                "choice_name_en": ["", "", ""],
            },
        )
        assert answer.status_code == 302
        field.refresh_from_db()
        assert field.name_sl == "Izvor" and not field.in_list
        assert [(c["name_sl"], c["is_off"]) for c in field.choices] == [
            ("Sejem", False),
            ("Priporočilo", False),
            ("Splet", True),
        ]

    def test_a_refused_form_comes_back_as_typed(self, boss):
        browser = signed_in(boss)
        data = {"subject": "task", "type": "choice", "name_sl": "Vir"}
        answer = browser.post("/settings/fields/new/", data)
        assert answer.status_code == 422
        assert 'value="Vir"' in answer.content.decode()
        assert not CustomField.objects.exists()

    def test_the_order(self, boss):
        one, two = add(boss, "task", "A"), add(boss, "task", "B")
        browser = signed_in(boss)
        browser.post(f"/settings/fields/{two.pk}/move/", {"down": "0"})
        text = page(browser, "/settings/fields/")
        assert text.index(f"/{two.pk}/") < text.index(f"/{one.pk}/")

    @pytest.mark.parametrize("path", ["", "new/", "1/"])
    def test_nobody_else(self, web, path):
        assert web.get(f"/settings/fields/{path}").status_code == 403
        assert web.post("/settings/fields/new/", {}).status_code == 403
        assert web.post("/settings/fields/1/move/", {}).status_code == 403


class TestCompany:
    def test_form_page_list_filter_and_history(self, boss, web, maja, company):
        number = add(boss, "company", "Paketov na uro", "number", in_list=True)
        source = add(boss, "company", "Vir", "choice", choices=CHOICES, in_list=True)
        visit = add(boss, "company", "Ogled", "date")
        known = add(boss, "company", "Referenca", "yes_no")
        address = f"/companies/{company.pk}/edit/"
        form = opened(web, address)
        form |= {
            "custom_paketov-na-uro": "1.250,5",
            "custom_vir": "sejem",
            "custom_ogled": "2026-11-23",
            "custom_referenca": "yes",
        }
        assert web.post(address, form).status_code == 302
        company.refresh_from_db()
        assert company.custom == {
            number.key: "1250.5",
            source.key: "sejem",
            visit.key: "2026-11-23",
            known.key: True,
        }
        details = page(web, f"/companies/{company.pk}/?tab=data&history")
        for words in ("1.250,5", "Sejem", "23. 11. 2026", "Vir: – → Sejem"):
            assert words in details
        again = opened(web, address)
        assert again["custom_paketov-na-uro"] == "1250,5"
        make_company("Druga", owner=maja)
        listed = page(web, "/companies/")
        assert "1.250,5" in listed and "Druga" in listed
        narrowed = page(web, "/companies/?custom_vir=sejem")
        assert company.name in narrowed and "Druga" not in narrowed
        for wrong in ("custom_vir=splet", "custom_referenca=no"):
            assert (
                company.name
                not in page(web, f"/companies/?{wrong}").split("<tbody")[-1]
            )
        assert company.name in page(web, "/companies/?custom_paketov-na-uro=1250,5")
        assert company.name in page(web, "/companies/?custom_vir=ni-je")

    def test_bad_input_comes_back_and_changes_nothing(self, boss, web, company):
        add(boss, "company", "Paketov", "number")
        add(boss, "company", "Ogled", "date")
        address = f"/companies/{company.pk}/edit/"
        form = opened(web, address) | {"custom_paketov": "več", "custom_ogled": "x"}
        answer = web.post(address, form)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert 'value="več"' in text and "error_custom_paketov" in text
        assert Company.objects.get(pk=company.pk).custom == {}

    def test_two_people(self, boss, web, company):
        field = add(boss, "company", "Vir", "choice", choices=CHOICES)
        address = f"/companies/{company.pk}/edit/"
        mine = opened(web, address)
        web.post(address, opened(web, address) | {"custom_vir": "sejem"})
        answer = web.post(address, mine | {"town": "Celje"})
        assert "Medtem spremenjeno; prej: nič" in answer.content.decode()
        company.refresh_from_db()
        assert company.custom == {field.key: "sejem"}


def test_a_contact_has_them_too(boss, web, company):
    field = add(boss, "contact", "Rojstni dan", "date", in_list=True)
    contact = make_contact(company)
    address = f"/contacts/{contact.pk}/edit/"
    form = opened(web, address) | {"custom_rojstni-dan": "1980-05-01"}
    assert web.post(address, form).status_code == 302
    assert Contact.objects.get().custom == {field.key: "1980-05-01"}
    assert "1. 5. 1980" in page(web, f"/contacts/{contact.pk}/")
    assert "1. 5. 1980" in page(web, "/contacts/")
    add(boss, "contact", "Vloga", "choice", choices=CHOICES)
    new = opened(web, f"/contacts/new/?company={company.pk}")
    new |= {"company": str(company.pk), "last_name": "Kos", "custom_vloga": "splet"}
    assert web.post("/contacts/new/", new).status_code == 302
    assert "splet" in Contact.objects.get(last_name="Kos").custom.values()


@pytest.fixture
def kept_count(web):
    """Return how many statements a page takes once code lists are read."""

    def count(address: str) -> int:
        page(web, address)
        with CaptureQueriesContext(connection) as caught:
            page(web, address)
        return len(caught)

    return count


class TestActivity:
    def test_form_record_filter_and_history(self, boss, web, maja, company):
        field = add(boss, "event", "Kanal", "choice", choices=CHOICES)
        form = opened(web, f"/events/new/?company={company.pk}")
        form |= {"title": "Klic", "company": str(company.pk), "custom_kanal": "sejem"}
        assert web.post("/events/new/", form).status_code == 302
        one = Activity.objects.get()
        assert one.custom == {field.key: "sejem"}
        assert "Kanal" in page(web, f"/activities/{one.reference}/")
        address = f"/activities/{one.reference}/edit/"
        form = opened(web, address) | {"custom_kanal": "splet"}
        assert web.post(address, form).status_code == 302
        text = page(web, f"/activities/{one.reference}/?history")
        assert "Kanal: Sejem → Splet" in text
        make_activity(maja, company, title="Drug")
        rows = page(web, "/events/?custom_kanal=splet").split("<tbody")[-1]
        assert "Klic" in rows and "Drug" not in rows
        assert 'name="custom_kanal"' not in page(web, "/tasks/")

    def test_a_column_of_its_list(self, boss, web, maja, company, kept_count):
        make_activity(maja, company, "task", title="Brez")
        before = kept_count("/tasks/")
        add(boss, "task", "Oddelek", in_list=True)
        add(boss, "event", "Kanal", in_list=True)
        make_activity(maja, company, "task", custom={"oddelek": "R&D <b>"})
        listed = web.get("/tasks/").content.decode()
        head = listed.split("<thead")[1].split("</thead")[0]
        assert "Oddelek" in head and "Kanal" not in head
        assert '<td class="c-custom">R&amp;D &lt;b&gt;</td>' in listed
        assert listed.count('<td class="c-custom">') == 2
        assert kept_count("/tasks/") == before + 1
        # Neither over all kinds nor in the rows of a company, which have no column.
        assert "c-custom" not in page(web, "/activities/")
        assert "c-custom" not in page(web, f"/companies/{company.pk}/")

    def test_what_is_off_is_not_offered_and_stays(self, boss, web, maja, company):
        field = add(boss, "task", "Oddelek")
        one = make_activity(maja, company, "task", custom={"oddelek": "servis"})
        update_field(context=acting(boss), field_id=field.pk, life_cycle="off")
        address = f"/activities/{one.reference}/edit/"
        form = opened(web, address) | {"title": "Novo"}
        assert form["custom_oddelek"] == "servis"
        assert web.post(address, form).status_code == 302
        one.refresh_from_db()
        assert (one.title, one.custom) == ("Novo", {field.key: "servis"})
        assert "custom_oddelek" not in page(web, f"/tasks/new/?company={company.pk}")
