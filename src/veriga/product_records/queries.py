"""Reading what only product records have; callers hold activities they may see."""

from __future__ import annotations

from collections.abc import Iterable

from .models import ProductRecordDetail


def details_of(ids: Iterable[int]) -> dict[int, ProductRecordDetail]:
    """Return the details of product records by activity id, in one statement."""
    return ProductRecordDetail.objects.in_bulk(list(ids))
