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
from veriga.insight.models import Result, Sight
from veriga.insight.queries.results import get_result
from veriga.insight.rules.sights import sight_of_actor
from veriga.insight.rules.words import ReportKind

KEEP_S: Final = 10.0  # figures change every few minutes, and the desk asks all the time
KEEP_ALL_S: Final = 300.0


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
_kept_of_all: Kept[Mapping[str, StallLimits]] = Kept(KEEP_ALL_S)


def find_limits(actor: Actor) -> StallLimits | None:
    """Return the limits that the actor's figures carry; one statement in ten seconds.

    None while they carry none.
    """
    key = sight_of_actor(actor).key
    return _kept.get(key, lambda: _read(actor))


def limits_by_sight() -> Mapping[str, StallLimits]:
    """Return the limits of every sight that carries some, by its key (rules.sights).

    Two statements in five minutes: the worker looks for what has become silent all the
    time, and limits are kept for a week.
    """
    return _kept_of_all.get("", _read_all)


def forget_limits() -> None:
    """Let this process read the limits anew; whoever stores them calls it."""
    _kept.forget()
    _kept_of_all.forget()


def _read(actor: Actor) -> StallLimits | None:
    return _limits(get_result(actor, ReportKind.STALLED).payload or {})


def _read_all() -> dict[str, StallLimits]:
    reports = Result.objects.filter(kind=ReportKind.STALLED, payload__isnull=False)
    carried = {
        population: limits
        for population, payload in reports.values_list("population_id", "payload")
        if (limits := _limits(payload or {})) is not None
    }
    sights = Sight.objects.filter(population_id__in=carried)
    return {
        key: carried[population]
        for key, population in sights.values_list("key", "population_id")
    }


def _limits(payload: Mapping[str, Any]) -> StallLimits | None:
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
