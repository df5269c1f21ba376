"""What followed, not why: after each kind, how often the customer reacted, how soon.

Counts of what came after. Nothing here says that one thing led to the other: whoever
visits warm customers sees reactions after visits. Source: docs/insight/followed.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .counting import Share, Wait, rounded
from .log import ActivityLog, Bools, Floats, Ints, Side
from .walking import Order, held_order

REACTION_WITHIN = 10.0  # working days
QUOTE_WITHIN = 60.0
QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Followed:
    """Of one kind: what came after.

    reacted: of those that lie at least `REACTION_WITHIN` working days back, after how
    many the customer acted within that time; reaction_wait: of these reactions.
    quoted, quote_wait: the same for the next quote within `QUOTE_WITHIN`.
    reacted_so_far, quoted_so_far: of all carried out, whenever it came.
    left_out: entered too late to say what came after; they are only in `carried_out`.
    """

    kind: str
    carried_out: int
    chains: int
    left_out: int
    reacted: Share
    reaction_wait: Wait
    reacted_so_far: int
    quoted: Share
    quote_wait: Wait
    quoted_so_far: int

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "carried_out": self.carried_out,
            "chains": self.chains,
            "left_out": self.left_out,
            "reacted": self.reacted.to_json(),
            "reaction_wait": self.reaction_wait.to_json(),
            "reacted_so_far": self.reacted_so_far,
            "quoted": self.quoted.to_json(),
            "quote_wait": self.quote_wait.to_json(),
            "quoted_so_far": self.quoted_so_far,
        }


@dataclass(frozen=True, slots=True)
class Episode:
    """One activity of a chain's own story: id, kind, and the working days until.

    `reaction_days`, `quote_days`: until the customer's next act and the next quote;
    None if there was none by now. `since_days` is how long ago it was.
    """

    activity: int
    kind: str
    side: Side
    since_days: float
    is_left_out: bool
    reaction_days: float | None
    quote_days: float | None

    def to_json(self) -> dict[str, Any]:
        return {
            "activity": self.activity,
            "kind": self.kind,
            "side": self.side.name.lower(),
            "since_days": rounded(self.since_days),
            "is_left_out": self.is_left_out,
            "reaction_days": rounded(self.reaction_days),
            "quote_days": rounded(self.quote_days),
        }


@dataclass(frozen=True, slots=True)
class _After:
    """Of each carried-out activity: working days until what came next; NaN if none."""

    order: Order
    reaction: Floats
    quote: Floats
    age: Floats
    is_left_out: Bools


def what_followed(
    log: ActivityLog, chosen: Bools | None = None
) -> tuple[Followed, ...]:
    """Return a line for each kind that was carried out, the commonest first.

    `chosen` tells of each chain whether it counts (all without it).
    """
    after = _after(log, chosen)
    kinds = log.activities.kind[after.order.rows]
    chain = log.activities.chain[after.order.rows]
    lines = [_line(log, after, kind, of, chain) for kind, of in _places(kinds)]
    return tuple(sorted(lines, key=lambda line: (-line.carried_out, line.kind)))


def story_of(log: ActivityLog, chain: int) -> tuple[Episode, ...]:
    """Return what followed what in one chain (an index), in its order."""
    part = log.part(np.array([chain], dtype=np.int64))
    after = _after(part, None)
    activities = part.activities
    return tuple(
        Episode(
            int(activities.id[row]),
            part.kinds[int(activities.kind[row])].code,
            Side(int(activities.side[row])),
            float(after.age[place]),
            bool(after.is_left_out[place]),
            _days(after.reaction[place]),
            _days(after.quote[place]),
        )
        for place, row in enumerate(after.order.rows.tolist())
    )


def _days(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _places(kinds: Ints) -> Iterator[tuple[int, Ints]]:
    """Yield each kind with the places where it stands, ascending."""
    place = np.argsort(kinds.astype(np.uint16), kind="stable")  # a radix sort
    cuts = np.flatnonzero(np.diff(kinds[place])) + 1
    for of in np.split(place, cuts):
        if len(of):
            yield int(kinds[of[0]]), of


def _line(
    log: ActivityLog, after: _After, kind: int, of: Ints, chain: Ints
) -> Followed:
    counted = of[~after.is_left_out[of]]
    reaction, quote, age = (
        column[counted] for column in (after.reaction, after.quote, after.age)
    )
    reacted, reaction_wait = _within(reaction, age, REACTION_WITHIN)
    quoted, quote_wait = _within(quote, age, QUOTE_WITHIN)
    return Followed(
        log.kinds[kind].code,
        len(of),
        1 + int(np.count_nonzero(np.diff(chain[of]))),
        len(of) - len(counted),
        reacted,
        reaction_wait,
        int(np.count_nonzero(~np.isnan(reaction))),
        quoted,
        quote_wait,
        int(np.count_nonzero(~np.isnan(quote))),
    )


def _within(days: Floats, age: Floats, limit: float) -> tuple[Share, Wait]:
    """Return of how many it came in time, and how soon.

    Only what was observed for all of that time counts, or the newest, of which only
    quick answers are known, would make everything look quicker.
    """
    observed = age >= limit
    came = observed & (days <= limit)  # NaN compares False
    share = Share(int(np.count_nonzero(came)), int(np.count_nonzero(observed)))
    return share, Wait.of(days[came])


def _after(log: ActivityLog, chosen: Bools | None) -> _After:
    order = held_order(log, chosen)
    activities = log.activities
    at = activities.at[order.rows]
    is_in = activities.side[order.rows] == Side.IN
    quotes = [place for place, kind in enumerate(log.kinds) if kind.code == QUOTE]
    is_quote = np.isin(activities.kind[order.rows], quotes)
    return _After(
        order,
        _until_next(order, at, is_in),
        _until_next(order, at, is_quote),
        np.maximum(log.now - at, 0.0),
        activities.is_backfilled[order.rows],
    )


def _until_next(order: Order, at: Floats, wanted: Bools) -> Floats:
    """Return the working days to the next wanted row of the same chain, NaN if none."""
    n = len(at)
    if n == 0:
        return np.empty(0)
    place = np.where(wanted, np.arange(n), n)
    coming = np.minimum.accumulate(place[::-1])[::-1]
    coming = np.append(coming[1:], n)  # strictly after
    last = np.flatnonzero(order.last_of_chain)
    end = last[np.cumsum(order.first_of_chain) - 1]
    is_there = coming <= end
    days: Floats = np.full(n, np.nan)
    days[is_there] = at[coming[is_there]] - at[is_there]
    return days
