"""The fitter against published figures and against other programs.

Cox's partial likelihood is the same model with risk sets as strata, so Rossi and
bladder2 test the very code that the triggers use.
"""

from __future__ import annotations

import csv
import warnings
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.event_logs import event_log

from veriga.insight.rules.conditional_poisson import Fit, Rows, fit


def cox_rows(start, stop, event, columns, *, ties, who=None, group=None) -> Rows:
    """Return the rows of the partial likelihood: one stratum for each risk set.

    Efron: a set of d ties becomes d strata, in which those who are tied count for
    1 − j/d, and each of their events for 1/d.
    """
    who = np.arange(len(stop)) if who is None else who
    group = np.zeros(len(stop)) if group is None else group
    parts, stratum = [], 0
    for g, time in sorted(
        {(g, t) for g, t, e in zip(group, stop, event, strict=True) if e}
    ):
        at_risk = (start < time) & (stop >= time) & (group == g)
        tied = at_risk & (stop == time) & (event > 0)
        d = int(tied.sum())
        for j in range(d if ties == "efron" else 1):
            share = (1 - j / d, 1 / d) if ties == "efron" else (1.0, 1.0)
            parts.append(
                (
                    columns[at_risk],
                    np.where(tied, share[0], 1.0)[at_risk],
                    np.where(tied, share[1], 0.0)[at_risk],
                    np.full(at_risk.sum(), stratum),
                    who[at_risk],
                )
            )
            stratum += 1
    return Rows.of(*(np.concatenate(part) for part in zip(*parts, strict=True)))


@pytest.fixture(scope="module")
def bladder():
    with event_log("survival_reference/bladder2.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {k: np.array([float(r[k]) for r in rows]) for k in rows[0]}


def bladder_fit(data, ties: str, *, number=None, clock="start to stop") -> Fit:
    """Return the fit of Andersen and Gill, or of one event number alone.

    By the clock "total" everybody is at risk from the beginning of the study.
    """
    chosen = slice(None) if number is None else data["enum"] == number
    d = {k: v[chosen] for k, v in data.items()}
    start = d["start"] * (clock == "start to stop")
    stop = d["stop"] - d["start"] * (clock == "gap")
    columns = np.stack([d["rx"], d["size"], d["number"]], axis=1)
    rows = cox_rows(
        start, stop, d["event"], columns, ties=ties, who=d["id"].astype(int)
    )
    return fit(rows, is_corrected=False)


class TestPublished:
    def test_rossi(self):
        datasets = pytest.importorskip("lifelines.datasets")
        data = datasets.load_rossi()
        names = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
        rows = cox_rows(
            np.full(len(data), -1.0),
            data["week"].to_numpy(float),
            data["arrest"].to_numpy(),
            data[names].to_numpy(float),
            ties="efron",
        )
        found = fit(rows)
        beta = [-0.37942, -0.05744, 0.31390, -0.14980, -0.43370, -0.08487, 0.09150]
        errors = [0.19138, 0.02200, 0.30799, 0.21222, 0.38187, 0.19576, 0.02865]
        np.testing.assert_allclose(found.beta, beta, atol=1e-5)
        np.testing.assert_allclose(found.plain_errors, errors, atol=1e-5)
        assert found.likelihood_ratio == pytest.approx(33.27, abs=0.005)
        assert found.log_likelihood == pytest.approx(-658.7477, abs=5e-5)

    @pytest.mark.parametrize(
        ("ties", "beta", "plain", "robust"),
        [
            (
                "breslow",
                [-0.45979, -0.04256, 0.17164],
                [0.19996, 0.06903, 0.04733],
                [0.25801, 0.07555, 0.06131],
            ),
            (
                "efron",
                [-0.46469, -0.04366, 0.17496],
                [0.19973, 0.06905, 0.04707],
                [0.26556, 0.07762, 0.06304],
            ),
        ],
    )
    def test_bladder2_andersen_gill(self, bladder, ties, beta, plain, robust):
        found = bladder_fit(bladder, ties)
        np.testing.assert_allclose(found.beta, beta, atol=6e-6)
        np.testing.assert_allclose(found.plain_errors, plain, atol=6e-6)
        np.testing.assert_allclose(found.errors, robust, atol=6e-6)
        assert found.clusters == 85
        if ties == "breslow":
            assert found.likelihood_ratio == pytest.approx(16.77, abs=0.005)

    @pytest.mark.parametrize(
        ("number", "clock", "beta", "ratio", "digits"),
        [
            (1, "total", [-0.5176, 0.0679, 0.2360], 9.66, 4),
            (2, "total", [-0.42421, -0.12503, 0.00199], 2.02, 5),
            (2, "gap", [-0.25911, -0.11636, -0.00571], 1.27, 5),
            (3, "total", [-0.8985, 0.0850, -0.0172], 4.16, 4),
        ],
    )
    def test_bladder2_by_event(self, bladder, number, clock, beta, ratio, digits):
        found = bladder_fit(bladder, "breslow", number=number, clock=clock)
        np.testing.assert_allclose(found.beta, beta, atol=0.6 * 10**-digits)
        assert found.likelihood_ratio == pytest.approx(ratio, abs=0.006)

    def test_self_controlled_case_series(self):
        """Whitaker, Farrington, Spiessens and Musonda (2006), Oxford."""
        events = [398, 413, 449, 455, 472, 474, 485, 524, 700, 399]
        vaccines = [458, 392, 429, 433, 432, 395, 470, 496, 428, 716]
        parts = []
        for child, (event, vaccine) in enumerate(zip(events, vaccines, strict=True)):
            risk = (vaccine + 14, vaccine + 35)
            cuts = sorted({365, 547, 730} | {min(max(r, 365), 730) for r in risk})
            for low, high in pairwise(cuts):
                middle = (low + high) / 2
                flags = [risk[0] < middle < risk[1], middle > 547]
                parts.append((flags, high - low, low < event <= high, child))
        found = fit(Rows.of(*(np.array(part) for part in zip(*parts, strict=True))))
        beta, error = found.beta[0], found.plain_errors[0]
        assert round(float(np.exp(beta)), 2) == 12.04
        assert round(float(np.exp(beta - 1.96 * error)), 2) == 3.00
        assert round(float(np.exp(beta + 1.96 * error)), 2) == 48.26


def drawn(seed: int, strata: int = 60, p: int = 3) -> Rows:
    """Return rows with a planted effect, as flags."""
    rng = np.random.default_rng(seed)
    stratum = np.repeat(np.arange(strata), rng.integers(2, 8, strata))
    columns = rng.integers(0, 2, (len(stratum), p)).astype(np.uint8)
    exposure = rng.uniform(0.1, 9, len(stratum))
    rate = rng.gamma(2, 0.2, strata)[stratum] * np.exp(columns @ rng.normal(0, 0.5, p))
    events = rng.poisson(rate * exposure).astype(float)
    return Rows.of(columns, exposure, events, stratum)


class TestOtherPrograms:
    def test_is_the_poisson_model_with_a_dummy_for_each_chain(self):
        sm = pytest.importorskip("statsmodels.api")
        rows = drawn(5)
        kept = np.isin(rows.stratum, np.unique(rows.stratum[rows.events > 0]))
        dummies = rows.stratum[kept, None] == np.unique(rows.stratum[kept])[None, :]
        x = np.concatenate([rows.columns[kept], dummies], axis=1).astype(float)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other = sm.GLM(
                rows.events[kept],
                x,
                family=sm.families.Poisson(),
                offset=np.log(rows.exposure[kept]),
            ).fit(tol=1e-14, tol_criterion="params", maxiter=200)
        found = fit(rows)
        np.testing.assert_allclose(found.beta, other.params[:3], atol=1e-8)
        np.testing.assert_allclose(found.plain_errors, other.bse[:3], atol=1e-8)

    def test_agrees_with_conditional_poisson_of_statsmodels(self):
        models = pytest.importorskip("statsmodels.discrete.conditional_models")
        rows = drawn(6)
        # It leaves out strata whose counts are all equal, though they tell something.
        varied = [
            np.ptp(rows.events[rows.stratum == s]) > 0
            for s in range(rows.stratum[-1] + 1)
        ]
        rows = rows.only(np.array(varied)[rows.stratum])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other = models.ConditionalPoisson(
                rows.events,
                rows.columns.astype(float),
                groups=rows.stratum,
            ).fit(disp=False)
        found = fit(replace(rows, exposure=np.ones(len(rows.stratum))))
        np.testing.assert_allclose(found.beta, other.params, atol=1e-4)
        np.testing.assert_allclose(found.plain_errors, other.bse, atol=1e-4)


class TestInvariance:
    @settings(deadline=None, max_examples=25)
    @given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.01, 0.99))
    def test_splitting_an_interval_changes_nothing(self, seed, share):
        rows = drawn(seed)
        rng = np.random.default_rng(seed)
        cut = rng.random(len(rows.stratum)) < 0.5
        split = Rows.of(
            np.concatenate([rows.columns, rows.columns[cut]]),
            np.concatenate(
                [
                    np.where(cut, share, 1.0) * rows.exposure,
                    (1 - share) * rows.exposure[cut],
                ]
            ),
            np.concatenate([rows.events, np.zeros(cut.sum())]),
            np.concatenate([rows.stratum, rows.stratum[cut]]),
        )
        self.same(fit(rows), fit(split))

    @settings(deadline=None, max_examples=25)
    @given(seed=st.integers(0, 2**32 - 1))
    def test_names_and_order_of_chains_change_nothing(self, seed):
        rows = drawn(seed)
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(rows.stratum))
        names = rng.permutation(10_000)[rows.stratum][order]
        renamed = Rows.of(
            rows.columns[order], rows.exposure[order], rows.events[order], names
        )
        self.same(fit(rows), fit(renamed))

    @settings(deadline=None, max_examples=25)
    @given(seed=st.integers(0, 2**32 - 1))
    def test_twice_the_chains_give_the_same_with_less_error(self, seed):
        rows = drawn(seed)
        twice = Rows.of(
            np.concatenate([rows.columns] * 2),
            np.concatenate([rows.exposure] * 2),
            np.concatenate([rows.events] * 2),
            np.concatenate([rows.stratum, rows.stratum + 1_000]),
        )
        once, more = fit(rows, is_corrected=False), fit(twice, is_corrected=False)
        np.testing.assert_allclose(once.beta, more.beta, atol=1e-8)
        np.testing.assert_allclose(once.errors, more.errors * 2**0.5, atol=1e-8)

    @staticmethod
    def same(one: Fit, other: Fit) -> None:
        np.testing.assert_allclose(one.beta, other.beta, atol=1e-8)
        np.testing.assert_allclose(one.errors, other.errors, atol=1e-8)


class TestLittleData:
    def test_no_rows(self):
        nothing = np.empty(0)
        found = fit(Rows.of(np.empty((0, 4)), nothing, nothing, nothing))
        assert found.beta.tolist() == [0.0] * 4
        assert found.clusters == 0

    def test_a_column_that_never_varies_says_nothing(self):
        rows = drawn(1)
        columns = np.concatenate(
            [rows.columns, np.ones((len(rows.stratum), 1))], axis=1
        )
        found = fit(Rows.of(columns, rows.exposure, rows.events, rows.stratum))
        assert found.beta[3] == pytest.approx(0.0, abs=1e-9)
        np.testing.assert_allclose(found.beta[:3], fit(rows).beta, atol=1e-8)

    def test_events_that_never_fall_into_a_column_do_not_stop_it(self):
        rows = drawn(2)
        columns = rows.columns.copy()
        columns[rows.events > 0, 0] = 0
        found = fit(Rows.of(columns, rows.exposure, rows.events, rows.stratum))
        assert np.isfinite(found.beta).all()
        assert found.beta[0] < -3
