"""Multipliers of a rate, drawn to 1 as far as little is known (gamma-Poisson).

A cell with D events where Λ were expected has the multiplier (c + D) / (c + Λ); c, the
weight of "as usual", is the one under which the counts of all cells are likeliest
(negative binomial). Source: docs/insight/pace.md, section 2.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

from .log import Floats, Ints
from .survival import sums

LEAST, MOST = 0.05, 10_000.0


def likeliest_weight(seen: Floats, expected: Floats) -> float:
    """Return c under which these counts are likeliest; MOST where nothing differs."""
    known = expected > 0
    if known.sum() < 2:
        return MOST
    d, e = seen[known], expected[known]
    log_e = np.log(e)

    def loss(log_c: float) -> float:
        c = np.exp(log_c)
        part = special.gammaln(c + d) - special.gammaln(c) - d * np.log(c + e)
        return -float((part - c * np.log1p(e / c) + d * log_e).sum())

    span = (np.log(LEAST), np.log(MOST))
    found = optimize.minimize_scalar(
        loss, bounds=span, method="bounded", options={"xatol": 1e-4}
    )
    return float(np.exp(found.x))


def multipliers(cell: Ints, cells: int, seen: Floats, expected: Floats) -> Floats:
    """Return the shrunk multiplier of each cell from rows that lie in cells."""
    d, e = sums(cell, seen, cells), sums(cell, expected, cells)
    c = likeliest_weight(d, e)
    factor: Floats = (c + d) / (c + e)
    return factor
