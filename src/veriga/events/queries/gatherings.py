"""Group events: those a user sees, and of each only the companies they see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Link
from veriga.activities.queries.activities import visible_activities
from veriga.activities.rules.rights import Standing, can_edit
from veriga.activities.rules.times import state_of
from veriga.activities.rules.words import KindCode, State
from veriga.common.checks import clean_query, is_id
from veriga.common.errors import NotFound
from veriga.common.keyset import Order, Page, page_of, take_page, take_rows
from veriga.common.text import fold
from veriga.events.models import EventDetail, Gathering
from veriga.events.rules import Reply
from veriga.parties.models import Company, Contact, Position
from veriga.parties.queries import (
    CompanyFilters,
    activity_condition,
    matching_companies,
)

BY_START = Order("start", ("starts_at", "id"), descending=True)
BY_COMPANY = Order("company", ("company_key", "id"))
ROWS = 100  # of companies on one page
MOST = 2_000  # how many companies one command adds


@dataclass(frozen=True, slots=True)
class Tally:
    """How many companies of a group event there are, by their reply."""

    by_reply: dict[str, int] = field(default_factory=dict)
    open: int = 0

    @property
    def total(self) -> int:
        return sum(self.by_reply.values())

    def of(self, reply: str) -> int:
        return self.by_reply.get(reply, 0)


@dataclass(frozen=True, slots=True)
class Invited:
    """One company's event in a group event."""

    id: int
    reference: str
    company_id: int
    company_name: str
    town: str
    reply: str
    state: State
    result: str
    owner_name: str
    may_edit: bool
    people: list[str]


def leads(actor: Actor, gathering: Gathering) -> bool:
    """Tell whether the actor may edit what is shared: creator, owner, managers."""
    return actor.can_record and (
        actor.is_manager
        or actor.user_id in {gathering.owner_id, gathering.created_by_id}
    )


def visible_gatherings(actor: Actor) -> QuerySet[Gathering]:
    """Return the group events that `actor` made, answers for, or sees a company of."""
    rows = Gathering.objects.all()
    if activity_condition(actor) is None:
        return rows
    events = visible_activities(actor).filter(gathering_id=OuterRef("pk"))
    mine = Q(owner_id=actor.user_id) | Q(created_by_id=actor.user_id)
    seen = mine | Q(Exists(events))
    if actor.sees_everything:  # one that nobody is invited to yet as well
        every = Activity.objects.filter(gathering_id=OuterRef("pk"))
        seen |= Q(~Exists(every))
    return rows.filter(seen)


def get_gathering(actor: Actor, gathering_id: int) -> Gathering:
    """Return a group event with its people; NotFound if there is none to be seen."""
    if not is_id(gathering_id):
        raise NotFound
    rows = visible_gatherings(actor).select_related("owner", "created_by", "type")
    found = rows.filter(pk=gathering_id).first()
    if found is None:
        raise NotFound
    return found


def gathering_titles(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the titles of those of `ids` that the actor sees; none cost nothing."""
    wanted = {pk for pk in ids if is_id(pk)}
    if not wanted:
        return {}
    found = visible_gatherings(actor).filter(pk__in=wanted)
    return dict(found.values_list("pk", "title"))


def gatherings_by_id(ids: Sequence[int]) -> list[Gathering]:
    """Return group events that the caller may show, in the order of `ids`."""
    found = Gathering.objects.in_bulk(ids) if ids else {}
    return [found[pk] for pk in ids if pk in found]


def list_gatherings(
    actor: Actor, *, limit: int = 50, cursor: str | None = None
) -> Page[Gathering]:
    """Return one page of the group events that the actor sees, the latest first."""
    rows = visible_gatherings(actor).select_related("owner", "created_by")
    return take_page(rows, BY_START, limit=limit, cursor=cursor)


def tallies(actor: Actor, ids: Iterable[int]) -> dict[int, Tally]:
    """Return the counts of group events over the companies that the actor sees."""
    wanted = list(ids)
    found = {pk: Tally() for pk in wanted}
    counted = (
        visible_activities(actor)
        .filter(gathering_id__in=wanted)
        .order_by()
        .values_list("gathering_id", "event__reply")
        .annotate(
            number=Count("pk"), waiting=Count("pk", filter=Q(done_at__isnull=True))
        )
    )
    opened: dict[int, int] = defaultdict(int)
    for pk, reply, number, still_open in counted:
        found[pk].by_reply[reply] = number
        opened[pk] += still_open
    return {pk: Tally(t.by_reply, opened[pk]) for pk, t in found.items()}


def list_invited(
    actor: Actor,
    gathering: Gathering,
    *,
    now: datetime,
    reply: str = "",
    q: str = "",
    reference: str = "",
    limit: int = ROWS,
    cursor: str | None = None,
) -> Page[Invited]:
    """Return the companies of a group event by name, those that the actor sees.

    In at most four statements. `reference` narrows to the event of one company.
    """
    rows = visible_activities(actor).filter(gathering_id=gathering.pk)
    if reply:
        rows = rows.filter(event__reply=reply)
    if reference:
        rows = rows.filter(reference=reference)
    for word in fold(clean_query(q)).split():
        rows = rows.filter(company__name_folded__contains=word)
    found = take_rows(
        rows.select_related("company", "owner", "event").prefetch_related(
            "contacts", "participations"
        ),
        BY_COMPANY,
        limit=limit,
        cursor=cursor,
    )
    page: Page[Activity] = page_of(found, BY_COMPANY, limit=limit)
    people = _people(page.rows)
    is_leading = leads(actor, gathering)
    return Page(
        [
            _invited(one, people, now, is_leading or can_edit(actor, _standing(one)))
            for one in page.rows
        ],
        page.next,
    )


def _standing(one: Activity) -> Standing:
    return Standing(
        one.owner_id,
        one.created_by_id,
        one.company_owner_id,
        frozenset(p.user_id for p in one.participations.all()),
    )


def _people(rows: list[Activity]) -> dict[int, str]:
    """Return the first contact of the companies nobody of whom is named."""
    without = {one.company_id for one in rows if not one.contacts.all()}
    found: dict[int, str] = {}
    if without:
        contacts = Contact.objects.filter(company_id__in=without)
        for contact in contacts.order_by("company_id", "name_key", "id"):
            found.setdefault(contact.company_id, contact.name)
    return found


def _invited(
    one: Activity, people: dict[int, str], now: datetime, may_edit: bool
) -> Invited:
    named = [contact.name for contact in one.contacts.all()]
    fallback = people.get(one.company_id)
    return Invited(
        id=one.pk,
        reference=one.reference or "",
        company_id=one.company_id,
        company_name=one.company.name,
        town=one.company.town,
        reply=one.event.reply,
        state=state_of(one.done_at, one.due_at, now),
        result=one.result,
        owner_name=one.owner.name,
        may_edit=may_edit,
        people=named or ([fallback] if fallback else []),
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to invite at each company: those of a function, with words in their note."""

    function: str = ""
    note: str = ""

    @property
    def is_anybody(self) -> bool:
        return not (self.function or self.note)


def invitable(
    actor: Actor,
    gathering: Gathering,
    filters: CompanyFilters,
    wanted: Wanted,
    *,
    on: date,
) -> QuerySet[Company]:
    """Return the visible companies that fit and are not invited yet, by name.

    Those with somebody who is `wanted` and has not left by the day `on`.
    """
    there = Activity.objects.filter(
        gathering_id=gathering.pk, deleted_at__isnull=True
    ).values("company_id")
    rows = matching_companies(actor, filters).exclude(pk__in=there)
    if not wanted.is_anybody:
        own, further = _who_is(wanted, on)
        rows = rows.filter(
            Q(pk__in=own.values("company_id")) | Q(pk__in=further.values("company_id"))
        )
    return rows.filter(is_own=False).order_by("name_key", "id")


def contacts_with(
    wanted: Wanted, company_ids: Iterable[int], *, on: date
) -> dict[int, list[Contact]]:
    """Return who is wanted at each of these companies; none if anybody is.

    The caller may show the companies. At most two statements.
    """
    found: dict[int, list[Contact]] = defaultdict(list)
    ids = list(company_ids)
    if wanted.is_anybody or not ids:
        return found
    own, further = _who_is(wanted, on)
    for contact in own.filter(company_id__in=ids).order_by("name_key", "pk"):
        found[contact.company_id].append(contact)
    at = further.filter(company_id__in=ids).select_related("contact")
    for position in at.order_by("contact__name_key", "contact_id"):
        found[position.company_id].append(position.contact)
    return found


def _who_is(wanted: Wanted, on: date) -> tuple[QuerySet[Contact], QuerySet[Position]]:
    """Return who is wanted at their first company, and at further ones."""
    stays = Q(until_on__isnull=True) | Q(until_on__gte=on)
    own, further = Contact.objects.filter(stays), Position.objects.filter(stays)
    if wanted.function:
        own = own.filter(function__icontains=wanted.function)
        further = further.filter(function__icontains=wanted.function)
    if wanted.note:
        own = own.filter(note__icontains=wanted.note)
        further = further.filter(contact__note__icontains=wanted.note)
    return own, further


def reply_at(activity: Activity) -> tuple[Gathering, str] | None:
    """Return the group event of an event that the actor sees, and its reply."""
    if activity.gathering_id is None:
        return None
    details: QuerySet[EventDetail, Any] = EventDetail.objects.filter(pk=activity.pk)
    detail = details.select_related("gathering").first()
    if detail is None or detail.gathering is None:
        return None
    return detail.gathering, detail.reply or Reply.INVITED


def followed_up(ids: Iterable[int], title: str) -> set[int]:
    """Return those of these events that a task of this title follows already."""
    links = Link.objects.filter(
        stimulus_id__in=list(ids),
        follow_up__kind=KindCode.TASK,
        follow_up__title=title,
        follow_up__deleted_at__isnull=True,
    )
    return set(links.values_list("stimulus_id", flat=True))
