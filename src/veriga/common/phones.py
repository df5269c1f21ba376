"""Phone numbers: read from what people type, stored in one writing, shown as set.

Stored is the international number without spaces (E.164), with its extension if it has
one: "+38641234567", "+38613456789;ext=12" (as RFC 3966 writes it).
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

import phonenumbers

HOME_REGION: Final = "SI"  # where a number without a country code is taken to be
FIRST_GROUP: Final = 3
_TYPED = re.compile(r"[\d\s+()/.-]+(?:\D{1,12}\d{1,7})?")
_STORED = re.compile(r"\+\d{4,15}(?:;ext=\d{1,7})?")


class PhoneForm(StrEnum):
    """How numbers are shown: (00386)41 234-567, or +386 41 234 567."""

    HOUSE = "house"
    INTERNATIONAL = "international"


def read_phone(text: str, region: str = HOME_REGION) -> str | None:
    """Return the number that `text` is, as it is stored; None if it is none.

    `region` (a country's two letters) is where a number without a country code is.
    Numbers too short or too long for their country are none; whether a number is in
    use nobody can tell.
    """
    # "(00386)" and "00386": the country code, whatever a country itself dials abroad.
    typed = re.sub(r"^\s*\(?00(?=[\d ])", "+", text)
    if not _TYPED.fullmatch(typed):
        return None
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    stored = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{stored};ext={number.extension}" if number.extension else stored


@lru_cache(maxsize=20_000)
def shown_phone(stored: str, form: PhoneForm = PhoneForm.HOUSE) -> str:
    """Return a stored number in a form; what was stored otherwise stays as it is."""
    if not _STORED.fullmatch(stored):
        return stored
    try:
        number = phonenumbers.parse(stored.partition(";")[0], None)
    except phonenumbers.NumberParseException:
        return stored
    extension = stored.partition(";ext=")[2]
    if form is PhoneForm.HOUSE:
        shown = _house(number)
    else:
        kind = phonenumbers.PhoneNumberFormat.INTERNATIONAL
        shown = phonenumbers.format_number(number, kind)
    return f"{shown} int. {extension}" if extension else shown


def national_digits(stored: str) -> str:
    """Return a stored number without its country's code; "" if it is none."""
    if not _STORED.fullmatch(stored):
        return ""
    try:
        number = phonenumbers.parse(stored.partition(";")[0], None)
    except phonenumbers.NumberParseException:
        return ""
    return str(number.national_number)


def dialled_phone(stored: str | None) -> str:
    """Return what a "tel:" link dials, for a number as stored or as shown."""
    if not stored:
        return ""
    number, _, extension = stored.replace(" int. ", ";ext=").partition(";ext=")
    digits = re.sub(r"[^\d+]", "", re.sub(r"^\(00", "+", number))
    return f"{digits};ext={extension}" if extension else digits


def _house(number: phonenumbers.PhoneNumber) -> str:
    """Return (country code)area number-number, the number's first three before "-"."""
    national = phonenumbers.national_significant_number(number)
    area = phonenumbers.length_of_national_destination_code(number)
    head, rest = national[:area], national[area:]
    if len(rest) > FIRST_GROUP:
        rest = f"{rest[:FIRST_GROUP]}-{rest[FIRST_GROUP:]}"
    return f"(00{number.country_code}){head}{' ' if head else ''}{rest}"
