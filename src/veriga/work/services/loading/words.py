"""The words by which what is loaded is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from veriga.parties.models import Company
from veriga.work.models import ActivityWords, Words
from veriga.work.queries.texts import words_of_activity
from veriga.work.rules.words import vocabulary
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
        name = companies[chain.company_id].name
        for given, row in zip(chain.activities, waiting, strict=False):
            texts = tuple(entry.text for entry in given.entries)
            found.append((row.id, words_of_activity(given.title, name, texts)))
    store_words(ActivityWords, found)


def store_words(model: type[Words], found: Iterable[tuple[int, str]]) -> None:
    """Write the words of new records, and those that nobody knew."""
    table: Table = Table(model)
    seen: set[str] = set()
    for pk, words in found:
        table.add(pk, words)
        seen.update(words.split())
    table.write("id", "words")
    learn(vocabulary(seen))
