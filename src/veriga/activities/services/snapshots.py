"""What history keeps of an activity: how it stood, and what moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from veriga.access.rules import Context
from veriga.activities.kinds import describe_all
from veriga.activities.models import Activity, DateMove
from veriga.history.services import record_change

from .people import (
    busy_times,
)

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
