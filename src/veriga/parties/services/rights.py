"""What a user must be, to write about a company they see."""

from __future__ import annotations

from veriga.access.rules import Context
from veriga.common.errors import NotAllowed
from veriga.parties.models import Company


def require_writer(context: Context) -> None:
    """Raise NotAllowed for readers."""
    if not context.actor.can_record:
        raise NotAllowed


def require_steward(context: Context, company: Company) -> None:
    """Raise NotAllowed unless the actor is the account owner or a manager."""
    actor = context.actor
    is_owner = actor.user_id is not None and company.account_owner_id == actor.user_id
    if not (actor.is_manager or (is_owner and actor.can_record)):
        raise NotAllowed
