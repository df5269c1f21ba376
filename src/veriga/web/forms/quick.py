"""The one-line form: quick entry from any page, and what comes next after a record.

It asks for a company, what it is, one line and a day; the full form knows the rest. So
it is read by turning it into that form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from django.utils import timezone

from veriga.activities.rules.words import KindCode
from veriga.common.errors import FieldError, Invalid
from veriga.setup.working import working_calendar
from veriga.web.formats import day_iso
from veriga.web.pieces import KIND_ICONS, TYPE_ICONS
from veriga.web.words import kind_name

from .choices import types
from .records import RecordForm, blank_form

# What people note many times a day; everything else has its own form.
EVENT_TYPES: Final = ("call", "visit", "email", "meeting")
KINDS: Final = (KindCode.TASK, KindCode.PRODUCT_RECORD)
PASSED_ON: Final = (
    *("company", "company_text", "new_name", "company_choice"),
    *("made_on", "follows", "offered", "listed", "preselected", "text"),
)
FIELDS: Final = ("what", "title", "day", "hour", *PASSED_ON, "note_key")
DAY_OF: Final[Mapping[str, str]] = {
    KindCode.EVENT: "starts_on",
    KindCode.TASK: "due_on",
    KindCode.PRODUCT_RECORD: "follow_up_on",
}
HOUR_OF: Final[Mapping[str, str]] = {
    KindCode.EVENT: "starts_time",
    KindCode.TASK: "due_time",
}


@dataclass(frozen=True, slots=True)
class What:
    """One kind of record on offer, an event with its type."""

    value: str
    name: str
    icon: str


def what_options() -> list[What]:
    """Return what may be noted, with the types that code lists offer at present."""
    names = dict(types(KindCode.EVENT))
    events = [
        What(f"{KindCode.EVENT}:{code}", names[code], TYPE_ICONS[code])
        for code in EVENT_TYPES
        if code in names
    ]
    return events + [What(kind, kind_name(kind), KIND_ICONS[kind]) for kind in KINDS]


def blank_quick(query: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Return the texts of an empty form: now, and what the address presets."""
    local = timezone.localtime(now)
    values = dict.fromkeys(FIELDS, "")
    values |= {name: query.get(name, "").strip() for name in ("company", "made_on")}
    options = [option.value for option in what_options()]
    asked = query.get("what", "")
    values["what"] = asked if asked in options else options[0]
    values["note_key"] = str(uuid4())
    minute = local.minute - local.minute % 5
    return values | {"day": day_iso(local), "hour": f"{local.hour:02}:{minute:02}"}


def blank_next(made_on: str, now: datetime) -> dict[str, str]:
    """Return the texts of the form for what follows: the next working day."""
    values = blank_quick({"made_on": made_on}, now)
    day = working_calendar().next_working_day(timezone.localtime(now).date())
    return values | {"day": day.isoformat(), "hour": ""}


def posted_quick(data: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that somebody typed."""
    return {name: str(data.get(name, "")) for name in FIELDS}


def full_form(
    values: Mapping[str, str], *, user_id: int | None, now: datetime
) -> RecordForm:
    """Return the record's own form, filled in from the short one.

    Without a title it is called what it is. Errors: unknown_choice for `what`.
    """
    options = {option.value: option for option in what_options()}
    what = options.get(values["what"])
    if what is None:
        raise Invalid.of("what", "unknown_choice")
    kind, _, type_code = what.value.partition(":")
    preset = {"type": type_code, "title": values["title"].strip() or what.name}
    form = blank_form(kind, preset, user_id=user_id, now=now)
    form.values |= {name: values[name] for name in PASSED_ON}
    form.values[DAY_OF[kind]] = values["day"]
    if kind in HOUR_OF:
        form.values[HOUR_OF[kind]] = values["hour"]
    elif values["day"] == form["recorded_on"]:
        form.values["follow_up_on"] = ""  # today: there is nothing to come back to
    return form


def faults_in_quick(error: Invalid, kind: str) -> Invalid:
    """Return `error` with the fields of the full form named as those of the short."""
    names = {DAY_OF.get(kind, ""): "day", HOUR_OF.get(kind, ""): "hour"}
    shown = {*FIELDS, "company", "contacts"}
    named = []
    for one in error.errors:
        field = names.get(one.field, one.field)
        named.append(FieldError(field if field in shown else "", one.code, one.params))
    return Invalid(error.code, errors=named, **error.params)
