"""Sending what waits in the outbox: claimed by one, tried again, given up at last."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from veriga.access.models import User
from veriga.access.rules import Context, Role
from veriga.common.transactions import write
from veriga.setup.models import Letter, Notice, Reminder
from veriga.setup.rules import pause_after

from .notices import notify

logger = logging.getLogger(__name__)

HELD_FOR: Final = timedelta(minutes=10)  # a sender that dies holds a mail no longer
KEPT_FOR: Final = timedelta(days=60)
FAILED: Final = "mail_failed"


@write
def claim_letter(*, context: Context, letter: Letter) -> bool:
    """Take a waiting mail for oneself; False if somebody else was quicker.

    Whoever dies while sending it leaves it to the next one after HELD_FOR.
    """
    until = context.now + HELD_FOR
    waiting = Letter.objects.filter(pk=letter.pk, next_try_at=letter.next_try_at)
    waiting = waiting.filter(sent_at__isnull=True, given_up_at__isnull=True)
    taken = waiting.update(next_try_at=until, attempts=letter.attempts + 1)
    if taken:
        letter.next_try_at, letter.attempts = until, letter.attempts + 1
    return bool(taken)


@write
def letter_sent(*, context: Context, letter: Letter) -> None:
    """Note that a mail is out, or that there was nothing to say in it."""
    Letter.objects.filter(pk=letter.pk).update(sent_at=context.now)


@write
def letter_failed(
    *, context: Context, letter: Letter, why: str, for_good: bool = False
) -> None:
    """Let a mail wait for longer each time, or give it up and tell administrators.

    An administrator who has not read of the last one yet is not told of the next.
    """
    pause = None if for_good else pause_after(letter.attempts)
    row = Letter.objects.filter(pk=letter.pk)
    if pause is not None:
        row.update(next_try_at=context.now + pause)
        return
    row.update(given_up_at=context.now)
    logger.error("Mail %s to %s was given up: %s", letter.pk, letter.user.email, why)
    told = Notice.objects.filter(kind=FAILED, read_at__isnull=True)
    people = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    for user in people.exclude(pk__in=told.values("user_id")):
        params = {"email": letter.user.email, "text": why[:300]}
        notify(context=context, user_id=user.pk, kind=FAILED, params=params)


def forget_letters(now: datetime) -> None:
    """Delete old mails, and what says that old reminders were given."""
    Letter.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    Reminder.objects.filter(given_at__lt=now - KEPT_FOR).delete()
