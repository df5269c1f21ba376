"""The guards of all lines of a report, computed together.

Only some chains are looked at closely: at most 600 for each kind, evenly chosen, so
that the guards of 50,000 chains take seconds. Source: docs/insight/triggers.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .conditional_poisson import fit
from .log import Bools, Floats, Ints
from .trigger_design import OUTCOMES, WINDOW_DAYS, Design, Intervals, Outcome
from .trigger_estimates import (
    LEVEL,
    Estimated,
    Spoken,
    chains_of,
    estimate_of,
    p_above_margin,
)
from .trigger_guards import (
    Expected,
    before_of,
    expected_of,
    placebo_of,
    ratio_of,
    windows_of,
)
from .trigger_report import Guard, Guards

MOST_CHAINS = 600
LARGEST_SHARE = 0.05
LARGEST_RATIO = 10.0  # beyond, the outcome is a part of the action, not its fruit
WINDOWS = (5.0, WINDOW_DAYS, 20.0)
ONE_SIDED = 1.645


def checked(design: Design, estimates: Sequence[Estimated]) -> list[dict[int, Guards]]:
    """Return for each outcome the guards of each kind that is spoken of."""
    if not any(estimate.spoken for estimate in estimates):
        return [{} for _ in estimates]
    close = _Close(design, estimates)
    return [
        _of_outcome(close, estimate, place) for place, estimate in enumerate(estimates)
    ]


def _of_outcome(close: _Close, estimate: Estimated, place: int) -> dict[int, Guards]:
    without = _without_largest(estimate)
    return {
        own.kind: _guards(close, estimate, own, place, without[own.kind])
        for own in estimate.spoken
    }


def _guards(
    close: _Close,
    estimate: Estimated,
    own: Spoken,
    place: int,
    without: tuple[float, float],
) -> Guards:
    """Return the figures, and which of them the estimate does not withstand."""
    chains, expected = close.expected(place, own)
    rows = close.rows(own.kind)
    windows = windows_of(close.design.log, rows, expected, chains)
    shifted = placebo_of(expected, windows, WINDOW_DAYS, seed=own.kind)
    ratios = [ratio_of(expected, windows, days) for days in WINDOWS]
    share = float((shifted >= ratios[1]).mean())
    reactions = OUTCOMES.index(Outcome.REACTION)
    _, of_reactions = close.expected(reactions, own)
    before, error = before_of(
        close.design.log, close.design.acts, rows, of_reactions, chains
    )
    is_lively = before > own.beta / 2 and before > ONE_SIDED * error
    failed = {
        Guard.BEFORE: is_lively,
        Guard.PLACEBO: share > LEVEL,
        Guard.WINDOWS: any(np.sign(r) != np.sign(own.beta) for r in ratios),
        Guard.LARGEST: p_above_margin(*without) >= LEVEL,
        Guard.SIZE: own.beta > np.log(LARGEST_RATIO),
    }
    return Guards(
        before=estimate_of(before, error) if np.isfinite(error) else None,
        placebo_share=share,
        windows=tuple(float(np.exp(r)) if r < np.inf else None for r in ratios),
        without_largest=float(np.exp(without[0])),
        without_largest_p=p_above_margin(*without),
        failed=tuple(guard for guard, is_failed in failed.items() if is_failed),
    )


def _without_largest(estimate: Estimated) -> dict[int, tuple[float, float]]:
    """Return estimate and error of each kind without the 5 % of largest chains."""
    if estimate.fit is None or not estimate.spoken:
        return {}
    rows = estimate.rows
    names, at = np.unique(rows.stratum, return_inverse=True)
    sizes = np.bincount(at, rows.events)
    dropped = int(np.ceil(LARGEST_SHARE * (sizes > 0).sum()))
    kept = np.ones(len(names), dtype=bool)
    kept[np.argsort(-sizes, kind="stable")[:dropped]] = False
    again = fit(rows.only(kept[at]), start=estimate.fit.beta)
    errors = again.errors
    return {
        own.kind: (float(again.beta[own.column]), float(errors[own.column]))
        for own in estimate.spoken
    }


class _Close:
    """The chains that are looked at closely, with all their intervals."""

    def __init__(self, design: Design, estimates: Sequence[Estimated]) -> None:
        kinds = sorted({own.kind for e in estimates for own in e.spoken})
        chosen = {kind: _evenly(chains_of(design, kind)) for kind in kinds}
        union = np.unique(np.concatenate(list(chosen.values())))
        self.design = Design(design.log.part(union), columns=design.columns)
        self._chains = {k: np.searchsorted(union, c) for k, c in chosen.items()}
        self._estimates = estimates
        self._blocks = list(self.design.blocks())
        self._eta = [self._rates(estimate) for estimate in estimates]
        self._known: dict[tuple[int, int], Expected] = {}

    def _rates(self, estimate: Estimated) -> list[Floats]:
        if estimate.fit is None:
            return [np.zeros(len(block.chain)) for block in self._blocks]
        return [_product(block.flags, estimate.fit.beta) for block in self._blocks]

    def rows(self, kind: int) -> Ints:
        """Return the actions of this kind."""
        act = self.design.acts.act
        return np.asarray(act[self.design.log.activities.kind[act] == kind])

    def expected(self, place: int, own: Spoken) -> tuple[Ints, Expected]:
        """Return the chains of this kind, and what is expected in them without it."""
        chains = self._chains[own.kind]
        key = place, own.kind
        if key not in self._known:
            found = self._estimates[place].fit
            beta = 0.0 if found is None else float(found.beta[own.column])
            self._known = {k: v for k, v in self._known.items() if k[1] == own.kind}
            self._known[key] = self._expected(place, own.column, beta, chains)
        return chains, self._known[key]

    def _expected(self, place: int, column: int, beta: float, chains: Ints) -> Expected:
        mine: Bools = np.zeros(len(self.design.log.chains), dtype=bool)
        mine[chains] = True
        kept = [mine[block.chain] for block in self._blocks]
        block = _joined(self._blocks, kept)
        eta = np.concatenate(
            [
                eta[k] - beta * b.flags[k, column]
                for eta, b, k in zip(self._eta[place], self._blocks, kept, strict=True)
            ]
        )
        return expected_of(self.design, block, place, eta, chains)


def _joined(blocks: list[Intervals], kept: list[Bools]) -> Intervals:
    """Return the kept intervals of all blocks as one, without their flags."""
    pairs = list(zip(blocks, kept, strict=True))
    return Intervals(
        np.concatenate([b.chain[k] for b, k in pairs]),
        np.concatenate([b.left[k] for b, k in pairs]),
        np.concatenate([b.right[k] for b, k in pairs]),
        np.empty((0, 0), dtype=np.uint8),
        np.concatenate([b.events[k] for b, k in pairs]),
    )


def _product(flags: np.ndarray, beta: Floats) -> Floats:
    """Return flags · beta, column by column: the flags are bytes, and many."""
    total = np.zeros(len(flags))
    for column, value in enumerate(beta):
        total += value * flags[:, column]
    return total


def _evenly(chains: Ints) -> Ints:
    """Return at most 600 of the chains, evenly chosen."""
    if len(chains) <= MOST_CHAINS:
        return chains
    return chains[np.linspace(0, len(chains) - 1, MOST_CHAINS).astype(np.int64)]
