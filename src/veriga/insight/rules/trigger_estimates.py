"""What the trigger model estimates of one outcome, and of which kinds it may speak.

Source: docs/insight/triggers.md, "Least samples" and "When it claims".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from .conditional_poisson import Fit, Rows, fit
from .log import ActivityLog, Floats, Ints
from .trigger_design import OUTCOMES, QUOTE, Columns, Design, Outcome
from .trigger_report import Estimate, Need

MARGIN = 1.10
ALLOWANCE = 0.05  # of the log ratio, for what the model leaves over; never smaller
LEVEL = 0.05
Z95 = 1.959963984540054
FEWEST_OUTCOMES = 30
FEWEST_CHAINS_WITH_KIND = 20
FEWEST_CHAINS_WITH_OUTCOME = 50
FEWEST_PER_CHAIN = 1.5  # what happens once in a chain and never again is no rate
LARGEST_ERROR = 0.5


@dataclass(frozen=True, slots=True)
class Spoken:
    """A kind about which there is enough to speak: its column and its estimate."""

    kind: int
    column: int
    beta: float
    error: float

    @property
    def allowed_error(self) -> float:
        """The error with the allowance for what the model leaves over."""
        return float(np.hypot(self.error, ALLOWANCE))

    @property
    def p(self) -> float:
        """One-sided, for a ratio above the margin."""
        return p_above_margin(self.beta, self.error)


@dataclass(frozen=True, slots=True)
class Estimated:
    """What was estimated for one outcome; `fit` is None where there is too little."""

    outcome: Outcome
    rows: Rows
    fit: Fit | None
    chains: int
    spoken: tuple[Spoken, ...]


def p_above_margin(beta: float, error: float) -> float:
    """Return the one-sided p for a ratio above 1.10, the allowance included."""
    return float(ndtr((np.log(MARGIN) - beta) / np.hypot(error, ALLOWANCE)))


def benjamini_hochberg(p: Floats) -> Floats:
    """Return the adjusted p: below 0.05 for a false discovery rate of 5 %."""
    order = np.argsort(p)
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def estimate_of(beta: float, error: float) -> Estimate:
    low, high = np.exp([beta - Z95 * error, beta + Z95 * error])
    return Estimate(float(np.exp(beta)), float(low), float(high))


def estimated(design: Design, outcome: Outcome, rows: Rows) -> Estimated:
    """Return the fit, and the kinds about which it may speak."""
    chains = len(np.unique(rows.stratum[rows.events > 0]))
    too_rare = _per_chain(rows, chains) < FEWEST_PER_CHAIN
    if chains < FEWEST_CHAINS_WITH_OUTCOME or too_rare:
        return Estimated(outcome, rows, None, chains, ())
    found = fit(rows)
    errors, plain = found.errors, found.plain_errors
    spoken = []
    for column, kind in enumerate(design.columns.acted):
        if not needs_of(design, rows, chains, kind, outcome) and (
            0 < plain[column] < LARGEST_ERROR and np.isfinite(errors[column])
        ):
            beta, error = float(found.beta[column]), float(errors[column])
            spoken.append(Spoken(kind, column, beta, error))
    chosen = tuple(s for s in spoken if not is_itself(design.log, outcome, s.kind))
    return Estimated(outcome, rows, found, chains, chosen)


def is_itself(log: ActivityLog, outcome: Outcome, kind: int) -> bool:
    """Tell whether this kind is the outcome: a quote is no trigger of quotes."""
    return outcome is Outcome.QUOTE and log.kinds[kind].code == QUOTE


def needs_of(
    design: Design, rows: Rows, chains: int, kind: int, outcome: Outcome
) -> tuple[Need, ...]:
    """Return what is missing before this kind may be spoken of."""
    have = (
        (
            "outcomes_in_windows",
            in_windows(design, rows, kind, outcome),
            FEWEST_OUTCOMES,
        ),
        ("chains_with_kind", len(chains_of(design, kind)), FEWEST_CHAINS_WITH_KIND),
        ("chains_with_outcome", chains, FEWEST_CHAINS_WITH_OUTCOME),
        ("outcomes_per_chain", _per_chain(rows, chains), FEWEST_PER_CHAIN),
    )
    return tuple(Need(*each) for each in have if each[1] < each[2])


def in_windows(design: Design, rows: Rows, kind: int, outcome: Outcome) -> int:
    """Return how many outcomes fell within the window after an action of this kind."""
    if kind in design.columns.acted:
        column = design.columns.acted.index(kind)
        return int(rows.events[rows.columns[:, column] > 0].sum())
    part = design.log.part(chains_of(design, kind))
    place = OUTCOMES.index(outcome)
    return sum(
        int(block.events[block.flags[:, 0] > 0, place].sum())
        for block in Design(part, columns=Columns((kind,), ())).blocks()
    )


def chains_of(design: Design, kind: int) -> Ints:
    table = design.log.activities
    act = design.acts.act
    return np.unique(table.chain[act[table.kind[act] == kind]])


def _per_chain(rows: Rows, chains: int) -> float:
    """Return how often the outcome comes in the chains in which it comes at all."""
    return round(float(rows.events.sum()) / chains, 2) if chains else 0.0
