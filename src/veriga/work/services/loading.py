"""Bulk loading of activities with their chains, by the rules that services keep.

What `activities.services` does for one activity at a time is done here for thousands:
checked by the same rules, summarised by the same rules, numbered from blocks of the
same counters, so that `veriga check` finds nothing afterwards. Two things are left out:
history (nobody changed anything) and undo (nothing was there before).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any

from django.utils import timezone

from veriga.access.models import User
from veriga.access.queries import users_by_id
from veriga.access.rules import Context, Scope
from veriga.activities.kinds import kind_of
from veriga.activities.models import Activity, Chain, Entry, Link, Mark, Participant
from veriga.activities.rules.chains import Member, summarise
from veriga.activities.rules.references import write_key, write_reference
from veriga.activities.rules.sales import Sign
from veriga.activities.rules.times import Times, occurred_at
from veriga.activities.rules.words import (
    Direction,
    KindCode,
    LinkReason,
    MarkKind,
    Outcome,
)
from veriga.activities.services import take_numbers
from veriga.activities.services.entries import clean_text
from veriga.activities.services.locking import lock_companies
from veriga.activities.services.numbering import prefix_of, reference_year
from veriga.activities.services.recording import clean_title
from veriga.common.errors import Invalid, NotAllowed, NotFound, Problems
from veriga.common.text import fold, sort_key
from veriga.common.transactions import write
from veriga.events.models import EventDetail
from veriga.events.rules import event_times
from veriga.parties.models import Company, Share
from veriga.product_records.models import ProductRecordDetail
from veriga.product_records.rules import record_times
from veriga.quotes.models import QuoteDetail, QuoteLine
from veriga.quotes.rules import LineValues, quote_times, totals
from veriga.setup.models import (
    CloseReason,
    CodeListEntry,
    EventType,
    ProductRecordType,
    Stage,
)
from veriga.setup.queries import code_list
from veriga.tasks.models import TaskDetail
from veriga.tasks.rules import task_times

from .tables import (
    Table,
    built_afterwards,
    new_ids,
    refresh_statistics,
    set_column,
)


@dataclass(frozen=True, slots=True)
class LoadedEntry:
    """One text in an activity's log."""

    author_id: int | None
    made_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class LoadedMark:
    """A stage, an outcome or a statement; see activities.models.Mark."""

    kind: MarkKind
    made_at: datetime
    value: str = ""
    reason: str = ""
    amount_minor: int | None = None
    currency: str = ""
    month_on: date | None = None
    name: str = ""
    made_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class LoadedLink:
    """That an activity follows the one at `position` in its chain's list."""

    position: int
    made_at: datetime
    reason: LinkReason = LinkReason.IMPORT
    made_by_id: int | None = None


@dataclass(slots=True)
class LoadedActivity:
    """One activity of a chain, with the fields of its kind; instants are aware.

    Every activity but the first of its chain follows at least one before it, so a chain
    is connected and free of circles by the way it is written down.
    """

    kind: KindCode
    title: str
    recorded_at: datetime
    owner_id: int
    created_by_id: int | None = None  # None: the owner
    direction: str = ""  # "": what type or kind says
    type_code: str = ""
    done_at: datetime | None = None
    result: str = ""
    product_id: int | None = None
    follows: Sequence[LoadedLink] = ()
    marks: Sequence[LoadedMark] = ()
    entries: Sequence[LoadedEntry] = ()
    contact_ids: Sequence[int] = ()
    participant_ids: Sequence[int] = ()
    source_reference: str = ""
    # event
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False
    reason: str = ""
    place: str = ""
    # task
    starts_on: date | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    # product record
    recorded_on: date | None = None
    follow_up_on: date | None = None
    quantity: int | None = None  # x 10^-3
    # quote
    issued_on: date | None = None
    valid_until: date | None = None
    sent_at: datetime | None = None
    currency: str = "EUR"
    lines: Sequence[LineValues] = ()


@dataclass(slots=True)
class LoadedChain:
    """A chain: its company and its activities, each after those it follows."""

    company_id: int
    activities: Sequence[LoadedActivity] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    """One activity on its way into the database."""

    id: int
    given: LoadedActivity
    times: Times
    year: int
    prefix: str
    net_minor: int | None = None
    vat_minor: int = 0
    number: int = 0


DIRECTIONS = frozenset(direction.value for direction in Direction)
# What each kind says where its type does not.
DEFAULT_DIRECTIONS = {
    KindCode.EVENT: Direction.OUT.value,
    KindCode.TASK: Direction.INTERNAL.value,
    KindCode.PRODUCT_RECORD: Direction.INTERNAL.value,
    KindCode.QUOTE: Direction.OUT.value,
}
# What a large load does without until its end.
LOADED_MODELS: tuple[type[Any], ...] = (
    Chain, Activity, Link, Mark, Entry, Participant, Activity.contacts.through,
    EventDetail, TaskDetail, ProductRecordDetail, QuoteDetail, QuoteLine,
)  # fmt: skip


@contextmanager
def large_load(count: int) -> Iterator[None]:
    """Make the block, in which about `count` activities are loaded, as fast as can be.

    Where the load is larger than what is there, it becomes one transaction in which
    indexes are built and references checked at the end; others wait for it.
    """
    if Activity.objects.count() > count:
        yield
    else:
        with built_afterwards(LOADED_MODELS):
            yield
    refresh_statistics(LOADED_MODELS)


@write
def load_chains(*, context: Context, chains: Sequence[LoadedChain]) -> int:
    """Store chains in one transaction and return how many activities they had.

    Administrators and the system only. Whoever has much to load calls this once for
    every few thousand activities, so that others get their turn in between.
    Errors: not_linked for an activity that follows nothing before it,
    cannot_see_company for an owner who would not see it, those of create_activity.
    """
    if not context.actor.is_administrator:
        raise NotAllowed
    companies = lock_companies({chain.company_id for chain in chains})
    owners = _owners(chains, companies)
    rows = list(_rows(context, chains))
    _number_rows(rows)
    chain_ids = new_ids(Chain, len(chains))
    origins = _write_chains(chains, chain_ids, rows)
    # Counters are raised when everything slow but the copying itself is done.
    _take_blocks(rows)
    _write_activities(context, chains, chain_ids, rows, companies, owners)
    set_column(Chain, "origin_id", origins)
    _write_details(rows)
    _write_belongings(context, rows)
    return len(rows)


# --- checking and computing -------------------------------------------------------


def _owners(
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
        if _sees_by_scope(user, company):
            continue
        if shared is None:
            shares = Share.objects.filter(user_id__in=owners)
            shared = set(shares.values_list("user_id", "company_id"))
        if (owner_id, company_id) not in shared:
            raise Invalid.of("owner", "cannot_see_company", user=user.name)
    return owners


def _sees_by_scope(user: User, company: Company) -> bool:
    """The rule of parties.queries.can_see, without the statement for shares."""
    return (
        user.scope == Scope.ALL
        or company.is_own
        or company.account_owner_id == user.pk
        or (
            user.scope == Scope.TEAM
            and user.team_id is not None
            and company.team_id == user.team_id
        )
    )


def _rows(context: Context, chains: Sequence[LoadedChain]) -> Iterator[_Row]:
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
            row = _Row(
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


def _number_rows(rows: Sequence[_Row]) -> None:
    """Number the rows from 1 under each prefix and year, in the order of recording."""
    last: dict[tuple[str, int], int] = defaultdict(int)
    for row in sorted(rows, key=lambda r: r.given.recorded_at):
        last[row.prefix, row.year] += 1
        row.number = last[row.prefix, row.year]


def _take_blocks(rows: Sequence[_Row]) -> None:
    """Take one block of numbers per prefix and year, and shift the rows into it."""
    counts: dict[tuple[str, int], int] = defaultdict(int)
    for row in rows:
        counts[row.prefix, row.year] += 1
    # In one order always, so that two loads never wait for each other in a circle.
    first = {key: take_numbers(key[0], key[1], counts[key]) for key in sorted(counts)}
    for row in rows:
        row.number += first[row.prefix, row.year] - 1


@lru_cache(maxsize=50_000)
def _title_columns(title: str) -> tuple[str, str, str]:
    """Return a title tidied, its sort key and its folded form; or raise Invalid."""
    problems = Problems()
    clean = clean_title(title, problems)
    problems.raise_if_any()
    return clean, sort_key(clean), fold(clean)[:200]


@lru_cache(maxsize=10_000)
def _entry_text(text: str) -> str:
    return clean_text(text)


def _direction(given: LoadedActivity, event_types: Mapping[str, EventType]) -> str:
    if given.direction:
        if given.direction not in DIRECTIONS:
            raise Invalid.of("direction", "unknown_choice")
        return given.direction
    if given.kind is KindCode.EVENT and given.type_code in event_types:
        return event_types[given.type_code].direction
    return DEFAULT_DIRECTIONS[given.kind]


# --- writing ----------------------------------------------------------------------


def _write_chains(
    chains: Sequence[LoadedChain], chain_ids: Sequence[int], rows: Sequence[_Row]
) -> list[tuple[int, int]]:
    """Write the chains, and return (origin, chain) ids to be set at the end.

    A chain cannot name its origin before that is there: on SQLite a reference that is
    not yet met makes every row that follows look for what it might meet.
    """
    table = Table(Chain)
    origins = []
    start = 0
    for chain, chain_id in zip(chains, chain_ids, strict=True):
        part = rows[start : start + len(chain.activities)]
        start += len(part)
        members = [
            Member(
                row.id,
                row.given.kind,
                row.times.date,
                write_key(row.prefix, row.year, row.number),
                row.given.recorded_at,
            )
            for row in part
        ]
        links = [
            (row.id, part[link.position].id)
            for row in part
            for link in row.given.follows
        ]
        signs = [
            Sign(mark.made_at, (0, order), mark.kind, mark.value, row.id)
            for order, (row, mark) in enumerate(
                (row, mark) for row in part for mark in row.given.marks
            )
            if mark.kind is not MarkKind.STATEMENT
        ]
        summary = summarise(members, links, signs)
        origins.append((summary.origin_id, chain_id))
        table.add(
            chain_id,
            chain.company_id,
            summary.size,
            summary.events,
            summary.tasks,
            summary.product_records,
            summary.quotes,
            table.instant(summary.first_date),
            table.instant(summary.last_date),
            summary.stage,
            Outcome(summary.outcome).value,
        )
    table.write(
        "id", "company_id", "size", "events", "tasks", "product_records", "quotes",
        "first_date", "last_date", "stage", "outcome",
    )  # fmt: skip
    return origins


def _write_activities(
    context: Context,
    chains: Sequence[LoadedChain],
    chain_ids: Sequence[int],
    rows: Sequence[_Row],
    companies: dict[int, Company],
    owners: dict[int, User],
) -> None:
    table = Table(Activity)
    instant = table.instant
    source = context.source.value
    event_types = {entry.code: entry for entry in code_list(EventType)}
    waiting = iter(rows)
    for chain, chain_id in zip(chains, chain_ids, strict=True):
        company = companies[chain.company_id]
        for given, row in zip(chain.activities, waiting, strict=False):
            times = row.times
            title, title_key, title_folded = _title_columns(given.title)
            happened = occurred_at(
                given.kind,
                starts_at=times.starts_at,
                done_at=given.done_at,
                document_at=times.document_at,
            )
            is_quote = row.net_minor is not None
            table.add(
                row.id,
                write_reference(row.prefix, row.year, row.number),
                write_key(row.prefix, row.year, row.number),
                given.kind.value,
                given.type_code,
                company.pk,
                chain_id,
                title,
                _direction(given, event_types),
                None,
                given.product_id,
                given.owner_id,
                given.created_by_id or given.owner_id,
                instant(given.recorded_at),
                instant(times.date),
                instant(times.starts_at),
                instant(times.ends_at),
                times.all_day,
                instant(times.due_at),
                instant(times.document_at),
                instant(given.done_at),
                instant(happened),
                given.result,
                row.net_minor,
                given.currency if is_quote else "",
                0,
                title_key,
                title_folded,
                company.name_key,
                owners[given.owner_id].name_key,
                company.team_id,
                company.account_owner_id,
                source,
                given.source_reference[:60],
                1,
                None,
                None,
                None,
            )
    table.write(*ACTIVITY_COLUMNS)


ACTIVITY_COLUMNS = (
    "id", "reference", "reference_key", "kind", "type_code", "company_id", "chain_id",
    "title", "direction", "importance_id", "product_id", "owner_id", "created_by_id",
    "recorded_at", "date", "starts_at", "ends_at", "all_day", "due_at", "document_at",
    "done_at", "occurred_at", "result", "amount_minor", "currency", "attachments",
    "title_key", "title_folded", "company_key", "owner_key", "company_team_id",
    "company_owner_id", "source", "source_reference", "row_version", "deleted_at",
    "deleted_by_id", "lies_beside_id",
)  # fmt: skip


def _write_details(rows: Iterable[_Row]) -> None:
    """Write the tables of the four kinds."""
    events, tasks = Table(EventDetail), Table(TaskDetail)
    records, quotes = Table(ProductRecordDetail), Table(QuoteDetail)
    lines = Table(QuoteLine)
    event_types, record_types = _codes(EventType), _codes(ProductRecordType)
    for row in rows:
        given = row.given
        if given.kind is KindCode.EVENT:
            _require(event_types, given.type_code)
            events.add(row.id, given.type_code, given.reason or None, given.place)
        elif given.kind is KindCode.TASK:
            tasks.add(row.id, tasks.day(given.starts_on), tasks.day(given.due_on))
        elif given.kind is KindCode.PRODUCT_RECORD:
            _require(record_types, given.type_code)
            records.add(
                row.id,
                given.type_code,
                records.day(given.recorded_on),
                records.day(given.follow_up_on),
                given.quantity,
            )
        else:
            quotes.add(
                row.id,
                quotes.day(given.issued_on),
                quotes.day(given.valid_until),
                quotes.instant(given.sent_at),
                row.net_minor,
                row.vat_minor,
            )
            for position, line in enumerate(given.lines, start=1):
                lines.add(
                    row.id,
                    position,
                    line.product_id,
                    line.text,
                    line.quantity,
                    line.unit,
                    line.unit_price,
                    line.discount_percent,
                    line.vat_rate,
                    line.net_minor,
                )
    events.write("activity_id", "type_id", "reason_id", "place")
    tasks.write("activity_id", "starts_on", "due_on")
    records.write("activity_id", "type_id", "recorded_on", "follow_up_on", "quantity")
    quotes.write(
        "activity_id", "issued_on", "valid_until", "first_sent_at", "net_minor",
        "vat_minor",
    )  # fmt: skip
    lines.write(
        "quote_id", "position", "product_id", "text", "quantity", "unit", "unit_price",
        "discount_percent", "vat_rate", "net_minor",
    )  # fmt: skip


def _write_belongings(context: Context, rows: Sequence[_Row]) -> None:
    """Write links, marks, entries, participants and contacts."""
    links, marks, entries = Table(Link), Table(Mark), Table(Entry)
    people, contacts = Table(Participant), Table(Activity.contacts.through)
    stages, reasons = _codes(Stage), _codes(CloseReason)
    chain_start = 0
    for index, row in enumerate(rows):
        given = row.given
        if not given.follows:
            chain_start = index
        for link in given.follows:
            links.add(
                row.id,
                rows[chain_start + link.position].id,
                link.reason.value,
                link.made_by_id or given.created_by_id or given.owner_id,
                links.instant(link.made_at),
            )
        for mark in given.marks:
            if mark.kind is MarkKind.STAGE:
                _require(stages, mark.value)
            if mark.reason:
                _require(reasons, mark.reason)
            marks.add(
                row.id,
                mark.kind.value,
                mark.value,
                mark.reason or None,
                "",
                mark.amount_minor,
                mark.currency,
                marks.day(mark.month_on),
                mark.name,
                mark.made_by_id or given.owner_id,
                marks.instant(mark.made_at),
                None,
            )
        for entry in given.entries:
            entries.add(
                row.id,
                entry.author_id,
                entries.instant(entry.made_at),
                _entry_text(entry.text),
                None,
                False,
                False,
                False,
            )
        for user_id in given.participant_ids:
            people.add(row.id, user_id)
        for contact_id in given.contact_ids:
            contacts.add(row.id, contact_id)
    links.write("follow_up_id", "stimulus_id", "reason", "made_by_id", "made_at")
    marks.write(
        "activity_id", "kind", "value", "reason_id", "note", "amount_minor", "currency",
        "month_on", "name", "made_by_id", "made_at", "withdrawn_at",
    )  # fmt: skip
    entries.write(
        "activity_id", "author_id", "made_at", "text", "edited_at", "is_locked",
        "is_confidential", "from_mail",
    )  # fmt: skip
    people.write("activity_id", "user_id")
    contacts.write("activity_id", "contact_id")


def _codes(model: type[CodeListEntry]) -> set[str]:
    return {entry.code for entry in code_list(model)}


def _require(codes: set[str], code: str) -> None:
    if code not in codes:
        raise Invalid("unknown_choice", value=code)
