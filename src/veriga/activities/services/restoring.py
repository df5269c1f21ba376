"""Giving an activity back what it had before a change of many at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Context
from veriga.activities.kinds import Own, describe_all, kind_of
from veriga.activities.models import Activity
from veriga.activities.queries.activities import visible_activities
from veriga.common.errors import NotFound, Problems
from veriga.common.transactions import write

from .chains import settle_chains
from .columns import set_owner_columns
from .fields import set_own, settle_times
from .locking import lock_activity, require_version
from .snapshots import record_history, record_moves, snapshot

ROW_FIELDS: Final = frozenset({"owner", "importance", "done_at", "result"})
_ENDING_IN_AT: Final = "_at"  # instants; other times are days


def stored_values(activity: Activity, fields: list[str]) -> dict[str, Any]:
    """Return fields, common or of its kind, in the form that a table of JSON holds."""
    own = set(fields) - ROW_FIELDS
    values = describe_all([activity])[activity.pk] if own else {}
    found: dict[str, Any] = {name: values.get(name) for name in own}
    if "owner" in fields:
        found["owner"] = activity.owner_id
    if "importance" in fields:
        found["importance"] = activity.importance_id
    if "done_at" in fields:
        found |= {"done_at": activity.done_at, "result": activity.result}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in found.items()
    }


@write
def restore_activity(
    *, context: Context, activity_id: int, version: int, was: Mapping[str, Any]
) -> Activity:
    """Give fields back the values that stored_values told, and return the activity.

    For undoing: so an owner who has left since is the owner again. The caller decides
    who may. Errors: stale if anybody saved it after `version`, not_found if it is
    deleted or out of sight.
    """
    rows = visible_activities(context.actor).filter(pk=activity_id)
    reference = rows.values_list("reference", flat=True).first()
    if reference is None:
        raise NotFound
    activity = lock_activity(context, reference)
    require_version(activity, version)
    before = snapshot(activity, set(was))
    own = _restore_own(context, activity, was)
    if "owner" in was:
        set_owner_columns(activity, User.objects.get(pk=was["owner"]))
    if "importance" in was:
        activity.importance_id = was["importance"]
    if "done_at" in was:
        activity.done_at = _instant(was["done_at"])
        activity.result = was["result"]
    settle_times(activity)
    activity.row_version += 1
    activity.save()
    if own is not None:
        kind_of(activity.kind).save(activity, own.detail)
    record_moves(context, activity, before)
    settle_chains(activity.company_id, [activity.chain_id])
    record_history(context, activity, "changed", before=before)
    return activity


def _restore_own(
    context: Context, activity: Activity, was: Mapping[str, Any]
) -> Own | None:
    values = {
        name: _instant(text) if name.endswith(_ENDING_IN_AT) else _day(text)
        for name, text in was.items()
        if name not in ROW_FIELDS
    }
    if not values:
        return None
    problems = Problems()
    own = kind_of(activity.kind).read(
        values,
        activity,
        now=context.now,
        zone=timezone.get_default_timezone(),
        problems=problems,
    )
    problems.raise_if_any()
    if own is not None:
        set_own(activity, own)
    return own


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
