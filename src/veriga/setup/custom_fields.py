"""Custom fields of a record: which there are, and checking what somebody gives them.

Everybody may read them, hence no actor; kept for a few seconds as code lists are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from veriga.common.errors import Problems

from .models import CustomField, LifeCycle
from .queries import code_list
from .rules import TEXT_LENGTH, read_value

Values = dict[str, Any]  # as stored: by the field's key


def fields_of(subject: str, *, offered_only: bool = False) -> list[CustomField]:
    """Return the custom fields of a subject in their order."""
    fields = code_list(CustomField, offered_only=offered_only)
    return [field for field in fields if field.subject == subject]


def fields_for(subject: str, stored: Mapping[str, Any]) -> list[CustomField]:
    """Return what a form shows: the active fields, and others that have a value."""
    return [
        field
        for field in fields_of(subject)
        if field.life_cycle == LifeCycle.ACTIVE or field.key in stored
    ]


def by_code(subject: str, stored: Mapping[str, Any]) -> Values:
    """Return stored values by the codes of their fields, in the fields' order."""
    return {
        field.code: stored[field.key]
        for field in fields_of(subject)
        if field.key in stored
    }


def choices_of(
    field: CustomField, language: str, present: str = ""
) -> list[tuple[str, str]]:
    """Return code and name of the choices on offer, and of the `present` one."""
    key = "name_en" if language.startswith("en") else "name_sl"
    return [
        (choice["code"], choice[key] or choice["name_sl"])
        for choice in field.choices
        if not choice["is_off"] or choice["code"] == present
    ]


def conditions(prefix: str, wanted: Iterable[tuple[str, Any]]) -> Q:
    """Return the condition for rows with these values, each by its field's key.

    `prefix` leads to the column, such as "custom".
    """
    found = Q()
    for key, value in wanted:
        found &= Q(**{f"{prefix}__{key}": value})
    return found


def clean_custom(
    problems: Problems, subject: str, given: object, stored: Mapping[str, Any]
) -> Values:
    """Return the stored values with those of `given` (by code) in their places.

    None and "" empty a field. What stays as it is passes, even if its field or choice
    is no longer on offer. Codes: wrong_type, unknown_field, not_offered, and those of
    rules.read_value, each at "custom.<code of the field>".
    """
    if given is None:
        return dict(stored)
    if not isinstance(given, Mapping):
        problems.add("custom", "wrong_type")
        return dict(stored)
    fields = {field.code: field for field in fields_of(subject)}
    found = dict(stored)
    for code, value in given.items():
        place = f"custom.{code}"
        field = fields.get(code)
        if field is None:
            problems.add(place, "unknown_field")
            continue
        key = field.key
        old = stored.get(key)
        offered = [c["code"] for c in field.choices if not c["is_off"]]
        clean, fault = read_value(field.type, value, [*offered, old])
        if fault:
            problems.add(place, fault, limit=TEXT_LENGTH)
        elif clean is None:
            found.pop(key, None)
        elif clean != old and field.life_cycle != LifeCycle.ACTIVE:
            problems.add(place, "not_offered")
        else:
            found[key] = clean
    return found
