"""Guards: what an estimate must withstand before it is said aloud.

All of them ask the same question of other windows than the true ones, with everything
else of the fitted model held still: how many outcomes fell in, how many were expected?
So a window costs two look-ups in the running sum of the expected rate, and 200 sets of
shifted dates cost little. Source: docs/insight/triggers.md, "Guards".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .log import ActivityLog, Floats, Ints
from .trigger_design import Acts, Design, Intervals

SHIFTS = 200
SHIFT_DAYS = (20.0, 60.0)
BEFORE_DAYS = (15.0, 5.0)  # before the last reaction ahead of an action
MOST_WINDOWS = 200_000  # at a time
APART = 1e5  # chains lie so far apart on the common axis


@dataclass(frozen=True)
class Expected:
    """The running sum of the expected rate of the chosen chains, on one axis.

    Chain i of m lies from i · APART; `edges` and `sums` give the running sum, `events`
    the places of the outcomes, `n` their number by chain, `length` the chain's time.
    """

    edges: Floats
    sums: Floats
    events: Floats
    n: Floats
    began: Floats
    length: Floats

    def within(self, chain: Ints, start: Floats, end: Floats) -> tuple[Floats, Ints]:
        """Return what was expected in these windows, and what happened there."""
        low, high = chain * APART + start, chain * APART + end
        expected = np.interp(high, self.edges, self.sums)
        expected -= np.interp(low, self.edges, self.sums)
        happened = np.searchsorted(self.events, high, side="right")
        happened -= np.searchsorted(self.events, low, side="right")
        return np.asarray(expected), np.asarray(happened)

    @cached_property
    def totals(self) -> Floats:
        """What was expected of each chain in all its time."""
        ends = np.arange(len(self.n)) * APART
        return np.asarray(
            np.interp(ends + self.length, self.edges, self.sums)
            - np.interp(ends, self.edges, self.sums)
        )


def expected_of(
    design: Design, block: Intervals, outcome: int, eta: Floats, chains: Ints
) -> Expected:
    """Return the running sum for these chains (of the log) at the log rates `eta`."""
    place = np.full(len(design.log.chains), -1, dtype=np.int64)
    place[chains] = np.arange(len(chains))
    at = place[block.chain]
    mine = at >= 0
    at, eta = at[mine], eta[mine]
    began = design.began[chains]
    left = at * APART + (block.left[mine] - began[at])
    right = at * APART + (block.right[mine] - began[at])
    mass = np.exp(eta) * block.length[mine]
    sums = np.cumsum(mass)
    edges = np.stack([left, right], axis=1).ravel()
    running = np.stack([sums - mass, sums], axis=1).ravel()
    hit = block.events[mine, outcome] > 0
    return Expected(
        edges,
        running,
        right[hit],
        np.bincount(at[hit], minlength=len(chains)).astype(float),
        began,
        design.end[chains] - began,
    )


@dataclass(frozen=True, slots=True)
class Windows:
    """The starts of windows by chain (of Expected), in age of the chain, sorted."""

    chain: Ints
    start: Floats


def windows_of(
    log: ActivityLog, rows: Ints, expected: Expected, chains: Ints
) -> Windows:
    """Return the windows that these rows of the log open."""
    place = np.full(len(log.chains), -1, dtype=np.int64)
    place[chains] = np.arange(len(chains))
    chain = place[log.activities.chain[rows]]
    age = log.activities.at[rows] - expected.began[chain]
    kept = (chain >= 0) & (age < expected.length[chain])
    chain, age = chain[kept], age[kept]
    order = np.lexsort((age, chain))
    return Windows(chain[order], age[order])


def ratio_of(expected: Expected, windows: Windows, days: float) -> float:
    """Return the log ratio of outcomes in the windows, the rest of the model held."""
    return float(_ratios(expected, windows.chain, windows.start[None, :], days)[0])


def placebo_of(
    expected: Expected, windows: Windows, days: float, seed: int = 0
) -> Floats:
    """Return the log ratios for dates shifted by 20 to 60 working days, 200 times.

    All dates of a chain move together and come round at its end; in a chain too short
    for that they move by a quarter of its time at least.
    """
    rng = np.random.default_rng(seed)
    length = expected.length
    low = np.minimum(SHIFT_DAYS[0], length / 4)
    high = np.maximum(np.minimum(SHIFT_DAYS[1], length * 0.75), low)
    shape = SHIFTS, len(length)
    shift = rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)
    starts = (windows.start + shift[:, windows.chain]) % length[windows.chain]
    return np.concatenate(
        [
            _ratios(expected, windows.chain, part, days)
            for part in np.array_split(starts, 1 + starts.size // MOST_WINDOWS)
        ]
    )


def _ratios(expected: Expected, chain: Ints, starts: Floats, days: float) -> Floats:
    """Return the log ratio for each set of starts, sets × windows."""
    sets, m = len(starts), len(expected.n)
    if not len(chain):
        return np.full(sets, -np.inf)
    # Sorted in each chain of each set, so that windows that overlap become one.
    start = np.sort(starts + chain * APART, axis=1) - chain * APART
    until = np.full_like(start, np.inf)
    until[:, :-1] = np.where(chain[1:] == chain[:-1], start[:, 1:], np.inf)
    end = np.minimum(np.minimum(start + days, until), expected.length[chain])
    mass, happened = expected.within(chain, start, end)
    place = np.arange(sets)[:, None] * m + chain
    sums = np.bincount(place.ravel(), mass.ravel(), sets * m).reshape(sets, m)
    inside = sums / np.where(expected.totals > 0, expected.totals, 1.0)
    k = happened.sum(axis=1).astype(float)
    return _solved(k, expected.n, np.clip(inside, 0.0, 1.0))


def _solved(k: Floats, n: Floats, inside: Floats) -> Floats:
    """Return b with k = sum n · inside · e^b / (1 − inside + inside · e^b), by set.

    No outcome inside is −∞; all that could lie outside inside is ∞.
    """
    is_open = (inside > 0) & (inside < 1)
    k = k - (n * (inside >= 1)).sum(axis=1)
    most = (n * is_open).sum(axis=1)
    inside = np.where(is_open, inside, 0.0)
    b = np.zeros(len(k))
    for _ in range(50):
        ratio = np.exp(b)[:, None]
        share = inside * ratio / (1 - inside + inside * ratio)
        slope = (n * share * (1 - share)).sum(axis=1)
        step = (k - (n * share).sum(axis=1)) / np.maximum(slope, 1e-12)
        step = np.clip(step, -1.0, 1.0)
        b = np.clip(b + step, -30.0, 30.0)
        if np.abs(step[(k > 0) & (k < most)]).max(initial=0.0) < 1e-8:
            break
    return np.where(k <= 0, -np.inf, np.where(k >= most, np.inf, b))


def before_of(
    log: ActivityLog, acts: Acts, rows: Ints, expected: Expected, chains: Ints
) -> tuple[float, float]:
    """Return how lively the customer was before we acted: log ratio and its error.

    Looked at is the time from 15 to 5 working days before the last reaction ahead of
    the action, against what is usual in the chain. That reaction itself and the lively
    days around it say nothing: acting on a customer's word is what a good salesperson
    does, and the model takes it away already. What lies before it must be as usual;
    if it is not, we act in lively times. `expected` is of reactions; appointments are
    left out, for they were agreed earlier than they were held.
    """
    words = windows_of(log, acts.reaction, expected, chains)
    ours = windows_of(log, rows[~np.isin(rows, acts.agreed)], expected, chains)
    spoken, acted = (w.chain * APART + w.start for w in (words, ours))
    place = np.searchsorted(spoken, acted) - 1
    place = place[place >= 0][words.chain[place[place >= 0]] == ours.chain[place >= 0]]
    chain, last = words.chain[place], words.start[place]
    start, end = (np.maximum(last - days, 0.0) for days in BEFORE_DAYS)
    mass, happened = expected.within(chain, start, end)
    totals = expected.totals
    level = expected.n / np.where(totals > 0, totals, np.inf)
    usual, seen = float((mass * level[chain]).sum()), float(happened.sum())
    if seen < 1 or usual <= 0:
        return 0.0, np.inf
    return float(np.log(seen / usual)), float(1 / np.sqrt(seen))
