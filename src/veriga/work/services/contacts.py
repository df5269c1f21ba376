"""Adding a contact or a further company of one, in one step with what belongs to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from veriga.access.rules import Context
from veriga.common.errors import FieldError, Invalid
from veriga.common.transactions import write
from veriga.parties.models import Contact
from veriga.parties.services import (
    add_position,
    create_company,
    create_contact,
    make_first,
    update_position,
)


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


@write
def save_position(
    *,
    context: Context,
    contact_id: int,
    position_id: int | None,
    company_id: int | None = None,
    is_first: bool = False,
    left_on: date | None = None,
    expected_version: int | None = None,
    **fields: Any,
) -> None:
    """Save where else a contact is, new at `company_id` or stored as `position_id`.

    `is_first`: from now on they are there first of all; what was first becomes a
    further company, left on `left_on`. All of it is saved or nothing. Errors: those of
    parties.services.positions.
    """
    if position_id is None:
        if company_id is None:
            raise Invalid.of("company", "required")
        position_id = add_position(
            context=context,
            contact_id=contact_id,
            company_id=company_id,
            expected_version=expected_version,
            **fields,
        ).pk
    else:
        update_position(
            context=context,
            contact_id=contact_id,
            position_id=position_id,
            expected_version=expected_version,
            **fields,
        )
    if is_first:
        make_first(
            context=context,
            contact_id=contact_id,
            position_id=position_id,
            left_on=left_on,
        )
