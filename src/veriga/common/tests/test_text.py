"""Sort keys, folding and what counts as a control character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.common.text import (
    KEY_LENGTH,
    fold,
    has_control_characters,
    sort_key,
    tidy,
)

ALPHABET = "abcčćdđefghijklmnopqrsštuvwxyzž"
words = st.text(ALPHABET, max_size=12)


def by_alphabet(word: str) -> list[int]:
    """Slovenian order from the alphabet alone: no code shared with `sort_key`."""
    return [ALPHABET.index(letter) for letter in word]


class TestSortKey:
    @given(words, words)
    def test_words_sort_by_the_slovenian_alphabet(self, one: str, other: str) -> None:
        keys = sort_key(one).encode(), sort_key(other).encode()
        letters = by_alphabet(one), by_alphabet(other)
        assert (keys[0] < keys[1]) == (letters[0] < letters[1])
        assert (keys[0] == keys[1]) == (letters[0] == letters[1])

    def test_names_come_as_in_the_telephone_book(self) -> None:
        names = ["Žagar", "Zorko", "Čeh", "Cvek", "Ćosić", "Debevc", "Đurić", "Šuštar"]
        assert sorted(names, key=sort_key) == [
            "Cvek", "Čeh", "Ćosić", "Debevc", "Đurić", "Šuštar", "Zorko", "Žagar",
        ]  # fmt: skip

    def test_words_come_before_longer_words(self) -> None:
        assert sort_key("Kovin 2") < sort_key("Kovina") < sort_key("Kovinar")

    @given(st.text(max_size=300))
    def test_bytes_and_text_compare_alike(self, text: str) -> None:
        key = sort_key(text.encode("utf-8", "ignore").decode())
        assert len(key) <= KEY_LENGTH
        other = sort_key("kovač")
        assert (key < other) == (key.encode() < other.encode())

    @given(words)
    def test_case_and_composition_do_not_matter(self, word: str) -> None:
        assert sort_key(word.upper()) == sort_key(word)


class TestFold:
    def test_accents_and_case_go(self) -> None:
        assert fold("  Šuštaršič & Øre ĐŽ straße ") == "sustarsic & ore dz strasse"

    @given(st.text(max_size=60))
    def test_folding_twice_changes_nothing(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)


class TestControlCharacters:
    @pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\ud800b", "a\x7fb", "a\nb"])
    def test_they_are_found(self, text: str) -> None:
        assert has_control_characters(text)

    def test_line_breaks_pass_where_there_may_be_lines(self) -> None:
        assert not has_control_characters("a\r\n\tb", multiline=True)

    def test_emoji_and_accents_pass(self) -> None:
        assert not has_control_characters("Šampanjec 🍾 👩‍🔧")


class TestTidy:
    @given(st.text(max_size=60))
    def test_no_white_space_is_left_over(self, text: str) -> None:
        tidied = tidy(text)
        assert tidied == tidied.strip()
        assert "  " not in tidied
        assert tidy(tidied) == tidied
