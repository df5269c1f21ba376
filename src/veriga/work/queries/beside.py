"""What stands beside a selected row: the tasks and the open quotes around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import filterfalse
from typing import Any

from django.db.models import Q, QuerySet

from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.activities.queries.activities import get_activity, visible_activities
from veriga.activities.queries.rows import ORDERS, ActivityRow, columns_of, to_page
from veriga.activities.rules.words import KindCode
from veriga.common.keyset import order_by
from veriga.common.parts import first_of_parts
from veriga.common.prepared import prepared
from veriga.parties.models import Company
from veriga.parties.queries import seen_by, sight_of

BY_DUE = ORDERS["due"]
LIMIT = 200  # of a company's open work, and of a chain's tasks


@dataclass(frozen=True, slots=True)
class Beside:
    """The tasks and open quotes of a chain, then what else its company has open.

    Of the chain the tasks that are done stand there too. Without a selected activity
    there is no chain: all is of the company.
    """

    company: Company
    activity: Activity | None
    chain_tasks: list[ActivityRow]
    tasks: list[ActivityRow]
    chain_quotes: list[ActivityRow]
    quotes: list[ActivityRow]


def get_beside(actor: Actor, reference: str, *, now: datetime) -> Beside:
    """Return what stands beside one activity, in two statements; or NotFound."""
    activity = get_activity(actor, reference)
    return _beside(actor, activity.company, activity, now)


def beside_company(actor: Actor, company: Company, *, now: datetime) -> Beside:
    """Return what a company that the actor sees has open, in one statement."""
    return _beside(actor, company, None, now)


def _beside(
    actor: Actor, company: Company, activity: Activity | None, now: datetime
) -> Beside:
    sight, who = sight_of(actor)
    chain = activity.chain_id if activity else None
    given = {"company": company.pk, **({} if chain is None else {"chain": chain})}
    found = _around(sight, **given, **who)
    rows = to_page(found, BY_DUE, now=now, limit=2 * LIMIT).rows
    tasks = [row for row in rows if row.kind == KindCode.TASK]
    quotes = [row for row in rows if row.kind == KindCode.QUOTE and not row.done_at]

    def of_chain(row: ActivityRow) -> bool:
        return chain is not None and row.chain_id == chain

    return Beside(
        company=company,
        activity=activity,
        # What is open comes first, by its deadline.
        chain_tasks=sorted(filter(of_chain, tasks), key=lambda row: bool(row.done_at)),
        tasks=list(filterfalse(of_chain, tasks)),
        chain_quotes=list(filter(of_chain, quotes)),
        quotes=list(filterfalse(of_chain, quotes)),
    )


@prepared
def _around(
    sight: str, /, *, company: int, me: int = 0, team: int | None = None, **chain: int
) -> QuerySet[Activity, tuple[Any, ...]]:
    """Return what a company has open, and all tasks of a chain if one is given."""
    work = Q(kind__in=[KindCode.TASK, KindCode.QUOTE], done_at__isnull=True)
    parts = [Q(company_id=company) & work]
    if chain:
        parts.append(Q(chain_id=chain["chain"], kind=KindCode.TASK))
    rows = visible_activities(seen_by(sight, me, team))
    rows = first_of_parts(rows, parts, BY_DUE, limit=LIMIT - 1, values=())
    columns = columns_of(BY_DUE, full=False)
    return rows.order_by(*order_by(BY_DUE)).values_list(*columns)
