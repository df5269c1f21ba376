"""Reference numbers: how they are written, compared and read."""

from __future__ import annotations

import re

KEY_DIGITS = 12
_TYPED = re.compile(r"^\s*([A-Za-z]{1,4})\s*-?\s*(\d{2})\s*-\s*0*(\d{1,12})\s*$")


def write_reference(prefix: str, year: int, number: int) -> str:
    """Return the reference as people see it: at least five digits, e.g. D-26-00042."""
    return f"{prefix}-{year % 100:02d}-{number:05d}"


def write_key(prefix: str, year: int, number: int) -> str:
    """Return the reference as bytes compare it: by prefix, year, number."""
    return f"{prefix}-{year % 100:02d}-{number:0{KEY_DIGITS}d}"


def read_reference(text: str) -> str | None:
    """Return the reference that `text` means, None if it cannot be one.

    Forgives case, spaces and missing zeros: "d-26-42" is D-26-00042.
    """
    match = _TYPED.match(text)
    if match is None:
        return None
    prefix, year, number = match.groups()
    return f"{prefix.upper()}-{year}-{int(number):05d}"
