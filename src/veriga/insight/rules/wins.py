"""What goes together with winning: association by kind, never a cause.

A chain is won once, so it cannot be compared with itself; warm customers get more of
everything. Source: docs/insight/chance.md, section 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from .gaps import happened, moment_key
from .intervals import Estimate, plain
from .landmark import (
    RECENT,
    Landmarks,
    design_of,
    features,
    landmarks_of,
    won_within,
)
from .log import ActivityLog, Bools, Floats, Ints, Side
from .logistic import fit_logistic
from .trigger_estimates import benjamini_hochberg

AHEAD, EVERY = 60.0, 10.0
ENOUGH_WINS, ENOUGH_CHAINS, ENOUGH_BESIDE = 30, 100, 20
FALSE_SHARE = 0.05
MOST_IDS = 200


@dataclass(frozen=True, slots=True)
class TogetherWith:
    """How much likelier a win is in the 60 wd after an activity of this kind.

    `odds_ratio` with its range and the chains behind it (the fewer of those that had
    the kind and those that were without it); `wins` that came
    within 60 wd of one. `verdict`: "more_wins", "fewer_wins", "not_known", "too_few".
    `chains` had the kind at some landmark, `chain_ids` are the newest 200 of them.
    """

    kind: str
    odds_ratio: Estimate | None
    wins: int
    p: float | None
    verdict: str
    chains: int = 0
    chain_ids: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "kind": self.kind,
            "odds_ratio": self.odds_ratio.to_json() if self.odds_ratio else None,
            "wins": self.wins,
            "p": None if self.p is None else plain(self.p, 6),
            "verdict": self.verdict,
            "chains": self.chains,
            "chain_ids": list(self.chain_ids),
        }


@dataclass(frozen=True, slots=True)
class WinReport:
    """What goes together with wins; `code` "ok" or "too_few".

    In JSON beside it how many wins and chains it takes, how long ahead a win is looked
    for (`within`) and how long back an activity (`recent`), in working days.
    """

    code: str
    n_chains: int
    n_wins: int
    kinds: tuple[TogetherWith, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "code": self.code,
            "label": "goes together with",
            "within": AHEAD,
            "recent": RECENT,
            "needed": {"wins": ENOUGH_WINS, "chains": ENOUGH_CHAINS},
            "needed_of_kind": ENOUGH_BESIDE,
            "n_chains": self.n_chains,
            "n_wins": self.n_wins,
            "kinds": [kind.to_json() for kind in self.kinds],
        }


def win_report(log: ActivityLog) -> WinReport:
    """Return what goes together with a win in 60 wd, for each kind of our acts."""
    marks = landmarks_of(log, every=EVERY, ahead=AHEAD)
    outcome = won_within(log, marks, AHEAD)
    n_chains = len(np.unique(marks.chain))
    n_wins = len(np.unique(marks.chain[outcome]))
    if n_wins < ENOUGH_WINS or n_chains < ENOUGH_CHAINS:
        return WinReport("too_few", n_chains, n_wins, ())
    design = design_of(log, marks)
    columns = features(log, marks, design, training=True)
    # The last kind would tell of the same activities a second time.
    columns = columns[:, [not name.startswith("after:") for name in design.names]]
    kinds = our_kinds(log)
    had = np.column_stack([had_recently(log, marks, int(k)) for k in kinds])
    counts = [_counted(log, marks, column, outcome) for column in had.T]
    told = [k for k, one in enumerate(counts) if one.is_told]
    model = fit_logistic(np.hstack([columns, had[:, told]]), outcome, marks.chain)
    error = np.sqrt(np.diag(model.covariance()))
    offset = 1 + columns.shape[1]
    scale = model.scale[columns.shape[1] :]
    beta, error = model.beta[offset:] / scale, error[offset:] / scale
    return WinReport(
        "ok", n_chains, n_wins, _lines(log, kinds, counts, told, beta, error)
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """What there is of a kind: chains with it, those that can be compared, wins."""

    chains: int
    beside: int
    wins: int
    newest: tuple[int, ...]

    @property
    def is_told(self) -> bool:
        return min(self.beside, self.wins) >= ENOUGH_BESIDE


def _counted(
    log: ActivityLog, marks: Landmarks, column: Bools, outcome: Bools
) -> _Counted:
    """Return what there is of a kind.

    `beside` is of how many chains there are landmarks with and without it, the smaller
    number: where all had it, or nearly none, nothing can be compared.
    """
    had = np.unique(marks.chain[column])
    order = np.argsort(-log.chains.began[had], kind="stable")[:MOST_IDS]
    return _Counted(
        chains=len(had),
        beside=min(len(had), len(np.unique(marks.chain[~column]))),
        wins=len(np.unique(marks.chain[column & outcome])),
        newest=tuple(log.chains.id[had[order]].tolist()),
    )


def our_kinds(log: ActivityLog) -> Ints:
    """Return the kinds that we carry out ourselves, towards the customer."""
    rows = log.activities
    ours = rows.kind[happened(log, np.equal(rows.side, Side.OUT))]
    return np.unique(ours)


def had_recently(log: ActivityLog, marks: Landmarks, kind: int) -> Bools:
    """Tell whether we carried out this kind in the 20 wd before each landmark."""
    rows = log.activities
    chosen = np.equal(rows.kind, kind) & np.equal(rows.side, Side.OUT)
    row = happened(log, chosen & ~rows.is_backfilled)
    last = np.full(len(marks), -np.inf)
    if len(row):
        key = moment_key(rows.chain[row], rows.at[row])
        place = np.searchsorted(key, moment_key(marks.chain, marks.at), "right") - 1
        inside = np.maximum(place, 0)
        known = (place >= 0) & (rows.chain[row[inside]] == marks.chain)
        last = np.where(known, rows.at[row[inside]], -np.inf)
    recently: Bools = last > marks.at - RECENT
    return recently


def _ratio(beta: float, half: float, n: int) -> Estimate:
    low, value, high = np.exp([beta - half, beta, beta + half]).tolist()
    return Estimate(value, low, high, n)


def _lines(
    log: ActivityLog,
    kinds: Ints,
    counts: list[_Counted],
    told: list[int],
    beta: Floats,
    error: Floats,
) -> tuple[TogetherWith, ...]:
    p = 2 * stats.norm.sf(np.abs(beta / error))
    is_told = benjamini_hochberg(p) < FALSE_SHARE
    lines = []
    for k, (kind, one) in enumerate(zip(kinds, counts, strict=True)):
        code, behind = log.kinds[kind].code, (one.chains, one.newest)
        if k not in told:
            few = TogetherWith(code, None, one.wins, None, "too_few", *behind)
            lines.append(few)
            continue
        j = told.index(k)
        ratio = _ratio(beta[j], 1.96 * error[j], one.beside)
        sign = "more_wins" if beta[j] > 0 else "fewer_wins"
        verdict = sign if is_told[j] else "not_known"
        line = TogetherWith(code, ratio, one.wins, float(p[j]), verdict, *behind)
        lines.append(line)
    return tuple(lines)
