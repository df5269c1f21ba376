"""The activity log of this installation, read from its tables in one pass.

Reads in pieces into columns, so that no row is ever a Python object for long; what it
costs in memory is the columns. It reads everything there is, whoever asks: sights.py
says whose part of it may be shown to whom. Source: docs/insight/data.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np

from veriga.activities.models import Activity, Chain, Link, Mark
from veriga.activities.rules.words import (
    NOT_CARRIED_OUT,
    Direction,
    Outcome,
)
from veriga.common.transactions import one_moment
from veriga.common.working_time import WorkingCalendar
from veriga.insight.rules.clock import Instants, clock_of, days_of, months_of
from veriga.insight.rules.log import (
    UNDATED,
    Activities,
    ActivityKind,
    ActivityLog,
    Bools,
    Chains,
    Ending,
    Fate,
    Floats,
    Ints,
    Links,
    Months,
    Side,
)
from veriga.parties.models import Company
from veriga.setup.working import working_calendar

from .columns import (
    PIECE,
    Instant,
    Words,
    codes_of,
    instants_of,
    names_of,
    ordered,
    pieces,
    whole_numbers,
)

SIDES: Final = {
    Direction.OUT.value: int(Side.OUT),
    Direction.IN.value: int(Side.IN),
    Direction.INTERNAL.value: int(Side.INTERNAL),
}
ENDINGS: Final = {
    Outcome.OPEN.value: int(Ending.OPEN),
    Outcome.WON.value: int(Ending.WON),
    Outcome.LOST.value: int(Ending.LOST),
    Outcome.GIVEN_UP.value: int(Ending.GIVEN_UP),
}
_NOT_CARRIED_OUT: Final = frozenset(str(one) for one in NOT_CARRIED_OUT)


@dataclass(frozen=True, slots=True)
class Reading:
    """The log, and of each of its chains whether the company is a natural person."""

    log: ActivityLog
    is_person: Bools


def read_log(now: datetime, calendar: WorkingCalendar | None = None) -> Reading:
    """Return all there is at one moment; `now` is what silences last until."""
    calendar = calendar or working_calendar()
    with one_moment():
        own = list(Company.objects.filter(is_own=True).values_list("pk", flat=True))
        rows = _read_activities(own)
        heads = _read_chains(own)
        closed = _read_closes()
        follow_up, stimulus = _read_links()
    return _put_together(rows, heads, closed, (follow_up, stimulus), now, calendar)


@dataclass(slots=True)
class _Rows:
    """The activities in the order of the story, as stored."""

    id: Ints
    chain_id: Ints
    kind: Ints
    side: Ints
    user: Ints
    product: Ints
    is_dropped: Bools
    occurred: Instants
    date: Instants
    recorded: Instants
    done: Instants
    kinds: tuple[ActivityKind, ...]


@dataclass(slots=True)
class _Heads:
    """The chains, by id, as stored."""

    id: Ints
    company: Ints
    team: Ints
    owner: Ints
    is_person: Bools
    origin_id: Ints
    ending: Ints
    segment: Ints
    reason: Ints
    segments: tuple[str, ...]
    reasons: tuple[str, ...]


def _read_activities(own: list[int]) -> _Rows:
    query = Activity.objects.filter(chain__isnull=False).exclude(company_id__in=own)
    numbers: list[list[Ints]] = [[] for _ in range(6)]
    instants: list[list[Instants]] = [[] for _ in range(4)]
    dropped: list[Bools] = []
    keys: list[Any] = []
    words = Words()
    for columns in pieces(
        query.values_list(
            *("pk", "chain_id", "owner_id", "product_id", "kind", "type_code"),
            *("direction", "result", "reference_key"),
            *(Instant(n) for n in ("occurred_at", "date", "recorded_at", "done_at")),
        )
    ):
        ids, chains, users, products, kinds, types, sides, results, refs = columns[:9]
        found = (
            *(
                whole_numbers(ids),
                whole_numbers(chains),
                words.codes(zip(kinds, types, strict=True)),
            ),
            *(codes_of(sides, SIDES), whole_numbers(users), whole_numbers(products)),
        )
        for kept, one in zip(numbers, found, strict=True):
            kept.append(one)
        for times, column in zip(instants, columns[9:], strict=True):
            times.append(instants_of(column))
        dropped.append(np.array([one in _NOT_CARRIED_OUT for one in results], bool))
        keys.append(np.array([(one or "~").encode() for one in refs]))
    if not keys:
        none, never = whole_numbers([]), instants_of([])
        rows = (none, none, none, none, none, none, np.zeros(0, dtype=bool))
        return _Rows(*rows, never, never, never, never, ())
    order = np.lexsort(
        (np.concatenate(keys), np.concatenate(instants[1]), np.concatenate(numbers[1]))
    )
    del keys
    rank, names = words.sorted()
    ids, chain_ids, kind, side, user, product = (ordered(n, order) for n in numbers)
    occurred, date, recorded, done = (ordered(one, order) for one in instants)
    return _Rows(
        id=ids,
        chain_id=chain_ids,
        kind=rank[kind],
        side=side,
        user=user,
        product=product,
        is_dropped=ordered(dropped, order),
        occurred=occurred,
        date=date,
        recorded=recorded,
        done=done,
        kinds=tuple(ActivityKind(name) for name in names),
    )


def _read_chains(own: list[int]) -> _Heads:
    query = Chain.objects.exclude(company_id__in=own).order_by("pk")
    columns = (
        list(
            zip(
                *query.values_list(
                    *("pk", "company_id", "company_team_id", "company_owner_id"),
                    *("company_is_person", "origin_id", "outcome", "company__abc"),
                    "origin__event__reason_id",
                ).iterator(chunk_size=PIECE),
                strict=True,
            )
        )
        or [()] * 9
    )
    segments, reasons = names_of(columns[7]), names_of(columns[8])
    ids, company, team, owner = (whole_numbers(column) for column in columns[:4])
    return _Heads(
        id=ids,
        company=company,
        team=team,
        owner=owner,
        is_person=np.array(columns[4], dtype=bool),
        origin_id=whole_numbers(columns[5]),
        ending=codes_of(columns[6], ENDINGS),
        segment=codes_of(columns[7], {name: i for i, name in enumerate(segments)}),
        reason=codes_of(columns[8], {name: i for i, name in enumerate(reasons)}),
        segments=segments,
        reasons=reasons,
    )


def _read_closes() -> tuple[Ints, Instants]:
    """Return of each close of a sale its chain and when it was stated."""
    closes = Mark.objects.filter(
        closes__gt="", withdrawn_at__isnull=True, activity__chain__isnull=False
    )
    chains, times = [whole_numbers([])], [instants_of([])]
    for columns in pieces(closes.values_list("activity__chain_id", Instant("made_at"))):
        chains.append(whole_numbers(columns[0]))
        times.append(instants_of(columns[1]))
    return np.concatenate(chains), np.concatenate(times)


def _read_links() -> tuple[Ints, Ints]:
    follow_up, stimulus = [whole_numbers([])], [whole_numbers([])]
    links = Link.objects.values_list("follow_up_id", "stimulus_id")
    for columns in pieces(links):
        follow_up.append(whole_numbers(columns[0]))
        stimulus.append(whole_numbers(columns[1]))
    return np.concatenate(follow_up), np.concatenate(stimulus)


def _put_together(
    rows: _Rows,
    heads: _Heads,
    closed: tuple[Ints, Instants],
    links: tuple[Ints, Ints],
    now: datetime,
    calendar: WorkingCalendar,
) -> Reading:
    """Return the log, of the chains that have rows and the rows that have chains."""
    now_at = np.datetime64(now.astimezone(UTC).replace(tzinfo=None), "us")
    filled = np.flatnonzero(np.isin(heads.id, rows.chain_id))
    chain_ids = heads.id[filled]
    chain = np.searchsorted(chain_ids, rows.chain_id)
    sizes = np.bincount(chain, minlength=len(chain_ids))
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    # What is dated ahead of now has not happened yet, whatever was ticked.
    has_happened = ~np.isnat(rows.occurred) & (rows.occurred <= now_at)
    fate = np.where(
        rows.is_dropped,
        int(Fate.DROPPED),
        np.where(has_happened, int(Fate.HELD), int(Fate.COMING)),
    ).astype(np.int64)
    at = clock_of(calendar, rows.occurred)
    at[fate != Fate.HELD] = np.nan
    planned = clock_of(calendar, rows.date)
    by_id = np.argsort(rows.id, kind="stable")
    origin = _places(rows.id, by_id, heads.origin_id[filled])
    ending = heads.ending[filled]
    ended = _ended(chain_ids, closed, calendar)
    ended[ending == Ending.OPEN] = np.nan
    ends = [_places(rows.id, by_id, one) for one in links]
    whole = (ends[0] >= 0) & (ends[1] >= 0)
    log = ActivityLog(
        rows.kinds,
        heads.segments,
        heads.reasons,
        Activities(
            id=rows.id,
            chain=chain.astype(np.int64),
            kind=rows.kind,
            side=rows.side,
            fate=fate,
            user=rows.user,
            product=rows.product,
            at=at,
            planned=planned,
            recorded=clock_of(calendar, rows.recorded),
            closed=clock_of(calendar, rows.done),
            day=days_of(calendar.zone, rows.date),
        ),
        Chains(
            id=chain_ids,
            first=first,
            company=heads.company[filled],
            team=heads.team[filled],
            account_owner=heads.owner[filled],
            segment=heads.segment[filled],
            origin=np.where(origin >= 0, origin, first[:-1]),
            origin_reason=heads.reason[filled],
            began=planned[first[:-1]],
            ended=ended,
            ending=ending,
        ),
        Links(ends[0][whole], ends[1][whole]),
        calendar.clock(now),
        _months(calendar, rows.date, now_at),
    )
    return Reading(log, heads.is_person[filled])


def _months(calendar: WorkingCalendar, dates: Instants, now: np.datetime64) -> Months:
    """Return the months from the first activity until now."""
    if not len(dates):
        return UNDATED
    ends = np.array([min(dates.min(), now), now])
    first, last = days_of(calendar.zone, ends)
    return months_of(
        calendar, date.fromordinal(int(first)), date.fromordinal(int(last))
    )


def _ended(
    chains: Ints, closed: tuple[Ints, Instants], calendar: WorkingCalendar
) -> Floats:
    """Return when the newest close of each chain was stated; NaN without one."""
    found = np.full(len(chains), -np.inf)
    place = np.searchsorted(chains, closed[0])
    known = place < len(chains)
    known[known] = chains[place[known]] == closed[0][known]
    np.maximum.at(found, place[known], clock_of(calendar, closed[1][known]))
    found[np.isneginf(found)] = np.nan
    return found


def _places(ids: Ints, by_id: Ints, wanted: Ints) -> Ints:
    """Return the rows of these ids, -1 where there is none."""
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.int64)
    place = np.searchsorted(ids, wanted, sorter=by_id)
    rows = by_id[np.minimum(place, len(ids) - 1)]
    return np.where(ids[rows] == wanted, rows, -1)
