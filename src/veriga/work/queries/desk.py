"""The desk: what waits for a user, or for everybody whose work they see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import Exact
from django.utils import timezone

from veriga.access.rules import Actor
from veriga.activities.models import Link
from veriga.activities.queries.filters import OPEN, ActivityFilters
from veriga.activities.queries.lists import counting_activities, list_activities
from veriga.activities.queries.narrowing import NEWEST, RunningFilters
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.queries.running import (
    RunningChain,
    colleagues_beside,
    counting_running,
    list_running,
)
from veriga.activities.rules.words import KindCode, LinkReason, State
from veriga.common.days import day_end
from veriga.common.kept import Kept
from veriga.common.keyset import Page
from veriga.common.plans import Unindexed
from veriga.common.prepared import Counting, count_together, padded, prepared
from veriga.parties.queries import company_condition, seen_by, sight_of
from veriga.work.queries.overview import COUNT_LIMIT, MARGIN, is_long, note_long

from .silence import REPLIED_WITHIN, Limits, limits_for

NEXT_DAYS: Final = 7
QUOTE_DAYS: Final = 14  # a quote that runs out sooner is on the desk
LOOSE_DAYS: Final = 30  # what is older and still loose will stay so
WITHIN: Final = timedelta(days=7)  # what colleagues linked earlier is no news
LOOKED_THROUGH_EVERY: Final = timedelta(minutes=10)
OVERLAP: Final = timedelta(minutes=2)  # a link is seen a while after its moment
LINKS_KEPT: Final = 30
READ: Final = 60  # of what is open; a desk of more asks for each list
SHOWN: Final = 8  # of each list
CHAINS_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Part:
    """The first rows of a list, and how many it has."""

    rows: list[ActivityRow]
    count: int


class LinkedBeside(NamedTuple):
    """What a colleague linked to somebody's work."""

    reference: str
    kind: str
    type_code: str
    title: str
    stimulus_reference: str
    stimulus_title: str
    company_name: str
    made_by_name: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on a desk. `beyond` is None where there is no limit, `loose` on
    everybody's: who did it knows what it belongs to.

    `beside`: by chain, which colleagues have how many running ones at its company.
    Nothing is `linked` on everybody's.
    """

    late: Part
    today: Part
    coming: Part
    quotes: Part
    loose: Part | None
    chains: list[RunningChain]
    chain_count: int
    replied: list[RunningChain]
    replied_count: int
    beyond: int | None
    beside: Mapping[int, list[tuple[str, int]]]
    linked: list[LinkedBeside]
    limits: Limits


def get_desk(actor: Actor, *, now: datetime, everybody: bool = False) -> Desk:
    """Return the actor's own desk, or that of everybody whose work they see.

    At most eight statements for a desk of less than READ open activities, and at most
    four more for any other and for everybody's, which ask for each list. One besides
    where the limits of silence were not asked for a moment ago.
    """
    owner = None if everybody else actor.user_id
    work = _OpenWork(actor, owner, now)
    found = {
        "late": work.late(),
        "today": work.today(),
        "coming": work.coming(),
        "quotes": work.quotes(),
    }
    if not everybody:
        found["loose"] = _loose(actor, owner, now)
    running = RunningFilters(account_owner_id=owner)
    silent = list_running(actor, running, now=now, limit=CHAINS_SHOWN)
    fresh = RunningFilters(
        account_owner_id=owner, replied_since=now - REPLIED_WITHIN, order=NEWEST.name
    )
    replied = list_running(actor, fresh, now=now, limit=SHOWN)
    wanted = {name: one.count for name, one in found.items()}
    wanted["chains"] = _chain_count(actor, running, silent, now)
    wanted["replied"] = _chain_count(actor, fresh, replied, now)
    limits = limits_for(actor, now)
    if limits.are_there:
        wanted["beyond"] = _chain_count(actor, limits.beyond(running), None, now)
    counts = _counted(actor, owner, wanted)
    parts = {name: Part(one.rows, counts[name]) for name, one in found.items()}
    return Desk(
        late=parts["late"],
        today=parts["today"],
        coming=parts["coming"],
        quotes=parts["quotes"],
        loose=parts.get("loose"),
        chains=silent.rows,
        chain_count=counts["chains"],
        replied=replied.rows,
        replied_count=counts["replied"],
        beyond=counts.get("beyond"),
        beside=colleagues_beside(silent.rows),
        linked=[] if everybody else linked_by_others(actor, now=now),
        limits=limits,
    )


def _counted(
    actor: Actor, owner: int | None, wanted: Mapping[str, int | Counting]
) -> dict[str, int]:
    """Return all counts, those not known yet in one statement.

    What was beyond the limit a moment ago is not counted again.
    """
    known: dict[str, int] = {}
    asked: dict[str, Counting] = {}
    for name, one in wanted.items():
        if isinstance(one, int):
            known[name] = one
        elif is_long(actor, ("desk", owner, name)):
            known[name] = COUNT_LIMIT + 1
        else:
            asked[name] = one
    answers = count_together(list(asked.values()))
    for name, count in zip(asked, answers, strict=True):
        known[name] = count
        note_long(actor, ("desk", owner, name), count)
    return known


@dataclass(frozen=True, slots=True)
class _Found:
    """The first rows of a list, and how many it has, or what counts them."""

    rows: list[ActivityRow]
    count: int | Counting


def due_filters(name: str, owner: int | None, now: datetime) -> ActivityFilters:
    """Return what "late", "today", "week" or "fortnight" mean on a desk."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    tomorrow = today + timedelta(days=1)
    if name == "late":
        return ActivityFilters(owner_id=owner, state=State.OVERDUE, order="due")
    first, last = {
        "today": (None, today),
        "week": (tomorrow, today + timedelta(days=NEXT_DAYS)),
        "fortnight": (None, today + timedelta(days=QUOTE_DAYS)),
    }[name]
    return ActivityFilters(
        owner_id=owner, state=State.PENDING, due_from=first, due_to=last, order="due"
    )


class _OpenWork:
    """What is open and due soon, read once or twice and parted; else asked for.

    What is late comes first and may be very much, so what is ahead is then read apart.
    """

    def __init__(self, actor: Actor, owner: int | None, now: datetime) -> None:
        self._actor, self._owner, self._now = actor, owner, now
        zone = timezone.get_default_timezone()
        today = timezone.localdate(now, zone)
        self._today = day_end(today, zone)
        self._week = day_end(today + timedelta(days=NEXT_DAYS), zone)
        soon = due_filters("fortnight", owner, now)
        # Of everybody's there is more than is worth reading for its first lines.
        limit = READ if owner else SHOWN
        rows, self._is_whole = self._read(replace(soon, state=OPEN), limit)
        self._late = [r for r in rows if r.state is State.OVERDUE]
        self._has_all_late = self._is_whole or len(self._late) < len(rows)
        self._ahead = [r for r in rows if r.state is State.PENDING]
        if not self._is_whole:
            self._ahead, self._is_whole = self._read(soon, limit)

    def _read(
        self, filters: ActivityFilters, limit: int
    ) -> tuple[list[ActivityRow], bool]:
        """Return rows by deadline, and whether these are all."""
        page = list_activities(self._actor, filters, now=self._now, limit=limit)
        return page.rows, page.next is None

    def late(self) -> _Found:
        return self._part("late", self._late, is_all=self._has_all_late)

    def today(self) -> _Found:
        rows = [r for r in self._ahead if r.due_at and r.due_at <= self._today]
        return self._part("today", rows, is_all=self._reaches(self._today))

    def coming(self) -> _Found:
        rows = [
            r for r in self._ahead if r.due_at and self._today < r.due_at <= self._week
        ]
        return self._part("week", rows, is_all=self._reaches(self._week))

    def quotes(self) -> _Found:
        rows = [r for r in self._ahead if r.kind == KindCode.QUOTE]
        return self._part("fortnight", rows, KindCode.QUOTE, is_all=self._is_whole)

    def _reaches(self, until: datetime) -> bool:
        """Tell whether everything that is due by then was read."""
        last = self._ahead[-1].due_at if self._ahead else None
        return self._is_whole or (last is not None and last > until)

    def _part(
        self, name: str, rows: list[ActivityRow], kind: str = "", *, is_all: bool
    ) -> _Found:
        """Return the part, asked for by itself where what was read does not reach."""
        if is_all:
            return _Found(rows[:SHOWN], len(rows))
        filters = replace(due_filters(name, self._owner, self._now), kind=kind)
        if len(rows) < SHOWN:
            rows, _is_all = self._read(filters, SHOWN)
        return _Found(rows[:SHOWN], _counting(self._actor, filters, self._now))


def _counting(actor: Actor, filters: ActivityFilters, now: datetime) -> Counting:
    return counting_activities(actor, filters, now=now, limit=COUNT_LIMIT + MARGIN)


def loose_filters(owner: int | None, now: datetime) -> ActivityFilters:
    """Return what is loose though its company has a chain that it may belong to."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    return ActivityFilters(
        owner_id=owner, loose=True, date_from=today - timedelta(days=LOOSE_DAYS)
    )


def _loose(actor: Actor, owner: int | None, now: datetime) -> _Found:
    filters = loose_filters(owner, now)
    page = list_activities(actor, filters, now=now, limit=SHOWN)
    is_whole = page.next is None
    count = len(page.rows) if is_whole else _counting(actor, filters, now)
    return _Found(page.rows, count)


def _chain_count(
    actor: Actor,
    filters: RunningFilters,
    page: Page[RunningChain] | None,
    now: datetime,
) -> int | Counting:
    """Return how many there are: at once if `page` holds them all."""
    if page is not None and page.next is None:
        return len(page.rows)
    return counting_running(actor, filters, now=now, limit=COUNT_LIMIT + MARGIN)


def linked_by_others(actor: Actor, *, now: datetime) -> list[LinkedBeside]:
    """Return what colleagues linked to the actor's own work of late, newest first.

    A week's links are looked through once in ten minutes, and then those made since.
    At most two statements.
    """
    if actor.user_id is None:
        return []
    sight, who = sight_of(actor)
    given = {"own": actor.user_id, **who}
    kept = _links.find((sight, *given.values()))
    if kept is None or not timedelta(0) <= now - kept.whole_at < LOOKED_THROUGH_EVERY:
        kept = _Links(now, now, tuple(_linked(sight, since=now - WITHIN, **given)))
    else:
        fresh = _linked(sight, since=kept.seen_at - OVERLAP, **given)
        ids = tuple(dict.fromkeys([*fresh, *kept.ids]))[:LINKS_KEPT]
        kept = _Links(kept.whole_at, now, ids)
    _links.put((sight, *given.values()), kept)
    if not kept.ids:
        return []
    found = _told(sight, ids=padded(kept.ids), since=now - WITHIN, **given)
    return [LinkedBeside(*values) for values in found]


class _Links(NamedTuple):
    """Links to somebody's work, newest first, and when they were looked for."""

    whole_at: datetime  # when all of a week
    seen_at: datetime
    ids: tuple[int, ...]


_links: Kept[_Links] = Kept(LOOKED_THROUGH_EVERY.total_seconds(), most=300)


@prepared
def _linked(
    sight: str, /, *, own: int, since: datetime, **who: int
) -> QuerySet[Link, int]:
    """Return the newest links to the work of `own` since then."""
    rows = _to_own(sight, own, since, who).order_by("-made_at", "-id")
    return rows.values_list("pk", flat=True)[:LINKS_KEPT]


@prepared
def _told(
    sight: str, /, *, ids: list[int], own: int, since: datetime, **who: int
) -> QuerySet[Link, tuple[Any, ...]]:
    """Return what the desk says of those of `ids` that are still so."""
    rows = _to_own(sight, own, since, who).filter(pk__in=ids)
    return rows.order_by("-made_at", "-id").values_list(
        "follow_up__reference",
        "follow_up__kind",
        "follow_up__type_code",
        "follow_up__title",
        "stimulus__reference",
        "stimulus__title",
        "stimulus__company__name",
        "made_by__name",
        "made_at",
    )[:SHOWN]


def _to_own(
    sight: str, own: int, since: datetime, who: Mapping[str, int]
) -> QuerySet[Link]:
    # A week's links are few beside all that somebody has ever done.
    of_own = Exact(Unindexed(F("stimulus__owner_id")), own)
    rows = Link.objects.filter(of_own, made_at__gte=since)
    rows = rows.exclude(made_by_id=own).filter(made_by__isnull=False)
    rows = rows.exclude(reason=LinkReason.TAKE_OUT)  # only keeps a chain together
    condition = company_condition(seen_by(sight, **who), prefix="stimulus__company__")
    return rows.filter(condition if condition is not None else Q())
