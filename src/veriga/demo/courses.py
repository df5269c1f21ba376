"""What a simulated chain is made of, and the rate at which its customer reacts.

Plain Python, in working days. Described in docs/insight/demo.md.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

from .truth import (
    BASE_RATE,
    COLDEST,
    EFFECTS,
    WARMEST,
    WARMTH_SPREAD,
    WINDOW_DAYS,
    Origin,
    quiet,
)


class Fate(StrEnum):
    """What became of a step."""

    HELD = "held"
    COMING = "coming"
    CANCELLED = "cancelled"
    NOT_REACHED = "not_reached"


@dataclass(slots=True)
class Step:
    """One activity to be: what, and when in working days (`agreed`: written down)."""

    phase: str
    kind: str
    type: str
    direction: str
    at: float
    agreed: float
    sale: int = 0
    closes: str = ""
    fate: Fate = Fate.HELD

    @property
    def code(self) -> str:
        """Return the kind as insight names it."""
        if self.kind == "product_record":
            return f"product_record:{self.type}"
        return self.type if self.kind == "event" else self.kind


@dataclass(slots=True)
class Course:
    """A chain from its beginning to `until`, and what only a simulation knows.

    `over`: from when on no reaction could come any more, inf while it could.
    """

    began: float
    until: float
    warmth: float
    origin: Origin
    steps: list[Step] = field(default_factory=list)
    over: float = inf
    ending: str = ""

    @property
    def is_open(self) -> bool:
        return not self.ending


@dataclass(frozen=True, slots=True)
class Seller:
    """How a seller works: how much of their own accord, and how much by visits."""

    pace: float = 1.0
    visits: float = 1.0


def some_warmth(rng: random.Random) -> float:
    """Return how warm a customer is."""
    return min(max(rng.lognormvariate(0.0, WARMTH_SPREAD), COLDEST), WARMEST)


def reaction_rate(
    warmth: float, silence_days: float, last: Mapping[str, float], now: float
) -> float:
    """Return the planted rate of reactions per working day.

    `last` has the time of the last carried-out action of each kind.
    """
    rate = BASE_RATE * warmth * quiet(silence_days)
    for code, at in last.items():
        if at < now <= at + WINDOW_DAYS:
            rate *= EFFECTS[code]
    return rate
