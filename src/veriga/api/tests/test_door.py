"""Who gets in, in which language, and what is said to the others."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone, translation

from veriga.access.models import Token, User
from veriga.access.services import deactivate_user
from veriga.access.tests.factories import as_system, make_administrator
from veriga.api.api import urlpatterns
from veriga.common.errors import NotFound
from veriga.parties.models import Company
from veriga.work.messages import message_of

from .client import PREFIX, Answer, Api
from .declared import assert_problem

PATHS = [
    ("GET", "companies"),
    ("POST", "companies"),
    ("GET", "activities"),
    ("POST", "events"),
    ("GET", "activities/D-26-00001/chain"),
    ("DELETE", "links/1"),
    ("POST", "changes/1/undo"),
    ("GET", "openapi.json"),
    ("GET", "no/such/address"),
    ("PUT", "companies"),
]


class TestSigningIn:
    @pytest.mark.parametrize(("method", "path"), PATHS)
    def test_nothing_answers_without_a_token(
        self, db: None, method: str, path: str
    ) -> None:
        answer = Api(None).call(method, path)
        assert_problem(answer, 401, "not_signed_in")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="veriga"'

    @pytest.mark.parametrize(
        "header",
        [
            "Bearer",
            "Bearer ",
            "Bearer nonsense",
            "Basic YTpi",
            "nonsense",
            "Bearer vrg_ć",
            "Bearer \x00",
        ],
    )
    def test_another_token_does_not_get_in(self, db: None, header: str) -> None:
        answer = Api(None).get("companies", headers={"Authorization": header})
        assert_problem(answer, 401, "not_signed_in")
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]

    def test_a_browsers_session_counts_for_nothing(self, seller: User) -> None:
        client = Client()
        client.force_login(seller)
        assert client.get(f"{PREFIX}companies").status_code == 401

    def test_a_token_needs_no_session_and_no_csrf_token(
        self, api: Api, company: Company
    ) -> None:
        api.client = Client(enforce_csrf_checks=True)
        answer = api.post("companies", {"name": "Gora"})
        assert answer.status == 201
        assert not api.client.cookies

    def test_a_revoked_token_does_not_get_in(self, api: Api) -> None:
        Token.objects.update(revoked_at=timezone.now())
        assert_problem(api.get("companies"), 401, "not_signed_in")

    def test_a_deactivated_user_does_not_get_in(self, api: Api, seller: User) -> None:
        make_administrator()
        deactivate_user(context=as_system(), user_id=seller.pk)
        assert_problem(api.get("companies"), 401, "not_signed_in")


class TestAddresses:
    @pytest.mark.parametrize(
        "path",
        [
            "",
            "nothing",
            "companies/",
            "companies/abc",
            "companies/-1",
            "companies/1/x",
            f"companies/{'9' * 5000}",
            "links/x",
            "activities/D-26-00001/nothing",
        ],
    )
    def test_an_unknown_address_is_not_found(self, api: Api, path: str) -> None:
        assert_problem(api.get(path), 404, "not_found")

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("PUT", "companies", "GET, POST"),
            ("DELETE", "activities", "GET"),
            ("POST", "links/1", "DELETE"),
            ("GET", "links", "POST"),
            ("POST", "openapi.json", "GET, HEAD"),
            ("PUT", "activities/D-26-00001", "DELETE, GET, PATCH"),
        ],
    )
    def test_a_method_that_is_not_there_is_refused(
        self, api: Api, method: str, path: str, allowed: str
    ) -> None:
        answer = api.call(method, path)
        assert_problem(answer, 405, "method_not_allowed")
        assert answer.headers["Allow"] == allowed

    def test_every_address_is_behind_the_door(self) -> None:
        assert len(urlpatterns) > 30
        for pattern in urlpatterns:
            assert pattern.callback.csrf_exempt
            assert not pattern.callback.login_required
            assert pattern.callback.__wrapped__

    def test_answers_are_not_kept_by_caches(self, api: Api) -> None:
        answer = api.get("companies")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Authorization" in answer.headers["Vary"]


def sentence(language: str) -> str:
    with translation.override(language):
        return message_of(NotFound())


class TestLanguage:
    """Sentences are in the language asked for, else in the user's."""

    def ask(self, api: Api, accept: str | None = None) -> Answer:
        headers = {"Accept-Language": accept} if accept else {}
        return api.get("nothing", headers=headers)

    def test_it_is_the_users(self, api: Api, seller: User) -> None:
        assert self.ask(api).headers["Content-Language"] == "en"
        User.objects.filter(pk=seller.pk).update(language="sl")
        answer = self.ask(api)
        assert answer.headers["Content-Language"] == "sl"
        assert answer.json["detail"] == sentence("sl")

    def test_the_header_decides(self, api: Api) -> None:
        answer = self.ask(api, "de;q=0.9, sl-SI;q=0.8, en;q=0.1")
        assert answer.headers["Content-Language"] == "sl"
        assert self.ask(api, "en-GB").json["detail"] == sentence("en")

    @pytest.mark.parametrize("accept", ["de", "*", ";;;", "x" * 5000])
    def test_another_language_leaves_the_users(self, api: Api, accept: str) -> None:
        assert self.ask(api, accept).headers["Content-Language"] == "en"
