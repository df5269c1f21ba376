"""The process map as shapes: what the server draws, box by box and way by way.

All places come from the stored drawing (insight/rules/drawing.py); here they become
paths and words in the language of whoever looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veriga.insight.rules.words import Detail
from veriga.web.formats import number

from .names import insight_kind
from .ranges import days

Json = Mapping[str, Any]
Point = Sequence[float]
MOST_READABLE: Final = 14  # kinds
THIN, THICK = 1.2, 8.0
HEAD: Final = 5.0  # half of an arrow head's width
LINE_CHARACTERS: Final = 25  # of a name in a box, about
SIGNS: Final = {
    "start": "m0 .5l8.5 4.5l-8.5 4.5z",
    "ended": "m0 1h8v8h-8z",
    "waiting": "m1 .5h7l-3.5 4.5l3.5 4.5h-7l3.5-4.5z",
    "other": "m0 4h2v2h-2zm4 0h2v2h-2zm4 0h2v2h-2z",
}
NARROW: Final = frozenset("fijlrt.,:;'|()[] I-")


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure in a box, and the chains behind it; `what` is its sign."""

    what: str
    x: float
    y: float
    text: str
    said: str
    way: tuple[str, str] | None

    @property
    def sign(self) -> str:
        """Return the path of its sign, in a square of 10 at the left of the text."""
        return f"M{self.x:g} {self.y - 9:g}{SIGNS[self.what]}"


@dataclass(frozen=True, slots=True)
class DrawnWay:
    """An edge: its path and head, the words on it and in full."""

    source: str
    target: str
    path: str
    head: str
    width: float
    x: float
    y: float
    text: str
    said: str
    is_loop: bool


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A kind: its frame, the lines of its name, its figures, the ways out of it."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    lines: list[tuple[float, str]]
    said: str
    count: str
    marks: list[Mark]
    ways: list[DrawnWay]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole drawing; boxes row by row, as they are read."""

    width: float
    height: float
    boxes: list[DrawnBox]

    @property
    def ways(self) -> list[DrawnWay]:
        """All ways, the thinnest first, so that the others lie above."""
        found = [way for box in self.boxes for way in box.ways]
        return sorted(found, key=lambda way: way.width)


def detail_of(found: Json, wanted: Detail | None) -> Detail:
    """Return how much is drawn: what is wanted, or all kinds while they can be read."""
    is_large = len(found["nodes"]) > MOST_READABLE
    return wanted or (Detail.LEAST if is_large else Detail.USUAL)


def drawing_of(found: Json, detail: str) -> Drawing:
    """Return the shapes of a stored map in one detail."""
    drawn = found["drawings"][detail]
    edges = {(edge["source"], edge["target"]): edge for edge in found["edges"]}
    most = max((edge["count"] for edge in edges.values()), default=1)
    ways: dict[str, list[DrawnWay]] = {}
    for route, label in zip(drawn["routes"], drawn["labels"], strict=True):
        edge = edges[route["source"], route["target"]]
        way = _way(route, label, edge, most)
        ways.setdefault(way.source, []).append(way)
    nodes = {node["kind"]: node for node in found["nodes"]}
    others = {other["source"]: other for other in drawn["others"]}
    boxes = sorted(drawn["boxes"], key=lambda box: (box["y"], box["x"]))
    return Drawing(
        drawn["width"],
        drawn["height"],
        [_box(box, nodes[box["kind"]], others.get(box["kind"]), ways) for box in boxes],
    )


def _box(
    box: Json, node: Json, other: Json | None, ways: Mapping[str, list[DrawnWay]]
) -> DrawnBox:
    kind = box["kind"]
    name = insight_kind(kind)
    lines = lines_of(name)
    first = box["y"] + (20 if len(lines) > 1 else 27)
    out = sorted(ways.get(kind, ()), key=lambda way: -way.width)
    return DrawnBox(
        kind=kind,
        x=box["x"],
        y=box["y"],
        width=box["width"],
        height=box["height"],
        lines=[(first + 15 * i, line) for i, line in enumerate(lines)],
        said=_("%(kind)s: carried out %(num)s. To its lines in the table.")
        % {"kind": name, "num": number(node["n"])},
        count=number(node["n"]),
        marks=list(_marks(box, node, other, name)),
        ways=out,
    )


def _marks(box: Json, node: Json, other: Json | None, name: str) -> Iterator[Mark]:
    kind, x = box["kind"], box["x"]
    upper, lower = box["y"] + 57, box["y"] + 74
    named = {"kind": name}
    if node["starts"]:
        text = ngettext(
            "%(kind)s: %(num)s chain begins here",
            "%(kind)s: %(num)s chains begin here",
            node["starts"],
        )
        said = text % {**named, "num": number(node["starts"])}
        way = ("(start)", kind)
        yield Mark("start", x + 78, upper, number(node["starts"]), said, way)
    if other:
        text = ngettext(
            "%(kind)s: %(num)s further step, not drawn; it is in the table",
            "%(kind)s: %(num)s further steps, not drawn; they are in the table",
            other["count"],
        )
        said = text % {**named, "num": number(other["count"])}
        yield Mark("other", x + 142, upper, number(other["count"]), said, None)
    if node["ended"]:
        said = _("%(kind)s: ended here %(num)s") % {
            **named,
            "num": number(node["ended"]),
        }
        way = (kind, "(ended)")
        yield Mark("ended", x + 10, lower, number(node["ended"]), said, way)
    if node["waiting"]:
        text = number(node["waiting"])
        said = _("%(kind)s: still waiting %(num)s") % {**named, "num": text}
        median = node["silence"]["median"]
        if median is not None:
            text = f"{text} · {days(median)}"
            said += ", " + _("median silence %(days)s working days (%(range)s)") % {
                "days": days(median),
                "range": _range(node["silence"]),
            }
        yield Mark("waiting", x + 78, lower, text, said, (kind, "(waiting)"))


def _way(route: Json, label: Point, edge: Json, most: int) -> DrawnWay:
    source, target = route["source"], route["target"]
    points = route["points"]
    median = edge["wait"]["median"]
    text = number(edge["count"])
    if median is not None:
        text = f"{text} · {days(median)}"
    return DrawnWay(
        source=source,
        target=target,
        path=path_of(points, is_loop=source == target),
        head=_head(points, is_loop=source == target),
        width=round(THIN + (THICK - THIN) * sqrt(edge["count"] / most), 2),
        x=label[0],
        y=label[1],
        text=text,
        said=said_way(edge),
        is_loop=source == target,
    )


def said_way(edge: Json) -> str:
    """Return all that is known of a way in one sentence."""
    text = ngettext(
        "%(source)s → %(target)s: %(num)s time, %(share)s %% of what comes after"
        " (%(range)s %%)",
        "%(source)s → %(target)s: %(num)s times, %(share)s %% of what comes after"
        " (%(range)s %%)",
        edge["count"],
    ) % {
        "source": insight_kind(edge["source"]),
        "target": insight_kind(edge["target"]),
        "num": number(edge["count"]),
        "share": number(edge["share"] * 100),
        "range": f"{number(edge['low'] * 100)}–{number(edge['high'] * 100)}",
    }
    wait = edge["wait"]
    if wait["median"] is None:
        return text
    median = _("median %(days)s working days (%(range)s)")
    median %= {"days": days(wait["median"]), "range": _range(wait)}
    return f"{text}; {median}"


def _range(wait: Json) -> str:
    return f"{days(wait['low'])}–{days(wait['high'])}"


def path_of(points: Sequence[Point], *, is_loop: bool = False) -> str:
    """Return the curve through the points of a route, upright at its ends."""
    x, y = points[0]
    if is_loop:
        (x1, y1), (x2, y2), (x3, y3) = points[1:4]
        return f"M{x:g} {y:g}C{x1:g} {y1:g} {x2:g} {y2:g} {x3:g} {y3:g}"
    found = [f"M{x:g} {y:g}"]
    turns = {
        i
        for i in range(1, len(points) - 1)
        if (points[i][1] - points[i - 1][1]) * (points[i + 1][1] - points[i][1]) < 0
    }
    for i, (a, b) in enumerate(pairwise(points)):
        if a[0] == b[0]:
            found.append(f"L{b[0]:g} {b[1]:g}")
            continue
        middle, half = (a[1] + b[1]) / 2, (a[0] + b[0]) / 2
        # Where a way turns back it runs level, everywhere else upright.
        c1 = (half, a[1]) if i in turns else (a[0], b[1] if i + 1 in turns else middle)
        c2 = (half, b[1]) if i + 1 in turns else (b[0], a[1] if i in turns else middle)
        found.append(f"C{c1[0]:g} {c1[1]:g} {c2[0]:g} {c2[1]:g} {b[0]:g} {b[1]:g}")
    return "".join(found)


def _head(points: Sequence[Point], *, is_loop: bool) -> str:
    """Return the arrow head at the end of a route: upright, of a loop level."""
    (x, y), before = points[-1], points[-2]
    back = HEAD * 1.8
    if is_loop:
        return f"M{x:g} {y:g}l{back:g} {-HEAD:g}v{2 * HEAD:g}z"
    back = -back if before[1] < y else back
    return f"M{x:g} {y:g}l{-HEAD:g} {back:g}h{2 * HEAD:g}z"


def lines_of(name: str) -> list[str]:
    """Return a name in one or two lines, cut off with an ellipsis if it is longer."""
    lines = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer) <= LINE_CHARACTERS or not lines[-1]:
            lines[-1] = longer
        elif len(lines) == 1:
            lines.append(word)
        else:
            lines[-1] = longer
    return [_cut(line) for line in lines]


def _cut(line: str) -> str:
    if _width(line) <= LINE_CHARACTERS:
        return line
    while line and _width(line) > LINE_CHARACTERS - 1:
        line = line[:-1]
    return line.rstrip() + "…"


def _width(text: str) -> float:
    """Return about how wide a text is, in usual characters."""
    return sum(
        0.55 if c in NARROW else 1.35 if c.isupper() or c in "mwMW—" else 1.0
        for c in text
    )
