"""The form of an activity: what it shows, what was typed, what the services take.

A form holds texts only, by the names of its inputs, so that a refused save gives back
exactly what was typed. `read_draft` and `read_changes` turn them into values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.http import QueryDict
from django.utils import timezone

from veriga.activities.models import Activity, Participant
from veriga.activities.rules.busy import Attendance
from veriga.activities.rules.offering import Offering
from veriga.activities.rules.repeats import Repeat
from veriga.activities.rules.words import KindCode, LinkReason
from veriga.activities.services import UNSET, Draft
from veriga.catalogue.models import Product
from veriga.common.errors import FieldError, Invalid
from veriga.web.formats import day_iso
from veriga.web.pages import Typed

from .choices import default_direction, types
from .custom import PREFIX, custom_names, place_of, read_custom, shown_custom
from .guests import Guest, posted_guests, stored_guests
from .numbers import read_decimal, write_decimal
from .quote_lines import (
    Line,
    is_blank,
    posted_lines,
    read_lines,
    stored_lines,
    to_place,
)

BUSY: Final = ("busy_from", "busy_until")  # with "_" and the id of a participant
COMMON: Final = ("title", "owner", "importance", "product", "direction", "company")
OWN: Final[Mapping[str, tuple[str, ...]]] = {
    KindCode.EVENT: (
        *("type", "starts_on", "starts_time", "ends_on", "ends_time"),
        *("all_day", "place", "reason", "referred_by"),
    ),
    KindCode.TASK: ("starts_on", "due_on", "due_time"),
    KindCode.PRODUCT_RECORD: (
        *("type", "recorded_on", "follow_up_on", "quantity", "product_text"),
        *("competitor", "competitor_price", "competitor_currency", "opinion"),
    ),
    KindCode.QUOTE: ("issued_on", "valid_until", "currency"),
}
NEW_ONLY: Final = (
    *("company_text", "new_name", "company_choice", "made_on", "follows", "offered"),
    *("listed", "preselected"),
    *("text", "confidential", "done", "result", "sent"),
    *("repeat_unit", "repeat_every", "repeat_until"),
)
# Which inputs a field of the services is made of; one changed, all are sent.
INPUTS: Final[Mapping[str, tuple[str, ...]]] = {
    "starts_at": ("starts_on", "starts_time", "ends_on", "ends_time", "all_day"),
    "ends_at": ("starts_on", "starts_time", "ends_on", "ends_time", "all_day"),
    "all_day": ("starts_on", "starts_time", "ends_on", "ends_time", "all_day"),
    "due_on": ("due_on", "due_time"),
    "due_at": ("due_on", "due_time"),
    "direction": ("direction", "type"),
}
# Where the form shows an error of a field of the services.
ERRORS_AT: Final = {
    "starts_at": "starts_on",
    "ends_at": "ends_on",
    "due_at": "due_on",
    "sent_at": "sent",
    "company_id": "company",
    "name": "company",
    "made_on": "follows",
    "done_at": "done",
}
VALID_DAYS = 30  # how long a new quote is valid unless somebody says otherwise
ROUND_MINUTES = 5
CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(slots=True)
class RecordForm:
    """The texts of one form."""

    kind: str
    values: dict[str, str]
    contacts: list[str] = field(default_factory=list)
    participants: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    guests: list[Guest] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def ids(self, name: str) -> list[int]:
        """Return the chosen contacts or participants as numbers."""
        chosen: list[str] = getattr(self, name)
        return [int(v) for v in chosen if v.isascii() and v.isdigit() and len(v) < 19]


def names_of(kind: str) -> tuple[str, ...]:
    return (*COMMON, *OWN[kind], *custom_names(kind), *NEW_ONLY)


def blank_form(
    kind: str, query: Mapping[str, str], *, user_id: int | None, now: datetime
) -> RecordForm:
    """Return the form of a new record with what the address presets."""
    local = timezone.localtime(now)
    today = day_iso(local)
    values = dict.fromkeys(names_of(kind), "")
    for name in ("title", "company", "made_on", "product"):
        values[name] = query.get(name, "").strip()
    values |= {"owner": str(user_id or ""), "importance": "normal", "done": "on"}
    known = [code for code, _name in types(kind)]
    if known:
        wanted = query.get("type", "")
        values["type"] = wanted if wanted in known else known[0]
    if kind == KindCode.EVENT:
        minute = local.minute - local.minute % ROUND_MINUTES
        values |= {"starts_on": today, "starts_time": f"{local.hour:02}:{minute:02}"}
        values |= _preset_time(query)
    elif kind == KindCode.TASK:
        values["starts_on"] = today
    elif kind == KindCode.PRODUCT_RECORD:
        values |= {"recorded_on": today, "competitor_currency": "EUR"}
    else:
        until = local.date() + timedelta(days=VALID_DAYS)
        values |= {
            "issued_on": today,
            "valid_until": day_iso(until),
            "currency": "EUR",
        }
    return RecordForm(kind, values, contacts=_list(query, "contacts"))


def _preset_time(query: Mapping[str, str]) -> dict[str, str]:
    """Return day and hour of a new event as its address presets them, if it does."""
    on, at = Typed(query).day("on"), query.get("at", "")
    found = {"starts_on": day_iso(on)} if on else {}
    if CLOCK.fullmatch(at):
        found["starts_time"] = at
    return found


def stored_form(
    activity: Activity,
    own: Mapping[str, Any],
    *,
    contacts: Iterable[int],
    parts: Iterable[Participant],
) -> RecordForm:
    """Return the form of a stored record; `own` is what its kind describes."""
    usual = default_direction(activity.kind, activity.type_code)
    values = dict.fromkeys((*COMMON, *OWN[activity.kind]), "")
    values |= {
        "title": activity.title,
        "company": str(activity.company_id),
        "owner": str(activity.owner_id),
        "importance": activity.importance_id or "",
        "product": str(activity.product_id or ""),
        "direction": "" if activity.direction == usual else activity.direction,
    }
    values |= _own_texts(activity.kind, own)
    values |= shown_custom(activity.kind, activity.custom)
    parts = list(parts)
    for part in parts:
        for name in BUSY:
            values[f"{name}_{part.user_id}"] = _moment(getattr(part, name))
    return RecordForm(
        activity.kind,
        values,
        contacts=[str(pk) for pk in contacts],
        participants=[str(part.user_id) for part in parts],
        lines=stored_lines(own.get("lines", ())),
        guests=stored_guests(own.get("guests", ())),
    )


def posted_form(
    kind: str, data: QueryDict, stored: RecordForm | None = None
) -> RecordForm:
    """Return what was typed; what the form did not send stays as it is stored.

    A form that shows people sends `people`, because nobody chosen sends nothing.
    """
    base = stored.values if stored else dict.fromkeys(names_of(kind), "")
    values = {name: data.get(name, value) for name, value in base.items()}
    if "starts_on" in data:
        values["all_day"] = data.get("all_day", "")
    has_people = stored is None or "people" in data
    for pk in data.getlist("participants"):
        for name in (f"{name}_{pk}" for name in BUSY):
            values.setdefault(name, data.get(name, ""))
    lines = posted_lines(data)
    return RecordForm(
        kind,
        {name: str(value) for name, value in values.items()},
        contacts=data.getlist("contacts") if has_people else stored.contacts,  # type: ignore[union-attr]
        participants=data.getlist("participants")
        if has_people
        else stored.participants,  # type: ignore[union-attr]
        lines=lines if lines or stored is None else stored.lines,
        guests=posted_guests(data)
        if "guest_name" in data or stored is None
        else stored.guests,
    )


def read_draft(
    form: RecordForm,
    *,
    company_id: int,
    now: datetime,
    products: Sequence[Product],
    follows: str,
    reason: LinkReason,
    offered: str = "",
) -> Draft:
    """Return the draft of a new activity; Invalid with all that cannot be read."""
    typed = Typed(form.values)
    own = read_own(form, typed, products)
    if form["sent"]:
        own["sent_at"] = now
    owner, product = typed.number("owner"), typed.number("product")
    people = [_attendance(form, None, typed, pk) for pk in form.ids("participants")]
    custom = read_custom(form.kind, form.values, typed)
    typed.raise_if_any()
    return Draft(
        kind=form.kind,
        company_id=company_id,
        title=form["title"],
        own=own,
        direction=form["direction"],
        owner=owner,
        participants=people,
        contacts=form.ids("contacts"),
        importance=form["importance"],
        product=product,
        text=form["text"],
        confidential=bool(form["confidential"]),
        follows=follows,
        follow_reason=reason,
        offered=offered,
        offering=read_offering(form) if offered else None,
        done_at=UNSET if form["done"] or form.kind != KindCode.EVENT else None,
        result=form["result"],
        custom={code: value for code, value in custom.items() if value is not None},
    )


def read_offering(form: RecordForm) -> Offering | None:
    """Return what the form offered to continue, None if it does not say so."""
    if not form["listed"]:
        return None
    return Offering(form["listed"].split(), form["preselected"])


def read_repeat(form: RecordForm) -> Repeat | None:
    """Return how a new event or task comes again, None if it does not.

    Errors: Invalid with wrong_type, required and not_a_date.
    """
    if not form["repeat_unit"] or form.kind not in {KindCode.EVENT, KindCode.TASK}:
        return None
    typed = Typed(form.values)
    every = typed.number("repeat_every") if form["repeat_every"].strip() else 1
    until = typed.day("repeat_until")
    if until is None and "repeat_until" not in typed.problems:
        typed.problems["repeat_until"] = "required"
    typed.raise_if_any()
    return Repeat(form["repeat_unit"], every or 0, until or date.min)


def read_changes(
    form: RecordForm, stored: RecordForm, products: Sequence[Product]
) -> dict[str, Any]:
    """Return the fields that differ from `stored`, as update_activity takes them.

    What was not touched is not sent: a form shows minutes, a record may hold seconds.
    """
    typed = Typed(form.values)
    own = read_own(form, typed, products)
    values: dict[str, Any] = {
        **own,
        "title": form["title"],
        "company": typed.number("company"),
        "owner": typed.number("owner"),
        "importance": form["importance"],
        "product": typed.number("product"),
        "direction": form["direction"],
        "participants": [
            _attendance(form, stored, typed, pk) for pk in form.ids("participants")
        ],
        "contacts": form.ids("contacts"),
    }
    custom = read_custom(form.kind, form.values, typed)
    typed.raise_if_any()
    touched = {
        name for name, text in form.values.items() if text != stored.values.get(name)
    }
    touched |= {
        name
        for name in ("participants", "contacts")
        if set(getattr(form, name)) != set(getattr(stored, name))
    }
    if any(name.startswith(BUSY) for name in touched):
        touched.add("participants")
    if form.lines != stored.lines:
        touched.add("lines")
    if form.guests != stored.guests:
        touched.add("guests")
    changes = {
        name: value
        for name, value in values.items()
        if touched & set(INPUTS.get(name, (name,)))
    }
    changed = {code: v for code, v in custom.items() if PREFIX + code in touched}
    if changed:
        changes["custom"] = changed
    if changes.get("company", 0) is None:
        raise Invalid.of("company", "required")
    return changes


def _attendance(
    form: RecordForm, stored: RecordForm | None, typed: Typed, pk: int
) -> int | Attendance:
    """Return a colleague, with a time of their own if somebody changed it."""
    names = [f"{name}_{pk}" for name in BUSY]
    if all(form[name] == (stored[name] if stored else "") for name in names):
        return pk
    return Attendance(pk, *(typed.moment(name) for name in names))


def read_own(
    form: RecordForm, typed: Typed, products: Sequence[Product]
) -> dict[str, Any]:
    """Return the fields of the kind; what cannot be read is a problem of `typed`."""
    if form.kind == KindCode.EVENT:
        return _read_event(form, typed)
    if form.kind == KindCode.TASK:
        return _read_task(form, typed)
    if form.kind == KindCode.PRODUCT_RECORD:
        return _read_product_record(form, typed)
    return {
        "issued_on": typed.day("issued_on"),
        "valid_until": typed.day("valid_until"),
        "currency": form["currency"].strip().upper(),
        "lines": read_lines(form.lines, typed, products),
    }


def faults_at(error: Invalid, form: RecordForm) -> Invalid:
    """Return `error` with its fields named as the inputs of the form are."""
    places = [i for i, line in enumerate(form.lines) if not is_blank(line)]
    named = [
        FieldError(
            _place_of_fault(e, places),
            e.code,
            e.params,
        )
        for e in error.errors
    ]
    return Invalid(error.code, errors=named, **error.params)


def _place_of_fault(error: FieldError, places: Sequence[int]) -> str:
    if "user_id" in error.params:  # a time of a colleague's own
        return f"busy_until_{error.params['user_id']}"
    return ERRORS_AT.get(error.field, to_place(place_of(error.field), places))


def _read_event(form: RecordForm, typed: Typed) -> dict[str, Any]:
    """Without an hour it lasts all day; the last day is part of it."""
    all_day = bool(form["all_day"]) or not form["starts_time"].strip()
    own: dict[str, Any] = {
        "type": form["type"],
        "place": form["place"],
        "referred_by": form["referred_by"],
        "reason": form["reason"],
        "all_day": all_day,
        "guests": form.guests,
    }
    if all_day:
        if form["ends_time"].strip() and not form["all_day"]:
            typed.problems["starts_time"] = "required"
        first, last = typed.day("starts_on"), typed.day("ends_on")
        own["starts_at"] = _midnight(first)
        own["ends_at"] = _midnight(last, after=1)
        return own
    own["starts_at"] = typed.instant("starts_on", "starts_time")
    own["ends_at"] = None
    if form["ends_on"].strip():
        own["ends_at"] = typed.instant("ends_on", "ends_time")
        if not form["ends_time"].strip():
            own["ends_at"] = _midnight(typed.day("ends_on"), after=1)
    elif form["ends_time"].strip():
        own["ends_at"] = typed.instant("starts_on", "ends_time")
    return own


def _read_task(form: RecordForm, typed: Typed) -> dict[str, Any]:
    own: dict[str, Any] = {"starts_on": typed.day("starts_on")}
    if not form["due_time"].strip():
        return {**own, "due_on": typed.day("due_on"), "due_at": None}
    if not form["due_on"].strip():
        typed.problems["due_on"] = "required"
    return {**own, "due_on": None, "due_at": typed.instant("due_on", "due_time")}


def _read_product_record(form: RecordForm, typed: Typed) -> dict[str, Any]:
    amounts = {n: read_decimal(form[n]) for n in ("quantity", "competitor_price")}
    for name, amount in amounts.items():
        if form[name].strip() and amount is None:
            typed.problems[name] = "wrong_type"
    return {
        "type": form["type"],
        "recorded_on": typed.day("recorded_on"),
        "follow_up_on": typed.day("follow_up_on"),
        **amounts,
        "competitor_currency": form["competitor_currency"],
        "product_text": form["product_text"],
        "competitor": form["competitor"],
        "opinion": form["opinion"],
    }


def _own_texts(kind: str, own: Mapping[str, Any]) -> dict[str, str]:
    if kind == KindCode.EVENT:
        return _event_texts(own)
    if kind == KindCode.TASK:
        due = own["due_on"] or own["due_at"]
        return {
            "starts_on": day_iso(own["starts_on"]),
            "due_on": day_iso(due),
            "due_time": _clock(own["due_at"]),
        }
    if kind == KindCode.PRODUCT_RECORD:
        return {
            "type": own["type"],
            "recorded_on": day_iso(own["recorded_on"]),
            "follow_up_on": day_iso(own["follow_up_on"]),
            "quantity": write_decimal(own["quantity"]),
            "product_text": own["product_text"],
            "competitor": own["competitor"],
            "competitor_price": write_decimal(own["competitor_price"], 2),
            "competitor_currency": own["competitor_currency"] or "EUR",
            "opinion": own["opinion"],
        }
    return {
        "issued_on": day_iso(own["issued_on"]),
        "valid_until": day_iso(own["valid_until"]),
        "currency": own["currency"],
    }


def _event_texts(own: Mapping[str, Any]) -> dict[str, str]:
    starts_at, ends_at, all_day = own["starts_at"], own["ends_at"], own["all_day"]
    ends_on = ends_at
    if all_day and ends_at:
        ends_on = timezone.localtime(ends_at) - timedelta(days=1)
        if day_iso(ends_on) == day_iso(starts_at):
            ends_on = None
    return {
        "type": own["type"],
        "place": own["place"],
        "referred_by": own["referred_by"],
        "reason": own["reason"],
        "starts_on": day_iso(starts_at),
        "starts_time": "" if all_day else _clock(starts_at),
        "ends_on": day_iso(ends_on),
        "ends_time": "" if all_day else _clock(ends_at),
        "all_day": "",
    }


def _moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%dT%H:%M}" if value else ""


def _clock(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%H:%M}" if value else ""


def _midnight(day: date | None, after: int = 0) -> datetime | None:
    if day is None or day.year > 9000:  # the service refuses such a year anyway
        return None
    naive = datetime.combine(day + timedelta(days=after), datetime.min.time())
    return timezone.make_aware(naive, timezone.get_default_timezone())


def _list(query: Mapping[str, str], name: str) -> list[str]:
    return query.getlist(name) if isinstance(query, QueryDict) else []
