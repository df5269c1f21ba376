"""The bars of docs/insight/triggers.md, on chains whose truth is known, fresh each run.

With VERIGA_EFFORT=full every scenario and size is run 60 times (above an hour); by
default a few, with room for chance.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.effort import sized

from .simulator import SCENARIOS, simulate
from .trigger_acceptance import (
    Said,
    Score,
    estimates_of,
    naive_of,
    reported_of,
    score,
)

SIZES = sized(ci=(200,), full=(75, 200, 1_000, 5_000))
REPLICATES = sized(ci=2, full=60)


def runs(scenario: str, chains: int, count: int, how=estimates_of) -> list[list[Said]]:
    seeds = np.random.SeedSequence().generate_state(count).tolist()
    return [how(simulate(seed, chains, scenario)) for seed in seeds]


def judged(scenario: str, replicates: list[list[Said]]) -> Score:
    # Where an effect fades there is no single true ratio.
    return score(replicates, only_null=scenario == "decay")


@pytest.mark.slow
class TestRanges:
    def test_hold_the_truth_in_every_scenario(self):
        scores = [
            judged(scenario, runs(scenario, chains, REPLICATES))
            for scenario in SCENARIOS
            for chains in SIZES
        ]
        # Of 75 chains with three reactions each nothing is said, so nothing held.
        found = [each for each in scores if not np.isnan(each.coverage)]
        assert len(found) >= len(scores) - 1
        assert np.mean([each.coverage for each in found]) >= 0.93
        assert np.mean([each.any_false for each in found]) <= sized(ci=0.15, full=0.05)
        if REPLICATES >= 60:
            assert min(each.coverage for each in found) >= 0.93
            assert min(each.worst_kind for each in found) >= 0.85
            assert max(each.false_discovery for each in found) <= 0.05


@pytest.mark.slow
class TestClaims:
    def test_the_strong_are_found_and_the_useless_are_not(self):
        found = score(runs("full", 200, sized(ci=6, full=60)))
        assert found.power["visit"] >= sized(ci=0.8, full=0.90)
        assert found.power["call"] >= sized(ci=0.5, full=0.85)
        assert found.false_discovery <= sized(ci=0.12, full=0.05)

    def test_the_guards_let_the_truth_pass(self):
        found = score(runs("full", 200, sized(ci=3, full=60), reported_of))
        assert found.power["visit"] >= sized(ci=0.6, full=0.85)
        assert found.false_discovery <= sized(ci=0.15, full=0.05)

    def test_nothing_is_claimed_where_nothing_works(self):
        found = score(runs("no_effect", 200, sized(ci=5, full=60)))
        assert found.any_false <= sized(ci=0.4, full=0.05)

    def test_a_plain_count_fails_the_same_test(self):
        """The test has teeth: a dashboard claims what is not so, every time."""
        found = score(runs("no_effect", 200, sized(ci=3, full=60), naive_of))
        assert found.any_false == 1.0
        assert found.coverage < 0.5
