"""Limits of silence are kept for a week, and not where they no longer hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from veriga.insight.rules.calibration import Terms, calibrated, kept_limits
from veriga.insight.rules.gaps import is_open
from veriga.insight.rules.stall import fit_limits
from veriga.insight.rules.stalled import stall_report
from veriga.insight.rules.waits import waits_of

from .by_hand import moved
from .simulator import simulate

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def log():
    return simulate(17, 500).log


@pytest.fixture(scope="module")
def before(log) -> dict[str, Any]:
    """A stored report, as it comes back from the database."""
    terms = Terms("usual", NOW, "a")
    payload = stall_report(log, terms=terms).to_json()
    payload["calibrated"] = calibrated(log, terms, is_kept=False)
    return json.loads(json.dumps(payload))


def kept(log, before: dict[str, Any] | None, **changes: Any):
    terms = replace(Terms("usual", NOW + timedelta(days=3), "a", before), **changes)
    return kept_limits(log, waits_of(log), terms)


def test_come_back_as_they_were_made(log, before) -> None:
    fitted, found = fit_limits(log, waits_of(log)), kept(log, before)
    assert before["code"] == "ok"
    assert found.common.value == fitted.common.value
    assert found.usual.value == fitted.usual.value
    assert found.segments.keys() == fitted.segments.keys()
    for place, limit in found.usual_by_kind.items():
        assert limit.value == fitted.usual_by_kind[place].value
    assert found.drift == fitted.drift


def test_are_held_against_chains_as_these_are_by_now(log, before) -> None:
    """A day later: the same limit, longer silences, the states of today."""
    later = moved(log, -1.0)
    later = replace(later, now=log.now)
    anew = stall_report(later)
    report = stall_report(later, terms=Terms("usual", NOW + timedelta(1), "a", before))
    assert report.is_kept
    assert report.limits.common.value == before["limit"]["value"]
    assert len(report.chains) == int(is_open(later).sum())
    by_limit = {
        one.chain for one in report.chains if one.wait > report.limits.common.value
    }
    assert {one.chain for one in report.flagged} <= by_limit
    assert [one.wait for one in report.chains] == [one.wait for one in anew.chains]


@pytest.mark.parametrize(
    "changes",
    [
        {"budget": "quiet"},
        {"basis": "another clock"},
        {"now": NOW + timedelta(days=7)},
        {"now": NOW - timedelta(seconds=1)},
    ],
)
def test_are_not_kept_where_they_do_not_hold(log, before, changes) -> None:
    assert kept(log, before) is not None
    assert kept(log, before, **changes) is None
    assert kept(log, None) is None


@pytest.mark.parametrize(("share", "is_kept"), [(0.9, True), (0.6, False)])
def test_are_not_kept_where_there_is_much_more_or_less(
    log, before, share, is_kept
) -> None:
    part = log.part(np.arange(int(len(log.chains) * share)))
    assert (kept(part, before) is not None) is is_kept
    few = {**before, "calibrated": {**before["calibrated"], "activities": 10}}
    assert kept(log, few) is None


def test_are_not_kept_where_the_last_quarter_went_at_another_speed(before) -> None:
    log = simulate(17, 500).log
    slower = _with_slow_quarter(log)
    assert fit_limits(slower, waits_of(slower)).drift.code == "drifted"
    assert kept(slower, before) is None


@pytest.mark.parametrize("code", ["too_few", "drifted"])
def test_what_raises_no_flag_is_not_kept(log, before, code) -> None:
    assert kept(log, {**before, "code": code}) is None


def test_a_segment_that_is_gone_is_left_out(log, before) -> None:
    segment = {**before["limit"], "name": "Z"}
    found = kept(log, {**before, "segments": [segment]})
    assert found.segments == {}
    renamed = replace(log, segments=("Z", *log.segments[1:]))
    assert kept(renamed, {**before, "segments": [segment]}).segments.keys() == {0}


def test_the_day_they_were_made_goes_along(log, before) -> None:
    later = Terms("usual", NOW + timedelta(days=3), "a", before)
    assert calibrated(log, later, is_kept=True)["at"] == NOW.isoformat()
    anew = calibrated(log, later, is_kept=False)
    assert anew["at"] == later.now.isoformat()


def _with_slow_quarter(log):
    """Return the log with the waits of the last quarter four times as long."""
    turn = log.now - 130.0
    rows, chains = log.activities, log.chains

    def later(times: np.ndarray) -> np.ndarray:
        return np.where(times > turn, turn + (times - turn) * 4, times)

    moved_rows = {
        name: later(getattr(rows, name))
        for name in ("at", "planned", "recorded", "closed")
    }
    return replace(
        log,
        activities=replace(rows, **moved_rows),
        chains=replace(chains, began=later(chains.began), ended=later(chains.ended)),
        now=log.now,
    )
