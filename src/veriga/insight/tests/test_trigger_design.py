"""The rows of the trigger model: by hand, and against a second computation in SQL."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veriga.insight.rules import trigger_design
from veriga.insight.rules.conditional_poisson import fit
from veriga.insight.rules.log import UNDATED, ActivityLog, Fate, Months
from veriga.insight.rules.trigger_design import (
    Columns,
    Design,
    Intervals,
    acts_of,
    columns_of,
    merged,
)

from .logs import IN, OUT, Row, log_of
from .simulator import SCENARIOS, simulate
from .trigger_sql import rows_in_sql


def intervals(log: ActivityLog, acted=(), agreed=()) -> Intervals:
    """Return the intervals of a small log; the kinds named have their columns."""
    names = [kind.code for kind in log.kinds]
    columns = Columns(
        tuple(names.index(k) for k in acted), tuple(names.index(k) for k in agreed)
    )
    (block,) = Design(log, columns=columns).blocks()
    return block


def when(block: Intervals, column: int) -> list[tuple[float, float]]:
    """Return the stretches of time in which a column is on."""
    stretches: list[tuple[float, float]] = []
    for left, right, on in zip(
        block.left, block.right, block.flags[:, column], strict=True
    ):
        if on and stretches and stretches[-1][1] == left:
            stretches[-1] = stretches[-1][0], float(right)
        elif on:
            stretches.append((float(left), float(right)))
    return stretches


class TestByHand:
    def test_a_window_begins_after_the_action_and_lasts_ten_days(self):
        log = log_of([[Row("reply", IN, 0), Row("visit", OUT, 3)]], now=20)
        assert when(intervals(log, ["visit"]), 0) == [(3, 13)]

    def test_windows_that_overlap_are_one(self):
        visits = [Row("visit", OUT, 3), Row("visit", OUT, 9)]
        log = log_of([[Row("reply", IN, 0), *visits]], now=28)
        assert when(intervals(log, ["visit"]), 0) == [(3, 19)]

    def test_a_kind_without_a_column_shares_the_next(self):
        log = log_of([[Row("reply", IN, 0), Row("gift", OUT, 4)]], now=20)
        assert when(intervals(log), 0) == [(4, 14)]

    def test_nothing_is_at_risk_thirty_days_after_the_last_reaction(self):
        log = log_of([[Row("reply", IN, 0), Row("visit", OUT, 25)]], now=100)
        block = intervals(log, ["visit"])
        assert block.right.max() == 30
        assert when(block, 0) == [(25, 30)]

    def test_a_reaction_after_long_silence_counts_for_nothing_but_restarts(self):
        log = log_of([[Row("reply", IN, 0), Row("reply", IN, 50)]], now=60)
        block = intervals(log)
        assert block.events.sum() == 0
        assert (block.left.min(), block.right.max()) == (0, 60)
        assert block.length.sum() == pytest.approx(40)

    def test_gap_bins_start_again_with_each_reaction(self):
        log = log_of([[Row("reply", IN, 0), Row("reply", IN, 4)]], now=9)
        block = intervals(log)
        assert when(block, 2 + 2) == [(3.5, 4), (7.5, 9)]
        assert block.events[:, 0].tolist() == [
            int(right == 4) for right in block.right.tolist()
        ]

    def test_a_reaction_at_the_very_moment_of_an_action_is_not_its_fruit(self):
        log = log_of(
            [[Row("reply", IN, 0), Row("visit", OUT, 5), Row("reply", IN, 5)]], now=20
        )
        block = intervals(log, ["visit"])
        assert block.events[block.flags[:, 0] > 0, 0].sum() == 0
        assert block.events[:, 0].sum() == 1

    def test_two_reactions_at_one_moment_are_one(self):
        log = log_of([[Row("x", IN, 0), Row("x", IN, 5), Row("x", IN, 5)]], now=20)
        assert intervals(log).events[:, 0].sum() == 1

    def test_what_was_entered_late_is_no_action_and_no_reaction(self):
        late = [Row("visit", OUT, 5, recorded=8.5), Row("reply", IN, 7, recorded=11)]
        log = log_of([[Row("reply", IN, 0), *late]], now=20)
        block = intervals(log, ["visit"])
        assert when(block, 0) == []
        assert block.events.sum() == 0

    def test_what_never_took_place_is_no_action_but_was_awaited(self):
        dropped = Row("visit", OUT, 9, recorded=2, fate=Fate.DROPPED, closed=6)
        log = log_of([[Row("reply", IN, 0), dropped]], now=20)
        block = intervals(log, ["visit"], ["visit"])
        assert when(block, 0) == []
        assert when(block, 2) == [(2, 6)]

    def test_an_appointment_is_awaited_from_entry_until_it_is_held(self):
        log = log_of([[Row("a", IN, 0), Row("visit", OUT, 9, recorded=2)]], now=28)
        block = intervals(log, ["visit"], ["visit"])
        assert when(block, 0) == [(9, 19)]
        assert when(block, 2) == [(2, 9)]

    def test_what_is_to_come_is_awaited_still(self):
        coming = Row("visit", OUT, 25, recorded=12, fate=Fate.COMING)
        log = log_of([[Row("reply", IN, 0), coming]], now=20)
        assert when(intervals(log, [], ["visit"]), 1) == [(12, 20)]

    def test_time_ends_with_the_sale(self):
        log = log_of([[Row("reply", IN, 0), Row("visit", OUT, 3)]], now=99, ended=[8.0])
        assert intervals(log).right.max() == 8

    def test_quotes_are_an_outcome_of_their_own(self):
        log = log_of([[Row("reply", IN, 0), Row("quote", OUT, 6)]], now=20)
        block = intervals(log)
        assert block.events.sum(axis=0).tolist() == [0, 1]

    def test_equal_rows_of_a_chain_are_merged(self):
        log = log_of(
            [[Row("a", IN, 0), *(Row("a", IN, t) for t in (20, 40, 60))]], now=80
        )
        rows, events = merged(Design(log))
        patterns = {tuple(r) for r in rows.columns.tolist()}
        assert len(patterns) == len(rows.columns)
        assert rows.exposure.sum() == pytest.approx(80)
        assert events[:, 0].sum() == 3


def dated(log: ActivityLog, *starts: float) -> ActivityLog:
    """Return the log with months that begin at these moments, from January on."""
    return replace(log, months=Months(np.array(starts), 1 + np.arange(len(starts))))


class TestMonths:
    """The columns behind the age bins: February to December, the last week of it."""

    @staticmethod
    def on(log: ActivityLog, number: int, **more) -> list[tuple[float, float]]:
        (block,) = Design(log, columns=Columns((), (), by_month=True)).blocks()
        return when(block, Columns((), ()).first_month + number - 2)

    def test_cut_the_time_of_each_chain(self):
        chains = [[Row("a", IN, 5)], [Row("b", IN, 12)]]
        log = dated(log_of(chains, now=30), 0, 10, 20)
        assert self.on(log, 2) == [(10, 20), (12, 20)]
        assert self.on(log, 3) == [(20, 30), (20, 30)]
        assert self.on(log, 4) == []

    def test_begin_with_the_chain(self):
        log = dated(log_of([[Row("a", IN, 10)]], now=30), 0, 10, 20)
        assert self.on(log, 2) == [(10, 20)]

    def test_one_without_a_working_day_is_none(self):
        log = dated(log_of([[Row("a", IN, 5)]], now=30), 0, 10, 10, 20)
        assert (self.on(log, 2), self.on(log, 3)) == ([], [(10, 20)])

    def test_what_happens_at_their_very_begin_belongs_to_the_one_before(self):
        log = dated(log_of([[Row("a", IN, 5), Row("a", IN, 10)]], now=30), 0, 10)
        (block,) = Design(log, columns=Columns((), (), by_month=True)).blocks()
        inside = block.flags[:, Columns((), ()).first_month] > 0
        assert block.events[inside, 0].sum() == 0
        assert block.events[:, 0].sum() == 1

    def test_are_fitted_from_two_years_of_twenty_chains_on(self):
        chains = [[Row("a", IN, 100)] for _ in range(20)]
        for now, count, is_fitted in (
            (601, 20, True),
            (599, 20, False),
            (601, 19, False),
        ):
            log = dated(log_of(chains[:count], now=now), 0, 20)
            assert Design(log).columns.by_month is is_fitted
        assert not Design(replace(log, months=UNDATED, now=900)).columns.by_month


def same_in_sql(log: ActivityLog, *, by_month: bool = True) -> None:
    columns = replace(columns_of(log, acts_of(log)), by_month=by_month)
    design = Design(log, columns=columns)
    rows, events = merged(design)
    months = 13 if by_month else 0
    other, hits = rows_in_sql(log, columns.acted, columns.agreed, 10.0, months)
    assert events.sum(axis=0).tolist() == hits.sum(axis=0).tolist()
    assert rows.exposure.sum() == pytest.approx(other.exposure.sum(), abs=1e-6)
    for outcome in range(2):
        one = fit(replace(rows, events=events[:, outcome].astype(float)))
        two = fit(replace(other, events=hits[:, outcome].astype(float)))
        np.testing.assert_allclose(one.beta, two.beta, atol=1e-9)
        np.testing.assert_allclose(one.errors, two.errors, atol=1e-9)


class TestInSql:
    @pytest.mark.parametrize("scenario", list(SCENARIOS))
    def test_both_computations_agree(self, scenario):
        seed = int(np.random.SeedSequence().generate_state(1)[0])
        same_in_sql(simulate(seed, 60, scenario).log)

    def test_both_agree_without_months(self):
        same_in_sql(simulate(4, 60).log, by_month=False)

    def test_both_agree_on_whole_days_where_everything_coincides(self):
        simulated = simulate(5, 60)
        table = simulated.log.activities
        whole = {
            name: np.floor(getattr(table, name))
            for name in ("at", "planned", "recorded", "closed")
        }
        chains = simulated.log.chains
        same_in_sql(
            replace(
                simulated.log,
                activities=replace(table, **whole),
                chains=replace(chains, began=np.floor(chains.began)),
            )
        )

    def test_both_agree_on_chains_from_before_the_first_month(self):
        log = simulate(6, 60).log
        months = Months(log.months.starts[10:], log.months.stretch[10:])
        same_in_sql(replace(log, months=months))


class TestInvariance:
    @settings(deadline=None, max_examples=5)
    @given(weeks=st.integers(-300, 300), seed=st.integers(0, 10_000))
    def test_other_weeks_and_names_change_nothing(self, weeks, seed):
        log = simulate(seed, 50).log
        table, chains, shift = log.activities, log.chains, 5.0 * weeks
        moved = replace(
            log,
            now=log.now + shift,
            months=Months(log.months.starts + shift, log.months.stretch),
            activities=replace(
                table,
                **{
                    name: getattr(table, name) + shift
                    for name in ("at", "planned", "recorded", "closed")
                },
            ),
            chains=replace(
                chains,
                began=chains.began + shift,
                ended=chains.ended + shift,
                company=chains.company + 5_000,
            ),
        )
        one, two = self.beta(log), self.beta(moved)
        np.testing.assert_allclose(one, two, atol=1e-8)

    def test_blocks_change_nothing(self, monkeypatch):
        log = simulate(8, 90).log
        whole = self.beta(log)
        monkeypatch.setattr(trigger_design, "BLOCK_CHAINS", 7)
        np.testing.assert_allclose(whole, self.beta(log), atol=1e-10)

    @staticmethod
    def beta(log: ActivityLog) -> np.ndarray:
        rows, events = merged(Design(log))
        return fit(replace(rows, events=events[:, 0].astype(float))).beta
