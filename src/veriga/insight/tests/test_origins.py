"""Origins: how chains began, what became of them, and link coverage."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.insight.rules.log import Ending, Fate, Side
from veriga.insight.rules.origins import link_coverage, origins

from .chains_by_hand import AWKWARD, STORIES, Act, Story, chain, log_of


@given(stories=STORIES)
def test_every_chain_stands_once_in_each_table(stories):
    found = origins(log_of(stories))
    assert found.total.chains == len(stories)
    for lines in (found.by_reason, found.by_kind, found.by_both):
        assert sum(line.chains for line in lines) == len(stories)
        for outcome in ("won", "lost", "given_up", "open"):
            assert (
                sum(line.outcomes[outcome] for line in lines)
                == (found.total.outcomes[outcome])
            )
        assert sum(line.quote.reached for line in lines) == found.total.quote.reached


@given(stories=STORIES)
def test_a_plain_computation_counts_the_same(stories):
    found = origins(log_of(stories))
    held = [[a for a in s.acts if a.fate is Fate.HELD] for s in stories]
    quotes = [[a for a in acts if a.kind == "quote"] for acts in held]
    assert found.total.quote.reached == sum(map(bool, quotes))
    assert found.total.order.reached == sum(s.ending is Ending.WON for s in stories)
    per_quote = found.total.per_quote
    assert per_quote.activities == sum(map(len, held))
    assert per_quote.quotes == sum(map(len, quotes))
    assert found.coverage.count == sum(len(s.acts) for s in stories if len(s.acts) > 1)
    for line in found.by_both:
        first = [min(s.acts, key=lambda a: a.at) for s in stories]
        reasons = [("", "fair", "enquiry")[s.reason + 1] for s in stories]
        alike = [
            (act.kind, reason) == (line.kind, line.reason)
            for act, reason in zip(first, reasons, strict=True)
        ]
        assert line.chains == sum(alike)


@given(stories=STORIES, seed=st.integers(0, 99))
def test_the_order_of_the_chains_does_not_matter(stories, seed):
    mixed = list(np.random.default_rng(seed).permutation(np.arange(len(stories))))
    again = origins(log_of([stories[i] for i in mixed]))
    assert again.to_json() == origins(log_of(stories)).to_json()


def test_the_worked_example_of_the_document():
    def began(quote_at, ending, ended):
        acts = [Act("enquiry", 0.0, Side.IN)]
        if quote_at is not None:
            acts.append(Act("quote", quote_at))
        return Story(acts, ending, ended, reason=1)

    stories = [
        began(5.0, Ending.WON, 30.0),
        began(8.0, Ending.WON, 50.0),
        began(12.0, Ending.LOST, 40.0),
        began(15.0, Ending.OPEN, None),
        began(30.0, Ending.OPEN, None),
        began(None, Ending.LOST, 10.0),
        began(None, Ending.LOST, 10.0),
        began(None, Ending.GIVEN_UP, 25.0),
        began(None, Ending.OPEN, None),
        began(None, Ending.OPEN, None),
    ]
    (line,) = origins(log_of(stories, now=100.0)).by_reason
    assert (line.reason, line.chains) == ("enquiry", 10)
    assert line.outcomes == {"won": 2, "lost": 3, "given_up": 1, "open": 4}
    # Nobody is censored before day 100: the shares are plain counts of ten.
    assert [(r.days, round(r.share, 6)) for r in line.quote.by] == [
        (20, 0.4),
        (60, 0.5),
    ]
    assert (line.quote.quarter.days, line.quote.half.days) == (12.0, 30.0)
    assert (line.quote.half.low, line.quote.half.high) == (12.0, None)
    assert [(r.days, round(r.share, 6)) for r in line.order.by] == [(20, 0), (60, 0.2)]
    assert line.order.half.days is None
    assert (line.per_quote.activities, line.per_quote.quotes) == (15, 5)
    assert line.per_quote.ratio is None  # five chains with a quote are too few


def test_one_minus_kaplan_meier_would_promise_more():
    """Lost chains never order: treating them as if they might is the usual mistake."""
    won = [Story([Act("call", 0.0)], Ending.WON, 20.0 + i) for i in range(10)]
    lost = [Story([Act("call", 0.0)], Ending.LOST, 10.0 + i / 2) for i in range(30)]
    log = log_of([*won, *lost], now=500.0)
    reached = {r.days: r.share for r in origins(log).total.order.by}
    assert reached == {20: pytest.approx(0.025)}
    assert origins(log).total.order.quarter.days == 29.0  # all ten of forty


def test_the_ratio_of_activities_to_quotes_has_a_range_that_holds():
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        chains = []
        for _ in range(60):
            quotes = int(rng.integers(0, 3))
            others = int(rng.poisson(2 + 2 * quotes))
            chains.append(chain("call", *["call"] * others, *["quote"] * quotes))
        found = origins(log_of(chains)).total.per_quote
        # Mean of 1 + others + quotes over that of quotes: (1 + 4 + 1) / 1.
        held += found.low <= 6.0 <= found.high
    assert 0.90 <= held / 200 <= 0.99


def test_coverage_counts_activities_in_chains_of_more_than_one():
    log = log_of([chain("call", "quote"), chain("call"), chain("visit")])
    assert (link_coverage(log).count, link_coverage(log).n) == (2, 4)
    assert link_coverage(log, np.array([True, False, False])).share == 1.0


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_logs_give_tables_that_json_can_say(name):
    json.dumps(origins(log_of(AWKWARD[name])).to_json(), allow_nan=False)
