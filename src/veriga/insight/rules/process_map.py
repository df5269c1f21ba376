"""The process map: which kind of activity came after which, how often, how soon.

Two maps of the same chains: by order (the next activity of the chain) and by links
(each recorded link). Only carried-out activities stand on them.
Source: docs/insight/map.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from .counting import Share, Wait
from .log import ActivityLog, Bools, Ending, Floats, Ints
from .map_filters import MapFilter, chosen_chains
from .walking import Order, held_order
from .words import Exit, MapBy

FEWEST_ON_EDGE = 5


@dataclass(frozen=True, slots=True)
class Node:
    """A kind of activity: how many carried out, and where chains begin and stop in it.

    `ended` is the last of a closed chain, `waiting` the last of an open one; `silence`
    how long these wait by now. On the map of links: followed by nothing.
    """

    kind: str
    n: int
    starts: int
    ended: int
    waiting: int
    silence: Wait

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "n": self.n,
            "starts": self.starts,
            "ended": self.ended,
            "waiting": self.waiting,
            "silence": self.silence.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Edge:
    """One way between kinds: how often, of all exits of its source; how soon.

    `wait.n` is smaller than `share.count` only where a link points back in time: such
    a link counts and has no wait.
    """

    source: str
    target: str
    share: Share
    wait: Wait

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "target": self.target,
            **self.share.to_json(),
            "wait": self.wait.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Other:
    """The rare ways out of a kind, folded: to `kinds` kinds, together so often."""

    source: str
    kinds: int
    share: Share

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "target": Exit.OTHER.value,
            "kinds": self.kinds,
            **self.share.to_json(),
        }


@dataclass(frozen=True, slots=True)
class ProcessMap:
    """A whole map; nodes by how many, edges by how often. `left_out`: links whose one
    end was not carried out.
    """

    by: MapBy
    chains: int
    activities: int
    left_out: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    others: tuple[Other, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "by": self.by.value,
            "chains": self.chains,
            "activities": self.activities,
            "left_out": self.left_out,
            "nodes": [node.to_json() for node in self.nodes],
            "edges": [edge.to_json() for edge in self.edges],
            "others": [other.to_json() for other in self.others],
            "stops": self._stops(),
        }

    def _stops(self) -> list[dict[str, Any]]:
        """Return how large a share of each kind ended there, and waits there."""
        exits = {node.kind: node.ended + node.waiting for node in self.nodes}
        for edge in self.edges:
            exits[edge.source] += edge.share.count
        for other in self.others:
            exits[other.source] += other.share.count
        return [
            {
                "source": node.kind,
                "target": target.value,
                **Share(count, exits[node.kind]).to_json(),
            }
            for node in self.nodes
            for target, count in (
                (Exit.ENDED, node.ended),
                (Exit.WAITING, node.waiting),
            )
            if count
        ]


@dataclass(frozen=True, slots=True)
class _Steps:
    """Rows of activities: from where to where, where ways begin and where they stop."""

    source: Ints
    target: Ints
    starts: Ints
    stops: Ints
    left_out: int


def process_map(
    log: ActivityLog,
    by: MapBy = MapBy.ORDER,
    only: MapFilter | None = None,
    *,
    fewest: int = FEWEST_ON_EDGE,
) -> ProcessMap:
    """Return the map of the chains that `only` leaves (all of them without it).

    Edges with fewer than `fewest` cases are folded into one of their source's others.
    """
    order = held_order(log, chosen_chains(log, only))
    steps = _steps(log, order, by)
    count = len(log.kinds)
    kind = log.activities.kind
    pair = kind[steps.source] * count + kind[steps.target]
    ways = _counted(pair, count * count).reshape(count, count)
    stopped = _counted(kind[steps.stops], count)
    exits = ways.sum(axis=1) + stopped
    waits = _waits(log, steps, pair)
    shown = ways >= max(fewest, 1)
    edges = [
        Edge(
            log.kinds[source].code,
            log.kinds[target].code,
            Share(int(ways[source, target]), int(exits[source])),
            waits.get(source * count + target, Wait(0)),
        )
        for source, target in zip(*map(np.ndarray.tolist, shown.nonzero()), strict=True)
    ]
    return ProcessMap(
        by,
        int(np.count_nonzero(order.first_of_chain)),
        len(order.rows),
        steps.left_out,
        _nodes(log, order, steps),
        tuple(sorted(edges, key=lambda e: (-e.share.count, e.source, e.target))),
        _others(log, np.where(shown, 0, ways), exits),
    )


def chains_behind(
    log: ActivityLog,
    source: str,
    target: str,
    by: MapBy = MapBy.ORDER,
    only: MapFilter | None = None,
    *,
    fewest: int = FEWEST_ON_EDGE,
) -> Ints:
    """Return the ids of the chains behind an edge, ascending; empty for unknown kinds.

    `source` may be Exit.START, `target` Exit.ENDED, WAITING or OTHER.
    """
    places = {kind.code: place for place, kind in enumerate(log.kinds)}
    order = held_order(log, chosen_chains(log, only))
    steps = _steps(log, order, by)
    kind, chain = log.activities.kind, log.activities.chain
    rows: Ints
    if source == Exit.START:
        rows = steps.starts[kind[steps.starts] == places.get(target, -1)]
    elif target in (Exit.ENDED, Exit.WAITING):
        stops = steps.stops[kind[steps.stops] == places.get(source, -1)]
        is_open = log.chains.ending[chain[stops]] == Ending.OPEN
        rows = stops[is_open == (target == Exit.WAITING)]
    else:
        of_source = kind[steps.source] == places.get(source, -1)
        going, rows = kind[steps.target[of_source]], steps.source[of_source]
        if target == Exit.OTHER:
            counts = _counted(going, len(log.kinds))
            rows = rows[counts[going] < fewest]
        else:
            rows = rows[going == places.get(target, -1)]
    ids: Ints = np.sort(log.chains.id[np.unique(chain[rows])])
    return ids


def _steps(log: ActivityLog, order: Order, by: MapBy) -> _Steps:
    """Return all steps between the carried-out activities of `order`."""
    rows = order.rows
    if by is MapBy.ORDER:
        goes_on = ~order.first_of_chain[1:]
        return _Steps(
            rows[:-1][goes_on],
            rows[1:][goes_on],
            rows[order.first_of_chain],
            rows[order.last_of_chain],
            0,
        )
    links = log.links
    on_map = np.zeros(len(log.activities), dtype=np.bool_)
    on_map[rows] = True
    whole = on_map[links.stimulus] & on_map[links.follow_up]
    source, target = links.stimulus[whole], links.follow_up[whole]
    return _Steps(
        source,
        target,
        _without(rows, target, len(on_map)),
        _without(rows, source, len(on_map)),
        int(np.count_nonzero(order.is_chosen(log)[links.follow_up] & ~whole)),
    )


def _without(rows: Ints, other: Ints, size: int) -> Ints:
    """Return those of `rows` that are not among `other`."""
    found: Bools = np.zeros(size, dtype=np.bool_)
    found[other] = True
    return rows[~found[rows]]


def _counted(values: Ints, size: int) -> Ints:
    return np.bincount(values, minlength=size).astype(np.int64)


def _waits(log: ActivityLog, steps: _Steps, pair: Ints) -> dict[int, Wait]:
    """Return the waits of each pair of kinds; steps back in time have none."""
    at = log.activities.at
    days = at[steps.target] - at[steps.source]
    return waits_by(pair[days >= 0], days[days >= 0])


def waits_by(group: Ints, days: Floats) -> dict[int, Wait]:
    """Return the wait of each group that occurs."""
    if not len(group):
        return {}
    # A stable sort of short integers is a radix sort: it passes once per byte.
    small = group.astype(np.uint16) if group.max() < 2**16 else group
    place = np.argsort(small, kind="stable")
    group, days = group[place], days[place]
    cuts = np.flatnonzero(np.diff(group)) + 1
    bounds = [0, *cuts.tolist(), len(group)]
    return {
        int(group[start]): Wait.of(days[start:end]) for start, end in pairwise(bounds)
    }


def _nodes(log: ActivityLog, order: Order, steps: _Steps) -> tuple[Node, ...]:
    kind, chain = log.activities.kind, log.activities.chain
    count = len(log.kinds)
    n = _counted(kind[order.rows], count)
    starts = _counted(kind[steps.starts], count)
    is_open = log.chains.ending[chain[steps.stops]] == Ending.OPEN
    ended = _counted(kind[steps.stops[~is_open]], count)
    waiting = steps.stops[is_open]
    # What was entered for a moment ahead of this one has waited nothing.
    silence = np.maximum(log.now - log.activities.at[waiting], 0.0)
    silences = waits_by(kind[waiting], silence)
    nodes = [
        Node(
            log.kinds[place].code,
            int(n[place]),
            int(starts[place]),
            int(ended[place]),
            silences.get(place, Wait(0)).n,
            silences.get(place, Wait(0)),
        )
        for place in np.flatnonzero(n).tolist()
    ]
    return tuple(sorted(nodes, key=lambda node: (-node.n, node.kind)))


def _others(log: ActivityLog, rare: Ints, exits: Ints) -> tuple[Other, ...]:
    kinds: Iterable[int] = np.flatnonzero(rare.sum(axis=1)).tolist()
    return tuple(
        Other(
            log.kinds[source].code,
            int(np.count_nonzero(rare[source])),
            Share(int(rare[source].sum()), int(exits[source])),
        )
        for source in kinds
    )
