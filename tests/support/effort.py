"""How big the tests are: VERIGA_EFFORT is `ci` (default, minutes) or `full`."""

from __future__ import annotations

import os
from typing import Literal, TypeVar

T = TypeVar("T")


def effort() -> Literal["ci", "full"]:
    """Return the size asked for."""
    value = os.environ.get("VERIGA_EFFORT") or "ci"
    if value not in {"ci", "full"}:
        raise ValueError(f"VERIGA_EFFORT must be ci or full, not {value!r}")
    return "full" if value == "full" else "ci"


def sized(ci: T, full: T) -> T:
    """Return the figure for the size asked for: `sized(ci=200, full=5_000)`."""
    return full if effort() == "full" else ci
