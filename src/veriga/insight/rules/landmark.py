"""Landmarks: what was known of open chains on a day, and nothing that came later.

A landmark is a chain and a day on which it was open. Its features come from what had
been entered by then; its outcome from the working days that follow.
Source: docs/insight/chance.md, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .gaps import agreed_span, following, happened, is_open, moment_key
from .log import ActivityLog, Bools, Ending, Floats, Ints, Side

EVERY, AHEAD, RECENT = 3.0, 20.0, 20.0
MOST_ROWS = 60_000
COMMON_KIND = 50  # landmarks a kind needs for a column of its own
# A rate of one's own weighs as much as this many of the tenant's usual reactions.
OWN_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Chains and days, l of them, ordered by chain."""

    chain: Ints
    at: Floats

    def __len__(self) -> int:
        return len(self.chain)

    def where(self, chosen: Bools) -> Landmarks:
        """Return these landmarks alone."""
        return Landmarks(self.chain[chosen], self.at[chosen])


def landmarks_of(
    log: ActivityLog, *, every: float = EVERY, ahead: float = AHEAD, seed: int = 0
) -> Landmarks:
    """Return chain x every third working day while open, followed for `ahead` days.

    Days less than `ahead` before now are left out whether or not something happened
    since: keeping only those with an outcome would make reactions look likelier. Of
    many chains a random share is taken, whole chains at a time.
    """
    chains = log.chains
    ends = np.minimum(np.fmin(chains.ended, log.now), log.now - ahead + 1e-9)
    counts = np.ceil((ends - chains.began) / every).astype(np.int64)
    counts = np.maximum(counts, 0)
    if counts.sum() > MOST_ROWS:
        order = np.random.default_rng(seed).permutation(len(chains))
        allowed = np.cumsum(counts[order]) <= MOST_ROWS
        allowed[0] = True
        counts[order[~allowed]] = 0
    chain = np.repeat(np.arange(len(chains)), counts)
    step = np.arange(len(chain)) - np.repeat(np.cumsum(counts) - counts, counts)
    return Landmarks(chain, chains.began[chain] + every * step)


def today(log: ActivityLog) -> Landmarks:
    """Return every open chain, now."""
    chain = np.flatnonzero(is_open(log))
    return Landmarks(chain, np.full(len(chain), log.now))


def reacted(log: ActivityLog, marks: Landmarks, ahead: float = AHEAD) -> Bools:
    """Tell whether the customer acted, or the chain was won, in the days that follow.

    A chain that was lost or given up before anything came did not react.
    """
    inbound = happened(log, np.equal(log.activities.side, Side.IN))
    rows = log.activities
    reply = following(rows.at[inbound], rows.chain[inbound], marks.chain, marks.at)
    ended = np.where(np.isnan(log.chains.ended), np.inf, log.chains.ended)[marks.chain]
    replied = reply <= np.minimum(marks.at + ahead, ended)
    return replied | won_within(log, marks, ahead)


def won_within(log: ActivityLog, marks: Landmarks, ahead: float) -> Bools:
    """Tell whether the chain was won in the days that follow."""
    ended = log.chains.ended[marks.chain]
    is_won = np.equal(log.chains.ending, Ending.WON)[marks.chain]
    return is_won & (ended > marks.at) & (ended <= marks.at + ahead)


@dataclass(frozen=True, slots=True)
class Design:
    """Which columns features have, decided once on the training landmarks."""

    kinds: tuple[int, ...]
    segments: tuple[int, ...]
    reaction_rate: float
    activity_rate: float
    names: tuple[str, ...] = field(default=())


NAMES = (
    "silence",
    "customer_silence",
    "no_reaction_yet",
    "own_reaction_rate",
    "own_activity_rate",
    "missed_reactions",
    "acts_since_reaction",
    "recent_acts",
    "recent_reactions",
    "age",
    "appointment_ahead",
    "long_silence",
    "long_customer_silence",
    "many_missed_reactions",
)
# Where the curves may bend: the usual silence goes on, the long one is another thing.
LONG_SILENCE, LONG_QUIET, MANY_MISSED = 10.0, 20.0, 1.5


def design_of(log: ActivityLog, marks: Landmarks) -> Design:
    """Return the design for these landmarks: common kinds, segments, usual rates."""
    known = Known(log, training=True)
    last = known.last_kind(marks)
    counts = np.bincount(last[last >= 0], minlength=len(log.kinds))
    kinds = tuple(int(i) for i in np.flatnonzero(counts >= COMMON_KIND))
    segment = log.chains.segment[marks.chain]
    counts = np.bincount(segment[segment >= 0], minlength=len(log.segments))
    segments = tuple(int(i) for i in np.flatnonzero(counts >= COMMON_KIND))
    lived = np.maximum(np.fmin(log.chains.ended, log.now) - log.chains.began, 0).sum()
    lived = max(float(lived), 1.0)
    names = (
        *NAMES,
        *(f"after:{log.kinds[i].code}" for i in kinds),
        *(f"segment:{log.segments[i]}" for i in segments),
    )
    reactions = max(known.inbound.total, 1) / lived
    activities = max(known.every.total, 1) / lived
    return Design(kinds, segments, reactions, activities, names)


class Known:
    """What is known of chains at moments: counts and last times, by one search each.

    In training, what was backfilled is left out: on that day nobody knew it.
    """

    def __init__(self, log: ActivityLog, *, training: bool) -> None:
        rows = log.activities
        kept = ~rows.is_backfilled if training else np.ones(len(rows), dtype=np.bool_)
        self.log = log
        self.every = _Moments(log, happened(log, kept))
        self.inbound = _Moments(log, happened(log, kept & (rows.side == Side.IN)))
        self.ours = _Moments(log, happened(log, kept & (rows.side == Side.OUT)))

    def last_kind(self, marks: Landmarks) -> Ints:
        """Return the kind of the last activity, -1 where nothing has happened."""
        count, row = self.every.last(marks.chain, marks.at)
        return np.where(count > 0, self.log.activities.kind[row], -1)


class _Moments:
    """Rows of one sort by chain and time, to be counted."""

    def __init__(self, log: ActivityLog, rows: Ints) -> None:
        self.rows, self.total = rows, len(rows)
        self.at = log.activities.at[rows]
        chain = log.activities.chain[rows]
        self.key = moment_key(chain, self.at)
        self.first = np.searchsorted(chain, np.arange(len(log.chains) + 1))

    def count(self, chain: Ints, until: Floats) -> Ints:
        """Return how many there were in the chain up to these moments."""
        place = np.searchsorted(self.key, moment_key(chain, until), side="right")
        count: Ints = np.maximum(place - self.first[chain], 0)
        return count

    def last(self, chain: Ints, until: Floats) -> tuple[Ints, Ints]:
        """Return the count and the row of the last one (any row where none)."""
        count = self.count(chain, until)
        place = np.clip(self.first[chain] + count - 1, 0, max(self.total - 1, 0))
        rows = self.rows[place] if self.total else np.zeros(len(chain), dtype=np.int64)
        return count, rows

    def since(self, chain: Ints, until: Floats, otherwise: Floats) -> Floats:
        """Return the days since the last one, since `otherwise` where there is none."""
        count = self.count(chain, until)
        if not self.total:
            return until - otherwise
        place = np.clip(self.first[chain] + count - 1, 0, self.total - 1)
        return until - np.where(count > 0, self.at[place], otherwise)


def features(
    log: ActivityLog, marks: Landmarks, design: Design, *, training: bool
) -> Floats:
    """Return the columns `design.names` of each landmark, l x p."""
    known = Known(log, training=training)
    chain, at = marks.chain, marks.at
    began = np.minimum(log.chains.began[chain], at)
    silence = known.every.since(chain, at, began)
    quiet = known.inbound.since(chain, at, began)
    reaction_rate = _own_rate(known.inbound, marks, began, design.reaction_rate)
    activity_rate = _own_rate(known.every, marks, began, design.activity_rate)
    replies = known.inbound.count(chain, at)
    acts = known.ours.count(chain, at)
    recent = at - RECENT
    # Acts before the last reaction are those up to the moment of it.
    answered = known.ours.count(chain, at - quiet)
    missed = np.log1p(quiet * reaction_rate)
    columns = [
        np.log1p(silence),
        np.log1p(quiet),
        replies == 0,
        np.log(reaction_rate / design.reaction_rate),
        np.log(activity_rate / design.activity_rate),
        missed,
        np.log1p(np.where(replies > 0, acts - answered, acts)),
        np.log1p(acts - known.ours.count(chain, recent)),
        np.log1p(replies - known.inbound.count(chain, recent)),
        np.log1p(at - began),
        _appointments_ahead(log, marks) > 0,
        np.maximum(np.log1p(silence) - np.log1p(LONG_SILENCE), 0),
        np.maximum(np.log1p(quiet) - np.log1p(LONG_QUIET), 0),
        np.maximum(missed - np.log1p(MANY_MISSED), 0),
    ]
    last, segment = known.last_kind(marks), log.chains.segment[chain]
    columns += [last == kind for kind in design.kinds]
    columns += [segment == one for one in design.segments]
    return np.column_stack(columns).astype(np.float64)


def _own_rate(
    moments: _Moments, marks: Landmarks, began: Floats, usual: float
) -> Floats:
    """Return the chain's own rate per day, from what is older than 20 wd, shrunk.

    The newest days are left to the other features: a rate made from the silence that
    it shall explain would explain it away.
    """
    until = marks.at - RECENT
    seen = moments.count(marks.chain, until)
    lived = np.maximum(until - began, 0.0)
    rate: Floats = (OWN_WEIGHT + seen) / (OWN_WEIGHT / usual + lived)
    return rate


def _appointments_ahead(log: ActivityLog, marks: Landmarks) -> Ints:
    """Return how many appointments had been agreed on and not yet been held."""
    row, since, until = agreed_span(log)
    if not len(row):
        return np.zeros(len(marks), dtype=np.int64)
    chain = log.activities.chain[row]
    asked = moment_key(marks.chain, marks.at)
    begun = np.searchsorted(np.sort(moment_key(chain, since)), asked, side="right")
    over = np.searchsorted(np.sort(moment_key(chain, until)), asked, side="right")
    # Chains before this one lie wholly below: each of theirs began and is over.
    earlier = np.searchsorted(np.sort(chain), marks.chain, side="left")
    ahead: Ints = np.maximum(begun - earlier, 0) - np.maximum(over - earlier, 0)
    return ahead
