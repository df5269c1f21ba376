"""Figures with their range and the number behind them: shares, medians, estimates.

No figure of insight is told without both. Source: docs/insight/pace.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from .log import Floats, Ints

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, its range at `level`, and how many observations stand behind it."""

    value: float
    low: float
    high: float
    n: int
    level: float = LEVEL

    def to_json(self) -> dict[str, float | int | None]:
        """Return plain numbers; what is not finite becomes None."""
        return {
            "value": plain(self.value),
            "low": plain(self.low),
            "high": plain(self.high),
            "n": int(self.n),
            "level": self.level,
        }


@dataclass(frozen=True, slots=True)
class Median:
    """A median; its range is None below six observations, all of it with none."""

    n: int
    value: float | None
    low: float | None
    high: float | None

    def to_json(self) -> dict[str, float | int | None]:
        """Return plain numbers."""
        return {"value": self.value, "low": self.low, "high": self.high, "n": self.n}


def plain(value: float, digits: int = 4) -> float | None:
    """Return a plain rounded float for JSON, None if it is not finite."""
    value = float(value)
    return round(value, digits) if math.isfinite(value) else None


def wilson(
    hits: Ints | Floats, n: Ints | Floats, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """Return the Wilson range of the shares hits / n; 0 to 1 where n is 0."""
    k = np.asarray(hits, dtype=np.float64)
    size = np.asarray(n, dtype=np.float64)
    z2 = special.ndtri(0.5 + level / 2) ** 2
    safe = np.maximum(size, 1e-12)
    middle = (k + z2 / 2) / (safe + z2)
    half = np.sqrt(z2 * (k * (safe - k) / safe + z2 / 4)) / (safe + z2)
    low = np.where(size > 0, np.clip(middle - half, 0, 1), 0.0)
    high = np.where(size > 0, np.clip(middle + half, 0, 1), 1.0)
    # The bounds of none and of all are 0 and 1; rounding would leave 1e-17.
    return np.where(k <= 0, 0.0, low), np.where(k >= size, 1.0, high)


def share(hits: int, n: int, level: float = LEVEL) -> Estimate:
    """Return hits / n with its Wilson range."""
    low, high = wilson(np.array([hits]), np.array([n]), level)
    value = hits / n if n else math.nan
    return Estimate(value, float(low[0]), float(high[0]), int(n), level)


def quantile_ranks(
    n: int, share: float, level: float = LEVEL
) -> tuple[int | None, int | None]:
    """Return the places (from 0) of the order statistics that bound a quantile.

    The lower one lies above the quantile with probability (1 - level) / 2 at most, the
    upper one below it likewise; None where no observation does.
    """
    if n < 1:
        return None, None
    tail = (1 - level) / 2
    # P(x[j] > quantile) = P(at most j of n lie below it), P(x[j] < it) = P(more do).
    lower = int(stats.binom.ppf(tail, n, share))
    while lower >= 0 and stats.binom.cdf(lower, n, share) > tail:
        lower -= 1
    upper = int(stats.binom.ppf(1 - tail, n, share))
    while upper < n and stats.binom.sf(upper, n, share) > tail:
        upper += 1
    return (lower if lower >= 0 else None), (upper if upper < n else None)


def median_ranks(n: int, level: float = LEVEL) -> tuple[int, int] | None:
    """Return the places that bound the median, None below n = 6 at 95 %."""
    lower, upper = quantile_ranks(n, 0.5, level)
    return None if lower is None or upper is None else (lower, upper)


def median_of(values: Floats, level: float = LEVEL) -> Median:
    """Return the median of complete durations with its order-statistic range."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = len(ordered)
    if not n:
        return Median(0, None, None, None)
    ranks = median_ranks(n, level)
    middle = plain(float(np.median(ordered)))
    if ranks is None:
        return Median(n, middle, None, None)
    return Median(n, middle, plain(ordered[ranks[0]]), plain(ordered[ranks[1]]))
