"""Commands for many activities at once, and taking one back as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from veriga.access.rules import Context
from veriga.activities.models import Activity, Change
from veriga.activities.services import (
    delete_activity,
    finish_activity,
    link_activities,
    restore_activity,
    stored_values,
    undo_change,
    update_activity,
)
from veriga.activities.services.locking import lock_companies
from veriga.activities.services.undoing import UNDO_FOR
from veriga.common.errors import (
    Conflict,
    FieldError,
    Invalid,
    NotAllowed,
    NotFound,
    VerigaError,
)
from veriga.common.transactions import savepoint, write
from veriga.parties.services import lock_contacts, restore_contact
from veriga.work.models import Batch
from veriga.work.queries.bulk import Chosen, Command, Left, Plan, plan_command
from veriga.work.rules.bulk import Action, Of

from .companies import restore_company


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many changed, what stayed and why; `batch` undoes it, None if nothing did."""

    number: int
    left: list[Left]
    batch: Batch | None = None
    of: Of = Of.ACTIVITIES


@write
def run_command(
    *, context: Context, chosen: Sequence[Chosen], command: Command
) -> Outcome:
    """Do one thing to many activities, each as its own service does it.

    What may not be changed, or was changed since it was chosen, is left as it is and
    told; of each activity all is done or nothing. The companies are locked at once in
    the order of their ids, so two people with the same activities wait for each other.
    Errors: those of plan_command.
    """
    plan = plan_command(context.actor, chosen, command)
    held = {activity.company_id for activity in plan.fit}
    lock_companies(held)
    # Somebody may have been quicker while this waited for the locks.
    plan = plan_command(context.actor, chosen, command)
    left = list(plan.left)
    items = []
    for activity in plan.fit:
        try:
            if activity.company_id not in held:
                raise Conflict("changed_since")
            with savepoint():
                items.append(_do(context, activity, command.action, plan))
        except (NotFound, NotAllowed, Conflict, Invalid) as error:
            left.append(Left(str(activity.reference), activity.title, _why(error)))
    if not items:
        return Outcome(0, left)
    return Outcome(len(items), left, keep_batch(context, command.action, items))


@write
def undo_command(*, context: Context, batch_id: int) -> Outcome:
    """Give all rows of a command back what they had; by its maker, for 30 days.

    What somebody changed since is left as it is and told. Errors: not_found,
    already_undone, undo_too_late, and undo_conflict if nothing could be given back.
    """
    mine = Batch.objects.filter(pk=batch_id, made_by_id=context.actor.user_id or 0)
    # Whoever comes second waits here for the first one, and finds it undone.
    taken = mine.filter(undone_at__isnull=True).update(undone_at=context.now)
    batch = mine.first()
    if batch is None:
        raise NotFound
    if not taken:
        raise Conflict("already_undone")
    if context.now - batch.made_at > UNDO_FOR:
        raise Conflict("undo_too_late")
    of = Of(batch.of)
    if of is Of.ACTIVITIES:
        lock_companies(_companies_of(batch))
    elif of is Of.COMPANIES:
        lock_companies(item["id"] for item in batch.items)
    else:
        lock_contacts(item["id"] for item in batch.items)
    give_back = {
        Of.ACTIVITIES: _undo,
        Of.COMPANIES: _undo_company,
        Of.CONTACTS: _undo_contact,
    }[of]
    left: list[Left] = []
    # Backwards: what was linked or taken out last is put back first.
    for item in reversed(batch.items):
        try:
            with savepoint():
                give_back(context, item)
        except (NotFound, NotAllowed, Conflict, Invalid) as error:
            why = Conflict("changed_since") if error.code == "stale" else error
            left.append(Left(item.get("reference", str(item["id"])), "", why))
    if len(left) == len(batch.items):
        raise Conflict("undo_conflict")
    return Outcome(len(batch.items) - len(left), left, of=of)


# --- the parts -------------------------------------------------------------------


def _do(
    context: Context, activity: Activity, action: Action, plan: Plan
) -> dict[str, Any]:
    """Do it to one activity; return what undoing it needs."""
    does: Callable[[Context, Activity, Plan], dict[str, Any]] = {
        Action.LINK: _link,
        Action.DELETE: _delete,
        Action.FINISH: _finish,
    }.get(action, _update)
    about = {"id": activity.pk, "reference": str(activity.reference)}
    return {**about, **does(context, activity, plan)}


def _update(context: Context, activity: Activity, plan: Plan) -> dict[str, Any]:
    changes = plan.changes[activity.pk]
    was = stored_values(activity, list(changes))
    changed = update_activity(
        context=context,
        reference=str(activity.reference),
        changes=changes,
        expected_version=activity.row_version,
    )
    return {"version": changed.row_version, "was": was}


def _finish(context: Context, activity: Activity, plan: Plan) -> dict[str, Any]:
    was = stored_values(activity, ["done_at"])
    done = finish_activity(
        context=context,
        reference=str(activity.reference),
        result=plan.changes[activity.pk]["result"],
        expected_version=activity.row_version,
    )
    return {"version": done.row_version, "was": was}


def _link(context: Context, activity: Activity, plan: Plan) -> dict[str, Any]:
    stimulus = plan.stimulus
    linked = link_activities(
        context=context,
        follow_up=str(activity.reference),
        stimulus=str(stimulus.reference if stimulus else ""),
    )
    if linked.change is None:
        raise Conflict("linked_already")
    return {"change": linked.change.pk}


def _delete(context: Context, activity: Activity, _plan: Plan) -> dict[str, Any]:
    deleted = delete_activity(
        context=context,
        reference=str(activity.reference),
        expected_version=activity.row_version,
    )
    return {"change": deleted.change.pk}


def _companies_of(batch: Batch) -> set[int]:
    """Return the companies that undoing touches: those of then and those of now."""
    ids = [item["id"] for item in batch.items]
    changes = [item["change"] for item in batch.items if "change" in item]
    now = Activity.objects.filter(pk__in=ids).values_list("company_id", flat=True)
    then = Change.objects.filter(pk__in=changes).values_list("company_id", flat=True)
    return {*now, *then}


def _undo(context: Context, item: dict[str, Any]) -> None:
    if "change" in item:
        undo_change(context=context, change_id=item["change"])
        return
    restore_activity(
        context=context,
        activity_id=item["id"],
        version=item["version"],
        was=item["was"],
    )


def _undo_company(context: Context, item: dict[str, Any]) -> None:
    restore_company(
        context=context, company_id=item["id"], version=item["version"], was=item["was"]
    )


def _undo_contact(context: Context, item: dict[str, Any]) -> None:
    was = dict(item["was"])
    if was.get("until_on"):
        was["until_on"] = date.fromisoformat(was["until_on"])
    restore_contact(
        context=context, contact_id=item["id"], version=item["version"], was=was
    )


def _why(error: VerigaError) -> VerigaError | FieldError:
    """Return the reason to tell: of a refused save what is wrong with its field."""
    if isinstance(error, Invalid) and error.errors:
        return error.errors[0]
    return Conflict("changed_since") if error.code == "stale" else error


def keep_batch(
    context: Context,
    action: str,
    items: list[dict[str, Any]],
    of: Of = Of.ACTIVITIES,
) -> Batch:
    """Keep what a command did, and forget what nobody can undo any more."""
    user_id = context.actor.user_id
    if user_id is None:
        raise NotAllowed
    Batch.objects.filter(made_at__lt=context.now - UNDO_FOR).delete()
    return Batch.objects.create(
        of=of,
        action=action,
        items=items,
        made_by_id=user_id,
        made_at=context.now,
    )
