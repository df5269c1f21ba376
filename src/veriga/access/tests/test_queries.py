"""Reading users, and who an actor is."""

from __future__ import annotations

from typing import Any

import pytest

from veriga.access.queries import (
    actor_of,
    find_user,
    get_user,
    list_users,
    users_by_id,
)
from veriga.access.rules import Actor, Role, Scope, system
from veriga.common.errors import NotFound

from .factories import make_team, make_user

pytestmark = pytest.mark.django_db


class TestActor:
    def test_it_is_the_user(self) -> None:
        team = make_team()
        user = make_user("Maja", team=team, scope=Scope.OWN, may_see_confidential=True)
        assert actor_of(user) == Actor(
            user.pk, "Maja", Role.SALES, Scope.OWN, team.pk, True
        )

    @pytest.mark.parametrize(
        ("role", "records", "manages", "administers"),
        [
            (Role.ADMINISTRATOR, True, True, True),
            (Role.MANAGER, True, True, False),
            (Role.SALES, True, False, False),
            (Role.READER, False, False, False),
        ],
    )
    def test_what_roles_may(
        self, role: Role, records: bool, manages: bool, administers: bool
    ) -> None:
        actor = actor_of(make_user(role=role))
        assert (actor.can_record, actor.is_manager, actor.is_administrator) == (
            records,
            manages,
            administers,
        )
        assert not actor.is_system

    def test_the_system_may_everything(self) -> None:
        actor = system("check")
        assert actor.is_system
        assert actor.sees_everything
        assert actor.is_administrator


class TestFindUser:
    def test_by_id_and_by_address(self) -> None:
        user = make_user(email="maja@example.com", team=make_team())
        actor = actor_of(user)
        for ident in (user.pk, str(user.pk), "maja@example.com", " MAJA@example.com "):
            assert find_user(actor, ident) == user

    def test_the_deactivated_are_found(self) -> None:
        user = make_user(is_active=False)
        assert find_user(actor_of(user), user.email) == user

    @pytest.mark.parametrize(
        "ident", [0, -1, 10**30, "", "x@example.com", "maja", "1.5", "\x00@"]
    )
    def test_anything_else_is_not_found(self, ident: int | str) -> None:
        with pytest.raises(NotFound):
            find_user(system("test"), ident)


class TestLists:
    def test_users_come_in_slovenian_order_with_their_teams(
        self, django_assert_num_queries: Any
    ) -> None:
        for name in ("Žan", "Zora", "Čarna"):
            make_user(name, team=make_team(), is_active=name != "Zora")
        with django_assert_num_queries(1):
            users = list_users(system("test"))
            assert [u.name for u in users if u.team] == ["Čarna", "Zora", "Žan"]
        active = list_users(system("test"), active_only=True)
        assert [u.name for u in active] == ["Čarna", "Žan"]

    def test_users_by_id(self, django_assert_num_queries: Any) -> None:
        user = make_user()
        with django_assert_num_queries(1):
            assert users_by_id([user.pk, None, 0, 10**30, user.pk]) == {user.pk: user}
        with django_assert_num_queries(0):
            assert users_by_id([None]) == {}

    def test_get_user(self) -> None:
        user = make_user()
        assert get_user(actor_of(user), user.pk) == user
        with pytest.raises(NotFound):
            get_user(actor_of(user), 0)
