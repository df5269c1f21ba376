"""Reading what only quotes have; callers hold activities they may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from veriga.common.prepared import prepared

from .models import QuoteDetail


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a quote as it is stored; scales: veriga.common.money."""

    product_id: int | None
    text: str
    quantity: int
    unit: str
    unit_price: int
    discount_percent: int
    vat_rate: int
    net_minor: int


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """What only a quote has, with its lines in their order."""

    issued_on: date
    valid_until: date | None
    first_sent_at: datetime | None
    net_minor: int
    vat_minor: int
    lines: list[LineRow] = field(default_factory=list)


_OWN = ("pk", "issued_on", "valid_until", "first_sent_at", "net_minor", "vat_minor")
_LINE = (
    "lines__product_id",
    "lines__text",
    "lines__quantity",
    "lines__unit",
    "lines__unit_price",
    "lines__discount_percent",
    "lines__vat_rate",
    "lines__net_minor",
)


def details_of(ids: Iterable[int]) -> dict[int, QuoteDetail]:
    """Return details of quotes with their lines by activity id, in two statements."""
    found = QuoteDetail.objects.filter(pk__in=list(ids)).prefetch_related("lines")
    return {detail.pk: detail for detail in found}


@prepared
def _quotes(*, ids: list[int]) -> QuerySet[QuoteDetail, tuple[Any, ...]]:
    return (
        QuoteDetail.objects.filter(pk__in=ids)
        .order_by("pk", "lines__position")
        .values_list("lines__id", *_OWN, *_LINE)
    )


def read_quotes(ids: Iterable[int]) -> dict[int, QuoteRow]:
    """Return quotes with their lines by activity id, in one statement."""
    wanted = list(ids)
    rows = _quotes(ids=wanted) if wanted else []
    found: dict[int, QuoteRow] = {}
    for line_id, pk, *values in rows:
        own, line = values[: len(_OWN) - 1], values[len(_OWN) - 1 :]
        quote = found.get(pk)
        if quote is None:
            quote = found[pk] = QuoteRow(*own)
        if line_id is not None:
            quote.lines.append(LineRow(*line))
    return found
