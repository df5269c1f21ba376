"""The words by which what is loaded is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from veriga.parties.models import Company
from veriga.work.models import ActivityWords, Words
from veriga.work.queries.texts import plain_words, words_of_activity
from veriga.work.rules.words import MARKS, vocabulary
from veriga.work.services.indexing import learn
from veriga.work.services.tables import Table

from .rows import Row
from .shapes import LoadedChain


def write_words(
    chains: Sequence[LoadedChain],
    rows: Sequence[Row],
    companies: Mapping[int, Company],
) -> None:
    """Write the words of loaded activities."""
    waiting = iter(rows)
    found = []
    for chain in chains:
        company = companies[chain.company_id]
        name, is_person = company.name, company.is_person
        for given, row in zip(chain.activities, waiting, strict=False):
            texts = tuple(entry.text for entry in given.entries)
            words = words_of_activity(
                MARKS[given.kind, is_person], given.title, name, texts
            )
            found.append((row.id, words))
    store_words(ActivityWords, found)


def store_words(model: type[Words], found: Iterable[tuple[int, str]]) -> None:
    """Write the words of new records, and those that nobody knew."""
    table: Table = Table(model)
    seen: set[str] = set()
    for pk, words in found:
        table.add(pk, words)
        seen.update(words.split())
    table.write("id", "words")
    learn(vocabulary(plain_words(model, " ".join(seen))))
