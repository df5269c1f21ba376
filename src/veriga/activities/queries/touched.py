"""Chains in which anything happened since an instant that a forecast may look at.

Only these can have stood otherwise then: docs/maths/forecast.md, 5.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.lookups import Exact

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Chain, Change, Mark
from veriga.activities.rules.words import ChangeKind
from veriga.common.ids import read_ids, written
from veriga.common.plans import Unindexed
from veriga.common.prepared import planned_by_values, prepared
from veriga.history.models import Record
from veriga.parties.queries import activity_condition, seen_by, sight_of

from .forecast import (
    SalesFilters,
    Wants,
    filters_of,
    given_of,
    wants_of,
    whose,
)
from .running import not_own_firm

MOST_AGAIN: Final = 200  # companies; of more it is better to ask anew
CHANGES: Final = frozenset(kind.value for kind in ChangeKind)
FAR: Final = {"user", "merge", "unmerge"}  # what changes more than one company


class TouchedChain(NamedTuple):
    """A chain to be looked at."""

    id: int
    company_id: int
    company_key: str
    size: int


def chains_touched(
    actor: Actor, filters: SalesFilters, then: datetime, turned: Collection[int]
) -> list[TouchedChain]:
    """Return those that `actor` sees, by the names of their companies.

    `turned` are the marks that undoing has turned since.
    """
    # Not prepared: how much there is since `then` decides how to look for it.
    rows = _among(actor, filters, _union_of(_touched_ids(then, turned)))
    return [TouchedChain(*values) for values in rows]


def chains_again(
    actor: Actor, filters: SalesFilters, since: datetime
) -> tuple[frozenset[int], list[TouchedChain]] | None:
    """Return at which companies chains were changed, and the chains to look at again.

    None if so much has changed that it is better asked anew. Two statements.
    """
    companies: set[int] = set()
    turned: set[int] = set()
    for pk, what, removed, added in _news(since=since):
        if what in FAR:
            return None
        companies.add(pk)
        if what in CHANGES:
            for part in (removed, added):
                companies.update(part.get("company", ())[1:])
                turned.update(part.get("marks", ()) if what == ChangeKind.UNDO else ())
    if len(companies) > MOST_AGAIN:
        return None
    sight, who = sight_of(actor)
    chains = [
        TouchedChain(*values)
        for values in _again(
            sight,
            wants_of(filters),
            since=since,
            turned=written(turned),
            companies=written(companies),
            **who,
            **given_of(filters),
        )
    ]
    return frozenset(companies), chains


@prepared
def _news(*, since: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    """Return which companies were changed, and at which chains were, with the change.

    As (company, what happened, what it removed, what it added); a colleague's id with
    what is in FAR.
    """
    told = Record.objects.filter(made_at__gt=since).order_by()
    companies = told.filter(subject="company")
    # Whoever changes teams takes their companies along.
    users = told.filter(subject="user", action="update")
    changes = Change.objects.filter(made_at__gt=since).order_by()
    return changes.values_list("company_id", "kind", "removed", "added").union(
        companies.values_list("subject_id", "action", "changes", "changes"),
        users.values_list("subject_id", "subject", "changes", "changes"),
        all=True,
    )


def _among(
    actor: Actor, filters: SalesFilters, among: QuerySet[Any, Any]
) -> QuerySet[Chain, tuple[Any, ...]]:
    rows = Chain.objects.filter(not_own_firm(), pk__in=among)
    condition = activity_condition(actor)
    if condition is not None:
        rows = rows.filter(condition)
    rows = rows.filter(whose(filters, "")).order_by("company__name_key", "id")
    return rows.values_list("pk", "company_id", "company__name_key", "size")


@planned_by_values
def _again(
    sight: str, wants: Wants, /, *, since: datetime, turned: str, companies: str,
    me: int = 0, team: int | None = None, **given: Any,
) -> QuerySet[Chain, tuple[Any, ...]]:  # fmt: skip
    """Return the chains in which anything was done of late, or at these companies."""
    recent = Activity.objects.filter(deleted_at__isnull=True, recorded_at__gt=since)
    own = Chain.objects.filter(company_id__in=read_ids(companies))
    parts = [
        *_marked_ids(since, turned),
        recent.order_by().values("chain_id"),
        _changed_quotes(since).values("chain_id"),
        own.order_by().values("pk"),
    ]
    return _among(seen_by(sight, me, team), filters_of(wants, given), _union_of(parts))


def _marked_ids(since: datetime, turned: str) -> list[QuerySet[Any, Any]]:
    """Return the chains of marks made since, and of those that undoing has turned."""
    marks = Mark.objects.filter(activity__chain__isnull=False).order_by()
    parts: list[QuerySet[Any, Any]] = [marks.filter(made_at__gt=since)]
    parts.append(marks.filter(pk__in=read_ids(turned)))
    return [part.values("activity__chain_id") for part in parts]


def _changed_quotes(since: datetime) -> QuerySet[Activity]:
    """Return the quotes that were changed since. They are told by their amount."""
    changed = Record.objects.filter(subject="activity", made_at__gt=since)
    changed = changed.exclude(action="created").order_by()
    quotes = Activity.objects.filter(amount_minor__isnull=False, deleted_at=None)
    return quotes.filter(pk__in=changed.values("subject_id")).order_by()


def _touched_ids(then: datetime, turned: Collection[int]) -> list[QuerySet[Any, Any]]:
    """Return their ids, in parts each of which has an index."""
    living = Activity.objects.filter(deleted_at__isnull=True)
    # Two together are a running chain, even without a stage and a quote.
    younger = living.filter(chain_id=OuterRef("pk"), recorded_at__gt=then)
    began = Chain.objects.filter(
        Exact(Unindexed(F("stage")), ""),
        Exists(younger),
        is_running=True,
        worth_minor__isnull=False,
        worth_is_quoted=False,  # follows of no quotes, and stands in an index
        quotes=0,
    )
    # Quotes are told by their amount, which makes them few in an index.
    quotes = living.filter(amount_minor__isnull=False, recorded_at__gt=then)
    return [
        *_marked_ids(then, written(turned)),
        began.order_by().values("pk"),
        quotes.order_by().values("chain_id"),
        _changed_quotes(then).values("chain_id"),
    ]


def _union_of(parts: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    """Return the ids of all parts, each of which has an index."""
    return parts[0].union(*parts[1:])
