"""Sentences that count, in all plural forms of Slovenian."""

from __future__ import annotations

import pytest
from django.utils import translation

from veriga.web.views.lists import said_count
from veriga.web.words import late_for, outcome_name, working_days

NUMBERS = (0, 1, 2, 3, 5, 11, 21, 100, 101, 102)


def in_slovenian(say: object) -> list[str]:
    with translation.override("sl"):
        return [say(number) for number in NUMBERS]  # type: ignore[operator]


def test_working_days() -> None:
    assert in_slovenian(working_days) == [
        "0 delovnih dni",
        "1 delovni dan",
        "2 delovna dneva",
        "3 delovni dnevi",
        "5 delovnih dni",
        "11 delovnih dni",
        "21 delovnih dni",
        "100 delovnih dni",
        "101 delovni dan",
        "102 delovna dneva",
    ]


def test_lateness_is_a_noun_with_the_days_after_it() -> None:
    assert in_slovenian(late_for)[1:4] == [
        "zamuda: 1 delovni dan",
        "zamuda: 2 delovna dneva",
        "zamuda: 3 delovni dnevi",
    ]


def test_results() -> None:
    assert in_slovenian(said_count)[:5] == [
        "0 zadetkov",
        "1 zadetek",
        "2 zadetka",
        "3 zadetki",
        "5 zadetkov",
    ]


def test_more_than_is_counted() -> None:
    with translation.override("sl"):
        assert said_count(10_000) == "10.000 zadetkov"
        assert said_count(10_001) == "10.000+ zadetkov"
    with translation.override("en"):
        assert said_count(10_001) == "10,000+ results"


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        ("open", "odprta"),
        ("won", "dobljena"),
        ("lost", "izgubljena"),
        ("given_up", "opuščena"),
    ],
)
def test_outcomes_are_those_of_a_chain(outcome: str, word: str) -> None:
    with translation.override("sl"):
        assert outcome_name(outcome) == word
