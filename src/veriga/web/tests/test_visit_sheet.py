"""Priprava na obisk: what stands on the sheet, for whom, and how many statements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from veriga.access.rules import Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.services import add_entry
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.tests.factories import make_company, make_contact

from .clients import signed_in

pytestmark = pytest.mark.django_db
MOST = 12


def sheet(web, company) -> str:
    answer = web.get(f"/companies/{company.pk}/visit/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_what_stands_on_it(web, maja, company):
    make_contact(company, first_name="Eva", last_name="Kos", mobile="040 123 456")
    now = timezone.now()
    for number in range(7):
        make_activity(
            maja, company, title=f"Klic {number}", now=now, days_ago=number + 1
        )
    make_activity(maja, company, "task", title="Pošlji vzorec", now=now)
    make_activity(maja, company, "product_record", title="Vzorec LP-20", now=now)
    make_activity(maja, company, "quote", title="Linija LP-40", now=now)
    page = sheet(web, company)
    for words in ("Eva Kos", "tel:040123456", "Pošlji vzorec", "Vzorec LP-20"):
        assert words in page
    assert "Linija LP-40" in page
    assert [f"Klic {n}" in page for n in range(7)] == [True] * 5 + [False] * 2


def test_texts_are_told_but_not_the_confidential_ones(web, maja, company):
    maja.may_see_confidential = True
    maja.save()
    one = make_activity(maja, company, now=timezone.now())
    for text, is_secret in (("Skrivno", True), ("Hočejo dva kosa", False)):
        add_entry(
            context=acting(maja),
            reference=one.reference,
            text=text,
            confidential=is_secret,
        )
    page = sheet(signed_in(make_user(team=maja.team, language="sl")), company)
    assert "Hočejo dva kosa" in page and "Skrivno" not in page


def test_what_did_not_take_place_is_no_contact(web, maja, company):
    now = timezone.now()
    make_activity(
        maja, company, title="Odpadlo", now=now, done_at=now, result="cancelled"
    )
    ahead = now + timedelta(days=3)
    make_activity(maja, company, title="Pred nami", now=now, starts_at=ahead)
    page = sheet(web, company)
    talks = page.split("Zadnji stiki")[1].split("Odprto delo")[0]
    assert "Odpadlo" not in talks and "Pred nami" not in talks
    assert "Stika še ni bilo." in talks
    assert "Pred nami" in page


def test_an_empty_company_and_its_address(web, maja):
    bare = make_company("Prazna", owner=maja)
    page = sheet(web, bare)
    assert "openstreetmap.org" not in page and "Nič ni odprtega." in page
    bare.street, bare.postcode, bare.town = "Savska 3", "4000", "Kranj"
    bare.save()
    page = sheet(web, bare)
    assert "query=Savska%203%2C%204000%20Kranj%2C%20Slovenija" in page
    assert "geo:0,0?q=Savska" in page


def test_others_do_not_get_it(company):
    stranger = signed_in(make_user(team=make_team(), scope=Scope.OWN))
    assert stranger.get(f"/companies/{company.pk}/visit/").status_code == 404


def test_its_statements(web, maja, company):
    for _ in range(8):
        make_activity(maja, company, now=timezone.now())
        make_contact(company)
    web.get(f"/companies/{company.pk}/visit/")
    with CaptureQueriesContext(
        connection,
    ) as caught:
        web.get(f"/companies/{company.pk}/visit/")
    assert len(caught) <= MOST


def test_without_a_seat_the_way_leads_to_a_site(web, company):
    company.town = company.street = company.postcode = ""
    company.save()
    for kind, town in (("invoice", "Kranj"), ("site", "Domžale")):
        company.addresses.create(kind=kind, town=town)
    page = web.get(f"/companies/{company.pk}/visit/").content.decode()
    assert "Dom%C5%BEale" in page
    assert "geo:0,0?q=Kranj" not in page
