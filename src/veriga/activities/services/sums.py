"""Keeping the sums of running chains: putting chains in, taking them out again.

A chain that is summed stands in `ChainSum` with what it was when it was put in.
Whatever changes or deletes a chain calls `withdraw` first; the worker puts chains in
again once there are many. Nobody waits for anybody: rows are only added, with a
negative number where a chain is taken out, and the worker adds up what is alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet

from veriga.activities.models import Chain, ChainSum
from veriga.activities.queries.running import not_own_firm
from veriga.activities.queries.sums import (
    KEY,
    Sums,
    are_outdated,
    chains_alike,
    kept_sums,
    summed,
)
from veriga.common.ids import read_ids, written
from veriga.common.transactions import write

from .locking import lock_companies

AT_ONCE: Final = 200  # companies, which are locked meanwhile
SPARE: Final = 200  # rows more than needed before they are added up


def withdraw(chains: QuerySet[Chain]) -> None:
    """Take those of the chains that are summed out of the sums.

    Before they change; the caller holds the locks of their companies.
    """
    rows = summed(chains)
    gone = [one.negative() for one in chains_alike(rows)]
    if gone:
        _store(gone)
        rows.update(is_unsummed=True)


def sum_chains(*, beyond: int = 0) -> int:
    """Put all running chains into the sums if more than `beyond` are not in them.

    Return how many were put in.
    """
    if are_outdated(kept_sums()[0]):
        forget_sums()
    if _waiting().count() <= beyond:
        return 0
    done = 0
    while number := _sum_some():
        done += number
    _add_up()
    return done


@write
def forget_sums() -> None:
    """Empty the sums; the worker fills them again."""
    ChainSum.objects.all().delete()
    summed(Chain.objects.all()).update(is_unsummed=True)


def _waiting() -> QuerySet[Chain]:
    return Chain.objects.filter(not_own_firm(), is_unsummed=True)


@write
def _sum_some() -> int:
    """Put in the chains of some companies; return how many there were."""
    waiting = _waiting()
    some = waiting.order_by("company_id").values_list("company_id", flat=True)
    companies = list(some.distinct()[:AT_ONCE])
    lock_companies(companies)
    rows = waiting.filter(company_id__in=companies)
    ids = list(rows.order_by().values_list("pk", flat=True))
    chosen = Chain.objects.filter(pk__in=read_ids(written(ids)))
    _store(chains_alike(chosen))
    return chosen.update(is_unsummed=False)


@write
def _add_up() -> None:
    """Replace rows that are alike by one, where that spares many."""
    sums, rows = kept_sums()
    if len(rows) > len(sums) + SPARE:
        # What others add meanwhile stays: only what was read goes.
        ChainSum.objects.filter(pk__in=read_ids(written(rows))).delete()
        _store(sums)


def _store(sums: Iterable[Sums]) -> None:
    ChainSum.objects.bulk_create(
        [
            ChainSum(
                **dict(zip(KEY, one.key, strict=True)),
                number=one.number,
                worth_minor=one.worth_minor,
                weighted_minor=one.weighted_minor,
            )
            for one in sums
        ]
    )
