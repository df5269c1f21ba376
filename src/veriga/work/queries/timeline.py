"""A chain along time: its members, its sales and what it may be worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Link, Mark
from veriga.activities.queries.activities import visible_activities
from veriga.activities.queries.chains import (
    ChainSummary,
    Grave,
    list_graves,
    list_marks,
    list_members,
    sales_of,
    summaries,
)
from veriga.activities.queries.record import Telling, tell
from veriga.activities.queries.rows import ORDERS, ActivityRow, first_rows, to_page
from veriga.activities.rules.references import read_reference
from veriga.activities.rules.sales import Sale
from veriga.activities.rules.words import MarkKind
from veriga.common.errors import NotFound
from veriga.common.keyset import Page, read_cursor, write_cursor
from veriga.common.prepared import prepared
from veriga.parties.queries import seen_by, sight_of
from veriga.work.queries.relations import ChainNow, Lane, chain_now

# Longer chains are drawn, and their sales and move read, from their newest activities.
DRAWN = 2_000


@dataclass(frozen=True, slots=True)
class Worth:
    """What the present sale may bring: stated by a person, or of a newer sent quote.

    `amount_minor` is None where only a month or a name was stated.
    """

    amount_minor: int | None
    currency: str
    month_on: date | None
    name: str
    reference: str
    by_name: str
    is_quote: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """A chain with all that its page says above the members; `rows` newest first."""

    summary: ChainSummary
    rows: list[ActivityRow]
    marks: list[Mark]
    stand: ChainNow
    sales: list[Sale]
    worth: Worth | None

    @property
    def origin(self) -> ActivityRow | None:
        """The row of the origin, None if the chain is too long to hold it."""
        return next((row for row in self.rows if row.is_origin), None)


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a chain as it is read: its members, what is told of them, graves.

    `follows` are the references that each member follows, oldest link first;
    `before` is the date of the member before the first one, None at the beginning.
    """

    page: Page[ActivityRow]
    told: dict[int, Telling]
    follows: dict[int, list[str]]
    graves: list[Grave]
    before: datetime | None


def list_chain_of(
    actor: Actor, reference: str, *, now: datetime, limit: int = DRAWN
) -> list[ActivityRow]:
    """Return the chain that holds `reference`, newest first, in one statement.

    Empty if there is no such activity or the actor may not see it.
    """
    exact = read_reference(reference)
    if not exact:
        return []
    sight, who = sight_of(actor)
    found = _chain_of(sight, limit, reference=exact, **who)
    return to_page(found, ORDERS["date"], now=now, limit=limit).rows


@prepared
def _chain_of(
    sight: str, limit: int, /, *, reference: str, **who: int
) -> QuerySet[Activity, tuple[Any, ...]]:
    chain = Activity.objects.filter(reference=reference).values("chain_id")[:1]
    rows = visible_activities(seen_by(sight, **who)).filter(chain_id=chain)
    return first_rows(rows, ORDERS["date"], limit=limit)


def get_whole(actor: Actor, reference: str, *, now: datetime) -> Whole:
    """Return the chain that holds an activity; at most three statements, NotFound."""
    rows = list_chain_of(actor, reference, now=now)
    if not rows:
        raise NotFound(reference=reference)
    chain_id = rows[0].chain_id
    summary = summaries([chain_id])[chain_id]
    marks = list_marks(chain_id)
    sales = sales_of(marks, rows)
    return Whole(
        summary=summary,
        rows=rows,
        marks=marks,
        stand=chain_now(Lane(summary, rows), now),
        sales=sales,
        worth=_worth(summary, marks, rows),
    )


def take_members(
    actor: Actor,
    whole: Whole,
    *,
    now: datetime,
    limit: int,
    cursor: str | None = None,
    oldest_first: bool = False,
) -> Page[ActivityRow]:
    """Return what list_members does, without its statement where all rows are here."""
    if cursor or len(whole.rows) >= DRAWN:
        return list_members(
            actor,
            whole.summary.id,
            now=now,
            limit=limit,
            cursor=cursor,
            oldest_first=oldest_first,
        )
    rows = whole.rows[::-1] if oldest_first else whole.rows
    if len(rows) <= limit:
        return Page(rows, None)
    order = ORDERS["oldest" if oldest_first else "date"]
    return Page(rows[:limit], write_cursor(order, rows[limit - 1]))


def read_part(
    actor: Actor,
    whole: Whole,
    *,
    now: datetime,
    limit: int,
    cursor: str | None = None,
) -> Part:
    """Return a page of a chain's story, the oldest first, in at most four statements.

    `told` tells of the origin too.
    """
    page = take_members(
        actor, whole, now=now, limit=limit, cursor=cursor, oldest_first=True
    )
    before = read_cursor(ORDERS["oldest"], cursor)[0] if cursor else None
    end = page.rows[-1].date if page.rows and page.next else None
    graves = [
        grave
        for grave in reversed(list_graves(whole.summary.id))
        if (before is None or grave.date > before)
        and (end is None or grave.date <= end)
    ]
    origin = [whole.origin] if whole.origin else []
    told = tell(actor, [*page.rows, *origin])
    return Part(page, told, _follows(page.rows), graves, before)


@prepared
def _stimuli(*, ids: list[int]) -> QuerySet[Link, tuple[int, str]]:
    links = Link.objects.filter(follow_up_id__in=ids).order_by("made_at", "id")
    return links.values_list("follow_up_id", "stimulus__reference")


def _follows(rows: Sequence[ActivityRow]) -> dict[int, list[str]]:
    ids = [row.id for row in rows]
    found: dict[int, list[str]] = {}
    for pk, reference in _stimuli(ids=ids) if ids else []:
        found.setdefault(pk, []).append(reference)
    return found


def _worth(
    chain: ChainSummary, marks: Sequence[Mark], rows: Sequence[ActivityRow]
) -> Worth | None:
    """Return what the present sale may bring, with who says so."""
    if chain.worth_from_id is None:
        return None
    row = next((row for row in rows if row.id == chain.worth_from_id), None)
    if chain.worth_is_quoted:
        by_name = row.owner_name if row else ""
    else:
        by_name = next(
            (
                mark.made_by.name
                for mark in marks
                if mark.kind == MarkKind.STATEMENT
                and mark.activity_id == chain.worth_from_id
                and mark.made_by is not None
            ),
            "",
        )
    return Worth(
        chain.worth_minor,
        chain.worth_currency,
        chain.worth_month_on,
        chain.sale_name,
        row.reference if row else "",
        by_name,
        chain.worth_is_quoted,
    )
