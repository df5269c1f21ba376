"""Questions about the process map: asked once, answered once, over one's own chains."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from veriga.access.queries import actor_of
from veriga.access.rules import Context, Scope, Source
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.tests.factories import make_activity
from veriga.common.errors import NotFound
from veriga.insight.models import Population, Question
from veriga.insight.queries.questions import Stands, find_answer
from veriga.insight.rules.asking import Asked, AskedChains, QuestionKind
from veriga.insight.rules.words import Exit, MapBy
from veriga.insight.services import questions
from veriga.insight.services.answering import Answerer, keep_answering
from veriga.insight.services.computing import compute
from veriga.insight.services.questions import (
    ask,
    claim_next,
    give_up_claims,
    is_asked,
    store_answer,
)
from veriga.parties.tests.factories import make_company

pytestmark = pytest.mark.django_db
OPEN_ONES = Asked(QuestionKind.MAP, AskedChains(ending="open"))


def context_of(user) -> Context:
    return Context(actor_of(user), timezone.now(), Source.FORM)


@pytest.fixture
def firm():
    """Two people who see their own companies only, each with one chain; a boss."""
    boss = make_user("Boris", role="manager")
    people = [
        make_user(name, team=make_team(name), scope=Scope.OWN)
        for name in ("Ana", "Jan")
    ]
    for user in people:
        make_activity(boss, make_company(owner=user), type="visit")
    compute(timezone.now(), afresh=True)
    return [boss, *people]


def asked_by(user, asked: Asked = OPEN_ONES) -> None:
    assert ask(context=context_of(user), asked=asked)


def answer_to(user, asked: Asked = OPEN_ONES):
    return find_answer(actor_of(user), asked)


class TestAsking:
    def test_the_same_question_is_recorded_once(self, firm) -> None:
        asked_by(firm[0])
        asked_by(firm[0])
        assert Question.objects.count() == 1
        assert answer_to(firm[0]).stands is Stands.WAITING

    def test_before_the_first_computing_nothing_can_be_asked(self) -> None:
        user = make_user("Nova")
        assert not ask(context=context_of(user), asked=OPEN_ONES)
        assert answer_to(user).stands is Stands.UNASKED

    def test_of_a_team_one_may_not_see_there_is_none(self, firm) -> None:
        other = make_team("Druga")
        with pytest.raises(NotFound):
            ask(context=context_of(firm[1]), asked=OPEN_ONES, team_id=other.pk)
        with pytest.raises(NotFound):
            find_answer(actor_of(firm[1]), OPEN_ONES, other.pk)

    def test_only_so_many_are_kept(self, firm, monkeypatch) -> None:
        monkeypatch.setattr(questions, "MOST_OF_SIGHT", 3)
        for product in range(1, 8):
            asked_by(firm[0], Asked(QuestionKind.MAP, AskedChains(product=product)))
        kept = [one.asked["chains"]["product"] for one in Question.objects.all()]
        assert sorted(kept) == [5, 6, 7]

    def test_those_of_an_older_population_go_with_it(self, firm) -> None:
        asked_by(firm[0])
        Answerer().answer_all()
        make_activity(firm[0], make_company(owner=firm[1]))
        compute(timezone.now())
        assert answer_to(firm[0]).stands is Stands.UNASKED
        assert not Question.objects.exists()

    def test_what_is_asked_is_read_back_as_it_was(self) -> None:
        chains = AskedChains(
            since=timezone.localdate(),
            segment="A",
            before=("call", "visit"),
            variant=("call", "visit"),
        )
        asked = Asked(QuestionKind.EDGE, chains, "links", "call", "visit")
        assert Asked.from_json(asked.to_json()) == asked
        assert asked.hash != Asked(QuestionKind.MAP, chains).hash


class TestAnswering:
    def test_everybody_is_answered_over_what_they_see(self, firm) -> None:
        for user in firm:
            asked_by(user)
        assert keep_answering() == 3
        chains = [answer_to(user).answer["order"]["chains"] for user in firm]
        assert chains == [2, 1, 1]
        assert not is_asked(timezone.now())

    def test_nobody_reads_what_others_asked(self, firm) -> None:
        asked_by(firm[1])
        Answerer().answer_all()
        assert answer_to(firm[1]).stands is Stands.ANSWERED
        assert answer_to(firm[2]).stands is Stands.UNASKED

    def test_the_chains_behind_a_way(self, firm) -> None:
        way = Asked(
            QuestionKind.EDGE,
            AskedChains(),
            MapBy.ORDER,
            "visit",
            Exit.WAITING,
        )
        asked_by(firm[1], way)
        Answerer().answer_all()
        answer = answer_to(firm[1], way).answer
        assert answer["total"] == 1
        assert len(answer["chains"]) == 1

    def test_a_map_is_answered_with_its_drawings(self, firm) -> None:
        asked_by(firm[0])
        Answerer().answer_all()
        answer = answer_to(firm[0]).answer
        for by in MapBy:
            for drawing in answer[by]["drawings"].values():
                assert len(drawing["labels"]) == len(drawing["routes"])
                assert [box["kind"] for box in drawing["boxes"]] == ["visit"]

    def test_the_log_is_read_anew_when_something_has_changed(self, firm) -> None:
        answerer = Answerer()
        asked_by(firm[1])
        answerer.answer_all()
        make_activity(firm[0], make_company(owner=firm[1]), type="call")
        again = Asked(QuestionKind.MAP, AskedChains(segment=""), by="order")
        asked_by(firm[1], again)
        answerer.answer_all()
        assert answer_to(firm[1], again).answer["order"]["chains"] == 2

    def test_what_cannot_be_answered_has_an_error_and_leaves_the_rest(
        self, firm
    ) -> None:
        asked_by(firm[0])
        Question.objects.update(asked={"kind": "riddle"})
        asked_by(firm[1])
        assert Answerer().answer_all() == 2
        assert answer_to(firm[0]).stands is Stands.FAILED
        assert answer_to(firm[1]).stands is Stands.ANSWERED


class TestTwoWorkers:
    def test_a_claimed_question_is_nobody_elses(self, firm) -> None:
        asked_by(firm[0])
        now = timezone.now()
        assert claim_next("one", now) is not None
        assert claim_next("two", now) is None
        assert not is_asked(now)

    def test_what_was_left_lying_is_taken_over_and_then_given_up(self, firm) -> None:
        asked_by(firm[0])
        now = timezone.now()
        later = now + 2 * questions.CLAIM_FOR
        question = claim_next("one", now)
        assert claim_next("two", later) is not None
        assert not store_answer(question.pk, "one", later, {})
        assert claim_next("three", later + 2 * questions.CLAIM_FOR) is None
        assert answer_to(firm[0]).stands is Stands.FAILED

    def test_whoever_is_told_to_stop_leaves_it_to_others(self, firm) -> None:
        asked_by(firm[0])
        now = timezone.now()
        claim_next("one", now)
        give_up_claims("one")
        assert claim_next("two", now + timedelta(seconds=1)) is not None

    def test_the_longest_waiting_comes_first(self, firm) -> None:
        asked_by(firm[2])
        asked_by(firm[1])
        first = claim_next("one", timezone.now())
        assert first.sight_key.startswith("own")
        assert first.pk == Question.objects.order_by("asked_at", "pk").first().pk


def test_an_earlier_answer_does_not_outlive_a_removed_population(firm) -> None:
    asked_by(firm[0])
    Population.objects.all().delete()
    assert not Question.objects.exists()
