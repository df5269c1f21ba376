"""The drawing of a map: nothing overlaps, every edge arrives, and it stays the same."""

from __future__ import annotations

import json
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.insight.rules.counting import Share, Wait
from veriga.insight.rules.layers import (
    Arrow,
    _crossings,
    layers_of,
    neighbours_of,
    rows_of,
    uncrossed,
)
from veriga.insight.rules.layout import _spaced, layout_of, shown_edges
from veriga.insight.rules.process_map import (
    Edge,
    MapBy,
    Node,
    ProcessMap,
    process_map,
)

from .chains_by_hand import AWKWARD, log_of


def map_of(count, pairs):
    """Return a map of kinds k00, k01, ... and edges (source, target, how often)."""
    names = [f"k{i:02}" for i in range(count)]
    nodes = tuple(Node(n, 99, int(i == 0), 0, 0, Wait(0)) for i, n in enumerate(names))
    edges = sorted(
        (
            Edge(names[a], names[b], Share(n, 1_000), Wait(n))
            for (a, b), n in pairs.items()
        ),
        key=lambda e: (-e.share.count, e.source, e.target),
    )
    return ProcessMap(MapBy.ORDER, 1, 1, 0, nodes, tuple(edges), ())


@st.composite
def maps(draw):
    count = draw(st.integers(1, 12))
    place = st.integers(0, count - 1)
    pairs = st.dictionaries(st.tuples(place, place), st.integers(5, 900), max_size=40)
    return map_of(count, draw(pairs))


@st.composite
def sizes_of(draw, found):
    wide, high = (
        st.sampled_from([60.0, 168.0, 300.0]),
        st.sampled_from([30.0, 44.0, 90]),
    )
    return {node.kind: (draw(wide), draw(high)) for node in found.nodes}


def thirty(seed=5):
    """Return a map of thirty kinds such as a firm has: a main way, and much besides."""
    rng = np.random.default_rng(seed)
    pairs = {(i, i + 1): int(rng.integers(200, 900)) for i in range(0, 29, 2)}
    while len(pairs) < 240:
        a, b = rng.integers(0, 30, 2)
        pairs.setdefault((int(a), int(b)), int(rng.integers(5, 400)))
    return map_of(30, pairs)


def cuts(box, one, other):
    """Tell whether a line goes through the inside of a box (Liang and Barsky)."""
    (x, y), (dx, dy) = one, (other[0] - one[0], other[1] - one[1])
    first, last = 0.0, 1.0
    edge = 0.05  # coordinates are rounded to hundredths
    for delta, low, high in (
        (dx, box.x + edge - x, box.x + box.width - edge - x),
        (dy, box.y + edge - y, box.y + box.height - edge - y),
    ):
        if delta == 0:
            if low >= 0 or high <= 0:
                return False
            continue
        near, far = sorted((low / delta, high / delta))
        first, last = max(first, near), min(last, far)
    return first < last


def check(found, drawing, edges):
    for one, other in combinations(drawing.boxes, 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert (
            beside or one.y + one.height <= other.y or other.y + other.height <= one.y
        )
    boxes = {box.kind: box for box in drawing.boxes}
    assert boxes.keys() == {node.kind for node in found.nodes}
    assert sorted((r.source, r.target) for r in drawing.routes) == sorted(
        (e.source, e.target) for e in edges
    )
    for route in drawing.routes:
        for end, kind in ((0, route.source), (-1, route.target)):
            x, y = route.points[end]
            box = boxes[kind]
            assert box.x - 0.02 <= x <= box.x + box.width + 0.02
            assert (
                y == pytest.approx(box.y, abs=0.02)
                or y == pytest.approx(box.y + box.height, abs=0.02)
                or x == pytest.approx(box.x + box.width, abs=0.02)
            )
        for one, other in pairwise(route.points):
            assert not any(cuts(box, one, other) for box in drawing.boxes)
        for x, y in route.points:
            assert 0 <= x <= drawing.width
            assert 0 <= y <= drawing.height


@given(data=st.data(), found=maps())
def test_nothing_overlaps_and_every_edge_arrives(data, found):
    sizes = data.draw(sizes_of(found))
    drawing = layout_of(found, found.edges, sizes)
    check(found, drawing, found.edges)
    assert layout_of(found, found.edges[::-1], sizes) == drawing


@pytest.mark.parametrize("seed", range(3))
def test_thirty_kinds_can_be_read(seed):
    found = thirty(seed)
    edges = shown_edges(found)
    assert len(edges) == 75
    drawing = layout_of(found)
    check(found, drawing, edges)
    # A page of a laptop, some screens high.
    assert drawing.width < 2_600
    assert drawing.height < 2_000
    assert len({box.y for box in drawing.boxes}) >= 5


def test_a_plain_way_is_drawn_straight_down():
    found = map_of(5, {(i, i + 1): 50 for i in range(4)})
    drawing = layout_of(found)
    assert len({box.x for box in drawing.boxes}) == 1
    assert [box.kind for box in sorted(drawing.boxes, key=lambda box: box.y)] == [
        "k00", "k01", "k02", "k03", "k04",
    ]  # fmt: skip


def test_an_edge_inside_the_last_row_bends_below_it():
    found = map_of(3, {(0, 1): 10, (0, 2): 9, (1, 2): 5})
    drawing = layout_of(found)
    check(found, drawing, found.edges)
    (flat,) = [route for route in drawing.routes if route.source == "k01"]
    assert len(flat.points) == 3
    assert max(y for _, y in flat.points) == flat.points[1][1]


def test_a_tree_has_no_crossing():
    arrows = [
        Arrow(i, child, 1.0) for i in range(7) for child in (2 * i + 1, 2 * i + 2)
    ]
    layer = [0, *[1] * 2, *[2] * 4, *[3] * 8]
    mixed = rows_of(layer, arrows)
    for row in mixed.rows:
        row.sort(key=lambda seat: (seat * 7) % 15)
    found = uncrossed(mixed)
    place = {seat: i for row in found.rows for i, seat in enumerate(row)}
    for row in found.rows[1:]:
        parents = [
            place[(seat - 1) // 2] for seat in sorted(row, key=lambda s: place[s])
        ]
        assert parents == sorted(parents)
    assert neighbours_of(found).keys() == set(range(15))


def test_sweeps_leave_far_fewer_crossings_than_there_were():
    found = thirty()
    edges = shown_edges(found)
    number = {node.kind: i for i, node in enumerate(found.nodes)}
    arrows = [Arrow(number[e.source], number[e.target], e.share.count) for e in edges]
    before = rows_of(layers_of(30, arrows, [0.0] * 30), arrows)
    after = uncrossed(before)
    tied = neighbours_of(before)
    assert _crossings(after.rows, tied) < 0.4 * _crossings(before.rows, tied)


def test_every_kind_keeps_its_commonest_ways():
    found = thirty()
    edges = shown_edges(found, 0)
    for node in found.nodes:
        for end in ("source", "target"):
            ways = [e for e in found.edges if getattr(e, end) == node.kind]
            ways = [e for e in ways if e.source != e.target]
            if ways:
                assert ways[0] in edges
    assert len(edges) <= 60


@given(
    wanted=st.lists(st.floats(-500, 500), min_size=1, max_size=8), gap=st.floats(1, 99)
)
def test_places_keep_their_gaps_and_their_mean(wanted, gap):
    found = _spaced(wanted, [1.0] * len(wanted), [gap] * (len(wanted) - 1))
    assert all(b - a >= gap - 1e-9 for a, b in pairwise(found))
    assert sum(found) == pytest.approx(sum(wanted), abs=1e-6)


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_logs_can_be_drawn(name):
    found = process_map(log_of(AWKWARD[name]))
    drawing = layout_of(found)
    check(found, drawing, shown_edges(found))
    json.dumps(drawing.to_json(), allow_nan=False)
