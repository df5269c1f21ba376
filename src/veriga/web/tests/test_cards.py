"""A contact as a vCard."""

from __future__ import annotations

import pytest

from veriga.access.rules import Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.parties.tests.factories import make_company, make_contact

from .clients import signed_in

pytestmark = pytest.mark.django_db


def test_it_holds_what_a_phone_wants(web, maja):
    company = make_company(
        "Žaga; Mizarstvo, d. o. o.",
        owner=maja,
        street="Savska 3",
        postcode="4000",
        town="Kranj",
        website="zaga.example",
    )
    contact = make_contact(
        company,
        first_name="Eva",
        last_name="Kos 😀",
        function="Vodja nabave" * 6,
        mobile="040 123 456",
        email="eva@zaga.example",
    )
    answer = web.get(f"/contacts/{contact.pk}/card.vcf")
    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    text = answer.content.decode()
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCARD" and lines[-2:] == ["END:VCARD", ""]
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = text.replace("\r\n ", "").split("\r\n")
    assert "N:Kos 😀;Eva;;;" in whole
    assert r"ORG:Žaga\; Mizarstvo\, d. o. o." in whole
    assert "TEL;TYPE=CELL:040 123 456" in whole
    assert "ADR;TYPE=WORK:;;Savska 3;Kranj;;4000;Slovenija" in whole
    assert "URL:https://zaga.example" in whole
    assert "TITLE:" + "Vodja nabave" * 6 in whole
    assert not any(line.startswith("TEL;TYPE=WORK") for line in whole)


def test_a_new_line_cannot_add_a_property(web, company):
    contact = make_contact(company, first_name="Eva\nTEL:112", last_name="Kos")
    text = web.get(f"/contacts/{contact.pk}/card.vcf").content.decode()
    assert "\r\nTEL:112" not in text and r"Eva\nTEL:112" in text


def test_others_get_none(company):
    contact = make_contact(company)
    stranger = signed_in(make_user(team=make_team(), scope=Scope.OWN))
    assert stranger.get(f"/contacts/{contact.pk}/card.vcf").status_code == 404
