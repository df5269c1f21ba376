"""Making and changing rules: managers for their team, who sees all for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from veriga.access.models import Team, User
from veriga.access.queries import users_by_id
from veriga.access.rules import Context
from veriga.activities.kinds import kind_of
from veriga.activities.rules.words import Direction, KindCode
from veriga.automation import ready
from veriga.automation.models import Rule, RuleStep, Run
from veriga.automation.queries.rules import forget_rules, visible_rules
from veriga.automation.rules import (
    CONDITIONS,
    MOST_DAYS,
    MOST_STEPS,
    Deed,
    Ending,
    Person,
    Trigger,
    may_keep,
)
from veriga.common.checks import clean_choice, clean_text
from veriga.common.errors import Conflict, FieldError, NotAllowed, Problems
from veriga.common.rows import check_version, constraint_errors, lock_row, set_changed
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.setup.models import (
    CodeListEntry,
    CompanyCategory,
    EventType,
    LifeCycle,
    ProductRecordType,
    Stage,
)
from veriga.setup.queries import find_entry

NAME_LENGTH: Final = 80
TITLE_LENGTH: Final = 200
TEXT_LENGTH: Final = 1000
TYPES: Final[Mapping[str, type[CodeListEntry]]] = {
    KindCode.EVENT: EventType,
    KindCode.PRODUCT_RECORD: ProductRecordType,
}
MADE_KINDS: Final = (KindCode.EVENT, KindCode.TASK)
NAME_TAKEN = FieldError("name", "name_taken")
NAME_ONCE = ("rule_name_once", "automation_rule.name")


@dataclass(frozen=True, slots=True)
class NewStep:
    """One step of a rule, as it is typed."""

    deed: str = Deed.ACTIVITY
    kind: str = ""
    type_code: str = ""
    days: int | None = 0
    title: str = ""
    text: str = ""
    person: str = Person.OWNER
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as it is typed; conditions that its trigger does not have are left out."""

    name: str
    trigger: str
    steps: Sequence[NewStep]
    kind: str = ""
    type_code: str = ""
    result: str = ""
    direction: str = ""
    stage: str = ""
    category: str = ""
    first_only: bool = False
    days: int | None = None
    team_id: int | None = None


@write
def create_rule(*, context: Context, draft: RuleDraft) -> Rule:
    """Store a new rule, switched off, and return it.

    Managers make rules for their own team, who sees all companies for all of them.
    Errors: not_allowed, and of its fields required, unknown_choice, not_offered,
    wrong_result, between, too_long, name_taken; those of steps at "steps.0.title".
    """
    if not may_keep(context.actor, draft.team_id):
        raise NotAllowed
    values, steps = _clean(draft, None)
    rule = Rule(made_by_id=context.actor.user_id, created_at=context.now, **values)
    with constraint_errors(dict.fromkeys(NAME_ONCE, NAME_TAKEN)):
        rule.save(force_insert=True)
    _write_steps(rule, steps)
    note_change(context, "rule", rule.pk, "create", {"name": (None, rule.name)})
    _changed()
    return rule


@write
def update_rule(
    *,
    context: Context,
    rule_id: int,
    draft: RuleDraft,
    expected_version: int | None = None,
) -> Rule:
    """Change a rule and return it; runs at work go on with its new steps.

    Errors: not_found, not_allowed, stale, and those of create_rule.
    """
    rule = _lock(context, rule_id)
    if not may_keep(context.actor, draft.team_id):
        raise NotAllowed
    check_version(rule, expected_version)
    values, steps = _clean(draft, rule)
    before = [_plain(step) for step in rule.steps.order_by("position")]
    changed: dict[str, tuple[object, object]] = dict(set_changed(rule, values))
    after = [_plain(step) for step in steps]
    if before != after:
        changed["steps"] = (before, after)
    if not changed:
        return rule
    rule.made_by_id = context.actor.user_id or rule.made_by_id
    rule.row_version += 1
    with constraint_errors(dict.fromkeys(NAME_ONCE, NAME_TAKEN)):
        rule.save()
    if "steps" in changed:
        rule.steps.all().delete()
        _write_steps(rule, steps)
    note_change(context, "rule", rule.pk, "update", changed)
    _changed()
    return rule


@write
def switch_rule(
    *,
    context: Context,
    rule_id: int,
    on: bool,
    expected_version: int | None = None,
) -> Rule:
    """Switch a rule on or off and return it.

    Off, it plans nothing more; what it planned already stays with its owners.
    """
    rule = _lock(context, rule_id)
    check_version(rule, expected_version)
    if rule.is_on == on:
        return rule
    rule.is_on = on
    if on:
        rule.on_since = context.now
        rule.made_by_id = rule.made_by_id or context.actor.user_id
    else:
        Run.objects.filter(rule=rule, ended_at__isnull=True).update(
            ended_at=context.now, ending=Ending.SWITCHED_OFF, next_at=None
        )
    rule.row_version += 1
    rule.save(update_fields=["is_on", "on_since", "made_by", "row_version"])
    note_change(context, "rule", rule.pk, "update", {"is_on": (not on, on)})
    _changed()
    return rule


@write
def delete_rule(*, context: Context, rule_id: int) -> None:
    """Delete a rule that has never been at work; others are switched off."""
    rule = _lock(context, rule_id)
    if rule.runs.exists():
        raise Conflict("rule_in_use")
    note_change(context, "rule", rule.pk, "delete", {"name": (rule.name, None)})
    rule.delete()
    _changed()


@write
def install_rules(*, context: Context, language: str = "") -> int:
    """Store the ready rules, switched off, where there is no rule yet; how many."""
    if Rule.objects.exists():
        return 0
    language = language or settings.LANGUAGE_CODE
    for one in ready.RULES:
        rule = Rule.objects.create(
            name=one.name[language],
            trigger=one.trigger,
            created_at=context.now,
            **one.conditions,
        )
        steps = [step.in_language(language) for step in one.steps]
        _write_steps(rule, [_row(step) for step in map(_as_step, steps)])
    _changed()
    return len(ready.RULES)


def _as_step(values: Mapping[str, Any]) -> NewStep:
    return NewStep(**values)


def _lock(context: Context, rule_id: int) -> Rule:
    rule = lock_row(visible_rules(context.actor), rule_id)
    if not may_keep(context.actor, rule.team_id):
        raise NotAllowed
    return rule


def _changed() -> None:
    forget_rules()
    transaction.on_commit(forget_rules)


def _clean(
    draft: RuleDraft, stored: Rule | None
) -> tuple[dict[str, Any], list[RuleStep]]:
    """Return the columns of a rule and its steps, or raise all that is wrong."""
    problems = Problems()
    name = clean_text(problems, "name", draft.name, limit=NAME_LENGTH, required=True)
    trigger = clean_choice(problems, "trigger", draft.trigger, set(Trigger))
    asked = CONDITIONS[Trigger(trigger)] if trigger else frozenset()
    values: dict[str, Any] = {"name": name, "trigger": trigger, "days": None}
    for column in ("kind", "type_code", "result", "direction", "stage"):
        values[column] = getattr(draft, column) if column in asked else ""
    values["category"] = draft.category
    values["first_only"] = draft.first_only and "first_only" in asked
    _check_conditions(problems, values, stored)
    if trigger == Trigger.STAGE and not values["stage"]:
        problems.add("stage", "required")
    if "days" in asked:
        values["days"] = _days(problems, "days", draft.days, least=1)
    if draft.team_id is not None and not Team.objects.filter(pk=draft.team_id).exists():
        problems.add("team", "unknown_choice")
    values["team_id"] = draft.team_id
    steps = _clean_steps(problems, draft.steps)
    problems.raise_if_any()
    return values, steps


def _check_conditions(
    problems: Problems, values: Mapping[str, Any], stored: Rule | None
) -> None:
    kind, direction = values["kind"], values["direction"]
    if kind and kind not in set(KindCode):
        problems.add("kind", "unknown_choice")
        return
    if direction and direction not in set(Direction):
        problems.add("direction", "unknown_choice")
    results = kind_of(kind).results if kind else set()
    if values["result"] and values["result"] not in results:
        problems.add("result", "wrong_result" if kind else "unknown_choice")
    _check_entry(problems, "kind", TYPES.get(kind), values["type_code"], stored)
    _check_entry(problems, "stage", Stage, values["stage"], stored)
    _check_entry(problems, "category", CompanyCategory, values["category"], stored)


def _check_entry(
    problems: Problems,
    field: str,
    model: type[CodeListEntry] | None,
    code: str,
    stored: Rule | None = None,
) -> None:
    """Note an entry that there is not, or that is no longer offered and is new here."""
    if not code:
        return
    entry = find_entry(model, code) if model else None
    had = (stored.type_code, stored.stage, stored.category) if stored else ()
    if entry is None:
        problems.add(field, "unknown_choice")
    elif entry.life_cycle != LifeCycle.ACTIVE and code not in had:
        problems.add(field, "not_offered")


def _days(
    problems: Problems, field: str, days: int | None, *, least: int
) -> int | None:
    if days is None:
        problems.add(field, "required")
    elif not least <= days <= MOST_DAYS:
        problems.add(field, "between", least=least, most=MOST_DAYS)
    return days


def _clean_steps(problems: Problems, steps: Sequence[NewStep]) -> list[RuleStep]:
    """Return the steps by their days; those of one day stay as they are given."""
    if not steps:
        problems.add("steps", "required")
    if len(steps) > MOST_STEPS:
        problems.add("steps", "too_many", limit=MOST_STEPS)
        return []
    users = users_by_id(step.user_id for step in steps)
    for number, step in enumerate(steps):
        _check_step(problems, f"steps.{number}", step, users)
    return [_row(step) for step in sorted(steps, key=lambda step: step.days or 0)]


def _check_step(
    problems: Problems, where: str, step: NewStep, users: Mapping[int, User]
) -> None:
    deed = clean_choice(problems, f"{where}.deed", step.deed, set(Deed))
    person = clean_choice(problems, f"{where}.person", step.person, set(Person))
    _days(problems, f"{where}.days", step.days, least=0)
    clean_text(problems, f"{where}.title", step.title, limit=TITLE_LENGTH)
    clean_text(problems, f"{where}.text", step.text, limit=TEXT_LENGTH, multiline=True)
    if deed == Deed.ACTIVITY:
        if step.kind not in MADE_KINDS:
            problems.add(f"{where}.deed", "unknown_choice")
        elif step.kind == KindCode.EVENT and not step.type_code:
            problems.add(f"{where}.deed", "required")
        _check_entry(problems, f"{where}.deed", TYPES.get(step.kind), step.type_code)
    elif deed == Deed.NOTIFY and not (step.title.strip() or step.text.strip()):
        problems.add(f"{where}.title", "required")
    if person == Person.USER:
        user = users.get(step.user_id or 0)
        if user is None:
            problems.add(f"{where}.person", "required")
        elif not user.is_active:
            problems.add(f"{where}.person", "inactive_user", name=user.name)
    elif deed == Deed.ASSIGN and person == Person.ACCOUNT_OWNER:
        problems.add(f"{where}.person", "assign_to_whom")


def _row(step: NewStep) -> RuleStep:
    ignored = Problems()
    is_activity = step.deed == Deed.ACTIVITY
    return RuleStep(
        deed=step.deed,
        kind=step.kind if is_activity else "",
        type_code=step.type_code if is_activity and step.kind in TYPES else "",
        days=step.days or 0,
        title=clean_text(ignored, "title", step.title, limit=TITLE_LENGTH),
        text=clean_text(ignored, "text", step.text, limit=TEXT_LENGTH, multiline=True),
        person=step.person,
        user_id=step.user_id if step.person == Person.USER else None,
    )


def _write_steps(rule: Rule, steps: Sequence[RuleStep]) -> None:
    for position, step in enumerate(steps, start=1):
        step.rule, step.position, step.pk = rule, position, None
    RuleStep.objects.bulk_create(steps)


def _plain(step: RuleStep) -> dict[str, object]:
    names = ("deed", "kind", "type_code", "days", "title", "text", "person", "user_id")
    return {name: getattr(step, name) for name in names}
