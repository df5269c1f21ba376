"""API tokens: shown once, kept as a hash, revoked for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from veriga.access.models import Token
from veriga.access.queries import authenticate_token, list_tokens
from veriga.access.rules import Role
from veriga.access.services import create_token, revoke_token
from veriga.common.errors import Invalid, NotAllowed, NotFound

from .factories import NOW, acting, as_system, make_administrator, make_user

pytestmark = pytest.mark.django_db


class TestCreateToken:
    @pytest.mark.parametrize("role", list(Role))
    def test_everybody_may_have_one(self, role: Role) -> None:
        user = make_user(role=role)
        token, secret = create_token(context=acting(user), name="skripta")
        assert secret.startswith("vrg_")
        assert len(secret) > 40
        assert token.hint == secret[:8]
        assert authenticate_token(secret, NOW) == user

    def test_the_secret_is_nowhere_in_the_database(self) -> None:
        _, secret = create_token(context=acting(make_user()), name="skripta")
        stored = Token.objects.values().get()
        assert secret not in str(stored)
        assert secret[9:] not in str(stored)

    def test_the_system_may_not(self) -> None:
        with pytest.raises(NotAllowed):
            create_token(context=as_system(), name="skripta")

    @pytest.mark.parametrize("name", ["", "x" * 81, "a\x07", None, 7])
    def test_bad_names_are_refused(self, name: Any) -> None:
        with pytest.raises(Invalid) as error:
            create_token(context=acting(make_user()), name=name)
        assert error.value.errors[0].field == "name"


class TestAuthenticateToken:
    @pytest.mark.parametrize("secret", ["", "vrg_x", "č", "\x00", "\ud800", "x" * 9999])
    def test_any_other_text_is_nobody(self, secret: str) -> None:
        create_token(context=acting(make_user()), name="skripta")
        assert authenticate_token(secret, NOW) is None

    def test_the_last_use_is_noted_once_an_hour(
        self, django_assert_num_queries: Any
    ) -> None:
        token, secret = create_token(context=acting(make_user()), name="skripta")
        with django_assert_num_queries(2):
            authenticate_token(secret, NOW)
        with django_assert_num_queries(1):
            authenticate_token(secret, NOW + timedelta(minutes=59))
        token.refresh_from_db()
        assert token.last_used_at == NOW
        authenticate_token(secret, NOW + timedelta(minutes=60))
        token.refresh_from_db()
        assert token.last_used_at == NOW + timedelta(minutes=60)


class TestRevokeToken:
    def test_ones_own(self) -> None:
        user = make_user(role=Role.READER)
        token, secret = create_token(context=acting(user), name="skripta")
        revoke_token(context=acting(user), token_id=token.pk)
        assert authenticate_token(secret, NOW) is None

    def test_again_changes_nothing(self) -> None:
        context = acting(make_user())
        token, _ = create_token(context=context, name="skripta")
        revoke_token(context=context, token_id=token.pk)
        later = acting(token.user, NOW + timedelta(days=1))
        assert revoke_token(context=later, token_id=token.pk).revoked_at == NOW

    def test_an_administrator_revokes_anybodys(self) -> None:
        token, _ = create_token(context=acting(make_user()), name="skripta")
        admin = acting(make_administrator())
        assert revoke_token(context=admin, token_id=token.pk).revoked_at == NOW

    def test_others_are_not_found(self) -> None:
        token, _ = create_token(context=acting(make_user()), name="skripta")
        with pytest.raises(NotFound):
            revoke_token(
                context=acting(make_user(role=Role.MANAGER)), token_id=token.pk
            )


class TestListTokens:
    def test_one_sees_ones_own(self) -> None:
        user = make_user()
        create_token(context=acting(make_user()), name="tuj")
        create_token(context=acting(user), name="prvi")
        create_token(context=acting(user, NOW + timedelta(days=1)), name="drugi")
        tokens = list_tokens(acting(user).actor)
        assert [token.name for token in tokens] == ["drugi", "prvi"]

    def test_the_system_has_none(self) -> None:
        assert list_tokens(as_system().actor) == []
