"""Whose figures are whose: every set of chains that somebody may see, by a key.

Plain Python: what reads stored figures imports it. Source: docs/decisions/0026.
"""

from __future__ import annotations

from dataclasses import dataclass

from veriga.access.rules import Actor, Scope


@dataclass(frozen=True, slots=True)
class SightSpec:
    """What is to be seen: all, a team's companies, or what one user sees.

    A user of scope team also sees their own companies and what is shared with them.
    """

    scope: Scope
    team_id: int | None = None
    user_id: int | None = None
    with_persons: bool = True

    @property
    def key(self) -> str:
        """The name under which the figures are stored; says all that decides them."""
        persons = "" if self.with_persons else "-no-persons"
        user = "" if self.user_id is None else f":user={self.user_id}"
        team = "" if self.team_id is None else f":team={self.team_id}"
        return f"{self.scope}{persons}{user}{team}"


def sight_of_actor(actor: Actor) -> SightSpec:
    """Return what `actor` sees, all together."""
    if actor.is_system or actor.sees_everything:
        return SightSpec(Scope.ALL, with_persons=actor.may_see_persons)
    if actor.scope is Scope.TEAM and actor.team_id is not None:
        return SightSpec(
            Scope.TEAM, actor.team_id, actor.user_id, actor.may_see_persons
        )
    return SightSpec(Scope.OWN, None, actor.user_id, actor.may_see_persons)


def sight_of_team(actor: Actor, team_id: int) -> SightSpec | None:
    """Return a team's companies as `actor` sees them, None if they may not."""
    sees_team = actor.scope is Scope.TEAM and actor.team_id == team_id
    if not (actor.is_system or actor.sees_everything or sees_team):
        return None
    return SightSpec(Scope.TEAM, team_id, None, actor.may_see_persons)
