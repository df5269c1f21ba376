"""Two people at one record: what a form showed, what was typed, what is stored.

Every form of a stored record carries, hidden, what it showed when it was opened. When
somebody else has saved meanwhile, what was not touched takes their values, what was
touched stays as typed, and both are told beside the fields; the next save then changes
only what its sender means.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from veriga.web.pages import Typed

from .records import RecordForm

OPENED: Final = "opened"  # the name of the hidden input
MOST: Final = 200_000  # letters of it that are read
PEOPLE: Final = ("contacts", "participants")
LISTS: Final = (*PEOPLE, "lines", "guests")
Options = Mapping[str, Iterable[tuple[str, str]]]


@dataclass(slots=True)
class Edited:
    """What the form of a stored record shows.

    `notes` are sentences about fields that somebody else has changed meanwhile.
    """

    values: dict[str, str]
    opened: str
    version: object
    notes: dict[str, str] = field(default_factory=dict)


def edited(
    data: Mapping[str, str],
    stored: Mapping[str, str],
    row_version: object,
    *,
    is_stale: bool,
    options: Options | None = None,
) -> Edited:
    """Return the form of a record: as stored, given back, or joined with what is new.

    `data` is empty if nothing was sent; `options` name the values of selects.
    """
    if not is_stale:
        opened = data.get(OPENED) or _write(stored)
        version = data.get("row_version") or row_version
        return Edited(typed_over(data, stored), opened, version)
    was = _read(data.get(OPENED, ""))
    typed = typed_over(data, stored)
    values = dict(_joined(typed, was, stored))
    named = {name: dict(pairs) for name, pairs in (options or {}).items()}
    notes = {}
    for name, now in stored.items():
        words = named.get(name, {})
        if values[name].strip() != now.strip():
            text = _("Stored now: %(value)s")
            notes[name] = text % {"value": words.get(now, now) or _("nothing")}
        elif name in was and str(was[name]).strip() != now.strip():
            old = str(was[name])
            text = _("Changed meanwhile; before: %(value)s")
            notes[name] = text % {"value": words.get(old, old) or _("nothing")}
    return Edited(values, _write(stored), row_version, notes)


def typed_over(data: Mapping[str, str], stored: Mapping[str, str]) -> dict[str, str]:
    """Return what a form shows when it comes back: what was typed, else the stored."""
    return {name: data.get(name, value) for name, value in stored.items()}


def version_of(data: Mapping[str, str]) -> int | None:
    """Return the version that the form was opened with, None if it does not say."""
    return Typed(data).number("row_version")


def write_record(form: RecordForm) -> str:
    """Return the form of an activity as its hidden input has it."""
    return _write(_flat(form))


def join_records(
    typed: RecordForm, opened: str, stored: RecordForm
) -> tuple[RecordForm, RecordForm | None]:
    """Return what was typed joined with what is stored by now.

    The second form is the one that was opened, None if it is not known.
    """
    was = _read(opened)
    found = dict(_joined(_flat(typed), was, _flat(stored)))
    before = _unflat(stored, {**_flat(stored), **was}) if was else None
    return _unflat(typed, found), before


def _joined(
    typed: Mapping[str, Any], was: Mapping[str, Any], stored: Mapping[str, Any]
) -> Iterable[tuple[str, Any]]:
    for name, value in typed.items():
        is_touched = name not in was or not _same(value, was[name])
        yield name, value if is_touched else stored.get(name, value)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.strip().replace("\r\n", "\n") == other.strip().replace("\r\n", "\n")
    return bool(one == other)


def _flat(form: RecordForm) -> dict[str, Any]:
    people = {name: sorted(getattr(form, name)) for name in PEOPLE}
    return {**form.values, "lines": form.lines, "guests": form.guests, **people}


def _unflat(form: RecordForm, flat: Mapping[str, Any]) -> RecordForm:
    values = {name: str(flat.get(name, "")) for name in form.values}
    return replace(form, values=values, **{name: flat[name] for name in LISTS})


def _write(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _read(text: str) -> dict[str, Any]:
    """Return what a form was opened with; nothing of what makes no sense."""
    try:
        found = json.loads(text[:MOST])
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if _fits(name, value)}


def _fits(name: str, value: object) -> bool:
    if name not in LISTS:
        return isinstance(value, str)
    of = str if name in PEOPLE else dict
    return isinstance(value, list) and all(isinstance(one, of) for one in value)
