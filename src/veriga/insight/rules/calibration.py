"""Limits of silence kept for a week: made seldom, held against the chains each time.

A limit that moved a little with every computing would let flags come and go though
nothing has happened. Source: docs/insight/stalled.md, section 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .log import ActivityLog
from .stall import Drift, Limit, Limits, drift_of
from .waits import Waits

KEPT_FOR = timedelta(days=7)
MOST_GROWTH = 1.5  # times the activities (or one by so much) that they were made of


@dataclass(frozen=True, slots=True)
class Terms:
    """What a computing is to go by.

    `basis` names whatever makes limits incomparable when it changes; `before` is the
    stored report whose limits may be kept, None to make them anew.
    """

    budget: str
    now: datetime
    basis: str = ""
    before: Mapping[str, Any] | None = None

    @property
    def made_at(self) -> datetime | None:
        """When the limits of before were made, None where there are none to keep."""
        made = (self.before or {}).get("calibrated")
        return datetime.fromisoformat(made["at"]) if made else None


def kept_limits(log: ActivityLog, waits: Waits, terms: Terms) -> Limits | None:
    """Return the limits of before if they still hold, with the drift as it is now.

    None if they are a week old, of another budget or basis, of much less or much more
    than there is by now, or if the last quarter does not keep to them.
    """
    before, made_at = terms.before, terms.made_at
    if before is None or made_at is None or before["code"] != "ok":
        return None
    made = before["calibrated"]
    growth = len(log.activities) / max(made["activities"], 1)
    if (
        before["budget"]["name"] != terms.budget
        or made["basis"] != terms.basis
        or not made_at <= terms.now < made_at + KEPT_FOR
        or not 1 / MOST_GROWTH <= growth <= MOST_GROWTH
    ):
        return None
    drift = drift_of(waits, log.now)
    return None if drift.code == "drifted" else _limits_from(before, log, drift)


def _limits_from(before: Mapping[str, Any], log: ActivityLog, drift: Drift) -> Limits:
    """Return stored limits; those of segments and kinds that are gone are left out."""
    segments = {name: i for i, name in enumerate(log.segments)}
    kinds = {kind.code: i for i, kind in enumerate(log.kinds)}
    return Limits(
        budget=before["budget"]["name"],
        days_per_alarm=before["budget"]["days_per_alarm"],
        common=Limit(**before["limit"]),
        segments=_by_place(before["segments"], segments),
        usual=Limit(**before["usual"]),
        usual_by_kind=_by_place(before["usual_by_kind"], kinds),
        drift=drift,
    )


def _by_place(
    stored: Iterable[Mapping[str, Any]], places: Mapping[str, int]
) -> dict[int, Limit]:
    return {
        places[one["name"]]: Limit(**one) for one in stored if one["name"] in places
    }


def calibrated(log: ActivityLog, terms: Terms, *, is_kept: bool) -> dict[str, Any]:
    """Return when the limits of a report were made and of how many activities."""
    if is_kept and terms.before is not None:
        return dict(terms.before["calibrated"])
    return {
        "at": terms.now.isoformat(),
        "activities": len(log.activities),
        "basis": terms.basis,
    }
