"""Recording activities: create, change, finish, reopen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from veriga.access.rules import Context
from veriga.activities.kinds import Own, describe_all, kind_of
from veriga.activities.models import Activity, DateMove, Suggestion
from veriga.activities.queries.activities import get_activity
from veriga.activities.rules.offering import Offering
from veriga.activities.rules.words import KindCode, LinkReason, Offered
from veriga.common.announcing import announce
from veriga.common.errors import Invalid, NotFound, Problems
from veriga.common.transactions import at_end, write
from veriga.history.services import record_change
from veriga.parties.models import Company
from veriga.parties.queries import get_company
from veriga.setup.custom_fields import clean_custom
from veriga.setup.happenings import Happening, What, happened

from .chains import settle_chains
from .columns import new_chain, set_company_columns, set_owner_columns
from .entries import write_first_entry
from .fields import (
    change_company,
    clean_title,
    contacts_at,
    person_at,
    set_direction,
    set_done,
    set_importance,
    set_own,
    set_product,
    set_result,
    set_title,
    settle_times,
)
from .linking import pack_offering, tie
from .locking import (
    lock_activity,
    lock_companies,
    require_direct,
    require_edit,
    require_recorder,
    require_version,
)
from .numbering import assign_reference
from .people import (
    Given,
    busy_times,
    check_parts,
    parts_at,
    write_new_parts,
    write_parts,
)
from .telling import people_before, tell_assigned, tell_mentioned, tell_new_people


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
    _tell_of(context, activity)
    return activity


def _tell_of(
    context: Context, activity: Activity, before: Mapping[str, Any] | None = None
) -> None:
    """Tell that it was finished, or sent, if it was not before."""
    was = before or {}
    for what, column in ((What.DONE, "done_at"), (What.SENT, "sent_at")):
        if getattr(activity, column) is not None and was.get(column) is None:
            happened(context, Happening(what, activity.company_id, activity.pk))


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


@write
def update_activity(
    *,
    context: Context,
    reference: str,
    changes: Mapping[str, Any],
    expected_version: int | None = None,
) -> Activity:
    """Change the named fields of an activity, common or of its kind, and return it.

    `changes` has the names of Draft (with `company` for `company_id`) and of the kind's
    own fields, without `own`. `done_at` None reopens, a time finishes.
    """
    company_id = changes.get("company")
    if company_id is not None:
        get_company(context.actor, company_id)
    activity = lock_activity(
        context, reference, also_companies=[company_id] if company_id else []
    )
    require_edit(context.actor, activity)
    require_version(activity, expected_version)
    if not changes:
        return activity
    before = snapshot(activity, set(changes))
    people = people_before(activity, changes)
    was = {"done_at": activity.done_at, "sent_at": activity.sent_at}
    problems = Problems()
    own = _apply(context, activity, dict(changes), problems)
    problems.raise_if_any()
    settle_times(activity)
    activity.row_version += 1
    activity.save()
    if {"title", "company"} & changes.keys():
        announce("activity", [activity.pk])
    if own is not None:
        kind_of(activity.kind).save(activity, own.detail)
    record_moves(context, activity, before)
    settle_chains(activity.company_id, [activity.chain_id])
    record_history(context, activity, "changed", before=before)
    tell_new_people(context, activity, people)
    _tell_of(context, activity, was)
    return activity


@write
def finish_activity(
    *,
    context: Context,
    reference: str,
    done_at: datetime | None = None,
    result: str = "",
    expected_version: int | None = None,
) -> Activity:
    """Mark an activity as done and return it; done already, it stays as it was."""
    activity = lock_activity(context, reference)
    require_edit(context.actor, activity)
    require_version(activity, expected_version)
    if activity.done_at is not None:
        return activity
    before = snapshot(activity)
    problems = Problems()
    set_done(activity, done_at or context.now, result, context, problems)
    problems.raise_if_any()
    settle_times(activity)
    activity.row_version += 1
    activity.save()
    settle_chains(activity.company_id, [activity.chain_id])
    record_history(context, activity, "done", before=before)
    happened(context, Happening(What.DONE, activity.company_id, activity.pk))
    return activity


@write
def reopen_activity(*, context: Context, reference: str) -> Activity:
    """Make a done activity open again and return it."""
    return update_activity(
        context=context, reference=reference, changes={"done_at": None}
    )


def record_history(
    context: Context,
    activity: Activity,
    action: str,
    *,
    before: Mapping[str, object] | None = None,
) -> None:
    """Write what changed since `before` (all of it for a new one) into history."""
    after = snapshot(activity, set(before or ()))
    old = before or dict.fromkeys(after)
    changes = {k: (old[k], v) for k, v in after.items() if old[k] != v}
    record_change(
        subject="activity",
        subject_id=activity.pk,
        action=action,
        made_by_id=context.actor.user_id,
        made_by_name=context.actor.name,
        made_at=context.now,
        source=context.source,
        changes=changes if before is not None else {},
    )


def _stimulus(context: Context, draft: Draft, company: Company) -> Activity | None:
    if not draft.follows:
        return None
    stimulus = get_activity(context.actor, draft.follows)
    if stimulus.company_id != company.pk:
        raise Invalid.of("made_on", "other_company")
    return stimulus


def _apply(
    context: Context, activity: Activity, changes: dict[str, Any], problems: Problems
) -> Own | None:
    """Set everything in `changes` on `activity`; return the kind's part if any."""
    kind = kind_of(activity.kind)
    own_values = {k: changes.pop(k) for k in list(changes) if k in kind.fields}
    company_id = changes.pop("company", None)
    if company_id is not None and company_id != activity.company_id:
        change_company(context, activity, company_id)
    if "title" in changes:
        title = clean_title(changes.pop("title"), problems)
        if activity.gathering_id is not None and title != activity.title:
            problems.add("title", "gathering_shared")
        set_title(activity, title)
    if "custom" in changes:
        given = changes.pop("custom")
        activity.custom = clean_custom(problems, activity.kind, given, activity.custom)
    for name, setter in (
        ("importance", set_importance),
        ("product", set_product),
    ):
        if name in changes:
            setter(activity, changes.pop(name), problems)
    if "owner" in changes:
        owner = person_at(
            context.actor, changes.pop("owner"), "owner", activity.company, problems
        )
        if owner:
            set_owner_columns(activity, owner)
    if "contacts" in changes:
        activity.contacts.set(
            contacts_at(activity.company, changes.pop("contacts"), problems)
        )
    own = None
    if own_values:
        own = kind.read(
            own_values,
            activity,
            now=context.now,
            zone=timezone.get_default_timezone(),
            problems=problems,
        )
        if own is not None:
            set_own(activity, own)
    if "participants" in changes:
        given = changes.pop("participants")
        parts = parts_at(context.actor, given, activity.company, problems)
        check_parts(activity, parts, problems)
        problems.raise_if_any()  # before the database refuses them
        write_parts(activity, parts)
    if "direction" in changes:
        set_direction(activity, changes.pop("direction"), own, problems)
    _apply_done(context, activity, changes, problems)
    for name in sorted(changes):
        problems.add(name, "unknown_field")
    return own


def _apply_done(
    context: Context, activity: Activity, changes: dict[str, Any], problems: Problems
) -> None:
    if "done_at" in changes:
        done_at = changes.pop("done_at")
        if done_at is None:
            if activity.done_at is not None:
                require_direct(context.actor, activity)
            activity.done_at, activity.result = None, ""
            if changes.pop("result", ""):
                problems.add("result", "not_done")
            return
        set_done(
            activity,
            done_at,
            changes.pop("result", "") or activity.result,
            context,
            problems,
        )
    elif "result" in changes:
        result = changes.pop("result")
        if activity.done_at is None:
            problems.add("result", "not_done")
        else:
            set_result(activity, result, problems)


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


def record_moves(
    context: Context, activity: Activity, before: Mapping[str, Any]
) -> None:
    """Keep where planned dates stood in `before`, a snapshot, if they moved."""
    moves = [
        DateMove(
            activity=activity,
            field=name,
            old=before[name],
            new=getattr(activity, name),
            made_by_id=context.actor.user_id,
            made_at=context.now,
        )
        for name in ("date", "due_at")
        if before[name] != getattr(activity, name)
    ]
    if moves:
        DateMove.objects.bulk_create(moves)


_KEPT = (
    "title", "direction", "importance_id", "product_id", "owner_id", "company_id",
    "date", "due_at", "starts_at", "ends_at", "all_day", "done_at", "result",
    "type_code", "amount_minor", "currency", "custom",
)  # fmt: skip


# What a kind describes and no column of the activity shows.
_OWN = frozenset(
    {
        *(
            "place",
            "reason",
            "referred_by",
            "guests",
            "quantity",
            "product_text",
            "opinion",
        ),
        *("competitor", "competitor_price", "competitor_currency", "lines", "sent_at"),
    }
)


def snapshot(activity: Activity, also: Collection[str] = ()) -> dict[str, Any]:
    """Return what history compares: columns, and of the fields `also` those it keeps.

    People stand in it by name, because history is read when they may be gone.
    """
    found = {name: getattr(activity, name) for name in _KEPT}
    own_names = _OWN.intersection(also)
    if own_names:
        own = describe_all([activity])[activity.pk]
        found |= {name: own[name] for name in own_names if name in own}
    if "participants" in also:
        people = activity.participants.order_by("name_key", "id")
        found["participants"] = [person.name for person in people]
        found["busy_times"] = busy_times(activity)
    if "contacts" in also:
        contacts = activity.contacts.order_by("name_key", "id")
        found["contacts"] = [contact.name for contact in contacts]
    return found
