"""What only activities tell of contacts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max

from veriga.access.rules import Actor
from veriga.activities.queries.activities import visible_activities


def last_with(
    actor: Actor, ids: Collection[int], *, now: datetime
) -> dict[int, datetime]:
    """Return when each contact last took part in what the actor sees; one statement.

    Who took part in nothing yet is missing.
    """
    if not ids:
        return {}
    rows = visible_activities(actor).filter(contacts__in=list(ids), date__lte=now)
    told = rows.order_by().values_list("contacts").annotate(last=Max("date"))
    return {contact_id: last for contact_id, last in told if last is not None}
