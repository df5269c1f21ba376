"""How allauth behaves here: nobody signs up by themselves, administrators invite.

Passwords are set on our own page, by a link that an administrator makes or that the
user asks to get by mail; both links are those of access.services.password_link.
"""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from veriga.access.rules import Context, Source, system
from veriga.access.services import password_link
from veriga.work.messages import MESSAGES

if TYPE_CHECKING:
    from veriga.access.models import User

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped base
    """Closes the sign-up page; says and mails what this program says and mails."""

    error_messages = {  # noqa: RUF012  # as the base class has it
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": MESSAGES["wrong_sign_in"],
        "too_many_login_attempts": MESSAGES["too_many_attempts"],
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the next page shows that somebody is signed in or out."""

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return nothing: the mail carries a link of ours."""
        return ""

    def send_password_reset_mail(
        self, user: User, email: str, context: dict[str, Any]
    ) -> None:
        """Send the link with which a user who asked chooses a new password."""
        asked = Context(system("password reset"), timezone.now(), Source.MAIL)
        address = link_address(self.request, asked, user)
        send_link(user, address, is_invitation=False)


def link_address(request: HttpRequest, context: Context, user: User) -> str:
    """Return a new address at which `user` chooses a password; it works once."""
    uid, token = password_link(context=context, user_id=user.pk)
    page = reverse("welcome", kwargs={"uid": uid, "token": token})
    return request.build_absolute_uri(page)


def send_link(user: User, address: str, *, is_invitation: bool) -> bool:
    """Mail a link to its user, in their language; False if no mail went out."""
    if not settings.EMAIL_HOST:
        return False
    with translation.override(user.language):
        subject, text = _mail(user, address, is_invitation=is_invitation)
    try:
        return bool(send_mail(subject, text, None, [user.email]))
    except (OSError, SMTPException):
        log.exception("A mail with a password link could not be sent.")
        return False


def _mail(user: User, address: str, *, is_invitation: bool) -> tuple[str, str]:
    if is_invitation:
        subject = _("Veriga: your sign-in")
        first = _("You have been invited to Veriga. Choose your password here:")
    else:
        subject = _("Veriga: a new password")
        first = _("A new password for Veriga was asked for. Choose it here:")
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
    last = ngettext(
        "The link works once and for %(num)s day.",
        "The link works once and for %(num)s days.",
        days,
    ) % {"num": days}
    return subject, "\n\n".join([f"{user.name},", first, address, last]) + "\n"
