"""Companies, contacts and shares for the tests of every room."""

from __future__ import annotations

from itertools import count
from typing import Any

from veriga.access.models import User
from veriga.access.tests.factories import NOW
from veriga.common.announcing import announce
from veriga.common.text import fold, sort_key
from veriga.parties.models import Company, Contact, Share

_numbers = count(1)


def make_company(
    name: str | None = None, *, owner: User | None = None, **fields: Any
) -> Company:
    """Return a stored company in the team of its account owner."""
    name = name or f"Podjetje {next(_numbers)}, d. o. o."
    company = Company.objects.create(
        **{
            "name": name,
            "name_key": sort_key(name),
            "name_folded": fold(name),
            "account_owner": owner,
            "team": owner.team if owner else None,
            "created_by": owner,
            "created_at": NOW,
            **fields,
        }
    )
    announce("company", [company.pk])
    return company


def make_own_firm(name: str = "Interno") -> Company:
    return make_company(name, is_own=True)


def make_contact(
    company: Company | None = None,
    *,
    first_name: str = "Maja",
    last_name: str | None = None,
    **fields: Any,
) -> Contact:
    """Return a stored contact; without `company` of a new one."""
    last_name = last_name or f"Kovač {next(_numbers)}"
    full_name = f"{last_name} {first_name}".strip()
    contact = Contact.objects.create(
        **{
            "company": company or make_company(),
            "first_name": first_name,
            "last_name": last_name,
            "name_key": sort_key(full_name),
            "name_folded": fold(full_name),
            "created_at": NOW,
            **fields,
        }
    )
    announce("contact", [contact.pk])
    return contact


def make_share(company: Company, user: User) -> Share:
    return Share.objects.create(company=company, user=user, made_at=NOW)
