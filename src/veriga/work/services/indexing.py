"""Keeping the words that search looks up in step with what they tell of.

Lower rooms announce what has changed (`common/announcing.py`); the words follow in the
same transaction, so that nobody finds what is no longer said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial

from django.db import connection, transaction

from veriga.activities.models import Activity
from veriga.common.announcing import announce, listen
from veriga.common.transactions import write
from veriga.work.models import FrequentWord, KnownWord, Words
from veriga.work.queries.frequent import COUNTED_FROM, frequent_words
from veriga.work.queries.matching import (
    TABLES,
    counted_words,
    dropping,
    making,
    missing_tables,
)
from veriga.work.queries.texts import (
    BATCH,
    SUBJECTS,
    batches,
    orphans,
    plain_words,
)
from veriga.work.rules.words import vocabulary


def listen_to_all() -> None:
    """Be told of every change of what is searched; called when the program starts."""
    for noun in SUBJECTS:
        listen(noun, partial(refresh, noun))


def refresh(noun: str, ids: Iterable[int]) -> None:
    """Write the words of these records anew; of those that are gone, delete them."""
    words, _, computed = SUBJECTS[noun]
    wanted = sorted(ids)
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        found = computed(part)
        _store(words, found)
        gone = set(part) - found.keys()
        if gone:
            words._default_manager.filter(pk__in=gone).delete()


def announce_activities_of(company_id: int) -> None:
    """Have the words of all activities of a company follow its new name."""
    ids = Activity.objects.filter(company_id=company_id).values_list("pk", flat=True)
    announce("activity", ids)


def _store(model: type[Words], found: dict[int, str]) -> None:
    rows = [model(id=pk, words=words) for pk, words in found.items()]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=["words"]
    )
    learn(vocabulary(plain_words(model, " ".join(found.values()))))


def learn(words: Collection[str]) -> None:
    """Add words to those that a mistyped one may stand for."""
    # In one order always: two writers never wait for each other in a circle.
    rows = [KnownWord(word=word) for word in sorted(words)]
    KnownWord.objects.bulk_create(rows, ignore_conflicts=True)


def prepare_search() -> None:
    """Make the tables of search, and fill them where there are records without words.

    After every migration: an installation that is upgraded has records and no words.
    """
    missing = missing_tables()
    if missing is None:
        return
    for table in missing:
        make_table(table)
    for noun, (words, model, _) in SUBJECTS.items():
        if not words._default_manager.exists() and model._default_manager.exists():
            _fill(noun)
            if noun == "activity":
                count_words()


@transaction.atomic
def make_table(model: type[Words]) -> None:
    """Make anew what the words of `model` are found by, out of the words there are."""
    with connection.cursor() as cursor:
        for statement in (*dropping(model), *making(model)):
            cursor.execute(statement)


@transaction.atomic
def _fill(noun: str) -> None:
    for ids in batches(SUBJECTS[noun][1]):
        refresh(noun, ids)


def count_words() -> None:
    """Count how many activities hold the words that many hold.

    Done from time to time, as the numbers only decide how something is found and which
    counts are broken off: a share that is off by a day does not show.
    """
    _keep_counts(
        [
            FrequentWord(word=word, activities=number)
            for word, number in counted_words(COUNTED_FROM)
        ]
    )


@write
def _keep_counts(rows: list[FrequentWord]) -> None:
    FrequentWord.objects.all().delete()
    FrequentWord.objects.bulk_create(rows, ignore_conflicts=True)
    frequent_words.forget()


@write
def repair_search() -> None:
    """Part of `veriga check --repair`: compute all words anew, and look-ups from them.

    Words that no record holds any longer are forgotten.
    """
    KnownWord.objects.all().delete()
    for noun, (words, model, _) in SUBJECTS.items():
        words._default_manager.filter(pk__in=orphans(words, model)).delete()
        for ids in batches(model):
            refresh(noun, ids)
    for table in TABLES:
        make_table(table)
    count_words()
