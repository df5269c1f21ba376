"""Changing a user where their companies and activities must follow."""

from __future__ import annotations

from typing import Any

from veriga.access import services as access
from veriga.access.models import User
from veriga.access.rules import Context
from veriga.activities.services import refresh_company_columns, refresh_owner_columns
from veriga.common.transactions import write
from veriga.parties.services import follow_owner_team


@write
def update_user(
    *,
    context: Context,
    user_id: int,
    expected_version: int | None = None,
    **changes: Any,
) -> User:
    """Return the user changed, with what follows from it.

    A new team takes the companies of which they are the account owner along, and with
    them who sees those; a new name reaches the lists of activities.
    Rights and errors: access.services.update_user.
    """
    user = access.update_user(
        context=context, user_id=user_id, expected_version=expected_version, **changes
    )
    if "team_id" in changes:
        for company in follow_owner_team(context=context, user=user):
            refresh_company_columns(company)
    if "name" in changes:
        refresh_owner_columns(user)
    return user


@write
def update_own_profile(
    *,
    context: Context,
    name: str | None = None,
    phone: str | None = None,
    language: str | None = None,
    theme: str | None = None,
    expected_version: int | None = None,
) -> User:
    """Return the actor's own user changed; None leaves a field as it is.

    Errors: access.services.update_own_profile.
    """
    user = access.update_own_profile(
        context=context,
        name=name,
        phone=phone,
        language=language,
        theme=theme,
        expected_version=expected_version,
    )
    if name is not None:
        refresh_owner_columns(user)
    return user
