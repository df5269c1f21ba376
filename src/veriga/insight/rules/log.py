"""The activity log: what insight reads of every activity, a row each, in columns.

One shape for all figures, wherever the rows come from: this installation's tables
(queries/reading.py), an event log of somebody else, or a simulator. Instants stand in
working days of the firm's clock (common/working_time.py), so that a difference of two
is a duration. Source: docs/insight/data.md.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]

BACKFILLED_AFTER_DAYS = 3.0


class Side(IntEnum):
    """Who acted: we, the customer, or neither."""

    OUT = 0
    IN = 1
    INTERNAL = 2


class Fate(IntEnum):
    """What became of an activity: it happened, it is to come, it never took place."""

    HELD = 0
    COMING = 1
    DROPPED = 2


class Ending(IntEnum):
    """How the newest sale of a chain stands."""

    OPEN = 0
    WON = 1
    LOST = 2
    GIVEN_UP = 3


@dataclass(frozen=True, slots=True)
class ActivityKind:
    """A kind of activity as insight tells them apart: an event type, or task, quote.

    `code` is stable ("visit", "quote", "product_record:sample"); pages name it.
    """

    code: str


@dataclass(frozen=True, slots=True)
class Activities:
    """The rows, ordered by chain, then date, then reference (the story's order).

    n rows. `chain` indexes Chains, `kind` indexes ActivityLog.kinds, `side` and `fate`
    hold Side and Fate. Times in working days, NaN where there is none: `at` when it
    happened (NaN unless HELD), `planned` its date (never NaN), `recorded` when it was
    entered, `closed` when it was done. `user` and `product` are ids, 0 for none;
    `day` is the ordinal of its local date. A call that reached nobody is DROPPED.
    """

    id: Ints
    chain: Ints
    kind: Ints
    side: Ints
    fate: Ints
    user: Ints
    product: Ints
    at: Floats
    planned: Floats
    recorded: Floats
    closed: Floats
    day: Ints

    def __len__(self) -> int:
        return len(self.id)

    @property
    def is_held(self) -> Bools:
        return np.equal(self.fate, Fate.HELD)

    @property
    def is_backfilled(self) -> Bools:
        """Entered so late that its place in time is doubtful (NaN compares False)."""
        return np.greater(self.recorded, self.at + BACKFILLED_AFTER_DAYS)


@dataclass(frozen=True, slots=True)
class Chains:
    """The chains, c of them; `first[i]:first[i + 1]` are the rows of chain i.

    `company`, `team`, `account_owner` are ids, 0 for none. `segment` indexes
    ActivityLog.segments and `origin_reason` ActivityLog.reasons (-1 none). `began` and
    `ended` in working days (`ended` NaN while open), `ending` holds Ending. `origin`
    is the row of its origin.
    """

    id: Ints
    first: Ints
    company: Ints
    team: Ints
    account_owner: Ints
    segment: Ints
    origin: Ints
    origin_reason: Ints
    began: Floats
    ended: Floats
    ending: Ints

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True)
class Links:
    """The recorded links: rows of Activities, `follow_up` follows `stimulus`."""

    follow_up: Ints
    stimulus: Ints


@dataclass(frozen=True, slots=True)
class Months:
    """The months on the clock: from `starts` on, in working days, it is `stretch`.

    1 to 12, and YEAR_END for the last week of December, which is a month of its own.
    Ordered; empty where nobody knows to which dates the clock belongs.
    """

    starts: Floats
    stretch: Ints

    def __len__(self) -> int:
        return len(self.starts)


YEAR_END = 13
UNDATED = Months(np.empty(0), np.empty(0, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class ActivityLog:
    """Everything that insight knows, at one moment; `now` in working days."""

    kinds: tuple[ActivityKind, ...]
    segments: tuple[str, ...]
    reasons: tuple[str, ...]
    activities: Activities
    chains: Chains
    links: Links
    now: float
    months: Months = UNDATED

    def part(self, chains: Ints) -> ActivityLog:
        """Return the log of these chains alone (indices, in any order), renumbered."""
        chosen = np.sort(np.asarray(chains, dtype=np.int64))
        sizes = self.chains.first[chosen + 1] - self.chains.first[chosen]
        first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        rows = np.repeat(self.chains.first[chosen] - first[:-1], sizes) + np.arange(
            first[-1]
        )
        place = np.full(len(self.activities), -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        activities = _taken(self.activities, rows)
        activities["chain"] = np.repeat(np.arange(len(chosen)), sizes)
        kept = _taken(self.chains, chosen)
        kept["first"] = first
        kept["origin"] = place[self.chains.origin[chosen]]
        follow_up, stimulus = place[self.links.follow_up], place[self.links.stimulus]
        whole = (follow_up >= 0) & (stimulus >= 0)
        return ActivityLog(
            self.kinds,
            self.segments,
            self.reasons,
            Activities(**activities),
            Chains(**kept),
            Links(follow_up[whole], stimulus[whole]),
            self.now,
            self.months,
        )


def _taken(table: Activities | Chains, rows: Ints) -> dict[str, Any]:
    """Return the columns of `table` at these rows, but `first`, which is one longer."""
    return {
        field.name: getattr(table, field.name)[rows]
        for field in fields(table)
        if field.name != "first"
    }
