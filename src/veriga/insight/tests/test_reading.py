"""Reading the log from the tables, against the same said row by row."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.services import (
    close_sale,
    delete_activity,
    link_activities,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.insight.queries.reading import read_log
from veriga.insight.rules.log import Fate
from veriga.parties.tests.factories import make_company, make_own_firm
from veriga.setup.working import working_calendar

from .plain_log import (
    chains_of,
    links_of,
    plain_chains,
    plain_links,
    plain_rows,
    rows_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja():
    return make_user(team=make_team())


def assert_as_documented(now: datetime) -> None:
    calendar = working_calendar()
    log = read_log(now).log
    assert rows_of(log) == plain_rows(now, calendar)
    assert chains_of(log) == plain_chains(calendar)
    assert links_of(log) == plain_links()
    assert log.now == calendar.clock(now)
    sizes = log.chains.first[1:] - log.chains.first[:-1]
    assert sizes.sum() == len(log.activities)
    assert (sizes > 0).all()


def test_an_empty_installation_has_an_empty_log() -> None:
    log = read_log(NOW).log
    assert len(log.activities) == len(log.chains) == 0
    assert log.chains.first.tolist() == [0]
    assert log.part(log.chains.id).kinds == ()


def test_what_happened_what_is_to_come_and_what_never_was(maja) -> None:
    company = make_company(owner=maja)
    held = make_activity(maja, company, done_at=NOW)
    coming = make_activity(maja, company, days_ago=-3)
    missed = make_activity(maja, company, done_at=NOW, result="not_reached")
    cancelled = make_activity(maja, company, "task", done_at=NOW, result="cancelled")
    quote = make_activity(maja, company, "quote")
    later = make_activity(
        maja, company, "quote", issued_on=(NOW + timedelta(days=9)).date()
    )
    log = read_log(NOW).log
    fates = dict(zip(log.activities.id.tolist(), log.activities.fate, strict=True))
    assert fates[held.pk] == fates[quote.pk] == Fate.HELD
    assert fates[coming.pk] == fates[later.pk] == Fate.COMING
    assert fates[missed.pk] == fates[cancelled.pk] == Fate.DROPPED
    assert_as_documented(NOW)


def test_the_own_firm_and_what_is_deleted_are_left_out(maja) -> None:
    own = make_own_firm()
    make_activity(maja, own)
    one, two, gone = (make_activity(maja, make_company(owner=maja)) for _ in range(3))
    delete_activity(context=acting(maja), reference=gone.reference)
    log = read_log(NOW).log
    assert sorted(log.activities.id.tolist()) == [one.pk, two.pk]
    assert_as_documented(NOW)


def test_a_chain_ends_with_the_close_of_its_present_sale(maja) -> None:
    manager = make_user(role="manager")
    one = make_activity(maja, make_company(owner=maja, abc="B"), done_at=NOW)
    two = make_activity(maja, make_company(owner=maja), done_at=NOW)
    closing = acting(manager, NOW + timedelta(days=1))
    close_sale(context=closing, reference=one.reference, outcome="lost")
    close_sale(context=closing, reference=two.reference, outcome="given_up")
    assert_as_documented(NOW + timedelta(days=5))
    again = acting(manager, NOW + timedelta(days=2))
    close_sale(context=again, reference=one.reference, outcome="open")
    assert_as_documented(NOW + timedelta(days=5))


@pytest.mark.parametrize("seed", range(4))
def test_anything_that_people_do(maja, seed: int, django_assert_num_queries) -> None:
    chance = random.Random(seed)
    companies = [make_company(owner=maja, abc=chance.choice("ABC")) for _ in range(3)]
    made = []
    for _ in range(25):
        company = chance.choice(companies)
        kind = chance.choice(["event", "event", "task", "product_record", "quote"])
        given = {}
        if kind == "event":
            given["type"] = chance.choice(["visit", "call", "email"])
            given["reason"] = chance.choice([None, "fair"])
        if kind != "quote" and chance.random() < 0.5:
            given["done_at"] = NOW
            given["result"] = chance.choice(["carried_out", "cancelled"])
        ago = chance.randint(-200, 900) / 10
        one = make_activity(maja, company, kind, days_ago=ago, **given)
        made.append(one)
        before = [m for m in made[:-1] if m.company_id == company.pk]
        if before and chance.random() < 0.7:
            link_activities(
                context=acting(maja),
                follow_up=one.reference,
                stimulus=chance.choice(before).reference,
            )
    for one in chance.sample(made, 3):
        delete_activity(context=acting(maja), reference=one.reference)
    assert_as_documented(NOW)
    with django_assert_num_queries(5):
        read_log(NOW)
