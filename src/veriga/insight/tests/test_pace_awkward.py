"""Pace, stalls, chances and next steps of awkward logs: codes, never tracebacks."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace

import numpy as np
import pytest

from veriga.insight.rules.chance import chance_report
from veriga.insight.rules.log import Ending
from veriga.insight.rules.next_step import next_step_report
from veriga.insight.rules.pace import pace_report
from veriga.insight.rules.stalled import stall_report
from veriga.insight.rules.wins import win_report

from .by_hand import IN, OUT, log_of, moved
from .simulator import simulate

REPORTS = [pace_report, stall_report, chance_report, win_report, next_step_report]


def _year_without_data():
    """Sixty chains of three years ago, and one call of today."""
    chains = [[(c + x, "call", OUT) for x in range(0, 40, 4)] for c in range(60)]
    return log_of(*chains, [(900.0, "call", OUT)], now=900.0)


def _forty_kinds():
    random = np.random.default_rng(1)
    chains = []
    for _ in range(120):
        times = random.uniform(0, 50) + np.cumsum(random.exponential(4, 40))
        sides = random.choice([OUT, IN], 40)
        kinds = random.integers(0, 40, 40)
        chains.append(
            [(t, f"k{k}", s) for t, k, s in zip(times, kinds, sides, strict=True)]
        )
    return log_of(*chains, now=300.0, segments=("A", "B"), segment=[0, 1] * 60)


AWKWARD = {
    "nothing at all": lambda: log_of(now=10.0),
    "one activity": lambda: log_of([(1.0, "call", OUT)], now=10.0),
    "one chain of 5,000": lambda: log_of(
        [(x / 10, "call", OUT if x % 3 else IN) for x in range(5_000)], now=501.0
    ),
    "all on one day": lambda: log_of(
        *[[(5.0, "call", OUT), (5.0, "reply", IN)] for _ in range(200)], now=5.0
    ),
    "all on one day, long ago": lambda: log_of(
        *[[(5.0, "call", OUT), (5.0, "reply", IN)] for _ in range(200)], now=400.0
    ),
    "one activity each": lambda: log_of(
        *[[(float(c), "call", OUT)] for c in range(300)], now=400.0
    ),
    "all closed": lambda: log_of(
        *[[(float(c), "call", OUT), (c + 4.0, "reply", IN)] for c in range(150)],
        now=400.0,
        ended={c: (c + 9.0, Ending.WON) for c in range(150)},
    ),
    "closed before anything": lambda: log_of(
        [(5.0, "call", OUT)], now=400.0, ended={0: (2.0, Ending.LOST)}
    ),
    "a year without data": _year_without_data,
    "forty kinds": _forty_kinds,
}


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_logs_give_a_report(name, report):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = report(AWKWARD[name]()).to_json()
    assert "NaN" not in json.dumps(told, allow_nan=True)


def test_what_is_dead_for_years_is_flagged_only_with_a_limit():
    report = stall_report(_year_without_data())
    assert report.code == "too_few"
    assert report.limits.common.needed >= 20


@pytest.mark.parametrize("report", REPORTS)
def test_whole_weeks_later_all_is_the_same(report):
    log = simulate(9, 200).log
    before, after = report(log).to_json(), report(moved(log, 260.0)).to_json()
    assert _near(before, after)


@pytest.mark.parametrize("report", REPORTS)
def test_chains_may_have_any_name_and_order(report):
    """Chains and companies renumbered and turned round: the same figures for each."""
    log = simulate(10, 200).log
    turned = _turned(log)
    before, after = report(log).to_json(), report(turned).to_json()
    lists = [key for key in before if key in ("chains", "flagged")]
    for key in lists:
        assert len(before.pop(key)) == len(after.pop(key))
    if report is next_step_report:  # the ids behind a step have other names
        for told in (before, after):
            for step in (s for p in told["points"] for s in p["steps"]):
                step["chains"] = len(step["chains"])
    if report is win_report:
        for told in (before, after):
            for kind in told["kinds"]:
                kind["chain_ids"] = len(kind["chain_ids"])
    assert _near(before, after)
    if report is pace_report:
        paces = [{c.chain: c.pace for c in report(one).chains} for one in (log, turned)]
        size = len(log.chains)
        for chain, pace in paces[0].items():
            other = paces[1][1_000 + size - chain]
            assert (pace is None) == (other is None)
            assert pace is None or pace.value == pytest.approx(other.value)


def _turned(log):
    """Return the log with its chains in the opposite order under other ids."""
    rows, chains, size = log.activities, log.chains, len(log.chains)
    order = np.argsort(-rows.chain, kind="stable")
    place = np.argsort(order)
    rows = replace(
        rows,
        **{name: getattr(rows, name)[order] for name in rows.__slots__},
    )
    rows = replace(rows, chain=size - 1 - rows.chain)
    columns = {
        name: getattr(chains, name)[::-1]
        for name in chains.__slots__
        if name != "first"
    }
    sizes = np.diff(chains.first)[::-1]
    columns["id"] = 1_000 + size - columns["id"]
    columns["company"] = 50_000 - columns["company"]
    columns["origin"] = place[chains.origin][::-1]
    first = np.concatenate([[0], np.cumsum(sizes)])
    return replace(log, activities=rows, chains=replace(chains, **columns, first=first))


def _near(one, other) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_near(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_near, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, rel=1e-3, abs=2e-3)
    return one == other
