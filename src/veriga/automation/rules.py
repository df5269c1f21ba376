"""What a rule may wait for and do, when its steps come, and what it fits. No Django."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol

from veriga.access.rules import Actor
from veriga.common.working_time import WorkingCalendar

MOST_STEPS: Final = 6
MOST_DAYS: Final = 250  # working days: about a year
# A rule may act on what another one made, and a third on that; then it is enough.
DEEPEST: Final = 3
# What is recorded long after it happened is no occasion for anything any more.
STALE_AFTER: Final = timedelta(days=30)


class Trigger(StrEnum):
    """What a rule waits for."""

    DONE = "done"
    STAGE = "stage"
    SENT = "sent"
    SILENCE = "silence"
    ACTIVATED = "activated"


class Deed(StrEnum):
    """What a step does."""

    ACTIVITY = "activity"
    ASSIGN = "assign"
    NOTIFY = "notify"


class Person(StrEnum):
    """For whom: who answers for the activity, looks after the company, or this user."""

    OWNER = "owner"
    ACCOUNT_OWNER = "account_owner"
    USER = "user"


class Ending(StrEnum):
    """Why a run ended."""

    FINISHED = "finished"
    REACTED = "reacted"  # the customer did something
    CLOSED = "closed"  # the sale is closed
    SWITCHED_OFF = "switched_off"
    GONE = "gone"  # what set it off was deleted
    ALREADY = "already"  # the same rule is at work in this chain
    CIRCLE = "circle"  # rules would go on setting each other off
    FAILED = "failed"


class Outcome(StrEnum):
    """What became of a step."""

    MADE = "made"
    ASSIGNED = "assigned"
    TOLD = "told"
    IMPOSSIBLE = "impossible"


# What a rule may ask of what set it off, by what it waits for.
CONDITIONS: Final = {
    Trigger.DONE: frozenset({"kind", "type_code", "result", "direction", "first_only"}),
    Trigger.STAGE: frozenset({"stage"}),
    Trigger.SENT: frozenset(),
    Trigger.SILENCE: frozenset({"kind", "type_code", "direction", "stage", "days"}),
    Trigger.ACTIVATED: frozenset(),
}


class Asked(Protocol):
    """The conditions of a rule; an empty one is any."""

    @property
    def kind(self) -> str: ...
    @property
    def type_code(self) -> str: ...
    @property
    def result(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def team_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What set a rule off, as far as rules ask."""

    kind: str = ""
    type_code: str = ""
    result: str = ""
    direction: str = ""
    stage: str = ""
    team_id: int | None = None
    categories: Collection[str] = ()


def fits(asked: Asked, facts: Facts) -> bool:
    """Tell whether all that a rule asks holds."""
    return (
        fits_plainly(asked, facts)
        and (asked.team_id is None or asked.team_id == facts.team_id)
        and (not asked.category or asked.category in facts.categories)
    )


def fits_plainly(asked: Asked, facts: Facts) -> bool:
    """Tell whether what stands on an activity itself is what a rule asks."""
    plain = ("kind", "type_code", "result", "direction", "stage")
    return all(getattr(asked, one) in ("", getattr(facts, one)) for one in plain)


def step_day(start: date, days: int, calendar: WorkingCalendar) -> date:
    """Return the day `days` working days after `start`.

    After none it is that day itself, or the next on which anybody works.
    """
    day = start
    if days == 0 and not calendar.is_working_day(day):
        return calendar.next_working_day(day)
    for _ in range(days):
        day = calendar.next_working_day(day)
    return day


def may_keep(actor: Actor, team_id: int | None) -> bool:
    """Tell whether somebody may make and change rules of a team, None for all teams.

    Managers those of their own team; who sees all companies also those of all.
    """
    if not actor.is_manager:
        return False
    return actor.sees_everything or (team_id is not None and team_id == actor.team_id)


def is_circle(lineage: Sequence[int], rule_id: int) -> bool:
    """Tell whether a rule may not act on what the rules of `lineage` made in turn."""
    return rule_id in lineage or len(lineage) >= DEEPEST
