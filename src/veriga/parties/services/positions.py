"""Contacts at further companies: added, changed, taken away, made the first one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from veriga.access.rules import Context
from veriga.common.checks import clean_text, refuse_unknown
from veriga.common.errors import Conflict, Invalid, NotAllowed, Problems
from veriga.common.rows import check_version, lock_row, set_changed
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.parties.models import Contact, Position
from veriga.parties.queries import get_company, get_position, visible_contacts
from veriga.parties.queries.visibility import visible_companies

from .rights import require_writer

FUNCTION_LENGTH: Final = 80
DAYS: Final = ("since_on", "until_on")
FIELDS: Final = ("function", *DAYS)
Said = list[Any] | None  # company, function, since, until


@write
def add_position(
    *,
    context: Context,
    contact_id: int,
    company_id: int,
    expected_version: int | None = None,
    **fields: Any,
) -> Position:
    """Return a new position of a contact at a further company; fields are FIELDS.

    Errors: stale; already_there (company); not_found for an unseen company.
    """
    contact = _lock(context, contact_id, expected_version)
    company = get_company(context.actor, company_id)
    there = Position.objects.filter(contact=contact, company=company)
    if contact.company_id == company.pk or there.exists():
        raise Invalid.of("company", "already_there")
    position = Position(
        contact=contact,
        company=company,
        created_by_id=context.actor.user_id,
        created_at=context.now,
    )
    set_changed(position, _clean(position, fields))
    position.save(force_insert=True)
    _note(context, contact, None, _said(position))
    return position


@write
def update_position(
    *,
    context: Context,
    contact_id: int,
    position_id: int,
    expected_version: int | None = None,
    **changes: Any,
) -> Position:
    """Return the position with `changes`, any of FIELDS. Errors: stale."""
    contact = _lock(context, contact_id, expected_version)
    position = get_position(context.actor, contact_id, position_id)
    before = _said(position)
    if set_changed(position, _clean(position, changes)):
        position.save(update_fields=FIELDS)
        _note(context, contact, before, _said(position))
    return position


@write
def remove_position(
    *,
    context: Context,
    contact_id: int,
    position_id: int,
    expected_version: int | None = None,
) -> None:
    """Take a position away that was entered by mistake.

    Errors: position_in_use if activities at that company name the contact: then it
    only ends.
    """
    contact = _lock(context, contact_id, expected_version)
    position = get_position(context.actor, contact_id, position_id)
    # A relation made in a higher room: those activities would name a stranger.
    if contact.activities.filter(company_id=position.company_id).exists():
        raise Conflict("position_in_use")
    before = _said(position)
    position.delete()
    _note(context, contact, before, None)


@write
def make_first(
    *,
    context: Context,
    contact_id: int,
    position_id: int,
    left_on: date | None = None,
    expected_version: int | None = None,
) -> Contact:
    """Make a further company the contact's own one, and return the contact.

    The own one until now becomes a further one, which ended on `left_on` if that is
    given. Whoever does it must see both. Errors: stale, not_allowed,
    until_before_since (left_on).
    """
    contact = _lock(context, contact_id, expected_version)
    position = get_position(context.actor, contact_id, position_id)
    seen = visible_companies(context.actor)
    if not seen.filter(pk=contact.company_id).exists():
        raise NotAllowed
    if left_on is not None and contact.since_on and left_on < contact.since_on:
        raise Invalid.of("left_on", "until_before_since")
    old_company, new_company = contact.company, position.company
    old = {name: getattr(contact, name) for name in FIELDS}
    if left_on is not None:
        old["until_on"] = left_on
    set_changed(contact, {name: getattr(position, name) for name in FIELDS})
    contact.company = new_company
    contact.save(update_fields=["company", *FIELDS])
    set_changed(position, old)
    position.company = old_company
    position.save(update_fields=["company", *FIELDS])
    moved = {"company_id": (old_company.pk, new_company.pk)}
    _raise_version(contact)
    note_change(context, "contact", contact.pk, "update", moved)
    return contact


def check_days(problems: Problems, values: Mapping[str, Any], row: Any) -> None:
    """Add until_before_since if the days of `row` with `values` are the wrong way."""
    since, until = (values.get(name, getattr(row, name)) for name in DAYS)
    if since is not None and until is not None and until < since:
        problems.add("until_on", "until_before_since")


def clean_day(problems: Problems, field: str, value: object) -> date | None:
    """Return a day or None; code not_a_date."""
    if value is None:
        return None
    if isinstance(value, datetime) or not isinstance(value, date):
        problems.add(field, "not_a_date")
        return None
    return value


def _lock(context: Context, contact_id: int, expected_version: int | None) -> Contact:
    contact = lock_row(visible_contacts(context.actor), contact_id)
    require_writer(context)
    check_version(contact, expected_version)
    return contact


def _clean(position: Position, given: Mapping[str, Any]) -> dict[str, Any]:
    problems = Problems()
    refuse_unknown(problems, given, FIELDS)
    values: dict[str, Any] = {
        name: clean_day(problems, name, given[name]) for name in DAYS if name in given
    }
    if "function" in given:
        values["function"] = clean_text(
            problems, "function", given["function"], limit=FUNCTION_LENGTH
        )
    check_days(problems, values, position)
    problems.raise_if_any()
    return values


def _said(position: Position) -> Said:
    return [
        position.company_id,
        position.function,
        *(
            day.isoformat() if day else ""
            for day in (position.since_on, position.until_on)
        ),
    ]


def _note(context: Context, contact: Contact, old: Said, new: Said) -> None:
    """Raise the contact's version and note what was said of the company, and is now."""
    _raise_version(contact)
    note_change(context, "contact", contact.pk, "update", {"position": (old, new)})


def _raise_version(contact: Contact) -> None:
    contact.row_version += 1
    contact.save(update_fields=["row_version"])
