"""Every read of companies, contacts and shares."""

from .companies import (
    CompanyFilters,
    count_companies,
    find_companies,
    get_company,
    list_companies,
    own_firm,
    similar_companies,
)
from .contacts import (
    ContactFilters,
    contacts_of,
    count_contacts,
    find_contacts,
    get_contact,
    list_contacts,
    visible_contacts,
)
from .visibility import (
    activity_condition,
    activity_parts,
    can_see,
    company_condition,
    company_parts,
    list_shares,
    seen_by,
    sight_of,
    visible_companies,
)

__all__ = [
    "CompanyFilters",
    "ContactFilters",
    "activity_condition",
    "activity_parts",
    "can_see",
    "company_condition",
    "company_parts",
    "contacts_of",
    "count_companies",
    "count_contacts",
    "find_companies",
    "find_contacts",
    "get_company",
    "get_contact",
    "list_companies",
    "list_contacts",
    "list_shares",
    "own_firm",
    "seen_by",
    "sight_of",
    "similar_companies",
    "visible_companies",
    "visible_contacts",
]
