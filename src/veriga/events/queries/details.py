"""Reading what only events have; callers hold activities they may see."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from veriga.common.prepared import MOST_IDS, prepared
from veriga.events.models import EventDetail


def details_of(ids: Iterable[int]) -> dict[int, EventDetail]:
    """Return the details of events by activity id, in one statement."""
    wanted = list(ids)
    if len(wanted) > MOST_IDS:
        return EventDetail.objects.in_bulk(wanted)
    return {detail.pk: detail for detail in _details(ids=wanted)}


@prepared
def _details(*, ids: list[int]) -> QuerySet[EventDetail]:
    return EventDetail.objects.filter(pk__in=ids)
