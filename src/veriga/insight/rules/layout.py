"""Where the kinds of a process map stand in its drawing, and how its edges run.

Plain numbers from which a page makes SVG; the same map gives the same drawing, in
whatever order its parts come. Layers and their order: layers.py.
Source: docs/insight/map.md, section on drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .layers import Arrow, Rows, Seat, layers_of, neighbours_of, rows_of, uncrossed
from .process_map import Edge, ProcessMap

WIDTH, HEIGHT = 168.0, 44.0  # of a box, where the page says nothing else
BESIDE, BELOW = 28.0, 76.0  # free space between boxes, between rows
BEND_WIDTH = 14.0
LOOP = 26.0  # how far a loop stands out at the right
LOOP_WORDS = 58.0  # free space beside it for what it says
MARGIN = 24.0
SETTLING = 12
PORTS = 0.7  # the share of a box's side that edges may touch

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A kind in the drawing: its upper left corner and its size."""

    kind: str
    x: float
    y: float
    width: float
    height: float

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "x": self.x,
            "y": self.y,
            "width": self.width,
            "height": self.height,
        }


@dataclass(frozen=True, slots=True)
class Route:
    """An edge in the drawing: points from the border of one box to that of the other.

    Straight lines between them meet no other box; a curve through them hardly does.
    """

    source: str
    target: str
    points: tuple[Point, ...]

    def to_json(self) -> dict[str, Any]:
        points = [list(point) for point in self.points]
        return {"source": self.source, "target": self.target, "points": points}


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole drawing; everything lies between 0 and its width and height."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "width": self.width,
            "height": self.height,
            "boxes": [box.to_json() for box in self.boxes],
            "routes": [route.to_json() for route in self.routes],
        }


def shown_edges(found: ProcessMap, most: int | None = None) -> tuple[Edge, ...]:
    """Return the edges that a drawing shows so that it can be read.

    The commonest way into and out of each kind, then the commonest of all, up to
    `most` (two and a half for each kind without it). Loops count like others.
    """
    if most is None:
        most = max(12, 5 * len(found.nodes) // 2)
    # The map has its edges by how often, the commonest first.
    kept: list[Edge] = []
    comes: set[str] = set()
    goes: set[str] = set()
    for edge in found.edges:
        if edge.source == edge.target:
            continue
        if edge.source not in goes or edge.target not in comes:
            kept.append(edge)
            goes.add(edge.source)
            comes.add(edge.target)
    chosen = set(kept)
    for edge in found.edges:
        if len(chosen) >= most:
            break
        chosen.add(edge)
    return tuple(edge for edge in found.edges if edge in chosen)


def layout_of(
    found: ProcessMap,
    edges: Sequence[Edge] | None = None,
    sizes: Mapping[str, tuple[float, float]] | None = None,
) -> Layout:
    """Return the drawing of a map with `edges` of it (shown_edges without).

    `sizes` are widths and heights of boxes by kind, where the page knows better.
    """
    nodes = sorted(found.nodes, key=lambda node: (-node.n, node.kind))
    if not nodes:
        return Layout(0.0, 0.0, (), ())
    number = {node.kind: i for i, node in enumerate(nodes)}
    chosen = shown_edges(found) if edges is None else edges
    chosen = sorted(chosen, key=lambda e: (number[e.source], number[e.target]))
    arrows = [
        Arrow(number[e.source], number[e.target], float(e.share.count)) for e in chosen
    ]
    layer = layers_of(len(nodes), arrows, [float(node.starts) for node in nodes])
    rows = uncrossed(rows_of(layer, arrows))
    named = sizes or {}
    drawing = _Drawing(
        rows, arrows, [named.get(node.kind, (WIDTH, HEIGHT)) for node in nodes]
    )
    return drawing.finished([node.kind for node in nodes])


class _Drawing:
    """Gives places to the seats of the rows."""

    def __init__(
        self, rows: Rows, arrows: Sequence[Arrow], sizes: Sequence[tuple[float, float]]
    ) -> None:
        self._rows, self._arrows, self._sizes = rows, arrows, sizes
        self._loops = {a.source for a in arrows if a.source == a.target}
        self._tied = neighbours_of(rows)
        self._top, self._bottom = self._heights()
        self._row_of = {seat: i for i, row in enumerate(rows.rows) for seat in row}
        self._x = self._settled()

    def _left(self, seat: Seat) -> float:
        return self._sizes[seat][0] / 2 if seat >= 0 else BEND_WIDTH / 2

    def _right(self, seat: Seat) -> float:
        return self._left(seat) + (LOOP + LOOP_WORDS if seat in self._loops else 0.0)

    def _heights(self) -> tuple[list[float], list[float]]:
        top, bottom, y = [], [], MARGIN
        for row in self._rows.rows:
            height = max((self._sizes[s][1] for s in row if s >= 0), default=0.0)
            top.append(y)
            bottom.append(y + height)
            y += height + BELOW
        return top, bottom

    def _settled(self) -> dict[Seat, float]:
        """Return the middle of each seat: near what it is tied to, at a distance."""
        x: dict[Seat, float] = {}
        for row in self._rows.rows:
            gaps = self._gaps(row)
            total = sum(gaps)
            for seat, at in zip(row, _summed(gaps), strict=True):
                x[seat] = at - total / 2
        for turn in range(SETTLING):
            rows = self._rows.rows if turn % 2 == 0 else self._rows.rows[::-1]
            for row in rows:
                self._settle(row, x)
        left = min(x[s] - self._left(s) for s in x) - MARGIN
        return {seat: at - left for seat, at in x.items()}

    def _gaps(self, row: Sequence[Seat]) -> list[float]:
        """Return the least distances between the middles of neighbours in a row."""
        return [
            self._right(one) + self._left(other) + (BESIDE if one >= 0 <= other else 8)
            for one, other in pairwise(row)
        ]

    def _settle(self, row: Sequence[Seat], x: dict[Seat, float]) -> None:
        wanted, weights = [], []
        for seat in row:
            tied = self._tied[seat]
            # Long edges that run straight are the easiest to follow.
            pull = [4.0 if seat < 0 and other < 0 else 1.0 for other in tied]
            mean = (
                sum(p * x[o] for p, o in zip(pull, tied, strict=True)) / sum(pull)
                if tied
                else x[seat]
            )
            wanted.append(mean)
            weights.append(sum(pull) or 0.1)
        for seat, at in zip(
            row, _spaced(wanted, weights, self._gaps(row)), strict=True
        ):
            x[seat] = at

    def finished(self, kinds: Sequence[str]) -> Layout:
        boxes = []
        for node, kind in enumerate(kinds):
            width, height = self._sizes[node]
            x, y = self._x[node] - width / 2, self._top[self._row_of[node]]
            boxes.append(Box(kind, _r(x), _r(y), _r(width), _r(height)))
        ports = self._ports()
        routes = tuple(
            Route(kinds[a.source], kinds[a.target], self._points(i, ports))
            for i, a in enumerate(self._arrows)
        )
        right = max(at + self._right(seat) for seat, at in self._x.items())
        return Layout(
            _r(right + MARGIN), _r(self._bottom[-1] + MARGIN), tuple(boxes), routes
        )

    def _ports(self) -> dict[tuple[int, int], float]:
        """Return where each edge touches its ends: (edge, 0 or 1) to x.

        On each side of a box in the order of where the edges go on, so that they do
        not cross in front of it.
        """
        sides: dict[tuple[int, bool], list[tuple[float, int, int]]] = {}
        for i, way in enumerate(self._rows.passes):
            if way[0] == way[-1]:
                continue
            for end, (seat, other) in enumerate(((way[0], way[1]), (way[-1], way[-2]))):
                is_below = self._row_of[other] > self._row_of[seat]
                sides.setdefault((seat, is_below), []).append((self._x[other], i, end))
        ports = {}
        for (seat, _), ends in sides.items():
            width = self._sizes[seat][0] * PORTS
            for place, (_, i, end) in enumerate(sorted(ends), start=1):
                share = place / (len(ends) + 1) - 0.5
                ports[i, end] = self._x[seat] + share * width
        return ports

    def _points(
        self, i: int, ports: Mapping[tuple[int, int], float]
    ) -> tuple[Point, ...]:
        way = self._rows.passes[i]
        if way[0] == way[-1]:
            return self._loop(way[0])
        points = self._touch(way[0], way[1], ports[i, 0])
        is_flat = self._row_of[way[0]] == self._row_of[way[-1]]
        is_down = self._row_of[way[1]] > self._row_of[way[0]]
        for bend in way[1:-1]:
            row, x = self._row_of[bend], self._x[bend]
            if is_flat:  # turns round before it enters the row
                points.append((_r(x), _r(self._top[row] - BELOW / 4)))
                continue
            ends = (_r(x), _r(self._top[row])), (_r(x), _r(self._bottom[row]))
            points += ends if is_down else ends[::-1]
        points += self._touch(way[-1], way[-2], ports[i, 1])[::-1]
        return tuple(points)

    def _touch(self, seat: int, other: Seat, x: float) -> list[Point]:
        """Return where an edge meets a box, and where it leaves the row if elsewhere.

        A box lower than its row has higher ones beside it, which an edge must not cut.
        """
        row = self._row_of[seat]
        if self._row_of[other] < row:
            return [(_r(x), _r(self._top[row]))]
        border = self._top[row] + self._sizes[seat][1]
        ends = [(_r(x), _r(border)), (_r(x), _r(self._bottom[row]))]
        return ends if ends[0] != ends[1] else ends[:1]

    def _loop(self, seat: int) -> tuple[Point, ...]:
        width, height = self._sizes[seat]
        right = self._x[seat] + width / 2
        middle = self._top[self._row_of[seat]] + height / 2
        return (
            (_r(right), _r(middle - height / 4)),
            (_r(right + LOOP - 6), _r(middle - height / 4)),
            (_r(right + LOOP - 6), _r(middle + height / 4)),
            (_r(right), _r(middle + height / 4)),
        )


def _r(value: float) -> float:
    return round(value, 2)


def _summed(gaps: Sequence[float]) -> list[float]:
    found = [0.0]
    for gap in gaps:
        found.append(found[-1] + gap)
    return found


def _spaced(
    wanted: Sequence[float], weights: Sequence[float], gaps: Sequence[float]
) -> list[float]:
    """Return the places nearest to those wanted (least squares) that keep the gaps.

    Without the gaps it is a rising sequence nearest to another: neighbours that would
    fall are taken together at their mean (pool adjacent violators).
    """
    offsets = _summed(gaps)[: len(wanted)]
    pools: list[list[float]] = []  # mean, weight, how many
    for want, weight, offset in zip(wanted, weights, offsets, strict=True):
        pools.append([want - offset, weight, 1])
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            mean, weight, count = pools.pop()
            last = pools[-1]
            both = last[1] + weight
            pools[-1] = [
                (last[0] * last[1] + mean * weight) / both, both, last[2] + count
            ]  # fmt: skip
    means = [mean for mean, _, count in pools for _ in range(int(count))]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]
