"""What followed: against a plain computation, and what is not said."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.insight.rules.followed import story_of, what_followed
from veriga.insight.rules.log import Ending, Fate, Side

from .chains_by_hand import AWKWARD, STORIES, Act, Story, chain, log_of

NOW = 75.0


def plain_lines(stories, now):
    """Return the counts of each kind, activity by activity."""
    lines = defaultdict(Counter)
    for story in stories:
        held = [act for act in story.acts if act.fate is Fate.HELD]
        held.sort(key=lambda act: act.at)
        for place, act in enumerate(held):
            line = lines[act.kind]
            line["carried_out"] += 1
            if act.late > 3:
                line["left_out"] += 1
                continue
            after = held[place + 1 :]
            inward = [a.at - act.at for a in after if a.side is Side.IN]
            quotes = [a.at - act.at for a in after if a.kind == "quote"]
            line["reacted_so_far"] += bool(inward)
            line["quoted_so_far"] += bool(quotes)
            age = max(now - act.at, 0)
            line["n"] += age >= 10
            line["reacted"] += age >= 10 and bool(inward) and inward[0] <= 10
            line["n_quote"] += age >= 60
            line["quoted"] += age >= 60 and bool(quotes) and quotes[0] <= 60
    return lines


def counts_of(line):
    return Counter(
        carried_out=line.carried_out,
        left_out=line.left_out,
        reacted_so_far=line.reacted_so_far,
        quoted_so_far=line.quoted_so_far,
        n=line.reacted.n,
        reacted=line.reacted.count,
        n_quote=line.quoted.n,
        quoted=line.quoted.count,
    )


@given(stories=STORIES)
def test_a_plain_computation_finds_the_same(stories):
    found = {line.kind: line for line in what_followed(log_of(stories, NOW))}
    expected = plain_lines(stories, NOW)
    assert found.keys() == expected.keys()
    for kind, line in found.items():
        assert +counts_of(line) == +expected[kind]
        assert line.reaction_wait.n == line.reacted.count
        assert line.quote_wait.n == line.quoted.count


@given(stories=STORIES)
def test_the_stories_of_all_chains_add_up_to_the_whole(stories):
    log = log_of(stories, NOW)
    total = defaultdict(Counter)
    for index in range(len(log.chains)):
        for episode in story_of(log, index):
            line = total[episode.kind]
            line["carried_out"] += 1
            if not episode.is_left_out:
                line["reacted_so_far"] += episode.reaction_days is not None
                line["quoted_so_far"] += episode.quote_days is not None
    for line in what_followed(log):
        assert line.carried_out == total[line.kind]["carried_out"]
        assert line.reacted_so_far == total[line.kind]["reacted_so_far"]
        assert line.quoted_so_far == total[line.kind]["quoted_so_far"]


@given(stories=STORIES, moved=st.sampled_from([5.0, 365.0]))
def test_moving_all_times_changes_nothing(stories, moved):
    shifted = [
        replace(story, acts=[replace(act, at=act.at + moved) for act in story.acts])
        for story in stories
    ]
    assert what_followed(log_of(shifted, NOW + moved)) == what_followed(
        log_of(stories, NOW)
    )


def test_the_worked_example_of_the_document():
    answered = [
        Story([Act("visit", 0.0), Act("mail", day, Side.IN), Act("quote", day + 1)])
        for day in (1.0, 2.0, 3.0, 4.0, 6.0, 9.0)
    ]
    late = Story([Act("visit", 0.0), Act("mail", 14.0, Side.IN)])
    never = Story([Act("visit", 0.0)], Ending.LOST)
    new = Story([Act("visit", 95.0), Act("mail", 96.0, Side.IN)])
    lines = what_followed(log_of([*answered, late, never, new], 100.0))
    visit = next(line for line in lines if line.kind == "visit")
    assert (visit.carried_out, visit.chains) == (9, 9)
    assert (visit.reacted.count, visit.reacted.n) == (6, 8)
    assert visit.reacted.bounds == pytest.approx((0.4093, 0.9285), abs=5e-5)
    wait = visit.reaction_wait
    assert (wait.n, wait.median, wait.low, wait.high) == (6, 3.5, 1.0, 9.0)
    assert visit.reacted_so_far == 8
    assert (visit.quoted.count, visit.quoted.n) == (6, 8)


def test_the_own_story_of_a_chain():
    log = log_of(
        [
            chain("other"),
            Story(
                [
                    Act("visit", 10.0),
                    Act("note", 11.0, Side.INTERNAL, late=9.0),
                    Act("mail", 14.0, Side.IN),
                    Act("call", 15.0, fate=Fate.DROPPED),
                    Act("quote", 20.0),
                ]
            ),
        ],
        30.0,
    )
    story = story_of(log, 1)
    assert [(e.kind, e.reaction_days, e.quote_days) for e in story] == [
        ("visit", 4.0, 10.0),
        ("note", 3.0, 9.0),
        ("mail", None, 6.0),
        ("quote", None, None),
    ]
    assert [e.is_left_out for e in story] == [False, True, False, False]
    assert story[0].to_json()["since_days"] == 20.0


def test_only_chosen_chains_count():
    log = log_of([chain("call", "quote"), chain("visit")])
    (line,) = what_followed(log, np.array([False, True]))
    assert (line.kind, line.carried_out) == ("visit", 1)


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_logs_give_lines_that_json_can_say(name):
    log = log_of(AWKWARD[name])
    for line in what_followed(log):
        json.dumps(line.to_json(), allow_nan=False)
    for index in range(min(len(log.chains), 3)):
        json.dumps([e.to_json() for e in story_of(log, index)], allow_nan=False)
