"""Cleaning of what people and programs send: one field in, one value out.

Each function returns the value to store and adds what is wrong with it to `problems`,
so that a form shows every fault at once. After a fault the value is not to be used.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from .errors import Invalid, Problems
from .phones import HOME_REGION, read_phone
from .text import has_control_characters, tidy

LIMIT_MAX = 200
QUERY_LENGTH = 200
ID_MAX = 2**63 - 1
Cleaner = Callable[[Problems, str, Any], Any]
EMAIL_LENGTH = 254
# Two-letter codes in Babel's list that are no country.
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def clean_text(
    problems: Problems,
    field: str,
    value: object,
    *,
    limit: int,
    required: bool = False,
    multiline: bool = False,
) -> str:
    """Return `value` tidied, None as "". Codes: wrong_type, control_characters, …"""
    if value is None:
        value = ""
    if not isinstance(value, str):
        problems.add(field, "wrong_type")
        return ""
    if has_control_characters(value, multiline=multiline):
        problems.add(field, "control_characters")
        return ""
    text = unicodedata.normalize("NFC", value).strip() if multiline else tidy(value)
    if len(text) > limit:
        problems.add(field, "too_long", limit=limit)
    elif required and not text:
        problems.add(field, "required")
    return text


def clean_email(
    problems: Problems, field: str, value: object, *, required: bool = False
) -> str:
    """Return the e-mail address, "" for none; code not_an_email."""
    text = clean_text(problems, field, value, limit=EMAIL_LENGTH, required=required)
    if text:
        try:
            validate_email(text)
        except ValidationError:
            problems.add(field, "not_an_email")
    return text


def settle_phones(
    problems: Problems,
    values: dict[str, Any],
    fields: Collection[str],
    *,
    region: str = HOME_REGION,
    stored: object = None,
) -> None:
    """Make the phone numbers among `values` as they are stored; code not_a_phone.

    What stands in the row `stored` already stays, so that the rest of an old record can
    be changed. `region` is where a number without a country code is.
    """
    wrong = {error.field for error in problems.errors}
    for field in fields:
        typed = values.get(field, "")
        if not typed or field in wrong or typed == getattr(stored, field, ""):
            continue
        found = read_phone(typed, region)
        if found is None:
            problems.add(field, "not_a_phone")
        else:
            values[field] = found


def clean_website(problems: Problems, field: str, value: object, *, limit: int) -> str:
    """Return a web address as typed, its scheme optional; code not_a_website.

    Nothing but http and https passes, because pages make a link of it.
    """
    text = clean_text(problems, field, value, limit=limit)
    if text and not _is_website(text):
        problems.add(field, "not_a_website")
    return text


def clean_choice(
    problems: Problems, field: str, value: object, choices: Collection[str]
) -> str:
    """Return `value` if it is one of `choices`; code unknown_choice."""
    if not isinstance(value, str) or value not in choices:
        problems.add(field, "unknown_choice")
        return ""
    return str(value)


def clean_country(problems: Problems, field: str, value: object) -> str:
    """Return a country code of two capitals; code unknown_choice."""
    text = clean_text(problems, field, value, limit=40, required=True).upper()
    if text and text not in country_codes():
        problems.add(field, "unknown_choice")
    return text


def clean_bool(problems: Problems, field: str, value: object) -> bool:
    """Return `value` if it is true or false; code wrong_type."""
    if not isinstance(value, bool):
        problems.add(field, "wrong_type")
        return False
    return value


def clean_id(problems: Problems, field: str, value: object) -> int | None:
    """Return `value` if it is an id or None; codes wrong_type, unknown_choice."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        problems.add(field, "wrong_type")
        return None
    if not is_id(value):
        problems.add(field, "unknown_choice")
        return None
    return value


def is_id(value: int) -> bool:
    """Tell whether a row can have this id: databases choke on larger numbers."""
    return 0 < value <= ID_MAX


def refuse_unknown(
    problems: Problems, given: Collection[str], known: Collection[str]
) -> None:
    """Add unknown_field for every name in `given` that is not `known`."""
    for name in given:
        if name not in known:
            problems.add(name, "unknown_field")


def text_of(limit: int, *, required: bool = False, multiline: bool = False) -> Cleaner:
    """Return the cleaner of a text of at most `limit` characters: `clean_text`."""

    def clean(problems: Problems, field: str, value: object) -> str:
        return clean_text(
            problems, field, value, limit=limit, required=required, multiline=multiline
        )

    return clean


def clean_fields(
    problems: Problems,
    given: Mapping[str, Any],
    cleaners: Mapping[str, Cleaner],
    *others: str,
) -> dict[str, Any]:
    """Return what the cleaners make of `given`; `others` are known and left out.

    Code: unknown_field, and those of the cleaners.
    """
    refuse_unknown(problems, given, (*cleaners, *others))
    return {
        field: cleaners[field](problems, field, value)
        for field, value in given.items()
        if field in cleaners
    }


def clean_query(q: str) -> str:
    """Return search text that every database takes: no control characters, not long."""
    kept = (" " if has_control_characters(c) else c for c in q[:QUERY_LENGTH])
    return tidy("".join(kept))


def check_limit(limit: int) -> int:
    """Return `limit` if a page may have so many rows; else Invalid("limit_range")."""
    if not 1 <= limit <= LIMIT_MAX:
        raise Invalid.of("limit", "limit_range")
    return limit


@cache
def country_codes() -> frozenset[str]:
    """Return the codes of all countries, ISO 3166-1 alpha-2 (and XK, Kosovo)."""
    return frozenset(
        code
        for code in map(str, Locale("en").territories)
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    )


def _is_website(text: str) -> bool:
    if " " in text:
        return False
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, _ = parts.hostname, parts.port  # a port out of range raises
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and host is not None and "." in host[1:-1]
