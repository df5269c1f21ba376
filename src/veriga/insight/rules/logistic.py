"""Logistic regression: Newton with a light ridge, and draws by cluster.

Columns are standardised inside; the intercept is not drawn to anything. Range of a
prediction: what 200 refits give in which whole chains are weighed anew, each one
Newton step from the common optimum. Source: docs/insight/chance.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from .log import Bools, Floats, Ints
from .survival import sums

RIDGE = 1.0
STEPS, CLOSE = 50, 1e-8


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted regression: coefficients of standardised columns, intercept first."""

    beta: Floats
    middle: Floats
    scale: Floats
    inverse: Floats  # of the penalised information, p + 1 square
    scores: Floats  # per cluster, clusters x (p + 1)
    is_converged: bool

    def columns(self, features: Floats) -> Floats:
        """Return standardised columns with the intercept first."""
        standard = (features - self.middle) / self.scale
        return np.column_stack([np.ones(len(features)), standard])

    def predict(self, features: Floats) -> Floats:
        """Return the probability of each row."""
        chance: Floats = special.expit(self.columns(features) @ self.beta)
        return chance

    def covariance(self) -> Floats:
        """Return the covariance of beta, robust to what chains have in common."""
        clusters = max(len(self.scores), 2)
        meat = self.scores.T @ self.scores * clusters / (clusters - 1)
        spread: Floats = self.inverse @ meat @ self.inverse
        return spread

    def draws(self, n: int = 200, seed: int = 0) -> Floats:
        """Return n refits of beta, chains weighed anew (exponential weights)."""
        random = np.random.default_rng(seed)
        weights = random.exponential(size=(n, len(self.scores)))
        weights -= weights.mean(axis=1, keepdims=True)
        found: Floats = self.beta + weights @ self.scores @ self.inverse
        return found


def fit_logistic(
    features: Floats, happened: Bools, cluster: Ints, ridge: float = RIDGE
) -> Logistic:
    """Return the regression of `happened` on `features`, by Newton with halved steps.

    Columns that never differ get the scale 1 and so the coefficient 0.
    """
    middle, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    x = np.column_stack([np.ones(len(features)), (features - middle) / scale])
    y = happened.astype(np.float64)
    penalty = np.full(x.shape[1], ridge)
    penalty[0] = 0.0
    beta = np.zeros(x.shape[1])
    beta[0] = special.logit(np.clip(y.mean(), 1e-6, 1 - 1e-6))
    loss, converged = _loss(x, y, beta, penalty), False
    for _ in range(STEPS):
        chance = special.expit(x @ beta)
        slope = x.T @ (y - chance) - penalty * beta
        step = np.linalg.solve(_information(x, chance, penalty), slope)
        size = 1.0
        while size > 1e-6:
            trial = _loss(x, y, beta + size * step, penalty)
            if trial <= loss + 1e-12:
                break
            size /= 2
        beta, gain, loss = beta + size * step, loss - trial, trial
        if gain < CLOSE * (1 + abs(loss)):
            converged = True
            break
    chance = special.expit(x @ beta)
    inverse = np.linalg.inv(_information(x, chance, penalty)).astype(np.float64)
    place = np.unique(cluster, return_inverse=True)[1]
    residual = y - chance
    clusters = int(place.max()) + 1
    scores = np.column_stack(
        [sums(place, residual * x[:, j], clusters) for j in range(x.shape[1])]
    )
    return Logistic(beta, middle, scale, inverse, scores, converged)


def _loss(x: Floats, y: Floats, beta: Floats, penalty: Floats) -> float:
    eta = x @ beta
    return float(
        (np.logaddexp(0.0, eta) - y * eta).sum() + 0.5 * penalty @ (beta * beta)
    )


def _information(x: Floats, chance: Floats, penalty: Floats) -> Floats:
    information: Floats = (x * (chance * (1 - chance))[:, None]).T @ x
    return information + np.diag(penalty + 1e-9)
