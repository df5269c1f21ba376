"""What is planted in the demo's past is really there, and a naive reading is fooled."""

from __future__ import annotations

import re
from collections import defaultdict
from math import log, sqrt
from pathlib import Path

import pytest

from veriga.demo.company import SEED
from veriga.demo.courses import Fate
from veriga.demo.truth import BASE_RATE, EFFECTS, ORIGINS, quiet

from .made import crude_ratio, make_past, ratio_at_equal_silence, stretches, times

SEEDS = (SEED, 1, 2)
DOCS = Path(__file__).parents[4] / "docs" / "insight"


def courses(seed):
    return [told.course for told in make_past(seed)]


class TestEffects:
    def test_reactions_come_at_the_planted_rates(self):
        """Counted against what the recorded hazard expects without each effect."""
        counted, expected = defaultdict(float), defaultdict(float)
        for seed in SEEDS:
            for course in courses(seed):
                for one in stretches(course):
                    usual = BASE_RATE * course.warmth * quiet(one.silence) * one.days
                    for kind in one.kinds | {"anything"}:
                        others = one.kinds - {kind}
                        counted[kind] += one.reactions
                        expected[kind] += usual * times(of=others)
        for kind, planted in {**EFFECTS, "anything": 1.0}.items():
            found = counted[kind] / expected[kind]
            allowed = 0.03 + 3.5 / sqrt(counted[kind])
            assert abs(log(found / planted)) < allowed, (kind, found, planted)

    @pytest.mark.parametrize("seed", SEEDS)
    def test_a_naive_dashboard_is_fooled_about_the_newsletter(self, seed):
        past = courses(seed)
        assert crude_ratio(past, "invitation") > 1.3
        assert 0.75 < ratio_at_equal_silence(past, "invitation") < 1.3

    @pytest.mark.parametrize("seed", SEEDS)
    def test_the_visit_stands_out_within_the_same_chains(self, seed):
        assert 1.6 < ratio_at_equal_silence(courses(seed), "visit") < 2.9

    def test_only_the_warm_get_newsletters(self):
        for course in courses(SEED):
            kinds = {step.code for step in course.steps}
            assert "invitation" not in kinds or course.warmth > 1


class TestCourses:
    def test_there_are_hundreds_and_some_dozen_are_open(self):
        past = courses(SEED)
        ended = [course for course in past if not course.is_open]
        assert 280 <= len(ended) <= 500
        assert 24 <= len(past) - len(ended) <= 100
        sizes = sorted(len(course.steps) for course in past)
        assert sizes[len(sizes) // 10] >= 6
        assert sizes[-len(sizes) // 10] <= 40

    def test_they_end_in_all_ways_and_some_in_silence(self):
        past = courses(SEED)
        endings = [course.ending for course in past]
        assert all(endings.count(how) > 30 for how in ("won", "lost", "given_up"))
        died = [one for one in past if one.is_open and one.over < one.until - 30]
        assert 15 <= len(died) <= 70

    def test_some_calls_reach_nobody_and_some_visits_are_cancelled(self):
        fates = [step.fate for course in courses(SEED) for step in course.steps]
        assert fates.count(Fate.NOT_REACHED) > 50
        assert fates.count(Fate.CANCELLED) > 30

    def test_first_contacts_lead_to_quotes_in_different_shares(self):
        quoted, begun = defaultdict(int), defaultdict(int)
        for seed in SEEDS:
            for course in courses(seed):
                begun[course.origin] += 1
                quoted[course.origin] += any(s.kind == "quote" for s in course.steps)
        shares = {(o.type, o.reason): quoted[o] / begun[o] for o in ORIGINS}
        cold, referral = shares["call", "own_initiative"], shares["call_in", "referral"]
        assert cold < shares["fair", "fair"] < referral
        assert referral - cold > 0.12

    def test_the_chain_tells_what_the_course_did(self):
        for told in make_past(SEED):
            steps = sorted(told.course.steps, key=lambda step: step.at)
            chain = told.chain.activities
            assert [one.kind for one in chain] == [step.kind for step in steps]
            assert [one.direction for one in chain] == [s.direction for s in steps]
            assert chain[0].reason == told.course.origin.reason


@pytest.mark.parametrize("name", ["demo.md", "demo-sl.md"])
def test_the_documents_print_what_is_planted(name):
    text = (DOCS / name).read_text(encoding="utf-8")
    printed = {
        kind: float(number.replace(",", "."))
        for kind, number in re.findall(r"\(`([\w:]+)`\) \| ([\d.,]+) \|", text)
    }
    assert printed == dict(EFFECTS)
