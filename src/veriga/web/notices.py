"""Notices in words, and their mails."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from veriga.setup.models import Notice

log = logging.getLogger(__name__)


def sentence_of(notice: Notice) -> str:
    """Return what a notice says, in the language of the page."""
    sentences = {
        "activation_asked": _(
            "%(company)s: please make it an active customer. (%(who)s)"
        ),
        "activated": _("%(company)s is an active customer now. (%(who)s)"),
    }
    values = {"company": "", "who": "", **notice.params}
    return sentences.get(notice.kind, notice.kind) % values


def address_of(notice: Notice) -> str:
    """Return the page that a notice is about."""
    names = {"activation_asked": "companies:activate", "activated": "companies:page"}
    if notice.kind not in names:
        return reverse("notices:list")
    return reverse(names[notice.kind], kwargs={"id": notice.params["company_id"]})


def mail_notice(request: HttpRequest, notice: Notice) -> bool:
    """Send a notice by mail too, in its reader's language; False if none went out.

    Called once the notice is saved: a mail server that does not answer loses nothing.
    """
    if not settings.EMAIL_HOST:
        return False
    user = notice.user
    with translation.override(user.language):
        subject = _("Veriga: %(sentence)s") % {"sentence": sentence_of(notice)}
        parts = [
            f"{user.name},",
            sentence_of(notice),
            str(notice.params.get("text", "")),
            request.build_absolute_uri(address_of(notice)),
        ]
    text = "\n\n".join(part for part in parts if part) + "\n"
    subject = " ".join(subject.split())[:200]
    try:
        return bool(send_mail(subject, text, None, [user.email]))
    except (OSError, SMTPException):
        log.exception("The mail of a notice could not be sent.")
        return False
