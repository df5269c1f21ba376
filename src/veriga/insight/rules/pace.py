"""Pace: how fast a chain moves beside similar ones, with the range of what we know.

Reference hazard of the gaps, shrunk multipliers of kind, segment and age, and for each
chain its own multiplier, gamma-Poisson. Source: docs/insight/pace.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from .gaps import Gaps, gaps_of, is_open
from .intervals import Estimate, plain
from .log import ActivityLog, Bools, Floats, Ints
from .shrink import likeliest_weight, multipliers
from .survival import Hazard, piecewise_hazard, sums

AGES = (10.0, 25.0, 50.0, 100.0, 150.0)  # working days since the chain began
SLOW_BELOW, FAST_ABOVE = 0.8, 1.25
ENOUGH_ACTIVITIES, ENOUGH_DAYS = 5, 20.0
ENOUGH_GAPS, ENOUGH_CHAINS = 100, 20


@dataclass(frozen=True, slots=True)
class PaceModel:
    """What a gap of these covariates is expected to bring, for any wait."""

    hazard: Hazard
    kind: Floats
    segment: Floats
    age: Floats
    cell: Floats
    theta: float
    n_gaps: int
    n_chains: int

    def factor(self, log: ActivityLog, gaps: Gaps) -> Floats:
        """Return the multiplier of each gap: kind, segment, age, and their cell."""
        kind, segment, age = covariates(log, gaps)
        cell = _cell(kind, segment, age, len(self.segment))
        product: Floats = self.kind[kind] * self.segment[segment] * self.age[age]
        return product * self.cell[cell]

    def expected(self, log: ActivityLog, gaps: Gaps) -> Floats:
        """Return the completions expected within each gap."""
        return self.factor(log, gaps) * self.hazard.cumulative(gaps.length)


@dataclass(frozen=True, slots=True)
class Paces:
    """The pace of all chains, c of them in each column.

    `n` activities carried out, `expected` of similar chains in the same `days`;
    `pace` with its 90 % range `low`, `high` and its 95 % range `low95`, `high95`.
    `verdict` indexes VERDICTS.
    """

    n: Ints
    expected: Floats
    days: Floats
    pace: Floats
    low: Floats
    high: Floats
    low95: Floats
    high95: Floats
    verdict: Ints


VERDICTS = ("slow", "usual", "fast", "too_few")


@dataclass(frozen=True, slots=True)
class ChainPace:
    """The pace of one chain; `pace` is None where there is too little to say."""

    chain: int
    n: int
    days: float
    expected: float | None
    pace: Estimate | None
    low95: float | None
    high95: float | None
    verdict: str

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "chain": self.chain,
            "activities": self.n,
            "days": plain(self.days, 1),
            "expected": None if self.expected is None else plain(self.expected, 1),
            "pace": self.pace.to_json() if self.pace else None,
            "range95": [self.low95, self.high95] if self.pace else None,
            "verdict": self.verdict,
        }


@dataclass(frozen=True, slots=True)
class PaceReport:
    """The pace of every open chain; `code` is "ok" or "too_few"."""

    code: str
    n_chains: int
    n_gaps: int
    theta: float | None
    chains: tuple[ChainPace, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "code": self.code,
            "n_chains": self.n_chains,
            "n_gaps": self.n_gaps,
            "heterogeneity": None if self.theta is None else plain(self.theta),
            "chains": [chain.to_json() for chain in self.chains],
        }


def covariates(log: ActivityLog, gaps: Gaps) -> tuple[Ints, Ints, Ints]:
    """Return kind of the last activity, segment and age band of each gap.

    Segment 0 stands for none.
    """
    age = np.searchsorted(AGES, gaps.begins - log.chains.began[gaps.chain], "right")
    return (
        log.activities.kind[gaps.row],
        log.chains.segment[gaps.chain] + 1,
        age.astype(np.int64),
    )


def _cell(kind: Ints, segment: Ints, age: Ints, segments: int) -> Ints:
    return (kind * segments + segment) * (len(AGES) + 1) + age


def fit_pace(log: ActivityLog, gaps: Gaps | None = None) -> PaceModel | None:
    """Return the model of all gaps, None where there are too few to compare with."""
    gaps = gaps_of(log) if gaps is None else gaps
    n_chains = len(np.unique(gaps.chain[gaps.is_over]))
    n_gaps = int(gaps.is_over.sum())
    if n_gaps < ENOUGH_GAPS or n_chains < ENOUGH_CHAINS:
        return None
    kind, segment, age = covariates(log, gaps)
    kinds, segments, ages = len(log.kinds), len(log.segments) + 1, len(AGES) + 1
    seen = gaps.is_over.astype(np.float64)
    by_kind, by_segment, by_age = np.ones(kinds), np.ones(segments), np.ones(ages)
    hazard = piecewise_hazard(gaps.length, gaps.is_over)
    for _ in range(2):
        base = hazard.cumulative(gaps.length)
        by_kind = multipliers(
            kind, kinds, seen, base * by_segment[segment] * by_age[age]
        )
        by_segment = multipliers(
            segment, segments, seen, base * by_kind[kind] * by_age[age]
        )
        by_age = multipliers(
            age, ages, seen, base * by_kind[kind] * by_segment[segment]
        )
        weights = by_kind[kind] * by_segment[segment] * by_age[age]
        hazard = piecewise_hazard(gaps.length, gaps.is_over, weights=weights)
    expected = weights * hazard.cumulative(gaps.length)
    cell = _cell(kind, segment, age, segments)
    by_cell = multipliers(cell, kinds * segments * ages, seen, expected)
    theta = likeliest_weight(
        *_per_chain(gaps, expected * by_cell[cell], len(log.chains))
    )
    return PaceModel(
        hazard, by_kind, by_segment, by_age, by_cell, theta, n_gaps, n_chains
    )


def _per_chain(gaps: Gaps, expected: Floats, chains: int) -> tuple[Floats, Floats]:
    """Return how many gaps went on in each chain, and how many were expected to."""
    return sums(gaps.chain, gaps.is_over, chains), sums(gaps.chain, expected, chains)


def paces(log: ActivityLog, model: PaceModel, gaps: Gaps | None = None) -> Paces:
    """Return the pace of every chain, open or not."""
    gaps = gaps_of(log) if gaps is None else gaps
    chains = len(log.chains)
    seen, expected = _per_chain(gaps, model.expected(log, gaps), chains)
    began_in = np.bincount(gaps.chain, minlength=chains) > 0
    shape, rate = model.theta + seen, model.theta + expected
    low, high, low95, high95 = (
        special.gammaincinv(shape, share) / rate for share in (0.05, 0.95, 0.025, 0.975)
    )
    # The first activity begins the chain and is nobody's completion: it is in both.
    count = (seen + began_in).astype(np.int64)
    days = sums(gaps.chain, gaps.length, chains)
    enough = (count >= ENOUGH_ACTIVITIES) | (days >= ENOUGH_DAYS)
    verdict = _verdicts(low, high, enough & began_in)
    pace = shape / rate
    expected = expected + began_in
    return Paces(count, expected, days, pace, low, high, low95, high95, verdict)


def _verdicts(low: Floats, high: Floats, enough: Bools) -> Ints:
    """Return the place in VERDICTS: slow if the one-sided 95 % bound is below 0.8."""
    verdict = np.where(high < SLOW_BELOW, 0, np.where(low > FAST_ABOVE, 2, 1))
    return np.where(enough, verdict, 3).astype(np.int64)


def pace_report(log: ActivityLog) -> PaceReport:
    """Return the pace of every open chain with a range, or that there is too little."""
    gaps = gaps_of(log)
    model = fit_pace(log, gaps)
    chosen = np.flatnonzero(is_open(log))
    if model is None:
        n_over = int(gaps.is_over.sum())
        return PaceReport("too_few", len(log.chains), n_over, None, ())
    found = paces(log, model, gaps)
    chains = tuple(_chain_pace(log, found, int(i)) for i in chosen)
    return PaceReport("ok", model.n_chains, model.n_gaps, model.theta, chains)


def _chain_pace(log: ActivityLog, found: Paces, i: int) -> ChainPace:
    verdict = VERDICTS[found.verdict[i]]
    chain, n, days = int(log.chains.id[i]), int(found.n[i]), float(found.days[i])
    if verdict == "too_few":
        return ChainPace(chain, n, days, None, None, None, None, verdict)
    pace = Estimate(found.pace[i], found.low[i], found.high[i], n, level=0.9)
    expected = float(found.expected[i])
    low95, high95 = plain(found.low95[i]), plain(found.high95[i])
    return ChainPace(chain, n, days, expected, pace, low95, high95, verdict)
