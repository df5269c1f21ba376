"""Words as search keeps and compares them: folded, without endings, numbers as digits.

One rule for both databases, so that both find the same; they look up what comes out of
here by equality and by beginning. Decision 0018 says why.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Final

from veriga.activities.rules.words import KindCode
from veriga.common.text import fold

LONGEST: Final = 40  # letters of a word
MOST_WORDS: Final = 5_000  # different ones of one record
REMEMBERED: Final = 500  # letters of a text whose words are remembered
SHORTEST: Final = 2  # letters of a word that is kept
SHORTEST_TYPO: Final = 4  # letters of a word in which a slip is forgiven
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
# The words of activities stand behind a mark: of each kind apart, and apart those of
# companies that are natural persons, which not everybody may see. So how many of what
# somebody sees hold a word is told by the words alone.
MARKS: Final = {
    (KindCode.EVENT, False): "e",
    (KindCode.TASK, False): "t",
    (KindCode.PRODUCT_RECORD, False): "r",
    (KindCode.QUOTE, False): "q",
    (KindCode.EVENT, True): "f",
    (KindCode.TASK, True): "u",
    (KindCode.PRODUCT_RECORD, True): "s",
    (KindCode.QUOTE, True): "p",
}
MEANING: Final = {mark: meaning for meaning, mark in MARKS.items()}

_WORD = re.compile(r"[^\W_]+")
NUMBER: Final = re.compile(r"\d(?:[\s()./-]{0,3}\d){5,14}")
_TRUNK_ZERO = re.compile(r"(?<=\d)\s*\(0\)")  # +386 (0)41 ...
HOME_CODE: Final = "386"

_ROOT: Final = 3  # letters that stay in any case
# What follows them; "ev" after soft letters only, because "storitev" has none.
_ENDING = re.compile(
    r"(?<=...)(?:ega|emu|imi|ima|oma|ami|ama|ih|im|em|om|am|ah|ov|(?<=[cszj])ev)$"
)
_VOWELS: Final = "aeiouy"
# A vowel that comes and goes: vzorec, vzorca; posel, posla; storitev, storitve.
_FUGITIVE = re.compile(r"(?<=[^aeiouy])e(?=[kcnlrmv]$)")
_IRREGULAR: Final = {"sejem": "sejm", "pisem": "pism"}


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return a folded word without its ending; the stem of a stem is itself.

    Light: endings of Slovenian nouns and adjectives, and the English plural. It is
    repeated until nothing changes, so that all forms of a word arrive at the same.
    """
    if not word.isalpha():
        return word
    while (shorter := _shortened(word)) != word:
        word = shorter
    return word


def _shortened(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    shorter = _ENDING.sub("", word)
    if shorter != word:
        return shorter
    if word[-1] in _VOWELS and len(word) > _ROOT:
        return word[:-1]
    if len(word) <= _ROOT + 1:
        return word
    if word.endswith("s") and word[-2] not in "aiouys":  # samples, offers
        return word[:-1]
    if word.endswith("rj"):  # partner, partnerja
        return word[:-1]
    if word.endswith("ij"):  # podjetij, podjetje
        return f"{word[:-2]}j"
    return _FUGITIVE.sub("", word)


def forms_of(word: str) -> Iterator[str]:
    """Yield what is kept of a folded word: its stem, and itself if not begun by that.

    So "vzore", on the way to "vzorec", finds it too, whose stem is "vzorc".
    """
    short = stem(word)
    yield short
    if not word.startswith(short):
        yield word


def split(text: str) -> list[str]:
    """Return the folded words of a text, single letters left out."""
    found = (word[:LONGEST] for word in _WORD.findall(fold(text)))
    return [word for word in found if len(word) >= SHORTEST]


def numbers_in(text: str) -> Iterator[str]:
    """Yield the longer numbers in a text as digits, in every writing they may have."""
    for found in NUMBER.findall(_TRUNK_ZERO.sub("", text)):
        yield from writings("".join(filter(str.isdecimal, found)))


def writings(digits: str) -> Iterator[str]:
    """Yield the digits of a number with the country's code, with a zero, and without.

    Of other countries only what was written, because nobody says where a code ends.
    """
    digits = digits.removeprefix("00")
    yield digits
    if digits.startswith(HOME_CODE):
        bare = digits.removeprefix(HOME_CODE)
    elif digits.startswith("0"):
        bare = digits[1:]
        yield f"{HOME_CODE}{bare}"
    else:
        return
    yield bare
    yield f"0{bare}"


def whole_code(code: str) -> str:
    """Return a code as one word, "" if it has neither letters nor digits."""
    return "".join(filter(str.isalnum, fold(code)))[:LONGEST]


def words_of(texts: Iterable[str], numbers: Iterable[str] = ()) -> str:
    """Return what search keeps of a record: its words in order, a space around each.

    `numbers` are kept as they come.
    """
    found = set(numbers)
    for text in texts:
        found.update(words_in(text))
    return joined(found)


def words_in(text: str) -> Collection[str]:
    """Return what is kept of one text."""
    return _kept(text) if len(text) <= REMEMBERED else _made(text)


def _made(text: str) -> frozenset[str]:
    found = {form for word in split(text) for form in forms_of(word)}
    if any(map(str.isdigit, text)):
        found.update(numbers_in(text))
    return frozenset(found)


_kept = lru_cache(maxsize=20_000)(_made)  # what is loaded repeats itself


def joined(words: Collection[str]) -> str:
    """Return words as they are stored."""
    return f" {' '.join(sorted(words)[:MOST_WORDS])} " if words else ""


def marks_of(kinds: Collection[str], *, with_persons: bool) -> list[str]:
    """Return the marks of these kinds."""
    return [
        mark
        for (kind, is_person), mark in MARKS.items()
        if kind in kinds and (with_persons or not is_person)
    ]


def unmarked(words: str) -> list[str]:
    """Return the stored words of an activity without the mark of its kind."""
    return [word[1:] for word in words.split()]


def vocabulary(words: Iterable[str]) -> set[str]:
    """Return those of words that a mistyped one may stand for."""
    return {
        word
        for word in words
        if word.isascii() and word.isalpha() and len(word) >= _ROOT
    }


def one_typo(word: str) -> set[str]:
    """Return everything that differs from `word` by one slip of the finger.

    A letter left out, added, changed, or two that changed places.
    """
    halves = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in halves if tail}
    found |= {
        head + tail[1] + tail[0] + tail[2:] for head, tail in halves if len(tail) > 1
    }
    found |= {head + c + tail[1:] for head, tail in halves if tail for c in LETTERS}
    found |= {head + c + tail for head, tail in halves for c in LETTERS}
    return found - {word}


def meant(word: str) -> set[str]:
    """Return the stems of all that a mistyped word may stand for; none for a number."""
    if len(word) < SHORTEST_TYPO or not (word.isascii() and word.isalpha()):
        return set()
    return {stem(other) for other in one_typo(word)}
