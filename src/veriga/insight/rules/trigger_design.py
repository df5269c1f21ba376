"""The rows that the trigger model is fitted to, made from the log.

Every chain's time at risk is cut wherever something changes; an interval is open on the
left and closed on the right, and what happens at its right end belongs to it. Between
two cuts everything is constant, so nothing is rounded to days.
Source: docs/insight/triggers.md, "The model".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .conditional_poisson import Rows
from .log import YEAR_END, ActivityLog, Bools, Floats, Ints, Side
from .trigger_cuts import Flags, Points

WINDOW_DAYS = 10.0
GAP_CUTS = (1.0, 2.0, 3.5, 5.0, 7.5, 10.0, 15.0, 20.0)
AGE_CUTS = (10.0, 25.0, 50.0, 100.0, 150.0)
RISK_DAYS = 30.0  # beyond, a chain may have died without anybody noting it
AGREED_AHEAD_DAYS = 0.5  # entered less ahead, it was no appointment
FEWEST_CHAINS = 20  # kinds in fewer chains share one column
BLOCK_CHAINS = 10_000

GAPS, AGES = len(GAP_CUTS), len(AGE_CUTS)
STRETCHES = YEAR_END  # twelve months and the last week of December
TWO_YEARS_DAYS = 500.0  # of them months are told from what happened once
QUOTE = "quote"


class Outcome(StrEnum):
    """What an action may set in motion."""

    REACTION = "reaction"
    QUOTE = "quote"


OUTCOMES = tuple(Outcome)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which kinds have a column of their own, by index of ActivityLog.kinds.

    Columns in order: `acted`, one for all other kinds, `agreed`, one for all others,
    the gap bins, the age bins, and with `by_month` the months (the first bin of each,
    and January, are the base).
    """

    acted: tuple[int, ...]
    agreed: tuple[int, ...]
    by_month: bool = False

    @property
    def count(self) -> int:
        return self.first_month + (STRETCHES - 1 if self.by_month else 0)

    @property
    def first_month(self) -> int:
        return self.first_gap + GAPS + AGES

    @property
    def first_gap(self) -> int:
        return len(self.acted) + len(self.agreed) + 2


@dataclass(frozen=True, slots=True)
class Acts:
    """The log's rows that the model uses: our actions, appointments, and outcomes.

    `act` are rows; an appointment lasts from `agreed_from` to `agreed_to`.
    """

    act: Ints
    agreed: Ints
    agreed_from: Floats
    agreed_to: Floats
    reaction: Ints
    quote: Ints

    def events(self, outcome: Outcome) -> Ints:
        """Return the rows that are this outcome."""
        return self.reaction if outcome is Outcome.REACTION else self.quote


@dataclass(frozen=True, slots=True)
class Intervals:
    """The intervals of a block of chains, before equal ones are merged.

    `events` is intervals × outcomes; `chain` indexes the log.
    """

    chain: Ints
    left: Floats
    right: Floats
    flags: Flags
    events: Ints

    @property
    def length(self) -> Floats:
        return self.right - self.left


def acts_of(log: ActivityLog) -> Acts:
    """Return the rows that count: held, not entered late; appointments of ours."""
    table = log.activities
    counts = table.is_held & ~table.is_backfilled
    ours = np.equal(table.side, Side.OUT)
    quote = np.isin(table.kind, [i for i, k in enumerate(log.kinds) if k.code == QUOTE])
    until = np.where(
        table.is_held, table.at, np.fmin(np.fmin(table.closed, log.now), np.inf)
    )
    until = np.where(np.isnan(until), log.now, until)
    # What was dropped is no longer awaited once its date has passed.
    dropped = ~table.is_held & ~np.isnan(table.closed)
    until = np.where(dropped, np.fmin(until, table.planned), until)
    agreed = np.flatnonzero(
        ours & ~table.is_backfilled & (until - table.recorded > AGREED_AHEAD_DAYS)
    )
    return Acts(
        act=np.flatnonzero(counts & ours),
        agreed=agreed,
        agreed_from=table.recorded[agreed],
        agreed_to=until[agreed],
        reaction=np.flatnonzero(counts & np.equal(table.side, Side.IN)),
        quote=np.flatnonzero(counts & ours & quote),
    )


def spans(log: ActivityLog) -> tuple[Floats, Floats]:
    """Return when each chain began and when it ended or was last looked at."""
    return log.chains.began, np.fmin(log.chains.ended, log.now)


def chains_with(log: ActivityLog, rows: Ints) -> Ints:
    """Return for each kind how many chains have one of these rows."""
    pairs = np.unique(
        log.activities.kind[rows] * max(len(log.chains), 1) + log.activities.chain[rows]
    )
    return np.bincount(pairs // max(len(log.chains), 1), minlength=len(log.kinds))


def columns_of(log: ActivityLog, acts: Acts) -> Columns:
    """Return which kinds are frequent enough for a column of their own."""
    acted, agreed = chains_with(log, acts.act), chains_with(log, acts.agreed)
    return Columns(
        tuple(np.flatnonzero(acted >= FEWEST_CHAINS).tolist()),
        tuple(np.flatnonzero(agreed >= FEWEST_CHAINS).tolist()),
        has_two_years(log),
    )


def has_two_years(log: ActivityLog) -> bool:
    """Tell whether there are two years of chains, so that seasons can be told apart."""
    old = log.chains.began <= log.now - TWO_YEARS_DAYS
    return len(log.months) > 0 and int(old.sum()) >= FEWEST_CHAINS


class Design:
    """Makes the intervals of a log, block by block."""

    def __init__(
        self,
        log: ActivityLog,
        *,
        window: float = WINDOW_DAYS,
        columns: Columns | None = None,
    ) -> None:
        self.log, self.window = log, window
        self.acts = acts_of(log)
        self.columns = columns or columns_of(log, self.acts)
        self.began, self.end = spans(log)

    def blocks(self) -> Iterator[Intervals]:
        """Yield the intervals of all chains, 10,000 chains at a time."""
        for first in range(0, len(self.log.chains), BLOCK_CHAINS):
            last = min(first + BLOCK_CHAINS, len(self.log.chains))
            rows = self.log.chains.first[[first, last]]
            yield self._intervals(first, last, int(rows[0]), int(rows[1]))

    def _intervals(self, low: int, high: int, first: int, end: int) -> Intervals:
        """Return the intervals of the chains low..high, whose rows are first..end."""
        points = Points(self.began[low:high], self.end[low:high], low)
        self._add_windows(points, first, end)
        self._add_gaps(points, first, end)
        for place, cut in enumerate((0.0, *AGE_CUTS)):
            chains = np.arange(low, high)
            points.add(chains, self.began[low:high] + cut, "age", place)
        if self.columns.by_month:
            self._add_months(points)
        times = self.log.activities.at
        for outcome in OUTCOMES:
            rows = self._inside(self.acts.events(outcome), first, end)
            points.add(self.log.activities.chain[rows], times[rows], outcome, 1)
        cuts = points.sorted()
        flags = np.zeros((cuts.intervals, self.columns.count), dtype=np.uint8)
        for column in range(self.columns.first_gap):
            flags[:, column] = cuts.running(column)
        gap, age = cuts.latest("gap"), cuts.latest("age")
        for place in range(1, GAPS + 1):
            flags[:, self.columns.first_gap + place - 1] = gap == place
        for place in range(1, AGES + 1):
            flags[:, self.columns.first_gap + GAPS + place - 1] = age == place
        if self.columns.by_month:
            month = cuts.latest("month")
            for place in range(1, STRETCHES):
                flags[:, self.columns.first_month + place - 1] = month == place
        counts = np.stack([cuts.hits(outcome) for outcome in OUTCOMES], axis=1)
        whole = Intervals(cuts.chain, cuts.left, cuts.right, flags, counts)
        return _taken(whole, gap <= GAPS)

    @staticmethod
    def _inside(rows: Ints, first: int, end: int) -> Ints:
        return rows[np.searchsorted(rows, first) : np.searchsorted(rows, end)]

    def _add_windows(self, points: Points, first: int, end: int) -> None:
        """Add the ten days after each action, and the wait for each appointment."""
        table, columns = self.log.activities, self.columns
        act = self._inside(self.acts.act, first, end)
        own = _places(columns.acted, len(self.log.kinds))[table.kind[act]]
        start = table.at[act]
        points.add_windows(table.chain[act], start, start + self.window, own)
        part = slice(*np.searchsorted(self.acts.agreed, [first, end]))
        agreed = self.acts.agreed[part]
        own = _places(columns.agreed, len(self.log.kinds))[table.kind[agreed]]
        points.add_windows(
            table.chain[agreed],
            self.acts.agreed_from[part],
            self.acts.agreed_to[part],
            own + len(columns.acted) + 1,
        )

    def _add_gaps(self, points: Points, first: int, end: int) -> None:
        """Add the cuts by time since the last reaction, or since the chain began."""
        table = self.log.activities
        rows = self._inside(self.acts.reaction, first, end)
        chain = np.concatenate([points.chains, table.chain[rows]])
        begins = np.concatenate([points.began, table.at[rows]])
        begins = np.maximum(begins, points.began[chain - points.low])
        order = np.lexsort((begins, chain))
        chain, begins = chain[order], begins[order]
        follows = np.append(chain[1:] == chain[:-1], False)
        until = np.where(follows, np.append(begins[1:], np.inf), np.inf)
        for place, cut in enumerate((0.0, *GAP_CUTS, RISK_DAYS)):
            # The next reaction sets the clock back before this cut is reached; two
            # reactions at one moment are one.
            reached = begins + cut < until
            points.add(chain[reached], begins[reached] + cut, "gap", place)

    def _add_months(self, points: Points) -> None:
        """Add where months begin in each chain's time, and in which one it begins."""
        starts, place = self.log.months.starts, self.log.months.stretch - 1
        first = np.searchsorted(starts, points.began, side="right")
        last = np.searchsorted(starts, points.end, side="right")
        within = np.maximum(first - 1, 0)  # before the first month: as in it
        points.add(points.chains, points.began, "month", place[within])
        sizes = np.maximum(last - first, 0)
        ends = np.cumsum(sizes)
        steps = np.arange(ends[-1]) - np.repeat(ends - sizes, sizes)
        at = np.repeat(first, sizes) + steps
        chain = np.repeat(points.chains, sizes)
        points.add(chain, starts[at], "month", place[at])


def _taken(whole: Intervals, kept: Bools) -> Intervals:
    return Intervals(
        whole.chain[kept],
        whole.left[kept],
        whole.right[kept],
        whole.flags[kept],
        whole.events[kept],
    )


def _places(kinds: tuple[int, ...], count: int) -> Ints:
    """Return for each kind its column; those without one share the last."""
    places = np.full(count, len(kinds), dtype=np.int64)
    places[list(kinds)] = np.arange(len(kinds))
    return places


def merged(design: Design) -> tuple[Rows, Ints]:
    """Return the rows with equal ones of a chain merged, and their events by outcome.

    The stratum is the chain's index, the cluster its company; events of the rows
    themselves are left at zero.
    """
    parts = [_merged_block(block) for block in design.blocks()]
    if not parts:
        nothing = np.empty(0, dtype=np.int64)
        flags = np.empty((0, design.columns.count), dtype=np.uint8)
        rows = Rows(flags, np.empty(0), np.empty(0), nothing, nothing)
        return rows, np.empty((0, len(OUTCOMES)), dtype=np.int64)
    chain, flags, length, events = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    company = design.log.chains.company[chain]
    cluster = np.where(company > 0, company, -1 - chain)
    return Rows(flags, length, np.zeros(len(chain)), chain, cluster), events


def _merged_block(block: Intervals) -> tuple[Ints, Flags, Floats, Ints]:
    """Return chain, flags, time and events of the distinct rows of a block."""
    packed = np.packbits(block.flags, axis=1)
    words = np.zeros((len(packed), -(-packed.shape[1] // 8) * 8), dtype=np.uint8)
    words[:, : packed.shape[1]] = packed
    keys = words.view(np.uint64)
    order = np.lexsort((*keys.T, block.chain))
    keys, chain = keys[order], block.chain[order]
    new = np.ones(len(chain), dtype=bool)
    new[1:] = (chain[1:] != chain[:-1]) | (keys[1:] != keys[:-1]).any(axis=1)
    starts = np.flatnonzero(new)
    if not len(starts):
        return chain, block.flags, block.length, block.events
    return (
        chain[starts],
        block.flags[order[starts]],
        np.add.reduceat(block.length[order], starts),
        np.add.reduceat(block.events[order], starts, axis=0),
    )
