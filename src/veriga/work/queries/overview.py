"""The activity overview: a page of it, how many there are, and the user's own work."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime

from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.activities.queries.activities import get_activity, visible_activities
from veriga.activities.queries.filters import ActivityFilters
from veriga.activities.queries.lists import count_activities, list_activities
from veriga.activities.queries.rows import ActivityRow
from veriga.common.kept import Kept
from veriga.common.keyset import Page
from veriga.parties.models import Company, Contact
from veriga.parties.queries import get_company, get_contact, sight_of

COUNT_LIMIT = 10_000  # further than this a list is not counted
# A list found to be longer by more than MARGIN is not counted again for a minute: it
# will not have shrunk below COUNT_LIMIT meanwhile.
MARGIN = 500
OWN_LIMIT = 1_000  # of their own open work a user is told no more


@dataclass(frozen=True, slots=True)
class Overview:
    """A page of activities and what the page says above it.

    `count` is one more than COUNT_LIMIT if there are more. `linked` is the activity
    whose chain is listed, `company` the one that the list is narrowed to.
    """

    page: Page[ActivityRow]
    count: int
    linked: Activity | None = None
    company: Company | None = None
    contact: Contact | None = None


@dataclass(slots=True)
class OwnWork:
    """How much of one kind waits for a user, and how much of it is late."""

    number: int = 0
    late: int = 0


def get_overview(
    actor: Actor,
    filters: ActivityFilters,
    *,
    now: datetime,
    cursor: str | None = None,
) -> Overview:
    """Return a page of what `filters` leave, counted; at most seven statements.

    NotFound for a `linked_to`, a contact or a company that the actor does not see.
    """
    contact = None
    if filters.contact_id is not None:
        contact = get_contact(actor, filters.contact_id)
    linked = get_activity(actor, filters.linked_to) if filters.linked_to else None
    company = linked.company if linked else None
    if filters.company_id is not None and (
        company is None or company.pk != filters.company_id
    ):
        company = get_company(actor, filters.company_id)
    page = list_activities(actor, filters, now=now, cursor=cursor)
    # A list that fits on its first page is counted without a statement; a long one no
    # further than COUNT_LIMIT, so that it costs the same in every installation.
    if page.next is None and cursor is None:
        count = len(page.rows)
    else:
        count = count_long(actor, filters, now)
    return Overview(page, count, linked, company, contact)


_long: Kept[bool] = Kept(60.0)


def count_long(actor: Actor, filters: ActivityFilters, now: datetime) -> int:
    """Return how many there are, or any number beyond COUNT_LIMIT."""

    def count(limit: int) -> int:
        return count_activities(actor, filters, now=now, limit=limit)

    return count_once(actor, filters if filters.further is None else None, count)


def count_once(actor: Actor, what: Hashable, count: Callable[[int], int]) -> int:
    """Return what `count` counts up to a limit, or any number beyond COUNT_LIMIT.

    `what` names the list; None, or what differs each time, is counted each time.
    """
    if what is not None and is_long(actor, what):
        return COUNT_LIMIT + MARGIN + 1
    found = count(COUNT_LIMIT + MARGIN)
    if what is not None:
        note_long(actor, what, found)
    return found


def is_long(actor: Actor, what: Hashable) -> bool:
    """Tell whether a list of what `actor` sees was found to be long a moment ago."""
    return _long.has(_key(actor, what))


def note_long(actor: Actor, what: Hashable, count: int) -> None:
    """Remember for a while that a list is long, if it is."""
    if count > COUNT_LIMIT + MARGIN:
        _long.put(_key(actor, what), True)


def _key(actor: Actor, what: Hashable) -> Hashable:
    sight, who = sight_of(actor)
    return sight, *who.values(), what


def own_work(actor: Actor, *, now: datetime) -> dict[str, OwnWork]:
    """Return the actor's open activities per kind, in one statement.

    The late ones are counted first, so that OWN_LIMIT never hides one.
    """
    rows = (
        visible_activities(actor)
        .filter(owner_id=actor.user_id, done_at__isnull=True)
        .order_by("due_at")
        .values_list("kind", "due_at")[:OWN_LIMIT]
    )
    found: dict[str, OwnWork] = {}
    for kind, due_at in rows:
        work = found.setdefault(kind, OwnWork())
        work.number += 1
        work.late += due_at is not None and due_at <= now
    return found
