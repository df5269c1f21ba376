"""Computing every report for everybody who may see one, and storing it.

Reads once, then takes each sight's chains out of what was read. Figures of a new
population are written in pieces, while pages still read the old one; then one short
transaction turns the sights to the new. Source: docs/insight/running.md.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import uuid4

import numpy as np
from django.utils import timezone

from veriga.activities.models import Chain
from veriga.common.transactions import write
from veriga.insight.models import ChainFigures, Point, Population, Result, Sight
from veriga.insight.queries.limits import forget_limits
from veriga.insight.queries.populations import chains_seen, content_hash
from veriga.insight.queries.reading import read_log
from veriga.insight.queries.seeing import shares_of_users, sights_in_use
from veriga.insight.rules.calibration import Terms
from veriga.insight.rules.log import ActivityLog
from veriga.insight.rules.sights import SightSpec

from .claiming import (
    VERSION,
    basis_of_limits,
    claim,
    fingerprint,
    finish,
    is_due,
    keep_claim,
    load_budget,
)
from .keeping import limits_before, may_share
from .learning import learn_if_due
from .reports import Made, make_reports
from .sweeping import forget_all_but

logger = logging.getLogger(__name__)
PIECE: Final = 2_000  # rows of figures to a transaction, so that others may write

Makers = Callable[[ActivityLog, Terms], Iterator[Made]]


@dataclass(slots=True)
class Computed:
    """What one computing did."""

    activities: int = 0
    populations: int = 0
    kept: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0


def compute_if_due(now: datetime) -> Computed | None:
    """Compute if something has changed and nobody else does; None if not."""
    return compute(now) if is_due(now) else None


def compute(
    now: datetime, make: Makers = make_reports, *, afresh: bool = False
) -> Computed | None:
    """Compute every report of every sight in use; None if somebody else does.

    `afresh` does so too for chains of which nothing has changed, and keeps no limits.
    An error in one report is stored in its place and leaves the others.
    """
    by = uuid4().hex
    if not claim(by, timezone.now()):
        return None
    began = time.monotonic()
    # Asked before the reading: what changes in between is seen the next time.
    seen, done = fingerprint(now), ""
    try:
        found = _compute_all(now, make, afresh, lambda: keep_claim(by, timezone.now()))
        if keep_claim(by, timezone.now()) and (error := learn_if_due(now)):
            found.errors.append(error)
        found.seconds = time.monotonic() - began
        done = seen
    finally:
        seconds = time.monotonic() - began
        finish(by, timezone.now(), seconds=seconds, seen=done)
    return found


def _compute_all(
    now: datetime, make: Makers, afresh: bool, still_mine: Callable[[], bool]
) -> Computed:
    reading = read_log(now)
    budget, basis = load_budget(), basis_of_limits()
    shares = shares_of_users()
    found = Computed(activities=len(reading.log.activities))
    by_chains: dict[bytes, list[SightSpec]] = {}
    chains: dict[bytes, np.ndarray[Any, Any]] = {}
    for spec in sights_in_use():
        places = np.flatnonzero(chains_seen(reading, spec, shares))
        name = places.tobytes()
        chains[name] = places
        by_chains.setdefault(name, []).append(spec)
    wanted: dict[str, int] = {}
    # The greatest first: what most people look at is there soonest.
    for name in sorted(by_chains, key=lambda name: -len(name)):
        if not still_mine():
            break
        log = reading.log
        if len(chains[name]) < len(log.chains):
            log = log.part(chains[name])
        keys = [spec.key for spec in by_chains[name]]
        content = content_hash(log, budget, VERSION)
        kept = None if afresh else _find_whole(content, keys)
        if kept is not None:
            population = kept
            found.kept += 1
        else:
            before = None if afresh else limits_before(keys)
            terms = Terms(budget, now, basis, before)
            population = _compute_one(
                log, terms, content, _kept(make, still_mine), found
            )
        _turn(keys, population)
        wanted |= dict.fromkeys(keys, population)
    else:
        forget_all_but(list(wanted))
    return found


def _kept(make: Makers, still_mine: Callable[[], bool]) -> Makers:
    """Return makers that keep the claim while they go on, report by report."""

    def making(log: ActivityLog, terms: Terms) -> Iterator[Made]:
        for made in make(log, terms):
            still_mine()
            yield made

    return making


def _find_whole(content: str, keys: Sequence[str]) -> int | None:
    """Return the population of this content, unless an error is to be tried again.

    Nor if a sight comes to it that had other chains when its limits were made.
    """
    whole = Population.objects.filter(content_hash=content, sights__isnull=False)
    found = whole.exclude(results__error__gt="").values_list("pk", flat=True).first()
    return found if found is not None and may_share(found, keys) else None


def _compute_one(
    log: ActivityLog,
    terms: Terms,
    content: str,
    make: Makers,
    found: Computed,
) -> int:
    """Store all that there is to say of the chains of a log; return its population."""
    began = time.monotonic()
    population = Population.objects.create(
        content_hash=content,
        chains=len(log.chains),
        activities=len(log.activities),
        computed_at=terms.now,
    )
    for made in make(log, terms):
        if made.error:
            found.errors.append(f"{made.kind}: {made.error}")
        _store_result(population, made, len(log.activities), terms.now)
        _store_points(population, made.points)
        _store_figures(population, made.figures)
    seconds = time.monotonic() - began
    Population.objects.filter(pk=population.pk).update(seconds=seconds)
    found.populations += 1
    return population.pk


@write
def _store_result(
    population: Population, made: Made, activities: int, now: datetime
) -> None:
    Result.objects.create(
        population=population,
        kind=made.kind,
        computed_at=now,
        seconds=made.seconds,
        activities=activities,
        payload=made.payload,
        error=made.error[:200],
    )


@write
def _store_points(population: Population, points: Sequence[Point]) -> None:
    for one in points:
        one.population = population
    Point.objects.bulk_create(points)


def _store_figures(population: Population, figures: Iterable[ChainFigures]) -> None:
    left = iter(figures)
    while piece := list(islice(left, PIECE)):
        _store_piece(population, piece)


@write
def _store_piece(population: Population, figures: Sequence[ChainFigures]) -> None:
    there = Chain.objects.filter(pk__in=[one.chain_id for one in figures])
    known = set(there.values_list("pk", flat=True))
    for one in figures:
        one.population = population
    ChainFigures.objects.bulk_create([o for o in figures if o.chain_id in known])


@write
def _turn(keys: Sequence[str], population: int) -> None:
    """Let these sights read the new figures from now on, all at once."""
    for key in keys:
        Sight.objects.update_or_create(key=key, defaults={"population_id": population})
    forget_limits()
