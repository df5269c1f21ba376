"""The limits of silence that the data carry, as lists and the desk flag by them.

Those of the figures that the actor may read, and none where the report refuses: too few
waits, or a last quarter that did not keep to the limit. No NumPy, as in results.py.
Source: docs/insight/stalled.md, section 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from veriga.access.rules import Actor
from veriga.common.kept import Kept
from veriga.insight.queries.results import get_result
from veriga.insight.rules.sights import sight_of_actor
from veriga.insight.rules.words import ReportKind

KEEP_S: Final = 10.0  # figures change every few minutes, and the desk asks all the time


@dataclass(frozen=True, slots=True)
class StallLimit:
    """A limit in working days, and the waits and chains that it is made of."""

    days: float
    waits: int
    chains: int


@dataclass(frozen=True, slots=True)
class StallLimits:
    """All limits of an actor; a segment without one of its own has the common one."""

    common: StallLimit
    days_per_alarm: float
    by_segment: Mapping[str, StallLimit] = field(default_factory=dict)

    def of(self, segment: str) -> StallLimit:
        """Return the limit of chains of companies of this segment."""
        return self.by_segment.get(segment, self.common)


_kept: Kept[StallLimits | None] = Kept(KEEP_S)


def find_limits(actor: Actor) -> StallLimits | None:
    """Return the limits that the actor's figures carry; one statement in ten seconds.

    None while they carry none.
    """
    key = sight_of_actor(actor).key
    return _kept.get(key, lambda: _read(actor))


def forget_limits() -> None:
    """Let this process read the limits anew; whoever stores them calls it."""
    _kept.forget()


def _read(actor: Actor) -> StallLimits | None:
    payload = get_result(actor, ReportKind.STALLED).payload or {}
    common = _limit(payload.get("limit") or {})
    if payload.get("code") != "ok" or common is None:
        return None
    segments = {
        one["name"]: limit
        for one in payload["segments"]
        if (limit := _limit(one)) is not None
    }
    return StallLimits(common, payload["budget"]["days_per_alarm"], segments)


def _limit(found: Mapping[str, Any]) -> StallLimit | None:
    if found.get("value") is None:
        return None
    return StallLimit(float(found["value"]), found["n"], found["n_chains"])
