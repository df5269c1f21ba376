"""One's own account: profile, theme, password, API tokens."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from veriga.access.models import Token, User
from veriga.access.queries import authenticate_token
from veriga.access.services import create_token
from veriga.access.tests.factories import PASSWORD, acting, make_user

from .clients import PIECE, signed_in

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "druga-veriga-drži-8"


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", password=PASSWORD, language="sl")


@pytest.fixture
def browser_of_maja(maja: User) -> Client:
    return signed_in(maja)


class TestTheProfile:
    def test_the_role_is_said_by_its_name(self, browser_of_maja: Client) -> None:
        assert "<dd>Prodaja</dd>" in browser_of_maja.get("/me/").content.decode()

    def test_saves_what_was_typed(self, browser_of_maja: Client, maja: User) -> None:
        data = {
            "name": "Maja Zupan",
            "phone": "041 123 456",
            "language": "en",
            "theme": "dark",
            "row_version": maja.row_version,
        }
        answer = browser_of_maja.post("/me/", data)
        assert (answer.status_code, answer["Location"]) == (302, "/me/")
        maja.refresh_from_db()
        assert (maja.name, maja.phone) == ("Maja Zupan", "+38641123456")
        assert (maja.language, maja.theme) == ("en", "dark")
        assert answer.cookies["language"].value == "en"
        html = browser_of_maja.get("/me/").content.decode()
        assert 'data-theme="dark"' in html
        assert "Your account was saved." in html

    def test_nothing_else_can_be_smuggled_in(
        self, browser_of_maja: Client, maja: User
    ) -> None:
        browser_of_maja.post(
            "/me/",
            {
                "name": "Maja",
                "role": "administrator",
                "scope": "all",
                "email": "a@b.si",
            },
        )
        maja.refresh_from_db()
        assert (maja.role, maja.scope) == ("sales", "team")
        assert maja.email != "a@b.si"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("phone", "1" * 41),
            ("language", "de"),
            ("theme", "pink"),
            ("name", "a\x00b"),
        ],
    )
    def test_gives_bad_input_back(
        self, browser_of_maja: Client, maja: User, field: str, value: str
    ) -> None:
        data = {"name": "Maja Nova", "phone": "1", field: value}
        answer = browser_of_maja.post("/me/", data)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="error_{field}"' in html
        assert "Maja Nova" in html or field == "name"
        maja.refresh_from_db()
        assert (maja.name, maja.phone) == ("Maja Kovač", "")

    def test_says_what_was_saved_meanwhile(
        self, browser_of_maja: Client, maja: User
    ) -> None:
        User.objects.filter(pk=maja.pk).update(phone="040 555", row_version=9)
        data = {"name": "Maja Nova", "phone": "041 1", "row_version": 1}
        answer = browser_of_maja.post("/me/", data)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="041 1"' in html
        assert "040 555" in html
        assert 'name="row_version" value="9"' in html


class TestTheTheme:
    @pytest.mark.parametrize("theme", ["light", "dark", "auto"])
    def test_is_changed_and_one_stays_on_the_page(
        self, browser_of_maja: Client, maja: User, theme: str
    ) -> None:
        answer = browser_of_maja.post(
            "/me/theme/",
            {"theme": theme},
            headers={"Referer": "http://testserver/companies/?q=a"},
        )
        assert answer["Location"] == "/companies/?q=a"
        maja.refresh_from_db()
        assert maja.theme == theme

    def test_never_leads_to_another_site(self, browser_of_maja: Client) -> None:
        answer = browser_of_maja.post(
            "/me/theme/", {"theme": "dark"}, headers={"Referer": "https://evil.si/x"}
        )
        assert answer["Location"] == "/me/"

    def test_by_htmx_reads_the_page_again(self, browser_of_maja: Client) -> None:
        answer = browser_of_maja.post("/me/theme/", {"theme": "dark"}, headers=PIECE)
        assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")

    def test_an_odd_one_is_refused(self, browser_of_maja: Client, maja: User) -> None:
        answer = browser_of_maja.post("/me/theme/", {"theme": "pink"}, headers=PIECE)
        assert answer.status_code == 422
        assert browser_of_maja.get("/me/theme/").status_code == 405
        maja.refresh_from_db()
        assert maja.theme == "auto"


class TestThePassword:
    def test_is_changed_and_only_this_browser_stays(
        self, browser_of_maja: Client, maja: User
    ) -> None:
        other = signed_in(maja)
        answer = browser_of_maja.post(
            "/me/password/",
            {"old": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD},
        )
        assert (answer.status_code, answer["Location"]) == (302, "/me/")
        maja.refresh_from_db()
        assert maja.check_password(NEW_PASSWORD)
        assert browser_of_maja.get("/me/").status_code == 200
        assert other.get("/me/").status_code == 302

    @pytest.mark.parametrize(
        ("old", "new", "again", "field"),
        [
            ("napačno", NEW_PASSWORD, NEW_PASSWORD, "old"),
            (PASSWORD, "kratko", "kratko", "new"),
            (PASSWORD, "", "", "new"),
            (PASSWORD, NEW_PASSWORD, "drugo", "again"),
            (PASSWORD, "maja kovač", "maja kovač", "new"),
        ],
    )
    def test_bad_input_is_given_back(
        self,
        browser_of_maja: Client,
        maja: User,
        old: str,
        new: str,
        again: str,
        field: str,
    ) -> None:
        data = {"old": old, "new": new, "again": again}
        answer = browser_of_maja.post("/me/password/", data)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="error_{field}"' in html
        assert PASSWORD not in html
        assert NEW_PASSWORD not in html
        maja.refresh_from_db()
        assert maja.check_password(PASSWORD)

    def test_is_a_post(self, browser_of_maja: Client) -> None:
        assert browser_of_maja.get("/me/password/").status_code == 405


class TestTokens:
    def test_show_their_secret_once_and_work(
        self, browser_of_maja: Client, maja: User
    ) -> None:
        answer = browser_of_maja.post("/me/tokens/", {"name": "Poročila"})
        html = answer.content.decode()
        found = re.search(r'value="(vrg_[^"]+)"', html)
        assert found is not None
        secret = found[1]
        assert "no-store" in answer["Cache-Control"]
        assert f'data-copy="{secret}"' in html
        assert authenticate_token(secret, timezone.now()) == maja
        html = browser_of_maja.get("/me/").content.decode()
        assert secret not in html
        assert "Poročila" in html

    def test_are_never_stored_in_clear(self, browser_of_maja: Client) -> None:
        html = browser_of_maja.post("/me/tokens/", {"name": "A"}).content.decode()
        found = re.search(r'value="vrg_([^"]+)"', html)
        assert found is not None
        secret = found[1]
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                name = connection.ops.quote_name(table)
                cursor.execute(f"SELECT * FROM {name}")  # noqa: S608  # own tables
                assert secret not in repr(cursor.fetchall()), table
        assert secret not in repr(dict(browser_of_maja.session))

    @pytest.mark.parametrize("name", ["", "x" * 81])
    def test_need_a_name(self, browser_of_maja: Client, name: str) -> None:
        answer = browser_of_maja.post("/me/tokens/", {"name": name})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert 'id="error_token_name"' in html
        assert f'value="{name}"' in html
        assert 'value="Maja Kovač"' in html  # the profile shows what is stored
        assert not Token.objects.exists()

    def test_are_revoked(self, browser_of_maja: Client, maja: User) -> None:
        token, secret = create_token(context=acting(maja), name="Poročila")
        answer = browser_of_maja.post(f"/me/tokens/{token.pk}/revoke/")
        assert answer["Location"] == "/me/"
        assert authenticate_token(secret, timezone.now()) is None
        answer = browser_of_maja.post(f"/me/tokens/{token.pk}/revoke/", headers=PIECE)
        assert (answer.status_code, answer["HX-Redirect"]) == (204, "/me/")

    def test_of_others_are_not_there(self, browser_of_maja: Client) -> None:
        other = make_user()
        token, secret = create_token(context=acting(other), name="Njihov")
        assert "Njihov" not in browser_of_maja.get("/me/").content.decode()
        answer = browser_of_maja.post(f"/me/tokens/{token.pk}/revoke/")
        assert answer.status_code == 404
        assert authenticate_token(secret, timezone.now()) == other

    def test_are_posts(self, browser_of_maja: Client) -> None:
        assert browser_of_maja.get("/me/tokens/").status_code == 405
        assert browser_of_maja.get("/me/tokens/1/revoke/").status_code == 405
