"""Shares, medians and competing ends, against plain definitions and lifelines."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter, KaplanMeierFitter

from veriga.insight.rules.counting import (
    Share,
    Wait,
    aalen_johansen,
    median_rank,
    wilson,
)


class TestMedianRank:
    @pytest.mark.parametrize("n", [*range(0, 120), 350, 1_200])
    def test_it_is_the_last_rank_that_bounds_the_median_with_95_percent(self, n):
        below = [Fraction(0)]
        for k in range(n // 2 + 1):
            below.append(below[-1] + Fraction(comb(n, k), 2**n))
        expected = max(k for k, p in enumerate(below) if p <= Fraction(1, 40))
        assert median_rank(n) == expected

    def test_published_ranks(self):
        # Conover, Practical Nonparametric Statistics, table of the binomial.
        assert [median_rank(n) for n in (5, 6, 10, 20, 50)] == [0, 1, 2, 6, 18]

    def test_a_million_take_no_time_and_stay_near_the_middle(self):
        assert median_rank(1_500_000) == pytest.approx(750_000 - 1_200, abs=2)


class TestWait:
    def test_no_median_under_six(self):
        assert Wait.of(np.arange(5.0)) == Wait(5)

    def test_six_are_bounded_by_the_smallest_and_the_largest(self):
        wait = Wait.of(np.array([5.0, 3, 1, 2, 9, 4]))
        assert (wait.n, wait.median, wait.low, wait.high) == (6, 3.5, 1.0, 9.0)

    @given(st.lists(st.floats(0, 500), min_size=6, max_size=60))
    def test_numpy_finds_the_same_median_and_quarters(self, values):
        wait = Wait.of(np.array(values))
        expected = np.quantile(values, [0.25, 0.5, 0.75])
        found = [wait.quarter, wait.median, wait.three_quarters]
        assert found == pytest.approx(expected, abs=1e-9)
        assert wait.low <= wait.median <= wait.high


class TestShare:
    def test_wilson_of_a_textbook(self):
        # Newcombe (1998), 81 of 263: 0.2553 to 0.3662.
        assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
        assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)

    def test_of_none_nothing_is_said(self):
        assert Share(0, 0).to_json() == {
            "count": 0, "n": 0, "share": None, "low": None, "high": None,
        }  # fmt: skip


class TestAalenJohansen:
    def test_lifelines_finds_the_same_shares_and_variances(self):
        rng = np.random.default_rng(7)
        # Distinct times: lifelines moves those that are tied.
        times = rng.permutation(np.arange(1.0, 201.0))
        state = rng.integers(0, 3, 200)
        ours = aalen_johansen(times, state == 1, state > 0)
        fitter = AalenJohansenFitter(calculate_variance=True, seed=1)
        fitter.fit(times, state, event_of_interest=1)
        theirs = fitter.cumulative_density_["CIF_1"]
        assert ours.share == pytest.approx(theirs.loc[ours.times].to_numpy(), abs=1e-12)
        variance = fitter.variance_.loc[ours.times].to_numpy().ravel()
        assert ours.variance == pytest.approx(variance, abs=1e-9)

    def test_without_competing_ends_it_is_one_minus_kaplan_meier(self):
        # The 6-MP arm of the leukaemia trial: ANALYTICS, oracle 6.
        times = np.array(
            [
                6,
                6,
                6,
                7,
                10,
                13,
                16,
                22,
                23,
                6,
                9,
                10,
                11,
                17,
                19,
                20,
                25,
                32,
                32,
                34,
                35,
            ],
            dtype=float,
        )
        reached = np.arange(21) < 9
        found = aalen_johansen(times, reached, reached)
        assert 1 - found.share == pytest.approx(
            [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
        )
        fitter = KaplanMeierFitter().fit(times, reached)
        expected = 1 - fitter.survival_function_.loc[found.times].to_numpy().ravel()
        assert found.share == pytest.approx(expected, abs=1e-12)

    def test_the_range_holds_the_truth_about_19_times_of_20(self):
        rng = np.random.default_rng(11)
        # Exponential causes with rates 1 and 2: a third of all reach it in the end.
        truth = (1 - np.exp(-3 * 0.4)) / 3
        held = 0
        for _ in range(400):
            first, second = rng.exponential(1, 80), rng.exponential(0.5, 80)
            seen = rng.uniform(0.2, 1.5, 80)
            times = np.minimum(np.minimum(first, second), seen)
            found = aalen_johansen(times, times == first, times < seen).at(0.4)
            held += found[1] <= truth <= found[2]
        assert 0.92 <= held / 400 <= 0.98

    def test_where_all_have_reached_it_the_range_is_that_of_a_count(self):
        everybody = np.ones(10, dtype=bool)
        found = aalen_johansen(np.arange(1.0, 11), everybody, everybody)
        assert found.at(10) == pytest.approx((1.0, wilson(10, 10)[0], 1.0))

    def test_nothing_is_said_of_times_that_nobody_was_observed_for(self):
        nobody = np.zeros(3, dtype=bool)
        found = aalen_johansen(np.array([1.0, 2, 3]), nobody, nobody)
        assert found.at(4) is None
        assert found.at(2)[:2] == (0.0, 0.0)
        assert found.time_of(0.5) == (None, None, None)
        assert aalen_johansen(np.empty(0), nobody[:0], nobody[:0]).at(0) is None

    def test_the_range_of_a_time_holds_the_truth_about_19_times_of_20(self):
        rng = np.random.default_rng(13)
        # A quarter has reached it when 1 - exp(-3 t) = 3/4 of 1/3 of all.
        truth = -np.log(1 - 0.75) / 3
        held = 0
        for _ in range(400):
            first, second = rng.exponential(1, 120), rng.exponential(0.5, 120)
            seen = rng.uniform(0.5, 3, 120)
            times = np.minimum(np.minimum(first, second), seen)
            found = aalen_johansen(times, times == first, times < seen).time_of(0.25)
            _, low, high = found
            held += low is not None and low <= truth <= (
                np.inf if high is None else high
            )
        assert 0.92 <= held / 400 <= 0.985
