"""The month as a factor: against a second program, and what it is good for."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from veriga.common.working_time import WorkingCalendar
from veriga.insight.rules.clock import months_of
from veriga.insight.rules.conditional_poisson import fit
from veriga.insight.rules.log import UNDATED, YEAR_END
from veriga.insight.rules.trigger_design import Design, merged
from veriga.insight.rules.triggers import find_triggers

from .simulator import simulate
from .trigger_acceptance import estimates_of, score


class TestMonths:
    def test_lie_on_the_clock(self):
        calendar = WorkingCalendar(("SI",))
        months = months_of(calendar, date(2025, 11, 18), date(2026, 2, 3))
        days = [
            date(2025, 11, 1), date(2025, 12, 1), date(2025, 12, 25),
            date(2026, 1, 1), date(2026, 2, 1),
        ]  # fmt: skip
        assert months.stretch.tolist() == [11, 12, YEAR_END, 1, 2]
        assert months.starts.tolist() == [calendar.days_before(day) for day in days]
        assert np.diff(months.starts).tolist() == [20, 18, 3, 20]

    def test_of_one_day_are_one(self):
        months = months_of(WorkingCalendar(()), date(2026, 8, 5), date(2026, 8, 5))
        assert months.stretch.tolist() == [8]

    def test_are_those_of_the_whole_for_a_part(self):
        log = simulate(3, 60).log
        assert log.part(np.arange(5)).months is log.months


def test_is_the_poisson_model_with_a_dummy_for_each_chain() -> None:
    sm = pytest.importorskip("statsmodels.api")
    log = simulate(21, 150, "season").log
    design = Design(log)
    assert design.columns.by_month
    rows, events = merged(design)
    rows = replace(rows, events=events[:, 0].astype(float))
    with_events = np.unique(rows.stratum[rows.events > 0])[:70]
    rows = rows.only(np.isin(rows.stratum, with_events))
    found = fit(rows)
    known = (found.plain_errors > 0) & (np.abs(found.beta) < 10)
    first = design.columns.first_month
    assert known[first:].sum() >= 10
    rows = replace(rows, columns=rows.columns[:, known])
    found = fit(rows)
    dummies = rows.stratum[:, None] == with_events[None, :]
    x = np.concatenate([rows.columns, dummies], axis=1).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = sm.GLM(
            rows.events,
            x,
            family=sm.families.Poisson(),
            offset=np.log(rows.exposure),
        ).fit(tol=1e-14, tol_criterion="params", maxiter=200)
    p = rows.columns.shape[1]
    np.testing.assert_allclose(found.beta, other.params[:p], atol=1e-8)
    np.testing.assert_allclose(found.plain_errors, other.bse[:p], atol=1e-8)


def test_takes_away_what_a_season_pretends() -> None:
    """In August nobody asks and nobody answers: without months all seems to work."""

    def bias(simulated) -> float:
        found = score([estimates_of(simulated)])
        return float(np.mean(list(found.bias.values())))

    plain, by_month = [], []
    for seed in range(4):
        simulated = simulate(seed, 400, "season_alone")
        by_month.append(bias(simulated))
        undated = replace(simulated, log=replace(simulated.log, months=UNDATED))
        plain.append(bias(undated))
    assert np.mean(by_month) < np.mean(plain) - 0.015


class TestReport:
    def test_tells_how_much_slower_everybody_is(self):
        report = find_triggers(simulate(2, 1_000, "season").log)
        assert report.by_month
        lines = {line.stretch: line for line in report.outcomes[0].seasons}
        assert lines["8"].low < lines["8"].ratio < lines["8"].high < 0.8
        assert lines["8"].low < 0.35 < lines["8"].high * 1.2
        assert lines["3"].high > 1.0
        assert all(line.n >= 30 for line in lines.values())
        told = json.loads(json.dumps(report.to_json()))
        assert {"stretch", "ratio", "low", "high", "n"} == set(
            told["outcomes"][0]["seasons"][0]
        )

    def test_without_dates_or_two_years_nothing_is_told_of_it(self):
        log = simulate(2, 300, "season").log
        young = log.part(np.flatnonzero(log.chains.began > log.now - 480))
        for one in (replace(log, months=UNDATED), young):
            report = find_triggers(one)
            assert not report.by_month
            assert [outcome.seasons for outcome in report.outcomes] == [(), ()]

    def test_few_outcomes_say_nothing(self):
        log = simulate(2, 60, "season").log
        report = find_triggers(log)
        assert all(line.n >= 30 for one in report.outcomes for line in one.seasons)
