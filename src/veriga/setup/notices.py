"""Reading notices: each user their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from veriga.access.rules import Actor
from veriga.common.checks import check_limit
from veriga.common.keyset import Order, Page, take_page
from veriga.common.prepared import prepared

from .models import Letter, Notice, NoticeSettings
from .rules import Wish

NEWEST = Order("newest", ("created_at", "id"), descending=True)
MOST_COUNTED = 100
TOASTED_FOR: Final = timedelta(minutes=10)  # pages do not speak of what is older


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


def settings_of(user_id: int) -> NoticeSettings:
    """Return what a user wants to be told of, the defaults if they never said."""
    row = NoticeSettings.objects.filter(pk=user_id).first()
    return row or NoticeSettings(user_id=user_id)


class Wishes(dict[int, NoticeSettings]):
    """What users want to be told of, by id; the defaults for whoever never said."""

    def __missing__(self, user_id: int) -> NoticeSettings:
        return NoticeSettings(user_id=user_id)


def wishes_of(user_ids: Iterable[int] | None = None) -> Wishes:
    """Return the wishes of these users, of all for None; one statement."""
    rows = NoticeSettings.objects.all()
    if user_ids is not None:
        rows = rows.filter(pk__in=set(user_ids))
    return Wishes({row.pk: row for row in rows})


def wants(wishes: NoticeSettings, wish: Wish) -> tuple[bool, bool]:
    """Return whether somebody wants to be told in Veriga, and by mail."""
    return getattr(wishes, f"{wish}_told"), getattr(wishes, f"{wish}_mailed")


def unread_now(actor: Actor, *, now: datetime) -> tuple[int, list[int]]:
    """Return how many are unread, counted as count_unread does, and which are fresh.

    Fresh ones are those that pages may speak of by themselves, the newest first. One
    statement: every page asks for it every few seconds.
    """
    rows = _unread(user=actor.user_id or 0)
    since = now - TOASTED_FOR
    fresh = [pk for pk, at in rows if at is not None and since < at <= now]
    return len(rows), fresh


@prepared
def _unread(*, user: int) -> QuerySet[Notice, tuple[int, datetime | None]]:
    rows = Notice.objects.filter(user_id=user, read_at__isnull=True)
    found = rows.order_by("-created_at", "-id").values_list("pk", "toast_at")
    return found[:MOST_COUNTED]


def get_notices(actor: Actor, ids: Iterable[int]) -> list[Notice]:
    """Return those of the actor's notices, the oldest first."""
    own = Notice.objects.filter(user_id=actor.user_id or 0, pk__in=list(ids))
    return list(own.order_by("created_at", "id"))


def waiting_letters(now: datetime, *, limit: int) -> list[Letter]:
    """Return the mails that are to be tried now, longest waiting first."""
    waiting = Letter.objects.filter(sent_at__isnull=True, given_up_at__isnull=True)
    due = waiting.filter(next_try_at__lte=now, user__is_active=True)
    return list(due.select_related("user").order_by("next_try_at", "id")[:limit])


def params_of(**values: Any) -> Mapping[str, Any]:
    """Return params with instants as texts, as they are stored."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
