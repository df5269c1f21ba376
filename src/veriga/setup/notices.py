"""Reading notices: each user their own."""

from __future__ import annotations

from veriga.access.rules import Actor
from veriga.common.checks import check_limit
from veriga.common.keyset import Order, Page, take_page

from .models import Notice

NEWEST = Order("newest", ("created_at", "id"), descending=True)
MOST_COUNTED = 100


def list_notices(
    actor: Actor, *, limit: int = 50, cursor: str | None = None
) -> Page[Notice]:
    """Return a page of the actor's notices, the newest first."""
    own = Notice.objects.filter(user_id=actor.user_id or 0)
    return take_page(own, NEWEST, limit=check_limit(limit), cursor=cursor)


def count_unread(actor: Actor) -> int:
    """Return how many notices the actor has not read, counting no further than 100."""
    unread = Notice.objects.filter(user_id=actor.user_id or 0, read_at__isnull=True)
    return unread.order_by()[:MOST_COUNTED].count()
