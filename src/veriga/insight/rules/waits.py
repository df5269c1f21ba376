"""Waits in which a flag of stalling could be raised: gaps without what was agreed.

An appointment ahead is no stall: a wait ends when something happens or is agreed on,
and begins again when the date has passed. Limits are made from the same waits that
they are held against. Source: docs/insight/stalled.md, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .gaps import Gaps, agreed_span, gaps_of, moment_key
from .log import ActivityLog, Bools, Floats, Ints

FOLLOW_UP = 60.0  # working days


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits, a row for each gap, ordered by chain and time.

    Columns as in Gaps. `lived`: working days of the whole gap, agreed ones included;
    `went_on`: whether the gap ended by an activity; `is_sound`: no end was backfilled;
    `agreed_until`: the last date agreed on ahead of a running wait, NaN without one.
    """

    row: Ints
    chain: Ints
    begins: Floats
    length: Floats
    is_over: Bools
    is_running: Bools
    lived: Floats
    went_on: Bools
    is_sound: Bools
    agreed_until: Floats

    def __len__(self) -> int:
        return len(self.row)


def waits_of(log: ActivityLog, gaps: Gaps | None = None) -> Waits:
    """Return every gap, cut to the time in which nothing was agreed."""
    gaps = gaps_of(log) if gaps is None else gaps
    covered, first_agreed, latest = _agreed(log, gaps)
    stops = gaps.begins + gaps.length
    agreed = ~gaps.is_running & (first_agreed < stops)
    ends = np.where(agreed, first_agreed, stops)
    # What was agreed inside a running wait is ahead of it, or has passed in vain.
    covered = np.where(gaps.is_running, np.maximum(covered, latest), covered)
    begins = np.maximum(gaps.begins, covered)
    # Nothing was waited for where all of the gap had been agreed on before.
    is_wait = (ends > begins) | (covered <= gaps.begins)
    return Waits(
        gaps.row,
        gaps.chain,
        begins,
        np.maximum(ends - begins, 0.0),
        (gaps.is_over | agreed) & is_wait,
        gaps.is_running,
        gaps.length,
        gaps.is_over,
        _is_sound(log, gaps),
        np.where(gaps.is_running & (covered > log.now), covered, np.nan),
    )


def _agreed(log: ActivityLog, gaps: Gaps) -> tuple[Floats, Floats, Floats]:
    """Return of each gap until when it was agreed at its begin, the first agreement
    made inside it (infinity without one), and the last date agreed on in its chain."""
    covered, latest = np.full(len(gaps), -np.inf), np.full(len(log.chains), -np.inf)
    first = np.full(len(gaps), np.inf)
    row, since, until = agreed_span(log)
    of_chain = log.activities.chain[row]
    np.maximum.at(latest, of_chain, until)
    if not len(row) or not len(gaps):
        return covered, first, latest[gaps.chain]
    key = moment_key(gaps.chain, gaps.begins)
    place = np.searchsorted(key, moment_key(of_chain, since), side="right") - 1
    inside = (place >= 0) & (gaps.chain[np.maximum(place, 0)] == of_chain)
    np.minimum.at(first, place[inside], since[inside])
    # It covers the gaps after the one it was made in; made before all, every gap.
    target = np.where(inside, place + 1, np.searchsorted(gaps.chain, of_chain))
    bounded = np.minimum(target, len(gaps) - 1)
    counts = (target < len(gaps)) & (gaps.chain[bounded] == of_chain)
    np.maximum.at(covered, target[counts], until[counts])
    return _running_maximum(covered, gaps.chain), first, latest[gaps.chain]


def _running_maximum(value: Floats, chain: Ints) -> Floats:
    """Return the maximum so far within each chain; -inf where there is none."""
    known = np.isfinite(value)
    if not known.any():
        return value
    base = value[known].min() - 1.0
    span = value[known].max() - base + 1.0
    lifted = np.where(known, value - base, 0.0) + chain * span
    highest = np.maximum.accumulate(lifted) - chain * span
    return np.where(highest >= 0.5, highest + base, -np.inf)


def _is_sound(log: ActivityLog, gaps: Gaps) -> Bools:
    """Tell of which gaps no end was entered so late that its time is doubtful."""
    late = log.activities.is_backfilled[gaps.row]
    same = np.append(gaps.chain[1:] == gaps.chain[:-1], False)
    next_late = np.append(late[1:], False) & same & gaps.is_over
    sound: Bools = ~(late | next_late)
    return sound


def reference(waits: Waits, now: float, since: float = -np.inf) -> Bools:
    """Tell which waits limits are made from: begun long ago, gone on in time.

    Begun at least 60 wd ago and over within 60 wd, so that the present moment cuts off
    none of them; the dead are not among them.
    """
    begun = is_between(waits, since, now - FOLLOW_UP)
    return begun & waits.is_over & waits.is_sound & (waits.length <= FOLLOW_UP)


def is_between(waits: Waits, since: float, until: float) -> Bools:
    """Tell which waits began in this time."""
    begun: Bools = (waits.begins >= since) & (waits.begins <= until)
    return begun
