"""Two people at one record: the second sees what changed and decides."""

from __future__ import annotations

import html
import json
import re

import pytest

from veriga.access.rules import Role
from veriga.access.tests.factories import make_user
from veriga.activities.models import Activity
from veriga.activities.services import update_activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.models import Company, Contact
from veriga.parties.tests.factories import make_contact

from .clients import signed_in

pytestmark = pytest.mark.django_db


def form_of(page: str) -> dict[str, object]:
    """Return what a browser would send of the form in `page`."""
    page = page.split("<form", 1)[1] if "record-form" not in page else page
    found: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        is_off = re.search(r"type=\"(?:checkbox|radio)\"", tag) and "checked" not in tag
        if name and not is_off:
            said = html.unescape(value[1]) if value else ""
            found[name[1]] = said
    for name, inside in re.findall(
        r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        first = re.search(r'<option value="([^"]*)"', inside)
        option = chosen or first
        found[name] = html.unescape(option[1]) if option else ""
    return found


def opened(web, address: str) -> dict[str, object]:
    return form_of(web.get(address).content.decode())


class TestCompany:
    def test_what_was_not_touched_takes_the_others_values(self, web, maja, company):
        address = f"/companies/{company.pk}/edit/"
        mine, theirs = opened(web, address), opened(web, address)
        web.post(address, {**theirs, "town": "Celje", "phone": "01 234 56 78"})
        answer = web.post(
            address, {**mine, "street": "Nova 1", "phone": "02 111 22 33"}
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        back = form_of(page)
        assert (back["town"], back["street"]) == ("Celje", "Nova 1")
        assert back["phone"] == "02 111 22 33"
        assert "Zdaj shranjeno: (00386)1 234-5678" in page
        assert "Medtem spremenjeno; prej: nič" in page
        assert Company.objects.get(pk=company.pk).street == ""
        assert web.post(address, back).status_code == 302
        company.refresh_from_db()
        assert (company.town, company.street) == ("Celje", "Nova 1")
        assert company.phone == "+38621112233"

    def test_selects_are_told_in_words(self, web, company):
        address = f"/companies/{company.pk}/edit/"
        mine = opened(web, address)
        web.post(address, {**opened(web, address), "country": "AT"})
        page = web.post(address, {**mine, "country": "DE"}).content.decode()
        assert "Zdaj shranjeno: Avstrija" in page

    def test_wrong_input_keeps_what_was_opened(self, web, company):
        address = f"/companies/{company.pk}/edit/"
        mine = opened(web, address)
        web.post(address, {**opened(web, address), "town": "Celje"})
        # Refused for its name by nobody: stale comes first, then the name.
        back = form_of(web.post(address, {**mine, "name": ""}).content.decode())
        assert back["town"] == "Celje"
        again = form_of(web.post(address, back).content.decode())
        assert again["opened"] == back["opened"]

    @pytest.mark.parametrize("junk", ["", "x", "[]", '{"town": 5}', "{" * 100])
    def test_junk_in_the_hidden_field_is_passed_over(self, web, company, junk):
        address = f"/companies/{company.pk}/edit/"
        mine = opened(web, address)
        web.post(address, {**opened(web, address), "town": "Celje"})
        answer = web.post(address, {**mine, "town": "Koper", "opened": junk})
        assert answer.status_code == 422
        assert "Zdaj shranjeno: Celje" in answer.content.decode()


def test_a_contact_is_joined_too(web, company):
    contact = make_contact(company)
    address = f"/contacts/{contact.pk}/edit/"
    mine = opened(web, address)
    web.post(address, {**opened(web, address), "function": "Direktorica"})
    back = form_of(web.post(address, {**mine, "note": "x"}).content.decode())
    assert back["function"] == "Direktorica"
    assert web.post(address, back).status_code == 302
    assert Contact.objects.get().function == "Direktorica"


def test_a_user_is_joined_too(maja):
    boss = signed_in(make_user(role=Role.ADMINISTRATOR, language="sl"))
    address = f"/users/{maja.pk}/"
    mine = opened(boss, address)
    boss.post(address, {**opened(boss, address), "role": "manager"})
    page = boss.post(address, {**mine, "name": "Maja Novak"}).content.decode()
    back = form_of(page)
    assert (back["role"], back["name"]) == ("manager", "Maja Novak")
    assert "Medtem spremenjeno; prej: Prodaja" in page


class TestActivity:
    def test_place_of_the_other_and_title_of_mine(self, web, maja, company):
        one = make_activity(maja, company, title="Obisk", place="Kranj")
        address = f"/activities/{one.reference}/edit/"
        mine = opened(web, address)
        update_activity(
            context=acting(maja),
            reference=one.reference,
            changes={"place": "Celje", "guests": [{"name": "Ivo Arh"}]},
        )
        answer = web.post(address, {**mine, "title": "Ogled"})
        page = answer.content.decode()
        assert answer.status_code == 422
        back = form_of(page)
        assert (back["title"], back["place"]) == ("Ogled", "Celje")
        assert "Kranj → Celje" in page and "Ivo Arh" in page
        assert "Naslov: zdaj shranjeno: Obisk" in re.sub(r"\s+", " ", page)
        back["guest_name"] = ["Ivo Arh"]
        back["guest_firm"] = back["guest_text"] = [""]
        assert web.post(address, back).status_code == 302
        one.refresh_from_db()
        assert (one.title, one.event.place) == ("Ogled", "Celje")
        assert one.event.guests[0]["name"] == "Ivo Arh"

    def test_people_that_nobody_touched_follow_the_other(self, web, maja, company):
        colleague = make_user("Rok Zupan", team=maja.team)
        one = make_activity(maja, company)
        address = f"/activities/{one.reference}/edit/"
        mine = opened(web, address)
        update_activity(
            context=acting(maja),
            reference=one.reference,
            changes={"participants": [colleague.pk]},
        )
        back = form_of(web.post(address, {**mine, "title": "Ogled"}).content.decode())
        assert back["participants"] == str(colleague.pk)
        assert json.loads(str(back["opened"]))["participants"] == [str(colleague.pk)]


def test_an_empty_change_is_no_new_version(maja, company):
    one = make_activity(maja, company)
    update_activity(context=acting(maja), reference=one.reference, changes={})
    assert Activity.objects.get(pk=one.pk).row_version == one.row_version
