"""The limit of silence: kept on unseen chains, at the false alarms one asked for."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.effort import sized

from veriga.insight.rules.log import Fate
from veriga.insight.rules.stall import (
    BUDGETS,
    budget_limit,
    conformal_limit,
    conformal_rank,
    drift_of,
    fit_limits,
    shrunk_limit,
)
from veriga.insight.rules.stalled import stall_report
from veriga.insight.rules.waits import waits_of

from .by_hand import IN, OUT, log_of, quickened
from .simulator import simulate

SEEDS = sized(ci=(11, 12, 13), full=tuple(range(10, 22)))
# The prototype's customers moved faster (95 % within 10 wd, here 15): times nearer.
FASTER = 0.64


@pytest.fixture(scope="module")
def unseen():
    """Chains that no limit has seen: log and when each stopped being alive."""
    world = simulate(901, 1_500)
    return quickened(world.log, FASTER), _stopped(world, FASTER)


def _stopped(world, factor):
    dead = np.fmin(world.truth.died_at, world.truth.stalled_at)
    near = world.log.now + (dead - world.log.now) * factor
    return np.where(np.isnan(dead), np.inf, near)


def _limits(seed, chains=600, budget="usual"):
    log = quickened(simulate(seed, chains).log, FASTER)
    return fit_limits(log, waits_of(log), budget)


def _false_alarms(log, stopped, limit):
    """Return the false alarms per 100 working days of a living, open chain."""
    waits = waits_of(log)
    rings = (waits.length > limit) & (waits.begins + limit < stopped[waits.chain])
    until = np.minimum(np.fmin(log.chains.ended, log.now), stopped)
    return 100 * rings.sum() / np.maximum(until - log.chains.began, 0).sum()


def _recall(log, stopped, limit, days=40):
    """Return the share of chains that stopped which were flagged `days` later."""
    waits = waits_of(log)
    since = stopped[waits.chain]
    rings = (waits.length > limit) & (waits.begins + limit <= since + days)
    rings &= waits.begins + waits.length >= since
    ended = np.fmin(log.chains.ended, log.now)
    known = np.isfinite(stopped) & (stopped + days <= ended)
    return np.isin(np.flatnonzero(known), waits.chain[rings]).mean()


class TestBars:
    @pytest.mark.parametrize("seed", SEEDS)
    @pytest.mark.parametrize("chains", sized(ci=(200, 600), full=(200, 600, 3_000)))
    def test_one_wait_in_twenty_of_living_chains_is_longer(self, unseen, seed, chains):
        """Bar: .02 to .06 of waits that went on, on chains nobody has seen."""
        log, stopped = unseen
        limit = _limits(seed, chains).usual.value
        waits = waits_of(log)
        alive = waits.begins + waits.length < stopped[waits.chain]
        seen = waits.is_over & waits.is_sound & alive
        assert 0.02 <= (waits.length[seen] > limit).mean() <= 0.06

    def test_the_budget_is_kept_on_unseen_chains(self, unseen):
        """Bar: .28 to .56 for a budget of .4 per 100 living working days."""
        rates = [_false_alarms(*unseen, _limits(seed).common.value) for seed in SEEDS]
        assert min(rates) >= 0.28 and max(rates) <= 0.56

    def test_stalled_chains_are_found(self, unseen):
        """Bar: .70 of those that stopped are flagged within 40 working days."""
        found = [_recall(*unseen, _limits(seed).common.value) for seed in SEEDS]
        assert np.mean(found) >= 0.70

    def test_a_bigger_budget_finds_more_and_errs_more(self, unseen):
        limits = [_limits(SEEDS[0], budget=name).common.value for name in BUDGETS]
        assert limits == sorted(limits, reverse=True)
        alarms = [_false_alarms(*unseen, limit) for limit in limits]
        assert alarms == sorted(alarms)


class TestLimits:
    def test_nineteen_is_the_smallest_number_for_five_percent(self):
        assert conformal_rank(18, 0.05) is None
        assert conformal_rank(19, 0.05) == 18
        # Twenty is what is asked for before any flag is raised.
        assert conformal_limit(np.arange(19.0), 0.05).value is None
        assert conformal_limit(np.arange(20.0), 0.05).value == 19

    @given(st.integers(20, 300), st.integers(0, 10_000))
    def test_a_limit_is_one_of_the_waits_and_inside_its_range(self, n, seed):
        waits = np.random.default_rng(seed).exponential(5, n)
        limit = conformal_limit(waits, 0.05)
        assert limit.value in waits
        assert limit.low is None or limit.low <= limit.value + 1e-2
        assert limit.high is None or limit.value <= limit.high + 1e-2
        assert (waits > limit.value).sum() <= 0.05 * (n + 1)

    def test_new_waits_exceed_it_as_rarely_as_promised(self):
        random = np.random.default_rng(3)
        over = [
            random.exponential()
            > conformal_limit(random.exponential(size=60), 0.1).value
            for _ in range(1_000)
        ]
        assert np.mean(over) <= 0.1 + 3 * np.sqrt(0.09 / 1_000)

    def test_the_budget_says_how_many_waits_may_be_longer(self):
        waits = np.arange(1.0, 101.0)
        # 1,000 days lived, one false alarm in 250: four waits may be longer.
        assert budget_limit(waits, 1_000.0, 250.0).value == 97.0
        few = budget_limit(waits[:40], 100.0, 250.0)
        assert (few.value, few.needed) == (None, 99)

    def test_a_kind_speaks_for_itself_as_far_as_it_has_something_to_say(self):
        random = np.random.default_rng(4)
        common = random.exponential(5, 5_000)
        own = random.exponential(10, 2_000)
        all_of_it = conformal_limit(common, 0.05).value
        few = shrunk_limit(own[:60], common, 0.05).value
        many = shrunk_limit(own, common, 0.05).value
        assert all_of_it < few < many
        assert many == pytest.approx(conformal_limit(own, 0.05).value, rel=0.1)
        assert shrunk_limit(own[:59], common, 0.05).value is None

    def test_an_installation_with_few_waits_raises_no_flag(self):
        chains = [[(c, "call", OUT), (c + 5.0, "reply", IN)] for c in range(19)]
        report = stall_report(log_of(*chains, now=500.0))
        assert report.code == "too_few"
        assert report.flagged == ()
        assert {chain.code for chain in report.chains} == {"no_limit"}
        assert report.chains[0].silence == 495

    def test_segments_have_their_own_limit_where_there_is_enough(self):
        world = simulate(14, 1_500)
        report = stall_report(world.log)
        by_name = {limit.name: limit.value for limit in report.limits.segments.values()}
        assert set(by_name) == {"A", "B", "C"}
        assert by_name["A"] > by_name["C"]  # A holds the slow customers


class TestDrift:
    def _rhythm(self, gap, last_gap):
        """Forty chains; in the last quarter their gaps are others."""
        random = np.random.default_rng(6)
        chains = []
        for _ in range(40):
            at, chain = random.uniform(0, 5), []
            while at < 500:
                chain.append((at, "call", OUT))
                at += random.exponential(gap if at < 375 else last_gap)
            chains.append(chain)
        return log_of(*chains, now=500.0)

    def test_a_limit_that_no_longer_holds_is_refused(self):
        log = self._rhythm(4.0, 12.0)
        report = stall_report(log)
        assert report.limits.drift.code == "drifted"
        assert report.limits.drift.over.value > 0.07
        assert report.code == "drifted"
        assert report.flagged == ()

    def test_a_steady_rhythm_is_not(self):
        log = self._rhythm(4.0, 4.0)
        drift = drift_of(waits_of(log), log.now)
        assert drift.code == "ok"
        assert drift.over.n >= 60 and drift.over.low <= 0.05 <= drift.over.high

    def test_too_little_since_then_says_so(self):
        log = log_of([(1.0, "call", OUT), (5.0, "call", OUT)])
        assert drift_of(waits_of(log), log.now).code == "too_few"


class TestFlags:
    def _log(self, *more, company=None):
        """Sixty chains, some quick and some slow, and those given."""
        random = np.random.default_rng(8)
        usual = []
        for _ in range(60):
            mean = random.choice([2.0, 4.0, 6.0, 12.0])
            times = np.cumsum(random.exponential(mean, 250)) + random.uniform(0, 10)
            usual.append([(t, "call", OUT) for t in times[times < 399]])
        chains = [*usual, *more]
        company = company or list(range(1, len(chains) + 1))
        return log_of(*chains, now=400.0, company=company)

    def test_silence_beyond_the_limit_is_flagged_as_unusual_for_this_customer(self):
        quick = [(float(x), "call", OUT) for x in range(200, 362, 2)]
        report = stall_report(self._log(quick))
        one = report.chains[-1]
        assert (one.code, one.label) == ("flagged", "unusual_here")
        assert one.silence == one.wait == 40.0
        assert one.limit < 40 and one.n >= 100 and one.own_gaps == 80
        assert one.rhythm < 0.1
        assert one in report.flagged

    def test_or_as_often_this_slow(self):
        slow = [(float(x), "call", OUT) for x in range(0, 361, 36)]
        one = stall_report(self._log(slow)).chains[-1]
        assert (one.code, one.label) == ("flagged", "often_this_slow")
        assert one.rhythm >= 0.1

    def test_a_customer_nobody_knows_has_no_label(self):
        one = stall_report(self._log([(350.0, "call", OUT)])).chains[-1]
        assert (one.code, one.label, one.rhythm) == ("flagged", "too_few", None)

    def test_other_chains_of_the_company_tell_its_rhythm(self):
        slow = [(float(x), "call", OUT) for x in range(0, 361, 36)]
        log = self._log(slow, [(364.0, "call", OUT)], company=[*range(1, 61), 99, 99])
        one = stall_report(log).chains[-1]
        assert (one.label, one.own_gaps) == ("often_this_slow", 10)

    def test_an_appointment_ahead_is_no_stall(self):
        ahead = {"fate": Fate.COMING, "recorded": 351.0}
        chain = [(350.0, "call", OUT), (410.0, "visit", OUT, ahead)]
        one = stall_report(self._log(chain)).chains[-1]
        assert (one.code, one.silence, one.wait) == ("agreed", 50.0, 0.0)

    def test_a_chain_in_which_nothing_happened_yet_is_not_flagged(self):
        log = self._log([(350.0, "call", OUT)])
        fate = log.activities.fate.copy()
        fate[-1] = Fate.COMING
        at = np.where(fate == Fate.COMING, np.nan, log.activities.at)
        log = replace(log, activities=replace(log.activities, fate=fate, at=at))
        one = stall_report(log).chains[-1]
        assert (one.code, one.silence) == ("nothing_yet", 50.0)

    def test_what_was_backfilled_makes_no_limit(self):
        log = self._log()
        late = replace(log.activities, recorded=log.activities.at + 10.0)
        assert stall_report(replace(log, activities=late)).code == "too_few"

    def test_the_report_is_plain_json_with_number_and_range(self):
        told = json.loads(json.dumps(stall_report(self._log()).to_json()))
        assert told["budget"] == {"name": "usual", "days_per_alarm": 250.0}
        assert told["limit"]["n"] > 1_000
        assert told["limit"]["low"] <= told["limit"]["value"] <= told["limit"]["high"]
        assert told["usual_by_kind"][0]["name"] == "call"
