"""The open chains beside their limit of silence: flag, label, and agreed waits.

Source: docs/insight/stalled.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .calibration import Terms, kept_limits
from .gaps import gaps_of, is_open, silence
from .intervals import plain
from .log import ActivityLog, Floats, Ints
from .pace import PaceModel, fit_pace
from .stall import DEFAULT_BUDGET, Limit, Limits, fit_limits
from .waits import Waits, waits_of

UNUSUAL_BELOW = 0.1
OWN_GAPS = 3


@dataclass(frozen=True, slots=True)
class ChainSilence:
    """How long an open chain has been silent, and what that means.

    `wait`: the days that count against `limit`; an appointment that passed begins them
    anew. `code`: "flagged", "within", "agreed", "nothing_yet", "no_limit". `label` of
    a flag: "unusual_here", "often_this_slow", or "too_few" to know the customer.
    `rhythm`: in how many of 100 own waits this customer would be silent as long.
    """

    chain: int
    silence: float
    wait: float
    limit: float | None
    n: int
    code: str
    label: str
    rhythm: float | None
    own_gaps: int

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "chain": self.chain,
            "silence": plain(self.silence, 2),
            "wait": plain(self.wait, 2),
            "limit": self.limit if self.limit is None else plain(self.limit, 2),
            "n": self.n,
            "code": self.code,
            "label": self.label,
            "rhythm": None if self.rhythm is None else plain(self.rhythm),
            "own_gaps": self.own_gaps,
        }


@dataclass(frozen=True, slots=True)
class StallReport:
    """Every open chain beside its limit; `code` says why there may be no flags.

    `is_kept`: the limits are those of an earlier report.
    """

    code: str
    limits: Limits
    chains: tuple[ChainSilence, ...]
    segments: tuple[str, ...]
    is_kept: bool = False

    @property
    def flagged(self) -> tuple[ChainSilence, ...]:
        """Return the chains beyond their limit, the longest wait first."""
        found = [chain for chain in self.chains if chain.code == "flagged"]
        return tuple(sorted(found, key=lambda chain: (-chain.wait, chain.chain)))

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        limits = self.limits
        return {
            "code": self.code,
            "budget": {"name": limits.budget, "days_per_alarm": limits.days_per_alarm},
            "limit": limits.common.to_json(),
            "segments": [limit.to_json() for limit in limits.segments.values()],
            "usual": limits.usual.to_json(),
            "usual_by_kind": [one.to_json() for one in limits.usual_by_kind.values()],
            "drift": limits.drift.to_json(),
            "flagged": [chain.chain for chain in self.flagged],
            "chains": [chain.to_json() for chain in self.chains],
        }


def stall_report(
    log: ActivityLog,
    budget: str = DEFAULT_BUDGET,
    model: PaceModel | None = None,
    terms: Terms | None = None,
) -> StallReport:
    """Return every open chain beside the limit that `budget` leads to.

    `model` is the pace model if it is known already; the labels come from it. `terms`
    may hold an earlier report whose limits are kept while they hold.
    """
    gaps = gaps_of(log)
    waits = waits_of(log, gaps)
    kept = kept_limits(log, waits, terms) if terms else None
    limits = kept or fit_limits(log, waits, budget)
    model = fit_pace(log, gaps) if model is None else model
    running = _running_wait(log, waits)
    rhythm, own = own_rhythm(log, model)
    silent = silence(log)
    chains = tuple(
        _one(log, limits, waits, int(i), int(running[i]), silent, rhythm, own)
        for i in np.flatnonzero(is_open(log))
    )
    return StallReport(limits.code, limits, chains, log.segments, kept is not None)


def _running_wait(log: ActivityLog, waits: Waits) -> Ints:
    """Return the row of the running wait of each chain, -1 without one."""
    running = np.full(len(log.chains), -1, dtype=np.int64)
    place = np.flatnonzero(waits.is_running)
    running[waits.chain[place]] = place
    return running


def _one(
    log: ActivityLog,
    limits: Limits,
    waits: Waits,
    i: int,
    row: int,
    silent: Floats,
    rhythm: Floats,
    own: Ints,
) -> ChainSilence:
    limit: Limit = limits.of_segments(int(log.chains.segment[i]))
    wait = float(waits.length[row]) if row >= 0 else float(silent[i])
    code = _code(limits, limit, waits, row, wait)
    label, chance = "", None
    if code == "flagged":
        label = _label(float(rhythm[i]), int(own[i]))
        chance = float(rhythm[i]) if label != "too_few" else None
    return ChainSilence(
        int(log.chains.id[i]),
        float(silent[i]),
        wait,
        limit.value,
        limit.n,
        code,
        label,
        chance,
        int(own[i]),
    )


def _code(limits: Limits, limit: Limit, waits: Waits, row: int, wait: float) -> str:
    if row < 0:
        return "nothing_yet"
    if np.isfinite(waits.agreed_until[row]):
        return "agreed"
    if limits.code != "ok" or limit.value is None:
        return "no_limit"
    return "flagged" if wait > limit.value else "within"


def _label(rhythm: float, own: int) -> str:
    if own < OWN_GAPS or not np.isfinite(rhythm):
        return "too_few"
    return "unusual_here" if rhythm < UNUSUAL_BELOW else "often_this_slow"


def own_rhythm(log: ActivityLog, model: PaceModel | None) -> tuple[Floats, Ints]:
    """Return for each chain how likely its customer is silent as long as now.

    `((θ + Λ) / (θ + Λ + H)) ** (θ + N)`: N gaps that went on and Λ expected in all
    chains of the company but the running ones, H the hazard of the running gap. NaN
    without a model. Beside it N.
    """
    gaps = gaps_of(log)
    own = np.zeros(len(log.chains), dtype=np.int64)
    if model is None or not len(gaps):
        return np.full(len(log.chains), np.nan), own
    expected = model.expected(log, gaps)
    # Companies without an id are strangers to each other: each chain is its own.
    company = np.where(log.chains.company > 0, log.chains.company, -1 - log.chains.id)
    customer = np.unique(company, return_inverse=True)[1][gaps.chain]
    past = ~gaps.is_running
    size = int(customer.max()) + 1
    went_on = np.bincount(customer[past], gaps.is_over[past], minlength=size)
    hoped = np.bincount(customer[past], expected[past], minlength=size)
    now = np.zeros(len(log.chains))
    running = gaps.is_running
    now[gaps.chain[running]] = expected[running]
    of = np.zeros(len(log.chains), dtype=np.int64)
    of[gaps.chain] = customer
    rate = model.theta + hoped[of]
    rhythm: Floats = (rate / (rate + now)) ** (model.theta + went_on[of])
    own[gaps.chain] = went_on[customer].astype(np.int64)
    return rhythm, own
