"""Finding activities and locking their companies, in the order that avoids deadlock.

Whatever changes links, marks, dates or membership locks the company row first, then
reads. PostgreSQL locks the row; on SQLite the immediate transaction holds the database.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from veriga.access.rules import Actor, Context
from veriga.activities.models import Activity
from veriga.activities.queries.activities import (
    get_activities,
    get_activity,
    standing_of,
)
from veriga.activities.rules.rights import can_direct, can_edit
from veriga.common.errors import Conflict, NotAllowed
from veriga.common.prepared import prepared
from veriga.parties.models import Company


@prepared
def _locked(*, ids: list[int]) -> QuerySet[Company]:
    rows = Company.objects.select_for_update(no_key=True).filter(pk__in=ids)
    return rows.order_by("pk")


def lock_companies(ids: Iterable[int]) -> dict[int, Company]:
    """Lock the companies in id order and return them by id."""
    return {company.pk: company for company in _locked(ids=sorted(set(ids)))}


def lock_activity(
    context: Context, reference: str, *, also_companies: Iterable[int] = ()
) -> Activity:
    """Return the activity as it is under the lock of its company.

    NotFound if the actor may not see it. It is read again after the lock, and once more
    from the beginning if it moved to another company in between.
    """
    wanted = set(also_companies)
    for _ in range(3):
        company_id = get_activity(context.actor, reference).company_id
        lock_companies({company_id, *wanted})
        activity = get_activity(context.actor, reference)
        if activity.company_id == company_id:
            return activity
    raise Conflict("stale")


def lock_pair(context: Context, one: str, other: str) -> tuple[Activity, Activity]:
    """Return two activities as they are under the locks of their companies."""
    first, second = get_activities(context.actor, [one, other])
    for _ in range(3):
        held = {first.company_id, second.company_id}
        lock_companies(held)
        first, second = get_activities(context.actor, [one, other])
        if {first.company_id, second.company_id} <= held:
            return first, second
    raise Conflict("stale")


def require_recorder(actor: Actor) -> None:
    """Raise NotAllowed for readers."""
    if not actor.can_record:
        raise NotAllowed


def require_edit(actor: Actor, activity: Activity) -> None:
    """Raise NotAllowed unless the actor may edit this activity."""
    if not can_edit(actor, standing_of(activity)):
        raise NotAllowed


def require_direct(actor: Actor, activity: Activity) -> None:
    """Raise NotAllowed unless the actor may take out, close, reopen or delete it."""
    if not can_direct(actor, standing_of(activity)):
        raise NotAllowed


def require_version(activity: Activity, expected: int | None) -> None:
    """Raise Conflict("stale") if somebody saved since the caller read it."""
    if expected is not None and activity.row_version != expected:
        raise Conflict("stale", row_version=activity.row_version)
