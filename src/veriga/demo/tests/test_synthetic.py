"""`veriga generate`: as many as asked for, of every sort, and all of it true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from veriga.access.models import User
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity, Chain, Mark
from veriga.activities.queries.checking import find_differences
from veriga.activities.rules.words import Direction, KindCode, Outcome, Result
from veriga.common.errors import Invalid
from veriga.demo import synthetic
from veriga.demo.synthetic import generate
from veriga.parties.models import Company, Contact
from veriga.setup.services import install_code_lists

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def code_lists(db):
    install_code_lists()


def make(activities=1_500, companies=40, seed=7, **options):
    return generate(
        companies=companies, activities=activities, seed=seed, now=NOW, **options
    )


def test_exactly_what_was_asked_for_and_check_finds_nothing():
    made = make()

    assert (made.companies, made.activities) == (40, 1_500)
    assert Company.objects.count() == 40
    assert Activity.objects.count() == 1_500
    assert Contact.objects.exists()
    assert list(find_differences()) == []


def test_everything_occurs():
    make(4_000)

    activities = Activity.objects.all()
    assert set(activities.values_list("kind", flat=True)) == set(KindCode)
    assert set(activities.values_list("result", flat=True)) == {"", *Result}
    assert set(activities.values_list("direction", flat=True)) == set(Direction)
    assert set(Chain.objects.values_list("outcome", flat=True)) == set(Outcome)
    waiting = activities.filter(done_at=None)
    assert waiting.filter(due_at__lte=NOW).exists()
    assert waiting.filter(due_at__gt=NOW).exists()
    assert Mark.objects.filter(kind="stage").exists()


def test_chains_have_2_to_40_members_about_10_in_the_mean():
    make(6_000)

    sizes = list(Chain.objects.values_list("size", flat=True))
    assert (min(sizes), max(sizes)) == (2, 40)
    assert 8 < sum(sizes) / len(sizes) < 11


@pytest.mark.parametrize("minutes", [0, 1, 29])
def test_nothing_but_plans_lies_ahead(minutes, monkeypatch):
    now = NOW + timedelta(minutes=minutes)
    # So little of the past that many chains begin in the very last hour.
    monkeypatch.setattr(synthetic, "YEARS", 0.01)
    generate(companies=9, activities=1_500, seed=7, now=now)

    assert not Activity.objects.filter(recorded_at__gt=now).exists()
    assert not Activity.objects.filter(done_at__gt=now).exists()
    assert not Activity.objects.filter(date__gt=now, done_at__isnull=False).exists()


def test_chains_run_today_but_do_not_all_end_at_this_moment():
    make(4_000)

    recent = Activity.objects.filter(recorded_at__gt=NOW - timedelta(days=7))
    assert recent.values("chain").distinct().count() > 10
    days = {one.date() for one in recent.values_list("recorded_at", flat=True)}
    assert len(days) > 5
    assert Activity.objects.filter(recorded_at=NOW).count() < 3


def test_the_same_seed_makes_the_same_data(monkeypatch):
    def told(seed):
        with transaction.atomic():
            make(400, seed=seed)
            rows = list(
                Activity.objects.order_by("reference_key").values_list(
                    "reference", "title", "date", "company__name", "result"
                )
            )
            transaction.set_rollback(True)
        return rows

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_batches_add_up(monkeypatch):
    monkeypatch.setattr(synthetic, "BATCH", 100)
    lines = []

    make(950, report=lines.append)

    assert len(lines) > 5
    assert lines[-1].startswith("950 of 950 activities")
    assert Activity.objects.count() == 950
    assert list(find_differences()) == []


def test_a_second_time_adds_to_the_first():
    make(300)
    make(100, seed=8)

    assert Activity.objects.count() == 400
    assert list(find_differences()) == []


def test_users_are_made_only_where_there_are_none():
    make(10)
    assert User.objects.count() == synthetic.USERS

    make(10)
    assert User.objects.count() == synthetic.USERS


def test_users_who_are_there_do_the_work():
    team = make_team()
    there = [make_user(team=team), make_user(team=team)]
    make(50)

    assert User.objects.count() == 2
    assert {a.owner for a in Activity.objects.all()} <= set(there)


@pytest.mark.parametrize("numbers", [(0, 10), (5, 1), (5, -1)])
def test_impossible_numbers_are_refused(numbers):
    companies, activities = numbers
    with pytest.raises(Invalid):
        make(activities, companies)
    assert not Company.objects.exists()


def test_companies_alone():
    assert make(0, companies=3).activities == 0
    assert Company.objects.count() == 3
