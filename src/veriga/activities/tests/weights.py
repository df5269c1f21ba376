"""Learnt weights for the tests of every room, as insight would store them."""

from __future__ import annotations

from typing import Any

from veriga.access.tests.factories import NOW
from veriga.activities.models import LinkWeights
from veriga.activities.queries.suggestions import forget_weights
from veriga.activities.rules.likeness import FEATURES


def _share(value: float, low: float, high: float) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "n": 120, "level": 0.95}


REPORT = {
    "code": "ok",
    "n_links": 600,
    "since": "2026-11-20T08:00:00+00:00",
    "first_link": "2026-01-02T08:00:00+00:00",
    "last_link": "2026-11-19T08:00:00+00:00",
    "first": _share(0.91, 0.84, 0.95),
    "among_three": _share(0.98, 0.94, 1.0),
    "fixed_first": _share(0.61, 0.52, 0.69),
    "fixed_among_three": _share(0.95, 0.9, 0.98),
    "sure": _share(0.96, 0.9, 0.98),
    "sure_share": _share(0.85, 0.77, 0.9),
    "seconds": 1.5,
}


def store_weights(**given: float) -> None:
    """Let suggestions be ordered by these weights, the others 0."""
    weights = dict.fromkeys(FEATURES, 0.0) | {"new_chain": -9.0} | given
    values = {
        "learnt_at": NOW,
        "newest_link": 0,
        "weights": {"weights": weights, "pairs": []},
        "report": REPORT,
    }
    LinkWeights.objects.update_or_create(pk=1, defaults=values)
    forget_weights()
