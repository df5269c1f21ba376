"""Keeping chains true: after links, dates or members changed, settle what they form."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet

from veriga.activities.models import Activity, Chain, Link, Mark
from veriga.activities.queries.chains import SIGN_COLUMNS, sign_of
from veriga.activities.rules.chains import Member, Summary, closes_in, summarise
from veriga.activities.rules.graphs import components
from veriga.activities.rules.sales import Sign
from veriga.common.prepared import prepared
from veriga.parties.models import Company

from .columns import new_chain
from .sums import withdraw


def settle_chains(company_id: int, chain_ids: Iterable[int | None]) -> set[int]:
    """Make chains what their links say, and return the ids of those that remain.

    Each connected part of the members keeps the chain that most of it was in, so the
    smaller side of a join is relabelled; parts without one get a new chain, and chains
    without members go. The caller holds the lock of the company.
    """
    ids = {pk for pk in chain_ids if pk is not None}
    wanted = sorted(ids)
    rows = _members(ids=wanted) if wanted else []
    members = {row[0]: Member(*row[:-3]) for row in rows}
    if any(is_running and not is_unsummed for *_, is_running, is_unsummed, _ in rows):
        withdraw(Chain.objects.filter(pk__in=wanted))
    was_in = {row[0]: row[-1] for row in rows}
    links = _links(ids=wanted) if wanted else []
    marks = read_signs(ids)
    parts = sorted(components(members, links), key=lambda p: (-len(p), min(p)))
    kept: set[int] = set()
    for part in parts:
        chain_id = _chain_for(part, was_in, kept, company_id)
        kept.add(chain_id)
        moving = [pk for pk in part if was_in[pk] != chain_id]
        if moving:
            Activity.objects.filter(pk__in=moving).update(chain_id=chain_id)
        own = [members[pk] for pk in part]
        store_summary(chain_id, summarise(own, links, marks))
        _store_closes(own, [mark for mark in marks if mark.activity_id in part])
    gone = ids - kept
    if gone:
        # They have no members any more, and nothing else is kept of a chain that would
        # have to be looked for.
        empty: Any = Chain.objects.filter(pk__in=gone)
        empty._raw_delete(empty.db)
    return kept


@prepared
def _members(*, ids: list[int]) -> QuerySet[Activity, tuple[Any, ...]]:
    return Activity.objects.filter(chain_id__in=ids).values_list(
        *Member._fields, "chain__is_running", "chain__is_unsummed", "chain_id"
    )


@prepared
def _links(*, ids: list[int]) -> QuerySet[Link, tuple[int, int]]:
    return Link.objects.filter(follow_up__chain_id__in=ids).values_list(
        "follow_up_id", "stimulus_id"
    )


@prepared
def _signs(*, ids: list[int]) -> QuerySet[Mark, tuple[Any, ...]]:
    return (
        Mark.objects.filter(activity__chain_id__in=ids, withdrawn_at__isnull=True)
        .order_by()
        .values_list("id", *SIGN_COLUMNS)
    )


def store_summary(chain_id: int, summary: Summary) -> None:
    """Write the caches of one chain."""
    Chain.objects.filter(pk=chain_id).update(
        **asdict(summary), is_unsummed=summary.is_running
    )


def _store_closes(members: list[Member], marks: list[Sign]) -> None:
    """Keep on the marks of a chain which of them close a sale; most chains have none.

    A mark that was withdrawn, or whose activity is deleted, keeps what it had: readers
    pass such marks over.
    """
    closes = closes_in(members, marks)
    for mark in marks:
        made = closes.get(mark.order[1])
        due = ("", None, "") if made is None else (
            made.outcome, made.amount_minor, made.currency,
        )  # fmt: skip
        if due != (mark.closes, mark.closed_minor, mark.closed_currency):
            names = ("closes", "closed_minor", "closed_currency")
            changes: dict[str, Any] = dict(zip(names, due, strict=True))
            Mark.objects.filter(pk=mark.order[1]).update(**changes)


def read_signs(chain_ids: Iterable[int]) -> list[Sign]:
    """Return the marks in force of these chains."""
    wanted = list(chain_ids)
    found = _signs(ids=wanted) if wanted else []
    return [sign_of(*values) for values in found]


def _chain_for(
    part: set[int], was_in: dict[int, int], kept: set[int], company_id: int
) -> int:
    tally = Tally(was_in[pk] for pk in part)
    for chain_id, _ in sorted(tally.items(), key=lambda item: (-item[1], item[0])):
        if chain_id not in kept:
            return chain_id
    return new_chain(Company.objects.get(pk=company_id)).pk
