"""Recording a new activity, with its reference, in its chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from veriga.access.rules import Context
from veriga.activities.kinds import Own, kind_of
from veriga.activities.models import Activity, Suggestion
from veriga.activities.queries.activities import get_activity
from veriga.activities.rules.offering import Offering
from veriga.activities.rules.words import KindCode, LinkReason, Offered
from veriga.common.announcing import announce
from veriga.common.errors import Invalid, NotFound, Problems
from veriga.common.transactions import at_end, write
from veriga.parties.models import Company
from veriga.parties.queries import get_company
from veriga.setup.custom_fields import clean_custom

from .chains import settle_chains
from .columns import new_chain, set_company_columns, set_owner_columns
from .entries import write_first_entry
from .fields import (
    clean_title,
    contacts_at,
    person_at,
    set_direction,
    set_done,
    set_importance,
    set_own,
    set_product,
    set_title,
    settle_times,
)
from .linking import pack_offering, tie
from .locking import (
    lock_companies,
    require_recorder,
)
from .numbering import assign_reference
from .people import (
    Given,
    check_parts,
    parts_at,
    write_new_parts,
)
from .snapshots import record_history
from .telling import tell_assigned, tell_done_or_sent, tell_mentioned


class _Unset:
    """The type of UNSET: not given, as opposed to None, which empties a field."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = _Unset()


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new activity is made of; `own` holds the fields of its kind.

    `custom` are values of custom fields by their codes.

    `done_at` UNSET lets the kind decide (a past event is done); None keeps it open.
    `follows` is the reference it continues, linked in the same transaction for
    `follow_reason`. `offered` is the reference that a form offered to continue, and
    `offering` all that it offered; None if nobody knows.
    """

    kind: str
    company_id: int
    title: str
    own: Mapping[str, Any] = field(default_factory=dict)
    direction: str = ""
    owner: int | str | None = None
    participants: Sequence[Given] = ()
    contacts: Sequence[int] = ()
    importance: str = ""
    product: int | str | None = None
    text: str = ""
    confidential: bool = False  # the text is for holders of that right alone
    follows: str = ""
    follow_reason: LinkReason = LinkReason.MADE_ON
    offered: str = ""
    offering: Offering | None = None
    done_at: datetime | _Unset | None = UNSET
    result: str = ""
    source_reference: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)


@write
def create_activity(*, context: Context, draft: Draft) -> Activity:
    """Save a new activity, with its reference, and return it.

    It stands in a chain of its own, or in that of the activity it follows.
    """
    actor = context.actor
    require_recorder(actor)
    company = get_company(actor, draft.company_id)
    locked = lock_companies([company.pk]).get(company.pk)
    if locked is None:  # deleted, or made part of another, in this very moment
        raise NotFound
    company = locked
    stimulus = _stimulus(context, draft, company)
    problems = Problems()
    kind = kind_of(draft.kind)
    unknown = set(draft.own) - kind.fields
    for name in sorted(unknown):
        problems.add(name, "unknown_field")
    own = kind.read(
        draft.own,
        None,
        now=context.now,
        zone=timezone.get_default_timezone(),
        problems=problems,
    )
    title = clean_title(draft.title, problems)
    owner = person_at(actor, draft.owner or actor.user_id, "owner", company, problems)
    parts = parts_at(actor, draft.participants, company, problems)
    activity = Activity(
        kind=KindCode(draft.kind),
        company=company,
        chain_id=stimulus.chain_id if stimulus else None,
        recorded_at=context.now,
        source=context.source,
        source_reference=draft.source_reference[:60],
    )
    set_direction(activity, draft.direction, own, problems)
    set_importance(activity, draft.importance, problems)
    set_product(activity, draft.product, problems)
    contacts = contacts_at(company, draft.contacts, problems)
    activity.custom = clean_custom(problems, draft.kind, draft.custom, {})
    if own is not None:
        set_own(activity, own)
        check_parts(activity, parts, problems)
        _set_done_at_first(activity, own, draft, context, problems)
    problems.raise_if_any()
    if own is None or owner is None:
        raise Invalid
    set_title(activity, title)
    set_owner_columns(activity, owner)
    set_company_columns(activity, company)
    activity.created_by_id = actor.user_id or owner.pk
    if stimulus is None:
        activity.chain = new_chain(company)
    activity.save(force_insert=True)
    announce("activity", [activity.pk])
    kind.save(activity, own.detail)
    write_new_parts(activity, parts)
    if contacts:
        activity.contacts.set(contacts)
    entry = None
    if draft.text.strip():
        entry = write_first_entry(context, activity, draft.text, draft.confidential)
    if stimulus is not None:
        offer = pack_offering(context, company.pk, draft.offering)
        tie(context, activity, stimulus, draft.follow_reason, offer)
    else:
        settle_chains(company.pk, [activity.chain_id])
    if draft.offered:
        _note_offer(context, activity, draft)
    record_history(context, activity, "created")
    at_end(lambda: _number(activity))
    users = [part.user for part in parts]
    at_end(lambda: tell_assigned(context, activity, owner, users))
    if entry is not None:
        at_end(lambda: tell_mentioned(context, activity, entry))
    tell_done_or_sent(context, activity)
    return activity


def _stimulus(context: Context, draft: Draft, company: Company) -> Activity | None:
    if not draft.follows:
        return None
    stimulus = get_activity(context.actor, draft.follows)
    if stimulus.company_id != company.pk:
        raise Invalid.of("made_on", "other_company")
    return stimulus


def _set_done_at_first(
    activity: Activity, own: Own, draft: Draft, context: Context, problems: Problems
) -> None:
    done_at = (
        own.times.finished_at if isinstance(draft.done_at, _Unset) else draft.done_at
    )
    if done_at is None:
        if draft.result:
            problems.add("result", "not_done")
    else:
        set_done(activity, done_at, draft.result, context, problems)
    settle_times(activity)


def _note_offer(context: Context, activity: Activity, draft: Draft) -> None:
    """Keep what became of the offer; one of another company was for another record."""
    try:
        offered = get_activity(context.actor, draft.offered)
    except NotFound:
        return
    if offered.company_id != activity.company_id:
        return
    outcome = Offered.REFUSED
    if draft.follows:
        is_offered = draft.follows == offered.reference
        outcome = Offered.ACCEPTED if is_offered else Offered.CHANGED
    Suggestion.objects.create(
        activity=activity, offered=offered, outcome=outcome, made_at=context.now
    )


def _number(activity: Activity) -> None:
    assign_reference(activity)
    same = Q(date=activity.date)
    for name in ("occurred_at", "due_at"):
        if getattr(activity, name) is not None:
            same |= Q(**{name: getattr(activity, name)})
    twins = Activity.objects.filter(same, chain_id=activity.living_chain_id)
    if twins.exclude(pk=activity.pk).exists():
        # Equal times are ordered by reference, which it had not until now.
        settle_chains(activity.company_id, [activity.chain_id])
