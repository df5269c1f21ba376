"""Silence: for how long a chain has been still, and whether that is beyond a limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from veriga.activities.queries.running import RunningChain
from veriga.activities.rules.words import KindCode
from veriga.setup.models import EventType
from veriga.setup.queries import code_list, find_entry
from veriga.setup.working import whole_working_days, working_calendar

REPLIED_WITHIN: Final = timedelta(days=14)  # an older reply is no news


@dataclass(frozen=True, slots=True)
class Silence:
    """How long nothing has happened in a chain, in whole working days.

    `customer_days`: since the customer last acted, None if never. `limit_days`: the
    firm's own limit for what it ended with, None if there is none.
    """

    days: int
    customer_days: int | None
    limit_days: int | None
    is_beyond: bool


def silence_of(chain: RunningChain, now: datetime) -> Silence:
    """Return how long a running chain has been silent at `now`."""
    limit = limit_days(chain.last_kind, chain.last_type)
    since = chain.last_acted_at
    return Silence(
        days=whole_working_days(since, now),
        customer_days=(
            whole_working_days(chain.last_in_at, now) if chain.last_in_at else None
        ),
        limit_days=limit,
        # By the bound that lists are narrowed by, so that both always agree.
        is_beyond=limit is not None and since < limit_instant(limit, now),
    )


def limit_days(kind: str | None, type_code: str | None) -> int | None:
    """Return the limit of silence after an activity, None where nobody has set one."""
    if kind != KindCode.EVENT or not type_code:
        return None
    entry = find_entry(EventType, type_code)
    return entry.silence_days if entry else None


def limit_instant(days: int, now: datetime) -> datetime:
    """Return before when something is more than so many working days ago."""
    return working_calendar().instant_before(now, days)


def limits(now: datetime) -> tuple[tuple[str, datetime], ...]:
    """Return (type of event, instant) of all limits, as RunningFilters take them."""
    return tuple(
        (entry.code, limit_instant(entry.silence_days, now))
        for entry in code_list(EventType)
        if entry.silence_days is not None
    )
