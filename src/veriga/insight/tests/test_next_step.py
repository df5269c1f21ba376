"""What was done next: counted by hand."""

from __future__ import annotations

import json

from veriga.insight.rules.log import Ending
from veriga.insight.rules.next_step import next_step_report

from .by_hand import IN, OUT, log_of


def _log():
    """After a quote: six calls (four answered in ten days), five mails, one reply."""
    called = [
        [(c, "quote", OUT), (c + 3, "call", OUT), (c + 3 + wait, "reply", IN)]
        for c, wait in enumerate([1.0, 5.0, 9.0, 10.0, 11.0, 30.0])
    ]
    mailed = [[(c, "quote", OUT), (c + 2, "mail", OUT)] for c in range(5)]
    other = [(1.0, "quote", OUT), (2.0, "reply", IN)]
    lost = [(1.0, "quote", OUT)]
    waiting = [(90.0, "quote", OUT)]
    chains = [*called, *mailed, other, lost, waiting]
    ended = dict.fromkeys(range(13), (60.0, Ending.LOST))
    return log_of(*chains, now=100.0, ended=ended)


class TestNextStep:
    def test_what_came_next_is_counted_with_what_came_of_it(self):
        report = next_step_report(_log())
        assert report.chains == ((14, 0),)
        point = report.points[0]
        assert (point.kind, point.side) == ("quote", "out")
        assert (point.n, point.waiting, point.ended, point.others) == (14, 1, 1, 1)
        call, mail = point.steps
        assert (call.kind, call.side) == ("call", "out")
        assert (call.taken.value, call.taken.n) == (6 / 14, 14)
        assert (call.reaction.value, call.reaction.n) == (4 / 6, 6)
        assert (call.wait.value, call.wait.low, call.wait.n) == (3.0, 3.0, 6)
        assert (mail.kind, mail.reaction.value) == ("mail", 0.0)
        assert mail.wait.low is None  # five are too few for a range
        assert sorted(call.chains) == [1, 2, 3, 4, 5, 6]

    def test_a_step_too_new_to_be_followed_is_no_failure(self):
        chains = [[(c, "quote", OUT), (95.0, "call", OUT)] for c in range(8)]
        log = log_of(*chains, [(99.0, "quote", OUT)], now=100.0)
        report = next_step_report(log)
        point = report.points[report.chains[-1][1]]
        assert (point.steps[0].kind, point.steps[0].reaction.n) == ("call", 0)

    def test_the_ids_behind_it_are_at_most_200_the_newest_first(self):
        chains = [
            [(float(c), "quote", OUT), (c + 1.0, "call", OUT)] for c in range(300)
        ]
        log = log_of(*chains, [(400.0, "quote", OUT)], now=410.0)
        report = next_step_report(log)
        step = report.points[report.chains[-1][1]].steps[0]
        assert step.n_chains == 300
        assert step.chains == tuple(range(300, 100, -1))

    def test_the_report_is_plain_json(self):
        told = json.loads(json.dumps(next_step_report(_log()).to_json()))
        assert told["points"][0]["steps"][0]["count"] == 6
        assert told["chains"] == [{"chain": 14, "point": 0}]
