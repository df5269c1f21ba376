"""No figure of the map, of what followed or of origins without its number and range."""

from __future__ import annotations

import pytest
from hypothesis import given

from veriga.insight.rules.followed import what_followed
from veriga.insight.rules.map_filters import variants
from veriga.insight.rules.origins import origins
from veriga.insight.rules.process_map import MapBy, process_map

from .chains_by_hand import AWKWARD, STORIES, log_of

FIGURES = ("share", "median", "ratio", "days")


def dictionaries(value, n=None):
    """Yield each dictionary inside, with the `n` that it or one around it states."""
    if isinstance(value, dict):
        n = value.get("n", value.get("quotes", n))
        yield value, n
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from dictionaries(one, n)


def told(log):
    return [
        *(process_map(log, by, fewest=1).to_json() for by in MapBy),
        variants(log).to_json(),
        [line.to_json() for line in what_followed(log)],
        origins(log).to_json(),
    ]


def check(log):
    for found, n in dictionaries(told(log)):
        for figure in FIGURES:
            if figure not in found:
                continue
            assert n is not None
            assert {"low", "high"} <= found.keys()
            if figure == "days" or found[figure] is None:
                continue
            assert n > 0
            assert found["low"] <= found[figure] <= found["high"]


@given(stories=STORIES)
def test_whatever_the_chains_look_like(stories):
    check(log_of(stories))
    check(log_of(stories * 8))


@pytest.mark.parametrize("name", AWKWARD)
def test_in_awkward_logs(name):
    check(log_of(AWKWARD[name]))
