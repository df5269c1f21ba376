"""A contact as a vCard (RFC 2426), which every phone and mail program takes in."""

from __future__ import annotations

from collections.abc import Iterator

from veriga.parties.models import Contact

LINE_BYTES = 75
_ESCAPED = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n", "\r": ""})


def card_of(contact: Contact, country: str) -> str:
    """Return the vCard of a contact with their company; `country` is its name."""
    company = contact.company
    name = [contact.last_name, contact.first_name, "", "", ""]
    address = ["", "", company.street, company.town, "", company.postcode, country]
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{_joined(name)}",
        f"FN:{_escaped(contact.name)}",
        f"ORG:{_escaped(company.name)}",
        *_if("TITLE", contact.function),
        *_if("TEL;TYPE=CELL", contact.mobile),
        *_if("TEL;TYPE=WORK", contact.phone),
        *_if("EMAIL;TYPE=WORK", contact.email),
        *([f"ADR;TYPE=WORK:{_joined(address)}"] if company.town else []),
        *_if("URL", company.website_address),
        "END:VCARD",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _if(name: str, value: str) -> list[str]:
    return [f"{name}:{_escaped(value)}"] if value else []


def _joined(parts: list[str]) -> str:
    return ";".join(_escaped(part) for part in parts)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 bytes; further ones begin with a space."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > LINE_BYTES:
            yield piece
            piece = " "
        piece += letter
    yield piece
