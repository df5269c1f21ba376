"""Deleting: out of the chain, then buried beside a neighbour."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from veriga.access.rules import Context
from veriga.activities.models import Activity, Chain, Change
from veriga.activities.rules.words import ChangeKind
from veriga.common.announcing import announce
from veriga.common.transactions import write

from .chains import settle_chains
from .columns import new_chain
from .linking import Changed, cut_out
from .locking import lock_activity, require_direct, require_version
from .sums import withdraw


@write
def delete_activity(
    *, context: Context, reference: str, expected_version: int | None = None
) -> Changed:
    """Take an activity out of its chain and delete it, as one change.

    A tombstone stays in the chain it was in; undo brings everything back for 30 days.
    """
    activity = lock_activity(context, reference)
    require_direct(context.actor, activity)
    require_version(activity, expected_version)
    removed, added, chains = cut_out(context, activity)
    beside = _neighbour(activity, removed)
    activity.refresh_from_db(fields=["chain"])
    own_chain = activity.chain_id
    bury(activity, beside, context.actor.user_id, context.now)
    change = Change.objects.create(
        kind=ChangeKind.DELETE,
        company_id=activity.company_id,
        activity=activity,
        removed={"links": removed},
        added={"links": added, "buried": [activity.pk, beside]},
        made_by_id=context.actor.user_id,
        made_at=context.now,
    )
    return Changed(change, tuple(sorted(chains - {own_chain or 0})))


def bury(
    activity: Activity, beside: int | None, user_id: int | None, moment: datetime
) -> None:
    """Delete a loose activity; what lay beside it lies beside its neighbour now."""
    chain_id = activity.chain_id
    activity.chain = None
    activity.deleted_at = moment
    activity.deleted_by_id = user_id
    activity.lies_beside_id = beside
    activity.save(update_fields=["chain", "deleted_at", "deleted_by", "lies_beside"])
    activity.graves.update(lies_beside_id=beside)
    announce("activity", [activity.pk])
    if chain_id is not None:
        withdraw(Chain.objects.filter(pk=chain_id))
        Chain.objects.filter(pk=chain_id).delete()


def unbury(activity: Activity) -> None:
    """Bring a deleted activity back to life, in a chain of its own."""
    chain = new_chain(activity.company)
    activity.chain = chain
    activity.deleted_at = None
    activity.deleted_by_id = None
    activity.lies_beside_id = None
    activity.save(update_fields=["chain", "deleted_at", "deleted_by", "lies_beside"])
    settle_chains(activity.company_id, [chain.pk])
    announce("activity", [activity.pk])


def _neighbour(activity: Activity, removed: list[dict[str, Any]]) -> int | None:
    """Return whom it followed, else who followed it: where its tombstone belongs."""
    stimuli = [r["stimulus"] for r in removed if r["follow_up"] == activity.pk]
    others = [r["follow_up"] for r in removed if r["stimulus"] == activity.pk]
    return next(iter([*sorted(stimuli, reverse=True), *sorted(others)]), None)
