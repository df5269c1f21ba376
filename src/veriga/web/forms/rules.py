"""The form of a rule: what it shows, and reading what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from veriga.activities.rules.words import Direction, KindCode, Result
from veriga.automation.models import Rule
from veriga.automation.rules import MOST_STEPS, Deed, Person, Trigger
from veriga.automation.services import NewStep, RuleDraft
from veriga.common.errors import FieldError, Invalid
from veriga.setup.models import CompanyCategory, Stage
from veriga.web.pages import Typed
from veriga.web.words import kind_name

from .choices import (
    TYPES,
    Options,
    direction_name,
    offered,
    result_name,
)

PLAIN: Final = ("name", "trigger", "result", "direction", "stage", "category")
STEP_FIELDS: Final = ("days", "what", "title", "person", "text")
BLANK: Final = {"days": "", "what": "", "title": "", "person": "owner", "text": ""}
MADE: Final = (KindCode.EVENT, KindCode.TASK)


def shown_rule(rule: Rule) -> dict[str, str]:
    """Return a stored rule as its form shows it."""
    found = {name: str(getattr(rule, name)) for name in PLAIN}
    found |= {
        "what": join_what(rule.kind, rule.type_code),
        "days": "" if rule.days is None else str(rule.days),
        "team": str(rule.team_id or ""),
        "first_only": "on" if rule.first_only else "",
    }
    for number, step in enumerate(rule.steps.all()):
        is_activity = step.deed == Deed.ACTIVITY
        what = join_what(step.kind, step.type_code) if is_activity else step.deed
        is_user = step.person == Person.USER
        found |= {
            f"step-{number}-days": str(step.days),
            f"step-{number}-what": what,
            f"step-{number}-title": step.title,
            f"step-{number}-person": str(step.user_id) if is_user else step.person,
            f"step-{number}-text": step.text,
        }
    return found


def new_rule(team_id: int | None) -> dict[str, str]:
    """Return the form of a new rule: one step, and conditions for the usual case."""
    return {
        "trigger": Trigger.DONE,
        "result": Result.CARRIED_OUT,
        "team": str(team_id or ""),
        "step-0-days": "2",
        "step-0-what": "event:call",
    }


def step_rows(values: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the inputs of all steps there may be, blank ones too."""
    return [
        {name: values.get(f"step-{n}-{name}", BLANK[name]) for name in STEP_FIELDS}
        for n in range(MOST_STEPS)
    ]


def read_rule(data: Mapping[str, str], team_id: int | None) -> RuleDraft:
    """Return what was typed; `team_id` where somebody may not choose one.

    Errors: wrong_type for what is no number.
    """
    typed = Typed(data)
    kind, type_code = split_what(typed.text("what"))
    steps = [_read_step(typed, number) for number in typed_steps(data)]
    days = typed.number("days")
    team = typed.number("team") if team_id is None else team_id
    draft = RuleDraft(
        **{name: typed.text(name).strip() for name in PLAIN},
        steps=steps,
        kind=kind,
        type_code=type_code,
        first_only=bool(typed.text("first_only")),
        days=days,
        team_id=team,
    )
    typed.raise_if_any()
    return draft


def typed_steps(data: Mapping[str, str]) -> list[int]:
    """Return the numbers of the steps in which something is typed."""
    names = ("what", "title", "text")
    return [
        number
        for number in range(MOST_STEPS)
        if any(data.get(f"step-{number}-{name}", "").strip() for name in names)
    ]


def _read_step(typed: Typed, number: int) -> NewStep:
    def text(name: str) -> str:
        return typed.text(f"step-{number}-{name}").strip()

    what, person = text("what"), text("person")
    deed, (kind, type_code) = Deed.ACTIVITY.value, split_what(what)
    if what in (Deed.ASSIGN, Deed.NOTIFY):
        deed, kind, type_code = what, "", ""
    days = typed.number(f"step-{number}-days")
    is_user = person.isascii() and person.isdigit()
    user_id = typed.number(f"step-{number}-person") if is_user else None
    return NewStep(
        deed=deed,
        kind=kind,
        type_code=type_code,
        days=0 if days is None and not text("days") else days,
        title=text("title"),
        text=text("text"),
        person=Person.USER if is_user else person,
        user_id=user_id,
    )


def placed(error: Invalid, data: Mapping[str, str]) -> Invalid:
    """Return the error with its fields under the names of the form's inputs."""
    numbers = typed_steps(data)
    names = {"kind": "what", "type_code": "what"}

    def place(field: str) -> str:
        if not field.startswith("steps."):
            return names.get(field, field)
        _, number, name = field.split(".")
        return f"step-{numbers[int(number)]}-{'what' if name == 'deed' else name}"

    errors = [FieldError(place(e.field), e.code, e.params) for e in error.errors]
    return Invalid(error.code, errors=errors, **error.params)


def join_what(kind: str, type_code: str) -> str:
    """Return a kind and one of its types as one choice of a select."""
    return f"{kind}:{type_code}" if type_code else kind


def split_what(value: str) -> tuple[str, str]:
    """Return the kind and the type that such a choice means."""
    kind, _, type_code = value.partition(":")
    return kind, type_code


def what_options(kinds: Iterable[str], *, whole: bool, present: str = "") -> list[Any]:
    """Return the kinds and their types as options; `whole`: any of a kind too."""
    had_kind, had_type = split_what(present)
    found: list[Any] = []
    for kind in kinds:
        if kind not in TYPES:
            found.append((kind, kind_name(kind)))
            continue
        types: Options = offered(TYPES[kind], had_type if kind == had_kind else "")
        options = [(f"{kind}:{code}", name) for code, name in types]
        if whole:
            options.insert(0, (kind, kind_name(kind)))
        found.append({"label": kind_name(kind), "options": options})
    return found


def result_options() -> Options:
    return [(one.value, result_name(one)) for one in Result]


def direction_options() -> Options:
    return [(one.value, direction_name(one)) for one in Direction]


def stage_choices(present: str) -> Options:
    """Return all stages on offer, those that close too, and the `present` one."""
    return offered(Stage, present)


def category_options(present: str) -> Options:
    return offered(CompanyCategory, present)


def used_steps(rows: Sequence[Mapping[str, str]]) -> int:
    """Return how many steps a form shows without script being asked for more."""
    filled = [n for n, row in enumerate(rows, 1) if row["what"] or row["title"]]
    return max(filled, default=0) + 1
