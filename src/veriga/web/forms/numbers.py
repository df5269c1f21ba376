"""Numbers as people type them, and as a form shows them again."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import get_language

from veriga.web.formats import number

# At most 15 whole digits and 6 decimals: more is a slip of the keyboard.
_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_SPACES = re.compile(r"[\s\u00a0\u202f']+")


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def read_decimal(text: str) -> Decimal | None:
    """Return the number typed with a decimal comma or point; None for anything else.

    With both signs the last one parts the decimals. A single sign before groups of
    three digits parts thousands if the language writes them so ("1.250" in Slovenian).
    """
    clean = _SPACES.sub("", text).replace("\N{MINUS SIGN}", "-")
    comma, point = clean.rfind(","), clean.rfind(".")
    thousands = "," if _is_english() else "."
    if comma >= 0 and point >= 0:
        decimal = "," if comma > point else "."
        other = "." if decimal == "," else ","
        clean = clean.replace(other, "").replace(decimal, ".")
    elif re.fullmatch(rf"-?[1-9][0-9]{{0,2}}(\{thousands}[0-9]{{3}})+", clean):
        clean = clean.replace(thousands, "")
    else:
        clean = clean.replace(",", ".")
    return Decimal(clean) if _PLAIN.fullmatch(clean) else None


def write_decimal(value: Decimal | None, places: int = 0) -> str:
    """Return a number for an input: no groups, at least `places` decimals."""
    if value is None:
        return ""
    text = f"{value.normalize():f}"
    whole, _dot, rest = text.partition(".")
    rest = rest.ljust(places, "0")
    sign = "." if _is_english() else ","
    return f"{whole}{sign}{rest}" if rest else whole


def show_decimal(value: Decimal | None, places: int = 0) -> str:
    """Return a number to read: grouped, at least `places` decimals, none in vain."""
    if value is None:
        return ""
    exponent = value.normalize().as_tuple().exponent
    needed = -exponent if isinstance(exponent, int) else 0
    return number(float(value), max(places, needed))
