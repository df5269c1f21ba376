"""Link suggestions that learn: on later links they must beat the fixed weights."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.support.effort import sized

from veriga.activities.rules.likeness import (
    Candidate,
    Offer,
    Record,
    Transitions,
    cosine,
    fixed_scores,
    text_vector,
)
from veriga.insight.rules.choice import choice_report, fit_choice

from .link_stream import stream


@pytest.fixture(scope="module")
def offers():
    return stream(1, sized(ci=12, full=60))


@pytest.fixture(scope="module")
def model(offers):
    return fit_choice(offers)


class TestLearning:
    def test_it_beats_the_fixed_weights_on_later_links(self, offers):
        """Bars: +10 points and .88 first, .98 of three, .90 where preselected."""
        report = choice_report(offers)
        assert report.code == "ok"
        assert report.first.value >= 0.88
        assert report.first.value >= report.fixed_first.value + 0.10
        assert report.among_three.value >= 0.97
        assert report.sure.value >= 0.90
        assert report.sure_share.value >= 0.5
        told = json.loads(json.dumps(report.to_json()))
        assert told["first"]["low"] <= told["first"]["value"] <= told["first"]["high"]

    def test_below_500_links_it_stays_silent(self, offers):
        assert fit_choice(offers[:499]) is None
        assert choice_report(offers[:400]).code == "too_few"

    def test_its_own_default_teaches_it_nothing(self, offers):
        accepted = [replace(offer, is_default=True) for offer in offers]
        assert fit_choice(accepted) is None
        half = offers[:600] + accepted[600:]
        assert (
            fit_choice(half).weights.tolist()
            == fit_choice(offers[:600]).weights.tolist()
        )


class TestSuggestions:
    def _offer(self):
        """A record about product 40 with Sonja (7), and three chains to continue."""
        new = Record(400.0, 2, 1, frozenset([7]), frozenset([40]), "ponudba za kotel")
        other = Record(399.0, 1, 2, frozenset([8]), frozenset([41]), "servis dvigala")
        same = Record(396.0, 1, 1, frozenset([7]), frozenset([40]), "ponudbo kotla")
        old = Record(200.0, 1, 2, frozenset([9]), frozenset([42]), "izlet")
        return Offer(
            new,
            (Candidate(1, 10, old), Candidate(2, 11, same), Candidate(3, 12, other)),
        )

    def test_three_chains_are_offered_with_reasons_in_words(self, model):
        found = model.suggest(self._offer())
        assert len(found) == 3
        best = found[0]
        assert (best.activity, best.chain, best.is_preselected) == (2, 11, True)
        assert {"same_product", "alike_text"} <= set(best.reasons)
        assert not any(one.is_preselected for one in found[1:])
        assert sum(one.confidence for one in found) <= 1

    def test_what_is_not_in_common_is_no_reason(self, model):
        for one in model.suggest(self._offer())[1:]:
            assert not {"same_product", "same_contact"} & set(one.reasons)

    def test_without_candidates_a_new_chain_is_all_there_is(self, model):
        found = model.suggest(replace(self._offer(), candidates=()))
        assert [(one.chain, one.is_preselected) for one in found] == [(None, False)]

    def test_the_fixed_weights_are_those_of_the_document(self):
        """docs/maths/suggestions.md, worked example."""
        new = Record(400.0, 0, 0, frozenset([7]), frozenset([40]), "")
        none: frozenset[int] = frozenset()
        chains = [
            Record(355.0, 0, 0, none, frozenset([40]), ""),
            Record(400.0, 0, 0, frozenset([7]), none, ""),
            Record(397.0, 0, 0, none, none, ""),
            Record(200.0, 0, 0, none, none, ""),
        ]
        offered = tuple(Candidate(i, i, record) for i, record in enumerate(chains))
        scores = fixed_scores(Offer(new, offered))
        assert [round(scores[i], 2) for i in range(4)] == [2.4, 2.0, 0.91, 0.13]


class TestText:
    def test_slovenian_endings_keep_texts_alike(self):
        one, other = text_vector("ponudba za kotel"), text_vector("ponudbe za kotle")
        strange = text_vector("servisni pregled dvigala")
        assert cosine(one, one) == pytest.approx(1)
        assert cosine(one, other) > 0.5 > 5 * cosine(one, strange)
        assert cosine(one, text_vector("")) == 0

    def test_kinds_that_follow_one_another_have_a_lift(self, offers):
        found = Transitions.of(offers)
        assert found.log_lift(0, 1) > 0 > found.log_lift(0, 4)
        assert Transitions.of([]).log_lift(0, 1) == 0
