"""Rates with a free level for every stratum: the conditional Poisson model.

    l(b) = sum_rows events · eta − sum_strata n · log sum_rows exposure · exp(eta)

with eta = columns · b and n the events of a stratum. The level of a stratum cancels, so
what is constant in it needs no column. Strata that are chains make the self-controlled
case series; strata that are risk sets make Cox's partial likelihood.
Source: docs/insight/triggers.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .log import Bools, Floats, Ints

BLOCK_ROWS = 4_096  # so that a block stays in the processor's cache
LARGE_ROWS = 400_000  # beyond, a tenth of the strata finds the start
MOST_STEPS = 40
# Directions of the information below this share of the largest carry nothing.
CUTOFF = 1e-11
# Where no event falls into a flag at all, its coefficient has no end: it stops here.
FARTHEST = 12.0


@dataclass(frozen=True, slots=True)
class Rows:
    """r rows of p columns, sorted by stratum; `cluster` are those that vary together.

    Columns may be of any number type: flags are best kept as uint8.
    """

    columns: npt.NDArray[Any]
    exposure: Floats
    events: Floats
    stratum: Ints
    cluster: Ints

    @classmethod
    def of(
        cls,
        columns: npt.NDArray[Any],
        exposure: Floats,
        events: Floats,
        stratum: Ints,
        cluster: Ints | None = None,
    ) -> Rows:
        """Return the rows by stratum; without clusters each stratum is one."""
        order = np.argsort(stratum, kind="stable")
        cluster = stratum if cluster is None else cluster
        return cls(
            columns[order],
            np.asarray(exposure, dtype=np.float64)[order],
            np.asarray(events, dtype=np.float64)[order],
            np.asarray(stratum, dtype=np.int64)[order],
            np.asarray(cluster, dtype=np.int64)[order],
        )

    def only(self, chosen: Bools) -> Rows:
        """Return the chosen rows; whole strata are to be chosen."""
        return Rows(
            self.columns[chosen],
            self.exposure[chosen],
            self.events[chosen],
            self.stratum[chosen],
            self.cluster[chosen],
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """What was estimated: p coefficients and their covariances."""

    beta: Floats
    covariance: Floats  # sandwich by cluster
    plain_covariance: Floats  # inverse information
    log_likelihood: float
    log_likelihood_at_zero: float
    clusters: int
    is_converged: bool

    @property
    def errors(self) -> Floats:
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    @property
    def plain_errors(self) -> Floats:
        return np.sqrt(np.maximum(np.diag(self.plain_covariance), 0.0))

    @property
    def likelihood_ratio(self) -> float:
        """Twice the gain over no effect at all."""
        return 2.0 * (self.log_likelihood - self.log_likelihood_at_zero)


def fit(rows: Rows, *, is_corrected: bool = True, start: Floats | None = None) -> Fit:
    """Return the fit by Newton's steps; no rows or no events give no information.

    `is_corrected` multiplies the sandwich by m/(m − 1) · m/(m − p), m clusters.
    """
    rows = _informative(rows)
    work = _Work(rows)
    if start is None and len(rows.stratum) > LARGE_ROWS:
        start = fit(rows.only(_place(rows.stratum) % 10 == 0)).beta
    beta = np.zeros(rows.columns.shape[1]) if start is None else start.copy()
    at_zero = work.log_likelihood(np.zeros_like(beta))
    level, is_converged = work.log_likelihood(beta), False
    for _ in range(MOST_STEPS):
        score, information, size = work.slope(beta)
        step = _inverse(information, size) @ score
        step = np.clip(beta + step, -FARTHEST, FARTHEST) - beta
        further, new_level = _advance(work, beta, step, level)
        gain = new_level - level
        beta, level = further, new_level
        if gain <= 1e-12 * (1.0 + abs(level)) and np.abs(step).max(initial=0) < 1e-6:
            is_converged = True
            break
        if gain <= 0:
            break
    inverse = _inverse(*work.slope(beta)[1:])
    scores, clusters = work.cluster_scores(beta)
    covariance = inverse @ (scores.T @ scores) @ inverse
    if is_corrected and clusters:
        covariance = _corrected(covariance, clusters)
    return Fit(beta, covariance, inverse, level, at_zero, clusters, is_converged)


def _corrected(covariance: Floats, clusters: int) -> Floats:
    """Return it for a small number of clusters; without end if they are too few."""
    p = len(covariance)
    if clusters <= max(p, 1):
        return np.full_like(covariance, np.inf)
    return covariance * (clusters / (clusters - 1) * clusters / (clusters - p))


def _informative(rows: Rows) -> Rows:
    """Return the rows of strata with events: the others cancel altogether."""
    if not len(rows.stratum):
        return rows
    starts = _starts(rows.stratum)
    sizes = np.diff(np.append(starts, len(rows.stratum)))
    kept = np.repeat(np.add.reduceat(rows.events, starts) > 0, sizes)
    return rows if kept.all() else rows.only(kept)


def _advance(
    work: _Work, beta: Floats, step: Floats, level: float
) -> tuple[Floats, float]:
    """Return where the step leads, halved until it does not lead down."""
    for halving in range(20):
        further = beta + step * 0.5**halving
        new_level = work.log_likelihood(further)
        if new_level >= level - 1e-12 * (1.0 + abs(level)):
            return further, new_level
    return beta, level


def _inverse(information: Floats, size: Floats) -> Floats:
    """Return the inverse, without what nothing is known of.

    That are columns that do not vary inside the strata (`size` is what their
    information would be without a level for each), and directions in which columns
    repeat each other.
    """
    inverse = np.zeros_like(information)
    varies = np.flatnonzero(np.diag(information) > CUTOFF * size)
    if len(varies):
        part = information[np.ix_(varies, varies)]
        scale = np.sqrt(np.diag(part))
        values, vectors = np.linalg.eigh(part / np.outer(scale, scale))
        known = values > CUTOFF * values[-1]
        vectors = vectors[:, known] / scale[:, None]
        inverse[np.ix_(varies, varies)] = (vectors / values[known]) @ vectors.T
    return inverse


def _starts(stratum: Ints) -> Ints:
    return np.flatnonzero(np.append(True, stratum[1:] != stratum[:-1]))


def _place(stratum: Ints) -> Ints:
    """Return the running number of each row's stratum."""
    return np.cumsum(np.append(False, stratum[1:] != stratum[:-1]))


class _Work:
    """The sums over rows, in blocks of whole strata to bound the memory."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.starts = _starts(rows.stratum) if len(rows.stratum) else np.empty(0, int)
        self.sizes = np.diff(np.append(self.starts, len(rows.stratum)))
        self.totals = (
            np.add.reduceat(rows.events, self.starts)
            if len(self.starts)
            else self.sizes
        )

    def blocks(self) -> Iterator[tuple[slice, slice]]:
        """Yield strata and rows, some 4,096 rows at a time."""
        first = 0
        while first < len(self.starts):
            aim = self.starts[first] + BLOCK_ROWS
            last = max(int(np.searchsorted(self.starts, aim)), first + 1)
            end = (
                self.starts[last] if last < len(self.starts) else len(self.rows.stratum)
            )
            yield slice(first, last), slice(int(self.starts[first]), int(end))
            first = last

    def _weights(self, beta: Floats, strata: slice, part: slice) -> Any:
        """Return the block's columns, eta, shares within strata, and logs of sums."""
        columns = self.rows.columns[part].astype(np.float64)
        eta = columns @ beta
        starts = self.starts[strata] - self.starts[strata][0]
        top = np.maximum.reduceat(eta, starts)
        sizes = self.sizes[strata]
        mass = self.rows.exposure[part] * np.exp(eta - np.repeat(top, sizes))
        total = np.add.reduceat(mass, starts)
        return columns, eta, mass / np.repeat(total, sizes), top + np.log(total), starts

    def log_likelihood(self, beta: Floats) -> float:
        total = 0.0
        for strata, part in self.blocks():
            _, eta, _, logs, _ = self._weights(beta, strata, part)
            total += float(self.rows.events[part] @ eta - self.totals[strata] @ logs)
        return total

    def slope(self, beta: Floats) -> tuple[Floats, Floats, Floats]:
        """Return score, information, and the information if no levels were free."""
        p = len(beta)
        score, information, size = np.zeros(p), np.zeros((p, p)), np.zeros(p)
        for strata, part in self.blocks():
            columns, _, share, _, starts = self._weights(beta, strata, part)
            n, sizes = self.totals[strata], self.sizes[strata]
            means = np.add.reduceat(columns * share[:, None], starts, axis=0)
            weight = share * np.repeat(n, sizes)
            score += self.rows.events[part] @ columns - n @ means
            moments = columns.T @ (columns * weight[:, None])
            size += np.diag(moments)
            information += moments
            information -= means.T @ (means * n[:, None])
        return score, information, size

    def cluster_scores(self, beta: Floats) -> tuple[Floats, int]:
        """Return each cluster's score, m × p, and m."""
        names, cluster = np.unique(self.rows.cluster, return_inverse=True)
        scores = np.zeros((len(names), len(beta)))
        for strata, part in self.blocks():
            columns, _, share, _, starts = self._weights(beta, strata, part)
            n, sizes = self.totals[strata], self.sizes[strata]
            means = np.add.reduceat(columns * share[:, None], starts, axis=0)
            residual = self.rows.events[part] - share * np.repeat(n, sizes)
            columns -= np.repeat(means, sizes, axis=0)
            columns *= residual[:, None]
            # Rows of a cluster mostly lie together: first sums of runs, then of names.
            of = cluster[part]
            runs = _starts(of)
            np.add.at(scores, of[runs], np.add.reduceat(columns, runs, axis=0))
        return scores, len(names)
