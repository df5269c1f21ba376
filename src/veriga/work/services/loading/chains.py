"""Bulk loading of activities with their chains, by the rules that services keep.

What `activities.services` does for one activity at a time is done here for thousands:
checked by the same rules, summarised by the same rules, numbered from blocks of the
same counters, so that `veriga check` finds nothing afterwards. Two things are left out:
history (nobody changed anything) and undo (nothing was there before).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from veriga.access.rules import Context
from veriga.activities.models import Activity, Chain, Entry, Link, Mark, Participant
from veriga.activities.services import sum_chains
from veriga.activities.services.locking import lock_companies
from veriga.common.errors import NotAllowed
from veriga.common.transactions import write
from veriga.events.models import EventDetail
from veriga.parties.models import Company, Contact
from veriga.product_records.models import ProductRecordDetail
from veriga.quotes.models import QuoteDetail, QuoteLine
from veriga.tasks.models import TaskDetail
from veriga.work.models import ActivityWords
from veriga.work.services.indexing import count_words
from veriga.work.services.tables import (
    built_afterwards,
    new_ids,
    refresh_statistics,
    set_column,
)

from .rows import number_rows, owners_of, rows_of, take_blocks
from .shapes import LoadedChain
from .words import write_words
from .writing import write_activities, write_belongings, write_chains, write_details

# What a large load does without until its end.
LOADED_MODELS: tuple[type[Any], ...] = (
    Chain, Activity, Link, Mark, Entry, Participant, Activity.contacts.through,
    EventDetail, TaskDetail, ProductRecordDetail, QuoteDetail, QuoteLine, ActivityWords,
)  # fmt: skip


@contextmanager
def large_load(count: int) -> Iterator[None]:
    """Make the block, in which about `count` activities are loaded, as fast as can be.

    Where the load is larger than what is there, it becomes one transaction in which
    indexes are built and references checked at the end; others wait for it.
    """
    if Activity.objects.count() > count:
        yield
    else:
        with built_afterwards(LOADED_MODELS):
            yield
    # Companies and contacts came before; lists join them.
    refresh_statistics((*LOADED_MODELS, Company, Contact))
    sum_chains()
    count_words()


@write
def load_chains(*, context: Context, chains: Sequence[LoadedChain]) -> int:
    """Store chains in one transaction and return how many activities they had.

    Administrators and the system only. Whoever has much to load calls this once for
    every few thousand activities, so that others get their turn in between.
    Errors: not_linked for an activity that follows nothing before it,
    cannot_see_company for an owner who would not see it, those of create_activity.
    """
    if not context.actor.is_administrator:
        raise NotAllowed
    companies = lock_companies({chain.company_id for chain in chains})
    owners = owners_of(chains, companies)
    rows = list(rows_of(context, chains))
    number_rows(rows)
    chain_ids = new_ids(Chain, len(chains))
    origins, closes = write_chains(chains, chain_ids, rows, companies)
    # Counters are raised when everything slow but the copying itself is done.
    take_blocks(rows)
    write_activities(context, chains, chain_ids, rows, companies, owners)
    set_column(Chain, "origin_id", origins)
    write_details(rows)
    write_belongings(context, rows, closes)
    write_words(chains, rows, companies)
    return len(rows)
