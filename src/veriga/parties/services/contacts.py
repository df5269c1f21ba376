"""Making, changing and deleting contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from veriga.access.rules import Context
from veriga.common.announcing import announce
from veriga.common.checks import (
    Cleaner,
    clean_email,
    clean_fields,
    settle_phones,
    text_of,
)
from veriga.common.errors import Conflict, NotAllowed, Problems
from veriga.common.rows import check_version, lock_row, set_changed
from veriga.common.text import fold, sort_key
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.parties.models import Contact
from veriga.parties.queries import get_company, visible_companies, visible_contacts
from veriga.setup.custom_fields import clean_custom
from veriga.setup.rules import Subject

from .positions import FIELDS, check_days, clean_day
from .rights import require_writer

NOTE_LENGTH = 10_000
FOLDED_LENGTH = 160


CLEANERS: Mapping[str, Cleaner] = {
    "first_name": text_of(60),
    "last_name": text_of(60, required=True),
    "function": text_of(80),
    "phone": text_of(40),
    "mobile": text_of(40),
    "email": clean_email,
    "note": text_of(NOTE_LENGTH, multiline=True),
    "since_on": clean_day,
    "until_on": clean_day,
}
PHONES = ("phone", "mobile")
# By what a contact is found.
SEARCHED = frozenset({"first_name", "last_name", "phone", "mobile", "email"})


@write
def create_contact(
    *, context: Context, company_id: int, last_name: str, **fields: Any
) -> Contact:
    """Return a new contact; the other fields are those of CLEANERS and `custom`."""
    company = get_company(context.actor, company_id)
    require_writer(context)
    contact = Contact(
        company=company, created_by_id=context.actor.user_id, created_at=context.now
    )
    set_changed(contact, _clean(contact, {"last_name": last_name, **fields}))
    _set_keys(contact)
    contact.save(force_insert=True)
    announce("contact", [contact.pk])
    note_change(
        context, "contact", contact.pk, "create", {"name": (None, contact.name)}
    )
    return contact


@write
def update_contact(
    *,
    context: Context,
    contact_id: int,
    expected_version: int | None = None,
    **changes: Any,
) -> Contact:
    """Return the contact with `changes`: any of the fields of CLEANERS, and `custom`.

    Anybody who sees the company and may record. Errors: stale, unknown_field and the
    codes of common.checks.
    """
    contact = lock_row(visible_contacts(context.actor), contact_id)
    require_writer(context)
    check_version(contact, expected_version)
    changed = set_changed(contact, _clean(contact, changes))
    if not changed:
        return contact
    if changed.keys() & set(FIELDS) and not _sees_first(context, contact):
        raise NotAllowed  # what they are at a company that the actor does not see
    _save(context, contact, changed)
    return contact


@write
def restore_contact(
    *, context: Context, contact_id: int, version: int, was: Mapping[str, Any]
) -> Contact:
    """Give a contact back the function, or the day until when they are there, it had.

    For undoing: whoever undoes need not see the contact any more; the caller decides
    who may. Errors: stale if anybody saved it after `version`, not_found.
    """
    contact = lock_row(Contact.objects.select_related("company"), contact_id)
    require_writer(context)
    check_version(contact, version)
    changed = set_changed(contact, _clean(contact, was))
    if changed:
        _save(context, contact, changed)
    return contact


def lock_contacts(ids: Iterable[int]) -> set[int]:
    """Lock contacts in the order of their ids; return which of them there are."""
    rows = Contact.objects.select_for_update(no_key=True).filter(pk__in=list(ids))
    return set(rows.order_by("pk").values_list("pk", flat=True))


@write
def delete_contact(*, context: Context, contact_id: int) -> None:
    """Delete a contact who takes part in no activity. Errors: company_in_use."""
    contact = lock_row(visible_contacts(context.actor), contact_id, to_delete=True)
    require_writer(context)
    if not _sees_first(context, contact):
        raise NotAllowed
    # A relation made in a higher room; deleting would silently empty it.
    if contact.activities.exists():
        raise Conflict("company_in_use")
    contact.delete()
    announce("contact", [contact_id])
    note_change(
        context, "contact", contact_id, "delete", {"name": (contact.name, None)}
    )


def _save(context: Context, contact: Contact, changed: dict[str, Any]) -> None:
    """Store what changed, with what follows from it, and note it."""
    _set_keys(contact)
    contact.row_version += 1
    contact.save(update_fields=[*changed, "name_key", "name_folded", "row_version"])
    if SEARCHED & changed.keys():
        announce("contact", [contact.pk])
    note_change(context, "contact", contact.pk, "update", changed)


def _clean(contact: Contact, given: Mapping[str, Any]) -> dict[str, Any]:
    problems = Problems()
    values = clean_fields(problems, given, CLEANERS, "custom")
    if "custom" in given:
        custom = clean_custom(
            problems, Subject.CONTACT, given["custom"], contact.custom
        )
        values["custom"] = custom
    check_days(problems, values, contact)
    region = contact.company.country
    settle_phones(problems, values, PHONES, region=region, stored=contact)
    problems.raise_if_any()
    return values


def _sees_first(context: Context, contact: Contact) -> bool:
    """Tell whether the actor sees the contact's own company, and not a further one."""
    return visible_companies(context.actor).filter(pk=contact.company_id).exists()


def _set_keys(contact: Contact) -> None:
    last_name_first = f"{contact.last_name} {contact.first_name}".strip()
    contact.name_key = sort_key(last_name_first)
    contact.name_folded = fold(last_name_first)[:FOLDED_LENGTH]
