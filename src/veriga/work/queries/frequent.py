"""How many activities of each kind hold a typed word, as far as it was counted.

Only of frequent words, and only from time to time (`services/indexing.py`): enough to
know what must not be looked up, and which lists are longer than anybody counts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Final

from veriga.access.rules import Actor
from veriga.activities.rules.words import KindCode
from veriga.common.kept import Kept
from veriga.work.models import FrequentWord
from veriga.work.rules.searching import Typed
from veriga.work.rules.words import marks_of

COUNTED_FROM: Final = 1_000  # a word that fewer activities of a kind hold is not kept
MANY: Final = 10_000  # entries, which take some milliseconds to go through
Row = tuple[str, int]  # a word with its mark, and how many activities hold it
frequent_words: Kept[list[Row]] = Kept(60.0)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of all typed words together in one kind.

    `lookup` is how many entries an index has to go through for them, frequent words
    alone. At least `holding` activities hold them that the actor sees; 0 where
    nothing is known.
    """

    lookup: int = 0
    holding: int = 0


def known_of(actor: Actor, typed: Sequence[Typed]) -> Mapping[str, Known]:
    """Return what is known for each kind of activity; one statement in a minute."""
    rows = frequent_words.get((), _read)
    return {kind: _of_kind(actor, kind, typed, rows) for kind in KindCode}


def frequent_of(actor: Actor, typed: Sequence[Typed]) -> list[Typed]:
    """Return those words for which an index has to go through very many entries.

    None unless a rare one is beside them, of which nothing was counted. At most one
    statement in a minute.
    """
    if len(typed) == 1:
        return []
    rows = frequent_words.get((), _read)
    marks = marks_of(list(KindCode), with_persons=actor.may_see_persons)
    entries = [
        sum(sum(_beginning(mark, one, rows).values()) for mark in marks)
        for one in typed
    ]
    if min(entries) > 0:
        return []
    return [one for one, number in zip(typed, entries, strict=True) if number > MANY]


def _of_kind(
    actor: Actor, kind: str, typed: Sequence[Typed], rows: Sequence[Row]
) -> Known:
    lookups, holding = [], 0
    marks = marks_of([kind], with_persons=actor.may_see_persons)
    for one in typed:
        found = Counter[str]()
        for mark in marks:
            found.update(_beginning(mark, one, rows))
        lookups.append(found.total())
        # Of several words together nobody knows how often they meet.
        if actor.sees_everything and len(typed) == 1:
            holding = max(found.values(), default=0)
    return Known(min(lookups), holding)


def _read() -> list[Row]:
    words = FrequentWord.objects.order_by("word")
    return list(words.values_list("word", "activities"))


def _beginning(mark: str, one: Typed, rows: Sequence[Row]) -> dict[str, int]:
    """Return the words of a mark that a typed one may be or begin, and how many."""
    found = {}
    for begin, is_whole in [
        (one.word, False),
        *((whole, True) for whole in one.wholes),
    ]:
        first = f"{mark}{begin}"
        start = bisect_left(rows, first, key=itemgetter(0))
        for word, number in islice(rows, start, None):
            if word != first if is_whole else not word.startswith(first):
                break
            found[word[1:]] = number
    return found
