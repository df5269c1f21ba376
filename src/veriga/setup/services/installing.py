"""The code lists that an installation begins with."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from veriga.common.transactions import write
from veriga.setup import lists
from veriga.setup.models import (
    CloseReason,
    CodeListEntry,
    CompanyCategory,
    ContactFunction,
    EventType,
    Importance,
    ProductRecordType,
    ProspectType,
    Reason,
    Stage,
)
from veriga.setup.queries import forget_code_lists

PLAIN_LISTS: tuple[
    tuple[type[CodeListEntry], tuple[tuple[str, str, str], ...]], ...
] = (
    (Reason, lists.REASONS),
    (ProductRecordType, lists.PRODUCT_RECORD_TYPES),
    (CloseReason, lists.CLOSE_REASONS),
    (ProspectType, lists.PROSPECT_TYPES),
    (CompanyCategory, lists.COMPANY_CATEGORIES),
    (Importance, lists.IMPORTANCES),
    (ContactFunction, lists.CONTACT_FUNCTIONS),
)


@write
def install_code_lists() -> int:
    """Return how many entries were missing and are there now.

    What is there stays as the installation has made it, so this may be repeated.
    """
    made = 0
    for model, entries in _first_entries():
        there = set(model._default_manager.values_list("code", flat=True))
        missing = [entry for entry in entries if entry.code not in there]
        # Another process may be installing too: whoever comes first is right.
        model._default_manager.bulk_create(missing, ignore_conflicts=True)
        made += len(missing)
    forget_code_lists()
    transaction.on_commit(forget_code_lists)
    return made


def _first_entries() -> Iterator[tuple[type[CodeListEntry], list[CodeListEntry]]]:
    yield (
        EventType,
        [
            EventType(code=c, name_sl=sl, name_en=en, position=n, direction=direction)
            for n, (c, sl, en, direction) in enumerate(lists.EVENT_TYPES, 1)
        ],
    )
    yield (
        Stage,
        [
            Stage(
                code=code,
                name_sl=sl,
                name_en=en,
                position=n,
                probability_percent=percent,
                closes=closes,
            )
            for n, (code, sl, en, percent, closes) in enumerate(lists.STAGES, 1)
        ],
    )
    for model, rows in PLAIN_LISTS:
        yield (
            model,
            [
                model(code=code, name_sl=sl, name_en=en, position=n)
                for n, (code, sl, en) in enumerate(rows, 1)
            ],
        )
