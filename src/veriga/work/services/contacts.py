"""Adding a contact, and its company in the same step if that is new."""

from __future__ import annotations

from typing import Any

from veriga.access.rules import Context
from veriga.common.errors import FieldError, Invalid
from veriga.common.transactions import write
from veriga.parties.models import Contact
from veriga.parties.services import create_company, create_contact


@write
def add_contact(
    *,
    context: Context,
    company_id: int | None = None,
    new_company: str = "",
    **fields: Any,
) -> Contact:
    """Return a new contact at a company, or at one made here from its name alone.

    Both are saved or neither. Errors: those of parties.services.create_contact; what is
    wrong with the new company's name is said of the field `company`.
    """
    if company_id is None:
        try:
            company_id = create_company(context=context, name=new_company).pk
        except Invalid as error:
            faults = [FieldError("company", e.code, e.params) for e in error.errors]
            raise Invalid(error.code, errors=faults, **error.params) from error
    return create_contact(context=context, company_id=company_id, **fields)
