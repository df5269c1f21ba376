"""Users, teams and contexts for the tests of every room."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password

from veriga.access.models import Team, User
from veriga.access.queries import actor_of
from veriga.access.rules import DEFAULT_SCOPE, Context, Role, Scope, Source, system
from veriga.common.text import sort_key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
PASSWORD = "verigasto-kamnov-7"

_numbers = count(1)


def make_team(name: str | None = None) -> Team:
    return Team.objects.create(name=name or f"Ekipa {next(_numbers)}")


def make_user(
    name: str | None = None,
    *,
    role: Role = Role.SALES,
    scope: Scope | None = None,
    team: Team | None = None,
    password: str | None = None,
    **fields: Any,
) -> User:
    """Return a stored user; whatever is not given is made up."""
    number = next(_numbers)
    name = name or f"Uporabnik {number}"
    return User.objects.create(
        **{
            "email": f"u{number}@example.com",
            "name": name,
            "name_key": sort_key(name),
            "role": role,
            "scope": scope or DEFAULT_SCOPE[role],
            "team": team,
            "created_at": NOW,
            "password": make_password(password),
            **fields,
        }
    )


def make_administrator(**fields: Any) -> User:
    return make_user(role=Role.ADMINISTRATOR, **fields)


def acting(user: User, now: datetime = NOW, source: Source = Source.FORM) -> Context:
    """Return the context in which `user` does something."""
    return Context(actor_of(user), now, source)


def as_system(now: datetime = NOW) -> Context:
    return Context(system("test"), now, Source.SYSTEM)
