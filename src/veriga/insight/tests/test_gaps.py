"""Gaps, waits, silence and milestones in logs of which every figure is known."""

from __future__ import annotations

import numpy as np
import pytest

from veriga.insight.rules.gaps import (
    first_quote,
    gaps_of,
    milestone,
    reaction_waits,
    silence,
    won,
)
from veriga.insight.rules.log import Ending, Fate, Side
from veriga.insight.rules.survival import aalen_johansen
from veriga.insight.rules.waits import waits_of

from .by_hand import IN, INTERNAL, OUT, log_of


class TestGaps:
    def test_the_running_gap_of_an_open_chain_is_censored_now(self):
        gaps = gaps_of(log_of([(10, "call", OUT), (13, "reply", IN)], now=20))
        assert gaps.length.tolist() == [3, 7]
        assert gaps.is_over.tolist() == [True, False]
        assert gaps.is_running.tolist() == [False, True]

    def test_a_close_censors_the_gap_it_falls_into(self):
        log = log_of(
            [(10, "call", OUT), (13, "reply", IN), (30, "call", OUT)],
            now=50,
            ended={0: (18, Ending.LOST)},
        )
        gaps = gaps_of(log)
        assert gaps.length.tolist() == [3, 5]
        assert gaps.is_over.tolist() == [True, False]
        assert not gaps.is_running.any()

    def test_only_what_was_carried_out_ends_a_gap(self):
        log = log_of(
            [
                (10, "call", OUT),
                (12, "visit", OUT, {"fate": Fate.DROPPED}),
                (15, "reply", IN),
                (30, "visit", OUT, {"fate": Fate.COMING, "recorded": 16}),
            ],
            now=20,
        )
        assert gaps_of(log).length.tolist() == [5, 5]

    def test_dates_that_disagree_with_the_story_are_put_in_order(self):
        log = log_of([(13, "reply", IN), (10, "call", OUT)], now=20)
        assert gaps_of(log).length.tolist() == [3, 7]

    def test_silence_of_all_and_of_the_customer(self):
        log = log_of([(10, "reply", IN), (13, "call", OUT)], [(5, "call", OUT)], now=20)
        assert silence(log).tolist() == [7, 15]
        assert silence(log, Side.IN).tolist() == [10, 15]

    def test_reactions_are_waited_for_from_each_act_of_ours(self):
        log = log_of(
            [
                (10, "call", OUT),
                (12, "mail", OUT),
                (13, "reply", IN),
                (18, "call", OUT),
            ],
            now=20,
        )
        waits = reaction_waits(log)
        assert waits.length.tolist() == [3, 1, 2]
        assert waits.is_over.tolist() == [True, True, False]
        assert waits.is_running.tolist() == [False, False, True]


class TestMilestones:
    def test_lost_competes_and_open_is_censored(self):
        log = log_of(
            [(10, "call", OUT), (15, "quote", OUT)],
            [(10, "call", OUT)],
            [(10, "call", OUT)],
            now=30,
            ended={0: (25, Ending.WON), 1: (16, Ending.GIVEN_UP)},
        )
        days, cause = milestone(log, first_quote(log))
        assert days.tolist() == [5, 6, 20]
        assert cause.tolist() == [1, 2, 0]
        days, cause = milestone(log, won(log))
        assert (days.tolist(), cause.tolist()) == ([15, 6, 20], [1, 2, 0])
        assert aalen_johansen(days, cause).value[-1] == pytest.approx(1 / 3)


class TestAgreedWaits:
    def test_a_wait_ends_when_an_appointment_is_agreed_on(self):
        log = log_of(
            [
                (10, "call", OUT),
                (30, "visit", OUT, {"recorded": 14}),
                (36, "call", OUT),
            ],
            now=40,
        )
        waits = waits_of(log)
        assert waits.length.tolist() == [4, 6, 4]
        assert waits.lived.tolist() == [20, 6, 4]
        assert waits.is_over.tolist() == [True, True, False]

    def test_gaps_under_an_agreement_are_no_waits(self):
        log = log_of(
            [
                (10, "call", OUT),
                (10, "reply", IN),
                (14, "mail", OUT),
                (30, "visit", OUT, {"recorded": 10.5}),
            ],
            now=30.0,
        )
        waits = waits_of(log)
        assert waits.is_over.tolist() == [True, True, False, False]
        assert waits.length[:2].tolist() == [0, 0.5]

    def test_an_appointment_ahead_stops_the_clock(self):
        ahead = {"fate": Fate.COMING, "recorded": 12}
        log = log_of([(10, "call", OUT), (25, "visit", OUT, ahead)], now=20)
        waits = waits_of(log)
        assert (waits.length[-1], waits.agreed_until[-1]) == (0, 25)

    def test_one_that_passed_in_vain_starts_it_anew(self):
        missed = {"fate": Fate.COMING, "recorded": 12}
        log = log_of([(10, "call", OUT), (15, "visit", OUT, missed)], now=20)
        waits = waits_of(log)
        assert waits.length[-1] == 5
        assert np.isnan(waits.agreed_until[-1])

    def test_a_task_of_ours_is_no_agreement(self):
        ahead = {"fate": Fate.COMING, "recorded": 12}
        log = log_of(
            [
                (10, "call", OUT),
                (25, "task", OUT, ahead),
                (25, "call", INTERNAL, ahead),
            ],
            now=20,
        )
        assert waits_of(log).length[-1] == 10

    def test_what_was_backfilled_is_no_sound_end(self):
        late = {"recorded": 20}
        log = log_of([(10, "call", OUT), (12, "call", OUT, late), (15, "call", OUT)])
        assert waits_of(log).is_sound.tolist() == [False, False, True]
