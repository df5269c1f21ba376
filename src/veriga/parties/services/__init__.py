"""Every write to companies, contacts and shares."""

from .activation import ask_activation
from .addresses import add_address, remove_address, update_address
from .companies import (
    create_company,
    create_own_firm,
    delete_company,
    follow_owner_team,
    restore_company,
    update_company,
)
from .contacts import (
    create_contact,
    delete_contact,
    lock_contacts,
    restore_contact,
    update_contact,
)
from .positions import add_position, make_first, remove_position, update_position
from .shares import share_company, unshare_company

__all__ = [
    "add_address",
    "add_position",
    "ask_activation",
    "create_company",
    "create_contact",
    "create_own_firm",
    "delete_company",
    "delete_contact",
    "follow_owner_team",
    "lock_contacts",
    "make_first",
    "remove_address",
    "remove_position",
    "restore_company",
    "restore_contact",
    "share_company",
    "unshare_company",
    "update_address",
    "update_company",
    "update_contact",
    "update_position",
]
