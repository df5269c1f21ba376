"""The demo company as a whole: its size, its truth, its variety, its story."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import F, Q

from veriga.access.models import Team, User
from veriga.access.queries import actor_of
from veriga.activities.models import Activity, Chain, Entry, Link, Mark
from veriga.activities.queries.checking import find_differences
from veriga.activities.queries.narrowing import RunningFilters
from veriga.activities.rules.words import KindCode, Outcome, Result
from veriga.demo.company import ACTIVITIES, make_demo
from veriga.demo.content import load
from veriga.demo.days import OfficeDays
from veriga.events.models import Gathering
from veriga.events.queries.gatherings import tallies
from veriga.history.models import Record
from veriga.parties.models import Company, Contact
from veriga.parties.queries import visible_companies
from veriga.setup.models import EventType
from veriga.work.queries.board import get_board
from veriga.work.queries.desk import get_desk

ZONE = ZoneInfo("Europe/Ljubljana")
NOW = datetime(2026, 3, 3, 11, 20, tzinfo=ZONE)  # a Tuesday


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The whole demo, once for all tests of this file, then gone again."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_demo(language="sl", now=NOW)
        transaction.set_rollback(True)


@pytest.fixture
def demo(made, db):
    return made


class TestSize:
    def test_people_and_companies(self, demo):
        assert User.objects.count() == 12
        assert Team.objects.count() == 3
        assert Company.objects.filter(is_own=False).count() == demo.companies == 300
        assert 650 <= Contact.objects.count() <= 750
        assert Company.objects.get(is_own=True).name == load("sl").firm.name

    def test_activities_in_chains(self, demo):
        assert Activity.objects.count() == demo.activities
        # What the rule has made, and the end of the last chain.
        assert 0 <= demo.activities - ACTIVITIES <= 100
        sizes = list(
            Chain.objects.exclude(company_id=demo.company_id)
            .exclude(members__gathering_id__isnull=False)
            .values_list("size", flat=True)
        )
        assert min(sizes) == 2
        assert 40 <= max(sizes) <= 62  # a rule may add to the longest
        assert 12 <= sum(sizes) / len(sizes) <= 20

    def test_three_years(self, demo):
        first = Activity.objects.earliest("date").date
        assert timedelta(days=1000) < NOW - first < timedelta(days=1105)

    def test_enough_different_texts(self, demo):
        titles = set(Activity.objects.values_list("title", flat=True))
        texts = set(Entry.objects.values_list("text", flat=True))
        assert len(titles) >= 300
        assert len(texts) >= 300

    def test_every_company_has_something(self, demo):
        assert not Company.objects.filter(is_own=False, activities=None).exists()


class TestTruth:
    def test_check_finds_nothing(self, demo):
        assert list(find_differences()) == []

    def test_only_plans_lie_ahead(self, demo):
        ahead = Q(recorded_at__gt=NOW) | Q(done_at__gt=NOW) | Q(occurred_at__gt=NOW)
        assert not Activity.objects.filter(ahead).exists()
        assert not Activity.objects.filter(date__gt=NOW, done_at__isnull=False).exists()
        for model in (Entry, Mark, Link, Record):
            assert not model.objects.filter(made_at__gt=NOW).exists(), model

    def test_whoever_owns_an_activity_sees_its_company(self, demo):
        for user in User.objects.all():
            visible = visible_companies(actor_of(user)).values("pk")
            mine = Activity.objects.filter(owner=user)
            assert not mine.exclude(company__in=visible).exists(), user

    def test_work_is_done_on_working_days(self, demo):
        office = OfficeDays(NOW, ZONE)
        events = Activity.objects.filter(kind="event").values_list("date", flat=True)
        days = {moment.astimezone(ZONE).date() for moment in events}
        assert all(office.is_open(day) for day in days)

    def test_a_quote_is_never_answered_before_it_was_sent(self, demo):
        quotes = Activity.objects.filter(kind="quote", done_at__isnull=False)
        assert not quotes.filter(done_at__lt=F("date")).exists()

    def test_prospects_have_bought_nothing(self, demo):
        won = Company.objects.filter(status="prospect", chains__outcome="won")
        assert not won.exists()


class TestVariety:
    def test_all_kinds_states_results_and_outcomes(self, demo):
        activities = Activity.objects.all()
        assert set(activities.values_list("kind", flat=True)) == set(KindCode)
        assert set(activities.values_list("result", flat=True)) == {"", *Result}
        waiting = activities.filter(done_at=None)
        assert 10 < waiting.filter(due_at__lte=NOW).count() < 60
        assert waiting.filter(due_at__gt=NOW).count() > 20
        outcomes = Counter(Chain.objects.values_list("outcome", flat=True))
        assert all(outcomes[outcome] > 30 for outcome in Outcome)

    def test_the_customer_acts_too(self, demo):
        inbound = Activity.objects.filter(direction="in").count()
        assert inbound > ACTIVITIES / 5

    def test_every_event_type_occurs(self, demo):
        used = Activity.objects.filter(kind="event").values_list("type_code", flat=True)
        assert set(used) == set(EventType.objects.values_list("code", flat=True))

    def test_some_chains_hold_two_sales(self, demo):
        closes = Counter(
            Mark.objects.filter(kind="outcome").values_list(
                "activity__chain_id", flat=True
            )
        )
        assert sum(count > 1 for count in closes.values()) > 5

    def test_two_colleagues_work_one_company_unaware_of_each_other(self, demo):
        recent = NOW - timedelta(days=60)
        owners: dict[int, list[set[int]]] = {}
        for chain in Chain.objects.filter(last_date__gt=recent, outcome="open"):
            people = set(chain.members.values_list("owner_id", flat=True))
            owners.setdefault(chain.company_id, []).append(people)
        assert any(
            not one & other
            for chains in owners.values()
            for one in chains
            for other in chains
        )

    def test_a_german_customer_is_served(self, demo):
        assert Activity.objects.filter(company__country="DE").count() > 20

    def test_chains_branch_and_join(self, demo):
        links = Link.objects.values_list("follow_up_id", "stimulus_id")
        later, earlier = zip(*links, strict=True)
        assert max(Counter(later).values()) == 2
        assert max(Counter(earlier).values()) >= 2


class TestGroupEvents:
    def test_one_was_and_one_is_planned(self, demo):
        was, planned = Gathering.objects.order_by("starts_at")
        assert was.starts_at < NOW < planned.starts_at
        counts = tallies(actor_of(planned.owner), [was.pk, planned.pk])
        assert (counts[was.pk].total, counts[was.pk].open) == (10, 0)
        assert counts[was.pk].of("came") == 6
        assert (counts[planned.pk].total, counts[planned.pk].open) == (14, 14)
        assert counts[planned.pk].of("accepted") == 3
        events = Activity.objects.filter(gathering_id=planned.pk)
        assert not events.filter(contacts=None).exists()
        assert events.filter(owner__email__startswith="maja.kovac").count() == 14


class TestStory:
    def test_it_is_one_chain_and_a_loose_mail(self, demo):
        content = load("sl")
        chains = Chain.objects.filter(company_id=demo.company_id).order_by("-size")

        assert [chain.size for chain in chains] == [len(content.story) - 1, 1]
        assert chains[0].origin.title == content.story[0].title
        assert (chains[0].outcome, chains[0].stage) == ("open", "quote_sent")
        assert chains[1].origin.reference == demo.references["loose_email"]

    def test_each_step_follows_what_it_should(self, demo):
        for step in load("sl").story:
            activity = Activity.objects.get(reference=demo.references[step.key])
            links = activity.stimulus_links.all()
            expected = [demo.references[step.follows]] if step.follows else []
            assert [link.stimulus.reference for link in links] == expected
            assert activity.owner.email == step.actor
            assert activity.title == step.title
            assert (activity.done_at is not None) == step.done

    def test_it_was_told_through_the_services(self, demo):
        own = Activity.objects.filter(company_id=demo.company_id)
        noted = Record.objects.filter(
            subject="activity", action="created", subject_id__in=own.values("pk")
        )
        assert noted.count() == own.count()

    def test_the_quote_is_sent_and_adds_up(self, demo):
        quote = Activity.objects.get(reference=demo.references["quote"])
        assert quote.amount_minor == 4_820_000
        assert quote.quote.first_sent_at is not None
        assert quote.date - Activity.objects.get(
            reference=demo.references["fair"]
        ).date > timedelta(days=366)

    def test_references_grow_with_time(self, demo):
        own = Activity.objects.filter(company_id=demo.company_id)
        for kind in KindCode:
            keys = list(
                own.filter(kind=kind)
                .order_by("recorded_at")
                .values_list("reference_key", flat=True)
            )
            assert keys == sorted(keys)


@pytest.mark.parametrize("mailbox", ["maja.kovac", "ana.bizjak", "matej.kos"])
def test_the_desks_are_calm(demo, mailbox):
    seller = User.objects.get(email__startswith=mailbox)
    own = Activity.objects.filter(owner=seller, done_at=None, gathering_id=None)
    assert 3 <= own.count() <= 20
    assert own.filter(due_at__lte=NOW).count() <= 6


def test_the_desk_of_a_saleswoman_has_something_of_everything(demo):
    maja = User.objects.get(email__startswith="maja.kovac")
    desk = get_desk(actor_of(maja), now=NOW)
    parts = (desk.late, desk.coming, desk.quotes, desk.loose)
    assert all(part is not None and part.count for part in parts)
    assert desk.chains and desk.replied and desk.beyond
    board = get_board(actor_of(maja), RunningFilters(), now=NOW)
    assert sum(column.count > 0 for column in board) >= 4
    assert any(column.worth for column in board)
