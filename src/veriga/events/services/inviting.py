"""Inviting companies to a group event: each gets an event of its own, all at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import F, OuterRef, Q, Subquery

from veriga.access.models import User
from veriga.access.queries import actor_of, users_by_id
from veriga.access.rules import Context
from veriga.activities.models import Activity, Chain
from veriga.activities.queries.columns import company_columns
from veriga.activities.queries.numbering import prefix_of
from veriga.activities.rules.references import write_key, write_reference
from veriga.activities.rules.words import Direction, KindCode
from veriga.activities.services.columns import set_company_columns, set_owner_columns
from veriga.activities.services.fields import set_title
from veriga.activities.services.locking import lock_companies, require_recorder
from veriga.activities.services.numbering import (
    reference_year,
    take_numbers,
)
from veriga.common.announcing import announce
from veriga.common.errors import Invalid, NotFound
from veriga.common.transactions import write
from veriga.events.models import EventDetail, Gathering
from veriga.events.queries.gatherings import MOST, get_gathering
from veriga.events.rules import Reply
from veriga.history.services import note_changes
from veriga.parties.models import Company, Contact, Position
from veriga.parties.queries import visible_companies

from .kind import default_direction
from .telling import tell_mentioned, told_of


def lock_gathering(context: Context, gathering_id: int) -> Gathering:
    """Return a group event that the actor sees, as it is under its lock.

    Companies are locked after it, counters after these.
    """
    get_gathering(context.actor, gathering_id)
    rows = Gathering.objects.select_for_update(no_key=True).filter(pk=gathering_id)
    if not rows:
        raise NotFound
    return rows[0]


@write
def add_companies(
    *,
    context: Context,
    gathering_id: int,
    company_ids: Collection[int],
    contacts: Mapping[int, Sequence[int]] | None = None,
) -> int:
    """Invite companies and return how many were not invited yet.

    Whoever may record and sees the group event may invite the companies they see.
    `contacts` are those to be invited, by company. A company is never there twice.
    """
    require_recorder(context.actor)
    gathering = lock_gathering(context, gathering_id)
    wanted = set(company_ids)
    if len(wanted) > MOST:
        raise Invalid.of("companies", "too_many", limit=MOST)
    if not wanted:
        return 0
    seen = visible_companies(context.actor).filter(pk__in=wanted)
    if seen.count() != len(wanted):
        raise NotFound
    companies = lock_companies(wanted)
    events = Activity.objects.filter(gathering_id=gathering.pk)
    there = set(
        events.filter(deleted_at__isnull=True).values_list("company_id", flat=True)
    )
    new = [companies[pk] for pk in sorted(wanted - there)]
    if not new:
        return 0
    # What was withdrawn before may come back by undo, but not into the group again.
    gone = events.filter(company_id__in=[c.pk for c in new])
    EventDetail.objects.filter(pk__in=gone.values("pk")).update(gathering=None)
    gone.update(gathering_id=None)
    known = told_of(context, gathering)
    made = _write_events(context, gathering, new)
    # Whoever sees it only since this company is invited.
    tell_mentioned(context, gathering, but=known)
    _write_contacts(made, contacts or {})
    note_changes(context, "activity", "created", {one.pk: {} for one in made})
    return len(made)


@write
def repair_gatherings() -> None:
    """Bring to the rows of events which group event each is a part of.

    Part of `veriga check --repair`: the event's own table knows, its row follows.
    """
    own = EventDetail.objects.filter(pk=OuterRef("pk")).values("gathering_id")
    rows = Activity.objects.alias(own=Subquery(own[:1]))
    # Spelt out, because SQL says neither yes nor no where something is empty.
    differs = (
        Q(gathering_id=None, own__isnull=False)
        | Q(gathering_id__isnull=False, own=None)
        | (Q(own__isnull=False) & ~Q(gathering_id=F("own")))
    )
    wrong = list(rows.filter(differs).values_list("pk", flat=True))
    Activity.objects.filter(pk__in=wrong).update(gathering_id=Subquery(own[:1]))


def _write_events(
    context: Context, gathering: Gathering, companies: Sequence[Company]
) -> list[Activity]:
    owners = _owners(context, gathering, companies)
    direction = default_direction(gathering.type_id)
    is_internal = direction == Direction.INTERNAL
    chains = Chain.objects.bulk_create(
        Chain(
            company=company,
            size=1,
            events=1,
            first_date=gathering.starts_at,
            last_date=gathering.starts_at,
            sale_since=gathering.starts_at,
            last_acted_at=context.now,
            agreed_until=None if is_internal else gathering.starts_at,
            first_due_at=gathering.ends_at or gathering.starts_at,
            **company_columns(company),
        )
        for company in companies
    )
    kind = KindCode.EVENT
    prefix, year = prefix_of(kind), reference_year(context.now)
    rows = []
    for company, chain in zip(companies, chains, strict=True):
        one = Activity(
            kind=kind,
            type_code=gathering.type_id,
            chain=chain,
            direction=direction,
            created_by_id=context.actor.user_id or gathering.created_by_id,
            recorded_at=context.now,
            date=gathering.starts_at,
            starts_at=gathering.starts_at,
            ends_at=gathering.ends_at,
            all_day=gathering.all_day,
            due_at=gathering.ends_at or gathering.starts_at,
            source=context.source,
            gathering_id=gathering.pk,
        )
        set_title(one, gathering.title)
        set_company_columns(one, company)
        set_owner_columns(one, owners[company.pk])
        rows.append(one)
    # The counter comes last of all that is locked; a block for all of them.
    first = take_numbers(prefix, year, len(rows))
    for number, one in enumerate(rows, start=first):
        one.reference = write_reference(prefix, year, number)
        one.reference_key = write_key(prefix, year, number)
    made = Activity.objects.bulk_create(rows)
    announce("activity", [one.pk for one in made])
    EventDetail.objects.bulk_create(
        EventDetail(
            activity=one,
            type_id=gathering.type_id,
            place=gathering.place,
            gathering=gathering,
            reply=Reply.INVITED,
        )
        for one in made
    )
    of_chain = Activity.objects.filter(chain_id=OuterRef("pk")).values("pk")[:1]
    Chain.objects.filter(pk__in=[c.pk for c in chains]).update(
        origin_id=Subquery(of_chain), next_step_id=Subquery(of_chain)
    )
    return made


def _owners(
    context: Context, gathering: Gathering, companies: Sequence[Company]
) -> dict[int, User]:
    """Return who answers for each company's event: somebody who sees the company.

    The owner of the group event, else the account owner, else who invites.
    """
    owner = gathering.owner
    ids = [company.pk for company in companies]
    seen: set[int] = set()
    if owner.is_active:
        rows = visible_companies(actor_of(owner)).filter(pk__in=ids)
        seen = set(rows.values_list("pk", flat=True))
    people = users_by_id(
        {context.actor.user_id, *(company.account_owner_id for company in companies)}
    )
    maker = people.get(context.actor.user_id or 0, owner)
    found = {}
    for company in companies:
        account_owner = people.get(company.account_owner_id or 0)
        if company.pk in seen:
            found[company.pk] = owner
        elif account_owner is not None and account_owner.is_active:
            found[company.pk] = account_owner
        else:
            found[company.pk] = maker
    return found


def _write_contacts(
    made: Sequence[Activity], contacts: Mapping[int, Sequence[int]]
) -> None:
    wanted = {(at, pk) for at, ids in contacts.items() for pk in ids}
    people = {pk for _at, pk in wanted}
    there: set[tuple[int, int]] = set()
    for model, contact in ((Contact, "pk"), (Position, "contact_id")):
        found = model.objects.filter(**{f"{contact}__in": people})
        there.update(found.values_list("company_id", contact))
    if wanted - there:
        raise Invalid.of("contacts", "unknown_choice")
    through = Activity.contacts.through
    through.objects.bulk_create(
        through(activity_id=one.pk, contact_id=pk)
        for one in made
        for pk in dict.fromkeys(contacts.get(one.company_id, ()))
    )
