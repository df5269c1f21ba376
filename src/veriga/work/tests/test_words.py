"""Which words are the same to search, and which typing errors are forgiven."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.common.text import fold
from veriga.work.rules.searching import excerpt, read_typed
from veriga.work.rules.words import (
    MOST_WORDS,
    meant,
    one_typo,
    split,
    stem,
    words_in,
    words_of,
)

SAME = [
    "obisk obiska obisku obiskom obiski obiskov obiskih obiske obiskoma",
    "ponudba ponudbe ponudbi ponudbo ponudb ponudbam ponudbah ponudbami",
    "stranka stranke stranki stranko strank strankam strankami",
    "vzorec vzorca vzorcu vzorcem vzorci vzorcev vzorcih vzorce",
    "sestanek sestanka sestanku sestankom sestanki sestankov",
    "izdelek izdelka izdelkov izdelki",
    "kupec kupca kupcev kupcem",
    "posel posla poslov poslom",
    "sejem sejma sejmu sejmih sejmov",
    "partner partnerja partnerjem partnerji partnerjev",
    "storitev storitve storitvi storitvam",
    "podjetje podjetja podjetju podjetij podjetjem",
    "center centra centru centrov",
    "linija linije liniji linij",
    "nov nova novega novemu novih novim",
    "posloven poslovni poslovna poslovnega poslovnih",
    "Novak Novaka Novaku Novakom",
    "Žagar Žagarja Žagarjem",
    "Celje Celja Celju Celjem",
    "pismo pisma pisem",
    "sample samples",
    "offer offers",
    "company companies",
]
DIFFERENT = [
    ("ponudba", "ponovitev"),
    ("obisk", "obiskovalec"),
    ("stranka", "stran"),
    ("vzorec", "vzrok"),
    ("posel", "poslati"),
    ("cena", "cenik"),
    ("kupec", "kupon"),
    ("Novak", "Novo mesto"),
    ("partner", "partija"),
]


@pytest.mark.parametrize("forms", SAME)
def test_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(fold(form)) for form in forms.split()}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_words_have_different_stems(one: str, other: str) -> None:
    assert stem(fold(one)) != stem(fold(other))


@given(st.text(alphabet=string.ascii_lowercase + "0123456789", max_size=30))
def test_the_stem_of_a_stem_is_itself(word: str) -> None:
    assert stem(stem(word)) == stem(word)
    assert len(stem(word)) >= min(3, len(word))


@given(st.text(alphabet="abčćdđefghijklmnoprsštuvzž ABČŠŽ", max_size=60))
def test_case_and_accents_do_not_matter(text: str) -> None:
    assert words_in(text) == words_in(text.upper()) == words_in(fold(text))


@given(st.text(max_size=200))
def test_any_text_gives_plain_words(text: str) -> None:
    kept = words_of([text])
    assert all(word.isalnum() and len(word) <= 40 for word in kept.split())
    assert kept == fold(kept).join("  ") if kept else True


def test_a_record_keeps_so_many_words_at_most() -> None:
    text = " ".join(f"w{number:05d}" for number in range(2 * MOST_WORDS))
    assert len(words_of([text]).split()) == MOST_WORDS


@pytest.mark.parametrize(
    "written",
    ["041 234 567", "041/234-567", "+386 41 234 567", "00386 (0)41 234 567"],
)
def test_a_number_in_a_text_has_every_writing(written: str) -> None:
    kept = words_in(f"Kliči {written}!")
    assert {"041234567", "38641234567", "41234567"} <= set(kept)
    assert read_typed(written)[0].word in kept


def distance(one: str, other: str) -> int:
    """Return the Damerau-Levenshtein distance (adjacent transpositions)."""
    rows = [[max(i, j) for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            cost = one[i - 1] != other[j - 1]
            rows[i][j] = min(
                rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost
            )
            swapped = one[i - 2 : i] == other[j - 2 : j][::-1]
            if i > 1 and j > 1 and swapped:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(
    st.text(alphabet="abcd", min_size=1, max_size=6),
    st.text(alphabet="abcd", min_size=1, max_size=6),
)
def test_one_typo_is_a_distance_of_one(one: str, other: str) -> None:
    assert (other in one_typo(one)) == (distance(one, other) == 1)


@given(st.text(alphabet=string.ascii_lowercase, min_size=4, max_size=12), st.data())
def test_whatever_was_mistyped_is_meant(word: str, data: st.DataObject) -> None:
    slip = data.draw(st.sampled_from(sorted(one_typo(word))))
    if len(slip) >= 4:
        assert stem(word) in meant(slip)


@pytest.mark.parametrize("word", ["1234567", "a1b2", "abc", "жжжж", ""])
def test_numbers_and_short_words_mean_nothing_else(word: str) -> None:
    assert meant(word) == set()


def test_an_excerpt_is_cut_at_words_around_what_was_found() -> None:
    words = [f"beseda{random.Random(n).randrange(99)}" for n in range(60)]
    words[40] = "Črpalkami,"
    parts = excerpt(" ".join(words), read_typed("crpalka"))
    assert ("Črpalkami", True) in parts
    text = "".join(text for text, _ in parts)
    assert text.startswith("…beseda") and text.endswith("…")
    assert len(text) < 170
    assert split(text.strip("…"))[0] in split(" ".join(words))
    assert excerpt("nič takega", read_typed("crpalka")) == []
