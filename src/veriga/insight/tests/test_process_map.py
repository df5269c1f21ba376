"""The process map: against a plain computation, and whatever the chains look like."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import fields, replace
from datetime import date
from itertools import pairwise
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.insight.rules.followed import what_followed
from veriga.insight.rules.log import Activities, Ending, Fate, Links
from veriga.insight.rules.map_filters import MapFilter, variants
from veriga.insight.rules.process_map import Exit, MapBy, chains_behind, process_map

from .chains_by_hand import AWKWARD, STORIES, Act, Story, chain, log_of


def plain_map(stories, by, now=1_000.0):
    """Return edges with their waits, starts and stops, computed one by one."""
    edges, starts, stops = defaultdict(list), Counter(), Counter()
    for story in stories:
        held = {i for i, act in enumerate(story.acts) if act.fate is Fate.HELD}
        order = sorted(held, key=lambda i: (story.acts[i].at, i))
        if by is MapBy.ORDER:
            pairs = list(pairwise(order))
        else:
            pairs = [(s, f) for f, s in story.links if {f, s} <= held]
        for source, target in pairs:
            kinds = story.acts[source].kind, story.acts[target].kind
            edges[kinds].append(story.acts[target].at - story.acts[source].at)
        for i in order:
            if i not in {target for _, target in pairs}:
                starts[story.acts[i].kind] += 1
            if i not in {source for source, _ in pairs}:
                stops[story.acts[i].kind, story.ending is Ending.OPEN] += 1
    return edges, starts, stops


@pytest.mark.parametrize("by", list(MapBy))
@given(stories=STORIES)
def test_a_plain_computation_finds_the_same(by, stories):
    found = process_map(log_of(stories), by, fewest=1)
    edges, starts, stops = plain_map(stories, by)

    assert {(e.source, e.target): e.share.count for e in found.edges} == {
        pair: len(waits) for pair, waits in edges.items()
    }
    exits = Counter()
    for (source, _), waits in edges.items():
        exits[source] += len(waits)
    for (kind, _), count in stops.items():
        exits[kind] += count
    for edge in found.edges:
        assert edge.share.n == exits[edge.source]
        waits = [w for w in edges[edge.source, edge.target] if w >= 0]
        assert edge.wait.n == len(waits)
        if len(waits) >= 6:
            assert edge.wait.median == pytest.approx(median(waits))
    for node in found.nodes:
        assert node.starts == starts[node.kind]
        assert (node.ended, node.waiting) == (
            stops[node.kind, False],
            stops[node.kind, True],
        )
    assert not found.others


@given(stories=STORIES, fewest=st.integers(2, 6))
def test_what_is_rare_is_folded_and_nothing_is_lost(stories, fewest):
    log = log_of(stories)
    whole, folded = process_map(log, fewest=1), process_map(log, fewest=fewest)
    assert all(edge.share.count >= fewest for edge in folded.edges)
    for node in folded.nodes:
        went = [e.share.count for e in folded.edges if e.source == node.kind]
        went += [o.share.count for o in folded.others if o.source == node.kind]
        assert sum(went) + node.ended + node.waiting == node.n
    counts = [o.share.count for o in folded.others]
    assert sum(e.share.count for e in whole.edges) == sum(counts) + sum(
        e.share.count for e in folded.edges
    )


@pytest.mark.parametrize("by", list(MapBy))
@given(stories=STORIES, moved=st.sampled_from([5.0, 365.0]))
def test_moving_all_times_and_mixing_the_chains_changes_nothing(by, stories, moved):
    log = log_of(stories)
    shifted = [
        replace(story, acts=[replace(act, at=act.at + moved) for act in story.acts])
        for story in reversed(stories)
    ]
    assert process_map(log_of(shifted, now=1_000.0 + moved), by) == process_map(log, by)


@given(stories=STORIES)
def test_every_chain_twice_doubles_every_count(stories):
    once = process_map(log_of(stories), fewest=1)
    twice = process_map(log_of([*stories, *stories]), fewest=1)
    assert [2 * node.n for node in once.nodes] == [node.n for node in twice.nodes]
    assert [2 * edge.share.count for edge in once.edges] == [
        edge.share.count for edge in twice.edges
    ]


@pytest.mark.parametrize("by", list(MapBy))
@given(stories=STORIES)
def test_an_edge_opens_the_chains_that_it_counts(by, stories):
    log = log_of(stories)
    found = process_map(log, by, fewest=2)
    for edge in found.edges:
        ids = chains_behind(log, edge.source, edge.target, by, fewest=2)
        behind = log.part(ids - 101)
        again = process_map(behind, by, fewest=1)
        counts = {(e.source, e.target): e.share.count for e in again.edges}
        assert counts[edge.source, edge.target] == edge.share.count
    for other in found.others:
        behind = chains_behind(log, other.source, Exit.OTHER, by, fewest=2)
        assert 1 <= len(behind) <= other.share.count
    for node in found.nodes:
        stops = [
            len(chains_behind(log, node.kind, target, by))
            for target in (Exit.ENDED, Exit.WAITING)
        ]
        assert [bool(n) for n in stops] == [bool(node.ended), bool(node.waiting)]
        starts = chains_behind(log, Exit.START, node.kind, by)
        assert bool(len(starts)) == bool(node.starts)


def test_the_worked_example_of_the_document():
    stories = [
        *[chain("call", "visit", "quote", every=day) for day in (1, 2, 3, 4, 5, 9)],
        *[chain("call", "quote", ending=Ending.WON)] * 2,
        chain("call", start=980.0),
    ]
    found = process_map(log_of(stories))
    first = found.edges[0]
    assert (first.source, first.target) == ("call", "visit")
    assert (first.share.count, first.share.n) == (6, 9)
    assert (first.wait.median, first.wait.low, first.wait.high) == (3.5, 1, 9)
    assert [(o.source, o.kinds, o.share.count) for o in found.others] == [
        ("call", 1, 2)
    ]
    nodes = {node.kind: node for node in found.nodes}
    assert (nodes["quote"].ended, nodes["quote"].waiting) == (2, 6)
    assert nodes["call"].silence.to_json()["n"] == 1
    assert nodes["call"].silence.median is None


@pytest.mark.parametrize("by", list(MapBy))
@given(stories=STORIES, seed=st.integers(0, 99))
def test_what_happened_counts_not_what_was_planned(by, stories, seed):
    """A task may be done long after what was planned later: rows then lie mixed."""
    log = log_of(stories)
    rng = np.random.default_rng(seed)
    at = log.activities.at + np.arange(len(log.activities)) * 1e-6  # no ties
    chain = log.activities.chain
    old = np.lexsort((rng.random(len(chain)), chain))
    new = np.empty_like(old)
    new[old] = np.arange(len(old))
    columns = {
        f.name: getattr(log.activities, f.name)[old] for f in fields(log.activities)
    }
    mixed = replace(
        log,
        activities=Activities(**columns | {"at": at[old]}),
        links=Links(new[log.links.follow_up], new[log.links.stimulus]),
    )
    tidy = replace(log, activities=replace(log.activities, at=at))
    assert process_map(mixed, by, fewest=1) == process_map(tidy, by, fewest=1)
    assert what_followed(mixed) == what_followed(tidy)


def test_a_link_back_in_time_counts_and_has_no_wait():
    story = Story([Act("call", 5.0), Act("quote", 1.0)], links=[(1, 0)])
    found = process_map(log_of([story] * 6), MapBy.LINKS)
    (edge,) = found.edges
    assert (edge.source, edge.target, edge.share.count) == ("call", "quote", 6)
    assert edge.wait.n == 0


def test_links_to_what_was_not_carried_out_are_counted_apart():
    acts = [Act("call", 1.0), Act("visit", 2.0, fate=Fate.DROPPED), Act("quote", 3.0)]
    found = process_map(log_of([Story(acts)]), MapBy.LINKS, fewest=1)
    assert (found.left_out, found.edges) == (2, ())
    assert len(process_map(log_of([Story(acts)]), fewest=1).edges) == 1


class TestFilters:
    stories = (
        chain("call", "visit", "quote", segment=0, team=1, ending=Ending.WON),
        chain("visit", "call", "call", segment=1, team=2, start=50.0),
        Story([Act("call", 100.0, product=7), Act("call", 101.0)], Ending.LOST),
    )

    @pytest.mark.parametrize(
        ("only", "chosen"),
        [
            (MapFilter(segment="small"), [101]),
            (MapFilter(segment="never heard of"), []),
            (MapFilter(team=2), [102]),
            (MapFilter(product=7), [103]),
            (MapFilter(endings=frozenset({Ending.WON, Ending.LOST})), [101, 103]),
            (MapFilter(before=("visit", "call")), [102]),
            (MapFilter(before=("call", "call")), [102, 103]),
            (MapFilter(before=("call", "unknown")), []),
            (MapFilter(variant=("visit", "call")), [102]),
            (MapFilter(variant=("call",)), [103]),
            (MapFilter(variant=("unknown",)), []),
            (MapFilter(variant=()), []),
            (MapFilter(since=date.fromordinal(730_050)), [102, 103]),
            (MapFilter(until=date.fromordinal(730_050)), [101, 102]),
            (MapFilter(team=2, segment="small"), []),
            (MapFilter(), [101, 102, 103]),
        ],
    )
    @pytest.mark.parametrize("by", list(MapBy))
    def test_each_leaves_its_chains(self, by, only, chosen):
        log = log_of(self.stories)
        found = process_map(log, by, only, fewest=1)
        assert found.chains == len(chosen)
        starts = [
            chains_behind(log, Exit.START, node.kind, by, only) for node in found.nodes
        ]
        ids = np.concatenate([*starts, np.empty(0, dtype=np.int64)])
        assert sorted(ids.tolist()) == chosen

    def test_variants_fold_repeats(self):
        found = variants(
            log_of([chain("call", "call", "call", "quote"), chain("call", "quote")] * 2)
        )
        assert (found.different, found.chains) == (1, 4)
        (way,) = found.commonest
        assert [(s.kind, s.repeats) for s in way.steps] == [("call", 2), ("quote", 1)]

    @given(stories=STORIES)
    def test_the_chains_of_all_variants_are_all_chains(self, stories):
        log = log_of(stories)
        found = variants(log, most=1_000)
        assert sum(way.chains for way in found.commonest) == found.chains
        for way in found.commonest:
            only = MapFilter(variant=tuple(step.kind for step in way.steps))
            assert process_map(log, only=only).chains == way.chains


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("by", list(MapBy))
def test_awkward_logs_give_a_map_that_json_can_say(name, by):
    log = log_of(AWKWARD[name])
    json.dumps(process_map(log, by).to_json(), allow_nan=False)
    json.dumps(variants(log).to_json(), allow_nan=False)
    assert len(chains_behind(log, "call", "nothing", by)) == 0
    assert len(chains_behind(log, "nothing", Exit.OTHER, by)) == 0
