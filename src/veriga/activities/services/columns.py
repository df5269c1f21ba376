"""The columns that an activity's row keeps of its company and owner."""

from __future__ import annotations

from veriga.access.models import User
from veriga.activities.models import Activity
from veriga.parties.models import Company


def set_company_columns(activity: Activity, company: Company) -> None:
    """Set the company and what a row keeps of it; the caller saves."""
    activity.company = company
    activity.company_key = company.name_key
    activity.company_team_id = company.team_id
    activity.company_owner_id = company.account_owner_id
    activity.company_is_person = company.is_person


def set_owner_columns(activity: Activity, owner: User) -> None:
    """Set the owner and what a row keeps of them; the caller saves."""
    activity.owner = owner
    activity.owner_key = owner.name_key


def refresh_company_columns(company: Company) -> int:
    """Bring the columns that all its activities keep of a company up to date."""
    return Activity.objects.filter(company=company).update(
        company_key=company.name_key,
        company_team_id=company.team_id,
        company_owner_id=company.account_owner_id,
        company_is_person=company.is_person,
    )


def refresh_owner_columns(user: User) -> int:
    """Bring the column that all their activities keep of an owner up to date."""
    return Activity.objects.filter(owner=user).update(owner_key=user.name_key)
