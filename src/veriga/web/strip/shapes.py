"""What a drawn chain is made of: coordinates, words and classes, for the template."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 880
AXIS = 58.0
RADIUS = 9.0


@dataclass(frozen=True, slots=True)
class Point:
    """One activity, or `number` of them where they are too many to stand apart.

    `words` are the classes that give it shape and colour.
    """

    x: float
    y: float
    reference: str
    icon: str
    words: str
    tip: str
    number: int = 1


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid; without a label it did not fit."""

    x: float
    label: str
    line: bool = True


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the line between points; `words` are its classes."""

    x1: float
    x2: float
    words: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Where the length of a pause is written."""

    x: float
    label: str
    is_longest: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A named point: the origin, a quote, a closed sale."""

    x: float
    y: float
    anchor: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list beneath the drawing: an activity, the pause after it."""

    text: str
    pause: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Everything the macro `ui.chain_strip` writes."""

    width: int
    height: float
    label: str
    points: list[Point]
    ticks: list[Tick]
    segments: list[Segment]
    pauses: list[Pause]
    names: list[Name]
    now_x: float | None
    now_label: str
    lines: list[Line]
    earlier: str

    axis: float = AXIS
    radius: float = RADIUS
