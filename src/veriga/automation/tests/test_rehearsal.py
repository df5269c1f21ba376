"""Trying a rule on the last month: what it says comes true, and it changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from veriga.access.rules import Scope
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.services import close_sale, set_stage
from veriga.activities.tests.factories import acting, make_activity
from veriga.automation.models import Run
from veriga.automation.queries.rehearsal import rehearse
from veriga.parties.tests.factories import make_company
from veriga.quotes.services import mark_sent

from .factories import call_in, make_rule

pytestmark = pytest.mark.django_db
THREE = (call_in(1), call_in(3), call_in(8))


def ago(days: float):
    return NOW - timedelta(days=days)


def told(head, rule):
    found = rehearse(acting(head).actor, rule, now=NOW)
    return [
        [(p.day.isoformat(), p.stopped, p.code) for p in one.planned]
        for one in found.occasions
    ]


def test_each_step_on_its_day_and_nothing_is_changed(head, maja, company):
    rule = make_rule(head, *THREE, on=False)
    make_activity(maja, company, type="visit", now=ago(20), days_ago=0.1)
    make_activity(maja, company, type="visit", now=ago(40), days_ago=0.1)
    make_activity(maja, company, type="call", now=ago(20), days_ago=0.1)
    # Tuesday, 10 February; the 8th was a Sunday and a holiday.
    assert told(head, rule) == [
        [("2026-02-11", "", ""), ("2026-02-13", "", ""), ("2026-02-20", "", "")]
    ]
    assert Activity.objects.count() == 3
    assert not Run.objects.exists()


def test_the_customers_reaction_and_a_close_end_it(head, maja, company):
    rule = make_rule(head, *THREE, on=False)
    first = make_activity(maja, company, type="visit", now=ago(20), days_ago=0.1)
    make_activity(
        maja, company, type="email_in", now=ago(18), days_ago=0.1,
        follows=str(first.reference),
    )  # fmt: skip
    other = make_company(owner=maja)
    second = make_activity(maja, other, type="visit", now=ago(13), days_ago=0.1)
    context = acting(maja, ago(8))
    close_sale(context=context, reference=str(second.reference), outcome="lost")
    found = rehearse(acting(head).actor, rule, now=NOW)
    stops = [[p.stopped for p in one.planned] for one in found.occasions]
    assert stops == [["", "", "closed"], ["", "reacted", "reacted"]]
    assert (found.activities, found.stopped, found.impossible) == (3, 2, 0)


def test_who_would_not_see_the_company(head, maja, company):
    blind = make_user(scope=Scope.OWN)
    rule = make_rule(head, call_in(1, person="user", user_id=blind.pk), on=False)
    make_activity(maja, company, type="visit", now=ago(20), days_ago=0.1)
    assert told(head, rule) == [[("2026-02-11", "", "cannot_see_company")]]


def test_only_what_the_reader_sees(head, maja, company):
    rule = make_rule(head, on=False)
    make_activity(maja, company, type="visit", now=ago(20), days_ago=0.1)
    stranger = make_user(team=make_team())
    assert told(stranger, rule) == []
    assert len(told(maja, rule)) == 1


def test_stages_quotes_and_silences(head, maja, company):
    stage = make_rule(head, trigger="stage", stage="negotiation", on=False)
    sent = make_rule(head, trigger="sent", on=False)
    silence = make_rule(head, trigger="silence", days=5, on=False)
    quote = make_activity(maja, company, "quote", now=ago(20))
    reference = str(quote.reference)
    mark_sent(context=acting(maja, ago(19)), reference=reference)
    set_stage(context=acting(maja, ago(18)), reference=reference, stage="negotiation")
    call = make_activity(
        maja, company, type="call", now=ago(17), days_ago=0.1, follows=reference
    )
    assert told(head, stage) == [[("2026-02-16", "", "")]]
    assert told(head, sent) == [[("2026-02-13", "", "")]]
    assert len(told(head, silence)) == 1
    found = rehearse(acting(head).actor, silence, now=NOW)
    assert found.occasions[0].activity == call


def test_the_number_of_statements_does_not_grow(
    head, maja, company, django_assert_max_num_queries
):
    rule = make_rule(head, *THREE, on=False)
    for number in range(20):
        own = make_company(owner=maja)
        make_activity(maja, own, type="visit", now=ago(number), days_ago=0.1)
    with django_assert_max_num_queries(9):
        assert len(told(head, rule)) == 20
