"""Signing in and out, the way into the demo, links, and that all else is closed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.services import password_link
from veriga.access.tests.factories import (
    PASSWORD,
    acting,
    make_administrator,
    make_user,
)

from .clients import signed_in

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
NEW_PASSWORD = "druga-veriga-drži-8"
# Without signing in: the pages about signing in themselves.
OPEN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "enter_demo",
    "welcome",
}
# What a device needs before anybody is signed in, and nobody's data.
OF_THE_DEVICE = {"/offline/x/", "/worker.js", "/manifest-x.webmanifest"}
SAMPLES = {"int": "1", "str": "x", "slug": "x"}


@pytest.fixture(autouse=True)
def _forgotten_attempts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def maja() -> User:
    return make_user(
        "Maja Kovač", email="maja@pakirna.si", password=PASSWORD, language="sl"
    )


def sign_in(client: Client, email: str, password: str) -> Any:
    return client.post(SIGN_IN, {"login": email, "password": password})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def routes(
    patterns: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield name and a sample address of every route."""
    for pattern in patterns:
        piece = str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, before + piece)
            continue
        piece = piece.removeprefix("^").removesuffix("$").replace("\\.", ".")
        address = re.sub(
            r"<(?:(\w+):)?\w+>", lambda m: SAMPLES[m[1] or "str"], before + piece
        )
        yield pattern.name or "", f"/{address}"


class TestEverythingIsClosed:
    def test_but_the_pages_about_signing_in(self, maja: User) -> None:
        found = list(routes(get_resolver().url_patterns))
        assert len(found) > 60
        assert {name for name, _address in found} >= OPEN
        for name, address in found:
            if name in OPEN or address in OF_THE_DEVICE:
                continue
            for method in ("get", "post"):
                answer = getattr(Client(), method)(address)
                if address.startswith("/api/"):
                    assert answer.status_code == 401, address
                else:
                    assert answer.status_code == 302, address
                    assert answer["Location"].startswith(f"{SIGN_IN}?next="), address

    @pytest.mark.parametrize(
        "path",
        ["signup/", "email/", "password/change/", "password/set/", "reauthenticate/"],
    )
    def test_what_is_not_used_of_allauth_is_not_there(
        self, maja: User, path: str
    ) -> None:
        assert Client().get(f"/accounts/{path}").status_code == 404
        assert signed_in(maja).get(f"/accounts/{path}").status_code == 404

    def test_the_open_pages_show_nothing_of_anybody(self, maja: User) -> None:
        for address in (SIGN_IN, "/accounts/inactive/", "/accounts/password/reset/"):
            html = Client().get(address).content.decode()
            assert "maja" not in html.lower()


class TestSigningIn:
    def test_by_e_mail_in_any_case(self, maja: User) -> None:
        client = Client()
        answer = sign_in(client, "MAJA@pakirna.si", PASSWORD)
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert is_signed_in(client)
        maja.refresh_from_db()
        assert maja.last_login is not None
        assert "data-toast" not in client.get("/activities/").content.decode()

    def test_goes_on_to_where_one_wanted(self, maja: User) -> None:
        client = Client()
        html = client.get(f"{SIGN_IN}?next=/companies/").content.decode()
        assert '<input type="hidden" name="next" value="/companies/">' in html
        data = {"login": maja.email, "password": PASSWORD, "next": "/companies/"}
        assert client.post(SIGN_IN, data)["Location"] == "/companies/"

    def test_never_goes_to_another_site(self, maja: User) -> None:
        data = {"login": maja.email, "password": PASSWORD, "next": "https://evil.si/"}
        assert Client().post(SIGN_IN, data)["Location"] == "/"

    @pytest.mark.parametrize(
        ("email", "password", "sentence"),
        [
            ("maja@pakirna.si", "napačno-geslo", "ni pravilno"),
            ("nihče@pakirna.si", PASSWORD, "ni pravilno"),
            ("maja@pakirna.si", "", "Izpolni to polje."),
            ("maja", PASSWORD, "To ni e-naslov."),
        ],
    )
    def test_gives_the_form_back(
        self, maja: User, email: str, password: str, sentence: str
    ) -> None:
        client = Client()
        answer = sign_in(client, email, password)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert not is_signed_in(client)
        assert "form-errors" in html or "field-error" in html
        assert f'value="{email}"' in html
        if password:
            assert password not in html

    def test_stops_after_many_wrong_passwords(self, maja: User) -> None:
        client = Client()
        for _attempt in range(5):
            sign_in(client, maja.email, "napačno-geslo")
        answer = sign_in(client, maja.email, PASSWORD)
        assert answer.status_code == 422
        assert not is_signed_in(client)

    def test_a_firm_signs_in_from_one_address(self, maja: User) -> None:
        for _colleague in range(60):
            assert sign_in(Client(), maja.email, PASSWORD).status_code == 302

    def test_the_page_of_too_many_attempts_is_ours(
        self, maja: User, settings: Any
    ) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"login": "30/m/ip"}
        client = Client()
        for number in range(30):
            assert sign_in(client, f"u{number}@a.si", "").status_code == 422
        answer = sign_in(client, maja.email, PASSWORD)
        assert answer.status_code == 429
        assert "signin-card" in answer.content.decode()

    def test_not_once_deactivated(self, maja: User) -> None:
        maja.is_active = False
        maja.save()
        client = Client()
        assert (
            sign_in(client, maja.email, PASSWORD)["Location"] == "/accounts/inactive/"
        )
        assert not is_signed_in(client)
        assert client.get("/accounts/inactive/").status_code == 200

    def test_out_is_a_post(self, maja: User) -> None:
        client = signed_in(maja)
        assert 'method="post"' in client.get("/accounts/logout/").content.decode()
        assert is_signed_in(client)
        assert client.post("/accounts/logout/")["Location"] == SIGN_IN
        assert not is_signed_in(client)

    def test_needs_the_token_of_the_form(self, maja: User) -> None:
        client = Client(enforce_csrf_checks=True)
        assert sign_in(client, maja.email, PASSWORD).status_code == 403


class TestTheDemo:
    @pytest.fixture
    def start(self, maja: User, tmp_path: Path, settings: Any) -> None:
        person = {
            "email": maja.email,
            "name": "Maja Kovač",
            "title_sl": "Prodajnica",
            "title_en": "Salesperson",
        }
        path = tmp_path / "start.json"
        path.write_text(json.dumps({"company": 1, "people": [person]}))
        settings.DEMO, settings.DEMO_START = True, str(path)

    def test_lets_its_people_in_with_one_click(self, start: None, maja: User) -> None:
        client = Client()
        html = client.get(SIGN_IN).content.decode()
        assert "signin-person" in html
        assert "Prodajnica" in html
        answer = client.post("/demo/enter/", {"email": maja.email})
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert client.session["_auth_user_id"] == str(maja.pk)

    def test_and_nobody_else(self, start: None) -> None:
        other = make_administrator()
        client = Client()
        for email in (other.email, "", "x"):
            answer = client.post("/demo/enter/", {"email": email})
            assert answer.status_code == 404
        assert not is_signed_in(client)

    def test_not_even_them_once_deactivated(self, start: None, maja: User) -> None:
        maja.is_active = False
        maja.save()
        answer = Client().post("/demo/enter/", {"email": maja.email})
        assert answer.status_code == 404

    def test_is_a_post(self, start: None) -> None:
        assert Client().get("/demo/enter/").status_code == 405

    def test_is_nowhere_else(self, start: None, maja: User, settings: Any) -> None:
        settings.DEMO = False
        client = Client()
        assert "signin-person" not in client.get(SIGN_IN).content.decode()
        answer = client.post("/demo/enter/", {"email": maja.email})
        assert answer.status_code == 404
        assert not is_signed_in(client)


class TestTheLink:
    @pytest.fixture
    def invited(self) -> User:
        return make_user("Petra Novak", email="petra@pakirna.si", role=Role.SALES)

    @pytest.fixture
    def address(self, invited: User) -> str:
        uid, token = password_link(
            context=acting(make_administrator()), user_id=invited.pk
        )
        return f"/welcome/{uid}/{token}/"

    def test_sets_the_password_and_signs_in_once(
        self, invited: User, address: str
    ) -> None:
        client = Client()
        html = client.get(address).content.decode()
        assert "Petra Novak" in html
        assert "password-rules" in html
        answer = client.post(address, {"new": NEW_PASSWORD, "again": NEW_PASSWORD})
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert client.session["_auth_user_id"] == str(invited.pk)
        again = Client()
        assert again.get(address).status_code == 410
        data = {"new": PASSWORD, "again": PASSWORD}
        assert again.post(address, data).status_code == 410
        invited.refresh_from_db()
        assert invited.check_password(NEW_PASSWORD)

    @pytest.mark.parametrize(
        ("new", "again"),
        [("", ""), ("kratko", "kratko"), (NEW_PASSWORD, "drugo"), ("1" * 12, "1" * 12)],
    )
    def test_says_what_is_wrong_with_a_password(
        self, invited: User, address: str, new: str, again: str
    ) -> None:
        client = Client()
        answer = client.post(address, {"new": new, "again": again})
        assert answer.status_code == 422
        assert "field-error" in answer.content.decode()
        assert not is_signed_in(client)
        assert client.get(address).status_code == 200  # and can still be used

    @pytest.mark.parametrize(
        "wrong", ["/welcome/x/y/", "/welcome/MQ/abc-def/", "/welcome/OTk5OTk5/a-b/"]
    )
    def test_a_wrong_one_says_so(self, invited: User, wrong: str) -> None:
        answer = Client().get(wrong)
        assert answer.status_code == 410
        assert "signin-card" in answer.content.decode()

    def test_one_of_a_deactivated_user_is_dead(
        self, invited: User, address: str
    ) -> None:
        invited.is_active = False
        invited.save()
        assert Client().get(address).status_code == 410

    def test_leaves_the_account_of_whoever_was_signed_in(
        self, invited: User, address: str, maja: User
    ) -> None:
        client = signed_in(maja)
        client.post(address, {"new": NEW_PASSWORD, "again": NEW_PASSWORD})
        assert client.session["_auth_user_id"] == str(invited.pk)


class TestForgotten:
    ADDRESS = "/accounts/password/reset/"

    def test_without_mail_says_whom_to_ask(self, maja: User) -> None:
        for answer in (
            Client().get(self.ADDRESS),
            Client().post(self.ADDRESS, {"email": maja.email}),
        ):
            html = answer.content.decode()
            assert answer.status_code == 200
            assert "administrator" in html
            assert 'name="email"' not in html
        assert mail.outbox == []

    def test_with_mail_sends_a_link_that_works(self, maja: User, settings: Any) -> None:
        settings.EMAIL_HOST = "mail.example"
        answer = Client().post(self.ADDRESS, {"email": maja.email})
        assert answer["Location"] == f"{self.ADDRESS}done/"
        (letter,) = mail.outbox
        assert letter.to == [maja.email]
        link = re.search(r"http://testserver(/welcome/\S+)", str(letter.body))
        assert link is not None
        client = Client()
        client.post(link[1], {"new": NEW_PASSWORD, "again": NEW_PASSWORD})
        assert client.session["_auth_user_id"] == str(maja.pk)

    def test_does_not_tell_who_is_here(self, maja: User, settings: Any) -> None:
        settings.EMAIL_HOST = "mail.example"
        answer = Client().post(self.ADDRESS, {"email": "nihce@pakirna.si"})
        assert answer["Location"] == f"{self.ADDRESS}done/"
        assert mail.outbox == []

    def test_an_odd_address_is_given_back(self, settings: Any) -> None:
        settings.EMAIL_HOST = "mail.example"
        answer = Client().post(self.ADDRESS, {"email": "ni naslov"})
        assert answer.status_code == 422
        assert 'value="ni naslov"' in answer.content.decode()
