"""Learning from links: from which, when, and that nothing worse is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from veriga.access.queries import actor_of
from veriga.access.rules import Scope, system
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Link, LinkWeights
from veriga.activities.queries.suggestions import Sketch, learnt_weights, suggest
from veriga.activities.rules.likeness import FEATURES, fixed_order
from veriga.activities.rules.offering import Offering
from veriga.activities.rules.words import LinkReason
from veriga.activities.services import link_activities
from veriga.activities.tests.factories import acting, make_activity
from veriga.activities.tests.weights import store_weights
from veriga.common.errors import NotAllowed
from veriga.insight.queries.confirmed import confirmed_links, links_since
from veriga.insight.queries.links import get_link_report, plain_links
from veriga.insight.rules.choice import choice_report, evaluate, fit_choice
from veriga.insight.rules.components import Components
from veriga.insight.services.computing import compute
from veriga.insight.services.learning import (
    AFTER_LINKS,
    EVERY,
    is_learning_due,
    learn_links,
)
from veriga.parties.tests.factories import make_company, make_own_firm

from .link_stream import stream

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def offers():
    return stream(1, 12)


@pytest.fixture
def maja():
    return make_user("Maja", role="manager")


@pytest.fixture
def company(maja):
    return make_company(owner=maja)


def link(user, later, earlier, **more):
    """Link two activities in the order of the story."""
    return link_activities(
        context=acting(user),
        follow_up=later.reference,
        stimulus=earlier.reference,
        **more,
    )


class TestWhatTeaches:
    """Three chains of one activity each, and a new record that continues the oldest."""

    @pytest.fixture
    def three(self, maja, company):
        return [
            make_activity(maja, company, days_ago=days, now=NOW - timedelta(hours=2))
            for days in (30, 20, 10)
        ]

    @pytest.fixture
    def new(self, maja, company):
        return make_activity(maja, company, days_ago=0.1)

    def test_what_was_made_on_a_record_teaches_with_all_alternatives(
        self, maja, company, three
    ):
        old, middle, young = three
        new = make_activity(maja, company, days_ago=0, follows=old.reference)
        (offer,) = confirmed_links()
        assert [c.id for c in offer.candidates] == [young.pk, middle.pk, old.pk]
        assert len({c.chain for c in offer.candidates}) == 3
        assert offer.chosen == old.pk
        assert offer.record.text == new.title

    def test_the_default_that_was_accepted_teaches_nothing(self, maja, three, new):
        told = Offering([three[2].reference], three[2].reference)
        link(maja, new, three[2], reason=LinkReason.SUGGESTION, offering=told)
        assert confirmed_links() == []

    def test_the_default_that_was_changed_is_no_alternative(self, maja, three, new):
        told = Offering([t.reference for t in three[::-1]], three[2].reference)
        link(maja, new, three[0], offering=told)
        (offer,) = confirmed_links()
        assert [c.id for c in offer.candidates] == [three[1].pk, three[0].pk]
        kept = Link.objects.get().offer
        assert kept["preselected"] == three[2].pk
        assert kept["listed"] == [t.pk for t in three[::-1]]

    def test_a_choice_without_a_default_teaches_whatever_it_was(self, maja, three, new):
        told = Offering([t.reference for t in three[::-1]])
        link(maja, new, three[2], reason=LinkReason.SUGGESTION, offering=told)
        (offer,) = confirmed_links()
        assert len(offer.candidates) == 3

    @pytest.mark.parametrize(("reason", "n"), [("suggestion", 0), ("form", 1)])
    def test_links_from_before_offers_were_kept(self, maja, three, new, reason, n):
        link(maja, new, three[0], reason=LinkReason(reason))
        found = confirmed_links()
        assert len(found) == n
        assert all(three[2].pk not in {c.id for c in o.candidates} for o in found)

    @pytest.mark.parametrize("reason", ["import", "mail", "take_out"])
    def test_what_programs_linked_teaches_nothing(self, maja, three, new, reason):
        link(maja, new, three[0], reason=LinkReason(reason))
        assert confirmed_links() == []

    def test_where_there_was_no_choice_nothing_is_learnt(self, maja, company):
        one = make_activity(maja, company)
        make_activity(maja, company, days_ago=0, follows=one.reference)
        assert confirmed_links() == []

    def test_chains_and_candidates_are_those_of_the_time(self, maja, company, three):
        old, middle, young = three
        make_activity(maja, company, days_ago=0, follows=old.reference)
        later = NOW + timedelta(days=1)
        make_activity(maja, company, now=later, follows=middle.reference)
        link_activities(
            context=acting(maja, later + timedelta(days=1)),
            follow_up=young.reference, stimulus=middle.reference,
            offering=Offering(),
        )  # fmt: skip
        first, second, _third = confirmed_links()
        assert len(first.candidates) == 3  # what was recorded later is not there
        assert len({c.chain for c in first.candidates}) == 3
        assert len(second.candidates) == 4
        assert len({c.chain for c in second.candidates}) == 3

    def test_the_own_firm_and_other_companies_stay_out(self, maja, three):
        own = make_own_firm()
        one, _two = make_activity(maja, own), make_activity(maja, own)
        make_activity(maja, own, days_ago=0, follows=one.reference)
        assert confirmed_links() == []

    def test_an_offer_names_only_what_one_sees_of_the_company(self, maja, three, new):
        other = make_activity(maja, make_company(owner=maja))
        told = Offering(
            [other.reference, "\x00", "D-99-1", "x" * 5000], other.reference
        )
        link(maja, new, three[0], offering=told)
        assert Link.objects.get().offer == {"listed": [], "preselected": None}

    def test_every_link_is_read_in_few_statements(
        self, maja, company, three, django_assert_max_num_queries
    ):
        for one in three:
            make_activity(maja, company, days_ago=0, follows=one.reference)
        with django_assert_max_num_queries(7):
            confirmed_links()


def test_corrections_alone_would_teach_less_than_with_the_default_taken_out():
    """What decision 0027 rests on."""
    every = [o for o in stream(1, 40) if o.chosen is not None]
    every = [o for o in every if len({c.chain for c in o.candidates}) > 1]
    cut = int(len(every) * 0.8)

    def chain(offer):
        return next(c.chain for c in offer.candidates if c.id == offer.chosen)

    changed = [o for o in every[:cut] if fixed_order(o)[0] != chain(o)]
    without = [
        replace(
            o, candidates=tuple(c for c in o.candidates if c.chain != fixed_order(o)[0])
        )
        for o in changed
    ]
    later = every[cut:]
    alone = evaluate(fit_choice(changed), later, 0).first.value
    taken_out = evaluate(fit_choice(without), later, 0).first.value
    assert taken_out >= alone + 0.02


class TestLearning:
    def test_below_500_links_the_fixed_weights_stay(self, offers):
        stored = learn_links(NOW, lambda: offers[:499])
        assert stored.weights is None
        assert stored.report["code"] == "too_few"
        assert stored.report["n_links"] == 499
        assert learnt_weights() is None

    def test_500_are_enough_and_are_judged_on_the_later_fifth(self, offers):
        stored = learn_links(NOW, lambda: offers[:500])
        assert stored.report["code"] == "ok"
        assert stored.report["n_links"] == 500
        later = [o for o in offers[400:500] if o.chosen is not None]
        assert stored.report["first"]["n"] == len(later)
        report = stored.report
        for name in ("first", "among_three", "fixed_first", "fixed_among_three"):
            one = report[name]
            assert one["low"] <= one["value"] <= one["high"]
        assert report["first"]["value"] > report["fixed_first"]["value"]
        weights = learnt_weights()
        assert weights is not None
        fitted = fit_choice(offers[:500]).weights
        assert weights.values == pytest.approx(tuple(fitted), abs=1e-9)

    def test_what_is_no_better_on_later_links_is_not_taken(self, offers):
        learn_links(NOW, lambda: offers)
        assert learnt_weights() is not None
        # People turned around: of late they take what the fixed weights put first.
        cut = int(len(offers) * 0.8)
        turned = [
            replace(o, chosen=next(
                c.id for c in o.candidates if c.chain == fixed_order(o)[0]
            ))
            for o in offers[cut:]
        ]  # fmt: skip
        assert choice_report([*offers[:cut], *turned]).code == "no_better"
        stored = learn_links(NOW, lambda: [*offers[:cut], *turned])
        assert stored.weights is None
        assert learnt_weights() is None

    def test_since_when_is_kept_while_it_lasts(self, offers):
        learn_links(NOW, lambda: offers)
        later = learn_links(NOW + EVERY, lambda: offers)
        assert later.report["since"] == NOW.isoformat()
        assert later.learnt_at == NOW + EVERY

    def test_the_worker_learns_weekly_or_after_100_links(self, maja, company):
        assert is_learning_due(NOW)
        compute(NOW)
        assert LinkWeights.objects.get().report["code"] == "too_few"
        assert not is_learning_due(NOW + EVERY - timedelta(seconds=1))
        assert is_learning_due(NOW + EVERY)
        one = make_activity(maja, company)
        rows = [make_activity(maja, company) for _ in range(3)]
        for row in rows:
            link(maja, row, one)
        assert links_since(0, AFTER_LINKS) == 3
        assert links_since(0, 2) == 2
        LinkWeights.objects.update(newest_link=Link.objects.latest("pk").pk)
        assert links_since(LinkWeights.objects.get().newest_link, AFTER_LINKS) == 0

    def test_numbers_are_for_whoever_leads_and_sees_all(self, offers):
        learn_links(NOW, lambda: offers)
        team = make_team("Sever")
        for user in (
            make_user("Ana", team=team),
            make_user("Jan", team=team, role="manager", scope=Scope.TEAM),
        ):
            with pytest.raises(NotAllowed):
                get_link_report(actor_of(user))
        found = plain_links(get_link_report(system("insight")))
        assert found["figures"]["weights"].keys() == set(FEATURES)
        assert found["figures"]["since"].endswith("Z")
        assert plain_links(None)["figures"] is None


class TestOrder:
    @pytest.fixture
    def two(self, maja, company):
        """An older one about boilers, and the newest of the company."""
        return [
            make_activity(maja, company, days_ago=40, title="Ponudba za kotel"),
            make_activity(maja, company, days_ago=1, title="Vabilo na sejem"),
        ]

    def found(self, user, company, **sketch):
        actor = actor_of(user)
        return suggest(actor, company.pk, Sketch(**sketch), now=NOW)

    def test_by_fixed_weights_the_newest_is_first_and_preselected(
        self, maja, company, two
    ):
        found = self.found(maja, company, title="Ponudbo kotla pošlji")
        assert [c.row.id for c in found] == [two[1].pk, two[0].pk]
        assert [c.is_preselected for c in found] == [True, False]
        assert found[0].reasons == ("newest",)

    def test_learnt_weights_order_with_their_reasons(self, maja, company, two):
        store_weights(alike_text=9.0)
        found = self.found(maja, company, title="Ponudbo kotla pošlji")
        assert [c.row.id for c in found] == [two[0].pk, two[1].pk]
        assert found[0].reasons == ("alike_text",)
        assert found[0].is_preselected

    def test_what_is_not_likely_enough_is_listed_without_preselection(
        self, maja, company, two
    ):
        store_weights(age=-0.01)
        found = self.found(maja, company)
        assert [c.row.id for c in found] == [two[1].pk, two[0].pk]
        assert not any(c.is_preselected for c in found)

    def test_what_one_may_not_see_is_never_suggested(self, company, two):
        store_weights(age=-1.0)
        stranger = make_user("Jan", team=make_team("Jug"), scope=Scope.OWN)
        assert self.found(stranger, company) == []

    def test_one_statement_more_and_then_none(
        self, maja, company, two, django_assert_num_queries
    ):
        with django_assert_num_queries(3):
            self.found(maja, company)
        with django_assert_num_queries(2):
            self.found(maja, company)


def test_sets_grow_together():
    sets = Components()
    sets.join(5, 3)
    sets.join(9, 5)
    sets.join(1, 2)
    assert sets.of(9) == sets.of(3) == sets.of(5)
    assert len({sets.of(9), sets.of(1), sets.of(7)}) == 3
