"""Who somebody is and what their role lets them do. Plain Python.

Roles say what a person may do, the company scope says about which companies. Rights
that depend on a record (owner, participant, account owner) are decided in the rooms
that know the record, from what is here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a user may do, from most to least."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    SALES = "sales"
    READER = "reader"


class Scope(StrEnum):
    """Which companies a user sees: their own, their team's, or all."""

    OWN = "own"
    TEAM = "team"
    ALL = "all"


DEFAULT_SCOPE = {
    Role.ADMINISTRATOR: Scope.ALL,
    Role.MANAGER: Scope.ALL,
    Role.SALES: Scope.TEAM,
    Role.READER: Scope.TEAM,
}


class Source(StrEnum):
    """Through which door a write came in."""

    FORM = "form"
    API = "api"
    IMPORT = "import"
    MAIL = "mail"
    DEMO = "demo"
    GENERATED = "generated"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts or reads: a user, or the system under a name (`user_id` None)."""

    user_id: int | None
    name: str
    role: Role
    scope: Scope
    team_id: int | None = None
    may_see_confidential: bool = False
    may_activate: bool = False  # make prospects active customers
    may_see_persons: bool = False  # see companies that are natural persons

    @property
    def is_system(self) -> bool:
        return self.user_id is None

    @property
    def is_manager(self) -> bool:
        """Managers and administrators; the system may do what they may."""
        return self.role in {Role.MANAGER, Role.ADMINISTRATOR}

    @property
    def is_administrator(self) -> bool:
        return self.role is Role.ADMINISTRATOR

    @property
    def can_record(self) -> bool:
        """Whether they may record activities and link; readers may not."""
        return self.role is not Role.READER

    @property
    def sees_everything(self) -> bool:
        return self.scope is Scope.ALL


def may_set_target(actor: Actor, team_id: int | None) -> bool:
    """Tell whether somebody sets the targets of a team, and of the people in it.

    Whoever leads all sets any; other managers those of their own team. `team_id` None
    is that of a user without a team.
    """
    if not actor.is_manager:
        return False
    if actor.is_administrator or actor.sees_everything:
        return True
    return team_id is not None and team_id == actor.team_id


def may_see_target(actor: Actor, *, user_id: int | None, team_id: int | None) -> bool:
    """Tell whether somebody sees the target of a user in a team, or of the team.

    As with companies: one's own, one's team's, or all. `user_id` None is the team.
    """
    if actor.sees_everything or may_set_target(actor, team_id):
        return True
    if user_id is not None and user_id == actor.user_id:
        return True
    in_team = team_id is not None and team_id == actor.team_id
    return in_team and actor.scope is Scope.TEAM


def may_activate(role: Role, has_right: bool) -> bool:
    """Tell whether somebody may make prospects active: managers always may."""
    return role in {Role.MANAGER, Role.ADMINISTRATOR} or (
        has_right and role is not Role.READER
    )


def may_see_persons(role: Role, has_right: bool) -> bool:
    """Tell whether somebody sees natural persons: administrators always do.

    They give the right, so that keeping it from them would keep nothing.
    """
    return has_right or role is Role.ADMINISTRATOR


def system(name: str) -> Actor:
    """Return the actor that the program itself is, doing `name`."""
    return Actor(None, name, Role.ADMINISTRATOR, Scope.ALL, None, True, True, True)


@dataclass(frozen=True, slots=True)
class Context:
    """What every service takes: who acts, the moment it happens, through which door."""

    actor: Actor
    now: datetime
    source: Source = Source.FORM
