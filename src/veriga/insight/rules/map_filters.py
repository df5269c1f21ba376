"""Which chains a map is made of. Source: docs/insight/map.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from .log import ActivityLog, Bools, Ending, Ints
from .walking import Order, held_order


@dataclass(frozen=True, slots=True)
class MapFilter:
    """What a chain must be; every condition that is given must hold.

    since, until: its first activity lies in these days, both included.
    segment: the segment's name. product: a carried-out activity concerns it (id).
    team: id. endings: how its newest sale stands. before: kinds (A, B), some A was
    carried out before some B. variant: its kinds in order, repeats folded.
    """

    since: date | None = None
    until: date | None = None
    segment: str | None = None
    product: int | None = None
    team: int | None = None
    endings: frozenset[Ending] | None = None
    before: tuple[str, str] | None = None
    variant: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A kind in a variant, and how often it usually comes in a row (a median)."""

    kind: str
    repeats: int


@dataclass(frozen=True, slots=True)
class Variant:
    """A way that `chains` of `n` chains went, repeats folded."""

    steps: tuple[Step, ...]
    chains: int
    n: int

    def to_json(self) -> dict[str, Any]:
        return {
            "steps": [
                {"kind": step.kind, "repeats": step.repeats} for step in self.steps
            ],
            "chains": self.chains,
            "n": self.n,
        }


@dataclass(frozen=True, slots=True)
class Variants:
    """How many different ways there are, and the commonest of them."""

    different: int
    chains: int
    commonest: tuple[Variant, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "different": self.different,
            "chains": self.chains,
            "commonest": [variant.to_json() for variant in self.commonest],
        }


def chosen_chains(log: ActivityLog, only: MapFilter | None) -> Bools | None:
    """Tell of each chain whether it passes; None where all of them do."""
    if only is None or only == MapFilter():
        return None
    chains = log.chains
    chosen: Bools = np.ones(len(chains), dtype=np.bool_)
    if only.since is not None:
        chosen &= _first_days(log) >= only.since.toordinal()
    if only.until is not None:
        chosen &= _first_days(log) <= only.until.toordinal()
    if only.segment is not None:
        known = only.segment in log.segments
        place = log.segments.index(only.segment) if known else len(log.segments)
        chosen &= chains.segment == place
    if only.team is not None:
        chosen &= chains.team == only.team
    if only.endings is not None:
        chosen &= np.isin(chains.ending, [int(ending) for ending in only.endings])
    if only.product is not None:
        held = log.activities.is_held & (log.activities.product == only.product)
        chosen &= _holding(log, np.flatnonzero(held))
    if only.before is not None:
        chosen &= _has_before(log, *only.before)
    if only.variant is not None:
        chosen &= _of_variant(log, only.variant)
    return chosen


def variants(
    log: ActivityLog, only: MapFilter | None = None, *, most: int = 50
) -> Variants:
    """Return the commonest ways; chains with nothing carried out have none."""
    folded = _folded(held_order(log, chosen_chains(log, only)), log)
    found: dict[bytes, list[int]] = {}
    for place, way in enumerate(folded.ways()):
        found.setdefault(way, []).append(place)
    first = sorted(found.items(), key=lambda item: (-len(item[1]), item[1][0]))[:most]
    total = len(folded.start)
    return Variants(
        len(found),
        total,
        tuple(
            Variant(folded.steps(log, places), len(places), total)
            for _, places in first
        ),
    )


@dataclass(frozen=True, slots=True)
class _Folded:
    """Runs of one kind in a chain: their kinds, lengths; where each chain starts."""

    kind: Ints
    length: Ints
    start: Ints
    chain: Ints

    def ways(self) -> list[bytes]:
        """Return the kinds of each chain, in bytes that can be compared."""
        kinds = self.kind.astype(np.uint16)
        bounds = [*self.start.tolist(), len(kinds)]
        return [kinds[a:b].tobytes() for a, b in pairwise(bounds)]

    def steps(self, log: ActivityLog, places: list[int]) -> tuple[Step, ...]:
        first = self.start[places[0]]
        ends = np.append(self.start[1:], len(self.kind))
        size = int(ends[places[0]] - first)
        runs = self.length[self.start[places][:, None] + np.arange(size)]
        usual = np.median(runs, axis=0)
        kinds = self.kind[first : first + size].tolist()
        return tuple(
            Step(log.kinds[kind].code, int(repeats))
            for kind, repeats in zip(kinds, usual.tolist(), strict=True)
        )


def _folded(order: Order, log: ActivityLog) -> _Folded:
    kind = log.activities.kind[order.rows]
    begins = order.first_of_chain.copy()
    begins[1:] |= kind[1:] != kind[:-1]
    place = np.flatnonzero(begins)
    length = np.diff(np.append(place, len(kind)))
    start = np.flatnonzero(order.first_of_chain[place])
    return _Folded(
        kind[place], length, start, log.activities.chain[order.rows[place[start]]]
    )


def _first_days(log: ActivityLog) -> Ints:
    """Return the day of the first activity of each chain; each has at least one."""
    return log.activities.day[log.chains.first[:-1]]


def _holding(log: ActivityLog, rows: Ints) -> Bools:
    """Tell of each chain whether one of these rows is its."""
    chosen: Bools = np.zeros(len(log.chains), dtype=np.bool_)
    chosen[log.activities.chain[rows]] = True
    return chosen


def _has_before(log: ActivityLog, earlier: str, later: str) -> Bools:
    """Tell of each chain whether an `earlier` was carried out before a `later`."""
    codes = {kind.code: place for place, kind in enumerate(log.kinds)}
    order = held_order(log)
    kind, chain = log.activities.kind[order.rows], log.activities.chain[order.rows]
    count = len(log.chains)
    first = np.full(count, len(kind), dtype=np.int64)
    last = np.full(count, -1, dtype=np.int64)
    at_first = np.flatnonzero(kind == codes.get(earlier, -1))
    at_last = np.flatnonzero(kind == codes.get(later, -1))
    np.minimum.at(first, chain[at_first], at_first)
    np.maximum.at(last, chain[at_last], at_last)
    found: Bools = first < last
    return found


def _of_variant(log: ActivityLog, variant: tuple[str, ...]) -> Bools:
    codes = {kind.code: place for place, kind in enumerate(log.kinds)}
    chosen: Bools = np.zeros(len(log.chains), dtype=np.bool_)
    if not variant or not set(variant) <= codes.keys():
        return chosen
    asked = np.array([codes[kind] for kind in variant], dtype=np.uint16).tobytes()
    folded = _folded(held_order(log), log)
    same = [way == asked for way in folded.ways()]
    chosen[folded.chain[np.array(same, dtype=np.bool_)]] = True
    return chosen
