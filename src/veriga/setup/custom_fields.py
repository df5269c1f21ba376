"""Custom fields of a record: which there are, and checking what somebody gives them.

Everybody may read them, hence no actor; kept for a few seconds as code lists are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import connection
from django.db.models import F, Func, Q, TextField
from django.db.models.lookups import Exact

from veriga.common.errors import Problems

from .models import CustomField, LifeCycle
from .queries import code_list
from .rules import TEXT_LENGTH, FieldType, read_value

Values = dict[str, Any]  # as stored: by the field's key
KEY: Final = re.compile(r"f[0-9]+")


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


def is_filter(field: CustomField) -> bool:
    """Whether lists offer to be narrowed by the field: choices, and yes or no."""
    return field.type in {FieldType.CHOICE, FieldType.YES_NO}


def value_sql(vendor: str, column: str, key: str) -> str:
    """Return the SQL of a custom value as text, the same in an index and in a query.

    The key is written out: an index serves a query only where both say the same.
    """
    if not KEY.fullmatch(key):
        raise ValueError(key)
    if vendor == "postgresql":
        return f"{column} ->> '{key}'"
    return f"CAST(json_extract({column}, '$.{key}') AS TEXT)"


class CustomValue(Func):
    """The value of a custom field as text, as `value_sql` writes it."""

    def __init__(self, column: str, key: str) -> None:
        super().__init__(F(column), output_field=TextField())
        self.key = key

    def as_sql(
        self, compiler: Any, connection: Any, *args: Any, **more: Any
    ) -> tuple[str, Any]:
        column, params = compiler.compile(self.get_source_expressions()[0])
        return f"({value_sql(connection.vendor, column, self.key)})", params


def conditions(column: str, wanted: Iterable[tuple[str, Any]]) -> Q:
    """Return the condition for rows with these values, each by its field's key.

    Values are stored ones: text, or a truth value.
    """
    found = Q()
    for key, value in wanted:
        found &= Q(Exact(CustomValue(column, key), _as_text(value)))
    return found


def _as_text(value: str | bool) -> str:
    """Return a value as `value_sql` has it."""
    if not isinstance(value, bool):
        return value
    if connection.vendor == "postgresql":
        return "true" if value else "false"
    return str(int(value))


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
