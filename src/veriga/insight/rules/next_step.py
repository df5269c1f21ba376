"""What was done next at this point in other chains, and how often.

"This point": the last activity is of the same kind and side. Nothing causal is said.
Source: docs/insight/chance.md, section 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .gaps import following, gaps_of, happened, is_open, last_row
from .intervals import Estimate, Median, median_of, share
from .log import ActivityLog, Bools, Floats, Ints, Side

REACTION_DAYS = 10.0
MOST_CHAINS = 200
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing that was done next: its kind and side, how often, and what came of it.

    `taken`: share of all who stood at this point. `wait`: working days until it.
    `reaction`: share of them after which the customer acted within 10 wd, of those
    that could be followed so long. `chains`: the newest 200 behind it.
    """

    kind: str
    side: str
    taken: Estimate
    wait: Median
    reaction: Estimate
    n_chains: int
    chains: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "kind": self.kind,
            "side": self.side,
            "taken": self.taken.to_json(),
            "count": round(self.taken.value * self.taken.n),
            "wait": self.wait.to_json(),
            "reaction": self.reaction.to_json(),
            "n_chains": self.n_chains,
            "chains": list(self.chains),
        }


@dataclass(frozen=True, slots=True)
class Point:
    """A point at which chains stand: after an activity of this kind and side.

    Of `n` that came there `waiting` still wait and `ended` went no further; `others`
    are next steps too rare to be told apart.
    """

    kind: str
    side: str
    n: int
    waiting: int
    ended: int
    others: int
    steps: tuple[NextStep, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "kind": self.kind,
            "side": self.side,
            "n": self.n,
            "waiting": self.waiting,
            "ended": self.ended,
            "others": self.others,
            "steps": [step.to_json() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class NextStepReport:
    """The points at which open chains stand, and at which each stands (id, place)."""

    points: tuple[Point, ...]
    chains: tuple[tuple[int, int], ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "points": [point.to_json() for point in self.points],
            "chains": [{"chain": c, "point": p} for c, p in self.chains],
        }


def next_step_report(log: ActivityLog) -> NextStepReport:
    """Return what was done next at the point of every open chain."""
    last = last_row(log)
    chosen = np.flatnonzero(is_open(log) & (last >= 0))
    rows = log.activities
    codes = rows.kind[last[chosen]] * len(Side) + rows.side[last[chosen]]
    standing, place = np.unique(codes, return_inverse=True)
    moves = _Moves.of(log)
    points = tuple(moves.point(log, int(code)) for code in standing)
    ids = log.chains.id[chosen]
    return NextStepReport(
        points, tuple((int(c), int(p)) for c, p in zip(ids, place, strict=True))
    )


@dataclass(frozen=True, slots=True)
class _Moves:
    """Every gap as a move from one point to the next, ordered by where it begins."""

    code: Ints
    to: Ints
    length: Floats
    is_over: Bools
    is_running: Bools
    reacted: Ints  # 1, 0, or -1 for not followed long enough
    chain: Ints
    first: Ints

    @classmethod
    def of(cls, log: ActivityLog) -> _Moves:
        rows = log.activities
        gaps = gaps_of(log)
        code = rows.kind * len(Side) + rows.side
        here = code[gaps.row]
        # The next gap need not begin where this one ends: what begins after the end of
        # a sale is no gap at all.
        happened_in_order = happened(log)
        next_row = np.zeros(len(rows), dtype=np.int64)
        next_row[happened_in_order[:-1]] = happened_in_order[1:]
        to = np.where(gaps.is_over, code[next_row[gaps.row]], -1)
        order = np.argsort(here, kind="stable")
        first = np.searchsorted(
            here[order], np.arange(len(log.kinds) * len(Side) + 1), side="left"
        )
        return cls(
            here[order],
            to[order],
            gaps.length[order],
            gaps.is_over[order],
            gaps.is_running[order],
            _reacted(log, gaps.chain, gaps.begins + gaps.length)[order],
            gaps.chain[order],
            first,
        )

    def point(self, log: ActivityLog, code: int) -> Point:
        """Return what was done next after this code."""
        here = slice(self.first[code], self.first[code + 1])
        to, over = self.to[here], self.is_over[here]
        n, found = len(to), np.bincount(to[over], minlength=1)
        told = np.flatnonzero(found >= ENOUGH)
        steps = [self._step(log, here, int(c), n) for c in told]
        steps.sort(key=lambda step: (-step.taken.value, step.kind, step.side))
        waiting = int(self.is_running[here].sum())
        return Point(
            log.kinds[code // len(Side)].code,
            Side(code % len(Side)).name.lower(),
            n,
            waiting,
            n - int(over.sum()) - waiting,
            int(over.sum() - found[told].sum()),
            tuple(steps),
        )

    def _step(self, log: ActivityLog, here: slice, code: int, n: int) -> NextStep:
        chosen = self.is_over[here] & (self.to[here] == code)
        reacted = self.reacted[here][chosen]
        known = reacted[reacted >= 0]
        chains = np.unique(self.chain[here][chosen])
        newest = np.argsort(-log.chains.began[chains], kind="stable")[:MOST_CHAINS]
        return NextStep(
            log.kinds[code // len(Side)].code,
            Side(code % len(Side)).name.lower(),
            share(int(chosen.sum()), n),
            median_of(self.length[here][chosen]),
            share(int(known.sum()), len(known)),
            len(chains),
            tuple(int(i) for i in log.chains.id[chains[newest]]),
        )


def _reacted(log: ActivityLog, chain: Ints, at: Floats) -> Ints:
    """Tell whether the customer acted within 10 wd after each moment; -1: too new."""
    rows = log.activities
    theirs = happened(log, np.equal(rows.side, Side.IN))
    reply = following(rows.at[theirs], rows.chain[theirs], chain, at)
    came = reply <= at + REACTION_DAYS
    return np.where(came, 1, np.where(at + REACTION_DAYS > log.now, -1, 0))
