"""The columns that activities keep of their company and owner, chains of theirs."""

from __future__ import annotations

from veriga.access.models import User
from veriga.activities.models import Activity, Chain
from veriga.activities.queries.columns import company_columns
from veriga.parties.models import Company

from .sums import withdraw


def set_company_columns(activity: Activity, company: Company) -> None:
    """Set the company and what a row keeps of it; the caller saves."""
    activity.company = company
    activity.company_key = company.name_key
    for name, value in company_columns(company).items():
        setattr(activity, name, value)


def set_owner_columns(activity: Activity, owner: User) -> None:
    """Set the owner and what a row keeps of them; the caller saves."""
    activity.owner = owner
    activity.owner_key = owner.name_key


def new_chain(company: Company) -> Chain:
    """Return a chain of the company, saved and as yet without members."""
    return Chain.objects.create(company=company, **company_columns(company))


def give_chain(chain_id: int, company: Company) -> None:
    """Give a chain to a company."""
    chain = Chain.objects.filter(pk=chain_id)
    withdraw(chain)
    chain.update(company=company, **company_columns(company))


def refresh_company_columns(company: Company) -> None:
    """Bring what all its activities and chains keep of a company up to date."""
    columns = company_columns(company)
    activities = Activity.objects.filter(company=company)
    activities.update(company_key=company.name_key, **columns)
    chains = Chain.objects.filter(company=company)
    withdraw(chains)
    chains.update(**columns)


def refresh_owner_columns(user: User) -> int:
    """Bring the column that all their activities keep of an owner up to date."""
    return Activity.objects.filter(owner=user).update(owner_key=user.name_key)
