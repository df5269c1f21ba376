"""How long the map, its variants, what followed and origins take on a large log.

    python -m benchmarks.process_map [--activities N] [--chains N] [--rounds N]

Drawn by chance, 40 kinds, no database. Prints the median of wall and of processor time.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from veriga.insight.rules.followed import what_followed
from veriga.insight.rules.layout import layout_of
from veriga.insight.rules.log import (
    Activities,
    ActivityKind,
    ActivityLog,
    Chains,
    Links,
)
from veriga.insight.rules.map_filters import MapFilter, variants
from veriga.insight.rules.origins import origins
from veriga.insight.rules.process_map import MapBy, chains_behind, process_map

KINDS = ("quote", *(f"kind_{number}" for number in range(1, 40)))
SHARE_HELD = 0.9
DAYS = 900


def drawn_log(activities: int, chains: int, seed: int = 1) -> ActivityLog:
    """Return a log in which nothing follows from anything."""
    rng = np.random.default_rng(seed)
    sizes = rng.multinomial(activities - chains, np.full(chains, 1 / chains)) + 1
    first = np.concatenate([[0], np.cumsum(sizes)])
    chain = np.repeat(np.arange(chains), sizes)
    planned = rng.uniform(0, DAYS, chains)[chain] + rng.exponential(30, activities)
    planned = planned[np.lexsort((planned, chain))]
    fate = (rng.random(activities) > SHARE_HELD).astype(np.int64)
    at = np.where(fate == 0, planned, np.nan)
    ending = rng.integers(0, 4, chains)
    none = np.zeros(activities, dtype=np.int64)
    follow_up = np.flatnonzero(chain[1:] == chain[:-1]) + 1
    return ActivityLog(
        tuple(ActivityKind(kind) for kind in KINDS),
        ("small", "large"),
        ("fair", "enquiry"),
        Activities(
            id=np.arange(1, activities + 1),
            chain=chain,
            kind=rng.integers(0, len(KINDS), activities),
            side=rng.integers(0, 3, activities),
            fate=fate,
            user=none,
            product=rng.integers(0, 20, activities),
            at=at,
            planned=planned,
            recorded=planned,
            closed=at,
            day=730_000 + planned.astype(np.int64),
        ),
        Chains(
            id=np.arange(1, chains + 1),
            first=first,
            company=np.arange(1, chains + 1),
            team=rng.integers(0, 4, chains),
            account_owner=none[:chains],
            segment=rng.integers(-1, 2, chains),
            origin=first[:-1],
            origin_reason=rng.integers(-1, 2, chains),
            began=planned[first[:-1]],
            ended=np.where(ending > 0, planned[first[1:] - 1], np.nan),
            ending=ending,
        ),
        Links(follow_up, follow_up - 1),
        DAYS + 200.0,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--activities", type=int, default=1_500_000)
    parser.add_argument("--chains", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    log = drawn_log(given.activities, given.chains)
    found = process_map(log)
    only = MapFilter(before=("kind_1", "kind_2"), segment="large")
    steps: dict[str, Callable[[], object]] = {
        "map by order": lambda: process_map(log),
        "map by links": lambda: process_map(log, MapBy.LINKS),
        "map by order, filtered": lambda: process_map(log, only=only),
        "variants": lambda: variants(log),
        "chains behind an edge": lambda: chains_behind(log, "kind_1", "kind_2"),
        "layout of 40 kinds": lambda: layout_of(found),
        "what followed": lambda: what_followed(log),
        "origins": lambda: origins(log),
    }
    print(f"{given.activities:,} activities in {given.chains:,} chains")
    for name, step in steps.items():
        wall, processor = [], []
        for _ in range(given.rounds):
            began, used = time.perf_counter(), time.process_time()
            step()
            wall.append(time.perf_counter() - began)
            processor.append(time.process_time() - used)
        print(
            f"{name:24} {statistics.median(wall):6.2f} s"
            f" {statistics.median(processor):6.2f} s of the processor"
        )


if __name__ == "__main__":
    main()
