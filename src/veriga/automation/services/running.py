"""A rule at work: doing its steps one after another, and ending.

Of the activities that a run makes, only the next is ever open in the chain: the one
after it is made when that is finished, or when its own day has come.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from veriga.access.models import User
from veriga.access.rules import Context, Source, system
from veriga.activities.models import Activity
from veriga.activities.rules.words import KindCode, LinkReason, Result
from veriga.activities.services import (
    Draft,
    add_entry,
    create_activity,
    finish_activity,
)
from veriga.activities.services.telling import tell_made
from veriga.automation.models import Rule, RuleStep, Run, RunStep
from veriga.automation.queries.rules import steps_of
from veriga.automation.queries.running import find_reaction, last_made
from veriga.automation.rules import Deed, Ending, Outcome, Person, step_day
from veriga.common.days import day_start, local_day
from veriga.common.errors import Invalid, VerigaError
from veriga.common.transactions import at_end, savepoint
from veriga.parties.models import Company, Contact
from veriga.parties.queries import at_company, can_see
from veriga.setup.services import notify
from veriga.setup.working import working_calendar
from veriga.work.services.companies import update_company

# How long after its day a last step that nobody has finished is still waited for.
WAIT_FOR_LAST: Final = timedelta(days=30)
RULE_TOLD, RULE_FAILED = "rule_told", "rule_failed"


def acting(rule: Rule, now: datetime) -> Context:
    """Return the context in which a rule does something: under its own name."""
    with translation.override(settings.LANGUAGE_CODE):
        name = _("rule: %(name)s") % {"name": rule.name}
    return Context(system(name), now, Source.SYSTEM)


def day_of(run: Run, step: RuleStep) -> date:
    """Return the day of a step, counted from when the rule was set off."""
    zone = timezone.get_default_timezone()
    return step_day(local_day(run.started_at, zone), step.days, working_calendar())


def advance(run: Run, now: datetime, by: int | None = None) -> None:
    """Do the next step if it may be done by now, and what follows it.

    `by` is the user whose own act this follows from, None for the worker. The caller
    holds the lock of the company.
    """
    if run.activity is not None and run.activity.deleted_at is not None:
        end(run, Ending.GONE, now)
        return
    before = last_made(run)
    here = run.activity or before
    if run.next_position > 1:
        reaction = find_reaction(run, here.chain_id if here else None)
        if reaction is not None:
            end(run, Ending.REACTED, now, by=reaction)
            return
    step = next(
        (s for s in steps_of(run.rule_id) if s.position >= run.next_position), None
    )
    if step is None:
        _finish(run, before, now)
        return
    zone = timezone.get_default_timezone()
    day = day_of(run, step)
    is_ahead = before is not None and before.done_at is None
    # "At once" is so on a Sunday too, though an activity is planned for the Monday.
    is_early = step.days > 0 and day > local_day(now, zone)
    if is_early and (step.deed != Deed.ACTIVITY or is_ahead):
        run.next_at = day_start(day, zone)
        run.save(update_fields=["next_at"])
        return
    run.next_position = step.position + 1
    run.next_at = None
    run.save(update_fields=["next_position", "next_at"])
    done = do_step(run, step, day, now)
    if done.activity is not None:
        # Before they are reminded of it: whoever did not do it themselves has not seen
        # that something was planned for them. It has its reference at the end.
        at_end(partial(tell_made, acting(run.rule, now), done.activity, by=by))
    # What was just made gets its reference at the end; the next one is linked by it.
    at_end(partial(_go_on, run.pk, now, by))


def _go_on(run_id: int, now: datetime, by: int | None) -> None:
    run = Run.objects.select_related("rule", "activity").get(pk=run_id)
    if run.ended_at is None:
        advance(run, now, by)


def _finish(run: Run, last: Activity | None, now: datetime) -> None:
    """End a run that has done all, once its last activity is finished too."""
    if last is not None and last.done_at is None:
        until = (last.due_at or last.date) + WAIT_FOR_LAST
        if until > now:
            if run.next_at != until:
                run.next_at = until
                run.save(update_fields=["next_at"])
            return
    end(run, Ending.FINISHED, now)


def end(run: Run, ending: Ending, now: datetime, *, by: Activity | None = None) -> None:
    """End a run; what it planned and nobody has touched is withdrawn if need be."""
    run.ending, run.ended_at, run.next_at, run.ended_by = ending, now, None, by
    run.save(update_fields=["ending", "ended_at", "next_at", "ended_by"])
    if ending in (Ending.REACTED, Ending.CLOSED):
        _withdraw(run, now)


def _withdraw(run: Run, now: datetime) -> None:
    steps = RunStep.objects.filter(
        run=run,
        activity__done_at__isnull=True,
        activity__deleted_at__isnull=True,
        activity__row_version=1,
        activity__isnull=False,
    )
    for step in steps.select_related("activity"):
        if step.activity is None or step.activity.reference is None:
            continue
        context = acting(run.rule, now)
        reference = step.activity.reference
        with translation.override(settings.LANGUAGE_CODE):
            texts = {
                Ending.REACTED: _("Withdrawn: the customer has reacted (%(ref)s)."),
                Ending.CLOSED: _("Withdrawn: the sale is closed (%(ref)s)."),
            }
            name = run.ended_by.reference if run.ended_by else ""
            text = texts[Ending(run.ending)] % {"ref": name}
        add_entry(context=context, reference=reference, text=text)
        finish_activity(context=context, reference=reference, result=Result.CANCELLED)
        RunStep.objects.filter(pk=step.pk).update(withdrawn_at=now)


def do_step(run: Run, step: RuleStep, day: date, now: datetime) -> RunStep:
    """Do one step and log it; what cannot be done is logged, and its maker told."""
    done = RunStep(run=run, position=step.position, made_at=now)
    try:
        with savepoint():
            user = _person(run, step)
            done.user = user
            if step.deed == Deed.ACTIVITY:
                done.activity = _make(run, step, user, day, now)
                done.outcome = Outcome.MADE
            elif step.deed == Deed.ASSIGN:
                _assign(run, user, now)
                done.outcome = Outcome.ASSIGNED
            else:
                _tell(run, step, user, now)
                done.outcome = Outcome.TOLD
    except VerigaError as error:
        done.activity, done.outcome, done.code = None, Outcome.IMPOSSIBLE, error.code
    done.save(force_insert=True)
    if done.outcome == Outcome.IMPOSSIBLE:
        tell_maker(run, done.code, now)
    return done


def _person(run: Run, step: RuleStep) -> User:
    """Return for whom a step is; Invalid if there is nobody, or they may not see it."""
    company = _company(run)
    user = step.user
    if step.person == Person.OWNER and run.activity is not None:
        user = User.objects.get(pk=run.activity.owner_id)
    elif step.person != Person.USER:
        user = company.account_owner
    if user is None:
        raise Invalid.of("owner", "no_account_owner")
    if not user.is_active:
        raise Invalid.of("owner", "inactive_user", name=user.name)
    if step.deed != Deed.ASSIGN and not can_see(user, company):
        raise Invalid.of("owner", "cannot_see_company", user=user.name)
    return user


def _company(run: Run) -> Company:
    company_id = run.activity.company_id if run.activity else run.company_id
    return Company.objects.select_related("account_owner").get(pk=company_id)


def _make(run: Run, step: RuleStep, user: User, day: date, now: datetime) -> Activity:
    """Make the activity of a step, linked to the one before it."""
    company = _company(run)
    stimulus = _stimulus(run, company)
    own: dict[str, Any] = {"due_on": day}
    if step.kind == KindCode.EVENT:
        begins = day_start(day, timezone.get_default_timezone())
        own = {"type": step.type_code, "starts_at": begins, "all_day": True}
    contacts: list[int] = []
    if run.activity is not None:
        there = Contact.objects.filter(at_company(company.pk), activities=run.activity)
        contacts = list(there.order_by("pk").values_list("pk", flat=True).distinct())
    fallback = run.activity.title if run.activity else run.rule.name
    draft = Draft(
        kind=step.kind,
        company_id=company.pk,
        title=step.title or fallback,
        own=own,
        owner=user.pk,
        contacts=contacts,
        text=step.text,
        follows=stimulus.reference or "" if stimulus else "",
        follow_reason=LinkReason.MADE_ON,
        done_at=None,
    )
    return create_activity(context=acting(run.rule, now), draft=draft)


def _stimulus(run: Run, company: Company) -> Activity | None:
    """Return what the next activity follows: the one made last, or what set it off.

    Where no activity did, it goes on with what was last done in a chain that runs.
    """
    made = last_made(run)
    if made is not None and made.company_id == company.pk:
        return made
    if run.activity is not None:
        return run.activity
    running = company.chains.filter(is_running=True, last_acted__isnull=False)
    chain = running.select_related("last_acted").order_by("-last_acted_at").first()
    return chain.last_acted if chain else None


def _assign(run: Run, user: User, now: datetime) -> None:
    """Make the user the account owner of the company."""
    company_id = _company(run).pk
    context = acting(run.rule, now)
    update_company(context=context, company_id=company_id, account_owner_id=user.pk)


def _tell(run: Run, step: RuleStep, user: User, now: datetime) -> None:
    _notify(run, user.pk, RULE_TOLD, now, text=step.title or step.text)


def tell_maker(run: Run, code: str, now: datetime) -> None:
    """Tell who made a rule that it could not do something; the log says what."""
    rule = Rule.objects.get(pk=run.rule_id)
    if rule.made_by_id is not None:
        _notify(run, rule.made_by_id, RULE_FAILED, now, code=code)


def _notify(run: Run, user_id: int, kind: str, now: datetime, **more: str) -> None:
    company = _company(run)
    notify(
        context=acting(run.rule, now),
        user_id=user_id,
        kind=kind,
        params={
            "company_id": company.pk,
            "company": company.name,
            "reference": (run.activity.reference or "") if run.activity else "",
            "rule_id": run.rule_id,
            "rule": run.rule.name,
            **more,
        },
    )
