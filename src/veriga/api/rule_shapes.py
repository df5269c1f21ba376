"""How rules, what they would do and what they did look in JSON."""

from __future__ import annotations

from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.automation.models import Rule, RuleStep, Run, RunStep
from veriga.automation.queries.rehearsal import Occasion, Planned, Rehearsal
from veriga.automation.rules import may_keep
from veriga.parties.models import Company

from .shapes import Shape, instant, user_of


def rule(actor: Actor, row: Rule, set_off: int) -> Shape:
    """Return a rule with its steps; `set_off` is how often it was of late."""
    return {
        "id": row.pk,
        "name": row.name,
        "trigger": row.trigger,
        "kind": row.kind or None,
        "type": row.type_code or None,
        "result": row.result or None,
        "direction": row.direction or None,
        "stage": row.stage or None,
        "category": row.category or None,
        "first_only": row.first_only,
        "days": row.days,
        "team": {"id": row.team.pk, "name": row.team.name} if row.team else None,
        "steps": [_step(step) for step in row.steps.all()],
        "is_on": row.is_on,
        "on_since": instant(row.on_since),
        "made_by": user_of(row.made_by),
        "created_at": instant(row.created_at),
        "may_change": may_keep(actor, row.team_id),
        "set_off": set_off,
        "row_version": row.row_version,
    }


def rehearsal(found: Rehearsal) -> Shape:
    """Return what a rule would have done."""
    return {
        "occasions": [_occasion(one) for one in found.occasions],
        "is_cut": found.is_cut,
        "activities": found.activities,
        "ended_early": found.stopped,
        "impossible": found.impossible,
    }


def run(row: Run) -> Shape:
    """Return what a rule did after one occasion.

    What stands at another company by now is not named: one may not see it.
    """
    company = row.activity.company if row.activity else row.company
    return {
        "id": row.pk,
        "rule": {"id": row.rule_id, "name": row.rule.name},
        "company": _named(company),
        "activity": _reference(row.activity, company),
        "started_at": instant(row.started_at),
        "ended_at": instant(row.ended_at),
        "ending": row.ending or None,
        "ended_by": _reference(row.ended_by, company),
        "code": row.code or None,
        "steps": [_done(step, company) for step in row.done.all()],
    }


def _step(row: RuleStep) -> Shape:
    return {
        "position": row.position,
        "deed": row.deed,
        "kind": row.kind or None,
        "type": row.type_code or None,
        "days": row.days,
        "title": row.title,
        "text": row.text,
        "person": row.person,
        "user": user_of(row.user),
    }


def _occasion(one: Occasion) -> Shape:
    return {
        "at": instant(one.at),
        "company": _named(one.company),
        "activity": one.activity.reference if one.activity else None,
        "steps": [_planned(step) for step in one.planned],
    }


def _planned(one: Planned) -> Shape:
    return {
        "position": one.step.position,
        "deed": one.step.deed,
        "day": one.day.isoformat(),
        "code": one.code or None,
        "stopped": one.stopped or None,
    }


def _done(step: RunStep, company: Company) -> Shape:
    return {
        "position": step.position,
        "made_at": instant(step.made_at),
        "outcome": step.outcome,
        "code": step.code or None,
        "activity": _reference(step.activity, company),
        "user": user_of(step.user),
        "withdrawn_at": instant(step.withdrawn_at),
    }


def _named(company: Company) -> Shape:
    return {"id": company.pk, "name": company.name}


def _reference(activity: Activity | None, company: Company) -> str | None:
    if activity is None or activity.deleted_at is not None:
        return None
    return activity.reference if activity.company_id == company.pk else None
