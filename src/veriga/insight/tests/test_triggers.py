"""What is said about triggers, and when nothing is said."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from veriga.insight.rules import trigger_guards
from veriga.insight.rules.log import ActivityLog
from veriga.insight.rules.trigger_design import Design
from veriga.insight.rules.trigger_estimates import benjamini_hochberg
from veriga.insight.rules.trigger_guards import Expected, Windows
from veriga.insight.rules.trigger_report import Guard, TriggerReport, Verdict
from veriga.insight.rules.triggers import find_triggers

from .logs import IN, OUT, Row, log_of
from .simulator import simulate


@pytest.fixture(scope="module")
def planted() -> TriggerReport:
    return find_triggers(simulate(20_261, 400, "clean").log)


class TestReport:
    def test_the_planted_visit_is_found_with_its_size(self, planted):
        line = planted.line("reaction", "visit")
        assert line.verdict is Verdict.ACCELERATES
        assert line.effect.low < 2.1 < line.effect.high
        assert line.guards.failed == ()
        assert line.wait_with < line.wait_without

    def test_it_is_better_than_a_call_and_than_the_rest(self, planted):
        line = planted.line("reaction", "visit")
        assert line.versus_call.low < 2.1 / 1.5 < line.versus_call.high
        assert line.versus_others.low > 1.2
        assert planted.line("reaction", "call").versus_call is None

    def test_what_has_no_effect_is_not_claimed(self, planted):
        for kind in ("email", "newsletter", "gift", "task"):
            line = planted.line("reaction", kind)
            assert line.verdict in {Verdict.NO_SIGN, Verdict.UNKNOWN}

    def test_a_quote_is_no_trigger_of_quotes(self, planted):
        with pytest.raises(KeyError):
            planted.line("quote", "quote")

    def test_json_holds_plain_values_only(self, planted):
        stored = planted.to_json()
        assert json.loads(json.dumps(stored, allow_nan=False)) == stored
        assert stored["outcomes"][0]["lines"][0]["verdict"] in {*Verdict}

    def test_no_figure_without_number_and_range(self, planted):
        for report in planted.outcomes:
            for line in report.lines:
                if line.effect is None:
                    assert line.needs
                    assert line.verdict is Verdict.TOO_FEW
                else:
                    assert line.effect.low < line.effect.ratio < line.effect.high
                    assert line.outcomes_in_windows >= 30
                    assert line.chains >= 20

    def test_each_line_names_its_newest_chains(self, planted):
        line = planted.line("reaction", "call")
        assert len(line.chain_ids) == min(200, line.chains)
        assert len(set(line.chain_ids)) == len(line.chain_ids)

    def test_too_little_says_how_much_is_missing(self):
        report = find_triggers(simulate(3, 25).log)
        line = report.line("reaction", "visit")
        assert line.verdict is Verdict.TOO_FEW
        (need,) = (n for n in line.needs if n.what == "chains_with_outcome")
        assert need.have < need.need == 50

    def test_the_same_log_gives_the_same_report(self):
        log = simulate(4, 120).log
        assert find_triggers(log) == find_triggers(log)

    def test_a_team_is_a_part_of_the_log(self):
        log = simulate(4, 400).log
        part = find_triggers(log.part(np.flatnonzero(log.chains.team == 1)))
        assert part.chains == 100
        ids = set(log.chains.id[log.chains.team == 1].tolist())
        assert set(part.line("reaction", "call").chain_ids) <= ids


def whole_days(log: ActivityLog) -> ActivityLog:
    """Return the log with everything on the day the chain began."""
    table = log.activities
    began = log.chains.began[table.chain]
    return replace(log, activities=replace(table, at=began, planned=began))


class TestAwkwardLogs:
    @pytest.mark.parametrize(
        "log",
        [
            pytest.param(log_of([]), id="empty"),
            pytest.param(log_of([[Row("call", OUT, 1)]]), id="one activity"),
            pytest.param(
                log_of([[Row("call", OUT, t)] for t in range(300)]),
                id="chains of one activity",
            ),
            pytest.param(
                log_of([[Row("reply", IN, t)] for t in range(300)]),
                id="nothing of ours",
            ),
            pytest.param(
                log_of([[Row("call", OUT, i / 10) for i in range(5_000)]], now=1_000),
                id="one chain of 5,000 without a word",
            ),
            pytest.param(
                log_of(
                    [
                        [
                            Row(
                                "call" if i % 3 else "reply",
                                OUT if i % 3 else IN,
                                i / 5,
                            )
                            for i in range(5_000)
                        ]
                    ],
                    now=1_100,
                ),
                id="one chain of 5,000",
            ),
            pytest.param(whole_days(simulate(1, 100).log), id="all on one day"),
            pytest.param(
                replace(simulate(1, 100).log, now=simulate(1, 1).log.now + 260),
                id="a year without data",
            ),
        ],
    )
    def test_says_too_few_or_something_sound(self, log):
        report = find_triggers(log)
        for outcome in report.outcomes:
            for line in outcome.lines:
                assert (line.verdict is Verdict.TOO_FEW) == (line.effect is None)
        json.dumps(report.to_json(), allow_nan=False)

    def test_forty_kinds(self):
        rng = np.random.default_rng(1)
        chains = []
        for _ in range(120):
            times = np.sort(rng.uniform(0, 200, 45))
            kinds = rng.integers(0, 41, 45)
            chains.append(
                [
                    Row("reply", IN, t)
                    if k == 40 or t % 3 < 0.7
                    else Row(f"k{k}", OUT, t)
                    for t, k in zip(times.tolist(), kinds.tolist(), strict=True)
                ]
            )
        report = find_triggers(log_of(chains, now=220))
        lines = report.outcomes[0].lines
        assert len(lines) == 40
        assert not any(line.verdict is Verdict.ACCELERATES for line in lines)

    def test_a_kind_that_nobody_reacts_to(self):
        chains = [
            [Row("reply", IN, 0), Row("reply", IN, 3), Row("gift", OUT, 15)]
            for _ in range(80)
        ]
        line = find_triggers(log_of(chains, now=60)).line("reaction", "gift")
        assert line.verdict is Verdict.TOO_FEW
        assert line.outcomes_in_windows == 0


class TestBenjaminiHochberg:
    def test_by_hand(self):
        found = benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.5]))
        np.testing.assert_allclose(found, [0.04, 0.16 / 3, 0.16 / 3, 0.5])

    def test_of_nothing(self):
        assert len(benjamini_hochberg(np.empty(0))) == 0


class TestGuards:
    def test_the_ratio_of_windows_is_the_conditional_estimate(self):
        """Four reactions in 10 of 100 days, six outside, at an even rate."""
        events = np.array([1.0, 2, 3, 4, 20, 30, 40, 50, 60, 70])
        even = Expected(
            edges=np.array([0.0, 100.0]),
            sums=np.array([0.0, 1.0]),
            events=events,
            n=np.array([10.0]),
            began=np.zeros(1),
            length=np.array([100.0]),
        )
        windows = Windows(np.array([0]), np.array([0.0]))
        found = trigger_guards.ratio_of(even, windows, 10.0)
        assert np.exp(found) == pytest.approx((4 / 10) / (6 / 90))

    def test_we_act_in_lively_times(self):
        """Customers are lively by turns, and we visit in those times: no effect."""
        rng = np.random.default_rng(12)
        chains = []
        for _ in range(300):
            lively = rng.uniform(20, 140)
            rate = rng.poisson([0.05 * 170, 0.6 * 30])
            words = np.concatenate(
                [
                    rng.uniform(0, 170, rate[0]),
                    rng.uniform(lively, lively + 30, rate[1]),
                ]
            )
            visits = rng.uniform(lively + 5, lively + 30, rng.poisson(2))
            chains.append(
                [Row("reply", IN, 0.0)]
                + [Row("reply", IN, t) for t in words.tolist()]
                + [Row("visit", OUT, t) for t in visits.tolist()]
            )
        report = find_triggers(log_of(chains, now=200, ended=[170.0] * 300))
        line = report.line("reaction", "visit")
        assert line.effect.ratio > 1.1
        assert Guard.BEFORE in line.guards.failed
        assert line.verdict is not Verdict.ACCELERATES

    def test_one_chain_does_not_make_a_claim(self):
        """Without its largest chains the effect is gone."""
        rng = np.random.default_rng(3)
        chains = []
        for i in range(100):
            words = rng.uniform(0, 150, 5).tolist()
            visits = rng.uniform(0, 150, 3).tolist()
            if i < 4:
                near = [v + rng.uniform(0, 8) for v in visits for _ in range(30)]
                words += near
            chains.append(
                [Row("reply", IN, 0.0)]
                + [Row("reply", IN, t) for t in words]
                + [Row("visit", OUT, t) for t in visits]
            )
        line = find_triggers(log_of(chains, now=160)).line("reaction", "visit")
        assert Guard.LARGEST in line.guards.failed
        assert line.verdict is not Verdict.ACCELERATES

    def test_shifted_dates_stay_in_their_chain(self):
        log = simulate(2, 60).log
        design = Design(log)
        (block,) = design.blocks()
        chains = np.arange(len(log.chains))
        expected = trigger_guards.expected_of(
            design, block, 0, np.zeros(len(block.chain)), chains
        )
        assert expected.n.sum() == block.events[:, 0].sum()
        windows = trigger_guards.windows_of(log, design.acts.act, expected, chains)
        shifted = trigger_guards.placebo_of(expected, windows, 10.0)
        assert len(shifted) == 200
        assert abs(float(np.median(shifted))) < 0.4
