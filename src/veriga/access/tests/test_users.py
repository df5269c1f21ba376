"""Making, changing and deactivating users."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate

from veriga.access.models import User
from veriga.access.queries import authenticate_token
from veriga.access.rules import DEFAULT_SCOPE, Context, Role, Scope
from veriga.access.services import (
    activate_user,
    create_token,
    create_user,
    deactivate_user,
    update_own_profile,
    update_user,
)
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.history.queries import list_changes

from .factories import (
    NOW,
    PASSWORD,
    acting,
    as_system,
    make_administrator,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Context:
    return acting(make_administrator(name="Ana Skrbnik"))


def new_user(context: Context, **fields: Any) -> User:
    given = {"email": "maja@example.com", "name": "Maja Kovač", "role": "sales"}
    return create_user(context=context, **{**given, **fields})


class TestCreateUser:
    def test_it_works(self, admin: Context) -> None:
        team = make_team()
        user = new_user(
            admin, email=" Maja@Example.COM ", name=" Maja  Kovač", team_id=team.pk
        )
        user.refresh_from_db()
        assert (user.email, user.name, user.name_key) == (
            "maja@example.com",
            "Maja Kovač",
            "maja kovac~",
        )
        assert (user.role, user.scope, user.team) == ("sales", "team", team)
        assert (user.is_active, user.language, user.created_at) == (True, "sl", NOW)
        assert not user.has_usable_password()

    @pytest.mark.parametrize("role", list(Role))
    def test_each_role_has_its_usual_scope(self, admin: Context, role: Role) -> None:
        assert new_user(admin, role=role).scope == DEFAULT_SCOPE[role]

    def test_a_scope_of_its_own_stays(self, admin: Context) -> None:
        assert new_user(admin, scope="own").scope == Scope.OWN

    def test_a_password_lets_them_in(self, admin: Context) -> None:
        user = new_user(admin, password=PASSWORD)
        assert authenticate(None, email=user.email, password=PASSWORD) == user

    def test_the_system_may(self) -> None:
        assert new_user(as_system(), role="administrator").role == Role.ADMINISTRATOR

    @pytest.mark.parametrize("role", [Role.MANAGER, Role.SALES, Role.READER])
    def test_nobody_else_may(self, role: Role) -> None:
        with pytest.raises(NotAllowed):
            new_user(acting(make_user(role=role)))

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("email", "", "required"),
            ("email", "maja", "not_an_email"),
            ("email", f"{'a' * 250}@example.com", "too_long"),
            ("name", "  ", "required"),
            ("name", "x" * 121, "too_long"),
            ("name", "a\x00b", "control_characters"),
            ("name", 5, "wrong_type"),
            ("role", "king", "unknown_choice"),
            ("role", ["sales"], "unknown_choice"),
            ("scope", "world", "unknown_choice"),
            ("team_id", 999, "unknown_choice"),
            ("team_id", 10**30, "unknown_choice"),
            ("team_id", "7", "wrong_type"),
            ("language", "de", "unknown_choice"),
            ("phone", "1" * 41, "too_long"),
            ("may_see_confidential", "yes", "wrong_type"),
            ("password", "geslo", "weak_password"),
            ("password", "x" * 201, "too_long"),
        ],
    )
    def test_bad_input_is_refused(
        self, admin: Context, field: str, value: object, code: str
    ) -> None:
        with pytest.raises(Invalid) as error:
            new_user(admin, **{field: value})
        assert {e.field for e in error.value.errors} == {field}
        assert error.value.code == code
        assert User.objects.count() == 1

    def test_all_faults_come_at_once(self, admin: Context) -> None:
        with pytest.raises(Invalid) as error:
            new_user(admin, email="x", name="", role="")
        assert {e.field for e in error.value.errors} == {"email", "name", "role"}

    def test_an_address_belongs_to_one_user_in_any_case(self, admin: Context) -> None:
        new_user(admin)
        with pytest.raises(Invalid) as error:
            new_user(admin, email="MAJA@example.com")
        assert error.value.errors[0].code == "email_taken"

    def test_history_names_the_maker_and_no_password(self, admin: Context) -> None:
        user = new_user(admin, password=PASSWORD)
        (line,) = list_changes("user", user.pk)
        assert (line.action, line.made_by_name) == ("create", "Ana Skrbnik")
        assert "password" not in line.changes


class TestUpdateUser:
    def test_it_works(self, admin: Context) -> None:
        user, team = make_user("Žan"), make_team()
        changed = update_user(
            context=admin,
            user_id=user.pk,
            name="Črt",
            team_id=team.pk,
            phone="01 200 00 00",
        )
        user.refresh_from_db()
        assert (user.name, user.name_key, user.team, user.phone) == (
            "Črt",
            "c~rt",
            team,
            "+38612000000",
        )
        assert user.row_version == changed.row_version == 2
        assert list_changes("user", user.pk)[0].changes["name"] == ["Žan", "Črt"]

    def test_nothing_new_changes_nothing(self, admin: Context) -> None:
        user = make_user("Žan")
        update_user(context=admin, user_id=user.pk, name=" Žan ", expected_version=1)
        user.refresh_from_db()
        assert user.row_version == 1
        assert list_changes("user", user.pk) == []

    def test_a_stale_form_is_refused(self, admin: Context) -> None:
        user = make_user()
        update_user(
            context=admin, user_id=user.pk, phone="01 200 00 00", expected_version=1
        )
        with pytest.raises(Conflict) as error:
            update_user(
                context=admin, user_id=user.pk, phone="01 300 00 00", expected_version=1
            )
        assert error.value.code == "stale"

    def test_the_usual_scope_follows_the_role(self, admin: Context) -> None:
        user = make_user(role=Role.SALES)
        update_user(context=admin, user_id=user.pk, role="manager")
        user.refresh_from_db()
        assert (user.role, user.scope) == ("manager", "all")

    def test_a_scope_set_apart_stays(self, admin: Context) -> None:
        user = make_user(role=Role.SALES, scope=Scope.OWN)
        update_user(context=admin, user_id=user.pk, role="manager")
        user.refresh_from_db()
        assert user.scope == "own"

    def test_a_scope_given_with_the_role_counts(self, admin: Context) -> None:
        user = make_user(role=Role.SALES)
        update_user(context=admin, user_id=user.pk, role="manager", scope="own")
        user.refresh_from_db()
        assert user.scope == "own"

    def test_the_old_address_signs_nobody_in(self, admin: Context) -> None:
        user = make_user(email="old@example.com", password=PASSWORD)
        EmailAddress.objects.create(user=user, email=user.email, primary=True)
        update_user(context=admin, user_id=user.pk, email="new@example.com")
        assert authenticate(None, email="old@example.com", password=PASSWORD) is None
        assert authenticate(None, email="new@example.com", password=PASSWORD) == user

    def test_anothers_address_is_refused(self, admin: Context) -> None:
        user, other = make_user(), make_user()
        with pytest.raises(Invalid) as error:
            update_user(context=admin, user_id=user.pk, email=other.email.upper())
        assert error.value.code == "email_taken"

    def test_the_last_administrator_stays_one(self, admin: Context) -> None:
        make_administrator(is_active=False)
        user_id = admin.actor.user_id or 0
        with pytest.raises(Conflict) as error:
            update_user(context=admin, user_id=user_id, role="sales")
        assert error.value.code == "own_last_administrator"

    def test_the_last_but_one_may_step_down(self, admin: Context) -> None:
        other = make_administrator()
        update_user(context=admin, user_id=other.pk, role="sales")
        assert User.objects.filter(role="administrator").count() == 1

    def test_an_unknown_field_is_refused(self, admin: Context) -> None:
        with pytest.raises(Invalid) as error:
            update_user(context=admin, user_id=make_user().pk, is_superuser=True)
        assert error.value.code == "unknown_field"

    def test_an_unknown_user_is_not_found(self, admin: Context) -> None:
        with pytest.raises(NotFound):
            update_user(context=admin, user_id=0, phone="1")

    def test_nobody_else_may(self) -> None:
        user = make_user(role=Role.MANAGER)
        with pytest.raises(NotAllowed):
            update_user(context=acting(user), user_id=user.pk, role="administrator")


class TestActivity:
    def test_deactivating_closes_every_door(self, admin: Context) -> None:
        user = make_user(password=PASSWORD)
        _, secret = create_token(context=acting(user), name="skripta")
        deactivate_user(context=admin, user_id=user.pk)
        assert authenticate(None, email=user.email, password=PASSWORD) is None
        assert authenticate_token(secret, NOW) is None
        activate_user(context=admin, user_id=user.pk)
        assert authenticate(None, email=user.email, password=PASSWORD) == user
        assert authenticate_token(secret, NOW) is None

    def test_doing_it_twice_is_doing_it_once(self, admin: Context) -> None:
        user = make_user()
        for service in (deactivate_user, deactivate_user, activate_user, activate_user):
            service(context=admin, user_id=user.pk)
        actions = [line.action for line in list_changes("user", user.pk)]
        assert sorted(actions) == ["activate", "deactivate"]

    def test_one_administrator_remains(self, admin: Context) -> None:
        with pytest.raises(Conflict) as error:
            deactivate_user(context=admin, user_id=admin.actor.user_id or 0)
        assert error.value.code == "own_last_administrator"

    def test_an_administrator_may_leave_if_another_stays(self, admin: Context) -> None:
        make_administrator()
        user = deactivate_user(context=admin, user_id=admin.actor.user_id or 0)
        assert not user.is_active

    @pytest.mark.parametrize("service", [activate_user, deactivate_user])
    def test_nobody_else_may(self, service: Any) -> None:
        with pytest.raises(NotAllowed):
            service(context=acting(make_user(role=Role.MANAGER)), user_id=1)

    @pytest.mark.parametrize("service", [activate_user, deactivate_user])
    def test_an_unknown_user_is_not_found(self, admin: Context, service: Any) -> None:
        with pytest.raises(NotFound):
            service(context=admin, user_id=0)


class TestOwnProfile:
    @pytest.mark.parametrize("role", list(Role))
    def test_everybody_has_one(self, role: Role) -> None:
        user = make_user("Žan", role=role)
        update_own_profile(
            context=acting(user), name="Ž. Novak", language="en", theme="dark"
        )
        user.refresh_from_db()
        assert (user.name, user.language, user.theme) == ("Ž. Novak", "en", "dark")
        assert user.name_key == "z~. novak"

    def test_what_is_not_given_stays(self) -> None:
        user = make_user(phone="040 123 456")
        update_own_profile(context=acting(user), theme="light")
        user.refresh_from_db()
        assert user.phone == "040 123 456"

    def test_bad_input_is_refused(self) -> None:
        with pytest.raises(Invalid) as error:
            update_own_profile(context=acting(make_user()), name="", theme="pink")
        assert [e.field for e in error.value.errors] == ["name", "theme"]

    def test_a_stale_form_is_refused(self) -> None:
        with pytest.raises(Conflict):
            update_own_profile(
                context=acting(make_user()), name="X", expected_version=9
            )

    def test_the_system_has_none(self) -> None:
        with pytest.raises(NotAllowed):
            update_own_profile(context=as_system(), name="X")
