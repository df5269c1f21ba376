"""Giving notices, and marking them read: each user their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from veriga.access.rules import Context
from veriga.common.errors import NotFound
from veriga.common.transactions import write
from veriga.setup.models import Notice


@write
def notify(
    *, context: Context, user_id: int, kind: str, params: Mapping[str, Any]
) -> Notice:
    """Give a user something to know, and return it.

    Part of a service that has checked its right, and that the user may see what the
    notice is about.
    """
    return Notice.objects.create(
        user_id=user_id, kind=kind, params=dict(params), created_at=context.now
    )


@write
def read_notice(*, context: Context, notice_id: int) -> Notice:
    """Mark one of the actor's notices as read, and return it; or NotFound."""
    own = Notice.objects.filter(user_id=context.actor.user_id or 0, pk=notice_id)
    own.filter(read_at__isnull=True).update(read_at=context.now)
    notice = own.first()
    if notice is None:
        raise NotFound
    return notice


@write
def read_all_notices(*, context: Context) -> int:
    """Mark all of the actor's notices as read; return how many were not."""
    own = Notice.objects.filter(user_id=context.actor.user_id or 0)
    return own.filter(read_at__isnull=True).update(read_at=context.now)
