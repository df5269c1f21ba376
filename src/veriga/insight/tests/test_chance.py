"""The chance of a reaction: calibrated on unseen chains, silent where it must be."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import special
from tests.support.effort import sized

from veriga.insight.rules.chance import chance_report, fit_chance
from veriga.insight.rules.landmark import (
    Landmarks,
    design_of,
    features,
    landmarks_of,
    reacted,
)
from veriga.insight.rules.log import Ending, Fate
from veriga.insight.rules.logistic import fit_logistic
from veriga.insight.rules.wins import win_report

from .by_hand import IN, OUT, log_of
from .simulator import simulate

SEEDS = sized(ci=(51, 52), full=tuple(range(50, 62)))


@pytest.fixture(scope="module")
def unseen():
    log = simulate(701, sized(ci=500, full=3_000)).log
    marks = landmarks_of(log)
    return log, marks, reacted(log, marks)


def _tenths(model, log, marks, outcome):
    """Return the worst error of a tenth, the slope, and how many ranges held."""
    chance, low, high = model.predict(log, marks)
    edges = np.quantile(chance, np.linspace(0, 1, 11)[1:-1])
    place = np.searchsorted(edges, chance)
    told, seen, lows, highs = (
        np.array([column[place == i].mean() for i in range(10)])
        for column in (chance, outcome, low, high)
    )
    logit = special.logit(np.clip(chance, 1e-6, 1 - 1e-6))[:, None]
    line = fit_logistic(logit, outcome, np.arange(len(outcome)), ridge=1e-9)
    held = ((lows <= seen) & (seen <= highs)).mean()
    return np.abs(told - seen).max(), line.beta[1] / line.scale[0], held


class TestCalibration:
    @pytest.mark.parametrize(("chains", "bar"), [(180, 0.10), (720, 0.05)])
    def test_what_is_said_comes_true(self, unseen, chains, bar):
        """Bars: decile error .10 and .05, slope .8 to 1.25; ranges hold in .9.

        In eleven worlds of twelve; the twelfth may miss the error by a tenth of it.
        """
        models = [fit_chance(simulate(seed, chains).log) for seed in SEEDS]
        assert all(model.logistic.is_converged for model in models)
        errors, slopes, held = np.transpose([_tenths(m, *unseen) for m in models])
        assert (errors <= bar).mean() >= 11 / 12
        assert errors.max() <= 1.1 * bar
        assert slopes.min() >= 0.8 and slopes.max() <= 1.25
        assert held.mean() >= 0.9


class TestLandmarks:
    def test_nothing_that_comes_later_is_known(self, unseen):
        """The features of a day are the same when all that follows is taken away."""
        log, marks, _ = unseen
        design = design_of(log, marks)
        day = float(np.quantile(marks.at, 0.6))
        chosen = np.unique(marks.where(marks.at < day).chain)
        at = Landmarks(chosen, np.full(len(chosen), day))
        rows = log.activities
        later = ~(rows.recorded <= day) | (rows.at > day)
        fate = np.where(later & rows.is_held, Fate.DROPPED, rows.fate)
        # What was agreed on by then stays agreed on: its date was known.
        agreed = (rows.recorded <= day) & (rows.planned > day)
        cut = replace(
            log,
            activities=replace(
                rows,
                fate=np.where(agreed, rows.fate, fate),
                at=np.where(later & ~agreed, np.nan, rows.at),
                recorded=np.where(later & ~agreed, 1e9, rows.recorded),
            ),
        )
        whole = features(log, at, design, training=True)
        past = features(cut, at, design, training=True)
        assert np.allclose(whole, past)

    def test_a_day_without_a_full_follow_up_is_left_out_whatever_came(self):
        chain = [(100.0, "call", OUT), (118.0, "reply", IN)]
        marks = landmarks_of(log_of(chain, now=130.0))
        assert marks.at.tolist() == [100, 103, 106, 109]

    def test_a_chain_given_up_before_a_reaction_did_not_react(self):
        log = log_of(
            [(100.0, "call", OUT), (115.0, "reply", IN)],
            [(100.0, "call", OUT)],
            now=200.0,
            ended={0: (110.0, Ending.GIVEN_UP), 1: (110.0, Ending.WON)},
        )
        marks = Landmarks(np.array([0, 1]), np.array([100.0, 100.0]))
        assert reacted(log, marks).tolist() == [False, True]


class TestLogistic:
    def test_it_is_the_maximum_of_the_likelihood(self):
        random = np.random.default_rng(1)
        x = random.normal(size=(4_000, 3)) * [1, 5, 0.2] + [0, 10, 3]
        eta = 0.5 + x @ [1.0, -0.2, 2.0] + 2.0 - 6.0
        y = random.random(4_000) < special.expit(eta)
        model = fit_logistic(x, y, np.arange(4_000), ridge=1e-9)
        assert np.abs(model.scores.sum(axis=0)).max() < 1e-3
        assert model.beta[1:] / model.scale == pytest.approx([1.0, -0.2, 2.0], abs=0.5)
        spread = np.sqrt(np.diag(model.covariance()))
        assert model.draws(2_000).std(axis=0) == pytest.approx(spread, rel=0.1)

    def test_what_always_or_never_happens_breaks_nothing(self):
        x = np.column_stack([np.arange(50.0), np.ones(50)])
        model = fit_logistic(x, np.arange(50) >= 25, np.arange(50))
        assert model.is_converged
        assert np.isfinite(model.predict(x)).all()


class TestReport:
    def test_every_open_chain_has_a_chance_with_number_and_range(self, unseen):
        log = unseen[0]
        report = chance_report(log)
        assert report.code == "model"
        assert len(report.chains) == (log.chains.ending == Ending.OPEN).sum()
        for chain in json.loads(json.dumps(report.to_json()))["chains"]:
            chance = chain["chance"]
            assert 0 <= chance["low"] <= chance["value"] <= chance["high"] <= 1
            assert chance["n"] == 200

    def test_the_same_log_gives_the_same_figures(self):
        log = simulate(53, 200).log
        assert chance_report(log).to_json() == chance_report(log).to_json()

    def test_with_few_chains_the_share_of_those_silent_as_long_is_told(self):
        """Forty chains, fifty waits of ten days and more; ten were ended in time."""
        chains = [
            [(c + 1.0, "call", OUT), (c + (15.0 if c < 10 else 61.0), "reply", IN)]
            for c in range(40)
        ]
        ended = {c: (c + 61.0, Ending.LOST) for c in range(40)}
        log = log_of(*chains, [(290.0, "call", OUT)], now=300.0, ended=ended)
        report = chance_report(log)
        assert report.code == "alike"
        one = report.chains[0]
        assert (one.basis, one.chance.value, one.chance.n) == ("alike", 0.2, 40)
        assert one.chance.low < 0.2 < one.chance.high

    def test_and_with_fewer_than_thirty_nothing(self):
        report = chance_report(log_of([(290.0, "call", OUT)], now=300.0))
        assert [chain.to_json() for chain in report.chains] == [
            {"chain": 1, "basis": "too_few", "chance": None}
        ]


class TestWins:
    def test_what_is_of_no_effect_is_rarely_said_to_go_with_wins(self):
        """Wins come with the customer's words alone: no kind of ours is told apart."""
        told = [
            line.verdict
            for seed in SEEDS
            for line in win_report(simulate(seed, 1_000, "no_effect").log).kinds
        ]
        assert len(told) >= 20
        assert np.isin(told, ["more_wins", "fewer_wins"]).mean() <= 0.05

    def test_a_kind_that_comes_before_wins_is_told_with_number_and_range(self):
        random = np.random.default_rng(2)
        chains, ended = [], {}
        for c in range(300):
            at = random.uniform(0, 300)
            times = at + np.cumsum(random.exponential(5, 12))
            kinds = random.choice(["call", "mail"], 12)
            chain = [(t, k, OUT) for t, k in zip(times, kinds, strict=True)]
            if random.random() < 0.4:
                chain[-1] = (times[-1], "demo", OUT)
                ended[c] = (times[-1] + random.uniform(1, 15), Ending.WON)
            else:
                ended[c] = (times[-1] + 30, Ending.LOST)
            chains.append(chain)
        report = win_report(log_of(*chains, now=600.0, ended=ended))
        by_kind = {line.kind: line for line in report.kinds}
        demo = by_kind["demo"]
        assert demo.verdict == "more_wins"
        assert 1 < demo.odds_ratio.low < demo.odds_ratio.value < demo.odds_ratio.high
        assert demo.wins >= 30
        assert len(demo.chain_ids) == demo.chains >= demo.odds_ratio.n
        with_demo = {c + 1 for c, one in ended.items() if one[1] is Ending.WON}
        assert set(demo.chain_ids) <= with_demo
        told = json.loads(json.dumps(report.to_json()))
        assert told["label"] == "goes together with"
        assert told["needed"] == {"wins": 30, "chains": 100}

    def test_few_wins_say_nothing(self):
        report = win_report(log_of([(1.0, "call", OUT)], now=300.0))
        assert (report.code, report.kinds) == ("too_few", ())
