"""Sharing a company with a user who would not see it otherwise."""

from __future__ import annotations

from veriga.access.queries import users_by_id
from veriga.access.rules import Context
from veriga.common.errors import Invalid
from veriga.common.rows import lock_row
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.parties.models import Share
from veriga.parties.queries import is_kept_from, visible_companies

from .rights import require_steward


@write
def share_company(*, context: Context, company_id: int, user_id: int) -> Share:
    """Return the share that lets a user see a company; again changes nothing.

    By the account owner or a manager. Errors: unknown_choice, inactive_user,
    may_not_see_persons.
    """
    company = lock_row(visible_companies(context.actor), company_id)
    require_steward(context, company)
    user = users_by_id([user_id]).get(user_id)
    if user is None:
        raise Invalid.of("user_id", "unknown_choice")
    if not user.is_active:
        raise Invalid.of("user_id", "inactive_user")
    if is_kept_from(user, company):
        raise Invalid.of("user_id", "may_not_see_persons", user=user.name)
    share, is_new = Share.objects.get_or_create(
        company=company,
        user=user,
        defaults={"made_by_id": context.actor.user_id, "made_at": context.now},
    )
    if is_new:
        note_change(context, "company", company.pk, "share", {"user": (None, user.pk)})
    return share


@write
def unshare_company(*, context: Context, company_id: int, user_id: int) -> None:
    """Take a share back; without one nothing changes.

    By the account owner or a manager, who may also be the one who loses sight of it.
    """
    company = lock_row(visible_companies(context.actor), company_id)
    require_steward(context, company)
    share = Share.objects.filter(company=company, user__pk=user_id).first()
    if share is not None:
        share.delete()
        note_change(
            context, "company", company.pk, "unshare", {"user": (user_id, None)}
        )
