"""Small activity logs made by hand."""

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

OUT, IN = Side.OUT, Side.IN


@dataclass(frozen=True)
class Row:
    """One activity: its kind, who acted, and when, in working days."""

    kind: str
    side: Side
    at: float
    recorded: float | None = None
    fate: Fate = Fate.HELD
    closed: float | None = None


def log_of(
    chains: list[list[Row]],
    *,
    now: float = 1_000.0,
    began: list[float] | None = None,
    ended: list[float] | None = None,
    company: list[int] | None = None,
) -> ActivityLog:
    """Return the log of these chains; each begins with its first activity."""
    rows = [
        (chain, row)
        for chain, listed in enumerate(chains)
        for row in sorted(listed, key=lambda row: row.at)
    ]
    names = sorted({row.kind for _, row in rows})
    n, count = len(rows), len(chains)
    first = np.concatenate([[0], np.cumsum([len(c) for c in chains])]).astype(np.int64)

    def column(value, kind=float):
        return np.array([value(row) for _, row in rows], dtype=kind)

    at = column(lambda row: row.at)
    starts = [min((r.at for r in c), default=now) for c in chains]
    return ActivityLog(
        kinds=tuple(ActivityKind(name) for name in names),
        segments=(),
        reasons=(),
        activities=Activities(
            id=np.arange(1, n + 1),
            chain=np.array([chain for chain, _ in rows], dtype=np.int64),
            kind=column(lambda row: names.index(row.kind), np.int64),
            side=column(lambda row: row.side, np.int64),
            fate=column(lambda row: row.fate, np.int64),
            user=np.zeros(n, dtype=np.int64),
            product=np.zeros(n, dtype=np.int64),
            at=column(lambda row: row.at if row.fate == Fate.HELD else np.nan),
            planned=at,
            recorded=column(lambda r: r.at if r.recorded is None else r.recorded),
            closed=column(lambda r: np.nan if r.closed is None else r.closed),
            day=np.floor(at).astype(np.int64),
        ),
        chains=Chains(
            id=np.arange(1, count + 1),
            first=first,
            company=np.array(company or range(1, count + 1), dtype=np.int64),
            team=np.zeros(count, dtype=np.int64),
            account_owner=np.zeros(count, dtype=np.int64),
            segment=np.full(count, -1),
            origin=first[:-1],
            origin_reason=np.full(count, -1),
            began=np.array(began or starts, dtype=float),
            ended=np.array(ended or [np.nan] * count, dtype=float),
            ending=np.full(count, Ending.OPEN),
        ),
        links=Links(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)),
        now=now,
    )
