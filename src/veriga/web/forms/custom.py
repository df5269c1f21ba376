"""Custom fields in forms and on pages: inputs, what was typed, how values read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from veriga.setup.custom_fields import choices_of, fields_for, fields_of
from veriga.setup.models import CustomField
from veriga.setup.rules import FieldType, read_value
from veriga.web.formats import day
from veriga.web.pages import Typed

from .numbers import read_decimal, show_decimal, write_decimal

PREFIX: Final = "custom_"
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Input:
    """One custom field of a form."""

    name: str
    label: str
    type: str
    options: list[tuple[str, str]]


def custom_names(subject: str) -> list[str]:
    """Return the names of the inputs of all fields, whatever their life cycle."""
    return [PREFIX + field.code for field in fields_of(subject)]


def inputs_of(subject: str, stored: Mapping[str, Any] | None = None) -> list[Input]:
    """Return the inputs that a form shows; `stored` are the values of the record."""
    values = stored or {}
    return [
        Input(
            PREFIX + field.code,
            field.name(_language()),
            field.type,
            _options(field, values.get(field.key)),
        )
        for field in fields_for(subject, values)
    ]


def input_of(
    subject: str, name: str, stored: Mapping[str, Any]
) -> tuple[Input, str, str] | None:
    """Return the input of one field, the text in it and what that says in words.

    None if forms do not show it for a record that has `stored`.
    """
    found = next((one for one in inputs_of(subject, stored) if one.name == name), None)
    if found is None:
        return None
    field = next(one for one in fields_of(subject) if PREFIX + one.code == name)
    value = stored.get(field.key)
    return found, _typed(field, value), words_of(field, value)


def shown_custom(subject: str, stored: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of the inputs by their names, as the record has them stored."""
    return {
        PREFIX + field.code: _typed(field, stored.get(field.key))
        for field in fields_of(subject)
    }


def read_custom(
    subject: str, values: Mapping[str, str], typed: Typed
) -> dict[str, Any]:
    """Return what was typed into the inputs that `values` has, by the fields' codes.

    What cannot be read is a problem of `typed`.
    """
    found: dict[str, Any] = {}
    for field in fields_of(subject):
        name = PREFIX + field.code
        if name not in values:
            continue
        text = values[name].strip()
        found[field.code] = text or None
        if field.type == FieldType.YES_NO:
            found[field.code] = {YES: True, NO: False}.get(text)
        elif field.type == FieldType.DATE:
            found[field.code] = typed.day(name)
        elif field.type == FieldType.NUMBER and text:
            found[field.code] = read_decimal(text)
            if found[field.code] is None:
                typed.problems[name] = "wrong_type"
    return found


def read_filters(subject: str, data: Mapping[str, str]) -> tuple[tuple[str, Any], ...]:
    """Return the values that an address narrows a list by, as (key, stored value).

    What makes no sense is passed over.
    """
    if not any(name.startswith(PREFIX) for name in data):
        return ()
    keys = {field.code: field for field in fields_of(subject)}
    found = []
    for code, value in read_custom(subject, data, Typed(data)).items():
        field = keys[code]
        known = [choice["code"] for choice in field.choices]
        stored, fault = read_value(field.type, value, known)
        if stored is not None and not fault:
            found.append((field.key, stored))
    return tuple(found)


def filter_inputs(subject: str, data: Mapping[str, str]) -> list[tuple[Input, str]]:
    """Return the fields that a list offers to be narrowed by, with what is chosen.

    Choices and yes or no are offered; any other field may stand in the address.
    """
    return [
        (one, data.get(one.name, ""))
        for one in inputs_of(subject)
        if one.options or data.get(one.name)
    ]


def list_columns(subject: str) -> list[CustomField]:
    """Return the fields that lists show a column for."""
    return [f for f in fields_of(subject, offered_only=True) if f.in_list]


def named_columns(subject: str) -> list[tuple[CustomField, str]]:
    """Return the fields of `list_columns` with their names in the page's language."""
    return [(field, field.name(_language())) for field in list_columns(subject)]


def facts_of(subject: str, stored: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return name and value, in words, of each field that has one."""
    if not stored:
        return []
    return [
        (field.name(_language()), words_of(field, stored[field.key]))
        for field in fields_of(subject)
        if field.key in stored
    ]


def words_of(field: CustomField, value: Any) -> str:
    """Return a stored value as people read it, "" for none."""
    if value is None:
        return ""
    if field.type == FieldType.YES_NO:
        return _("Yes") if value else _("No")
    if field.type == FieldType.DATE:
        return day(date.fromisoformat(value))
    if field.type == FieldType.NUMBER:
        return show_decimal(Decimal(value))
    if field.type == FieldType.CHOICE:
        return dict(choices_of(field, _language(), value)).get(value, str(value))
    return str(value)


def changes_of(
    subject: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> list[tuple[str, str, str]]:
    """Return (field, before, after) in words of what differs, for history."""
    was, now = old or {}, new or {}
    return [
        (
            field.name(_language()),
            words_of(field, was.get(field.key)) or "–",
            words_of(field, now.get(field.key)) or "–",
        )
        for field in fields_of(subject)
        if was.get(field.key) != now.get(field.key)
    ]


def place_of(error_field: str) -> str:
    """Return the input at which an error of "custom.<code>" is shown."""
    return error_field.replace("custom.", PREFIX, 1)


def _typed(field: CustomField, value: Any) -> str:
    if value is None:
        return ""
    if field.type == FieldType.YES_NO:
        return YES if value else NO
    if field.type == FieldType.NUMBER:
        return write_decimal(Decimal(value))
    return str(value)


def _options(field: CustomField, value: Any) -> list[tuple[str, str]]:
    if field.type == FieldType.YES_NO:
        return [(YES, _("Yes")), (NO, _("No"))]
    if field.type == FieldType.CHOICE:
        return choices_of(field, _language(), value or "")
    return []


def _language() -> str:
    return get_language() or "sl"
