"""History in words, and the page of what was deleted."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity, Change
from veriga.activities.services import (
    add_entry,
    delete_activity,
    edit_entry,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.documents.services import Upload, attach, delete_attachment
from veriga.parties.services import share_company, update_company, update_contact
from veriga.parties.tests.factories import make_contact

from .clients import signed_in

pytestmark = pytest.mark.django_db


def history(web, address: str) -> str:
    return " ".join(web.get(address).content.decode().split())


class TestActivity:
    def test_own_fields_and_people_are_told(self, web, maja, company):
        colleague = make_user("Rok Zupan", team=maja.team)
        contact = make_contact(company, first_name="Eva", last_name="Kos")
        one = make_activity(maja, company, place="Kranj")
        update_activity(
            context=acting(maja),
            reference=one.reference,
            changes={
                "place": "Celje",
                "guests": [{"name": "Ivo Arh", "firm": "Biro"}],
                "participants": [colleague.pk],
                "contacts": [contact.pk],
                "reason": "fair",
            },
        )
        page = history(web, f"/activities/{one.reference}/?history")
        for words in (
            "Kraj: Kranj → Celje",
            "Zunanje osebe: – → Ivo Arh, Biro",
            "Sodelujoči: – → Rok Zupan",
            "Kontaktne osebe: – → Eva Kos",
            "Razlog: – → Sejem",
        ):
            assert words in page

    def test_numbers_and_lines(self, web, maja, company):
        record = make_activity(maja, company, "product_record", quantity=Decimal("2.5"))
        update_activity(
            context=acting(maja),
            reference=record.reference,
            changes={
                "quantity": Decimal(3),
                "competitor": "Tekmec",
                "opinion": "Dober",
            },
        )
        page = history(web, f"/activities/{record.reference}/?history")
        assert "Količina: 2,5 → 3" in page
        assert "Konkurent: – → Tekmec" in page and "Mnenje: – → Dober" in page
        quote = make_activity(maja, company, "quote", lines=[{"text": "Stroj"}])
        update_activity(
            context=acting(maja),
            reference=quote.reference,
            changes={"lines": [{"text": "Stroj LP-40", "quantity": Decimal(2)}]},
        )
        page = history(web, f"/activities/{quote.reference}/?history")
        assert "Stroj × 1 → Stroj LP-40 × 2" in page

    def test_an_edited_entry_shows_what_stood_there(self, web, maja, company):
        one = make_activity(maja, company)
        entry = add_entry(context=acting(maja), reference=one.reference, text="Staro")
        edit_entry(context=acting(maja), entry_id=entry.pk, text="Novo")
        assert "Staro → Novo" in history(web, f"/activities/{one.reference}/?history")

    def test_a_confidential_entry_leaves_no_trace_for_others(self, maja, company):
        maja.may_see_confidential = True
        maja.save()
        one = make_activity(maja, company)
        colleague = signed_in(make_user(team=maja.team, language="sl"))
        address = f"/activities/{one.reference}/?history"
        before = history(colleague, address).split('id="record-history"')[1]
        entry = add_entry(
            context=acting(maja),
            reference=one.reference,
            text="Skrivno",
            confidential=True,
        )
        edit_entry(context=acting(maja), entry_id=entry.pk, text="Bolj skrivno")
        after = history(colleague, address).split('id="record-history"')[1]
        assert "krivno" not in after
        assert after.count("<li>") == before.count("<li>")
        assert "Skrivno → Bolj skrivno" in history(signed_in(maja), address)


class TestParties:
    def test_a_company(self, web, maja, company):
        other = make_user("Rok Zupan", team=maja.team)
        update_company(
            context=acting(maja),
            company_id=company.pk,
            town="Celje",
            country="AT",
            account_owner_id=other.pk,
        )
        guest = make_user("Eva Kos", scope=Scope.OWN)
        share_company(context=acting(other), company_id=company.pk, user_id=guest.pk)
        address = f"/companies/{company.pk}/?tab=data"
        assert "→ Celje" not in history(web, address)
        page = history(web, f"{address}&history")
        assert "Kraj: nič → Celje" in page or "Mesto: nič → Celje" in page
        assert "Država: Slovenija → Avstrija" in page
        assert "Maja Kovač → Rok Zupan" in page
        assert "Uporabnik: nič → Eva Kos" in page

    def test_a_contact(self, web, maja, company):
        contact = make_contact(company, function="Nabava")
        update_contact(context=acting(maja), contact_id=contact.pk, function="Direktor")
        page = history(web, f"/contacts/{contact.pk}/?history")
        assert "Funkcija: Nabava → Direktor" in page


class TestDeleted:
    def test_it_is_listed_and_comes_back_into_its_chain(self, web, maja, company):
        now = timezone.now()
        one = make_activity(maja, company)
        two = make_activity(
            maja, company, title="Klic o vzorcih", follows=one.reference
        )
        delete_activity(context=acting(maja, now), reference=two.reference)
        page = web.get("/deleted/").content.decode()
        assert "Klic o vzorcih" in page and str(two.reference) in page
        change = Change.objects.latest("pk")
        answer = web.post(
            reverse("undo", kwargs={"id": change.pk}), headers={"HX-Request": "true"}
        )
        assert answer.status_code == 204
        assert "Uveljavi znova" in answer.headers["HX-Trigger"]
        two.refresh_from_db()
        one.refresh_from_db()
        assert two.chain_id == one.chain_id
        assert "Klic o vzorcih" not in web.get("/deleted/").content.decode()

    def test_files_too(self, web, maja, company, settings, tmp_path):
        settings.FILES = tmp_path
        now = timezone.now()
        file = attach(
            context=acting(maja, now),
            upload=Upload("cenik.txt", [b"a"]),
            company_id=company.pk,
        )
        delete_attachment(context=acting(maja, now), attachment_id=file.pk)
        assert "cenik.txt" in web.get("/deleted/").content.decode()
        web.post(f"/attachments/{file.pk}/restore/")
        page = web.get("/deleted/").content.decode()
        assert "Izbrisano" in page and f"/attachments/{file.pk}/" not in page

    def test_who_sees_what(self, maja, company):
        now = timezone.now()
        one = make_activity(maja, company, title="Klic o vzorcih")
        delete_activity(context=acting(maja, now), reference=one.reference)
        colleague = signed_in(make_user(team=maja.team))
        boss = signed_in(make_user(role=Role.MANAGER, team=maja.team))
        far = signed_in(make_user(role=Role.MANAGER, team=make_team(), scope=Scope.OWN))
        seen = [
            "Klic o vzorcih" in one.get("/deleted/").content.decode()
            for one in (signed_in(maja), colleague, boss, far)
        ]
        assert seen == [True, False, True, False]
        reader = signed_in(make_user(role=Role.READER, team=maja.team))
        assert reader.get("/deleted/").status_code == 403

    def test_after_thirty_days_it_is_not_offered(self, web, maja, company):
        one = make_activity(maja, company, title="Davno")
        delete_activity(context=acting(maja), reference=one.reference)
        old = timezone.now() - timedelta(days=31)
        Change.objects.update(made_at=old)
        assert "Davno" not in web.get("/deleted/").content.decode()
        assert Activity.objects.get(pk=one.pk).deleted_at is not None
