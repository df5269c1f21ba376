"""What somebody typed into search, and where it stands in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from veriga.common.text import fold

from .words import (
    LONGEST,
    MEANING,
    NUMBER,
    SHORTEST,
    forms_of,
    split,
    stem,
    words_in,
    writings,
)

MOST_TYPED: Final = 8  # words that are looked for
BEFORE: Final = 40  # letters of a text shown before the word that was found
SHOWN: Final = 150  # letters of a text that are shown
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"(?:[A-Za-z]{2})?[\d\s()+./-]{5,}")
DIGITS_MIN: Final = 5
LAST_CHARACTER: Final = "\U0010ffff"  # orders behind whatever goes on


@dataclass(frozen=True, slots=True)
class Typed:
    """One typed word: what it may be the whole of, and what it may begin."""

    word: str
    wholes: tuple[str, ...]

    def needles(self, mark: str = "") -> list[str]:
        """What stored words hold one of if they hold it; `mark` is that of a kind."""
        wholes = [f" {mark}{whole} " for whole in self.wholes if whole != self.word]
        return [f" {mark}{self.word}", *wholes]

    def fits(self, folded: str) -> bool:
        """Tell whether it is this folded word of a text."""
        if folded.startswith(self.word):
            return True
        return any(form in self.wholes for form in forms_of(folded))

    def is_number(self, written: str) -> bool:
        """Tell whether it begins this number of a text."""
        digits = "".join(filter(str.isdecimal, written))
        return self.word.isdecimal() and any(
            one.startswith(self.word) for one in writings(digits)
        )


Part = tuple[str, bool]  # some text, and whether it is what was looked for


def read_typed(q: str) -> list[Typed]:
    """Return the words of `q`; a number in any writing is one word of digits."""
    if _NUMBER.fullmatch(q.strip()):
        digits = "".join(filter(str.isdecimal, q.replace("(0)", "")))
        if len(digits) >= DIGITS_MIN:
            number = next(writings(digits))[:LONGEST]
            return [Typed(number, (number,))]
    words = list(dict.fromkeys(split(q)))
    return [Typed(word, (stem(word),)) for word in words[:MOST_TYPED]]


def is_long_enough(q: str) -> bool:
    """Tell whether what is typed is enough to look for."""
    return len(fold(q)) >= SHORTEST


def corrected(typed: Typed, known: Collection[str], most: int = 8) -> Typed:
    """Return a typed word with the `known` ones it may stand for, the likeliest."""
    first = typed.word[0]
    others = sorted(known, key=lambda one: (one[0] != first, one))[:most]
    return replace(typed, wholes=(*typed.wholes, *others))


def holding(
    rows: Sequence[tuple[int, str]], typed: Sequence[Typed]
) -> list[tuple[int, str]]:
    """Return those (id, stored words) of activities that hold all typed words.

    In the order in which they come.
    """
    found: set[int] = set()
    for mark in MEANING:
        some = [row for row in rows if row[1].startswith(mark, 1)]
        # Needle by needle, because it is asked of a thousand rows at every keystroke.
        for one in typed if some else ():
            needles = one.needles(mark)
            fit = {pk for needle in needles for pk, words in some if needle in words}
            some = [row for row in some if row[0] in fit]
        found.update(pk for pk, _ in some)
    return [row for row in rows if row[0] in found]


def are_in(typed: Sequence[Typed], text: str) -> bool:
    """Tell whether a text holds all typed words."""
    words = f" {' '.join(words_in(text))} "
    return all(any(needle in words for needle in one.needles()) for one in typed)


def marked(text: str, typed: Sequence[Typed]) -> list[Part]:
    """Return all of a short text, typed words in it marked."""
    text = unicodedata.normalize("NFC", text)
    parts, at = [], 0
    for start, stop in _places(text, typed) if typed else ():
        parts += [(text[at:start], False), (text[start:stop], True)]
        at = stop
    return [part for part in [*parts, (text[at:], False)] if part[0]]


def excerpt(text: str, typed: Sequence[Typed]) -> list[Part]:
    """Return the piece of a text around the first typed word in it, words marked.

    Empty if it holds none.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    places = _places(text, typed)
    if not places:
        return []
    begin, end = _window(text, places[0][0])
    parts: list[Part] = [("…", False)] if begin else []
    at = begin
    for start, stop in places:
        if stop > end:
            break
        parts += [(text[at:start], False), (text[start:stop], True)]
        at = stop
    parts.append((text[at:end] + ("…" if end < len(text) else ""), False))
    return [part for part in parts if part[0]]


def _places(text: str, typed: Sequence[Typed]) -> list[tuple[int, int]]:
    """Return from where to where a text holds typed words, in order."""
    numbers = [
        match.span()
        for match in NUMBER.finditer(text)
        if any(one.is_number(match[0]) for one in typed)
    ]
    words = [
        match.span()
        for match in _WORD.finditer(text)
        if any(one.fits(fold(match[0])) for one in typed)
        and not any(start <= match.start() < end for start, end in numbers)
    ]
    return sorted(numbers + words)


def _window(text: str, place: int) -> tuple[int, int]:
    """Return from where to where a text is shown, in whole words."""
    begin = max(0, place - BEFORE)
    if begin:
        begin = text.find(" ", begin, place) + 1 or place
    end = min(len(text), begin + SHOWN)
    if end < len(text):
        end = max(text.rfind(" ", begin, end), place + 1)
    return begin, end
