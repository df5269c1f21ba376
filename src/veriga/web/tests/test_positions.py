"""Contacts at several companies, on their pages and in the forms of records."""

from __future__ import annotations

import pytest
from django.test import Client

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import acting, make_team, make_user
from veriga.activities.tests.factories import make_activity
from veriga.parties.models import Company, Contact, Position
from veriga.parties.services import add_position
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.services import install_code_lists

from .clients import WINDOW, signed_in
from .test_two_people import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja() -> User:
    install_code_lists()
    team = make_team("Prodaja")
    return make_user("Maja Kovač", team=team, scope=Scope.ALL, language="sl")


@pytest.fixture
def alpina(maja: User) -> Company:
    return make_company("Alpina Pak", owner=maja)


@pytest.fixture
def birokrat(maja: User) -> Company:
    return make_company("Birokrat", owner=maja)


@pytest.fixture
def kos(alpina: Company) -> Contact:
    return make_contact(alpina, first_name="Eva", last_name="Kos", function="Krovec")


@pytest.fixture
def web(maja: User) -> Client:
    return signed_in(maja)


def html(client: Client, address: str) -> str:
    return client.get(address).content.decode()


class TestTheForm:
    def test_adds_shows_changes_and_removes(
        self, web: Client, kos: Contact, birokrat: Company, alpina: Company
    ) -> None:
        address = f"/contacts/{kos.pk}/companies/new/"
        typed = {
            **form_of(html(web, address)),
            "company": birokrat.pk,
            "function": "Prokurist",
            "since_on": "2026-03-01",
        }
        answer = web.post(address, typed)
        assert answer["Location"] == f"/contacts/{kos.pk}/"
        page = html(web, f"/contacts/{kos.pk}/")
        assert "Prokurist · od 1. 3. 2026" in page
        position = Position.objects.get()
        one = f"/contacts/{kos.pk}/companies/{position.pk}/"
        assert one in page
        web.post(one, {**form_of(html(web, one)), "until_on": "2026-09-30"})
        assert "do 30. 9. 2026" in html(web, f"/contacts/{kos.pk}/")
        assert "do 30. 9. 2026" in html(web, f"/companies/{birokrat.pk}/")
        history = html(web, f"/contacts/{kos.pk}/?history")
        assert "Birokrat, Prokurist, od 1. 3. 2026, do 30. 9. 2026" in history
        assert web.post(f"{one}remove/").status_code == 302
        assert not Position.objects.exists()

    def test_somebody_moves_to_another_company(
        self, web: Client, kos: Contact, birokrat: Company, alpina: Company
    ) -> None:
        address = f"/contacts/{kos.pk}/companies/new/"
        typed = {
            **form_of(html(web, address)),
            "company": birokrat.pk,
            "is_first": "on",
            "left_on": "2026-02-28",
        }
        assert web.post(address, typed).status_code == 302
        kos.refresh_from_db()
        assert kos.company == birokrat
        former = Position.objects.get()
        assert (former.company, former.until_on.isoformat()) == (alpina, "2026-02-28")
        assert "Alpina Pak" in html(web, f"/contacts/{kos.pk}/?history")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"company": "", "company_text": "Bir"}, "company"),
            ({"company": "", "company_text": ""}, "company"),
            ({"since_on": "včeraj"}, "since_on"),
            ({"since_on": "2026-03-01", "until_on": "2026-02-01"}, "until_on"),
            ({"is_first": "on", "left_on": "x"}, "left_on"),
        ],
    )
    def test_bad_input_gives_everything_back(
        self, web: Client, kos: Contact, birokrat: Company, changes, field
    ) -> None:
        address = f"/contacts/{kos.pk}/companies/new/"
        typed = {"company": birokrat.pk, "function": "Prokurist", **changes}
        answer = web.post(address, typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f"error_{field}" in page
        assert form_of(page)["function"] == "Prokurist"
        assert not Position.objects.exists()

    def test_a_company_that_is_not_seen_is_no_choice(
        self, maja: User, kos: Contact
    ) -> None:
        User.objects.filter(pk=maja.pk).update(scope=Scope.TEAM)
        hidden = make_company("Skrita", owner=make_user(team=make_team()))
        answer = signed_in(maja).post(
            f"/contacts/{kos.pk}/companies/new/", {"company": hidden.pk}
        )
        assert answer.status_code == 422
        assert "Skrita" not in answer.content.decode()

    def test_what_somebody_else_saved_is_not_overwritten(
        self, web: Client, kos: Contact, birokrat: Company
    ) -> None:
        address = f"/contacts/{kos.pk}/companies/new/"
        typed = {**form_of(html(web, address)), "company": birokrat.pk}
        Contact.objects.filter(pk=kos.pk).update(row_version=5)
        answer = web.post(address, typed)
        assert answer.status_code == 422
        back = form_of(answer.content.decode())
        assert (back["row_version"], back["company"]) == ("5", str(birokrat.pk))
        assert web.post(address, back).status_code == 302

    def test_readers_have_none(self, kos: Contact, birokrat: Company) -> None:
        reader = signed_in(make_user(role=Role.READER, scope=Scope.ALL))
        address = f"/contacts/{kos.pk}/companies/new/"
        assert reader.get(address).status_code == 403
        answer = reader.post(address, {"company": birokrat.pk})
        assert answer.status_code == 403
        assert "companies/new" not in html(reader, f"/contacts/{kos.pk}/")


class TestFromTheOtherCompany:
    def test_the_first_one_is_not_betrayed(
        self, maja: User, kos: Contact, alpina: Company
    ) -> None:
        cilka = make_user("Cilka", scope=Scope.OWN)
        hers = make_company("Cvet", owner=cilka)
        add_position(
            context=acting(maja),
            contact_id=kos.pk,
            company_id=hers.pk,
            function="Prokurist",
        )
        web = signed_in(cilka)
        for address in (
            "/contacts/",
            "/contacts/?q=kos",
            "/contacts/find/?q=kos",
            "/palette/?q=kos",
            f"/companies/{hers.pk}/",
            f"/companies/{hers.pk}/visit/",
            f"/contacts/{kos.pk}/",
            f"/contacts/{kos.pk}/?history",
            f"/contacts/{kos.pk}/edit/",
            f"/contacts/{kos.pk}/card.vcf",
            f"/contacts/choices/?company={hers.pk}",
        ):
            page = html(web, address)
            assert "Kos" in page, address
            assert "Alpina" not in page, address
            assert "Krovec" not in page, address
        form = form_of(html(web, f"/contacts/{kos.pk}/edit/"))
        assert "function" not in form
        answer = web.post(f"/contacts/{kos.pk}/edit/", {**form, "email": "e@k.si"})
        assert answer.status_code == 302
        kos.refresh_from_db()
        assert (kos.email, kos.function) == ("e@k.si", "Krovec")


class TestRecords:
    def test_a_further_contact_takes_part(
        self, web: Client, maja: User, kos: Contact, birokrat: Company
    ) -> None:
        add_position(
            context=acting(maja),
            contact_id=kos.pk,
            company_id=birokrat.pk,
            function="Prokurist",
        )
        address = f"/events/new/?company={birokrat.pk}"
        page = web.get(address, headers=WINDOW).content.decode()
        assert "Prokurist" in page
        answer = web.post(
            "/events/new/",
            {
                **form_of(page),
                "company": birokrat.pk,
                "title": "Obisk",
                "contacts": kos.pk,
            },
        )
        assert answer.status_code == 302
        record = html(web, answer["Location"])
        assert "Eva Kos" in record
        assert "Prokurist" in record

    def test_a_search_keeps_what_is_ticked(
        self, web: Client, kos: Contact, alpina: Company
    ) -> None:
        for n in range(31):
            make_contact(alpina, last_name=f"Avsec{n:02}")
        page = html(web, f"/events/new/?company={alpina.pk}")
        assert 'name="contact_q"' in page
        assert "Eva Kos" not in page
        found = html(
            web,
            f"/contacts/choices/?company={alpina.pk}&contact_q=avsec30"
            f"&contacts={kos.pk}",
        )
        assert "Eva Kos" in found
        assert "Avsec30" in found
        assert "Avsec29" not in found
        assert f'value="{kos.pk}" checked' in found


class TestAllWithSomebody:
    def test_their_activities_are_one_list(
        self, web: Client, maja: User, kos: Contact, alpina: Company
    ) -> None:
        for n in range(52):
            make_activity(maja, alpina, contacts=[kos.pk], title=f"Klic {n}")
        make_activity(maja, alpina, title="Brez osebe")
        assert f"/activities/?contact={kos.pk}" in html(web, f"/contacts/{kos.pk}/")
        page = html(web, f"/activities/?contact={kos.pk}")
        assert "52 zadetkov" in page
        assert "Brez osebe" not in page
        assert "Odstrani filter: Eva Kos" in page
        assert f'name="contact" value="{kos.pk}"' in page

    def test_of_somebody_unseen_there_is_none(self, kos: Contact) -> None:
        web = signed_in(make_user(team=make_team()))
        assert web.get(f"/activities/?contact={kos.pk}").status_code == 404
