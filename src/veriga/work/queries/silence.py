"""Silence: for how long a chain has been still, and whether that is beyond a limit.

The limit is the one that the data carry (docs/insight/stalled.md) for whoever asks; as
long as they carry none, the firm's own by type of event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from veriga.access.queries import actor_of, list_users
from veriga.access.rules import Actor, system
from veriga.activities.queries.chains import ChainSummary
from veriga.activities.queries.narrowing import RunningFilters
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.queries.running import RunningChain
from veriga.activities.rules.words import KindCode
from veriga.insight.queries.limits import StallLimits, find_limits, limits_by_sight
from veriga.insight.rules.sights import sight_of_actor
from veriga.setup.models import EventType
from veriga.setup.queries import code_list, find_entry
from veriga.setup.working import whole_working_days, working_calendar

REPLIED_WITHIN: Final = timedelta(days=14)  # an older reply is no news


@dataclass(frozen=True, slots=True)
class DataLimit:
    """A limit that the data carry: working days, and what it is made of.

    One false alarm in `days_per_alarm` working days of an open chain; `since`: whoever
    has been waited for since before is beyond it.
    """

    days: float
    waits: int
    chains: int
    days_per_alarm: float
    since: datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """What is silent too long at one moment, for one actor.

    `common` None: the data carry no limit, so the firm's own hold, as (type of event,
    the instant before which silence began). A class of companies may have its own.
    """

    now: datetime
    firm: tuple[tuple[str, datetime], ...] = ()
    common: DataLimit | None = None
    by_segment: Mapping[str, DataLimit] = field(default_factory=dict)

    @property
    def are_by_data(self) -> bool:
        """Whether the data carry the limits."""
        return self.common is not None

    @property
    def are_there(self) -> bool:
        """Whether there is any limit."""
        return self.are_by_data or bool(self.firm)

    def of(self, segment: str) -> DataLimit | None:
        """Return the data's limit for chains of companies of this class."""
        return self.by_segment.get(segment, self.common)

    def beyond(self, filters: RunningFilters) -> RunningFilters:
        """Return filters that leave only what is beyond a limit, as the flags say."""
        if self.common is None:
            return replace(filters, beyond=self.firm)
        classes = tuple((name, one.since) for name, one in self.by_segment.items())
        return replace(filters, waited_since=self.common.since, waited_of=classes)


@dataclass(frozen=True, slots=True)
class Silence:
    """How long nothing has happened in a chain, in whole working days.

    `customer_days`: since the customer last acted, None if never. `data_limit`: the
    limit that the data carry; where there is none `limit_days`, the firm's own for what
    the chain ended with, None if there is none either.
    """

    days: int
    customer_days: int | None
    limit_days: int | None
    is_beyond: bool
    data_limit: DataLimit | None = None


def limits_for(actor: Actor, now: datetime) -> Limits:
    """Return the limits that hold for an actor at `now`.

    One statement, and none where it was asked a moment ago.
    """
    found = find_limits(actor)
    if found is None:
        return Limits(now, firm_limits(now))
    return Limits(
        now,
        common=_data_limit(found, "", now),
        by_segment={name: _data_limit(found, name, now) for name in found.by_segment},
    )


def limits_of_users() -> dict[int, StallLimits]:
    """Return the limits that the data carry for active users, by the user's id.

    Whoever is not among them has the firm's own. One statement where there are some,
    and those of limits_by_sight.
    """
    found = limits_by_sight()
    users = list_users(system("limits"), active_only=True) if found else []
    keys = ((user.pk, sight_of_actor(actor_of(user)).key) for user in users)
    return {pk: found[key] for pk, key in keys if key in found}


def _data_limit(found: StallLimits, segment: str, now: datetime) -> DataLimit:
    one = found.of(segment)
    since = limit_instant(one.days, now)
    return DataLimit(one.days, one.waits, one.chains, found.days_per_alarm, since)


def silence_of(chain: RunningChain, limits: Limits) -> Silence:
    """Return how long a running chain has been silent, and whether that is too long."""
    last = None if chain.last_reference is None else (chain.last_kind, chain.last_type)
    return _silence(chain, last, limits)


def silence_in(
    chain: ChainSummary, rows: Iterable[ActivityRow], limits: Limits
) -> Silence | None:
    """Return the same of a chain whose members were read; None if lists leave it out.

    They hold what runs; chains of the own firm are nobody's move.
    """
    if not chain.is_running or chain.is_of_own_firm:
        return None
    kinds = (
        (one.kind, one.type_code)
        for one in rows
        if one.occurred_at == chain.last_acted_at
    )
    return _silence(chain, next(kinds, None), limits)


def _silence(
    chain: RunningChain | ChainSummary,
    last: tuple[str | None, str | None] | None,
    limits: Limits,
) -> Silence:
    """Return the silence after what happened last; `last` None: nothing has yet."""
    now, since = limits.now, chain.last_acted_at
    by_data = limits.of(chain.company_segment)
    limit = None if by_data or last is None else limit_days(*last)
    if by_data:
        is_beyond = last is not None and _has_waited(chain, by_data.since)
    else:
        # By the bound that lists are narrowed by, so that both always agree.
        is_beyond = limit is not None and since < limit_instant(limit, now)
    return Silence(
        days=whole_working_days(since, now),
        customer_days=(
            whole_working_days(chain.last_in_at, now) if chain.last_in_at else None
        ),
        limit_days=limit,
        is_beyond=is_beyond,
        data_limit=by_data,
    )


def _has_waited(chain: RunningChain | ChainSummary, since: datetime) -> bool:
    """Tell whether a chain has been waiting since before an instant.

    As narrowing.waited_condition asks it. An appointment ahead is no wait, a missed one
    begins it anew.
    """
    agreed = chain.agreed_until
    return chain.last_acted_at < since and (agreed is None or agreed < since)


def limit_days(kind: str | None, type_code: str | None) -> int | None:
    """Return the firm's limit after an activity, None where nobody has set one."""
    if kind != KindCode.EVENT or not type_code:
        return None
    entry = find_entry(EventType, type_code)
    return entry.silence_days if entry else None


def limit_instant(days: float, now: datetime) -> datetime:
    """Return before when something is more than so many working days ago."""
    return working_calendar().instant_before(now, days)


def firm_limits(now: datetime) -> tuple[tuple[str, datetime], ...]:
    """Return (type of event, instant) of all the firm's own limits."""
    return tuple(
        (entry.code, limit_instant(entry.silence_days, now))
        for entry in code_list(EventType)
        if entry.silence_days is not None
    )
