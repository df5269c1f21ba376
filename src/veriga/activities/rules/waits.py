"""Whose time a chain took: ours, theirs, an agreed wait; what followed, and how soon.

The rule is that of rules.times.whose_move, asked of every moment of the chain as it was
then: what was not recorded yet was not agreed, what is done since was still open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .times import Contactlike, is_contact
from .words import UNNUMBERED, Direction, KindCode

Clock = Callable[[datetime], float]  # an instant as working days


class Timed(Contactlike, Protocol):
    """What must be known of an activity."""

    @property
    def recorded_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Wait:
    """A stretch of time in which the move was the same: "ours", "theirs", "agreed"."""

    since: datetime
    until: datetime
    move: str


# What changes at an instant: how many appointments are ahead, how much is overdue.
_NOTHING, _AHEAD, _OVERDUE, _CONTACT = range(4)


def waits_of(members: Iterable[Timed], until: datetime) -> list[Wait]:
    """Return the whole time of a chain in stretches, oldest first; [] of nothing.

    It begins with what happened first (recorded first, if nothing has happened) and
    ends at `until`: now, or when the chain was closed.
    """
    activities = sorted(members, key=lambda a: a.reference_key or UNNUMBERED)
    begins = [a.occurred_at for a in activities if a.occurred_at is not None]
    begin = min(begins or [a.recorded_at for a in activities], default=until)
    if begin >= until:
        return []
    turns = [(begin, _NOTHING, 0, ""), *(t for a in activities for t in _turns(a))]
    turns.sort(key=lambda turn: turn[:2])  # keeps the order of what is at one instant
    found: list[Wait] = []
    ahead = overdue = 0
    contact = ""
    since = begin
    for place, (at, what, change, who) in enumerate(turns):
        ahead += change if what == _AHEAD else 0
        overdue += change if what == _OVERDUE else 0
        contact = who if what == _CONTACT else contact
        following = turns[place + 1][0] if place + 1 < len(turns) else until
        end = min(max(following, begin), until)
        if max(at, since) < end:
            move = _move(ahead, overdue, contact)
            if found and found[-1].move == move:
                found[-1] = Wait(found[-1].since, end, move)
            else:
                found.append(Wait(max(at, since), end, move))
            since = end
    return found


def _move(ahead: int, overdue: int, contact: str) -> str:
    if ahead:
        return "agreed"
    if overdue:
        return "ours"
    return "theirs" if contact == Direction.OUT else "ours"


def _turns(one: Timed) -> Iterable[tuple[datetime, int, int, str]]:
    """Yield when an activity begins and ends to be ahead, overdue, the last contact."""
    is_meeting = one.kind == KindCode.EVENT and one.direction != Direction.INTERNAL
    ends = one.date if one.done_at is None else min(one.date, one.done_at)
    if is_meeting and one.recorded_at < ends:
        yield one.recorded_at, _AHEAD, 1, ""
        yield ends, _AHEAD, -1, ""
    if one.due_at is not None and (one.done_at is None or one.due_at < one.done_at):
        yield one.due_at, _OVERDUE, 1, ""
        if one.done_at is not None:
            yield one.done_at, _OVERDUE, -1, ""
    if is_contact(one) and one.occurred_at is not None:
        yield one.occurred_at, _CONTACT, 0, one.direction


def days_by_move(waits: Iterable[Wait], clock: Clock) -> dict[str, float]:
    """Return the working days of each move; all three are there."""
    days = dict.fromkeys(("ours", "theirs", "agreed"), 0.0)
    for wait in waits:
        days[wait.move] += clock(wait.until) - clock(wait.since)
    return days


@dataclass(frozen=True, slots=True)
class Milestones:
    """When a chain first had a quote and an order, and after how many working days.

    None for what it has not reached.
    """

    quote: tuple[datetime, float] | None
    order: tuple[datetime, float] | None


def milestones_of(
    origin: Timed,
    members: Iterable[Timed],
    won_at: Iterable[datetime],
    now: datetime,
    clock: Clock,
) -> Milestones:
    """Return what a chain has reached by now, counted from when its origin happened.

    `won_at` is when its sales were won. What is dated before the origin took no time;
    a quote of a date ahead is none yet.
    """
    begin = clock(origin.occurred_at or origin.date)

    def first(moments: Iterable[datetime | None]) -> tuple[datetime, float] | None:
        at = min((m for m in moments if m is not None and m <= now), default=None)
        return None if at is None else (at, max(clock(at) - begin, 0.0))

    quotes = (one.occurred_at for one in members if one.kind == KindCode.QUOTE)
    return Milestones(first(quotes), first(won_at))


@dataclass(frozen=True, slots=True)
class Answered:
    """Of one kind of our activities in a chain: after how many the customer acted.

    `counted` are those that lie `within` working days back or were answered in time;
    `median` is of the answers that came in time, None without one.
    """

    kind: str
    type_code: str
    carried_out: int
    counted: int
    answered: int
    median: float | None


def answers_of(
    members: Iterable[Timed], now: datetime, clock: Clock, within: float
) -> list[Answered]:
    """Return what followed our contacts in one chain, the commonest kind first.

    Nothing causal: only whether the customer acted within so many working days after.
    """
    held = sorted(
        (a for a in members if is_contact(a)),
        key=lambda a: (a.occurred_at, a.reference_key or UNNUMBERED),
    )
    waits: dict[tuple[str, str], list[float | None]] = {}
    coming: float | None = None  # the next act of the customer, as working days
    end = clock(now)
    for one in reversed(held):
        at = clock(one.occurred_at) if one.occurred_at else end
        if one.direction == Direction.IN:
            coming = at
            continue
        wait = float("inf") if coming is None else coming - at
        is_known = wait <= within or end - at >= within
        key = one.kind, getattr(one, "type_code", "")
        waits.setdefault(key, []).append(wait if is_known else None)
    found = [_answered(key, ws, within) for key, ws in waits.items()]
    return sorted(found, key=lambda a: (-a.carried_out, a.kind, a.type_code))


def _answered(
    key: tuple[str, str], waits: Sequence[float | None], within: float
) -> Answered:
    known = [wait for wait in waits if wait is not None]
    in_time = sorted(wait for wait in known if wait <= within)
    return Answered(
        kind=key[0],
        type_code=key[1],
        carried_out=len(waits),
        counted=len(known),
        answered=len(in_time),
        median=_median(in_time) if in_time else None,
    )


def _median(values: Sequence[float]) -> float:
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2
