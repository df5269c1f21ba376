"""Further addresses of a company: for invoices, deliveries, sites.

By whoever may change the company. Its history tells of them too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from veriga.access.rules import Context
from veriga.common.checks import (
    Cleaner,
    clean_choice,
    clean_country,
    clean_fields,
    text_of,
)
from veriga.common.errors import NotAllowed, Problems
from veriga.common.rows import check_version, lock_row, set_changed
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.parties.models import Address, AddressKind, Company
from veriga.parties.queries import get_address, visible_companies

from .rights import require_writer

SLOVENIAN_POSTCODE: Final = re.compile(r"[1-9][0-9]{3}")


CLEANERS: Final[Mapping[str, Cleaner]] = {
    "kind": lambda p, f, v: clean_choice(p, f, v, AddressKind.values),
    "name": text_of(120),
    "street": text_of(120),
    "postcode": text_of(16),
    "town": text_of(80, required=True),
    "country": clean_country,
    "note": text_of(200),
}


@write
def add_address(
    *, context: Context, company_id: int, kind: str, town: str, **fields: Any
) -> Address:
    """Return a new address of a company; fields are those of CLEANERS.

    Errors: bad_postcode for a Slovenian postcode without four digits.
    """
    company = _lock(context, company_id)
    address = Address(company=company)
    values = _clean(address, {"kind": kind, "town": town, **fields})
    set_changed(address, values)
    address.save(force_insert=True)
    told = {"address": (None, _told(address))}
    note_change(context, "company", company.pk, "update", told)
    return address


@write
def update_address(
    *,
    context: Context,
    company_id: int,
    address_id: int,
    expected_version: int | None = None,
    **changes: Any,
) -> Address:
    """Return the address with `changes`. Errors: stale, bad_postcode."""
    company = _lock(context, company_id)
    address = get_address(context.actor, company_id, address_id)
    check_version(address, expected_version)
    before = _told(address)
    if set_changed(address, _clean(address, changes)):
        address.row_version += 1
        address.save()
        told = {"address": (before, _told(address))}
        note_change(context, "company", company.pk, "update", told)
    return address


@write
def remove_address(*, context: Context, company_id: int, address_id: int) -> None:
    """Take an address away."""
    company = _lock(context, company_id)
    address = get_address(context.actor, company_id, address_id)
    before = _told(address)
    address.delete()
    note_change(context, "company", company.pk, "update", {"address": (before, None)})


def _lock(context: Context, company_id: int) -> Company:
    company = lock_row(visible_companies(context.actor), company_id)
    require_writer(context)
    if company.is_own and not context.actor.is_manager:
        raise NotAllowed
    return company


def _clean(address: Address, given: Mapping[str, Any]) -> dict[str, Any]:
    problems = Problems()
    values = clean_fields(problems, given, CLEANERS)
    country = values.get("country", address.country)
    postcode = values.get("postcode", address.postcode)
    if country == "SI" and postcode and not SLOVENIAN_POSTCODE.fullmatch(postcode):
        problems.add("postcode", "bad_postcode")
    problems.raise_if_any()
    return values


def _told(address: Address) -> str:
    parts = (address.name, address.line, address.country, address.note)
    return ", ".join(part for part in parts if part)
