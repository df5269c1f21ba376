"""Layers of a drawing: which kinds stand in one row, and in which order in it.

First half of the layout of the process map; the second is layout.py.
Source: docs/insight/map.md, section on drawing.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from math import ceil, sqrt

SWEEPS = 24
# Seats in a row: a kind is a number from 0, a bend of a long edge one from -1 down.
Seat = int


@dataclass(frozen=True, slots=True)
class Arrow:
    """An edge of the drawing, between nodes by number."""

    source: int
    target: int
    weight: float


def layers_of(
    count: int, arrows: Sequence[Arrow], starts: Sequence[float]
) -> list[int]:
    """Return the layer of each node: one below what leads to it most.

    Grown from where chains begin: the strongest way out of what has its place gives
    the next node its place (Prim's tree). Not below everything that leads to it: among
    thirty kinds almost every pair occurs, and thirty rows of one are no map. No layer
    gets much wider than the map is high.
    """
    ways: list[list[tuple[float, int, int]]] = [[] for _ in range(count)]
    balance = list(starts)
    for arrow in arrows:
        if arrow.source != arrow.target:
            ways[arrow.source].append((-arrow.weight, arrow.source, arrow.target))
            balance[arrow.source] += arrow.weight
            balance[arrow.target] -= arrow.weight
    # Where nothing leads: first where most chains begin, then what gives most.
    roots = sorted(range(count), key=lambda n: (-starts[n], -balance[n], n))
    widest = max(3, ceil(sqrt(count) * 1.1))
    layer = [-1] * count
    taken: Counter[int] = Counter()
    heap: list[tuple[float, int, int]] = []
    for root in roots:
        heappush(heap, (0.0, -1, root))
        while heap:
            _, source, node = heappop(heap)
            if layer[node] >= 0:
                continue
            wanted = layer[source] + 1 if source >= 0 else 0
            while taken[wanted] >= widest:
                wanted += 1
            layer[node] = wanted
            taken[wanted] += 1
            for way in ways[node]:
                heappush(heap, way)
    used = {old: new for new, old in enumerate(sorted(taken))}
    return [used[old] for old in layer]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a drawing, and the seats that each edge passes, its source first."""

    rows: list[list[Seat]]
    passes: list[list[Seat]]


def rows_of(layer: Sequence[int], arrows: Sequence[Arrow]) -> Rows:
    """Return rows with a bend wherever an edge passes one.

    An edge inside one row bends in the next one. Loops pass nothing.
    """
    rows: list[list[Seat]] = [[] for _ in range(max(layer, default=-1) + 1)]
    for node, at in enumerate(layer):
        rows[at].append(node)
    passes: list[list[Seat]] = []
    bend = 0
    for arrow in arrows:
        start, end = layer[arrow.source], layer[arrow.target]
        between: Iterable[int]
        if arrow.source == arrow.target:
            between = ()
        elif start == end:
            between = (start + 1,)
        else:
            step = 1 if end > start else -1
            between = range(start + step, end, step)
        way = [arrow.source]
        for at in between:
            bend -= 1
            if at == len(rows):
                rows.append([])
            rows[at].append(bend)
            way.append(bend)
        passes.append([*way, arrow.target])
    return Rows(rows, passes)


def uncrossed(found: Rows) -> Rows:
    """Return the rows in an order with few crossings: the best of so many sweeps."""
    neighbours = neighbours_of(found)
    rows = [list(row) for row in found.rows]
    best, fewest = [list(row) for row in rows], _crossings(rows, neighbours)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        order = range(1, len(rows)) if down else range(len(rows) - 2, -1, -1)
        for at in order:
            beside = rows[at - 1] if down else rows[at + 1]
            _by_barycentre(rows[at], beside, neighbours)
        _swap(rows, neighbours)
        crossings = _crossings(rows, neighbours)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
        if fewest == 0:
            break
    return Rows(best, found.passes)


def neighbours_of(found: Rows) -> dict[Seat, list[Seat]]:
    """Return what each seat is tied to, in the rows beside it."""
    tied: dict[Seat, list[Seat]] = {seat: [] for row in found.rows for seat in row}
    for way in found.passes:
        if len(way) == 2 and way[0] == way[1]:
            continue
        for one, other in pairwise(way):
            tied[one].append(other)
            tied[other].append(one)
    return tied


def _by_barycentre(
    row: list[Seat], beside: Sequence[Seat], tied: Mapping[Seat, Sequence[Seat]]
) -> None:
    """Sort a row by the mean place of what it is tied to; who is tied to none stays."""
    place = {seat: i for i, seat in enumerate(beside)}
    share = len(beside) / max(len(row), 1)
    key: dict[Seat, float] = {}
    for i, seat in enumerate(row):
        places = [place[other] for other in tied[seat] if other in place]
        key[seat] = sum(places) / len(places) if places else (i + 0.5) * share - 0.5
    row.sort(key=key.__getitem__)


def _swap(rows: list[list[Seat]], tied: Mapping[Seat, Sequence[Seat]]) -> None:
    """Let neighbours in a row change places where fewer edges cross then."""
    for at, row in enumerate(rows):
        beside = [rows[i] for i in (at - 1, at + 1) if 0 <= i < len(rows)]
        places = [{seat: i for i, seat in enumerate(other)} for other in beside]
        ends = {
            seat: [sorted(p[o] for o in tied[seat] if o in p) for p in places]
            for seat in row
        }
        for i in range(len(row) - 1):
            left, right = ends[row[i]], ends[row[i + 1]]
            pairs = list(zip(left, right, strict=True))
            now = sum(_pairs(a, b) for a, b in pairs)
            if sum(_pairs(b, a) for a, b in pairs) < now:
                row[i], row[i + 1] = row[i + 1], row[i]


def _pairs(left: Sequence[int], right: Sequence[int]) -> int:
    """Return how many ends of the seat at the left lie beyond ends of the right one."""
    return sum(len(left) - bisect_right(left, end) for end in right)


def _crossings(rows: list[list[Seat]], tied: Mapping[Seat, Sequence[Seat]]) -> int:
    """Return how many edges cross, between each row and the next."""
    total = 0
    for upper, lower in pairwise(rows):
        place = {seat: i for i, seat in enumerate(lower)}
        seen: list[int] = []
        for seat in upper:
            ends = sorted(place[other] for other in tied[seat] if other in place)
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total
