"""What the services take, read from a form; faults are told by their inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from veriga.activities.rules.busy import Attendance
from veriga.activities.rules.offering import Offering
from veriga.activities.rules.repeats import Repeat
from veriga.activities.rules.words import KindCode, LinkReason
from veriga.activities.services import UNSET, Draft
from veriga.catalogue.models import Product
from veriga.common.errors import FieldError, Invalid
from veriga.web.forms.custom import PREFIX, place_of, read_custom
from veriga.web.forms.quote_lines import is_blank, to_place
from veriga.web.pages import Typed

from .form import BUSY, RecordForm
from .kinds import read_own

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
