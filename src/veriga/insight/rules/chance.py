"""The chance that the customer reacts in the next 20 working days, with its range.

The landmark model where there is enough, else the share among chains that had been
silent as long, else nothing. Source: docs/insight/chance.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .gaps import silence
from .intervals import Estimate, wilson
from .landmark import (
    AHEAD,
    Design,
    Landmarks,
    design_of,
    features,
    landmarks_of,
    reacted,
    today,
)
from .log import ActivityLog, Floats, Ints
from .logistic import Logistic, fit_logistic
from .waits import waits_of

ENOUGH_CHAINS, ENOUGH_EACH = 100, 100
LONG_OBSERVED = 60.0
NEAREST, DRAWS = 200, 200
ENOUGH_ALIKE, LONGEST = 30, 120
BLOCK = 5_000


@dataclass(frozen=True, slots=True)
class ChanceModel:
    """The fitted model with what it was fitted on: predictions in order, outcomes."""

    design: Design
    logistic: Logistic
    ordered: Floats  # predictions of the training landmarks, rising
    hits: Ints  # outcomes up to each of them, one longer
    n_chains: int

    def predict(self, log: ActivityLog, marks: Landmarks) -> tuple[Floats, ...]:
        """Return chance, low and high of these landmarks as of that day."""
        if not len(marks):
            return np.zeros(0), np.zeros(0), np.zeros(0)
        columns = features(log, marks, self.design, training=False)
        chance = self.logistic.predict(columns)
        low, high = self._drawn(columns)
        near_low, near_high = self._nearest(chance)
        is_wider = near_high - near_low > high - low
        low, high = (
            np.where(is_wider, near_low, low),
            np.where(is_wider, near_high, high),
        )
        return chance, np.minimum(low, chance), np.maximum(high, chance)

    def _drawn(self, columns: Floats) -> tuple[Floats, Floats]:
        """Return the middle 95 % of 200 refits with chains weighed anew."""
        draws = self.logistic.draws(DRAWS).T
        x = self.logistic.columns(columns)
        found = [
            np.quantile(x[i : i + BLOCK] @ draws, (0.025, 0.975), axis=1)
            for i in range(0, len(x), BLOCK)
        ]
        low, high = 1 / (1 + np.exp(-np.concatenate(found, axis=1)))
        return low, high

    def _nearest(self, chance: Floats) -> tuple[Floats, Floats]:
        """Return the Wilson range of the 200 landmarks of the nearest prediction."""
        size = min(NEAREST, len(self.ordered))
        middle = np.searchsorted(self.ordered, chance)
        first = np.clip(middle - size // 2, 0, len(self.ordered) - size)
        hits = self.hits[first + size] - self.hits[first]
        return wilson(hits, np.full(len(hits), size))


@dataclass(frozen=True, slots=True)
class ChainChance:
    """The chance of one open chain; `basis`: "model", "alike" (share) or "too_few"."""

    chain: int
    basis: str
    chance: Estimate | None

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "chain": self.chain,
            "basis": self.basis,
            "chance": self.chance.to_json() if self.chance else None,
        }


@dataclass(frozen=True, slots=True)
class ChanceReport:
    """The chances of all open chains; `code`: "model", or "alike" where none fits."""

    code: str
    days: float
    n_chains: int
    n_landmarks: int
    effects: tuple[tuple[str, float], ...]
    chains: tuple[ChainChance, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "code": self.code,
            "days": self.days,
            "n_chains": self.n_chains,
            "n_landmarks": self.n_landmarks,
            "effects": {name: round(value, 4) for name, value in self.effects},
            "chains": [chain.to_json() for chain in self.chains],
        }


def fit_chance(log: ActivityLog, seed: int = 0) -> ChanceModel | None:
    """Return the landmark model, None below the minimum samples."""
    marks = landmarks_of(log, seed=seed)
    if not is_enough(log, marks):
        return None
    outcome = reacted(log, marks)
    if min(outcome.sum(), (~outcome).sum()) < ENOUGH_EACH:
        return None
    design = design_of(log, marks)
    columns = features(log, marks, design, training=True)
    model = fit_logistic(columns, outcome, marks.chain)
    chance = model.predict(columns)
    order = np.argsort(chance, kind="stable")
    hits = np.concatenate([[0], np.cumsum(outcome[order])]).astype(np.int64)
    return ChanceModel(design, model, chance[order], hits, len(model.scores))


def is_enough(log: ActivityLog, marks: Landmarks) -> bool:
    """Tell whether 100 chains of these landmarks are over or were long observed."""
    seen = np.unique(marks.chain)
    over = np.isfinite(log.chains.ended[seen])
    long_observed = log.now - log.chains.began[seen] >= LONG_OBSERVED
    return int((over | long_observed).sum()) >= ENOUGH_CHAINS


def chance_report(log: ActivityLog, model: ChanceModel | None = None) -> ChanceReport:
    """Return the chance of a reaction in 20 wd for every open chain."""
    model = fit_chance(log) if model is None else model
    marks = today(log)
    if model is None:
        return ChanceReport("alike", AHEAD, len(log.chains), 0, (), _alike(log, marks))
    chance, low, high = model.predict(log, marks)
    n = min(NEAREST, len(model.ordered))
    chains = tuple(
        ChainChance(int(chain), "model", Estimate(float(p), float(lo), float(hi), n))
        for chain, p, lo, hi in zip(
            log.chains.id[marks.chain], chance, low, high, strict=True
        )
    )
    effects = zip(model.design.names, model.logistic.beta[1:].tolist(), strict=True)
    return ChanceReport(
        "model", AHEAD, model.n_chains, len(model.ordered), tuple(effects), chains
    )


def _alike(log: ActivityLog, marks: Landmarks) -> tuple[ChainChance, ...]:
    """Return the share that reacted where chains had been silent as long."""
    share, n = silent_this_long(log)
    days = np.minimum(silence(log)[marks.chain].astype(np.int64), LONGEST)
    low, high = wilson(share * n, n)
    found = []
    for chain, day in zip(log.chains.id[marks.chain], days, strict=True):
        if n[day] < ENOUGH_ALIKE:
            found.append(ChainChance(int(chain), "too_few", None))
            continue
        figures = float(share[day]), float(low[day]), float(high[day])
        found.append(ChainChance(int(chain), "alike", Estimate(*figures, int(n[day]))))
    return tuple(found)


def silent_this_long(log: ActivityLog) -> tuple[Floats, Ints]:
    """Return for each whole day of silence the share that reacted, and of how many.

    Every wait that reached the day and was followed for 20 wd counts; the number is
    that of chains, because the waits of one are no strangers. (The last wait of each
    alone would be the one in which it died.) Days 0 to 120; the last stands for more.
    """
    waits = waits_of(log)
    share, n = np.zeros(LONGEST + 1), np.zeros(LONGEST + 1, dtype=np.int64)
    for day in range(LONGEST + 1):
        at = waits.begins + day
        reached = (waits.length >= day) & (at <= log.now - AHEAD)
        if not reached.any():
            break
        marks = Landmarks(waits.chain[reached], at[reached])
        share[day] = reacted(log, marks).mean()
        n[day] = len(np.unique(marks.chain))
    return share, n
