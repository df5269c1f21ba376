"""Bulk loading of companies with their contacts, by the rules of parties.services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from veriga.access.queries import users_by_id
from veriga.access.rules import Context
from veriga.common.announcing import announce
from veriga.common.checks import settle_phones
from veriga.common.errors import Invalid, NotAllowed, Problems
from veriga.common.phones import HOME_REGION
from veriga.common.text import fold, sort_key
from veriga.common.transactions import write
from veriga.parties.models import Company, CompanyStatus, Contact
from veriga.parties.rules import own_domain
from veriga.parties.services.company_fields import CLEANERS as COMPANY_FIELDS
from veriga.parties.services.company_fields import check_numbers
from veriga.parties.services.contacts import CLEANERS as CONTACT_FIELDS
from veriga.setup.models import ProspectType
from veriga.setup.queries import find_entry
from veriga.work.services.tables import Table, new_ids

COMPANY_COLUMNS = (
    "id", "name", "name_key", "name_folded", "status", "prospect_type_id", "is_own",
    "street", "postcode", "town", "country", "phone", "email", "website", "tax_number",
    "domain_key", "registration_number", "kind", "abc", "language", "expected_on",
    "notes", "parent_id",
    "account_owner_id", "team_id", "created_by_id", "created_at", "row_version",
)  # fmt: skip
CONTACT_COLUMNS = (
    "id", "company_id", "first_name", "last_name", "name_key", "name_folded",
    "function", "phone", "mobile", "email", "note", "since_on", "until_on",
    "created_by_id", "created_at",
    "row_version",
)  # fmt: skip


@dataclass(slots=True)
class LoadedCompany:
    """A company; `fields` and each contact have the names of parties' CLEANERS."""

    name: str
    account_owner_id: int | None
    created_at: datetime
    fields: Mapping[str, Any] = field(default_factory=dict)
    contacts: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class StoredCompany:
    """The ids that a company and its contacts got."""

    id: int
    contact_ids: tuple[int, ...]


@write
def load_companies(
    *, context: Context, companies: Sequence[LoadedCompany]
) -> list[StoredCompany]:
    """Store companies with their contacts and return their ids, in the same order.

    Administrators and the system only. Errors: those of create_company, create_contact.
    """
    if not context.actor.is_administrator:
        raise NotAllowed
    owners = users_by_id({company.account_owner_id for company in companies})
    company_ids = new_ids(Company, len(companies))
    contact_ids = iter(new_ids(Contact, sum(len(c.contacts) for c in companies)))
    table, people = Table(Company), Table(Contact)
    stored = []
    for company_id, company in zip(company_ids, companies, strict=True):
        owner = owners.get(company.account_owner_id or 0)
        if company.account_owner_id is not None and owner is None:
            raise Invalid.of("account_owner_id", "unknown_choice")
        values = _clean(COMPANY_FIELDS, {"name": company.name, **company.fields})
        region = values.get("country", "SI")
        kind = values.get("prospect_type") or None
        if kind is not None and find_entry(ProspectType, kind) is None:
            raise Invalid.of("prospect_type", "unknown_choice")
        created_at = table.instant(company.created_at)
        table.add(
            company_id,
            values["name"],
            sort_key(values["name"]),
            fold(values["name"])[:200],
            values.get("status", CompanyStatus.PROSPECT.value),
            kind,
            False,
            values.get("street", ""),
            values.get("postcode", ""),
            values.get("town", ""),
            values.get("country", "SI"),
            values.get("phone", ""),
            values.get("email", ""),
            values.get("website", ""),
            values.get("tax_number", ""),
            own_domain(values.get("website", ""), values.get("email", "")),
            values.get("registration_number", ""),
            values.get("kind", ""),
            values.get("abc", ""),
            values.get("language", ""),
            values.get("expected_on", ""),
            values.get("notes", ""),
            None,
            company.account_owner_id,
            owner.team_id if owner else None,
            company.account_owner_id,
            created_at,
            1,
        )
        own = []
        for contact in company.contacts:
            contact_id = next(contact_ids)
            own.append(contact_id)
            person = _clean(CONTACT_FIELDS, {"last_name": "", **contact}, region)
            _add_contact(people, contact_id, company_id, person, company, created_at)
        stored.append(StoredCompany(company_id, tuple(own)))
    table.write(*COMPANY_COLUMNS)
    people.write(*CONTACT_COLUMNS)
    announce("company", company_ids)
    announce("contact", [pk for one in stored for pk in one.contact_ids])
    return stored


def _add_contact(
    people: Table,
    contact_id: int,
    company_id: int,
    values: Mapping[str, Any],
    company: LoadedCompany,
    created_at: Any,
) -> None:
    first_name = values.get("first_name", "")
    last_name_first = f"{values['last_name']} {first_name}".strip()
    people.add(
        contact_id,
        company_id,
        first_name,
        values["last_name"],
        sort_key(last_name_first),
        fold(last_name_first)[:160],
        values.get("function", ""),
        values.get("phone", ""),
        values.get("mobile", ""),
        values.get("email", ""),
        values.get("note", ""),
        None,
        None,
        company.account_owner_id,
        created_at,
        1,
    )


def _clean(
    cleaners: Mapping[str, Any], given: Mapping[str, Any], region: str = ""
) -> dict[str, Any]:
    problems = Problems()
    values = {name: cleaners[name](problems, name, given[name]) for name in given}
    check_numbers(problems, values)
    where = region or values.get("country", HOME_REGION)
    settle_phones(problems, values, ("phone", "mobile"), region=where)
    problems.raise_if_any()
    return values
