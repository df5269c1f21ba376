"""Changing code lists: administrators only, in use by the forms at once.

Nothing is ever deleted, and a code never changes: old records bear it. The history of
a list stands under its subject with number 0; a changed field is "<code>.<field>".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from veriga.access.rules import Context
from veriga.common.checks import clean_choice, clean_text
from veriga.common.errors import (
    Conflict,
    FieldError,
    NotAllowed,
    NotFound,
    Problems,
)
from veriga.common.rows import constraint_errors, set_changed
from veriga.common.text import fold
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.setup.code_lists import CodeList, code_list_of, is_offered
from veriga.setup.models import CodeListEntry, LifeCycle
from veriga.setup.queries import forget_code_lists

NAME_LENGTH: Final = 80
CODE_LENGTH: Final = 32
MOST_ENTRIES: Final = 500
DIRECTIONS: Final = ("in", "out", "internal")
OUTCOMES: Final = ("", "won", "lost", "given_up")
FIELDS: Final = ("name_sl", "name_en")
CODE_TAKEN: Final = FieldError("code", "code_taken")
_CODE = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")


@write
def create_entry(
    *,
    context: Context,
    list_name: str,
    name_sl: str,
    name_en: str = "",
    code: str = "",
    **own: Any,
) -> CodeListEntry:
    """Add an entry at the end of a list; without a code one is made of its name.

    Without an English name the Slovenian one is shown. `own` are all the fields that
    entries of this list alone have. Errors: not_allowed, not_found, required, too_long,
    control_characters, not_a_code, code_taken, name_taken, unknown_choice, between,
    too_many, unknown_field.
    """
    _require_administrator(context)
    code_list = code_list_of(list_name)
    entries = _locked(code_list)
    problems = Problems()
    given = {**dict.fromkeys(code_list.own), "name_sl": name_sl, "name_en": name_en}
    values = _cleaned(problems, code_list, {**given, **own})
    _check_names(problems, entries, values)
    taken = {entry.code for entry in entries}
    typed = clean_text(problems, "code", code, limit=CODE_LENGTH).lower()
    if typed in taken:
        problems.add("code", "code_taken")
    elif typed and not _CODE.fullmatch(typed):
        problems.add("code", "not_a_code")
    if len(entries) >= MOST_ENTRIES:
        problems.add("", "too_many", limit=MOST_ENTRIES)
    problems.raise_if_any()
    entry = code_list.model(
        code=typed or _new_code(values["name_sl"], taken),
        position=max((one.position for one in entries), default=0) + 1,
        **values,
    )
    table = code_list.model._meta.db_table
    with constraint_errors({f"{table}.code": CODE_TAKEN, f"{table}_pkey": CODE_TAKEN}):
        entry.save(force_insert=True)
    changes = {name: (None, value) for name, value in values.items()}
    _done(context, code_list, entry.code, "create", changes)
    return entry


@write
def update_entry(
    *, context: Context, list_name: str, code: str, **changes: Any
) -> CodeListEntry:
    """Change names, the list's own fields or the life cycle; what is absent stays.

    Errors: those of create_entry, and Conflict last_offered if forms would be left
    without an entry to choose.
    """
    _require_administrator(context)
    code_list = code_list_of(list_name)
    entries = _locked(code_list)
    entry = _find(entries, code)
    problems = Problems()
    values = _cleaned(problems, code_list, changes)
    _check_names(problems, [one for one in entries if one is not entry], values)
    problems.raise_if_any()
    was_offered = is_offered(entry)
    changed = set_changed(entry, values)
    if (
        code_list.is_needed
        and was_offered
        and not any(is_offered(one) for one in entries)
    ):
        raise Conflict("last_offered")
    if changed:
        entry.save(update_fields=list(changed))
        _done(context, code_list, code, "update", changed)
    return entry


@write
def move_entry(*, context: Context, list_name: str, code: str, down: bool) -> None:
    """Move an entry one place up or down; at the end of the list it stays."""
    _require_administrator(context)
    code_list = code_list_of(list_name)
    entries = _locked(code_list)
    place = entries.index(_find(entries, code))
    other = place + (1 if down else -1)
    if not 0 <= other < len(entries):
        return
    entries[place], entries[other] = entries[other], entries[place]
    for position, entry in enumerate(entries, 1):
        entry.position = position
    code_list.model._default_manager.bulk_update(entries, ["position"])
    moved = {"position": (place + 1, other + 1)}
    _done(context, code_list, code, "update", moved)


def _require_administrator(context: Context) -> None:
    if not context.actor.is_administrator:
        raise NotAllowed


def _locked(code_list: CodeList) -> list[CodeListEntry]:
    """Return all entries in order, locked: order and names concern all of them."""
    rows = code_list.model._default_manager.select_for_update(no_key=True)
    return list(rows.order_by("position", "code"))


def _find(entries: Sequence[CodeListEntry], code: str) -> CodeListEntry:
    for entry in entries:
        if entry.code == code:
            return entry
    raise NotFound


def _done(
    context: Context,
    code_list: CodeList,
    code: str,
    action: str,
    changes: Mapping[str, tuple[object, object]],
) -> None:
    noted = {f"{code}.{field}": pair for field, pair in changes.items()}
    note_change(context, code_list.subject, 0, action, noted)
    forget_code_lists()
    transaction.on_commit(forget_code_lists)


def _cleaned(
    problems: Problems, code_list: CodeList, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values to store; what is wrong goes to `problems`."""
    values: dict[str, Any] = {}
    for field, value in given.items():
        if field in FIELDS:
            values[field] = clean_text(
                problems, field, value, limit=NAME_LENGTH, required=field == "name_sl"
            )
        elif field == "life_cycle":
            values[field] = clean_choice(problems, field, value, LifeCycle.values)
        elif field not in code_list.own:
            problems.add(field, "unknown_field")
        elif field == "direction":
            values[field] = clean_choice(problems, field, value, DIRECTIONS)
        elif field == "closes":
            values[field] = clean_choice(problems, field, value or "", OUTCOMES)
        else:
            values[field] = _percent(problems, field, value)
    return values


def _percent(problems: Problems, field: str, value: object) -> int:
    if value is None:
        problems.add(field, "required")
    elif not isinstance(value, int) or isinstance(value, bool):
        problems.add(field, "wrong_type")
    elif not 0 <= value <= 100:
        problems.add(field, "between", least=0, most=100)
    else:
        return value
    return 0


def _check_names(
    problems: Problems, others: Sequence[CodeListEntry], values: Mapping[str, Any]
) -> None:
    """Refuse a name that another entry has: a form would offer it twice."""
    for field in FIELDS:
        name = fold(values.get(field) or "")
        if name and name in {fold(getattr(other, field)) for other in others}:
            problems.add(field, "name_taken")


def _new_code(name: str, taken: set[str]) -> str:
    """Return a code made of a name: "Število paketov" is stevilo_paketov."""
    letters = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")
    base = letters[:CODE_LENGTH].strip("_") or "entry"
    code, number = base, 2
    while code in taken:
        end = f"_{number}"
        code, number = base[: CODE_LENGTH - len(end)].rstrip("_") + end, number + 1
    return code
