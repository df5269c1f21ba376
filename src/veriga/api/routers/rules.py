"""Rules "when … then": kept, switched, tried out, and what they did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from veriga.access.queries import find_user
from veriga.access.rules import Actor, Context
from veriga.api import rule_shapes
from veriga.api.answers import answer, expected_version, nothing, only_known
from veriga.api.auth import reader, writer
from veriga.api.idempotency import once
from veriga.api.schemas.rules import (
    RehearsalOut,
    RuleIn,
    RuleOut,
    RulePatch,
    RulesOut,
    RuleStepIn,
    RunsOut,
    RunsQuery,
)
from veriga.automation.models import Rule
from veriga.automation.queries.rehearsal import rehearse
from veriga.automation.queries.rules import get_rule, list_rules
from veriga.automation.queries.runs import RunFilters, list_runs, numbers_of_rules
from veriga.automation.rules import may_keep
from veriga.automation.services import (
    NewStep,
    RuleDraft,
    create_rule,
    delete_rule,
    switch_rule,
    update_rule,
)
from veriga.common.errors import FieldError, Invalid, NotAllowed

router = Router(tags=["rules"])
COUNTED: Final = timedelta(days=30)
# Fields of a body that drafts call otherwise.
OF_DRAFT: Final = {"type": "type_code", "team": "team_id"}


@router.get("/rules", response=RulesOut)
def list_all_rules(request: HttpRequest) -> HttpResponse:
    """Return the rules that apply to what the caller does, by name."""
    context = writer(request)
    numbers = _numbers(context)
    items = [
        rule_shapes.rule(context.actor, one, numbers.get(one.pk, 0))
        for one in list_rules(context.actor)
    ]
    return answer({"items": items})


@router.post("/rules", response={201: RuleOut})
def make_rule(request: HttpRequest, body: RuleIn) -> HttpResponse:
    """Make a rule; it is switched off until it is switched on."""
    context = writer(request)

    def work() -> Any:
        draft = _draft(
            context.actor, body, RuleDraft("", "", (), team_id=_team(context))
        )
        with _named(body.steps):
            rule_id = create_rule(context=context, draft=draft).pk
        address = f"/api/v1/rules/{rule_id}"
        return lambda: _answer(context, rule_id, 201, address=address)

    return once(request, work)


@router.get("/rules/runs", response=RunsOut)
def list_rule_runs(request: HttpRequest, query: Query[RunsQuery]) -> HttpResponse:
    """Return what rules did at the companies that the caller sees, newest first."""
    only_known(request, RunsQuery)
    page = list_runs(
        reader(request),
        RunFilters(query.rule, query.state or ""),
        limit=query.limit,
        cursor=query.cursor or None,
    )
    items = [rule_shapes.run(one) for one in page.rows]
    return answer({"items": items, "next": page.next})


@router.get("/rules/{int:rule_id}", response=RuleOut)
def read_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Return one rule with its steps."""
    return _answer(writer(request), rule_id)


@router.patch("/rules/{int:rule_id}", response=RuleOut)
def change_rule(request: HttpRequest, rule_id: int, body: RulePatch) -> HttpResponse:
    """Change what the body names; runs at work go on with new steps."""
    context = writer(request)
    stored = get_rule(context.actor, rule_id)
    if not may_keep(context.actor, stored.team_id):
        raise NotAllowed
    expected = expected_version(request)
    with _named(body.steps):
        update_rule(
            context=context,
            rule_id=rule_id,
            draft=_draft(context.actor, body, _draft_of(stored)),
            # What the body does not name is as it was just read, and must be still.
            expected_version=stored.row_version if expected is None else expected,
        )
    return _answer(context, rule_id)


@router.post("/rules/{int:rule_id}/on", response=RuleOut)
def switch_rule_on(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Switch a rule on; it is for what happens from now on."""
    return _switch(request, rule_id, on=True)


@router.post("/rules/{int:rule_id}/off", response=RuleOut)
def switch_rule_off(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Switch a rule off; what it planned already stays with its owners."""
    return _switch(request, rule_id, on=False)


@router.delete("/rules/{int:rule_id}", response={204: None})
def remove_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Delete a rule that has never been at work."""
    delete_rule(context=writer(request), rule_id=rule_id)
    return nothing()


@router.get("/rules/{int:rule_id}/rehearsal", response=RehearsalOut)
def rehearse_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Return what a rule would have done in the last month, and change nothing."""
    context = writer(request)
    rule = get_rule(context.actor, rule_id)
    return answer(rule_shapes.rehearsal(rehearse(context.actor, rule, now=context.now)))


# --- the parts -------------------------------------------------------------------


def _switch(request: HttpRequest, rule_id: int, *, on: bool) -> HttpResponse:
    context, expected = writer(request), expected_version(request)

    def work() -> Any:
        switch_rule(context=context, rule_id=rule_id, on=on, expected_version=expected)
        return lambda: _answer(context, rule_id)

    return once(request, work)


def _answer(
    context: Context, rule_id: int, status: int = 200, *, address: str = ""
) -> HttpResponse:
    rule = get_rule(context.actor, rule_id)
    number = _numbers(context).get(rule_id, 0)
    shape = rule_shapes.rule(context.actor, rule, number)
    return answer(shape, status, address=address)


def _numbers(context: Context) -> dict[int, int]:
    return numbers_of_rules(context.actor, since=context.now - COUNTED)


def _team(context: Context) -> int | None:
    """Return whose rule a new one is if the body does not say: all that one keeps."""
    return None if context.actor.sees_everything else context.actor.team_id


def _draft(actor: Actor, body: RulePatch, stored: RuleDraft) -> RuleDraft:
    """Return a draft with what the body gives; the rest as it is stored."""
    given = body.given()
    values = {
        OF_DRAFT.get(name, name): value
        for name, value in given.items()
        if name != "steps"
    }
    for name in values.keys() - {"days", "team_id", "first_only"}:
        values[name] = values[name] or ""
    if "steps" in given:
        values["steps"] = [_step(actor, step) for step in body.steps]
    return replace(stored, **values)


def _step(actor: Actor, step: RuleStepIn) -> NewStep:
    user = None if step.user is None else find_user(actor, step.user)
    return NewStep(
        deed=step.deed,
        kind=step.kind or "",
        type_code=step.type or "",
        days=step.days,
        title=step.title or "",
        text=step.text or "",
        person=step.person,
        user_id=user.pk if user else None,
    )


def _draft_of(rule: Rule) -> RuleDraft:
    """Return a stored rule as a draft."""
    return RuleDraft(
        name=rule.name,
        trigger=rule.trigger,
        kind=rule.kind,
        type_code=rule.type_code,
        result=rule.result,
        direction=rule.direction,
        stage=rule.stage,
        category=rule.category,
        first_only=rule.first_only,
        days=rule.days,
        team_id=rule.team_id,
        steps=[
            NewStep(
                deed=step.deed,
                kind=step.kind,
                type_code=step.type_code,
                days=step.days,
                title=step.title,
                text=step.text,
                person=step.person,
                user_id=step.user_id,
            )
            for step in rule.steps.all()
        ],
    )


@contextmanager
def _named(steps: Sequence[RuleStepIn]) -> Iterator[None]:
    """Say of the fields of the body what the form says of its own.

    There a kind and its type are one choice; what is wrong with the kind itself, the
    schema has said already.
    """
    try:
        yield
    except Invalid as error:
        errors = [replace(one, field=_place(one, steps)) for one in error.errors]
        raise Invalid(error.code, errors=errors, **error.params) from error


def _place(error: FieldError, steps: Sequence[RuleStepIn]) -> str:
    if not error.field.startswith("steps."):
        return "type" if error.field == "kind" else error.field
    _, number, name = error.field.split(".")
    if int(number) >= len(steps):
        return error.field  # of a step that the body does not name
    step = steps[int(number)]
    if name == "deed" and step.deed == "activity":
        name = "type" if step.kind else "kind"
    elif name == "person" and step.person == "user":
        name = "user"
    return f"steps.{number}.{name}"
