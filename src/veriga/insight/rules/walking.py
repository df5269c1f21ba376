"""Walking through the chains: carried-out activities in the order they happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .log import ActivityLog, Bools, Ints


@dataclass(frozen=True, slots=True)
class Order:
    """Rows of Activities by chain and moment; where a chain begins and ends in them.

    `chosen` tells of each chain of the log whether it takes part, with or without
    anything carried out.
    """

    rows: Ints
    first_of_chain: Bools
    last_of_chain: Bools
    chosen: Bools | None

    def is_chosen(self, log: ActivityLog) -> Bools:
        """Tell of each row of the log whether its chain takes part."""
        if self.chosen is None:
            return np.ones(len(log.activities), dtype=np.bool_)
        return self.chosen[log.activities.chain]


def held_order(log: ActivityLog, chosen: Bools | None = None) -> Order:
    """Return what was carried out in `chosen` chains (all without it), in its order.

    By the moment it happened; at the same moment in the story's order.
    """
    activities = log.activities
    is_held = activities.is_held
    if chosen is not None:
        is_held = is_held & chosen[activities.chain]
    rows = np.flatnonzero(is_held)
    chain, at = activities.chain[rows], activities.at[rows]
    same = chain[1:] == chain[:-1]
    if np.any(same & (at[1:] < at[:-1])):
        place = np.lexsort((at, chain))
        rows, chain = rows[place], chain[place]
    changes = chain[1:] != chain[:-1]
    edge = np.ones(min(len(rows), 1), dtype=np.bool_)
    return Order(
        rows,
        np.concatenate([edge, changes]),
        np.concatenate([changes, edge]),
        chosen,
    )
