"""Activity logs with a planted truth: what the figures of insight are tested against.

`simulate(seed, 400, "full")` runs the world of simulated_world.py and returns what the
firm's records would hold of it, and the truth. The scenarios are those of SCENARIOS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veriga.insight.rules.log import (
    Activities,
    ActivityKind,
    ActivityLog,
    Chains,
    Ending,
    Fate,
    Links,
    Side,
)

from .simulated_world import (
    KINDS,
    MONTHS,
    NOTE,
    NOW,
    RATIOS,
    SCENARIOS,
    World,
)

__all__ = ["KINDS", "NOW", "RATIOS", "SCENARIOS", "Simulated", "Truth", "simulate"]

SEGMENTS = ("A", "B", "C")
REASONS = ("fair", "referral", "web")


@dataclass(frozen=True)
class Truth:
    """What was planted: the ratios by kind, and one value for each chain.

    `speed` is 0 slow, 1 middling, 2 fast; `warmth` the multiplier of the customer's
    rate; `died_at` and `stalled_at` in working days, NaN where it did not happen.
    """

    ratios: dict[str, float]
    speed: np.ndarray
    warmth: np.ndarray
    died_at: np.ndarray
    stalled_at: np.ndarray


@dataclass(frozen=True)
class Simulated:
    """A log and the truth behind it."""

    log: ActivityLog
    truth: Truth


def simulate(
    seed: int,
    chains: int = 400,
    scenario: str = "full",
    *,
    ratios: dict[str, float] | None = None,
    reactions: float | None = None,
) -> Simulated:
    """Return so many chains of a scenario; `ratios`, `reactions` replace its own."""
    setting = SCENARIOS[scenario]
    planted = dict(RATIOS) if setting.effects else dict.fromkeys(RATIOS, 1.0)
    planted.update(ratios or {})
    rng = np.random.default_rng(seed)
    world = World(rng, chains, setting, planted, reactions or setting.reactions)
    world.run()
    return Simulated(
        _as_log(rng, world),
        Truth(planted, world.speed, world.warmth, world.died_at, world.stalled_at),
    )


def _as_log(rng: np.random.Generator, world: World) -> ActivityLog:
    """Return what the firm's records would hold of this world."""
    who, age, kind, side, fate, recorded = _records(rng, world)
    at = world.began[who] + age
    recorded = world.began[who] + recorded
    if world.setting.untidy:
        late = (rng.random(len(who)) < 0.04) & (age > 0) & (fate == Fate.HELD)
        told = np.maximum(at - rng.uniform(0, 2, len(who)), world.began[who])
        at = np.where(late, told, at)
        recorded = np.where(late, at + rng.uniform(3.5, 20, len(who)), recorded)
    order = np.lexsort((recorded, at, who))
    who, kind, side, fate = who[order], kind[order], side[order], fate[order]
    at, recorded = at[order], np.minimum(recorded[order], NOW)
    rows = len(who)
    held = fate == Fate.HELD
    whole = np.floor(at).astype(np.int64)
    activities = Activities(
        id=np.arange(1, rows + 1),
        chain=who,
        kind=kind,
        side=side,
        fate=fate,
        user=1 + who % 7,
        product=1 + rng.integers(0, 9, rows),
        at=np.where(held, at, np.nan),
        planned=at,
        recorded=recorded,
        closed=np.where(fate == Fate.COMING, np.nan, np.maximum(at, recorded)),
        day=1 + whole // 5 * 7 + whole % 5,
    )
    first = np.concatenate([[0], np.cumsum(np.bincount(who, minlength=world.n))])
    return ActivityLog(
        kinds=tuple(ActivityKind(code) for code in KINDS),
        segments=SEGMENTS,
        reasons=REASONS,
        activities=activities,
        chains=_chains(rng, world, first),
        links=_links(rng, who, first),
        now=NOW,
        months=MONTHS,
    )


def _records(rng: np.random.Generator, world: World) -> tuple[np.ndarray, ...]:
    """Return all that was noted, and our inner notes and open appointments too."""
    noted = [np.concatenate(column) for column in zip(*world.rows, strict=True)]
    marked = np.flatnonzero(rng.random(len(noted[0])) < 0.05)
    who, age = noted[0][marked], noted[1][marked] + rng.uniform(0, 1, len(marked))
    inside = age < world.length[who]
    open_ones = np.flatnonzero(np.isfinite(world.agreed) & ~world.cut & ~world.won)
    extra = [
        (who[inside], age[inside], NOTE, Side.INTERNAL, Fate.HELD, age[inside]),
        (
            open_ones,
            world.agreed[open_ones],
            world.agreed_kind[open_ones],
            Side.OUT,
            Fate.COMING,
            world.agreed_on[open_ones],
        ),
    ]
    return tuple(
        np.concatenate([noted[i], *(np.broadcast_to(e[i], len(e[0])) for e in extra)])
        for i in range(6)
    )


def _chains(rng: np.random.Generator, world: World, first: np.ndarray) -> Chains:
    n = world.n
    ending = np.where(world.cut, Ending.LOST, Ending.OPEN)
    ended = np.where(world.cut, world.began + world.length, np.nan)
    noticed = world.died_at + rng.uniform(10, 60, n)
    given_up = (rng.random(n) < 0.4) & (noticed < NOW)
    given_up &= ~(noticed > ended)
    ending = np.where(given_up, Ending.GIVEN_UP, ending)
    ended = np.where(given_up, noticed, ended)
    ending = np.where(world.won, Ending.WON, ending)
    ended = np.where(world.won, world.began + world.length, ended)
    company = 1 + np.arange(n) - (rng.random(n) < 0.1)
    return Chains(
        id=np.arange(1, n + 1),
        first=first,
        company=np.maximum(company, 1),
        team=1 + np.arange(n) % 4,
        account_owner=1 + np.arange(n) % 7,
        segment=np.where(rng.random(n) < 0.7, world.speed, rng.integers(0, 3, n)),
        origin=first[:-1],
        origin_reason=rng.integers(-1, len(REASONS), n),
        began=world.began,
        ended=ended,
        ending=ending,
    )


def _links(rng: np.random.Generator, who: np.ndarray, first: np.ndarray) -> Links:
    """Every activity follows the one before it, now and then an earlier one."""
    rows = np.arange(len(who))
    place = rows - first[who]
    follow_up = rows[place > 0]
    back = np.where(rng.random(len(follow_up)) < 0.2, 2, 1)
    return Links(follow_up, follow_up - np.minimum(back, place[follow_up]))
