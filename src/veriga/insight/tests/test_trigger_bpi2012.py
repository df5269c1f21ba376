"""A real log that nobody here made: a bank's loan applications and its calls.

The customer sends the offer back once and no more, and the bank calls until then. So
every return lies after calls, and a model of returns "within ten days of a call" finds
a ratio in the hundreds. The process makes it, not the calls.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from veriga.insight.rules import trigger_estimates
from veriga.insight.rules.log import ActivityLog
from veriga.insight.rules.trigger_report import Guard, Verdict
from veriga.insight.rules.triggers import find_triggers

from .bpi2012 import bpi2012
from .simulator import simulate

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def log() -> ActivityLog:
    return bpi2012()


def test_calls_after_an_offer_are_no_trigger(log):
    report = find_triggers(log)
    for outcome in ("reaction", "quote"):
        line = report.line(outcome, "call")
        assert line.verdict is not Verdict.ACCELERATES
        assert [need.what for need in line.needs] == ["outcomes_per_chain"]


def test_nor_if_chains_were_asked_that_have_the_outcome_once(log, monkeypatch):
    monkeypatch.setattr(trigger_estimates, "FEWEST_PER_CHAIN", 1.0)
    report = find_triggers(log)
    json.dumps(report.to_json(), allow_nan=False)
    line = report.line("reaction", "call")
    assert line.effect.ratio > 100
    assert Guard.SIZE in line.guards.failed
    assert line.verdict is not Verdict.ACCELERATES


def claims(log: ActivityLog) -> dict[tuple[str, str], float]:
    return {
        (report.outcome, line.kind): line.effect.ratio
        for report in find_triggers(log).outcomes
        for line in report.lines
        if line.verdict is Verdict.ACCELERATES
    }


def halves(log: ActivityLog) -> tuple[ActivityLog, ActivityLog]:
    half = np.random.default_rng().integers(0, 2, len(log.chains))
    return log.part(np.flatnonzero(half == 0)), log.part(np.flatnonzero(half == 1))


def test_what_one_half_claims_holds_on_the_other(log):
    one, other = halves(log)
    second = find_triggers(other)
    for (outcome, kind), _ in claims(one).items():
        assert second.line(outcome, kind).effect.ratio > 1.0


def test_what_one_half_of_a_simulated_log_claims_holds_on_the_other():
    one, other = halves(simulate(77, 400).log)
    second = find_triggers(other)
    said = claims(one)
    assert ("reaction", "visit") in said
    for outcome, kind in said:
        assert second.line(outcome, kind).effect.low > 1.0
