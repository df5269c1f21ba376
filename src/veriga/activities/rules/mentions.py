"""Who is meant by `@name` in a text. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from veriga.common.text import fold

MOST: Final = 50  # of one text
# Not inside an e-mail address; a name has at most five words.
_SIGN: Final = re.compile(r"(?<![\w@.+-])@(?=\w)")
_WORDS: Final = re.compile(r"[\w'’-]+(?:[ \u00a0][\w'’-]+){0,4}")


@dataclass(frozen=True, slots=True)
class Mentions:
    """Who is meant, in the order of the text, and what several names begin with."""

    user_ids: tuple[int, ...] = ()
    unclear: tuple[str, ...] = ()


def find_mentions(text: str, names: Sequence[tuple[int, str]]) -> Mentions:
    """Return who of `names`, as (id, name), stands after an `@`.

    By the whole name, or by a beginning of it that no other name has; case and accents
    do not matter, and the longest reading counts. An `@` before no name is only text.
    """
    folded = [(pk, fold(name)) for pk, name in names]
    ids: dict[int, None] = {}
    unclear: dict[str, None] = {}
    for sign in list(_SIGN.finditer(text))[:MOST]:
        match = _WORDS.match(text, sign.end())
        if match is None:
            continue
        found, typed = _meant(match[0], folded)
        if len(found) == 1:
            ids[found[0]] = None
        elif found:
            unclear[typed] = None
    return Mentions(tuple(ids), tuple(unclear))


def _meant(text: str, folded: Sequence[tuple[int, str]]) -> tuple[list[int], str]:
    """Return whom the longest run of words at the start of `text` may mean."""
    words = re.split(r"[ \u00a0]", text)
    for count in range(len(words), 0, -1):
        typed = " ".join(words[:count])
        wanted = fold(typed)
        whole = [pk for pk, name in folded if name == wanted]
        if whole:
            return whole, typed
        begun = [pk for pk, name in folded if name.startswith(wanted)]
        if begun:
            return begun, typed
    return [], ""
