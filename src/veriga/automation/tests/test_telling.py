"""Whoever gets an activity from a rule is told at once, but of nothing of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from veriga.access.models import User
from veriga.access.tests.factories import NOW, make_user
from veriga.activities.models import Activity
from veriga.activities.rules.words import Result
from veriga.activities.services import finish_activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.automation.services import NewStep, watch
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company
from veriga.setup.models import Letter, Notice, NoticeSettings
from veriga.work.queries.bulk import Chosen, Command
from veriga.work.rules.bulk import Action
from veriga.work.services.bulk import run_command

from .factories import call_in, make_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(maja: User) -> User:
    return make_user("Ana Bizjak", team=maja.team)


def visit(by: User, company: Company, owner: User | None = None) -> Activity:
    """Return a visit that `by` records as held an hour ago."""
    who = (owner or by).pk
    return make_activity(by, company, type="visit", days_ago=1 / 24, owner=who)


def finish(user: User, activity: Activity, now: datetime) -> None:
    finish_activity(context=acting(user, now), reference=str(activity.reference))


def told() -> list[tuple[str, str]]:
    """Return whom notices told, and of which activity."""
    rows = Notice.objects.filter(kind="assigned").select_related("user").order_by("pk")
    return [(one.user.name, one.params["reference"]) for one in rows]


def made() -> list[str]:
    """Return the references of what rules have made."""
    rows = Activity.objects.filter(source="system").order_by("pk")
    return [str(one.reference) for one in rows]


class TestAtOnce:
    def test_the_owner_when_a_colleague_set_it_off(self, head, maja, ana, company):
        rule = make_rule(head)
        visit(ana, company, owner=maja)
        assert told() == [(maja.name, *made())]
        notice = Notice.objects.get()
        assert notice.params["company"] == company.name
        assert rule.name in notice.params["who"]

    def test_a_user_that_the_step_names(self, head, maja, ana, company):
        make_rule(head, call_in(1, person="user", user_id=ana.pk))
        visit(maja, company)
        assert told() == [(ana.name, *made())]

    def test_nobody_of_what_follows_from_their_own_act(self, head, maja, company):
        make_rule(head, call_in(1), call_in(3))
        visit(maja, company)
        (first,) = Activity.objects.filter(source="system")
        finish(maja, first, NOW + timedelta(hours=1))
        assert len(made()) == 2
        assert told() == []

    def test_nobody_who_is_only_told_something(self, head, maja, ana, company):
        make_rule(head, NewStep(deed="notify", title="Poglej"))
        visit(ana, company, owner=maja)
        assert told() == []


class TestByTheWorker:
    def test_when_a_later_step_is_planned_and_once(self, head, maja, company):
        make_rule(head, call_in(1), call_in(3))
        visit(maja, company)
        assert told() == []
        day = NOW + timedelta(days=3)
        watch(day)
        watch(day)
        assert told() == [(maja.name, made()[1])]

    def test_of_a_silence(self, head, maja, company):
        make_rule(head, call_in(0), trigger="silence", days=2)
        first = make_activity(maja, company, type="visit", days_ago=3)
        make_activity(maja, company, type="call", days_ago=0, follows=first.reference)
        for day in (3, 3, 4):
            watch(NOW + timedelta(days=day))
        assert told() == [(maja.name, *made())]


class TestHow:
    def test_many_of_one_act_are_one_notice(self, head, maja, company):
        make_rule(head, kind="task", type_code="", result="")
        tasks = [
            make_activity(maja, make_company(owner=maja), "task") for _ in range(3)
        ]
        done = run_command(
            context=acting(head),
            chosen=[Chosen(str(one.reference)) for one in tasks],
            command=Command(Action.FINISH, results={"task": Result.CARRIED_OUT}),
        )
        assert done.number == len(made()) == 3
        notice = Notice.objects.get(kind="assigned")
        assert notice.params["more"] == 2

    def test_as_they_wish(self, head, maja, ana, company, settings):
        settings.EMAIL_HOST = "mail.example"
        NoticeSettings.objects.create(
            user=maja, mention_told=False, mention_mailed=True
        )
        make_rule(head, trigger="sent", kind="", type_code="", result="")
        make_rule(head)
        visit(ana, company, owner=maja)
        assert not Notice.objects.exists()
        references = set(Letter.objects.values_list("params__reference", flat=True))
        assert set(made()) <= references
        assert set(Letter.objects.values_list("user", flat=True)) == {maja.pk}

    def test_not_of_what_was_taken_back(self, head, maja, ana, company, monkeypatch):
        make_rule(head)
        whole = "veriga.automation.services.running.partial"
        monkeypatch.setattr(whole, _broken)
        visit(ana, company, owner=maja)
        monkeypatch.undo()
        assert made() == []
        assert told() == []


def _broken(*_args: object, **_named: object) -> object:
    raise ValueError
