"""Logs written by hand, row by row, for tests that know every figure."""

from __future__ import annotations

from dataclasses import replace

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

OUT, IN, INTERNAL = Side.OUT, Side.IN, Side.INTERNAL


def log_of(
    *chains: list[tuple],
    now: float = 1_000.0,
    ended: dict[int, tuple[float, Ending]] | None = None,
    segments: tuple[str, ...] = ("A",),
    segment: list[int] | None = None,
    company: list[int] | None = None,
) -> ActivityLog:
    """Return a log of these chains, each a list of (at, kind, side[, more]).

    `more` may hold `recorded`, `fate`, `planned`, `closed`. Chains begin at their first
    row and have ids from 1; `ended` says which are closed, when and how.
    """
    rows = [(c, *row) for c, chain in enumerate(chains) for row in chain]
    rows = [(*row, {}) if len(row) == 4 else row for row in rows]
    codes = sorted({row[2] for row in rows})
    at = np.array([row[1] for row in rows], dtype=float)
    fate = np.array([row[4].get("fate", Fate.HELD) for row in rows], dtype=np.int64)
    held = fate == Fate.HELD
    n, c = len(rows), len(chains)
    chain = np.array([row[0] for row in rows], dtype=np.int64)
    first = np.searchsorted(chain, np.arange(c + 1))
    nothing = np.zeros(n, dtype=np.int64)
    activities = Activities(
        id=np.arange(1, n + 1),
        chain=chain,
        kind=np.array([codes.index(row[2]) for row in rows], dtype=np.int64),
        side=np.array([row[3] for row in rows], dtype=np.int64),
        fate=fate,
        user=nothing,
        product=nothing,
        at=np.where(held, at, np.nan),
        planned=np.array([row[4].get("planned", row[1]) for row in rows], dtype=float),
        recorded=np.array([row[4].get("recorded", row[1]) for row in rows], float),
        closed=np.array([row[4].get("closed", np.nan) for row in rows], dtype=float),
        day=np.floor(at).astype(np.int64),
    )
    endings = ended or {}
    return ActivityLog(
        kinds=tuple(ActivityKind(code) for code in codes),
        segments=segments,
        reasons=(),
        activities=activities,
        chains=Chains(
            id=np.arange(1, c + 1),
            first=first.astype(np.int64),
            company=np.array(company or range(1, c + 1), dtype=np.int64),
            team=np.zeros(c, dtype=np.int64),
            account_owner=np.zeros(c, dtype=np.int64),
            segment=np.array(segment or [0] * c, dtype=np.int64),
            origin=first[:-1].astype(np.int64),
            origin_reason=np.full(c, -1, dtype=np.int64),
            began=np.array([at[first[i]] for i in range(c)], dtype=float),
            ended=np.array([endings.get(i, (np.nan,))[0] for i in range(c)], float),
            ending=np.array(
                [endings[i][1] if i in endings else Ending.OPEN for i in range(c)],
                dtype=np.int64,
            ),
        ),
        links=Links(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)),
        now=now,
    )


def moved(log: ActivityLog, days: float) -> ActivityLog:
    """Return the same log so many working days later; whole weeks move dates too."""
    rows, chains = log.activities, log.chains
    shifted = {
        name: getattr(rows, name) + days
        for name in ("at", "planned", "recorded", "closed")
    }
    return replace(
        log,
        activities=replace(rows, **shifted, day=rows.day + round(days / 5 * 7)),
        chains=replace(chains, began=chains.began + days, ended=chains.ended + days),
        now=log.now + days,
    )


def quickened(log: ActivityLog, factor: float) -> ActivityLog:
    """Return the same log with all times `factor` as far from now.

    What was backfilled stays so.
    """
    rows, chains = log.activities, log.chains

    def near(times: np.ndarray) -> np.ndarray:
        return log.now + (times - log.now) * factor

    late = np.where(rows.is_backfilled, near(rows.at) + 3.1, -np.inf)
    return replace(
        log,
        activities=replace(
            rows,
            at=near(rows.at),
            planned=near(rows.planned),
            recorded=np.maximum(near(rows.recorded), late),
            closed=near(rows.closed),
        ),
        chains=replace(chains, began=near(chains.began), ended=near(chains.ended)),
    )
