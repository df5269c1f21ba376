"""Rules, their steps and what became of them, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from veriga.activities.queries.rows import type_name
from veriga.automation.models import Rule, RuleStep, Run, RunStep
from veriga.automation.queries.runs import AT_WORK, IMPOSSIBLE, WITHOUT
from veriga.automation.rules import Deed, Ending, Outcome, Person, Trigger
from veriga.common.errors import FieldError
from veriga.setup.models import CompanyCategory, Stage
from veriga.web.formats import number
from veriga.web.forms.choices import direction_name, entry_name, result_name
from veriga.web.words import kind_name
from veriga.work.messages import message_of


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step for a list: when, what, for whom."""

    when: str
    what: str
    who: str


def trigger_names() -> dict[str, str]:
    """Return what a rule may wait for, in words."""
    return {
        Trigger.DONE: _("an activity is done"),
        Trigger.SENT: _("a quote is sent"),
        Trigger.STAGE: _("a sale reaches a stage"),
        Trigger.SILENCE: _("a chain is silent too long"),
        Trigger.ACTIVATED: _("a company becomes an active customer"),
    }


def when_words(rule: Rule) -> str:
    """Return what sets a rule off, as the beginning of its sentence."""
    what = activity_words(rule.kind, rule.type_code)
    if rule.trigger == Trigger.DONE:
        text = _("When this is done: %(what)s") if what else _("When anything is done")
        said = text % {"what": what}
    elif rule.trigger == Trigger.SENT:
        said = _("When a quote is sent")
    elif rule.trigger == Trigger.STAGE:
        stage = entry_name(Stage, rule.stage)
        said = _("When a sale reaches the stage: %(stage)s") % {"stage": stage}
    elif rule.trigger == Trigger.SILENCE:
        days = rule.days or 0
        text = ngettext(
            "When a chain is silent for more than %(num)s working day",
            "When a chain is silent for more than %(num)s working days",
            days,
        )
        said = text % {"num": number(days)}
    else:
        said = _("When a company becomes an active customer")
    asked = _asked(rule)
    return f"{said} ({'; '.join(asked)})" if asked else said


def _asked(rule: Rule) -> list[str]:
    """Return the further conditions of a rule, each in words."""
    found = []
    if rule.result:
        text = _("result: %(result)s")
        found.append(text % {"result": result_name(rule.result)})
    if rule.trigger == Trigger.SILENCE:
        if what := activity_words(rule.kind, rule.type_code):
            found.append(_("last: %(what)s") % {"what": what})
        if rule.stage:
            stage = entry_name(Stage, rule.stage)
            found.append(_("stage: %(stage)s") % {"stage": stage})
    if rule.direction:
        found.append(direction_name(rule.direction))
    if rule.first_only:
        found.append(_("the first one at the company"))
    if rule.category:
        name = entry_name(CompanyCategory, rule.category)
        found.append(_("companies: %(category)s") % {"category": name})
    if rule.team is not None:
        found.append(_("team: %(team)s") % {"team": rule.team.name})
    return found


def activity_words(kind: str, type_code: str) -> str:
    """Return a kind of activity, or one type of it; "" for any."""
    if not kind:
        return ""
    return type_name(kind, type_code) if type_code else kind_name(kind)


def in_days(days: int) -> str:
    """Return when a step comes, from what set the rule off."""
    if days == 0:
        return _("at once")
    text = ngettext("in %(num)s working day", "in %(num)s working days", days)
    return text % {"num": number(days)}


def step_words(step: RuleStep) -> StepWords:
    """Return a step in words."""
    return StepWords(in_days(step.days), deed_words(step), person_words(step))


def deed_words(step: RuleStep) -> str:
    """Return what a step does."""
    if step.deed == Deed.ASSIGN:
        return _("account owner of the company")
    if step.deed == Deed.NOTIFY:
        return _("notice “%(text)s”") % {"text": step.title or step.text}
    what = activity_words(step.kind, step.type_code)
    if not step.title:
        return what
    return _("%(what)s “%(title)s”") % {"what": what, "title": step.title}


def person_names() -> dict[str, str]:
    """Return for whom a step may be, but for single users."""
    return {
        Person.OWNER: _("the owner"),
        Person.ACCOUNT_OWNER: _("the account owner"),
    }


def person_words(step: RuleStep) -> str:
    """Return for whom a step is."""
    if step.person == Person.USER:
        return step.user.name if step.user else ""
    return person_names()[step.person]


def state_names() -> dict[str, str]:
    """Return what the log may be narrowed to, in words."""
    return {
        AT_WORK: pgettext("rule", "at work"),
        Ending.FINISHED: pgettext("rule", "all steps done"),
        Ending.REACTED: _("ended: the customer has reacted"),
        Ending.CLOSED: _("ended: the sale is closed"),
        IMPOSSIBLE: _("something was not possible"),
        WITHOUT: _("set off without doing anything"),
    }


def ending_words(run: Run) -> str:
    """Return how a run stands."""
    if run.ended_at is None:
        return pgettext("rule", "at work")
    if run.ending == Ending.FAILED:
        return _("not possible: %(why)s") % {"why": why_words(run.code)}
    return {
        Ending.FINISHED: pgettext("rule", "all steps done"),
        Ending.REACTED: _("ended: the customer has reacted"),
        Ending.CLOSED: _("ended: the sale is closed"),
        Ending.SWITCHED_OFF: _("ended: the rule was switched off"),
        Ending.GONE: _("ended: what set it off was deleted"),
        Ending.ALREADY: _("nothing done: the rule is at work in this chain already"),
        Ending.CIRCLE: _("nothing done: rules would go on setting each other off"),
    }[Ending(run.ending)]


def ending_tone(run: Run) -> str:
    """Return the colour of how a run stands."""
    if run.ended_at is None:
        return "accent"
    if run.ending == Ending.FAILED:
        return "late"
    return "done" if run.ending in (Ending.FINISHED, Ending.REACTED) else ""


def outcome_words(step: RunStep) -> str:
    """Return what became of a step; the activity it made is told beside it."""
    if step.withdrawn_at is not None:
        return pgettext("step of a rule", "withdrawn")
    name = step.user.name if step.user else ""
    return {
        Outcome.MADE: pgettext("step of a rule", "planned"),
        Outcome.ASSIGNED: _("account owner: %(name)s") % {"name": name},
        Outcome.TOLD: _("notice: %(name)s") % {"name": name},
        Outcome.IMPOSSIBLE: _("not possible: %(why)s") % {"why": why_words(step.code)},
    }[Outcome(step.outcome)]


def why_words(code: str) -> str:
    """Return why something was not possible, as the sentence of that error."""
    try:
        return message_of(FieldError("", code)) if code else ""
    except KeyError:  # a sentence that names a value, which no log keeps
        return message_of(FieldError("", "invalid"))
