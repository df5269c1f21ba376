"""The drawings of a process map that are stored with it: how much each shows, where.

Pages make SVG of it and load no NumPy, so all that needs the map itself is done here:
which kinds and ways are shown, the layout, and where the words of a way stand.
Source: docs/insight/map.md, section on drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from .layout import Layout, Point, Route, layout_of, shown_edges
from .process_map import Edge, ProcessMap
from .words import Detail

# A box holds two lines of a name and one of figures, whatever the kinds are called.
BOX: Final = (204.0, 84.0)
KINDS_OF_LEAST: Final = 8
WAYS_OF_MOST: Final = 5  # for each kind
CHARACTER, LINE = 6.4, 16.0  # the words of a way, about
PLACES: Final = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78, 0.15, 0.85)

Rectangle = tuple[float, float, float, float]


def drawings_of(found: ProcessMap) -> dict[str, Any]:
    """Return the drawing of each detail, in JSON; the same map gives the same ones."""
    return {str(detail): _drawing(found, detail) for detail in Detail}


def _drawing(found: ProcessMap, detail: Detail) -> dict[str, Any]:
    shown = _least(found) if detail is Detail.LEAST else found
    most = WAYS_OF_MOST * len(found.nodes) if detail is Detail.MOST else None
    edges = shown_edges(shown, most)
    layout = layout_of(shown, edges, {node.kind: BOX for node in shown.nodes})
    return layout.to_json() | {
        "labels": _labels(layout, edges),
        "others": _others(found, edges, {node.kind for node in shown.nodes}),
    }


def _least(found: ProcessMap) -> ProcessMap:
    """Return the map of the commonest kinds alone."""
    nodes = found.nodes[:KINDS_OF_LEAST]
    kinds = {node.kind for node in nodes}
    edges = tuple(e for e in found.edges if e.source in kinds and e.target in kinds)
    return replace(found, nodes=nodes, edges=edges)


def _others(
    found: ProcessMap, edges: Sequence[Edge], kinds: set[str]
) -> list[dict[str, Any]]:
    """Return what of each kind shown leads to where no way is drawn."""
    drawn = {(edge.source, edge.target) for edge in edges}
    left: dict[str, list[int]] = {}
    for edge in found.edges:
        if (edge.source, edge.target) not in drawn:
            left.setdefault(edge.source, []).append(edge.share.count)
    for other in found.others:
        counts = left.setdefault(other.source, [])
        counts += [other.share.count, *[0] * (other.kinds - 1)]
    return [
        {"source": source, "kinds": len(counts), "count": sum(counts)}
        for source, counts in sorted(left.items())
        if source in kinds
    ]


def _labels(layout: Layout, edges: Sequence[Edge]) -> list[list[float]]:
    """Return where the words of each route stand, as the routes are ordered.

    The commonest first, each where it covers no box and no words placed before; if
    there is no such place, in the middle.
    """
    by_way = {(edge.source, edge.target): edge for edge in edges}
    taken: list[Rectangle] = [
        (box.x, box.y, box.x + box.width, box.y + box.height) for box in layout.boxes
    ]
    found: dict[int, Point] = {}
    order = sorted(
        range(len(layout.routes)),
        key=lambda i: (-_edge(layout.routes[i], by_way).share.count, i),
    )
    for i in order:
        route = layout.routes[i]
        width = CHARACTER * (len(_words(_edge(route, by_way))) + 2)
        places = list(_places(route))
        best = next(
            (p for p in places if _is_free(_around(p, width), taken, layout)), places[0]
        )
        found[i] = best
        is_loop = route.source == route.target
        taken.append(_around(best, width, is_loop=is_loop))
    return [[round(x, 1), round(y, 1)] for x, y in (found[i] for i in sorted(found))]


def _edge(route: Route, by_way: dict[tuple[str, str], Edge]) -> Edge:
    return by_way[route.source, route.target]


def _words(edge: Edge) -> str:
    median = edge.wait.median
    return f"{edge.share.count:,}" + ("" if median is None else f" · {median:.1f}")


def _places(route: Route) -> Iterator[Point]:
    """Yield points along a route where words could stand, the middle first."""
    points = route.points
    if route.source == route.target:  # beside the loop
        yield points[1][0] + 4, (points[1][1] + points[2][1]) / 2
        return
    lengths = [abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(points)]
    for place in PLACES:
        left = place * sum(lengths)
        for length, (a, b) in zip(lengths, pairwise(points), strict=True):
            if left <= length and length:
                share = left / length
                yield a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
                break
            left -= length
        else:
            yield points[-1]


def _around(point: Point, width: float, *, is_loop: bool = False) -> Rectangle:
    x, y = point
    if is_loop:  # its words begin there
        return x, y - LINE / 2, x + width, y + LINE / 2
    return x - width / 2, y - LINE / 2, x + width / 2, y + LINE / 2


def _is_free(one: Rectangle, taken: Sequence[Rectangle], layout: Layout) -> bool:
    if one[0] < 0 or one[2] > layout.width:
        return False
    return not any(
        one[0] < other[2]
        and other[0] < one[2]
        and one[1] < other[3]
        and other[1] < one[3]
        for other in taken
    )
