"""Recording an activity together with what stands in another room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from veriga.access.queries import users_by_id
from veriga.access.rules import Context
from veriga.activities.models import Activity
from veriga.activities.queries.activities import get_activity
from veriga.activities.rules.busy import Attendance
from veriga.activities.rules.repeats import Repeat, Which
from veriga.activities.services import (
    Changed,
    Draft,
    create_activity,
    create_series,
    take_out_and_move,
    update_activity,
    update_series,
)
from veriga.common.errors import Conflict, FieldError, Invalid
from veriga.common.transactions import write
from veriga.parties.queries import can_see, get_company
from veriga.parties.services import create_company, share_company


@write
def record_with_company(
    *,
    context: Context,
    draft: Draft,
    company_name: str = "",
    share: bool = False,
    repeat: Repeat | None = None,
) -> Activity:
    """Save a new activity and return it; `company_name` makes its company first.

    With `repeat` it is the first of a series. With `share` the company is shared with
    its owner and participants who would not see it. All is saved or nothing. Errors:
    those of create_activity; what is wrong with the name stands at the field "company";
    not_allowed for who may not share.
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
    if share:
        _share(context, draft.company_id, [draft.owner, *draft.participants])
    if repeat is not None:
        return create_series(context=context, draft=draft, repeat=repeat)[0]
    return create_activity(context=context, draft=draft)


@write
def update_and_share(
    *,
    context: Context,
    reference: str,
    changes: Mapping[str, Any],
    expected_version: int | None = None,
    which: str = Which.THIS,
) -> Activity:
    """Change an activity whose new people are to see its company; return it.

    `which`: also of its series, as update_series has it.
    """
    company_id = changes.get("company")
    if company_id is None:
        company_id = get_activity(context.actor, reference).company_id
    people = [changes.get("owner"), *changes.get("participants", ())]
    _share(context, company_id, people)
    return update_series(
        context=context,
        reference=reference,
        changes=changes,
        which=which,
        expected_version=expected_version,
    )


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


def _share(
    context: Context, company_id: int, people: Iterable[int | str | Attendance | None]
) -> None:
    """Share a company with those of `people` who do not see it."""
    company = get_company(context.actor, company_id)
    plain = [one.user if isinstance(one, Attendance) else one for one in people]
    ids = [person for person in plain if isinstance(person, int)]
    for user in users_by_id(ids).values():
        if user.is_active and not can_see(user, company):
            share_company(context=context, company_id=company.pk, user_id=user.pk)
