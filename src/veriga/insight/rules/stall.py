"""Stalled chains: one limit of silence, tuned to how often it may call in vain.

The limit is one order statistic of the waits that did go on (conformal), for each
segment where there are enough. Source: docs/insight/stalled.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .intervals import Estimate, plain, quantile_ranks, share
from .log import ActivityLog, Bools, Floats, Side
from .waits import FOLLOW_UP, Waits, is_between, reference

# How many working days of one open chain bring one false alarm: what managers choose.
BUDGETS = {"quiet": 500.0, "usual": 250.0, "watchful": 125.0, "eager": 60.0}
DEFAULT_BUDGET = "usual"
NOMINAL = 0.05  # the share of waits that go on later than what is called usual
YEAR, QUARTER = 250.0, 62.0
LEAST_WAITS = 20
SEGMENT_WAITS, SEGMENT_CHAINS = 200, 30
KIND_WAITS, KIND_WEIGHT = 60, 60.0
DRIFT_WAITS, DRIFT_ALLOWED = 60, 0.02


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit in working days: `value` with its range, and what it was made from.

    `alpha`: the share of waits that went on only after it. Without a value `n` says how
    many waits there are, `needed` how many it takes.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    n_chains: int
    alpha: float
    needed: int

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "name": self.name,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "n_chains": self.n_chains,
            "alpha": plain(self.alpha),
            "needed": self.needed,
        }


@dataclass(frozen=True, slots=True)
class Drift:
    """How the last quarter kept to the limit of before: "ok", "drifted", "too_few"."""

    code: str
    over: Estimate
    nominal: float

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "code": self.code,
            "over": self.over.to_json(),
            "nominal": self.nominal,
        }


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits of an installation.

    `common` and `segments` (by index) raise the flag; `usual` and `usual_by_kind` only
    say by when 95 of 100 waits had gone on.
    """

    budget: str
    days_per_alarm: float
    common: Limit
    segments: dict[int, Limit]
    usual: Limit
    usual_by_kind: dict[int, Limit]
    drift: Drift

    @property
    def code(self) -> str:
        """Return "ok", or why no flag is raised: "too_few", "drifted"."""
        if self.common.value is None:
            return "too_few"
        return "drifted" if self.drift.code == "drifted" else "ok"

    def of_segments(self, segment: int) -> Limit:
        """Return the limit that holds for chains of this segment."""
        return self.segments.get(segment, self.common)


def conformal_rank(n: int, alpha: float) -> int | None:
    """Return the place (from 0) of the limit among n ordered waits, None if too few."""
    rank = math.ceil((n + 1) * (1 - alpha) - 1e-9)
    return rank - 1 if 1 <= rank <= n else None


def needed_for(alpha: float) -> int:
    """Return the smallest number of waits for which a limit exists: 19 at 5 %."""
    return max(math.ceil(1 / alpha - 1 - 1e-9), 1) if alpha > 0 else 0


def conformal_limit(
    lengths: Floats, alpha: float, *, name: str = "", n_chains: int = 0
) -> Limit:
    """Return the working days after which only a share `alpha` of waits went on.

    Of a new wait like these the promise holds on average: it is exceeded in at most
    `alpha` of the cases, whatever their distribution.
    """
    ordered, n = np.sort(lengths), len(lengths)
    needed = max(needed_for(alpha), LEAST_WAITS)
    rank = conformal_rank(n, alpha) if n >= needed else None
    if rank is None:
        return Limit(name, None, None, None, n, n_chains, alpha, needed)
    lower, upper = quantile_ranks(n, 1 - alpha)
    low = None if lower is None else plain(ordered[min(lower, rank)], 2)
    high = None if upper is None else plain(ordered[max(upper, rank)], 2)
    value = float(ordered[rank])
    return Limit(name, value, low, high, n, n_chains, alpha, needed)


def shrunk_limit(
    own: Floats, all_waits: Floats, alpha: float, *, name: str = "", n_chains: int = 0
) -> Limit:
    """Return the limit of one kind, mixed with sixty waits like all the others.

    The mixture weighs every wait of the kind 1 and all waits together 60, so that a
    kind speaks for itself as far as it has something to say.
    """
    every = np.sort(all_waits)
    values = np.concatenate([own, every])
    weights = np.concatenate(
        [np.ones(len(own)), np.full(len(every), KIND_WEIGHT / max(len(every), 1))]
    )
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / (len(own) + KIND_WEIGHT + 1)
    place = int(np.searchsorted(reached, 1 - alpha - 1e-12))
    needed = KIND_WAITS
    if place >= len(order) or len(own) < needed:
        return Limit(name, None, None, None, len(own), n_chains, alpha, needed)
    ordered = np.sort(own)
    lower, upper = quantile_ranks(len(own), 1 - alpha)
    value = float(values[order][place])
    low = None if lower is None else plain(min(ordered[lower], value), 2)
    high = None if upper is None else plain(max(ordered[upper], value), 2)
    return Limit(name, value, low, high, len(own), n_chains, alpha, needed)


def budget_limit(
    lengths: Floats,
    lived: float,
    days_per_alarm: float,
    *,
    name: str = "",
    n_chains: int = 0,
) -> Limit:
    """Return the limit that calls in vain once in so many days of an open chain.

    `lengths`: the waits after which work resumed; `lived`: the working days that these
    chains lived through meanwhile. As many waits may lie above the limit as `lived`
    allows, which is a share of all of them.
    """
    n = len(lengths)
    alpha = lived / days_per_alarm / n if n else 0.0
    return conformal_limit(lengths, min(alpha, 1.0), name=name, n_chains=n_chains)


def fit_limits(log: ActivityLog, waits: Waits, budget: str = DEFAULT_BUDGET) -> Limits:
    """Return the limits as the last twelve months of waits whose end is known say."""
    days = BUDGETS[budget]
    until = log.now - FOLLOW_UP
    chosen = reference(waits, log.now, until - YEAR)
    n_chains = len(np.unique(waits.chain[chosen]))
    usual = conformal_limit(
        waits.length[chosen], NOMINAL, name="all", n_chains=n_chains
    )
    resumed = chosen & is_resumed(log, waits, usual.value)
    lived = is_between(waits, until - YEAR, until) & waits.went_on & waits.is_sound
    segment = log.chains.segment[waits.chain]
    segments = {}
    for i, name in enumerate(log.segments):
        here = resumed & (segment == i)
        if here.sum() >= SEGMENT_WAITS:
            found = _tuned(waits, here, lived & (segment == i), days, name)
            if found.value is not None and found.n_chains >= SEGMENT_CHAINS:
                segments[i] = found
    return Limits(
        budget,
        days,
        _tuned(waits, resumed, lived, days, "all"),
        segments,
        usual,
        _by_kind(log, waits, chosen),
        drift_of(waits, log.now),
    )


def is_resumed(log: ActivityLog, waits: Waits, usual: float | None) -> Bools:
    """Tell after which waits work went on as usual, so that an alarm was false.

    The customer spoke, or the next wait was no longer than usual either (or the chain
    ended before that could be seen). A lone act of ours amid silence is no sign of
    life: a chain that dies is often written to for a while.
    """
    if usual is None or not len(waits):
        return waits.is_over
    same = np.append(waits.chain[1:] == waits.chain[:-1], False)
    next_long = np.append(waits.length[1:], 0.0) > usual
    by_customer = np.append(
        np.equal(log.activities.side[waits.row[1:]], Side.IN), False
    )
    resumed: Bools = waits.is_over & ~(same & next_long & ~by_customer)
    return resumed


def _tuned(
    waits: Waits, chosen: Bools, lived: Bools, days_per_alarm: float, name: str
) -> Limit:
    return budget_limit(
        waits.length[chosen],
        float(waits.lived[lived].sum()),
        days_per_alarm,
        name=name,
        n_chains=len(np.unique(waits.chain[chosen])),
    )


def _by_kind(log: ActivityLog, waits: Waits, chosen: Bools) -> dict[int, Limit]:
    """Return what is usual after each kind of activity with sixty waits or more."""
    kind, length = log.activities.kind[waits.row[chosen]], waits.length[chosen]
    chain, found = waits.chain[chosen], {}
    for i in np.flatnonzero(np.bincount(kind, minlength=1) >= KIND_WAITS):
        own = kind == i
        found[int(i)] = shrunk_limit(
            length[own],
            length,
            NOMINAL,
            name=log.kinds[i].code,
            n_chains=len(np.unique(chain[own])),
        )
    return found


def drift_of(waits: Waits, now: float) -> Drift:
    """Tell whether the last quarter still keeps to the limit made from before it.

    It drifted if the share of waits beyond the usual limit is off by more than two
    points, and by more than chance explains.
    """
    turn = now - FOLLOW_UP - QUARTER
    known = reference(waits, now, turn - YEAR)
    before = waits.length[known & (waits.begins <= turn)]
    since = waits.length[known & (waits.begins > turn)]
    limit = conformal_limit(before, NOMINAL)
    if limit.value is None or min(len(before), len(since)) < DRIFT_WAITS:
        return Drift("too_few", share(0, 0), NOMINAL)
    over = share(int((since > limit.value).sum()), len(since))
    is_off = abs(over.value - NOMINAL) > DRIFT_ALLOWED
    by_chance = over.low <= NOMINAL <= over.high
    return Drift("drifted" if is_off and not by_chance else "ok", over, NOMINAL)
