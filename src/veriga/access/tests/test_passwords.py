"""Links of invitation and reset, and changing one's own password."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from veriga.access.queries import get_user_of_link
from veriga.access.rules import Role
from veriga.access.services import (
    change_own_password,
    deactivate_user,
    password_link,
    set_password_by_link,
    update_user,
)
from veriga.common.errors import FieldError, Invalid, NotAllowed, NotFound
from veriga.history.queries import list_changes

from .factories import (
    NOW,
    PASSWORD,
    acting,
    as_system,
    make_administrator,
    make_user,
)

pytestmark = pytest.mark.django_db

NEW = "nova-skrivnost-42"


@pytest.fixture
def admin() -> Any:
    return acting(make_administrator())


class TestPasswordLink:
    def test_it_sets_a_first_password_once(self, admin: Any) -> None:
        user = make_user()
        uid, token = password_link(context=admin, user_id=user.pk)
        assert set_password_by_link(uid=uid, token=token, password=NEW, now=NOW) == user
        assert authenticate(None, email=user.email, password=NEW) == user
        with pytest.raises(NotFound) as error:
            set_password_by_link(uid=uid, token=token, password="x" + NEW, now=NOW)
        assert error.value.code == "link_expired"

    def test_history_says_so_but_not_what(self, admin: Any) -> None:
        user = make_user()
        uid, token = password_link(context=admin, user_id=user.pk)
        set_password_by_link(uid=uid, token=token, password=NEW, now=NOW)
        lines = list_changes("user", user.pk)
        assert [line.action for line in lines] == ["password", "password_link"]
        assert NEW not in str([line.changes for line in lines])

    def test_a_weak_password_leaves_the_link_good(self, admin: Any) -> None:
        user = make_user("Maja Kovač", email="maja.kovac@example.com")
        uid, token = password_link(context=admin, user_id=user.pk)
        with translation.override("en"), pytest.raises(Invalid) as error:
            set_password_by_link(uid=uid, token=token, password="12345", now=NOW)
        assert {(e.field, e.code) for e in error.value.errors} == {
            ("password", "weak_password")
        }
        assert [e.params["message"] for e in error.value.errors] == [
            "Use at least 10 characters.",
            "Too many people use this password.",
            "Use letters too, not only digits.",
        ]
        set_password_by_link(uid=uid, token=token, password=NEW, now=NOW)

    def test_a_later_change_of_address_ends_it(self, admin: Any) -> None:
        user = make_user()
        uid, token = password_link(context=admin, user_id=user.pk)
        update_user(context=admin, user_id=user.pk, email="drug@example.com")
        with pytest.raises(NotFound):
            set_password_by_link(uid=uid, token=token, password=NEW, now=NOW)

    def test_it_ends_after_its_days(self, admin: Any, settings: Any) -> None:
        user = make_user()
        uid, token = password_link(context=admin, user_id=user.pk)
        settings.PASSWORD_RESET_TIMEOUT = -1
        with pytest.raises(NotFound):
            set_password_by_link(uid=uid, token=token, password=NEW, now=NOW)

    def test_the_deactivated_have_none(self, admin: Any) -> None:
        user = make_user()
        uid, token = password_link(context=admin, user_id=user.pk)
        deactivate_user(context=admin, user_id=user.pk)
        with pytest.raises(Invalid) as error:
            password_link(context=admin, user_id=user.pk)
        assert error.value.code == "inactive_user"
        with pytest.raises(NotFound):
            set_password_by_link(uid=uid, token=token, password=NEW, now=NOW)

    def test_ones_link_is_no_good_for_another(self, admin: Any) -> None:
        uid, _ = password_link(context=admin, user_id=make_user().pk)
        _, token = password_link(context=admin, user_id=make_user().pk)
        with pytest.raises(NotFound):
            set_password_by_link(uid=uid, token=token, password=NEW, now=NOW)

    def test_a_page_may_ask_whose_it_is_without_using_it(self, admin: Any) -> None:
        user = make_user()
        uid, token = password_link(context=admin, user_id=user.pk)
        for _ in range(2):
            assert get_user_of_link(uid, token) == user
        set_password_by_link(uid=uid, token=token, password=NEW, now=NOW)
        for whose, word in ((uid, token), (uid, "x"), ("MA", token), ("!", token)):
            with pytest.raises(NotFound) as error:
                get_user_of_link(whose, word)
            assert error.value.code == "link_expired"

    def test_the_deactivated_are_not_shown(self, admin: Any) -> None:
        user = make_user()
        uid, token = password_link(context=admin, user_id=user.pk)
        deactivate_user(context=admin, user_id=user.pk)
        with pytest.raises(NotFound):
            get_user_of_link(uid, token)

    @pytest.mark.parametrize(
        "uid", ["", "!", "Mw", "x" * 50, urlsafe_base64_encode(force_bytes(10**30))]
    )
    def test_nonsense_is_an_expired_link(self, uid: str) -> None:
        with pytest.raises(NotFound) as error:
            set_password_by_link(uid=uid, token="a-b", password=NEW, now=NOW)
        assert error.value.code == "link_expired"

    def test_only_administrators_make_one(self) -> None:
        user = make_user(role=Role.MANAGER)
        with pytest.raises(NotAllowed):
            password_link(context=acting(user), user_id=user.pk)

    def test_an_unknown_user_is_not_found(self, admin: Any) -> None:
        with pytest.raises(NotFound):
            password_link(context=admin, user_id=0)


class TestChangeOwnPassword:
    @pytest.mark.parametrize("role", list(Role))
    def test_everybody_may(self, role: Role) -> None:
        user = make_user(role=role, password=PASSWORD)
        change_own_password(context=acting(user), old=PASSWORD, new=NEW)
        assert authenticate(None, email=user.email, password=NEW) == user

    def test_other_sessions_end(self) -> None:
        user = make_user(password=PASSWORD)
        changed = change_own_password(context=acting(user), old=PASSWORD, new=NEW)
        assert changed.get_session_auth_hash() != user.get_session_auth_hash()

    @pytest.mark.parametrize(
        ("old", "new", "field", "code"),
        [
            ("x", NEW, "old", "wrong_password"),
            (PASSWORD, "12345678901", "new", "weak_password"),
            (PASSWORD, "prodajalec1@", "new", "weak_password"),
            (PASSWORD, "x" * 201, "new", "too_long"),
            (PASSWORD, NEW + "\ud800", "new", "control_characters"),
            ("\ud800", NEW, "old", "wrong_password"),
        ],
    )
    def test_bad_input_is_refused(
        self, old: str, new: str, field: str, code: str
    ) -> None:
        user = make_user(email="prodajalec1@example.com", password=PASSWORD)
        with pytest.raises(Invalid) as error:
            change_own_password(context=acting(user), old=old, new=new)
        fault = error.value.errors[0]
        assert isinstance(fault, FieldError)
        assert (fault.field, fault.code) == (field, code)
        assert authenticate(None, email=user.email, password=PASSWORD) == user

    def test_the_system_has_none(self) -> None:
        with pytest.raises(NotAllowed):
            change_own_password(context=as_system(), old="x", new=NEW)


def test_an_installations_own_validator_is_heard(settings: Any) -> None:
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": f"{__name__}.NoEight"}]
    user = make_user(password=PASSWORD)
    with pytest.raises(Invalid) as error:
        change_own_password(context=acting(user), old=PASSWORD, new="osem-8-osem")
    assert error.value.params["message"] == "No eight."


class NoEight:
    def validate(self, password: str, user: object = None) -> None:
        if "8" in password:
            raise ValidationError("No eight.", code="eight")
