"""Whose limits of silence may be kept from one computing to the next.

Figures are made of just the chains that a sight has; limits that are kept are of the
chains that it had up to a week ago. So they go from a population to the next only where
all its sights read the same one before: nobody gets limits of chains that they never
saw. Source: docs/insight/stalled.md, section 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from veriga.insight.models import Population, Result, Sight
from veriga.insight.rules.words import ReportKind


def limits_before(keys: Sequence[str]) -> Mapping[str, Any] | None:
    """Return the stalled report that all these sights read by now, None without one."""
    of_sights = Sight.objects.filter(key__in=keys)
    read = dict(of_sights.values_list("key", "population_id"))
    if len(read) < len(keys) or len(set(read.values())) != 1:
        return None
    return _stalled_of(read[keys[0]])


def may_share(population_id: int, keys: Sequence[str]) -> bool:
    """Tell whether these sights may read a population that is there already.

    Not a sight that is new to it, unless its limits were made of these very chains.
    """
    population = Population.objects.get(pk=population_id)
    read = set(population.sights.values_list("key", flat=True))
    made = (_stalled_of(population_id) or {}).get("calibrated")
    if made is None or datetime.fromisoformat(made["at"]) == population.computed_at:
        return True
    return read >= set(keys)


def _stalled_of(population_id: int) -> Mapping[str, Any] | None:
    rows = Result.objects.filter(population_id=population_id, kind=ReportKind.STALLED)
    return rows.values_list("payload", flat=True).first()
