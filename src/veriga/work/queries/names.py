"""Names of code-list entries in the language of the page."""

from __future__ import annotations

from django.utils.translation import get_language

from veriga.setup.models import CodeListEntry, ContactFunction, ProspectType, Stage
from veriga.setup.queries import code_list, find_entry


def _language() -> str:
    return get_language() or "sl"


def stage_name(code: str) -> str:
    """Return the name of a stage, "" for none."""
    entry = find_entry(Stage, code) if code else None
    return entry.name(_language()) if entry else ""


def prospect_type_name(code: str | None) -> str:
    """Return the name of a prospect type, "" for none."""
    entry = find_entry(ProspectType, code) if code else None
    return entry.name(_language()) if entry else ""


def prospect_types(present: str | None = None) -> list[tuple[str, str]]:
    """Return code and name of the prospect types on offer, and of the `present` one."""
    offered: list[CodeListEntry] = list(code_list(ProspectType, offered_only=True))
    kept = find_entry(ProspectType, present) if present else None
    if kept is not None and kept not in offered:
        offered.append(kept)
    return [(entry.code, entry.name(_language())) for entry in offered]


def contact_functions() -> list[str]:
    """Return the names of the functions offered for contacts."""
    offered = code_list(ContactFunction, offered_only=True)
    return [entry.name(_language()) for entry in offered]
