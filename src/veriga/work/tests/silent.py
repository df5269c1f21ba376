"""Silent chains, and limits of silence that the data carry, for tests."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from veriga.access.queries import actor_of
from veriga.access.tests.factories import NOW
from veriga.activities.queries.narrowing import RunningFilters
from veriga.activities.queries.running import count_running, list_running
from veriga.activities.services import finish_activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.insight.rules import stalled
from veriga.insight.rules.stall import Drift, Limit, fit_limits
from veriga.insight.rules.stall import Limits as Fitted
from veriga.insight.services.computing import compute
from veriga.parties.tests.factories import make_company
from veriga.work.queries.silence import Limits, silence_of

LATER = NOW + timedelta(days=3)


def carried(
    monkeypatch: pytest.MonkeyPatch,
    days: float,
    code: str = "ok",
    segments: dict[str, float] | None = None,
) -> None:
    """Have insight find these limits, whatever the waits say; and compute."""

    def limit(value: float, name: str) -> Limit:
        return Limit(name, value, value - 1, value + 1, 4_812, 812, 0.04, 24)

    def fitted(log: Any, waits: Any, budget: str = "usual") -> Fitted:
        found = fit_limits(log, waits, budget)
        return replace(
            found,
            common=limit(days, "all"),
            segments={
                log.segments.index(name): limit(value, name)
                for name, value in (segments or {}).items()
            },
            drift=Drift(code, found.drift.over, 0.05),
        )

    monkeypatch.setattr(stalled, "fit_limits", fitted)
    compute(LATER, afresh=True)


def chain(user: Any, company: Any, *ago: float, **last: Any) -> str:
    """Return the origin of a chain of events so many days ago."""
    first = make_activity(user, company, days_ago=ago[0], now=NOW)
    for days in ago[1:]:
        make_activity(
            user, company, days_ago=days, now=NOW, follows=first.reference, **last
        )
    return first.reference


def flagged(user: Any, limits: Limits) -> set[str]:
    """Return what is flagged; the filter and the count must say the same."""
    actor, filters = actor_of(user), RunningFilters()
    rows = list_running(actor, filters, now=limits.now, limit=200).rows
    found = {r.origin_reference for r in rows if silence_of(r, limits).is_beyond}
    narrowed = limits.beyond(filters)
    page = list_running(actor, narrowed, now=limits.now, limit=200)
    assert {row.origin_reference for row in page.rows} == found
    assert count_running(actor, narrowed, now=limits.now) == len(found)
    return found


def chains_of_any_shape(user: Any, number: int, seed: int = 7) -> None:
    """Make chains of events, tasks, appointments ahead and missed ones."""
    rng = random.Random(seed)
    for one in range(number):
        company = make_company(owner=user, abc=("A", "B", "")[one % 3])
        ago = sorted((rng.uniform(3, 60) for _ in range(3)), reverse=True)
        first = chain(user, company, *ago)
        if one % 4 == 0:  # an appointment agreed on, ahead or missed meanwhile
            agreed = NOW - timedelta(days=ago[-1] - 1)
            starts = NOW + timedelta(days=rng.uniform(-20, 20))
            make_activity(user, company, now=agreed, starts_at=max(starts, agreed),
                          follows=first)  # fmt: skip
        elif one % 4 == 1:
            task = make_activity(user, company, "task", follows=first, done_at=None)
            when = NOW - timedelta(days=rng.uniform(0, 2))
            if one % 8 == 1:
                finish_activity(context=acting(user, when), reference=task.reference)
