"""Activating prospects, asking for it, and notices."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from django.core import mail
from django.test import Client

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import NOW, acting, make_team, make_user
from veriga.parties.models import ActivationRequest, Company
from veriga.parties.tests.factories import make_company
from veriga.setup.models import Letter, Notice
from veriga.setup.services import install_code_lists, notify
from veriga.web.letters import send_letters

from .clients import WINDOW, signed_in
from .test_two_people import form_of

pytestmark = pytest.mark.django_db
WHOLE = {
    "kind": "legal_entity",
    "tax_number": "SI15012557",
    "street": "Glavna 1",
    "postcode": "1000",
    "town": "Ljubljana",
}


@pytest.fixture
def maja() -> User:
    install_code_lists()
    return make_user("Maja Kovač", team=make_team(), language="sl")


@pytest.fixture
def cilka(maja: User) -> User:
    return make_user("Cilka Rus", team=maja.team, may_activate=True, language="en")


@pytest.fixture
def alpina(maja: User) -> Company:
    return make_company("Alpina Pak", owner=maja)


@pytest.fixture
def address(alpina: Company) -> str:
    return f"/companies/{alpina.pk}/activate/"


def html(client: Client, path: str) -> str:
    return client.get(path).content.decode()


class TestActivating:
    def test_from_the_page_of_the_company(
        self, cilka: User, alpina: Company, address: str
    ) -> None:
        web = signed_in(cilka)
        assert f'href="{address}"' in html(web, f"/companies/{alpina.pk}/")
        form = form_of(web.get(address, headers=WINDOW).content.decode())
        assert form["name"] == "Alpina Pak"
        answer = web.post(address, {**form, **WHOLE})
        assert answer["Location"] == f"/companies/{alpina.pk}/"
        alpina.refresh_from_db()
        assert (alpina.status, alpina.town) == ("active", "Ljubljana")
        assert f'href="{address}"' not in html(web, f"/companies/{alpina.pk}/")
        assert web.get(address).status_code == 302

    def test_what_is_missing_is_said_and_everything_comes_back(
        self, cilka: User, alpina: Company, address: str
    ) -> None:
        web = signed_in(cilka)
        typed = {**form_of(html(web, address)), **WHOLE, "street": "", "town": ""}
        answer = web.post(address, typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "error_street" in page
        assert "error_town" in page
        assert form_of(page)["tax_number"] == "SI15012557"
        alpina.refresh_from_db()
        assert (alpina.status, alpina.postcode) == ("prospect", "")

    def test_the_plain_form_does_not_go_around_it(
        self, maja: User, alpina: Company
    ) -> None:
        web = signed_in(maja)
        edit = f"/companies/{alpina.pk}/edit/"
        form = form_of(html(web, edit))
        assert "Aktivna stranka" not in html(web, edit)
        assert web.post(edit, {**form, "status": "active"}).status_code == 403
        alpina.refresh_from_db()
        assert alpina.status == "prospect"

    def test_what_is_not_seen_is_not_found(self, address: str) -> None:
        stranger = signed_in(make_user(team=make_team(), may_activate=True))
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, WHOLE).status_code == 404


class TestAsking:
    def test_a_notice_and_a_mail_go_out(
        self, maja: User, cilka: User, alpina: Company, address: str, settings
    ) -> None:
        settings.EMAIL_HOST = "mail.example"
        web = signed_in(maja)
        page = html(web, address)
        assert "Cilka Rus" in page
        answer = web.post(address, {"user": cilka.pk, "message": "Prosim"})
        assert answer["Location"] == f"/companies/{alpina.pk}/"
        assert send_letters() == 1
        (letter,) = mail.outbox
        assert letter.to == [f"Cilka Rus <{cilka.email}>"]
        assert letter.subject == (
            "Veriga: Alpina Pak: please make it an active customer. (Maja Kovač)"
        )
        assert f"{settings.ADDRESS}{address}" in letter.body
        assert "Prosim" in letter.body
        hers = html(signed_in(cilka), "/notices/")
        assert "please make it an active customer" in hers
        assert "Cilka Rus" in html(web, address)  # that she was asked
        again = web.post(address, {"user": cilka.pk})
        assert again.status_code == 422
        assert Notice.objects.count() == 1

    def test_a_mail_that_fails_loses_nothing(
        self, maja: User, cilka: User, address: str, settings
    ) -> None:
        settings.EMAIL_HOST = "mail.example"
        answer = signed_in(maja).post(address, {"user": cilka.pk})
        assert answer.status_code == 302
        with patch("django.core.mail.EmailMessage.send", side_effect=OSError):
            assert send_letters() == 0
        assert Letter.objects.get().sent_at is None
        assert Notice.objects.filter(user=cilka).count() == 1

    @pytest.mark.parametrize(
        ("typed", "error"),
        [
            ({}, "error_user"),
            ({"user": "x"}, "error_user"),
            ({"user": "999999"}, "error_user"),
            ({"message": "x" * 501}, "error_message"),
        ],
    )
    def test_bad_input_changes_nothing(
        self, maja: User, cilka: User, address: str, typed, error
    ) -> None:
        answer = signed_in(maja).post(
            address, {"user": cilka.pk, **typed} if "message" in typed else typed
        )
        assert answer.status_code == 422
        assert error in answer.content.decode()
        assert not ActivationRequest.objects.exists()

    def test_readers_have_no_such_page(self, maja: User, address: str) -> None:
        reader = signed_in(make_user(role=Role.READER, team=maja.team))
        assert reader.get(address).status_code == 403


class TestNotices:
    @pytest.fixture
    def notice(self, maja: User, alpina: Company) -> Notice:
        return notify(
            context=acting(maja, NOW),
            user_id=maja.pk,
            kind="activated",
            params={
                "company_id": alpina.pk,
                "company": "Alpina <Pak>",
                "who": "Cilka Rus",
            },
        )

    def test_are_counted_opened_and_read(self, maja: User, notice: Notice) -> None:
        # The company's name is today's, not the one of the day it was sent.
        Company.objects.update(name="Alpina & Pak")
        web = signed_in(maja)
        assert web.get("/nav/counts/").json()["notices"]["number"] == 1
        page = html(web, "/notices/")
        assert "Alpina &amp; Pak je zdaj aktivna stranka." in page
        answer = web.post(f"/notices/{notice.pk}/")
        assert answer["Location"] == f"/companies/{notice.params['company_id']}/"
        assert web.get("/nav/counts/").json()["notices"]["number"] == 0
        assert "is-unread" not in html(web, "/notices/")

    def test_all_at_once(self, maja: User, notice: Notice) -> None:
        web = signed_in(maja)
        assert web.post("/notices/read/").status_code == 302
        assert web.get("/nav/counts/").json()["notices"]["number"] == 0

    def test_are_ones_own(self, cilka: User, notice: Notice) -> None:
        web = signed_in(cilka)
        assert "Alpina" not in html(web, "/notices/")
        assert web.post(f"/notices/{notice.pk}/").status_code == 404
        web.post("/notices/read/")
        notice.refresh_from_db()
        assert notice.read_at is None

    def test_one_that_nobody_knows_leads_back_to_the_list(
        self, maja: User, notice: Notice
    ) -> None:
        Notice.objects.update(kind="x", params={})
        answer = signed_in(maja).post(f"/notices/{notice.pk}/")
        assert answer["Location"] == "/notices/"

    def test_long_lists_have_pages(self, maja: User, notice: Notice) -> None:
        Notice.objects.bulk_create(
            Notice(user=maja, kind="x", created_at=NOW) for _ in range(60)
        )
        page = html(signed_in(maja), "/notices/")
        assert page.count('class="notice is-unread"') == 50
        more = re.search(r'href="(/notices/\?cursor=[^"]+)"', page)
        assert more is not None
        rest = html(signed_in(maja), more[1].replace("&amp;", "&"))
        assert rest.count('class="notice is-unread"') == 11
