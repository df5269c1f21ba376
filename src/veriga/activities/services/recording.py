"""Recording activities: create, change, finish, reopen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from veriga.access.models import User
from veriga.access.queries import find_user
from veriga.access.rules import Actor, Context
from veriga.activities.kinds import Own, kind_of
from veriga.activities.models import Activity, Chain, DateMove, Participant
from veriga.activities.queries.activities import get_activity
from veriga.activities.rules.times import occurred_at
from veriga.activities.rules.words import Direction, KindCode, LinkReason, Result
from veriga.catalogue.queries import get_product
from veriga.common.errors import Invalid, NotFound, Problems
from veriga.common.text import fold, has_control_characters, sort_key, tidy
from veriga.common.transactions import at_end, write
from veriga.history.services import record_change
from veriga.parties.models import Company, Contact
from veriga.parties.queries import can_see, get_company
from veriga.setup.models import Importance
from veriga.setup.queries import get_offered

from .chains import settle_chains
from .columns import set_company_columns, set_owner_columns
from .entries import write_first_entry
from .linking import tie
from .locking import (
    lock_activity,
    lock_companies,
    require_direct,
    require_edit,
    require_recorder,
    require_version,
)
from .numbering import assign_reference


class _Unset:
    """The type of UNSET: not given, as opposed to None, which empties a field."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = _Unset()
TITLE_LENGTH = 200
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new activity is made of; `own` holds the fields of its kind.

    `done_at` UNSET lets the kind decide (a past event is done); None keeps it open.
    `follows` is the reference it continues, linked in the same transaction for
    `follow_reason`.
    """

    kind: str
    company_id: int
    title: str
    own: Mapping[str, Any] = field(default_factory=dict)
    direction: str = ""
    owner: int | str | None = None
    participants: Sequence[int | str] = ()
    contacts: Sequence[int] = ()
    importance: str = ""
    product: int | str | None = None
    text: str = ""
    confidential: bool = False  # the text is for holders of that right alone
    follows: str = ""
    follow_reason: LinkReason = LinkReason.MADE_ON
    done_at: datetime | _Unset | None = UNSET
    result: str = ""
    source_reference: str = ""


@write
def create_activity(*, context: Context, draft: Draft) -> Activity:
    """Save a new activity, with its reference, and return it.

    It stands in a chain of its own, or in that of the activity it follows.
    """
    actor = context.actor
    require_recorder(actor)
    company = get_company(actor, draft.company_id)
    company = lock_companies([company.pk]).get(company.pk) or company
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
    owner = _person(actor, draft.owner or actor.user_id, "owner", company, problems)
    participants = [
        _person(actor, ident, "participants", company, problems)
        for ident in draft.participants
    ]
    activity = Activity(
        kind=KindCode(draft.kind),
        company=company,
        chain_id=stimulus.chain_id if stimulus else None,
        recorded_at=context.now,
        source=context.source,
        source_reference=draft.source_reference[:60],
    )
    _set_direction(activity, draft.direction, own, problems)
    _set_importance(activity, draft.importance, problems)
    _set_product(activity, draft.product, problems)
    contacts = _contacts(company, draft.contacts, problems)
    if own is not None:
        _set_own(activity, own)
        _set_done_at_first(activity, own, draft, context, problems)
    problems.raise_if_any()
    if own is None or owner is None:
        raise Invalid
    _set_title(activity, title)
    set_owner_columns(activity, owner)
    set_company_columns(activity, company)
    activity.created_by_id = actor.user_id or owner.pk
    if stimulus is None:
        activity.chain = Chain.objects.create(company=company)
    activity.save(force_insert=True)
    kind.save(activity, own.detail)
    _write_participants(activity, [p for p in participants if p])
    if contacts:
        activity.contacts.set(contacts)
    if draft.text.strip():
        write_first_entry(context, activity, draft.text, draft.confidential)
    if stimulus is not None:
        tie(context, activity, stimulus, draft.follow_reason)
    else:
        settle_chains(company.pk, [activity.chain_id])
    record_history(context, activity, "created")
    at_end(lambda: _number(activity))
    return activity


def _number(activity: Activity) -> None:
    assign_reference(activity)
    twins = Activity.objects.filter(
        chain_id=activity.living_chain_id, date=activity.date
    )
    if twins.exclude(pk=activity.pk).exists():
        # Equal dates are ordered by reference, which it had not until now.
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
    before = _snapshot(activity)
    problems = Problems()
    own = _apply(context, activity, dict(changes), problems)
    problems.raise_if_any()
    _settle_times(activity)
    activity.row_version += 1
    activity.save()
    if own is not None:
        kind_of(activity.kind).save(activity, own.detail)
    _record_moves(context, activity, before)
    settle_chains(activity.company_id, [activity.chain_id])
    record_history(context, activity, "changed", before=before)
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
    before = _snapshot(activity)
    problems = Problems()
    _finish(activity, done_at or context.now, result, context, problems)
    problems.raise_if_any()
    _settle_times(activity)
    activity.row_version += 1
    activity.save()
    settle_chains(activity.company_id, [activity.chain_id])
    record_history(context, activity, "done", before=before)
    return activity


@write
def reopen_activity(*, context: Context, reference: str) -> Activity:
    """Make a done activity open again and return it."""
    return update_activity(
        context=context, reference=reference, changes={"done_at": None}
    )


def clean_title(title: str, problems: Problems) -> str:
    """Return `title` tidied; too long, empty and control characters are problems."""
    if has_control_characters(title):
        problems.add("title", "control_characters")
    clean = tidy(title)
    if not clean:
        problems.add("title", "required")
    elif len(clean) > TITLE_LENGTH:
        problems.add("title", "too_long", limit=TITLE_LENGTH)
    return clean


def record_history(
    context: Context,
    activity: Activity,
    action: str,
    *,
    before: Mapping[str, object] | None = None,
) -> None:
    """Write what changed since `before` (all of it for a new one) into history."""
    after = _snapshot(activity)
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


# --- the parts -------------------------------------------------------------------


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
        _change_company(context, activity, company_id)
    if "title" in changes:
        _set_title(activity, clean_title(changes.pop("title"), problems))
    for name, setter in (
        ("importance", _set_importance),
        ("product", _set_product),
    ):
        if name in changes:
            setter(activity, changes.pop(name), problems)
    if "owner" in changes:
        owner = _person(
            context.actor, changes.pop("owner"), "owner", activity.company, problems
        )
        if owner:
            set_owner_columns(activity, owner)
    if "participants" in changes:
        people = [
            _person(context.actor, p, "participants", activity.company, problems)
            for p in changes.pop("participants")
        ]
        activity.participations.all().delete()
        _write_participants(activity, [p for p in people if p])
    if "contacts" in changes:
        activity.contacts.set(
            _contacts(activity.company, changes.pop("contacts"), problems)
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
            _set_own(activity, own)
    if "direction" in changes:
        _set_direction(activity, changes.pop("direction"), own, problems)
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
        _finish(
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
            _set_result(activity, result, problems)


def _finish(
    activity: Activity,
    done_at: datetime,
    result: str,
    context: Context,
    problems: Problems,
) -> None:
    if timezone.is_naive(done_at):
        problems.add("done_at", "naive_time")
        return
    if done_at > context.now + CLOCK_TOLERANCE:
        problems.add("done_at", "out_of_range")
        return
    activity.done_at = done_at
    _set_result(activity, result, problems)


def _set_result(activity: Activity, result: str, problems: Problems) -> None:
    value = result or Result.CARRIED_OUT
    if value not in kind_of(activity.kind).results:
        problems.add("result", "wrong_result")
        return
    activity.result = value


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
        _finish(activity, done_at, draft.result, context, problems)
    _settle_times(activity)


def _settle_times(activity: Activity) -> None:
    activity.occurred_at = occurred_at(
        KindCode(activity.kind),
        starts_at=activity.starts_at,
        done_at=activity.done_at,
        document_at=activity.document_at,
    )


def _set_own(activity: Activity, own: Own) -> None:
    times = own.times
    activity.date, activity.due_at = times.date, times.due_at
    activity.starts_at, activity.ends_at = times.starts_at, times.ends_at
    activity.all_day, activity.document_at = times.all_day, times.document_at
    activity.type_code = own.type_code
    activity.amount_minor, activity.currency = own.amount_minor, own.currency


def _set_title(activity: Activity, title: str) -> None:
    activity.title = title
    activity.title_key = sort_key(title)
    activity.title_folded = fold(title)[:200]


def _set_direction(
    activity: Activity, direction: str, own: Own | None, problems: Problems
) -> None:
    if direction and direction not in set(Direction):
        problems.add("direction", "unknown_choice")
    elif direction:
        activity.direction = direction
    elif own is not None:
        activity.direction = own.direction


def _set_importance(activity: Activity, code: str | None, problems: Problems) -> None:
    if not code:
        activity.importance_id = None
        return
    try:
        activity.importance_id = get_offered(Importance, code, "importance").pk
    except Invalid as error:
        problems.errors += error.errors


def _set_product(
    activity: Activity, ident: int | str | None, problems: Problems
) -> None:
    if ident in (None, ""):
        activity.product = None
        return
    try:
        activity.product = get_product(None, ident)
    except NotFound:
        problems.add("product", "unknown_choice")


def _person(
    actor: Actor,
    ident: int | str | None,
    field_name: str,
    company: Company,
    problems: Problems,
) -> User | None:
    """Return the user `ident` if they are active and see the company."""
    if ident is None:
        problems.add(field_name, "required")
        return None
    user = find_user(actor, ident)
    if not user.is_active:
        problems.add(field_name, "inactive_user", name=user.name)
    elif not can_see(user, company):
        raise Invalid.of(field_name, "cannot_see_company", user=user.name)
    return user


def _contacts(
    company: Company, ids: Iterable[int], problems: Problems
) -> list[Contact]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    found = list(Contact.objects.filter(pk__in=wanted, company=company))
    if len(found) != len(wanted):
        problems.add("contacts", "wrong_company")
    return found


def _write_participants(activity: Activity, people: Iterable[User]) -> None:
    Participant.objects.bulk_create(
        [Participant(activity=activity, user=user) for user in dict.fromkeys(people)]
    )


def _change_company(context: Context, activity: Activity, company_id: int) -> None:
    """Move a loose activity to another company, its chain of one with it."""
    company = get_company(context.actor, company_id)
    if activity.chain is not None and activity.chain.size > 1:
        raise Invalid.of("company", "company_fixed")
    activity.contacts.clear()
    Chain.objects.filter(pk=activity.living_chain_id).update(company=company)
    set_company_columns(activity, company)


def _record_moves(
    context: Context, activity: Activity, before: Mapping[str, Any]
) -> None:
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
    "type_code", "amount_minor", "currency",
)  # fmt: skip


def _snapshot(activity: Activity) -> dict[str, Any]:
    return {name: getattr(activity, name) for name in _KEPT}
