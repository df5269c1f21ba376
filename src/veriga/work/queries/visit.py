"""What a salesperson reads before a visit: one sheet of one company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from veriga.access.rules import Actor
from veriga.activities.queries.activities import visible_activities
from veriga.activities.queries.filters import ActivityFilters
from veriga.activities.queries.lists import list_activities
from veriga.activities.queries.record import Telling, tell
from veriga.activities.queries.rows import ORDERS, ActivityRow, rows_page
from veriga.activities.rules.words import NOT_CARRIED_OUT, Direction, KindCode
from veriga.parties.models import Address

from .relations import Relations, get_relations

CONTACTED = 5
RECORDS = 8


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """The head of the relations page, and what was said and seen last."""

    head: Relations
    contacted: list[tuple[ActivityRow, Telling | None]]
    records: list[ActivityRow]
    # Where else to go; read only if the seat is not known.
    places: list[Address]


def get_visit_sheet(actor: Actor, company_id: int, *, now: datetime) -> VisitSheet:
    """Return the sheet of a company, in nine statements; NotFound if invisible."""
    head = get_relations(actor, company_id, now=now)
    rows = _last_contacts(actor, company_id, now)
    told = tell(actor, rows, length=600)
    filters = ActivityFilters(company_id=company_id, kind=KindCode.PRODUCT_RECORD)
    further = Address.objects.filter(company_id=company_id).order_by("kind", "pk")
    return VisitSheet(
        head=head,
        contacted=[(row, told.get(row.id)) for row in rows],
        records=list_activities(actor, filters, now=now, limit=RECORDS).rows,
        places=[] if head.company.town else list(further),
    )


def _last_contacts(actor: Actor, company_id: int, now: datetime) -> list[ActivityRow]:
    """Return the newest events in which we and the customer were in touch."""
    rows = (
        visible_activities(actor)
        .filter(company_id=company_id, kind=KindCode.EVENT)
        .filter(occurred_at__isnull=False, date__lte=now)
        .exclude(direction=Direction.INTERNAL)
        .exclude(result__in=NOT_CARRIED_OUT)
    )
    return rows_page(rows, ORDERS["date"], now=now, limit=CONTACTED).rows
