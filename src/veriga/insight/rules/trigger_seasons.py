"""How much slower everybody is in a month than in the others: told, never claimed.

Holidays are no rest for the clock, but in August nobody answers either. With two years
of chains the trigger model has a column for each month; here is what they say.
Source: docs/insight/triggers.md, "The season".
"""

from __future__ import annotations

import numpy as np

from .conditional_poisson import Fit
from .log import YEAR_END, Ints
from .trigger_design import STRETCHES, Design
from .trigger_estimates import (
    ALLOWANCE,
    FEWEST_CHAINS_WITH_KIND,
    FEWEST_OUTCOMES,
    Estimated,
    estimate_of,
)
from .trigger_report import SeasonLine

FEWEST_OTHERS = 6  # months that can be compared with


def seasons_of(design: Design, estimate: Estimated) -> tuple[SeasonLine, ...]:
    """Return for each month how frequent outcomes are, beside the mean of the others.

    In the same chains at equal times since the last reaction. Nothing is said of a
    month with fewer than 30 outcomes or 20 chains, nor beside fewer than six others.
    """
    if estimate.fit is None or not design.columns.by_month:
        return ()
    events, chains = _counts(design, estimate)
    told = [
        place
        for place in range(STRETCHES)
        if events[place] >= FEWEST_OUTCOMES and chains[place] >= FEWEST_CHAINS_WITH_KIND
    ]
    if len(told) <= FEWEST_OTHERS:
        return ()
    return tuple(
        _line(design, estimate.fit, place, told, int(events[place])) for place in told
    )


def _counts(design: Design, estimate: Estimated) -> tuple[Ints, Ints]:
    """Return of each month the outcomes in it, and the chains that were at risk."""
    rows, first = estimate.rows, design.columns.first_month
    flags = rows.columns[:, first : first + STRETCHES - 1] > 0
    inside = np.column_stack([~flags.any(axis=1), flags])
    events = [int(rows.events[column].sum()) for column in inside.T]
    chains = [len(np.unique(rows.stratum[column])) for column in inside.T]
    return np.array(events), np.array(chains)


def _line(
    design: Design, found: Fit, place: int, told: list[int], n: int
) -> SeasonLine:
    """Return a month beside the mean of the others; January's column is the base."""
    weights = np.zeros(STRETCHES)
    weights[told] = -1.0 / (len(told) - 1)
    weights[place] = 1.0
    whole = np.zeros(len(found.beta))
    first = design.columns.first_month
    whole[first : first + STRETCHES - 1] = weights[1:]
    variance = float(whole @ found.covariance @ whole) + ALLOWANCE**2
    ratio = estimate_of(float(whole @ found.beta), float(np.sqrt(variance)))
    name = "year_end" if place + 1 == YEAR_END else str(place + 1)
    return SeasonLine(name, ratio.ratio, ratio.low, ratio.high, n)
