"""Rules "when … then": what sets them off, their steps, and what they did."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .types import (
    DayOut,
    Flag,
    Id,
    In,
    InstantOut,
    KindWord,
    Line,
    Lines,
    NamedOut,
    Out,
    PageQuery,
    Patch,
    Person,
    QueryId,
    ResultWord,
    UserOut,
)

TriggerWord = Literal["done", "stage", "sent", "silence", "activated"]
DeedWord = Literal["activity", "assign", "notify"]
MadeKindWord = Literal["event", "task"]
PersonWord = Literal["owner", "account_owner", "user"]
DirectionWord = Literal["in", "out", "internal"]
OutcomeWord = Literal["made", "assigned", "told", "impossible"]
EndingWord = Literal[
    "finished", "reacted", "closed", "switched_off", "gone", "already", "circle",
    "failed",
]  # fmt: skip
RunStateWord = Literal[
    "at_work", "finished", "reacted", "closed", "impossible", "without"
]
Days = Annotated[int, Field(strict=True)]


class RuleStepIn(In):
    """One thing that a rule does, so many working days after it was set off."""

    deed: DeedWord = "activity"
    kind: MadeKindWord | None = Field(None, description="Of activity.")
    type: Line | None = Field(None, description="Of an event: a code.")
    days: Days = 0
    title: Line | None = None
    text: Lines | None = None
    person: PersonWord = Field("owner", description="For whom.")
    user: Person | None = Field(None, description="If the person is user.")


class RulePatch(Patch):
    """What may be changed of a rule; `steps` are all that it has from then on."""

    name: Line = ""
    trigger: TriggerWord = "done"
    kind: KindWord | None = None
    type: Line | None = None
    result: ResultWord | None = None
    direction: DirectionWord | None = None
    stage: Line | None = None
    category: Line | None = None
    first_only: Flag = False
    days: Days | None = Field(None, description="Of silence: working days.")
    team: Id | None = Field(None, description="Null for all teams.")
    steps: list[RuleStepIn] = Field(default_factory=list)


class RuleIn(RulePatch):
    """A new rule, which is switched off at first."""

    name: Line
    trigger: TriggerWord
    steps: list[RuleStepIn]


class RuleStepOut(Out):
    """One step of a rule."""

    position: int
    deed: DeedWord
    kind: MadeKindWord | None
    type: str | None
    days: int
    title: str
    text: str
    person: PersonWord
    user: UserOut | None


class RuleOut(Out):
    """A rule; conditions that ask nothing are null.

    `set_off` is how often it was in the last 30 days, at companies that one sees.
    """

    id: int
    name: str
    trigger: TriggerWord
    kind: KindWord | None
    type: str | None
    result: ResultWord | None
    direction: DirectionWord | None
    stage: str | None
    category: str | None
    first_only: bool
    days: int | None
    team: NamedOut | None
    steps: list[RuleStepOut]
    is_on: bool
    on_since: InstantOut | None
    made_by: UserOut | None
    created_at: InstantOut
    may_change: bool
    set_off: int
    row_version: int


class RulesOut(Out):
    items: list[RuleOut]


class PlannedOut(Out):
    """One step on its day; `code` says why it could not have been done.

    `stopped`: what had ended the rule by then.
    """

    position: int
    deed: DeedWord
    day: DayOut
    code: str | None
    stopped: Literal["reacted", "closed"] | None


class OccasionOut(Out):
    """One thing that would have set the rule off."""

    at: InstantOut
    company: NamedOut
    activity: str | None
    steps: list[PlannedOut]


class RehearsalOut(Out):
    """What a rule would have done in the last month, had it been on.

    `is_cut`: there are more occasions than are told.
    """

    occasions: list[OccasionOut]
    is_cut: bool
    activities: int
    ended_early: int
    impossible: int


class RunsQuery(PageQuery):
    """What narrows the log of rules."""

    rule: QueryId | None = None
    state: RunStateWord | None = None


class RunStepOut(Out):
    """What became of one step; no activity where it is out of sight or deleted."""

    position: int
    made_at: InstantOut
    outcome: OutcomeWord
    code: str | None
    activity: str | None
    user: UserOut | None
    withdrawn_at: InstantOut | None


class RunOut(Out):
    """A rule at work after one thing that set it off; `ending` is null while it is."""

    id: int
    rule: NamedOut
    company: NamedOut
    activity: str | None
    started_at: InstantOut
    ended_at: InstantOut | None
    ending: EndingWord | None
    ended_by: str | None
    code: str | None
    steps: list[RunStepOut]


class RunsOut(Out):
    items: list[RunOut]
    next: str | None
