"""Writing rows into their tables, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from veriga.access.models import User
from veriga.access.rules import Context
from veriga.activities.models import Activity, Chain, Entry, Link, Mark, Participant
from veriga.activities.rules.chains import Member, closes_in, summarise
from veriga.activities.rules.references import write_key, write_reference
from veriga.activities.rules.sales import Close, Sign
from veriga.activities.rules.times import occurred_at
from veriga.activities.rules.words import (
    KindCode,
    MarkKind,
    Outcome,
)
from veriga.common.errors import Invalid
from veriga.events.models import EventDetail
from veriga.parties.models import Company
from veriga.product_records.models import ProductRecordDetail
from veriga.quotes.models import QuoteDetail, QuoteLine
from veriga.setup.models import (
    CloseReason,
    CodeListEntry,
    EventType,
    ProductRecordType,
    Stage,
)
from veriga.setup.queries import code_list
from veriga.tasks.models import TaskDetail
from veriga.work.services.tables import (
    Table,
)

from .rows import Row, direction_of, entry_text, title_columns
from .shapes import LoadedChain

# By the row of an activity and the place among its marks.
Closes = dict[tuple[int, int], Close]


def write_chains(
    chains: Sequence[LoadedChain],
    chain_ids: Sequence[int],
    rows: Sequence[Row],
    companies: dict[int, Company],
) -> tuple[list[tuple[int, int]], Closes]:
    """Write the chains; return (origin, chain) ids to be set at the end, and closes.

    A chain cannot name its origin before that is there: on SQLite a reference that is
    not yet met makes every row that follows look for what it might meet.
    """
    table = Table(Chain)
    event_types = {entry.code: entry for entry in code_list(EventType)}
    origins = []
    closes: Closes = {}
    start = 0
    for chain, chain_id in zip(chains, chain_ids, strict=True):
        company = companies[chain.company_id]
        part = rows[start : start + len(chain.activities)]
        start += len(part)
        members = [
            Member(
                row.id,
                row.given.kind,
                row.times.date,
                write_key(row.prefix, row.year, row.number),
                row.given.recorded_at,
                direction_of(row.given, event_types),
                row.times.due_at,
                row.given.done_at,
                occurred_at(
                    row.given.kind,
                    starts_at=row.times.starts_at,
                    done_at=row.given.done_at,
                    document_at=row.times.document_at,
                ),
                row.given.result,
                row.times.sent_at,
                row.net_minor,
                row.given.currency,
            )
            for row in part
        ]
        links = [
            (row.id, part[link.position].id)
            for row in part
            for link in row.given.follows
        ]
        marks = [
            (row.id, place, mark)
            for row in part
            for place, mark in enumerate(row.given.marks)
        ]
        signs = [
            Sign(
                mark.made_at,
                (0, order),
                mark.kind,
                mark.value,
                row_id,
                mark.amount_minor,
                mark.currency,
                mark.month_on,
                mark.name,
            )
            for order, (row_id, _, mark) in enumerate(marks)
        ]
        for order, close in closes_in(members, signs).items():
            closes[marks[order][:2]] = close
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
            summary.last_acted_id,
            table.instant(summary.last_acted_at),
            table.instant(summary.last_in_at),
            summary.last_contact,
            table.instant(summary.agreed_until),
            table.instant(summary.first_due_at),
            summary.next_step_id,
            summary.is_running,
            summary.is_running,
            table.instant(summary.sale_since),
            summary.sale_name,
            summary.worth_minor,
            summary.worth_currency,
            table.day(summary.worth_month_on),
            summary.worth_from_id,
            summary.worth_is_quoted,
            company.team_id,
            company.account_owner_id,
            company.is_person,
        )
    table.write(
        "id", "company_id", "size", "events", "tasks", "product_records", "quotes",
        "first_date", "last_date", "stage", "outcome", "last_acted_id", "last_acted_at",
        "last_in_at", "last_contact", "agreed_until", "first_due_at", "next_step_id",
        "is_running", "is_unsummed", "sale_since", "sale_name", "worth_minor",
        "worth_currency", "worth_month_on", "worth_from_id", "worth_is_quoted",
        "company_team_id", "company_owner_id", "company_is_person",
    )  # fmt: skip
    return origins, closes


def write_activities(
    context: Context,
    chains: Sequence[LoadedChain],
    chain_ids: Sequence[int],
    rows: Sequence[Row],
    companies: dict[int, Company],
    owners: dict[int, User],
) -> None:
    """Write the activities with all their columns."""
    table = Table(Activity)
    instant = table.instant
    source = context.source.value
    event_types = {entry.code: entry for entry in code_list(EventType)}
    waiting = iter(rows)
    for chain, chain_id in zip(chains, chain_ids, strict=True):
        company = companies[chain.company_id]
        for given, row in zip(chain.activities, waiting, strict=False):
            times = row.times
            title, title_key, title_folded = title_columns(given.title)
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
                direction_of(given, event_types),
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
                instant(times.sent_at),
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
                company.is_person,
                source,
                given.source_reference[:60],
                1,
                None,
                None,
                None,
                None,
            )
    table.write(*ACTIVITY_COLUMNS)


ACTIVITY_COLUMNS = (
    "id", "reference", "reference_key", "kind", "type_code", "company_id", "chain_id",
    "title", "direction", "importance_id", "product_id", "owner_id", "created_by_id",
    "recorded_at", "date", "starts_at", "ends_at", "all_day", "due_at", "document_at",
    "sent_at", "done_at", "occurred_at", "result", "amount_minor", "currency",
    "attachments", "title_key", "title_folded", "company_key", "owner_key",
    "company_team_id", "company_owner_id", "company_is_person", "source",
    "source_reference", "row_version", "deleted_at", "deleted_by_id",
    "lies_beside_id", "gathering_id",
)  # fmt: skip


def write_details(rows: Iterable[Row]) -> None:
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


def write_belongings(context: Context, rows: Sequence[Row], closes: Closes) -> None:
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
        for place, mark in enumerate(given.marks):
            close = closes.get((row.id, place))
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
                close.outcome if close else "",
                close.amount_minor if close else None,
                close.currency if close else "",
            )
        for entry in given.entries:
            entries.add(
                row.id,
                entry.author_id,
                entries.instant(entry.made_at),
                entry_text(entry.text),
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
        "month_on", "name", "made_by_id", "made_at", "withdrawn_at", "closes",
        "closed_minor", "closed_currency",
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
