"""A chain along time: its members as the strip and the chain page need them."""

from __future__ import annotations

from datetime import datetime

from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.activities.queries.activities import (
    ORDERS,
    ActivityRow,
    rows_page,
    visible_activities,
)
from veriga.activities.rules.references import read_reference

# Longer chains are drawn from their newest activities only.
DRAWN = 2_000


def list_chain_of(
    actor: Actor, reference: str, *, now: datetime, limit: int = DRAWN
) -> list[ActivityRow]:
    """Return the chain that holds `reference`, newest first, in one statement.

    Empty if there is no such activity or the actor may not see it.
    """
    exact = read_reference(reference)
    if not exact:
        return []
    chain = Activity.objects.filter(reference=exact).values("chain_id")[:1]
    rows = visible_activities(actor).filter(chain_id=chain)
    return rows_page(rows, ORDERS["date"], now=now, limit=limit).rows
