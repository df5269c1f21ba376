"""Notices in words, and their mails."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from veriga.setup.models import Notice

log = logging.getLogger(__name__)


def sentence_of(notice: Notice, company: str = "") -> str:
    """Return what a notice says, in the language of the page.

    `company` is its name today, if it is not to be the one of the day it was sent.
    """
    sentences = {
        "activation_asked": _(
            "%(company)s: please make it an active customer. (%(who)s)"
        ),
        "activated": _("%(company)s is an active customer now. (%(who)s)"),
    }
    values = {"company": "", "who": "", **notice.params}
    values["company"] = company or values["company"]
    return sentences.get(notice.kind, notice.kind) % values


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice as its reader's list shows it: `note` is what somebody wrote to it."""

    notice: Notice
    sentence: str
    note: str


def is_about_company(notice: Notice) -> bool:
    return "company_id" in notice.params


def shown_notice(notice: Notice, names: Mapping[int, str]) -> ShownNotice:
    """Return a notice for its reader; `names` are of the companies that they see.

    A company they see no more is not named, though they did see it when it was sent.
    """
    if not is_about_company(notice):
        return ShownNotice(notice, sentence_of(notice), "")
    name = names.get(notice.params["company_id"])
    if name is None:
        return ShownNotice(notice, _("About a company that you see no more."), "")
    text = str(notice.params.get("text", ""))
    return ShownNotice(notice, sentence_of(notice, name), text)


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
