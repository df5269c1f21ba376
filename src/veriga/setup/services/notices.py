"""Giving notices, and marking them read: each user their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from veriga.access.rules import Context
from veriga.common.errors import NotFound
from veriga.common.transactions import write
from veriga.setup.models import Letter, Notice, NoticeSettings
from veriga.setup.notices import settings_of, wants
from veriga.setup.rules import Wish, quiet_end


@write
def notify(
    *,
    context: Context,
    user_id: int,
    kind: str,
    params: Mapping[str, Any],
    mailed: bool = False,
) -> Notice:
    """Give a user something to know, by mail too if `mailed`, and return it.

    Part of a service that has checked its right, and that the user may see what the
    notice is about.
    """
    speaks_at = _after_quiet(context.now, settings_of(user_id))
    if mailed:
        put_letter(context, user_id, kind, params, at=speaks_at)
    return _notice(context, user_id, kind, params, speaks_at)


@write
def tell(
    *,
    context: Context,
    wish: Wish,
    wishes: NoticeSettings,
    kind: str,
    params: Mapping[str, Any],
) -> None:
    """Give a user something to know as they want it: in Veriga, by mail, or not.

    Checked before as for notify().
    """
    is_told, is_mailed = wants(wishes, wish)
    speaks_at = _after_quiet(context.now, wishes)
    if is_told:
        _notice(context, wishes.user_id, kind, params, speaks_at)
    if is_mailed:
        put_letter(context, wishes.user_id, kind, params, at=speaks_at)


@dataclass(frozen=True, slots=True)
class News:
    """What one user is to know, and by which of their wishes; see `tell_all`."""

    wishes: NoticeSettings
    kind: str
    params: Mapping[str, Any]
    wish: Wish | None = None


@write
def tell_all(*, context: Context, news: Iterable[News]) -> None:
    """Do for many what tell() does for one, in two statements.

    Without a wish it is a mail alone, and does not wait for quiet hours to end.
    """
    notices, letters = [], []
    for one in news:
        is_told, is_mailed = wants(one.wishes, one.wish) if one.wish else (False, True)
        at = _after_quiet(context.now, one.wishes) if one.wish else context.now
        same: dict[str, Any] = {
            "user_id": one.wishes.user_id,
            "kind": one.kind,
            "params": dict(one.params),
            "created_at": context.now,
        }
        if is_told:
            notices.append(Notice(**same, toast_at=at))
        if is_mailed and settings.EMAIL_HOST:
            letters.append(Letter(**same, next_try_at=at))
    Notice.objects.bulk_create(notices)
    Letter.objects.bulk_create(letters)


def put_letter(
    context: Context,
    user_id: int,
    kind: str,
    params: Mapping[str, Any],
    *,
    at: datetime,
) -> None:
    """Leave a mail for the worker to send, not before `at`; nothing without a server.

    Part of a service.
    """
    if settings.EMAIL_HOST:
        Letter.objects.create(
            user_id=user_id,
            kind=kind,
            params=dict(params),
            created_at=context.now,
            next_try_at=at,
        )


def _notice(
    context: Context, user_id: int, kind: str, params: Mapping[str, Any], at: datetime
) -> Notice:
    return Notice.objects.create(
        user_id=user_id,
        kind=kind,
        params=dict(params),
        created_at=context.now,
        toast_at=at,
    )


def _after_quiet(now: datetime, wishes: NoticeSettings) -> datetime:
    """Return when pages and mails may speak: now, or after the quiet hours."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    return quiet_end(local, wishes.quiet_from, wishes.quiet_until) or now


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
