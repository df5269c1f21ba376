"""What the kinds of activities, reasons and segments of insight are called."""

from __future__ import annotations

from django.utils.translation import get_language, pgettext

from veriga.common.errors import NotFound
from veriga.setup.models import EventType, ProductRecordType, Reason
from veriga.setup.queries import find_entry
from veriga.web.words import kind_name

OF_TYPE = "product_record:"
PLAIN = ("event", "task", "product_record", "quote")


def read_team(typed: str) -> int | None:
    """Return the id of the team that an address names, None for all that one sees.

    Errors: NotFound for what is no id.
    """
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 16):
        raise NotFound
    return int(typed)


def insight_kind(code: str) -> str:
    """Return what a kind of insight/rules/log.py is called; its code if unknown."""
    if code in PLAIN:
        return kind_name(code)
    if code.startswith(OF_TYPE):
        entry = find_entry(ProductRecordType, code.removeprefix(OF_TYPE))
        if entry is None:
            return code
        return f"{kind_name('product_record')}: {entry.name(_language())}"
    event_type = find_entry(EventType, code)
    return event_type.name(_language()) if event_type else code


def reason_name(code: str) -> str:
    """Return what a reason of a first contact is called; "" is none stated."""
    if not code:
        return pgettext("reason", "not stated")
    entry = find_entry(Reason, code)
    return entry.name(_language()) if entry else code


def _language() -> str:
    return get_language() or ""
