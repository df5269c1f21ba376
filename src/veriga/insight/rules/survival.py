"""Waits of which some are not over yet: survival, hazards, competing ends.

Durations are working days; one that is not over is censored, never left out. Oracles:
the 6-MP arm of the leukaemia trial, lifelines. Source: docs/insight/pace.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from .intervals import LEVEL
from .log import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Curve:
    """A step function of time from `start`: `value[j]` holds from `time[j]` on."""

    time: Floats
    value: Floats
    low: Floats
    high: Floats
    at_risk: Ints
    start: float

    def at(self, times: Floats) -> Floats:
        """Return its values at these times."""
        place = np.searchsorted(self.time, times, side="right")
        return np.concatenate([[self.start], self.value])[place]

    def reaches(self, level: float) -> float | None:
        """Return when it passes `level` for the first time, None if it never does."""
        passed = self.value <= level if self.start > level else self.value >= level
        return float(self.time[np.argmax(passed)]) if passed.any() else None


def kaplan_meier(durations: Floats, is_over: Bools, level: float = LEVEL) -> Curve:
    """Return the share still waiting, at each time at which a wait was over.

    Range: log-log transformed Greenwood, which stays between 0 and 1.
    """
    time, over, at_risk = _risk_table(durations, is_over)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.cumprod(1 - over / at_risk).astype(np.float64)
        green = np.cumsum(over / (at_risk * (at_risk - over)))
        spread = special.ndtri(0.5 + level / 2) * np.sqrt(green) / np.log(value)
        low, high = value ** np.exp(-spread), value ** np.exp(spread)
    known = np.isfinite(spread)
    return Curve(
        time,
        value,
        np.where(known, low, 0.0),
        np.where(known, high, 1.0),
        at_risk.astype(np.int64),
        1.0,
    )


def aalen_johansen(
    durations: Floats, cause: Ints, of: int = 1, level: float = LEVEL
) -> Curve:
    """Return the share that ended by cause `of`, where other causes compete.

    `cause` is 0 for a wait that is not over. Never 1 - Kaplan-Meier: whoever is lost
    will not order later. Variance: Aalen's, in sums over the times.
    """
    time, over, at_risk = _risk_table(durations, cause > 0)
    place = np.searchsorted(time, durations[cause == of])
    ours = np.bincount(place, minlength=len(time)).astype(np.float64)
    survival = np.cumprod(1 - over / at_risk)
    before = np.concatenate([[1.0], survival[:-1]])[: len(time)]
    value = np.cumsum(before * ours / at_risk)
    variance = _incidence_variance(value, before, over, ours, at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = special.ndtri(0.5 + level / 2) * np.sqrt(variance)
        spread /= value * np.log(value)
        low, high = value ** np.exp(-spread), value ** np.exp(spread)
    known = np.isfinite(spread)
    return Curve(
        time,
        value,
        np.where(known, low, 0.0),
        np.where(known, high, 1.0),
        at_risk.astype(np.int64),
        0.0,
    )


def _incidence_variance(
    value: Floats, before: Floats, over: Floats, ours: Floats, at_risk: Floats
) -> Floats:
    """Return Aalen's variance of the incidence at each time, by running sums."""
    with np.errstate(divide="ignore", invalid="ignore"):
        death = np.where(at_risk > over, over / (at_risk * (at_risk - over)), 0.0)
    own = before**2 * ours * (at_risk - ours) / at_risk**3
    mixed = before * ours / at_risk**2
    squares = value**2 * np.cumsum(death) - 2 * value * np.cumsum(value * death)
    squares += np.cumsum(value**2 * death)
    cross = value * np.cumsum(mixed) - np.cumsum(value * mixed)
    variance: Floats = np.maximum(squares + np.cumsum(own) - 2 * cross, 0.0)
    return variance


def sums(cell: Ints, values: Floats | Bools, cells: int) -> Floats:
    """Return the sum of the values in each cell."""
    total: Floats = np.bincount(cell, values, minlength=cells).astype(np.float64)
    return total


def _risk_table(durations: Floats, is_over: Bools) -> tuple[Floats, Floats, Floats]:
    """Return the times at which waits were over, how many were, how many waited."""
    ordered = np.sort(durations)
    time, over = np.unique(durations[is_over], return_counts=True)
    at_risk = len(ordered) - np.searchsorted(ordered, time, side="left")
    return time, over.astype(np.float64), at_risk.astype(np.float64)


@dataclass(frozen=True, slots=True)
class Hazard:
    """A hazard that is constant inside cells of `width` wd; its last cell never ends.

    `rate[j]` is completions per working day of waiting in cell j, `at_once` the share
    of waits that took no time at all.
    """

    width: float
    rate: Floats
    at_once: float

    def cumulative(self, durations: Floats) -> Floats:
        """Return the expected number of completions within these waits."""
        edges = np.concatenate([[0.0], np.cumsum(self.rate[:-1]) * self.width])
        cell = _cells(durations, self.width, len(self.rate))
        inside = self.rate[cell] * (durations - cell * self.width)
        return self.at_once + edges[cell] + inside


def _cells(durations: Floats, width: float, cells: int) -> Ints:
    """Return the cell of each duration; its upper edge belongs to it.

    Where only dates are noted, waits are whole days: who ends on an edge has been at
    risk in all of the cell before it, and must count there.
    """
    cell = np.ceil(durations / width - 1e-6).astype(np.int64) - 1
    return np.clip(cell, 0, cells - 1)


def piecewise_hazard(
    durations: Floats,
    is_over: Bools,
    *,
    width: float = 0.5,
    cells: int = 120,
    weights: Floats | None = None,
) -> Hazard:
    """Return the hazard on a grid: completions over time at risk, cell by cell.

    The same as Nelson-Aalen on that grid. `weights` multiply the time at risk. The
    grid ends where fewer than ten completions are left, so that its open end is known.
    """
    weight = np.ones(len(durations)) if weights is None else weights
    cell = _cells(durations, width, cells)
    takes_time = durations > 0
    at_once = float((is_over & ~takes_time).sum() / max(weight.sum(), 1e-9))
    over = sums(cell, is_over & takes_time, cells)
    inside = sums(cell, weight * (durations - cell * width), cells)
    stays = sums(cell, weight, cells)
    passed = np.cumsum(stays[::-1])[::-1] - stays
    exposure = inside + passed * width
    left = np.cumsum(over[::-1])[::-1]
    end = max(int((left >= 10).sum()), 1)
    over = np.append(over[: end - 1], over[end - 1 :].sum())
    exposure = np.append(exposure[: end - 1], exposure[end - 1 :].sum())
    return Hazard(width, over / np.maximum(exposure, 1e-9), at_once)
