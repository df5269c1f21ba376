"""Where in the texts of an activity the words stand that somebody looks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import IntegerField, QuerySet, Value

from veriga.activities.models import Entry
from veriga.common.prepared import prepared
from veriga.documents.models import Attachment
from veriga.work.rules.searching import Part, Typed, excerpt

MOST_READ: Final = 60  # entries of the activities that are shown


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text, or the name of a file, with the words that were found."""

    parts: tuple[Part, ...]
    is_file: bool = False


NO_EXCERPT: Final = Excerpt(())


def excerpts_of(
    ids: Collection[int], typed: Sequence[Typed], *, most: int = MOST_READ
) -> dict[int, Excerpt]:
    """Return an excerpt of each activity; none where no text holds any of the words.

    For ids found among visible activities; of what all who see them may read. The text
    that holds most of the words is chosen, the newest of equals, of `most` texts that
    are read. One statement.
    """
    if not ids:
        return {}
    texts: dict[int, list[tuple[int, Excerpt]]] = defaultdict(list)
    for pk, text, _, is_file in _texts(most, ids=list(ids)):
        _note(texts[pk], text, typed, is_file=bool(is_file))
    return {
        pk: max(found, key=lambda one: one[0])[1]
        for pk, found in texts.items()
        if found
    }


@prepared
def _texts(most: int, /, *, ids: list[int]) -> QuerySet[Any, Any]:
    """Return (activity, text, when, whether it is a file's name), newest first."""
    entries = Entry.objects.filter(activity_id__in=ids, is_confidential=False)
    files = Attachment.objects.filter(activity_id__in=ids, deleted_at__isnull=True)
    said = entries.values_list("activity_id", "text", "made_at", _number(0))
    named = files.values_list("activity_id", "name", "made_at", _number(1))
    return said.union(named, all=True).order_by("-made_at")[:most]


def _number(value: int) -> Value:
    return Value(value, output_field=IntegerField())


def _note(
    found: list[tuple[int, Excerpt]],
    text: str,
    typed: Sequence[Typed],
    *,
    is_file: bool,
) -> None:
    parts = excerpt(text, typed)
    if parts:
        marked = sum(is_marked for _, is_marked in parts)
        found.append((marked, Excerpt(tuple(parts), is_file)))
