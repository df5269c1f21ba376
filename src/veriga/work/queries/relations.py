"""What the relations page says of one company, and the extra columns of parties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, QuerySet, Sum, Value, When

from veriga.access.models import User
from veriga.access.rules import Actor, Scope
from veriga.activities.models import Activity, Chain
from veriga.activities.queries.activities import get_activity, visible_activities
from veriga.activities.queries.chains import (
    SUMMARY,
    ChainSummary,
    list_neighbours,
    summaries,
)
from veriga.activities.queries.record import list_contacts_of
from veriga.activities.queries.rows import (
    ORDERS,
    ActivityRow,
    first_rows,
    rows_page,
    to_page,
)
from veriga.activities.rules.times import is_contact
from veriga.activities.rules.words import KindCode, Outcome, State
from veriga.common.errors import NotFound
from veriga.common.keyset import Order, Page, take_page
from veriga.common.prepared import prepared
from veriga.parties.models import Company, Contact
from veriga.parties.queries import get_company, people_at, seen_by, sight_of
from veriga.setup.working import whole_working_days

OPEN_LIMIT = 200  # a company with more open work than this shows the most urgent
CHAINS_SHOWN = 12
LANES = 2  # so many chains are drawn under each other
MOVING = timedelta(days=90)  # another chain is drawn if it moved within this
MEMBERS = 500  # of all drawn chains together, the newest
CONTACTS_SHOWN = 50
CONTACTS_BESIDE = 3  # a selected row
BY_LAST = Order("last", ("last_date", "id"), descending=True)


@dataclass(frozen=True, slots=True)
class CompanyCounts:
    """The numbers on the tabs of a relations page."""

    activities: int
    chains: int
    quotes: int
    product_records: int


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What is not done at a company, each list by its deadline."""

    late: list[ActivityRow] = field(default_factory=list)
    appointments: list[ActivityRow] = field(default_factory=list)
    quotes: list[ActivityRow] = field(default_factory=list)
    others: list[ActivityRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lane:
    """A chain to be drawn: its newest members, newest first."""

    summary: ChainSummary
    rows: list[ActivityRow]


@dataclass(frozen=True, slots=True)
class ChainNow:
    """How the chain on show stands today.

    `move` is "agreed", "ours" or "theirs"; `because` the activity that makes it so:
    the appointment ahead, the oldest late one, or the newest contact.
    """

    summary: ChainSummary
    working_days: int
    move: str
    because: ActivityRow | None


@dataclass(frozen=True, slots=True)
class Relations:
    """The head of a relations page."""

    company: Company
    counts: CompanyCounts
    work: OpenWork
    contacts: list[Contact]
    chains: list[ChainSummary]
    lanes: list[Lane]
    chain: ChainNow | None


@dataclass(frozen=True, slots=True)
class Selected:
    """What the right-hand column says of a selected activity."""

    activity: Activity
    row: ActivityRow
    before: list[ActivityRow]
    after: list[ActivityRow]
    chain: ChainSummary
    contacts: list[Contact]
    text: str


def get_relations(
    actor: Actor, company_id: int, *, now: datetime, chain_of: str = ""
) -> Relations:
    """Return the head of a company's page; six statements, NotFound if invisible.

    `chain_of` is a reference in the chain to show; without it, or if it is of another
    company, the newest open one is shown.
    """
    company = get_company(actor, company_id)
    chains = _open_chains(company_id)
    shown = chains[0] if chains else None
    if chain_of:
        shown = _chain_of(actor, company_id, chain_of) or shown
    lanes = _lanes(actor, _shown_first(shown, chains, now), now)
    return Relations(
        company=company,
        counts=count_of_company(company_id),
        work=open_work(actor, company_id, now=now),
        contacts=people_at(company_id, limit=CONTACTS_SHOWN),
        chains=chains,
        lanes=lanes,
        chain=chain_now(lanes[0], now) if lanes else None,
    )


def count_of_company(company_id: int) -> CompanyCounts:
    """Return the counts of a company the caller may show, out of its chains' caches."""
    found = _counts(company=company_id)
    return CompanyCounts(*found[0]) if found else CompanyCounts(0, 0, 0, 0)


@prepared
def _counts(*, company: int) -> QuerySet[Chain, tuple[int, int, int, int]]:
    return (
        Chain.objects.filter(company_id=company)
        .order_by()
        .values("company_id")
        .annotate(
            activities=Sum("size"),
            chains=Count("pk"),
            all_quotes=Sum("quotes"),
            records=Sum("product_records"),
        )
        .values_list("activities", "chains", "all_quotes", "records")
    )


@prepared
def _open_of_company(
    sight: str, /, *, company: int, **who: int
) -> QuerySet[Activity, tuple[Any, ...]]:
    rows = visible_activities(seen_by(sight, **who))
    rows = rows.filter(company_id=company, done_at__isnull=True)
    return first_rows(rows, ORDERS["due"], limit=OPEN_LIMIT)


def open_work(actor: Actor, company_id: int, *, now: datetime) -> OpenWork:
    """Return what is not done at a company, the oldest deadline first."""
    sight, who = sight_of(actor)
    found = _open_of_company(sight, company=company_id, **who)
    page = to_page(found, ORDERS["due"], now=now, limit=OPEN_LIMIT)
    work = OpenWork()
    for row in page.rows:
        if row.state is State.OVERDUE:
            work.late.append(row)
        elif row.kind == KindCode.EVENT:
            work.appointments.append(row)
        elif row.kind == KindCode.QUOTE:
            work.quotes.append(row)
        else:
            work.others.append(row)
    return work


def list_company_chains(
    actor: Actor, company_id: int, *, limit: int = 50, cursor: str | None = None
) -> Page[ChainSummary]:
    """Return a page of a company's chains, the most recently active first."""
    get_company(actor, company_id)
    ids: Page[Chain] = take_page(
        Chain.objects.filter(company_id=company_id), BY_LAST, limit=limit, cursor=cursor
    )
    found = summaries([chain.pk for chain in ids.rows])
    return Page([found[chain.pk] for chain in ids.rows], ids.next)


def reaches(user: User, company: Company) -> bool:
    """Tell whether a user sees a company by scope alone, without a share."""
    return (
        company.is_own
        or user.scope == Scope.ALL
        or user.pk == company.account_owner_id
        or (
            user.scope == Scope.TEAM
            and user.team_id is not None
            and user.team_id == company.team_id
        )
    )


def list_of_contact(
    actor: Actor, contact_id: int, *, now: datetime, limit: int = 50
) -> list[ActivityRow]:
    """Return the newest activities in which a contact takes part."""
    rows = visible_activities(actor).filter(contacts=contact_id)
    return rows_page(rows, ORDERS["date"], now=now, limit=limit).rows


def get_selected(actor: Actor, reference: str, *, now: datetime) -> Selected:
    """Return what the right-hand column tells of one activity; NotFound."""
    activity = get_activity(actor, reference)
    one = rows_page(
        visible_activities(actor).filter(pk=activity.pk),
        ORDERS["date"],
        now=now,
        limit=1,
    )
    before, after = list_neighbours(actor, activity, now=now)
    chain_id = activity.chain_id or 0
    contacts = list_contacts_of(activity)
    return Selected(
        activity=activity,
        row=one.rows[0],
        before=before,
        after=after,
        chain=summaries([chain_id])[chain_id],
        contacts=contacts or people_at(activity.company_id, limit=CONTACTS_BESIDE),
        text=_first_text(activity),
    )


def _first_text(activity: Activity, length: int = 300) -> str:
    """Return the beginning of the first entry that everybody may read."""
    text = (
        activity.entries.filter(is_confidential=False)
        .order_by("made_at", "id")
        .values_list("text", flat=True)
        .first()
    )
    return (text or "")[:length]


@prepared
def _newest_open(*, company: int) -> QuerySet[Chain, tuple[Any, ...]]:
    is_loose = Case(When(size__gt=1, then=Value(0)), default=Value(1))
    return (
        Chain.objects.filter(company_id=company, outcome=Outcome.OPEN)
        .order_by(is_loose, "-last_date", "-id")
        .values_list(*SUMMARY)[:CHAINS_SHOWN]
    )


def _open_chains(company_id: int) -> list[ChainSummary]:
    """Return the newest open chains, those of more than one activity first.

    A loose activity is a chain too; it is on show only where there is nothing longer.
    """
    found = [ChainSummary(*values) for values in _newest_open(company=company_id)]
    newest_first = sorted(found, key=lambda c: (c.last_date, c.id), reverse=True)
    return [c for c in newest_first if c.size > 1] or newest_first


def _chain_of(actor: Actor, company_id: int, reference: str) -> ChainSummary | None:
    try:
        activity = get_activity(actor, reference)
    except NotFound:
        return None
    if activity.company_id != company_id or activity.chain_id is None:
        return None
    return summaries([activity.chain_id])[activity.chain_id]


def _shown_first(
    shown: ChainSummary | None, chains: Sequence[ChainSummary], now: datetime
) -> list[ChainSummary]:
    """Return the chains to draw: the one on show, and the next that is moving."""
    if shown is None:
        return []
    others = [
        c
        for c in chains
        if c.id != shown.id and c.size > 1 and c.last_date > now - MOVING
    ]
    return [shown, *others][:LANES]


@prepared
def _of_chains(
    sight: str, /, *, ids: list[int], **who: int
) -> QuerySet[Activity, tuple[Any, ...]]:
    rows = visible_activities(seen_by(sight, **who)).filter(chain_id__in=ids)
    return first_rows(rows, ORDERS["date"], limit=MEMBERS)


def _lanes(actor: Actor, chains: Sequence[ChainSummary], now: datetime) -> list[Lane]:
    """Return chains with their members, in one statement."""
    if not chains:
        return []
    sight, who = sight_of(actor)
    rows = _of_chains(sight, ids=[c.id for c in chains], **who)
    page = to_page(rows, ORDERS["date"], now=now, limit=MEMBERS)
    found: dict[int, list[ActivityRow]] = {}
    for row in page.rows:
        found.setdefault(row.chain_id, []).append(row)
    return [Lane(c, found[c.id]) for c in chains if c.id in found]


def chain_now(lane: Lane, now: datetime) -> ChainNow:
    summary, rows = lane.summary, lane.rows
    origin = next((r.date for r in rows if r.is_origin), summary.first_date)
    move = summary.move(now)
    return ChainNow(
        summary=summary,
        working_days=whole_working_days(origin, now),
        move=move,
        because=_because(rows, move, now),
    )


def _because(
    rows: Sequence[ActivityRow], move: str, now: datetime
) -> ActivityRow | None:
    """Return the activity of which `move` follows, as rules.times.whose_move does."""
    if move == "agreed":
        ahead = [
            r
            for r in rows
            if r.kind == KindCode.EVENT
            and r.direction != "internal"
            and r.done_at is None
            and r.date > now
        ]
        return min(ahead, key=lambda r: r.date, default=None)
    late = [r for r in rows if r.state is State.OVERDUE and r.due_at]
    if late:
        return min(late, key=lambda r: (r.due_at, r.reference_key))
    contacts = [r for r in rows if is_contact(r) and r.occurred_at]
    return max(contacts, key=lambda r: (r.occurred_at, r.reference_key), default=None)
