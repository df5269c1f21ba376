"""Adding fields to companies, contacts and kinds: administrators only.

Nothing is ever deleted: a field or a choice that is no longer wanted is switched off,
and what stands in old records stays there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from veriga.access.rules import Context
from veriga.common.checks import clean_choice, clean_text
from veriga.common.errors import NotAllowed, Problems
from veriga.common.rows import lock_row, set_changed
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.setup.models import CustomField, LifeCycle
from veriga.setup.queries import forget_code_lists
from veriga.setup.rules import CODE_LENGTH, FieldType, Subject, code_of

NAME_LENGTH = 80
MOST_FIELDS = 50  # of one subject
MOST_CHOICES = 200


@write
def create_field(
    *,
    context: Context,
    subject: str,
    type_: str,
    name_sl: str,
    name_en: str = "",
    choices: Sequence[Mapping[str, Any]] = (),
    in_list: bool = False,
) -> CustomField:
    """Add a field to a subject; its code is made of its name and never changes.

    `choices` are {"name_sl", "name_en"?}. Errors: not_allowed, required, too_long,
    control_characters, unknown_choice, name_taken, too_many.
    """
    _require_administrator(context)
    problems = Problems()
    clean_choice(problems, "subject", subject, list(Subject))
    clean_choice(problems, "type", type_, list(FieldType))
    field = CustomField(subject=subject, type=type_, in_list=bool(in_list))
    values = {
        "name_sl": _clean_name(problems, "name_sl", name_sl, required=True),
        "name_en": _clean_name(problems, "name_en", name_en),
        "choices": _clean_choices(problems, field, choices),
    }
    others = CustomField.objects.filter(subject=subject)
    _check_name(problems, field, str(values["name_sl"]))
    if others.count() >= MOST_FIELDS:
        problems.add("subject", "too_many", limit=MOST_FIELDS)
    problems.raise_if_any()
    set_changed(field, values)
    field.code = _new_code(field.name_sl, set(others.values_list("code", flat=True)))
    field.position = (others.aggregate(last=Max("position"))["last"] or 0) + 1
    field.save(force_insert=True)
    _done(context, field, "create", {"name_sl": (None, field.name_sl)})
    return field


@write
def update_field(*, context: Context, field_id: int, **changes: Any) -> CustomField:
    """Change names, choices, life cycle or whether lists show it; not subject or type.

    `choices` replace those that are there: one with a known "code" is renamed, one
    without is new, and one that is missing is switched off. Errors: those of
    create_field, unknown_field, not_found.
    """
    _require_administrator(context)
    field = lock_row(CustomField.objects.all(), field_id)
    problems = Problems()
    values: dict[str, Any] = {}
    for name, value in changes.items():
        if name in {"name_sl", "name_en"}:
            is_first = name == "name_sl"
            values[name] = _clean_name(problems, name, value, required=is_first)
        elif name == "choices":
            values[name] = _clean_choices(problems, field, value)
        elif name == "life_cycle":
            values[name] = clean_choice(problems, name, value, LifeCycle.values)
        elif name == "in_list":
            values[name] = bool(value)
        else:
            problems.add(name, "unknown_field")
    if "name_sl" in values:
        _check_name(problems, field, values["name_sl"])
    problems.raise_if_any()
    changed = set_changed(field, values)
    if changed:
        field.save()
        _done(context, field, "update", changed)
    return field


@write
def move_field(*, context: Context, field_id: int, down: bool) -> CustomField:
    """Move a field one place up or down among those of its subject."""
    _require_administrator(context)
    field = lock_row(CustomField.objects.all(), field_id)
    rows = CustomField.objects.select_for_update().filter(subject=field.subject)
    ordered = list(rows.order_by("position", "code"))
    place = [one.pk for one in ordered].index(field.pk)
    other = place + (1 if down else -1)
    if 0 <= other < len(ordered):
        ordered[place], ordered[other] = ordered[other], ordered[place]
        for position, one in enumerate(ordered, 1):
            one.position = position
        CustomField.objects.bulk_update(ordered, ["position"])
        _done(context, field, "update", {"position": (place + 1, other + 1)})
    return field


def _require_administrator(context: Context) -> None:
    if not context.actor.is_administrator:
        raise NotAllowed


def _done(
    context: Context,
    field: CustomField,
    action: str,
    changes: Mapping[str, tuple[object, object]],
) -> None:
    note_change(context, "custom_field", field.pk, action, changes)
    forget_code_lists()
    transaction.on_commit(forget_code_lists)


def _clean_name(
    problems: Problems, place: str, value: object, *, required: bool = False
) -> str:
    return clean_text(problems, place, value, limit=NAME_LENGTH, required=required)


def _check_name(problems: Problems, field: CustomField, name: str) -> None:
    same = CustomField.objects.filter(subject=field.subject, name_sl__iexact=name)
    if name and same.exclude(pk=field.pk).exists():
        problems.add("name_sl", "name_taken")


def _new_code(name: str, taken: set[str]) -> str:
    code = code_of(name)
    number = 2
    while code in taken:
        end = f"-{number}"
        code = code_of(name)[: CODE_LENGTH - len(end)] + end
        number += 1
    return code


def _clean_choices(
    problems: Problems, field: CustomField, given: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the choices as stored: those given, then what is switched off by now."""
    if field.type != FieldType.CHOICE:
        return []
    before = {choice["code"]: choice for choice in field.choices}
    found: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    for one in given:
        name = _clean_name(problems, "choices", one.get("name_sl"))
        other = _clean_name(problems, "choices", one.get("name_en"))
        if not name:
            continue
        if name.casefold() in seen:
            problems.add("choices", "name_taken")
        seen.add(name.casefold())
        code = str(one.get("code") or "")
        if code not in before:
            code = _new_code(name, set(before) | set(found))
        found[code] = {
            "code": code, "name_sl": name, "name_en": other, "is_off": False,
        }  # fmt: skip
    if not found:
        problems.add("choices", "required")
    if len(found) > MOST_CHOICES:
        problems.add("choices", "too_many", limit=MOST_CHOICES)
    off = [{**c, "is_off": True} for code, c in before.items() if code not in found]
    return [*found.values(), *off]
