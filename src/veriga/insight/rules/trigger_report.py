"""What is said about triggers: a line for each outcome and kind of our actions.

Plain values only, so that a report can be stored as JSON and read without NumPy.
Source: docs/insight/triggers.md, "The stored report".
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What may be said of a kind of action."""

    ACCELERATES = "accelerates"
    NO_SIGN = "no_sign"
    UNKNOWN = "unknown"
    TOO_FEW = "too_few"


class Guard(StrEnum):
    """What a claim must withstand besides its own uncertainty."""

    BEFORE = "before"
    PLACEBO = "placebo"
    WINDOWS = "windows"
    LARGEST = "largest"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ratio with its 95 % range."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Need:
    """What there is too little of: so many there are, so many it takes.

    `what` is outcomes_in_windows, chains_with_kind, chains_with_outcome,
    outcomes_per_chain (the outcome does not come again: chains cannot be compared with
    themselves) or precision.
    """

    what: str
    have: float
    need: float


@dataclass(frozen=True, slots=True)
class Guards:
    """The figures of the guards, and which of them the estimate did not withstand.

    `before` compares how lively the customer was before we acted with what is usual.
    `placebo_share` is the share of shifted dates that looked at least as good.
    `windows` are the ratios at 5, 10 and 20 working days. `without_largest` is the
    ratio without the 5 % of chains with the most outcomes, `without_largest_p` its p.
    """

    before: Estimate | None
    placebo_share: float | None
    windows: tuple[float | None, ...]  # None: all outcomes lie inside
    without_largest: float | None
    without_largest_p: float | None
    failed: tuple[Guard, ...]


@dataclass(frozen=True, slots=True)
class TriggerLine:
    """One kind of our actions and one outcome.

    `chain_ids` are the newest chains behind the line, at most 200 of `chains`;
    `outcomes_in_windows` are the outcomes within the window after an action. Waits are
    medians in working days. `p` is one-sided for a ratio above the margin, adjusted for
    all lines of the report. Nothing is estimated where `verdict` is too_few.
    """

    kind: str
    verdict: Verdict
    chains: int
    actions: int
    outcomes_in_windows: int
    chain_ids: tuple[int, ...]
    needs: tuple[Need, ...] = ()
    effect: Estimate | None = None
    error: float | None = None  # of log ratio, without the allowance
    p: float | None = None
    wait_with: float | None = None
    wait_without: float | None = None
    versus_others: Estimate | None = None
    versus_call: Estimate | None = None
    guards: Guards | None = None


@dataclass(frozen=True, slots=True)
class SeasonLine:
    """A month (1 to 12, or year_end): outcomes beside the mean of the other months.

    `n` are the outcomes in it.
    """

    stretch: str
    ratio: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class OutcomeReport:
    """All lines for one outcome; `chains` have it at least once, `events` times.

    `seasons` are the months of which there is enough to speak.
    """

    outcome: str
    chains: int
    events: int
    lines: tuple[TriggerLine, ...]
    seasons: tuple[SeasonLine, ...] = ()


@dataclass(frozen=True, slots=True)
class TriggerReport:
    """What our actions set in motion, as far as these chains can tell.

    `by_month`: there were two years of chains, so the season was allowed for.
    """

    chains: int
    window: float
    allowance: float
    margin: float
    by_month: bool
    outcomes: tuple[OutcomeReport, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    def line(self, outcome: str, kind: str) -> TriggerLine:
        """Return the line of this outcome and kind."""
        for report in self.outcomes:
            for line in report.lines:
                if (report.outcome, line.kind) == (outcome, kind):
                    return line
        raise KeyError((outcome, kind))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, StrEnum) else value
