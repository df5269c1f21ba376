"""What activities and chains keep of their company."""

from __future__ import annotations

from typing import Any

from veriga.parties.models import Company


def company_columns(company: Company) -> dict[str, Any]:
    """Return what rows of activities and chains keep of a company: who sees it."""
    return {
        "company_team_id": company.team_id,
        "company_owner_id": company.account_owner_id,
        "company_is_person": company.is_person,
    }
