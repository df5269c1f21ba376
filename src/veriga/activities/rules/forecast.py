"""What sales may bring: weights, the state of a sale in the past, what changed since.

Source of everything here: docs/maths/forecast.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from .sales import Sale, SentQuote, Sign, read_sales, worth_of
from .words import Outcome


class Part(StrEnum):
    """The ways in which a sale changes a forecast, in the order they are told."""

    NEW = "new"
    WON = "won"
    LOST = "lost"
    GIVEN_UP = "given_up"
    GONE = "gone"
    UP = "up"
    DOWN = "down"
    STAGE_UP = "stage_up"
    STAGE_DOWN = "stage_down"
    MOVED = "moved"


class KnownQuote(NamedTuple):
    """A quote as it was known at some instant."""

    id: int
    recorded_at: datetime
    sent_at: datetime | None
    amount_minor: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An open sale in a forecast: its place among those of its chain, and its worth."""

    place: int
    value_minor: int
    currency: str
    month_on: date | None
    stage: str
    is_quoted: bool


@dataclass(frozen=True, slots=True)
class Past:
    """All sales of a chain as they stood at an instant; `open` None: none in it."""

    sales: Sequence[Sale]
    open: Standing | None


@dataclass(frozen=True, slots=True)
class Effect:
    """One part of how a sale changed a forecast, in minor units of `currency`."""

    part: Part
    currency: str
    value_minor: int
    weighted_minor: int


def weighted(minor: int, percent: int) -> int:
    """Return a value (at least 0) times a probability, halves of a cent up."""
    return (minor * percent + 50) // 100


def past_of(marks: Iterable[Sign], quotes: Iterable[KnownQuote], size: int) -> Past:
    """Return how the sales of a chain stood, of the marks that were in force then.

    `quotes` are those that were recorded by then, as they were; `size` is how many
    activities there were in all.
    """
    quotes = list(quotes)
    signs = [*marks]
    signs += [
        Sign(one.recorded_at, (1, one.id), "quote", activity_id=one.id)
        for one in quotes
    ]
    sales, stage = read_sales(signs)
    if sales[-1].outcome is not Outcome.OPEN or not (size > 1 or stage or quotes):
        return Past(sales, None)
    sent = [
        SentQuote(one.sent_at, one.id, one.amount_minor, one.currency)
        for one in quotes
        if one.sent_at is not None
    ]
    worth = worth_of(sales[-1], signs, sent)
    if worth is None or worth.amount_minor is None:
        return Past(sales, None)
    return Past(
        sales,
        Standing(
            len(sales) - 1,
            worth.amount_minor,
            worth.currency,
            worth.month_on,
            stage,
            worth.is_quoted,
        ),
    )


def effects(
    before: Past,
    now: Past,
    stages: Mapping[str, tuple[int, int]],
    closed: Mapping[int, tuple[int, str]],
) -> list[Effect]:
    """Return the parts in which a chain changed the forecast between two instants.

    `stages` holds (probability in percent, place in the list) by code. `closed` holds
    what the sales that closed since were worth then, as (minor, currency) by place.
    """
    was, stands = before.open, now.open
    if was is not None and stands is not None and _same_sale(was, stands):
        return _changed(was, stands, stages)
    found = []
    if was is not None:
        part = _ending(was, now)
        found.append(_left(part, was, stages))
    if stands is not None:
        found.append(_entered(stands, stages))
    for place, (minor, currency) in closed.items():
        if (was is not None and place == was.place) or _was_closed(before, place):
            continue
        outcome = Outcome(now.sales[place].outcome)
        found += [
            Effect(Part.NEW, currency, minor, 0),
            Effect(Part(outcome), currency, -minor, 0),
        ]
    return found


def _same_sale(was: Standing, stands: Standing) -> bool:
    return was.place == stands.place and was.currency == stands.currency


def _was_closed(before: Past, place: int) -> bool:
    """Tell whether a sale was closed before too: then its close was only corrected."""
    return place < len(before.sales) and before.sales[place].outcome is not Outcome.OPEN


def _ending(was: Standing, now: Past) -> Part:
    if was.place >= len(now.sales):
        return Part.GONE
    outcome = Outcome(now.sales[was.place].outcome)
    return Part.GONE if outcome is Outcome.OPEN else Part(outcome)


def _left(part: Part, was: Standing, stages: Mapping[str, tuple[int, int]]) -> Effect:
    percent = stages.get(was.stage, (0, 0))[0]
    value = was.value_minor
    return Effect(part, was.currency, -value, -weighted(value, percent))


def _entered(stands: Standing, stages: Mapping[str, tuple[int, int]]) -> Effect:
    percent = stages.get(stands.stage, (0, 0))[0]
    value = stands.value_minor
    return Effect(Part.NEW, stands.currency, value, weighted(value, percent))


def _changed(
    was: Standing, stands: Standing, stages: Mapping[str, tuple[int, int]]
) -> list[Effect]:
    old, new = stages.get(was.stage, (0, 0)), stages.get(stands.stage, (0, 0))
    value, currency = stands.value_minor, stands.currency
    found = []
    if value != was.value_minor:
        found.append(
            Effect(
                Part.UP if value > was.value_minor else Part.DOWN,
                currency,
                value - was.value_minor,
                weighted(value, old[0]) - weighted(was.value_minor, old[0]),
            )
        )
    if stands.stage != was.stage:
        found.append(
            Effect(
                Part.STAGE_UP if new >= old else Part.STAGE_DOWN,
                currency,
                0,
                weighted(value, new[0]) - weighted(value, old[0]),
            )
        )
    if stands.month_on != was.month_on:
        found.append(Effect(Part.MOVED, currency, 0, 0))
    return found
