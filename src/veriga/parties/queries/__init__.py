"""Every read of companies, contacts and shares."""

from .companies import (
    CompanyFilters,
    find_companies,
    get_company,
    list_companies,
    own_firm,
    similar_companies,
)
from .contacts import (
    ContactFilters,
    contacts_of,
    find_contacts,
    get_contact,
    list_contacts,
    visible_contacts,
)
from .visibility import (
    activity_condition,
    can_see,
    company_condition,
    list_shares,
    visible_companies,
)

__all__ = [
    "CompanyFilters",
    "ContactFilters",
    "activity_condition",
    "can_see",
    "company_condition",
    "contacts_of",
    "find_companies",
    "find_contacts",
    "get_company",
    "get_contact",
    "list_companies",
    "list_contacts",
    "list_shares",
    "own_firm",
    "similar_companies",
    "visible_companies",
    "visible_contacts",
]
