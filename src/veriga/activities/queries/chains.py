"""Chains: one whole, its story, those of a company, and whose move each is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Chain, Entry, Link, Mark
from veriga.activities.rules.rights import Standing, can_read_confidential
from veriga.activities.rules.sales import Sale, Sign, read_sales
from veriga.activities.rules.times import move_by
from veriga.activities.rules.words import MarkKind
from veriga.common.errors import NotFound
from veriga.common.keyset import Page
from veriga.common.prepared import prepared
from veriga.parties.queries import activity_condition, seen_by, sight_of

from .activities import get_activity, visible_activities
from .rows import ORDERS, ActivityRow, first_rows, rows_of, rows_page, to_page

CHAIN_LIMIT = 500


@dataclass(frozen=True, slots=True)
class ChainSummary:
    """What is said of a chain wherever it is named."""

    id: int
    company_id: int
    origin_id: int
    origin_reference: str
    origin_title: str
    origin_kind: str
    origin_type: str
    size: int
    events: int
    tasks: int
    product_records: int
    quotes: int
    first_date: datetime
    last_date: datetime
    stage: str
    outcome: str
    last_acted_at: datetime
    last_in_at: datetime | None
    last_contact: str
    agreed_until: datetime | None
    first_due_at: datetime | None
    is_running: bool
    worth_minor: int | None
    worth_currency: str
    worth_month_on: date | None
    worth_from_id: int | None
    worth_is_quoted: bool
    sale_name: str
    company_segment: str
    is_of_own_firm: bool

    def move(self, now: datetime) -> str:
        """Return whose move it is: "agreed", "ours" or "theirs"."""
        return move_by(self.agreed_until, self.first_due_at, self.last_contact, now)


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link of a chain, in references."""

    id: int
    follow_up: str
    stimulus: str
    follow_up_id: int
    stimulus_id: int
    made_by_id: int | None
    made_by_name: str
    made_by_email: str
    made_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Grave:
    """A deleted activity, where it was in its chain."""

    reference: str
    kind: str
    date: datetime
    deleted_at: datetime
    deleted_by_name: str


class NamedChain(NamedTuple):
    """A chain as a list of any chains shows it."""

    id: int
    company_id: int
    company_name: str
    origin_reference: str
    origin_title: str
    origin_kind: str
    origin_type: str
    size: int
    first_date: datetime
    last_date: datetime
    stage: str
    outcome: str


NAMED = (
    *("id", "company_id", "company__name", "origin__reference", "origin__title"),
    *("origin__kind", "origin__type_code", "size", "first_date", "last_date"),
    *("stage", "outcome"),
)
SUMMARY = (
    "id", "company_id", "origin_id", "origin__reference", "origin__title",
    "origin__kind", "origin__type_code", "size", "events", "tasks",
    "product_records", "quotes", "first_date", "last_date", "stage", "outcome",
    "last_acted_at", "last_in_at", "last_contact", "agreed_until", "first_due_at",
    "is_running", "worth_minor", "worth_currency", "worth_month_on", "worth_from_id",
    "worth_is_quoted", "sale_name", "company__abc", "company__is_own",
)  # fmt: skip


def summaries(ids: Iterable[int]) -> dict[int, ChainSummary]:
    """Return the summaries of chains that the caller may show, by id."""
    wanted = list(ids)
    found = _summaries(ids=wanted) if wanted else []
    return {values[0]: ChainSummary(*values) for values in found}


def list_named(actor: Actor, ids: Sequence[int]) -> list[NamedChain]:
    """Return those of the chains that `actor` sees, the newest first."""
    condition = activity_condition(actor)
    rows = Chain.objects.filter(pk__in=ids)
    if condition is not None:
        rows = rows.filter(condition)
    found = rows.order_by("-last_date", "-id").values_list(*NAMED)
    return [NamedChain(*values) for values in found]


@prepared
def _summaries(*, ids: list[int]) -> QuerySet[Chain, tuple[Any, ...]]:
    return Chain.objects.filter(pk__in=ids).values_list(*SUMMARY)


def get_chain_summary(actor: Actor, reference: str) -> ChainSummary:
    """Return the summary of the chain that holds this activity."""
    chain_id = get_activity(actor, reference).chain_id
    if chain_id is None:
        raise NotFound(reference=reference)
    return summaries([chain_id])[chain_id]


def list_members(
    actor: Actor,
    chain_id: int,
    *,
    now: datetime,
    limit: int = CHAIN_LIMIT,
    cursor: str | None = None,
    oldest_first: bool = False,
    full: bool = False,
) -> Page[ActivityRow]:
    """Return one page of a chain, newest first, or as a story from the beginning."""
    order = ORDERS["oldest" if oldest_first else "date"]
    if cursor:
        rows = visible_activities(actor).filter(chain_id=chain_id)
        return rows_page(rows, order, now=now, limit=limit, cursor=cursor, full=full)
    sight, who = sight_of(actor)
    found = _members(sight, order.name, limit, full, chain=chain_id, **who)
    return to_page(found, order, now=now, limit=limit, full=full)


@prepared
def _members(
    sight: str, order_name: str, limit: int, full: bool, /, *, chain: int, **who: int
) -> QuerySet[Activity, tuple[Any, ...]]:
    rows = visible_activities(seen_by(sight, **who)).filter(chain_id=chain)
    return first_rows(rows, ORDERS[order_name], limit=limit, full=full)


def list_links(chain_id: int) -> list[LinkRow]:
    """Return the links of a chain the caller may show, in the order they were made."""
    return [LinkRow(*values) for values in _links(chain=chain_id)]


@prepared
def _links(*, chain: int) -> QuerySet[Link, tuple[Any, ...]]:
    return (
        Link.objects.filter(follow_up__chain_id=chain)
        .order_by("made_at", "id")
        .values_list(
            "id",
            "follow_up__reference",
            "stimulus__reference",
            "follow_up_id",
            "stimulus_id",
            "made_by_id",
            "made_by__name",
            "made_by__email",
            "made_at",
            "reason",
        )
    )


def list_graves(chain_id: int) -> list[Grave]:
    """Return what was deleted out of a chain the caller may show, newest first."""
    found = (
        Activity.objects.filter(lies_beside__chain_id=chain_id)
        .order_by("-date", "-reference_key")
        .values_list("reference", "kind", "date", "deleted_at", "deleted_by__name")
    )
    return [
        Grave(reference or "", kind, moment, deleted_at, by or "")
        for reference, kind, moment, deleted_at, by in found
        if deleted_at is not None
    ]


def list_entries(actor: Actor, activity: Activity, standing: Standing) -> list[Entry]:
    """Return the log of an activity, oldest first, without what `actor` may not read.

    The activity comes from `get_activity`, so it is one that the actor sees.
    """
    reads_all = can_read_confidential(actor, standing)
    return _entries(reads_all, activity=activity.pk)


@prepared
def _entries(reads_all: bool, /, *, activity: int) -> QuerySet[Entry]:
    entries = Entry.objects.filter(activity_id=activity).select_related("author")
    if not reads_all:
        entries = entries.filter(is_confidential=False)
    return entries.order_by("made_at", "id")


def list_marks(chain_id: int) -> list[Mark]:
    """Return the marks in force of a chain the caller may show, newest first."""
    return _marks(chain=chain_id)


@prepared
def _marks(*, chain: int) -> QuerySet[Mark]:
    return (
        Mark.objects.filter(activity__chain_id=chain, withdrawn_at__isnull=True)
        .select_related("made_by", "reason", "activity")
        .order_by("-made_at", "-id")
    )


def sales_of(marks: Sequence[Mark], rows: Sequence[ActivityRow]) -> list[Sale]:
    """Return the sales that a chain's marks and quotes make, oldest first."""
    signs = [
        Sign(m.made_at, (0, m.pk), m.kind, m.value, m.activity_id)
        for m in marks
        if m.kind != MarkKind.STATEMENT
    ]
    signs += [
        Sign(r.recorded_at, (1, r.id), "quote", activity_id=r.id)
        for r in rows
        if r.kind == "quote"
    ]
    return read_sales(signs)[0]


SIGN_COLUMNS = (
    "made_at", "kind", "value", "activity_id", "amount_minor", "currency", "month_on",
    "name", "closes", "closed_minor", "closed_currency",
)  # fmt: skip


def sign_of(pk: int, made_at: datetime, *values: Any) -> Sign:
    """Return a mark as the rules of sales read it, of its id and SIGN_COLUMNS."""
    return Sign(made_at, (0, pk), *values)


@prepared
def _links_of(*, activity: int) -> QuerySet[Link, tuple[int, int]]:
    either = Q(follow_up_id=activity) | Q(stimulus_id=activity)
    return Link.objects.filter(either).values_list("follow_up_id", "stimulus_id")


def list_neighbours(
    actor: Actor, activity: Activity, *, now: datetime
) -> tuple[list[ActivityRow], list[ActivityRow]]:
    """Return what `activity` follows and what follows it, each newest first."""
    pairs = _links_of(activity=activity.pk)
    stimuli = [earlier for later, earlier in pairs if later == activity.pk]
    follow_ups = [later for later, earlier in pairs if earlier == activity.pk]
    rows = rows_of([*stimuli, *follow_ups], now=now)

    def newest_first(ids: list[int]) -> list[ActivityRow]:
        found = [rows[pk] for pk in ids if pk in rows]
        return sorted(found, key=lambda r: (r.date, r.reference_key), reverse=True)

    return newest_first(stimuli), newest_first(follow_ups)
