"""A rule at work: its steps, what ends it, and what it never does."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError

from veriga.access.models import User
from veriga.access.rules import Scope, Source
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity, Counter, Link
from veriga.activities.queries.activities import get_activity
from veriga.activities.queries.checking import find_differences
from veriga.activities.services import (
    Draft,
    accept_quote,
    close_sale,
    create_activity,
    delete_activity,
    finish_activity,
    link_activities,
    set_stage,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.automation.models import Run, RunStep
from veriga.automation.services import NewStep, switch_rule, watch
from veriga.history.models import Record
from veriga.parties.models import Company
from veriga.parties.services import update_company
from veriga.parties.tests.factories import make_company, make_contact, make_own_firm
from veriga.quotes.services import mark_sent
from veriga.setup.models import Notice

from .factories import call_in, make_rule

pytestmark = pytest.mark.django_db

# NOW is Monday, 2 March 2026, 10.00 in Ljubljana.
FAIR = (call_in(2, title="Klic"), call_in(5, title="Gradivo"), call_in(15))


def visit(user: User, company: Company, **fields) -> Activity:
    """Return a visit that was held an hour ago."""
    return make_activity(user, company, type="visit", days_ago=1 / 24, **fields)


def made() -> list[Activity]:
    return list(Activity.objects.filter(source=Source.SYSTEM).order_by("pk"))


def one() -> Activity:
    (found,) = made()
    return found


def later(days: float) -> datetime:
    return NOW + timedelta(days=days)


def finish(user: User, activity: Activity, when: datetime, result: str = "") -> None:
    reference = str(Activity.objects.get(pk=activity.pk).reference)
    context = acting(user, when)
    finish_activity(context=context, reference=reference, result=result)


def reply(user: User, company: Company, when: datetime, follows: Activity) -> Activity:
    return make_activity(
        user,
        company,
        type="email_in",
        now=when,
        days_ago=0.01,
        follows=str(Activity.objects.get(pk=follows.pk).reference),
    )


class TestSteps:
    def test_the_first_is_planned_and_linked_at_once(self, head, maja, company):
        rule = make_rule(head, *FAIR)
        contact = make_contact(company)
        held = visit(maja, company, contacts=[contact.pk])
        call = one()
        assert call.title == "Klic"
        assert (call.type_code, call.owner, call.done_at) == ("call", maja, None)
        assert call.starts_at.astimezone().date().isoformat() == "2026-03-04"
        assert call.all_day
        assert list(call.contacts.all()) == [contact]
        assert call.reference is not None
        link = Link.objects.get()
        assert (link.follow_up, link.stimulus) == (call, held)
        assert (link.reason, link.made_by) == ("made_on", None)
        assert call.chain_id == Activity.objects.get(pk=held.pk).chain_id
        run = Run.objects.get()
        assert (run.rule, run.activity, run.ended_at) == (rule, held, None)
        told = Record.objects.get(subject="activity", subject_id=call.pk)
        assert told.made_by_name == f"pravilo: {rule.name}"
        assert not list(find_differences())

    def test_the_next_comes_when_the_former_is_finished(self, head, maja, company):
        make_rule(head, *FAIR)
        visit(maja, company)
        first = one()
        finish(maja, first, later(1))
        second = made()[1]
        # Counted from the visit: five working days after Monday is Monday.
        assert second.starts_at.astimezone().date().isoformat() == "2026-03-09"
        assert Link.objects.get(follow_up=second).stimulus == first
        finish(maja, second, later(7))
        third = made()[2]
        assert third.starts_at.astimezone().date().isoformat() == "2026-03-23"
        assert Run.objects.get().ended_at is None
        finish(maja, third, later(21))
        assert Run.objects.get().ending == "finished"
        assert not list(find_differences())

    def test_or_when_its_day_has_come(self, head, maja, company):
        make_rule(head, *FAIR)
        visit(maja, company)
        assert watch(later(1)) == 0
        watch(later(7))
        assert [one.title for one in made()] == ["Klic", "Gradivo"]
        watch(later(7.1))
        assert len(made()) == 2
        watch(later(22))
        watch(later(22))
        assert len(made()) == 3
        watch(later(100))  # nobody has finished the last one
        assert Run.objects.get().ending == "finished"
        assert len(made()) == 3

    def test_several_of_one_day_follow_each_other(self, head, maja, company):
        steps = (NewStep(kind="task", days=0, title=t) for t in ("prva", "druga"))
        make_rule(head, *steps)
        held = visit(maja, company)
        first, *_ = made()
        assert [one.title for one in made()] == ["prva", "druga"]
        pairs = set(Link.objects.values_list("follow_up", "stimulus"))
        assert pairs == {(first.pk, held.pk), (made()[1].pk, first.pk)}

    def test_a_deleted_step_is_left_out(self, head, maja, company):
        make_rule(head, *FAIR)
        held = visit(maja, company)
        context = acting(maja, later(1))
        delete_activity(context=context, reference=str(one().reference))
        watch(later(7))
        second = made()[1]
        assert Link.objects.get(follow_up=second).stimulus == held

    def test_what_set_it_off_is_deleted(self, head, maja, company):
        make_rule(head, *FAIR)
        held = visit(maja, company)
        context = acting(maja, later(1))
        delete_activity(context=context, reference=str(held.reference))
        watch(later(7))
        assert len(made()) == 1
        assert Run.objects.get().ending == "gone"

    def test_a_colleague_is_told_on_the_day(self, head, maja, company):
        ana = make_user("Ana Bizjak", scope=Scope.ALL)
        step = NewStep(
            deed="notify", title="Poglej", days=1, person="user", user_id=ana.pk
        )
        rule = make_rule(head, step)
        held = visit(maja, company)
        assert not Notice.objects.exists()
        watch(later(1))
        watch(later(1))
        notice = Notice.objects.get()
        assert (notice.user, notice.kind) == (ana, "rule_told")
        assert notice.params["reference"] == held.reference
        assert notice.params["rule"] == rule.name
        assert Run.objects.get().ending == "finished"

    def test_at_once_is_so_on_a_sunday_too(self, head, maja, company):
        make_rule(
            head,
            NewStep(deed="notify", title="Poglej"),
            NewStep(kind="task", title="prva"),
            NewStep(kind="task", title="druga"),
        )
        make_activity(maja, company, type="visit", now=later(6), days_ago=0.1)
        assert Notice.objects.get().user == maja
        days = [one.due_at.astimezone().date().isoformat() for one in made()]
        assert days == ["2026-03-10", "2026-03-10"]  # the end of Monday

    def test_the_company_gets_another_account_owner(self, head, maja, company):
        ana = make_user("Ana Bizjak", team=make_team())
        step = NewStep(deed="assign", person="user", user_id=ana.pk)
        make_rule(head, step)
        visit(maja, company)
        company.refresh_from_db()
        assert (company.account_owner, company.team) == (ana, ana.team)
        assert not list(find_differences())


class TestEnds:
    def test_the_customers_reaction_withdraws_what_is_planned(
        self, head, maja, company
    ):
        make_rule(head, *FAIR)
        held = visit(maja, company)
        mail = reply(maja, company, later(1), held)
        call = one()
        assert (call.result, call.done_at) == ("cancelled", later(1))
        assert mail.reference in call.entries.get().text
        run = Run.objects.get()
        assert (run.ending, run.ended_by) == ("reacted", mail)
        assert RunStep.objects.get().withdrawn_at == later(1)
        watch(later(30))
        assert len(made()) == 1
        assert not list(find_differences())

    def test_a_step_that_somebody_has_changed_stays(self, head, maja, company):
        make_rule(head, *FAIR)
        held = visit(maja, company)
        from veriga.activities.services import update_activity

        update_activity(
            context=acting(maja, later(0.5)),
            reference=str(one().reference),
            changes={"title": "Klic o ceni"},
        )
        reply(maja, company, later(1), held)
        assert one().done_at is None
        assert Run.objects.get().ending == "reacted"

    def test_a_reaction_in_another_chain_is_none(self, head, maja, company):
        make_rule(head, *FAIR)
        visit(maja, company)
        make_activity(maja, company, type="email_in", now=later(1), days_ago=0.01)
        assert Run.objects.get().ended_at is None
        assert one().done_at is None

    def test_a_reaction_that_is_linked_later(self, head, maja, company):
        make_rule(head, *FAIR)
        held = visit(maja, company)
        mail = make_activity(
            maja, company, type="email_in", now=later(1), days_ago=0.01
        )
        link_activities(
            context=acting(maja, later(2)),
            follow_up=str(mail.reference),
            stimulus=str(held.reference),
        )
        watch(later(7))
        assert len(made()) == 1
        assert Run.objects.get().ended_by == mail

    def test_what_came_before_is_no_reaction(self, head, maja, company):
        make_rule(head, *FAIR)
        held = visit(maja, company)
        make_activity(
            maja,
            company,
            type="email_in",
            now=later(1),
            days_ago=3,
            follows=str(held.reference),
        )
        assert Run.objects.get().ended_at is None

    def test_a_call_that_reached_nobody_is_no_reaction(self, head, maja, company):
        make_rule(head, *FAIR)
        visit(maja, company)
        finish(maja, one(), later(1), "not_reached")
        assert len(made()) == 2

    def test_a_close(self, head, maja, company):
        make_rule(head, *FAIR)
        held = visit(maja, company)
        close_sale(
            context=acting(maja, later(1)),
            reference=str(held.reference),
            outcome="lost",
        )
        assert one().result == "cancelled"
        assert Run.objects.get().ending == "closed"

    def test_a_refused_quote(self, head, maja, company):
        make_rule(head, *FAIR, trigger="sent")
        quote = make_activity(maja, company, "quote")
        mark_sent(context=acting(maja), reference=str(quote.reference))
        assert len(made()) == 1
        finish(maja, quote, later(2), "declined")
        assert Run.objects.get().ending == "reacted"
        assert one().result == "cancelled"

    def test_switching_off_plans_nothing_more(self, head, maja, company):
        rule = make_rule(head, *FAIR)
        held = visit(maja, company)
        context = acting(head, later(1))
        switch_rule(context=context, rule_id=rule.pk, on=False)
        finish(maja, one(), later(1))
        watch(later(30))
        assert len(made()) == 1
        assert Run.objects.get().ending == "switched_off"
        assert Activity.objects.get(pk=held.pk).chain.size == 2


class TestOccasions:
    def test_an_event_finished_later(self, head, maja, company):
        make_rule(head)
        planned = make_activity(maja, company, type="visit", days_ago=-1)
        assert not made()
        finish(maja, planned, later(1))
        assert one().starts_at.astimezone().date().isoformat() == "2026-03-05"

    @pytest.mark.parametrize("result", ["cancelled", "not_reached"])
    def test_another_result(self, head, maja, company, result):
        make_rule(head)
        planned = make_activity(maja, company, type="visit", days_ago=-1)
        finish(maja, planned, later(1), result)
        assert not Run.objects.exists()

    def test_another_type_team_or_category(self, head, maja, company):
        make_rule(head, type_code="fair")
        make_rule(head, team_id=make_team().pk)
        make_rule(head, category="trader")
        visit(maja, company)
        assert not Run.objects.exists()
        make_rule(head, team_id=maja.team_id)
        visit(maja, company)
        assert Run.objects.count() == 1

    def test_the_first_only(self, head, maja, company):
        visit(maja, company)
        make_rule(head, first_only=True)
        visit(maja, company)
        assert not made()
        visit(maja, make_company(owner=maja))
        assert len(made()) == 1

    def test_a_stage(self, head, maja, company):
        make_rule(head, trigger="stage", stage="negotiation")
        held = visit(maja, company)
        reference = str(held.reference)
        set_stage(context=acting(maja), reference=reference, stage="first_contact")
        assert not made()
        for _ in range(2):
            set_stage(context=acting(maja), reference=reference, stage="negotiation")
        assert len(made()) == 1
        assert Run.objects.get().key == f"stage:{held.pk}:negotiation"

    def test_a_sent_quote_once(self, head, maja, company):
        make_rule(head, trigger="sent")
        quote = make_activity(maja, company, "quote")
        for _ in range(2):
            mark_sent(context=acting(maja), reference=str(quote.reference))
        assert Link.objects.get().stimulus == quote

    def test_an_accepted_quote_although_it_closes_the_sale(self, head, maja, company):
        step = NewStep(kind="task", days=1, title="Potrditev naročila")
        make_rule(head, step, kind="quote", type_code="", result="accepted")
        quote = make_activity(maja, company, "quote")
        accept_quote(context=acting(maja), reference=str(quote.reference))
        assert one().title == "Potrditev naročila"
        assert one().done_at is None
        assert Run.objects.get().ended_at is None

    def test_a_company_activated(self, head, maja):
        prospect = make_company(owner=maja, status="prospect")
        make_rule(head, trigger="activated")
        before = visit(maja, prospect)
        full = {
            "kind": "legal_entity",
            "street": "Cesta 1",
            "postcode": "4000",
            "town": "Kranj",
            "tax_number": "SI15012557",
        }
        Company.objects.filter(pk=prospect.pk).update(**full)
        context = acting(head)
        update_company(context=context, company_id=prospect.pk, status="active")
        call = one()
        assert call.owner == maja
        assert call.title.startswith("Pravilo")
        assert not Link.objects.exists()  # a loose visit is no running chain
        assert before.chain_id != call.chain_id

    def test_imported_activities_set_nothing_off(self, head, maja, company):
        make_rule(head)
        context = acting(maja)
        from dataclasses import replace

        draft = Draft(
            kind="event",
            company_id=company.pk,
            title="Obisk",
            own={"type": "visit", "starts_at": later(-1)},
        )
        create_activity(context=replace(context, source=Source.IMPORT), draft=draft)
        assert not Run.objects.exists()

    def test_what_happened_long_ago_sets_nothing_off(self, head, maja, company):
        make_rule(head)
        make_activity(maja, company, type="visit", days_ago=31)
        assert not Run.objects.exists()

    def test_the_own_firm_is_left_alone(self, head, maja):
        make_rule(head)
        visit(maja, make_own_firm())
        assert not Run.objects.exists()

    def test_reopened_and_finished_again_is_once(self, head, maja, company):
        from veriga.activities.services import reopen_activity

        make_rule(head)
        held = visit(maja, company)
        context = acting(maja, later(0.5))
        reopen_activity(context=context, reference=str(held.reference))
        finish(maja, held, later(1))
        assert len(made()) == 1

    def test_once_at_a_time_in_a_chain(self, head, maja, company):
        make_rule(head)
        held = visit(maja, company)
        visit(maja, company, follows=str(held.reference))
        assert len(made()) == 1
        assert sorted(Run.objects.values_list("ending", flat=True)) == ["", "already"]


class TestSilence:
    def chain(self, maja: User, company: Company) -> Activity:
        first = make_activity(maja, company, type="visit", days_ago=1)
        return make_activity(
            maja, company, type="call", days_ago=0.1, follows=str(first.reference)
        )

    def test_once_for_each_silence(self, head, maja, company):
        make_rule(head, trigger="silence", days=10)
        last = self.chain(maja, company)
        watch(later(13))
        assert not made()
        watch(later(15))
        watch(later(16))
        call = one()
        assert Link.objects.get(follow_up=call).stimulus == last
        assert Run.objects.get().key == f"silence:{last.pk}"

    def test_nothing_that_fell_silent_before_it_was_on(self, head, maja, company):
        self.chain(maja, company)
        make_rule(head, trigger="silence", days=10, now=later(20))
        watch(later(21))
        assert not Run.objects.exists()

    def test_an_agreed_contact_is_no_silence(self, head, maja, company):
        make_rule(head, trigger="silence", days=10)
        last = self.chain(maja, company)
        make_activity(
            maja, company, type="visit", days_ago=-40, follows=str(last.reference)
        )
        watch(later(15))
        assert not Run.objects.exists()

    def test_another_type_or_stage(self, head, maja, company):
        make_rule(head, trigger="silence", days=10, kind="event", type_code="visit")
        make_rule(head, trigger="silence", days=10, stage="negotiation")
        self.chain(maja, company)
        watch(later(15))
        assert not Run.objects.exists()


class TestCircles:
    def test_a_rule_never_sets_itself_off(self, head, maja, company):
        make_rule(head, type_code="call")
        make_activity(maja, company, type="call", days_ago=0.1)
        finish(maja, one(), later(2))
        assert len(made()) == 1
        assert sorted(Run.objects.values_list("ending", flat=True)) == [
            "circle",
            "finished",
        ]

    def test_nor_do_two_each_other(self, head, maja, company):
        make_rule(head, NewStep(kind="event", type_code="email", days=1))
        make_rule(head, NewStep(kind="event", type_code="visit"), type_code="email")
        visit(maja, company)
        for day in range(1, 12):
            for activity in Activity.objects.filter(done_at__isnull=True):
                finish(maja, activity, later(day))
        assert [one.type_code for one in made()] == ["email", "visit"]
        assert Run.objects.filter(ending="circle").count() == 1

    def test_nor_do_many_in_a_row(self, head, maja, company):
        types = ["visit", "email", "call", "meeting", "fair", "demonstration"]
        for before, after in pairwise(types):
            make_rule(head, NewStep(kind="event", type_code=after), type_code=before)
        visit(maja, company)
        for day in range(1, 12):
            for activity in Activity.objects.filter(done_at__isnull=True):
                finish(maja, activity, later(day))
        assert [one.type_code for one in made()] == ["email", "call", "meeting"]


class TestFailures:
    def test_an_owner_who_may_not_see_the_company(self, head, maja, company):
        blind = make_user("Ana Bizjak", scope=Scope.OWN)
        rule = make_rule(
            head, call_in(1, person="user", user_id=blind.pk), call_in(3, title="B")
        )
        held = visit(maja, company)
        step = RunStep.objects.get(position=1)
        assert (step.outcome, step.code) == ("impossible", "cannot_see_company")
        notice = Notice.objects.get()
        assert (notice.user, notice.kind) == (head, "rule_failed")
        assert notice.params["rule"] == rule.name
        assert one().title == "B"  # the others are made all the same
        assert Link.objects.get().stimulus == held

    def test_a_type_that_is_off(self, head, maja, company):
        from veriga.setup.models import EventType
        from veriga.setup.queries import forget_code_lists

        make_rule(head)
        EventType.objects.filter(code="call").update(life_cycle="off")
        forget_code_lists()
        visit(maja, company)
        assert RunStep.objects.get().code == "not_offered"
        forget_code_lists()

    @pytest.mark.parametrize("error", [ValueError("x"), IntegrityError("x")])
    def test_a_fault_never_keeps_anybody_from_saving(
        self, head, maja, company, monkeypatch, error
    ):
        make_rule(head)

        def broken(*_args, **_named):
            # After it has made something, so that a number was to be given.
            make_activity(maja, company, "task")
            raise error

        monkeypatch.setattr("veriga.automation.services.hearing.advance", broken)
        held = visit(maja, company)
        monkeypatch.undo()
        assert get_activity(acting(maja).actor, str(held.reference)).pk == held.pk
        assert Activity.objects.count() == 1
        assert not Counter.objects.filter(prefix="N").exists()
        run = Run.objects.get()
        assert (run.ending, run.code) == ("failed", "rule_failed")
        assert Notice.objects.get().kind == "rule_failed"
        assert not list(find_differences())
