"""From what is given to rows: checked, timed and numbered as the services do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any

from django.utils import timezone

from veriga.access.models import User
from veriga.access.queries import users_by_id
from veriga.access.rules import Context
from veriga.activities.kinds import kind_of
from veriga.activities.models import Activity
from veriga.activities.queries.numbering import prefix_of
from veriga.activities.rules.times import Times
from veriga.activities.rules.words import Direction, KindCode
from veriga.activities.services import take_numbers
from veriga.activities.services.entries import clean_text
from veriga.activities.services.fields import clean_title
from veriga.activities.services.numbering import reference_year
from veriga.common.errors import Invalid, NotFound, Problems
from veriga.common.text import fold, sort_key
from veriga.events.rules import event_times
from veriga.parties.models import Company, Share
from veriga.parties.queries import is_kept_from, sees_by_scope
from veriga.product_records.rules import record_times
from veriga.quotes.rules import quote_times, totals
from veriga.setup.models import EventType
from veriga.tasks.rules import task_times
from veriga.work.services.tables import new_ids

from .shapes import LoadedActivity, LoadedChain

DIRECTIONS = frozenset(direction.value for direction in Direction)
# What each kind says where its type does not.
DEFAULT_DIRECTIONS = {
    KindCode.EVENT: Direction.OUT.value,
    KindCode.TASK: Direction.INTERNAL.value,
    KindCode.PRODUCT_RECORD: Direction.INTERNAL.value,
    KindCode.QUOTE: Direction.OUT.value,
}


@dataclass(slots=True)
class Row:
    """One activity on its way into the database."""

    id: int
    given: LoadedActivity
    times: Times
    year: int
    prefix: str
    net_minor: int | None = None
    vat_minor: int = 0
    number: int = 0


def owners_of(
    chains: Iterable[LoadedChain], companies: dict[int, Company]
) -> dict[int, User]:
    """Return the owners by id; Invalid if one is inactive or does not see a company."""
    pairs = {(a.owner_id, c.company_id) for c in chains for a in c.activities}
    if any(company_id not in companies for _, company_id in pairs):
        raise NotFound
    owners = users_by_id(owner_id for owner_id, _ in pairs)
    shared: set[tuple[int, int]] | None = None
    for owner_id, company_id in pairs:
        user, company = owners.get(owner_id), companies[company_id]
        if user is None:
            raise NotFound
        if is_kept_from(user, company):
            raise Invalid.of("owner", "may_not_see_persons", user=user.name)
        if sees_by_scope(user, company):
            continue
        if shared is None:
            shares = Share.objects.filter(user_id__in=owners)
            shared = set(shares.values_list("user_id", "company_id"))
        if (owner_id, company_id) not in shared:
            raise Invalid.of("owner", "cannot_see_company", user=user.name)
    return owners


def rows_of(context: Context, chains: Sequence[LoadedChain]) -> Iterator[Row]:
    """Yield the activities as rows, numbered by no reference yet."""
    zone = timezone.get_default_timezone()
    prefixes = {kind: prefix_of(kind) for kind in KindCode}
    results = {kind: kind_of(kind).results for kind in KindCode}
    ids = iter(new_ids(Activity, sum(len(c.activities) for c in chains)))
    for chain in chains:
        for position, given in enumerate(chain.activities):
            if position and not given.follows:
                raise Invalid("not_linked", title=given.title)
            if any(not 0 <= link.position < position for link in given.follows):
                raise Invalid("circle", title=given.title)
            _check_done(context, given, results[given.kind])
            row = Row(
                next(ids),
                given,
                _times(given, context.now, zone),
                reference_year(given.recorded_at),
                prefixes[given.kind],
            )
            if given.kind is KindCode.QUOTE:
                row.net_minor, row.vat_minor = totals(given.lines)
            yield row


def _check_done(
    context: Context, given: LoadedActivity, results: frozenset[Any]
) -> None:
    if (given.done_at is None) != (given.result == ""):
        raise Invalid.of("result", "not_done")
    if given.done_at is not None:
        if given.result not in results:
            raise Invalid.of("result", "wrong_result")
        if given.done_at > context.now:
            raise Invalid.of("done_at", "out_of_range")
    if given.recorded_at > context.now:
        raise Invalid.of("recorded_at", "out_of_range")


def _times(given: LoadedActivity, now: datetime, zone: tzinfo) -> Times:
    """Return what the kind's own rules make of its dates; Invalid if they cannot be."""
    if given.kind is KindCode.EVENT:
        if given.starts_at is None:
            raise Invalid.of("starts_at", "required")
        if given.ends_at is not None and given.ends_at < given.starts_at:
            raise Invalid.of("ends_at", "ends_before_start")
        return event_times(
            given.starts_at, given.ends_at, all_day=given.all_day, now=now, zone=zone
        )
    if given.kind is KindCode.TASK:
        if given.starts_on is None:
            raise Invalid.of("starts_on", "required")
        times = task_times(given.starts_on, given.due_on, given.due_at, zone)
        if times.due_at is not None and times.due_at < times.date:
            raise Invalid.of("due_on", "due_before_start")
        return times
    if given.kind is KindCode.PRODUCT_RECORD:
        if given.recorded_on is None:
            raise Invalid.of("recorded_on", "required")
        if given.follow_up_on is not None and given.follow_up_on < given.recorded_on:
            raise Invalid.of("follow_up_on", "follow_up_before_record")
        return record_times(given.recorded_on, given.follow_up_on, now=now, zone=zone)
    if given.issued_on is None:
        raise Invalid.of("issued_on", "required")
    if given.valid_until is not None and given.valid_until < given.issued_on:
        raise Invalid.of("valid_until", "valid_before_issue")
    return quote_times(given.issued_on, given.valid_until, given.sent_at, zone)


def number_rows(rows: Sequence[Row]) -> None:
    """Number the rows from 1 under each prefix and year, in the order of recording."""
    last: dict[tuple[str, int], int] = defaultdict(int)
    for row in sorted(rows, key=lambda r: r.given.recorded_at):
        last[row.prefix, row.year] += 1
        row.number = last[row.prefix, row.year]


def take_blocks(rows: Sequence[Row]) -> None:
    """Take one block of numbers per prefix and year, and shift the rows into it."""
    counts: dict[tuple[str, int], int] = defaultdict(int)
    for row in rows:
        counts[row.prefix, row.year] += 1
    # In one order always, so that two loads never wait for each other in a circle.
    first = {key: take_numbers(key[0], key[1], counts[key]) for key in sorted(counts)}
    for row in rows:
        row.number += first[row.prefix, row.year] - 1


@lru_cache(maxsize=50_000)
def title_columns(title: str) -> tuple[str, str, str]:
    """Return a title tidied, its sort key and its folded form; or raise Invalid."""
    problems = Problems()
    clean = clean_title(title, problems)
    problems.raise_if_any()
    return clean, sort_key(clean), fold(clean)[:200]


@lru_cache(maxsize=10_000)
def entry_text(text: str) -> str:
    """Return a text as entries keep it; or raise Invalid."""
    return clean_text(text)


def direction_of(given: LoadedActivity, event_types: Mapping[str, EventType]) -> str:
    """Return who acted: as given, else as the type or kind says."""
    if given.direction:
        if given.direction not in DIRECTIONS:
            raise Invalid.of("direction", "unknown_choice")
        return given.direction
    if given.kind is KindCode.EVENT and given.type_code in event_types:
        return event_types[given.type_code].direction
    return DEFAULT_DIRECTIONS[given.kind]
