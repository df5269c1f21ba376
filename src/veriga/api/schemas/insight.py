"""What insight has computed: stored figures with their date."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .types import In, InstantOut, Limit, Out, QueryId

ReportWord = Literal["followed", "pace", "stalled", "triggers", "map", "origins"]
Figures = Annotated[
    dict[str, Any] | None,
    Field(description="As docs/insight has it; null where there is nothing yet."),
]


class InsightQuery(In):
    """Whose figures: all that one sees, or those of one team."""

    team: QueryId | None = None
    limit: Limit = 50


class CompanyName(Out):
    id: int
    name: str


class ChainFiguresOut(Out):
    """One open chain among others, named by its origin."""

    origin: str
    title: str
    company: CompanyName
    computed_at: InstantOut
    is_stalled: bool
    figures: Figures


class InsightOut(Out):
    """A report; `computed_at` is null before the first computing.

    `activities` is what it was made of, `error` what kept it from being made. `chains`
    come with pace (the slowest first) and stalled (the likeliest to move first).
    """

    kind: ReportWord
    computed_at: InstantOut | None
    seconds: float
    activities: int
    figures: Figures
    error: str
    chains: list[ChainFiguresOut] | None = None


class LinksInsightOut(Out):
    """What was learnt about links; `figures` is null before the first try."""

    kind: Literal["links"]
    computed_at: InstantOut | None
    seconds: float
    figures: Figures


class ChainInsightOut(Out):
    """What is said of one chain; `figures` is null for closed and brand-new ones."""

    computed_at: InstantOut | None
    is_stalled: bool
    figures: Figures
