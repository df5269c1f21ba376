"""The administrator's pages of users and teams, and the picker of colleagues."""

from __future__ import annotations

import json
import re
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.test import Client

from veriga.access.models import Team, User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_administrator, make_team, make_user
from veriga.history.models import Record

from .clients import LIST, PIECE, WINDOW, signed_in

pytestmark = pytest.mark.django_db

PAGES = ["/users/", "/users/new/", "/users/{id}/", "/teams/", "/teams/new/"]
INVITATION = {
    "name": "Petra Novak",
    "email": "Petra@Pakirna.si",
    "role": "sales",
    "team_id": "",
    "scope": "",
    "language": "sl",
    "may_see_confidential": "",
}


@pytest.fixture
def nina() -> User:
    return make_administrator(name="Nina Golob", language="sl")


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team("Prodaja"), language="sl")


@pytest.fixture
def admin(nina: User) -> Client:
    return signed_in(nina)


def names(html: str) -> list[str]:
    return re.findall(r'<a class="row-link"[^>]*>([^<]+)</a>', html)


def fields_of(user: User, **changes: Any) -> dict[str, Any]:
    """Return what the form of `user` sends, with changes."""
    return {
        "row_version": user.row_version,
        "name": user.name,
        "email": user.email,
        "role": user.role,
        "team_id": user.team_id or "",
        "scope": user.scope,
        "may_see_confidential": "on" if user.may_see_confidential else "",
        **changes,
    }


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.MANAGER, Role.SALES, Role.READER])
    @pytest.mark.parametrize("path", PAGES)
    def test_only_administrators(self, maja: User, role: Role, path: str) -> None:
        client = signed_in(make_user(role=role))
        address = path.format(id=maja.pk)
        assert client.get(address).status_code == 403
        if address not in {"/users/", "/teams/"}:
            assert client.post(address, fields_of(maja, name="X")).status_code == 403
        maja.refresh_from_db()
        assert maja.name == "Maja Kovač"

    @pytest.mark.parametrize("command", ["active", "reset"])
    def test_nor_the_commands(self, maja: User, command: str) -> None:
        client = signed_in(make_user(role=Role.MANAGER))
        answer = client.post(f"/users/{maja.pk}/{command}/", {"active": "0"})
        assert answer.status_code == 403
        maja.refresh_from_db()
        assert maja.is_active

    def test_commands_are_posts(self, admin: Client, maja: User) -> None:
        for command in ("active", "reset"):
            assert admin.get(f"/users/{maja.pk}/{command}/").status_code == 405
        assert admin.post("/users/").status_code == 405
        assert admin.post("/teams/").status_code == 405

    def test_nobody_there_is_not_found(self, admin: Client) -> None:
        assert admin.get("/users/987654/").status_code == 404
        assert admin.get("/teams/987654/").status_code == 404
        assert admin.post("/users/987654/reset/").status_code == 404


class TestTheList:
    def test_says_who_may_what(
        self, admin: Client, maja: User, django_assert_num_queries: Any
    ) -> None:
        make_user("Ana Arko", is_active=False, role=Role.READER)
        make_user("Čopič Črt", password="x" * 12)
        admin.get("/users/")
        with django_assert_num_queries(3):
            html = admin.get("/users/").content.decode()
        assert names(html) == ["Čopič Črt", "Maja Kovač", "Nina Golob", "Ana Arko"]
        for word in ("Prodaja", "Stranke skupine", "čaka na geslo", "onemogočena"):
            assert word in html

    def test_a_piece_for_the_page_underneath(self, admin: Client, maja: User) -> None:
        for path in ("/users/", "/teams/"):
            html = admin.get(path, headers=LIST).content.decode()
            assert "<html" not in html
            assert names(html)


class TestInviting:
    def test_makes_a_user_and_shows_the_link_once(
        self, admin: Client, client: Client
    ) -> None:
        team = make_team()
        data = {**INVITATION, "team_id": team.pk, "may_see_confidential": "on"}
        answer = admin.post("/users/new/", data)
        made = User.objects.get(email="petra@pakirna.si")
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert (made.role, made.scope, made.team) == (Role.SALES, Scope.TEAM, team)
        assert made.may_see_confidential
        assert not made.has_usable_password()
        link = re.search(
            r'value="http://testserver(/welcome/[^"]+)"', answer.content.decode()
        )
        assert link is not None
        assert client.get(link[1]).status_code == 200
        assert "/welcome/" not in admin.get(f"/users/{made.pk}/").content.decode()
        assert mail.outbox == []

    def test_takes_a_scope_and_a_language(self, admin: Client) -> None:
        admin.post("/users/new/", {**INVITATION, "scope": "own", "language": "en"})
        made = User.objects.get(email="petra@pakirna.si")
        assert (made.scope, made.language) == (Scope.OWN, "en")

    def test_mails_the_link_in_their_language(
        self, admin: Client, settings: Any
    ) -> None:
        settings.EMAIL_HOST = "mail.example"
        answer = admin.post("/users/new/", {**INVITATION, "language": "en"})
        (letter,) = mail.outbox
        assert letter.to == ["petra@pakirna.si"]
        assert "You have been invited" in str(letter.body)
        assert "/welcome/" in answer.content.decode()

    def test_a_mail_that_fails_is_said(self, admin: Client, settings: Any) -> None:
        settings.EMAIL_HOST = "mail.example"
        with patch("veriga.web.accounts.send_mail", side_effect=OSError):
            answer = admin.post("/users/new/", INVITATION)
        html = answer.content.decode()
        assert "E-pošte ni bilo mogoče poslati." in html
        assert "/welcome/" in html

    def test_in_the_window_is_a_piece(self, admin: Client) -> None:
        assert "<html" not in admin.get("/users/new/", headers=WINDOW).content.decode()
        answer = admin.post("/users/new/", INVITATION, headers=PIECE)
        assert "<html" not in answer.content.decode()
        assert json.loads(answer["HX-Trigger"]) == {"veriga:changed": {}}

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("email", "ni-naslov"),
            ("email", ""),
            ("email", "NINA@pakirna.si"),
            ("name", " "),
            ("name", "x" * 121),
            ("role", "king"),
            ("scope", "moon"),
            ("team_id", "99999"),
            ("team_id", "abc"),
            ("language", "de"),
        ],
    )
    def test_gives_bad_input_back(
        self, admin: Client, nina: User, field: str, value: str
    ) -> None:
        User.objects.filter(pk=nina.pk).update(email="nina@pakirna.si")
        answer = admin.post("/users/new/", {**INVITATION, field: value})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="error_{field}"' in html
        assert "Petra" in html
        assert User.objects.count() == 1


class TestChanging:
    def test_saves_what_was_typed(self, admin: Client, maja: User) -> None:
        team = make_team("Servis")
        changes = {
            "name": "Maja Kovač Zupan",
            "email": "maja.zupan@pakirna.si",
            "team_id": team.pk,
            "role": "manager",
            "scope": "own",
            "may_see_confidential": ["", "on"],
        }
        answer = admin.post(f"/users/{maja.pk}/", fields_of(maja, **changes))
        assert (answer.status_code, answer["Location"]) == (302, "/users/")
        maja.refresh_from_db()
        assert (maja.name, maja.email) == ("Maja Kovač Zupan", "maja.zupan@pakirna.si")
        assert (maja.team, maja.role, maja.scope) == (team, Role.MANAGER, Scope.OWN)
        assert maja.may_see_confidential
        assert Record.objects.filter(subject="user", action="update").exists()

    def test_in_the_window_closes_it(self, admin: Client, maja: User) -> None:
        answer = admin.post(f"/users/{maja.pk}/", fields_of(maja), headers=PIECE)
        assert answer.status_code == 204
        event = json.loads(answer["HX-Trigger"])["veriga:saved"]
        assert event["close"] is True

    def test_says_what_somebody_else_saved(self, admin: Client, maja: User) -> None:
        old = fields_of(maja, name="Maja Nova", role="reader")
        User.objects.filter(pk=maja.pk).update(role=Role.MANAGER, row_version=7)
        answer = admin.post(f"/users/{maja.pk}/", old)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "Maja Nova" in html
        assert "Vodja" in html.split('id="hint_role"')[1].split("</p>")[0]
        assert 'name="row_version" value="7"' in html
        maja.refresh_from_db()
        assert maja.name == "Maja Kovač"

    @pytest.mark.parametrize(
        ("field", "value"), [("email", "x"), ("name", ""), ("team_id", "99999")]
    )
    def test_gives_bad_input_back(
        self, admin: Client, maja: User, field: str, value: str
    ) -> None:
        data = fields_of(maja, role="manager", **{field: value})
        answer = admin.post(f"/users/{maja.pk}/", data)
        assert answer.status_code == 422
        assert f'id="error_{field}"' in answer.content.decode()
        maja.refresh_from_db()
        assert maja.role == Role.SALES

    def test_the_last_administrator_stays(self, admin: Client, nina: User) -> None:
        answer = admin.post(f"/users/{nina.pk}/", fields_of(nina, role="sales"))
        assert answer.status_code == 422
        assert 'id="error_role"' in answer.content.decode()
        answer = admin.post(f"/users/{nina.pk}/active/", {"active": "0"})
        assert answer.status_code == 422
        nina.refresh_from_db()
        assert nina.is_active
        assert nina.role == Role.ADMINISTRATOR

    def test_deactivates_and_activates(self, admin: Client, maja: User) -> None:
        theirs = signed_in(maja)
        address = f"/users/{maja.pk}/active/"
        answer = admin.post(address, {"active": "0"})
        assert answer["Location"] == f"/users/{maja.pk}/"
        assert theirs.get("/companies/").status_code == 302
        maja.refresh_from_db()
        assert not maja.is_active
        answer = admin.post(address, {"active": "1"}, headers=PIECE)
        assert answer.status_code == 204
        maja.refresh_from_db()
        assert maja.is_active

    def test_makes_a_link_to_a_new_password(
        self, admin: Client, maja: User, client: Client
    ) -> None:
        answer = admin.post(f"/users/{maja.pk}/reset/")
        assert "no-store" in answer["Cache-Control"]
        link = re.search(
            r'value="http://testserver(/welcome/[^"]+)"', answer.content.decode()
        )
        assert link is not None
        assert client.get(link[1]).status_code == 200

    def test_but_none_for_the_deactivated(self, admin: Client, maja: User) -> None:
        User.objects.filter(pk=maja.pk).update(is_active=False)
        answer = admin.post(f"/users/{maja.pk}/reset/")
        assert answer.status_code == 422
        assert "/welcome/" not in answer.content.decode()


class TestThePicker:
    def test_offers_active_colleagues_to_everybody(self, maja: User) -> None:
        make_user("Čas Žiga", email="ziga@pakirna.si")
        make_user("Nekdanja Žana", is_active=False)
        client = signed_in(make_user("Bralka Bina", role=Role.READER))
        html = client.get("/users/find/?q=").content.decode()
        assert 'data-text="Maja Kovač"' in html
        assert "Nekdanja" not in html
        for q in ("cas", "ziga", "ŽIGA"):
            html = client.get("/users/find/", {"q": q}).content.decode()
            assert re.findall('data-text="([^"]+)"', html) == ["Čas Žiga"]
        html = client.get("/users/find/?q=nihče").content.decode()
        assert "picker-empty" in html


class TestTeams:
    def test_say_how_many_are_in_them(
        self, admin: Client, maja: User, django_assert_num_queries: Any
    ) -> None:
        make_user(team=maja.team)
        make_user(team=maja.team, is_active=False)
        make_team("Čistilci")
        admin.get("/teams/")
        with django_assert_num_queries(4):
            html = admin.get("/teams/").content.decode()
        assert names(html) == ["Čistilci", "Prodaja"]
        numbers = re.findall(r'c-members">(\d*)<', html)
        assert numbers == ["", "2"]

    def test_none_yet(self, admin: Client) -> None:
        html = admin.get("/teams/").content.decode()
        assert "Skupin še ni." in html
        assert 'href="/teams/new/"' in html

    def test_are_made_and_renamed(self, admin: Client) -> None:
        answer = admin.post("/teams/new/", {"name": "Prodaja"})
        assert (answer.status_code, answer["Location"]) == (302, "/teams/")
        team = Team.objects.get()
        data = {"name": "Prodaja Zahod", "row_version": team.row_version}
        assert admin.post(f"/teams/{team.pk}/", data, headers=PIECE).status_code == 204
        team.refresh_from_db()
        assert team.name == "Prodaja Zahod"

    @pytest.mark.parametrize("name", ["", "PRODAJA", "x" * 81])
    def test_give_bad_names_back(self, admin: Client, maja: User, name: str) -> None:
        team = make_team("Servis")
        for address in ("/teams/new/", f"/teams/{team.pk}/"):
            answer = admin.post(address, {"name": name, "row_version": 1})
            html = answer.content.decode()
            assert answer.status_code == 422
            assert 'id="error_name"' in html
            assert f'value="{name}"' in html
        assert sorted(Team.objects.values_list("name", flat=True)) == [
            "Prodaja",
            "Servis",
        ]

    def test_say_what_somebody_else_saved(self, admin: Client) -> None:
        team = make_team("Servis")
        Team.objects.filter(pk=team.pk).update(name="Serviserji", row_version=2)
        answer = admin.post(f"/teams/{team.pk}/", {"name": "Pomoč", "row_version": 1})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="Pomoč"' in html
        assert "Serviserji" in html.split('id="hint_name"')[1].split("</p>")[0]
