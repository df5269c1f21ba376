"""Changing a company where its activities must follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from veriga.access.rules import Context
from veriga.activities.services import refresh_company_columns
from veriga.common.transactions import write
from veriga.parties import services as parties
from veriga.parties.models import Company

from .indexing import announce_activities_of


@write
def update_company(
    *,
    context: Context,
    company_id: int,
    expected_version: int | None = None,
    **changes: Any,
) -> Company:
    """Return the company changed; its name, team, owner and kind reach its activities.

    Rights and errors: parties.services.update_company.
    """
    company = parties.update_company(
        context=context,
        company_id=company_id,
        expected_version=expected_version,
        **changes,
    )
    if {"name", "account_owner_id", "kind"} & changes.keys():
        refresh_company_columns(company)
    if {"name", "kind"} & changes.keys():
        announce_activities_of(company.pk)
    return company


@write
def restore_company(
    *, context: Context, company_id: int, version: int, was: Mapping[str, Any]
) -> Company:
    """Return the company with what it had; its activities follow it.

    Rights and errors: parties.services.restore_company.
    """
    company = parties.restore_company(
        context=context, company_id=company_id, version=version, was=was
    )
    if "account_owner_id" in was:
        refresh_company_columns(company)
    return company
