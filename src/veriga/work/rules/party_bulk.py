"""What may be done to many companies or contacts at once. No Django."""

from __future__ import annotations

from enum import StrEnum


class CompanyAction(StrEnum):
    """A command for many companies."""

    OWNER = "owner"
    STATUS = "status"
    ADD_CATEGORY = "add_category"
    DROP_CATEGORY = "drop_category"
    ABC = "abc"


class ContactAction(StrEnum):
    """A command for many contacts, about what they are at their own company."""

    LEFT = "left"
    FUNCTION = "function"


PartyAction = CompanyAction | ContactAction
