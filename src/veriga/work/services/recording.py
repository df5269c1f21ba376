"""Recording an activity together with what stands in another room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from veriga.access.rules import Context
from veriga.activities.models import Activity
from veriga.activities.queries.activities import get_activity
from veriga.activities.services import (
    Changed,
    Draft,
    create_activity,
    take_out_and_move,
    update_activity,
)
from veriga.common.errors import Conflict, FieldError, Invalid
from veriga.common.transactions import write
from veriga.parties.services import create_company


@write
def record_with_company(
    *, context: Context, draft: Draft, company_name: str = ""
) -> Activity:
    """Save a new activity and return it; `company_name` makes its company first.

    Both are saved or neither is. Errors: those of create_activity; what is wrong with
    the name stands at the field "company".
    """
    if company_name:
        try:
            company = create_company(context=context, name=company_name)
        except Invalid as error:
            raise Invalid(
                error.code,
                errors=[FieldError("company", e.code, e.params) for e in error.errors],
                **error.params,
            ) from None
        draft = replace(draft, company_id=company.pk)
    return create_activity(context=context, draft=draft)


@write
def move_with_changes(
    *,
    context: Context,
    reference: str,
    company_id: int,
    changes: Mapping[str, Any],
    expected_version: int | None = None,
) -> Changed:
    """Take an activity out of its chain and to another company, then change it.

    Returns the move, which can be undone; the other changes stay. Errors: stale, and
    those of take_out_and_move and update_activity.
    """
    before = get_activity(context.actor, reference)
    if expected_version is not None and before.row_version != expected_version:
        raise Conflict("stale", row_version=before.row_version)
    moved = take_out_and_move(
        context=context, reference=reference, company_id=company_id
    )
    # The contacts of the old company stay behind.
    rest = {name: value for name, value in changes.items() if name != "contacts"}
    if rest:
        update_activity(context=context, reference=reference, changes=rest)
    return moved
