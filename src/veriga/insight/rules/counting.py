"""Shares, medians and times with their ranges: what counted figures are said with.

Source: docs/insight/map.md (medians), docs/insight/followed.md (shares),
docs/insight/origins.md (competing ends).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb, exp, lgamma, log, sqrt
from typing import Any

import numpy as np

from .log import Bools, Floats, Ints

Z_95 = 1.959963984540054
FEWEST_FOR_MEDIAN = 6  # the smallest number for which a 95 % interval exists


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `n`, with the 95 % range of the share (Wilson); None for n = 0."""

    count: int
    n: int

    @property
    def share(self) -> float | None:
        return self.count / self.n if self.n else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        return wilson(self.count, self.n) if self.n else None

    def to_json(self) -> dict[str, Any]:
        low, high = self.bounds or (None, None)
        return {
            "count": self.count,
            "n": self.n,
            "share": rounded(self.share),
            "low": rounded(low),
            "high": rounded(high),
        }


@dataclass(frozen=True, slots=True)
class Wait:
    """Working days: the median of `n` with its 95 % range and the middle half.

    All None under 6 cases: no order statistics bound the median there.
    """

    n: int
    median: float | None = None
    low: float | None = None
    high: float | None = None
    quarter: float | None = None
    three_quarters: float | None = None

    @classmethod
    def of_sorted(cls, values: Floats) -> Wait:
        """Return the wait of `values`, sorted, without NaN."""
        n = len(values)
        if n < FEWEST_FOR_MEDIAN:
            return cls(n)
        rank = median_rank(n)
        return cls(
            n,
            _quantile(values, 0.5),
            float(values[rank - 1]),
            float(values[n - rank]),
            _quantile(values, 0.25),
            _quantile(values, 0.75),
        )

    @classmethod
    def of(cls, values: Floats) -> Wait:
        return cls.of_sorted(np.sort(values))

    def to_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "median": rounded(self.median),
            "low": rounded(self.low),
            "high": rounded(self.high),
            "quarter": rounded(self.quarter),
            "three_quarters": rounded(self.three_quarters),
        }


def rounded(value: float | None) -> float | None:
    """Return `value` with the four decimals that JSON shows."""
    return None if value is None else round(float(value), 4)


def wilson(count: int, n: int) -> tuple[float, float]:
    """Return the 95 % score interval of the share `count` of `n` (n > 0)."""
    share, square = count / n, Z_95 * Z_95
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z_95 / (1 + square / n)
    half *= sqrt(share * (1 - share) / n + square / (4 * n * n))
    low = 0.0 if count == 0 else middle - half
    high = 1.0 if count == n else middle + half
    return max(low, 0.0), min(high, 1.0)


@lru_cache(maxsize=100_000)
def median_rank(n: int) -> int:
    """Return k so that the k-th smallest and k-th largest of n bound the median.

    The largest k with P(Binomial(n, 1/2) < k) <= 0.025, so the two cover the median
    with at least 95 %; 0 where there is none (n < 6).
    """
    if n <= 100:
        below, k, bound = 0, 0, 2**n // 40  # exact in whole numbers
        while (below := below + comb(n, k)) <= bound:
            k += 1
        return k
    # Start where less than 10^-20 lies below; add terms from there.
    k = max(0, int(n / 2 - 5 * sqrt(n)))
    logged = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2)
    term = below_k = exp(logged)
    while below_k <= 0.025:
        term *= (n - k) / (k + 1)
        k += 1
        below_k += term
    return k


def _quantile(values: Floats, share: float) -> float:
    """Return the quantile of sorted values, between neighbours in a straight line."""
    place = share * (len(values) - 1)
    left = int(place)
    right = min(left + 1, len(values) - 1)
    low, high = float(values[left]), float(values[right])
    return low + (high - low) * (place - left)


@dataclass(frozen=True, slots=True)
class Incidence:
    """How large a share had reached something after each time (Aalen-Johansen).

    `times` are those at which the first happened, `share` the cumulative incidence
    just after each, `variance` that of the share; `longest` the last time observed.
    """

    n: int
    reached: int
    times: Floats
    share: Floats
    variance: Floats
    longest: float

    def at(self, days: float) -> tuple[float, float, float] | None:
        """Return the share reached by `days` with its 95 % range.

        None where nobody was observed that long, so that nothing is known of it.
        """
        if self.n == 0 or days > self.longest:
            return None
        place = int(np.searchsorted(self.times, days, side="right")) - 1
        if place < 0:
            return 0.0, 0.0, wilson(0, self.n)[1]
        low, high = _bounds(self.share, self.variance, self.n)
        return float(self.share[place]), float(low[place]), float(high[place])

    def time_of(self, share: float) -> tuple[float | None, float | None, float | None]:
        """Return when that share of all had reached it, with its 95 % range.

        None where it never was: the last two where not even the bound of the share
        got there, so that the range has no end yet (Brookmeyer and Crowley 1982).
        """
        low, high = _bounds(self.share, self.variance, self.n)
        return (
            self._first(self.share, share),
            self._first(high, share),
            self._first(low, share),
        )

    def _first(self, values: Floats, share: float) -> float | None:
        there = np.flatnonzero(values >= share - 1e-12)
        return float(self.times[there[0]]) if len(there) else None


def aalen_johansen(times: Floats, reached: Bools, ended: Bools) -> Incidence:
    """Return the cumulative incidence of `reached` where others `ended` without it.

    times: working days until reached, ended, or last seen (neither: censored). At a
    tie what happened comes before what was censored. An ended one can never reach it
    any more, so 1 - Kaplan-Meier, which lets it go on, would say too much.
    Variance: Aalen's, as in Marubini and Valsecchi (1995), 10.12.
    """
    n = len(times)
    if n == 0:
        none = np.empty(0)
        return Incidence(0, 0, none, none, none, 0.0)
    points, place = np.unique(times, return_inverse=True)
    events = _numbered(place, reached)
    others = _numbered(place, ended & ~reached)
    leaving = _numbered(place, np.ones(n, dtype=np.bool_))
    at_risk = n - np.concatenate([[0.0], np.cumsum(leaving)[:-1]])
    gone = events + others
    survival = np.cumprod(1 - gone / at_risk)
    before = np.concatenate([[1.0], survival[:-1]])
    share = np.cumsum(before * events / at_risk)
    variance = _variance(share, before, events, gone, at_risk)
    at = events > 0
    return Incidence(
        n,
        int(np.count_nonzero(reached)),
        points[at],
        share[at],
        variance[at],
        float(points[-1]),
    )


def _numbered(place: Ints, chosen: Bools) -> Floats:
    """Return how many are chosen at each place, as floats."""
    return np.asarray(np.bincount(place, weights=chosen), dtype=np.float64)


def _variance(
    share: Floats, before: Floats, events: Floats, gone: Floats, at_risk: Floats
) -> Floats:
    """Return the variance of `share` at each time, in sums that need no double loop.

    sum_j (I_t - I_j)^2 g_j + sum_j b_j - 2 sum_j (I_t - I_j) c_j over times up to t.
    """
    left = at_risk - gone
    g = np.divide(gone, at_risk * left, out=np.zeros_like(share), where=left > 0)
    b = before**2 * events * (at_risk - events) / at_risk**3
    c = before * events / at_risk**2
    first = share**2 * np.cumsum(g)
    first += np.cumsum(share**2 * g) - 2 * share * np.cumsum(share * g)
    last = share * np.cumsum(c) - np.cumsum(share * c)
    variance: Floats = np.maximum(first + np.cumsum(b) - 2 * last, 0.0)
    return variance


def _bounds(share: Floats, variance: Floats, n: int) -> tuple[Floats, Floats]:
    """Return the ranges of shares that stay inside 0 and 1 (log -log scale).

    Where all n have reached it the variance is 0 and says nothing: Wilson's bound does.
    """
    inside = (share > 0) & (share < 1 - 1e-12)  # sums of floats fall short of 1
    safe = np.where(inside, share, 0.5)
    spread = np.minimum(Z_95 * np.sqrt(variance) / (safe * -np.log(safe)), 100.0)
    low = np.where(inside, safe ** np.exp(spread), wilson(n, n)[0])
    high = np.where(inside, safe ** np.exp(-spread), 1.0)
    return low, high
