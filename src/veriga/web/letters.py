"""Mails of notices, and the daily digest: put into words and sent by the worker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from email.utils import formataddr
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from veriga.access.queries import actor_of
from veriga.access.rules import Context, Source, system
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.queries.running import RunningChain
from veriga.setup.models import Letter, Notice
from veriga.setup.notices import waiting_letters
from veriga.setup.services import claim_letter, letter_failed, letter_sent
from veriga.work.queries.desk import Desk, get_desk

from .formats import day, due_day
from .notices import address_of, shown_notices
from .running import beyond_name

logger = logging.getLogger(__name__)

AT_ONCE = 20
PERMANENT = 500  # an answer of SMTP from here on will not change


def send_letters(
    *,
    ended: Callable[[], bool] = lambda: False,
    clock: Callable[[], datetime] = timezone.now,
) -> int:
    """Send the mails that wait, a few of them; return how many went out.

    The first one that the server does not take ends it for now. Safe to call by
    several workers at once.
    """
    if not settings.EMAIL_HOST:
        return 0
    sent = 0
    for letter in waiting_letters(clock(), limit=AT_ONCE):
        if ended():
            break
        context = Context(system("mail"), clock(), Source.SYSTEM)
        if not claim_letter(context=context, letter=letter):
            continue
        outcome = _deliver(letter, context.now)
        if isinstance(outcome, _Failure):
            letter_failed(
                context=context,
                letter=letter,
                why=outcome.why,
                for_good=outcome.is_for_good,
            )
            if outcome.is_of_server:
                break
            continue
        sent += outcome
        letter_sent(context=context, letter=letter)
    return sent


class _Failure(NamedTuple):
    """Why a mail did not go, whether it never will, and whether others would not."""

    why: str
    is_for_good: bool = False
    is_of_server: bool = False


def _deliver(letter: Letter, now: datetime) -> bool | _Failure:
    """Send a mail; False if there was nothing to say in it."""
    try:
        message = message_of(letter, now)
    except Exception as error:  # one may not hold up all others
        logger.exception("Mail %s could not be written", letter.pk)
        return _Failure(repr(error))
    return message is not None and (_send(message) or True)


def _send(message: EmailMessage) -> _Failure | None:
    """Send a mail; return why it did not go."""
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _said in error.recipients.values()]
        is_for_good = bool(codes) and all(code >= PERMANENT for code in codes)
        return _Failure(str(error), is_for_good=is_for_good)
    except (OSError, SMTPException) as error:
        logger.warning("A mail could not be sent and will be tried again: %s", error)
        return _Failure(str(error) or type(error).__name__, is_of_server=True)
    return None


def message_of(letter: Letter, now: datetime) -> EmailMessage | None:
    """Return the mail in its reader's language; None if there is nothing to say."""
    with translation.override(letter.user.language):
        found = _digest(letter, now) if letter.kind == "digest" else _notice(letter)
    if found is None:
        return None
    subject, parts = found
    # The same in each attempt: mail programs show twice-sent mails once.
    host = urlsplit(settings.ADDRESS).hostname or "veriga"
    made = int(letter.created_at.timestamp())
    return EmailMessage(
        subject=" ".join(subject.split())[:200],
        body="\n\n".join(part for part in parts if part) + "\n",
        to=[formataddr((letter.user.name, letter.user.email))],
        connection=get_connection(timeout=settings.EMAIL_TIMEOUT),
        headers={
            "Message-ID": f"<letter-{letter.pk}-{made}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def _notice(letter: Letter) -> tuple[str, list[str]]:
    notice = Notice(user=letter.user, kind=letter.kind, params=letter.params)
    (shown,) = shown_notices(actor_of(letter.user), [notice])
    subject = _("Veriga: %(sentence)s") % {"sentence": shown.sentence}
    address = settings.ADDRESS + address_of(notice)
    return subject, [f"{letter.user.name},", shown.sentence, shown.note, address]


def _digest(letter: Letter, now: datetime) -> tuple[str, list[str]] | None:
    """Return what waits for a user today, None if nothing does."""
    desk = get_desk(actor_of(letter.user), now=now)
    parts = [
        _part(_("Overdue"), desk.late.count, map(_task, desk.late.rows)),
        _part(_("Due today"), desk.today.count, map(_task, desk.today.rows)),
        _part(_("Customers replied"), desk.replied_count, map(_chain, desk.replied)),
        _beyond(desk),
    ]
    if not any(parts):
        return None
    subject = _("Veriga: your day, %(day)s") % {"day": day(now)}
    address = settings.ADDRESS + reverse("desk")
    return subject, [f"{letter.user.name},", *parts, address]


def _beyond(desk: Desk) -> str:
    if not desk.beyond:
        return ""
    text = beyond_name(desk.limits) + f": {desk.beyond}"
    return f"{text}\n{settings.ADDRESS}{reverse('running')}?owner=me&silence=beyond"


def _part(heading: str, count: int, lines: Iterable[str]) -> str:
    if not count:
        return ""
    return "\n".join([f"{heading}: {count}", *(f"- {line}" for line in lines)])


def _task(row: ActivityRow) -> str:
    due = f" ({due_day(row.due_at)})" if row.due_at else ""
    return f"{row.reference} {row.title}, {row.company_name}{due}"


def _chain(chain: RunningChain) -> str:
    reference = chain.last_reference or chain.origin_reference
    return f"{reference} {chain.last_title or chain.origin_title}, {chain.company_name}"
