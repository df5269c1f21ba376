"""Moving one event in time, as a calendar does: its length stays unless it is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from veriga.access.rules import Context
from veriga.activities.models import Activity
from veriga.activities.rules.words import KindCode
from veriga.activities.services import UNSET, update_activity
from veriga.activities.services.locking import lock_activity
from veriga.common.errors import Invalid
from veriga.common.transactions import write


@dataclass(frozen=True, slots=True)
class Moved:
    """An event after its move, and when it was before."""

    activity: Activity
    starts_at: datetime
    ends_at: datetime | None


@write
def move_event(
    *, context: Context, reference: str, starts_at: datetime, ends_at: Any = UNSET
) -> Moved:
    """Give an event another beginning and return it with what it had before.

    Without `ends_at` it lasts as long as before, and one without an end still has
    none; None takes the end away. Errors: unknown_field for what is no event, and those
    of update_activity.
    """
    activity = lock_activity(context, reference)
    begun, ended = activity.starts_at, activity.ends_at
    if activity.kind != KindCode.EVENT or begun is None:
        raise Invalid.of("starts_at", "unknown_field")
    if ends_at is UNSET:
        ends_at = None if ended is None else starts_at + (ended - begun)
    changes = {"starts_at": starts_at, "ends_at": ends_at}
    moved = update_activity(context=context, reference=reference, changes=changes)
    return Moved(moved, begun, ended)
