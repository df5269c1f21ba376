"""Survival, hazards, competing ends, ranges: the oracles, and lifelines beside us."""

from __future__ import annotations

import warnings

import lifelines
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from veriga.insight.rules.intervals import (
    median_of,
    median_ranks,
    quantile_ranks,
    share,
    wilson,
)
from veriga.insight.rules.survival import (
    aalen_johansen,
    kaplan_meier,
    piecewise_hazard,
)

# Remission in weeks under 6-MP; a plus is a censored patient (Freireich 1963).
SIX_MP = [
    "6",
    "6",
    "6",
    "6+",
    "7",
    "9+",
    "10",
    "10+",
    "11+",
    "13",
    "16",
    "17+",
    "19+",
    "20+",
    "22",
    "23",
    "25+",
    "32+",
    "32+",
    "34+",
    "35+",
]


def leukaemia() -> tuple[np.ndarray, np.ndarray]:
    weeks = np.array([float(week.rstrip("+")) for week in SIX_MP])
    return weeks, np.array(["+" not in week for week in SIX_MP])


def drawn(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.exponential(5, n), random.integers(0, 3, n)


class TestKaplanMeier:
    def test_it_reproduces_the_leukaemia_trial(self):
        curve = kaplan_meier(*leukaemia())
        assert curve.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
        assert curve.value.round(3).tolist() == [
            0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448,
        ]  # fmt: skip
        assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
        assert curve.reaches(0.5) == 23
        assert curve.at(np.array([0.0, 6.0, 9.9])).round(3).tolist() == [
            1,
            0.857,
            0.807,
        ]

    def test_it_equals_lifelines_with_its_range(self):
        durations, cause = drawn(1)
        curve = kaplan_meier(np.round(durations, 1), cause > 0)
        other = lifelines.KaplanMeierFitter().fit(np.round(durations, 1), cause > 0)
        table = other.confidence_interval_survival_function_
        expected = other.survival_function_at_times(curve.time).to_numpy()
        assert np.allclose(curve.value, expected, atol=1e-12)
        low, high = table.loc[curve.time].to_numpy()[:-1].T
        assert np.allclose(curve.low[:-1], low, atol=1e-9)
        assert np.allclose(curve.high[:-1], high, atol=1e-9)

    def test_nothing_over_is_an_empty_curve(self):
        curve = kaplan_meier(np.array([1.0, 2.0]), np.array([False, False]))
        assert curve.at(np.array([1.5])).tolist() == [1.0]
        assert curve.reaches(0.5) is None


class TestAalenJohansen:
    def test_it_equals_lifelines_with_its_range(self):
        durations, cause = drawn(2)
        curve = aalen_johansen(durations, cause)
        other = lifelines.AalenJohansenFitter().fit(
            durations, cause, event_of_interest=1
        )
        expected = other.cumulative_density_.loc[curve.time].to_numpy()[:, 0]
        assert np.allclose(curve.value, expected, atol=1e-10)
        bounds = other.confidence_interval_.loc[curve.time].to_numpy()
        inside = (curve.at_risk > 20) & (curve.value > 0.02)
        assert np.allclose(curve.low[inside], bounds[inside].min(axis=1), atol=0.01)
        assert np.allclose(curve.high[inside], bounds[inside].max(axis=1), atol=0.01)

    def test_who_is_lost_does_not_order_later(self):
        durations = np.array([1.0, 2.0, 3.0, 4.0])
        curve = aalen_johansen(durations, np.array([2, 1, 2, 1]))
        assert curve.value[-1] == pytest.approx(0.5)
        naive = 1 - kaplan_meier(durations, np.array([False, True, False, True])).value
        assert naive[-1] == 1.0


class TestHazard:
    def test_its_sum_is_nelson_aalen_on_the_grid(self):
        durations, cause = drawn(3, 4_000)
        hazard = piecewise_hazard(durations, cause > 0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other = lifelines.NelsonAalenFitter().fit(durations, cause > 0)
        times = np.array([1.0, 4.0, 10.0])
        expected = other.cumulative_hazard_at_times(times).to_numpy()
        assert np.allclose(hazard.cumulative(times), expected, rtol=0.01)

    def test_as_many_are_expected_as_were_seen(self):
        durations, cause = drawn(4)
        hazard = piecewise_hazard(durations, cause > 0)
        assert hazard.cumulative(durations).sum() == pytest.approx((cause > 0).sum())


class TestRanges:
    def test_wilson_has_its_known_values(self):
        low, high = wilson(np.array([31]), np.array([100]))
        assert (low[0].round(4), high[0].round(4)) == (0.2278, 0.4063)
        low, high = wilson(np.array([0, 5, 0]), np.array([10, 5, 0]))
        assert low.tolist()[0] == 0 and high.tolist()[1:] == [1, 1]
        assert low.tolist()[2] == 0

    def test_a_share_of_nothing_is_no_number(self):
        assert share(0, 0).to_json()["value"] is None

    def test_the_range_of_a_median_exists_from_six(self):
        assert median_of(np.arange(5.0)).low is None
        six = median_of(np.arange(6.0))
        assert (six.value, six.low, six.high, six.n) == (2.5, 0, 5, 6)
        assert median_of(np.zeros(0)).to_json()["value"] is None
        assert median_ranks(10) == (1, 8)

    @given(st.integers(1, 400), st.sampled_from([0.5, 0.9, 0.95, 0.988]))
    def test_the_ranks_hold_the_quantile_as_often_as_they_say(self, n, at):
        lower, upper = quantile_ranks(n, at)
        if lower is not None:
            # P(x[lower] > quantile): at most `lower` observations lie below it.
            assert stats.binom.cdf(lower, n, at) <= 0.025
        if upper is not None:
            assert stats.binom.sf(upper, n, at) <= 0.025 + 1e-12
            assert upper + 1 >= n * at
