"""Shares and waits with their ranges, as a cell of a table says and draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from veriga.web.formats import number


@dataclass(frozen=True, slots=True)
class Told:
    """A figure: its words, its range in words, of how many; and where to draw it.

    `text` "" means that there are too few to say it; `n` is told all the same. `low`,
    `at`, `high` are per cent of the width that the range is drawn in.
    """

    text: str
    range: str
    n: int
    low: float = 0.0
    at: float = 0.0
    high: float = 0.0

    @property
    def is_there(self) -> bool:
        return bool(self.text)

    @property
    def width(self) -> float:
        """Of the drawn range, wide enough to be seen."""
        return max(self.high - self.low, 1.0)


def told_share(share: Mapping[str, Any]) -> Told:
    """Return a share as `38 %`, `32–44 %` of so many."""
    at, low, high = share["share"], share["low"], share["high"]
    n = int(share["n"])
    if at is None:
        return Told("", "", n)
    return Told(
        f"{number(at * 100)} %",
        f"{number(low * 100)}–{number(high * 100)} %",
        n,
        low * 100,
        at * 100,
        high * 100,
    )


def told_wait(wait: Mapping[str, Any]) -> Told:
    """Return a median wait as `4,5`, `3–6`, in working days."""
    median = wait["median"]
    n = int(wait["n"])
    if median is None:
        return Told("", "", n)
    return Told(days(median), f"{days(wait['low'])}–{days(wait['high'])}", n)


def days(value: float) -> str:
    """Return working days, with a decimal while that says something."""
    return number(value, 1 if value < 9.95 else 0)


def times(value: float) -> str:
    """Return a ratio as `2,1`."""
    return number(value, 1 if value < 9.95 else 0)
