"""Reading what only quotes have; callers hold activities they may see."""

from __future__ import annotations

from collections.abc import Iterable

from .models import QuoteDetail


def details_of(ids: Iterable[int]) -> dict[int, QuoteDetail]:
    """Return details of quotes with their lines by activity id, in two statements."""
    found = QuoteDetail.objects.filter(pk__in=list(ids)).prefetch_related("lines")
    return {detail.pk: detail for detail in found}
