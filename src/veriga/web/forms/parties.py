"""The forms of companies and contacts: what is typed, and what is stored by now."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from babel import Locale
from django.http import QueryDict
from django.utils.translation import get_language

from veriga.common.checks import country_codes
from veriga.common.errors import Invalid
from veriga.common.text import sort_key
from veriga.setup.rules import Subject
from veriga.web.formats import phone
from veriga.web.pages import Typed

from .companies import expected_typed
from .custom import read_custom

COMPANY_FIELDS: Final = (
    "name",
    "status",
    "prospect_type",
    "street",
    "postcode",
    "town",
    "country",
    "phone",
    "email",
    "website",
    "tax_number",
    "registration_number",
    "kind",
    "parent_id",
    "abc",
    "language",
    "expected_on",
    "notes",
    "account_owner_id",
)
CONTACT_FIELDS: Final = (
    "first_name",
    "last_name",
    "function",
    "phone",
    "mobile",
    "email",
    "note",
    "since_on",
    "until_on",
)
ADDRESS_FIELDS: Final = (
    *("kind", "name", "street", "postcode", "town", "country", "note"),
)
POSITION_FIELDS: Final = ("function", "since_on", "until_on")
NEAR_COUNTRIES: Final = ("SI", "AT", "HR", "IT", "HU", "DE")
STORED_AS: Final = {"prospect_type": "prospect_type_id"}


def company_data(data: QueryDict) -> dict[str, str]:
    """Return what a company form sent, its categories as one text: codes and commas.

    Boxes that are not ticked send nothing, so the form says that it has them.
    """
    found = data.dict()
    if "has_categories" in found:
        found["categories"] = ",".join(data.getlist("categories"))
    return {name: str(value) for name, value in found.items()}


def read_company(data: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that a company form sent, as the service takes them.

    Errors: Invalid with wrong_type, if the account owner is no number, and with what
    cannot be read of the custom fields.
    """
    typed = Typed(data)
    values: dict[str, Any] = {
        name: typed.text(name) for name in COMPANY_FIELDS if name in data
    }
    for name in {"account_owner_id", "parent_id"} & values.keys():
        values[name] = typed.number(name)
    if "notes" in values:
        values["notes"] = data["notes"].replace("\r\n", "\n")
    if "categories" in data:
        values["categories"] = [one for one in data["categories"].split(",") if one]
    custom = read_custom(Subject.COMPANY, data, typed)
    typed.raise_if_any()
    return {**values, "custom": custom} if custom else values


def read_contact(data: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that a contact form sent, as the service takes them.

    Errors: Invalid with what cannot be read of the custom fields.
    """
    typed = Typed(data)
    values: dict[str, Any] = {n: data[n] for n in CONTACT_FIELDS if n in data}
    for name in {"since_on", "until_on"} & values.keys():
        values[name] = typed.day(name)
    custom = read_custom(Subject.CONTACT, data, typed)
    typed.raise_if_any()
    return {**values, "custom": custom} if custom else values


def read_position(data: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form sent about a further company of a contact.

    Errors: Invalid with not_a_date.
    """
    typed = Typed(data)
    values = {
        "function": typed.text("function"),
        "since_on": typed.day("since_on"),
        "until_on": typed.day("until_on"),
        "is_first": data.get("is_first") == "on",
        "left_on": typed.day("left_on") if data.get("is_first") == "on" else None,
    }
    typed.raise_if_any()
    return values


def picked_company(data: Mapping[str, str]) -> int:
    """Return the id of the company chosen in a picker.

    Errors: Invalid required, or unknown_choice for a text that nothing was chosen for.
    """
    typed = Typed(data)
    chosen = typed.number("company")
    typed.raise_if_any()
    if chosen is None:
        text = data.get("company_text", "").strip()
        raise Invalid.of("company", "unknown_choice" if text else "required")
    return chosen


def shown(record: object, fields: tuple[str, ...]) -> dict[str, str]:
    """Return what a form shows of a stored record."""
    values = {f: getattr(record, STORED_AS.get(f, f)) for f in fields}
    for name in {"phone", "mobile"} & values.keys():
        values[name] = phone(values[name])
    if "expected_on" in values:
        values["expected_on"] = expected_typed(values["expected_on"])
    return {name: "" if v is None else str(v) for name, v in values.items()}


def countries() -> list[tuple[str, str]]:
    """Return code and name of all countries, the neighbours first."""
    return _countries("en" if (get_language() or "").startswith("en") else "sl")


def country_name(code: str) -> str:
    """Return the name of a country in the language of the page."""
    return dict(countries()).get(code, code)


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    names = Locale(language).territories
    near = [(code, names[code]) for code in NEAR_COUNTRIES]
    known = country_codes() - set(NEAR_COUNTRIES)
    others = [(code, names.get(code, code)) for code in known]
    return near + sorted(others, key=lambda pair: sort_key(pair[1]))
