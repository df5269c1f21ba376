"""Tables to test with. This room has none, so those of others are asked for by name."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.apps import apps

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Team: Any = apps.get_model("access", "Team")
Token: Any = apps.get_model("access", "Token")
User: Any = apps.get_model("access", "User")

_numbers = count(1)


def make_team(name: str | None = None) -> Any:
    return Team.objects.create(name=name or f"Ekipa {next(_numbers)}")


def make_user(name_key: str = "ana", created_at: datetime = NOW) -> Any:
    return User.objects.create(
        email=f"u{next(_numbers)}@example.com",
        name=name_key,
        name_key=name_key,
        created_at=created_at,
    )
