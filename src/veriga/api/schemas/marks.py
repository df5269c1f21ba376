"""Marks: a stage, an outcome, or what a sale may be worth; one of the three at once."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag

from .types import (
    In,
    InstantOut,
    Line,
    Month,
    Number,
    NumberOut,
    Out,
    OutcomeWord,
    UserOut,
)

TAG = "mark:"  # begins the names that only pydantic sees


class StageMark(In):
    stage: Line


class OutcomeMark(In):
    """How the sale ended; `open` takes a close back."""

    outcome: OutcomeWord
    reason: Line | None = None


class StatementMark(In):
    """What the sale may be worth; at least one of value, month and name."""

    value: Number | None = None
    currency: Line = "EUR"
    month: Month | None = None
    name: Line = ""


def _which(body: Any) -> str:
    given = body if isinstance(body, dict) else {}
    named = [name for name in ("stage", "outcome") if name in given]
    return f"{TAG}{named[0] if named else 'value'}"


MarkIn = Annotated[
    Annotated[StageMark, Tag(f"{TAG}stage")]
    | Annotated[OutcomeMark, Tag(f"{TAG}outcome")]
    | Annotated[StatementMark, Tag(f"{TAG}value")],
    Discriminator(_which),
]


class MarkOut(Out):
    """One mark; what does not belong to its kind is null."""

    id: int
    kind: Literal["stage", "outcome", "statement"]
    stage: str | None
    outcome: OutcomeWord | None
    reason: str | None
    value: NumberOut | None
    currency: str | None
    month: str | None
    name: str | None
    made_by: UserOut | None
    made_at: InstantOut


class MarksOut(Out):
    """The marks made, the change to undo them if they closed the sale, and the chain's
    stage and outcome now."""

    marks: list[MarkOut]
    change: int | None
    stage: str
    outcome: OutcomeWord
