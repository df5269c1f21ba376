"""Pace: chains called slow are slow, few are called anything, ranges hold the truth."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.support.effort import sized

from veriga.insight.rules.gaps import gaps_of
from veriga.insight.rules.log import Ending
from veriga.insight.rules.pace import VERDICTS, fit_pace, pace_report, paces
from veriga.insight.rules.shrink import MOST, likeliest_weight

from .by_hand import IN, OUT, log_of
from .simulator import simulate

SEEDS = sized(ci=(31, 32, 33), full=tuple(range(30, 42)))


@pytest.fixture(scope="module")
def worlds():
    return [simulate(seed, sized(ci=600, full=3_000)) for seed in SEEDS]


class TestVerdicts:
    def test_chains_called_slow_are_slow(self, worlds):
        """Bar: .95 are truly slower than the median customer, or stalled or dead."""
        slow = right = 0
        for world in worlds:
            found = paces(world.log, fit_pace(world.log))
            chosen = found.verdict == VERDICTS.index("slow")
            truth = world.truth
            is_slow = truth.warmth < np.median(truth.warmth)
            is_slow |= np.isfinite(np.fmin(truth.died_at, truth.stalled_at))
            slow += chosen.sum()
            right += (chosen & is_slow).sum()
        assert slow >= 60
        assert right / slow >= 0.95

    def test_chains_called_fast_are_fast(self, worlds):
        fast = right = 0
        for world in worlds:
            found = paces(world.log, fit_pace(world.log))
            chosen = found.verdict == VERDICTS.index("fast")
            fast += chosen.sum()
            right += (chosen & (world.truth.speed > 0)).sum()
        assert right / fast >= 0.95

    def test_where_all_are_alike_hardly_anything_is_said(self):
        world = simulate(5, 800, "clean")
        found = paces(world.log, fit_pace(world.log))
        assert np.isin(found.verdict, (0, 2)).mean() < 0.02

    def test_pace_goes_with_the_customers_own_speed(self, worlds):
        world = worlds[0]
        found = paces(world.log, fit_pace(world.log))
        together = np.corrcoef(np.log(found.pace), np.log(world.truth.warmth))[0, 1]
        assert together > 0.5

    def test_ranges_narrow_with_what_is_known(self, worlds):
        found = paces(worlds[0].log, fit_pace(worlds[0].log))
        ratio = found.high95 / found.low95
        assert ratio[found.n <= 3].mean() > 1.5 * ratio[found.n >= 16].mean()


class TestExpectations:
    def test_all_chains_together_move_as_expected(self, worlds):
        log = worlds[0].log
        gaps, model = gaps_of(log), fit_pace(log)
        expected = model.expected(log, gaps).sum()
        assert expected == pytest.approx(gaps.is_over.sum(), rel=0.01)

    def test_a_chain_at_a_known_rhythm(self):
        """Thirty chains move every 4 working days, one every 12."""
        usual = [
            [(x + 0.3 * c, "call", OUT) for x in range(0, 120, 4)] for c in range(30)
        ]
        slow = [(float(x), "call", OUT) for x in range(0, 120, 12)]
        report = pace_report(log_of(*usual, slow, now=121.0))
        one = report.chains[-1]
        assert (one.n, one.days, one.verdict) == (10, 121.0, "slow")
        assert one.expected > 20
        assert one.pace.low < one.pace.value < one.pace.high < 0.8
        assert one.low95 <= one.pace.low and one.pace.high <= one.high95
        assert {chain.verdict for chain in report.chains[:-1]} == {"usual"}

    def test_without_differences_the_weight_of_usual_is_the_largest(self):
        assert likeliest_weight(np.full(50, 4.0), np.full(50, 4.0)) > MOST / 2
        assert likeliest_weight(np.zeros(1), np.ones(1)) == MOST


class TestSilence:
    def test_too_few_chains_give_a_code_and_no_pace(self):
        report = pace_report(log_of([(1, "call", OUT), (4, "reply", IN)], now=20))
        assert (report.code, report.chains) == ("too_few", ())

    def test_young_chains_have_their_count_alone(self):
        usual = [[(c + x, "call", OUT) for x in range(0, 80, 4)] for c in range(25)]
        young = [(115.0, "call", OUT), (118.0, "reply", IN)]
        report = pace_report(log_of(*usual, young, now=120.0))
        assert report.chains[-1].to_json() == {
            "chain": 26,
            "activities": 2,
            "days": 5.0,
            "expected": None,
            "pace": None,
            "range95": None,
            "verdict": "too_few",
        }

    def test_closed_chains_stay_behind_the_figures_but_not_in_the_report(self):
        usual = [[(c + x, "call", OUT) for x in range(0, 80, 4)] for c in range(25)]
        log = log_of(*usual, now=120.0, ended={0: (90.0, Ending.LOST)})
        report = pace_report(log)
        assert report.n_chains == 25
        assert [chain.chain for chain in report.chains] == list(range(2, 26))

    def test_the_report_is_plain_json(self, worlds):
        report = pace_report(worlds[0].log)
        told = json.loads(json.dumps(report.to_json()))["chains"]
        for chain in told:
            if chain["verdict"] != "too_few":
                pace = chain["pace"]
                assert pace["low"] <= pace["value"] <= pace["high"]
                assert pace["n"] == chain["activities"] and chain["expected"]
