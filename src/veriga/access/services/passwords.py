"""Passwords: the link of an invitation or reset, and changing one's own."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from veriga.access.models import User
from veriga.access.queries import actor_of, user_id_of_link
from veriga.access.rules import Context
from veriga.common.errors import Invalid, NotAllowed, NotFound, Problems
from veriga.common.rows import lock_row
from veriga.common.text import has_control_characters
from veriga.common.transactions import write
from veriga.history.services import note_change

PASSWORD_LENGTH = 200  # longer ones only cost time to hash
# By the code of Django's validators, whose own sentences are translated in part only.
WEAKNESSES = {
    "password_too_short": _("Use at least %(min_length)s characters."),
    "password_too_similar": _("This is too much like the name or e-mail address."),
    "password_too_common": _("Too many people use this password."),
    "password_entirely_numeric": _("Use letters too, not only digits."),
}


@write
def password_link(*, context: Context, user_id: int) -> tuple[str, str]:
    """Return (uid, token): the two parts of a link that lets a user choose a password.

    For an invitation and for a reset alike. The link works once, for the days of
    Django's PASSWORD_RESET_TIMEOUT, and nothing of it is stored. Administrators only.
    """
    if not context.actor.is_administrator:
        raise NotAllowed
    user = lock_row(User.objects.all(), user_id)
    if not user.is_active:
        raise Invalid("inactive_user")
    note_change(context, "user", user.pk, "password_link")
    return (
        urlsafe_base64_encode(force_bytes(user.pk)),
        default_token_generator.make_token(user),
    )


@write
def set_password_by_link(*, uid: str, token: str, password: str, now: datetime) -> User:
    """Return the user whose link it was, with the new password.

    Errors: weak_password; NotFound("link_expired") if the link is wrong, used or old.
    """
    user = _user_of_link(uid, token)
    check_password_strength(password, user, "password")
    user.set_password(password)
    user.row_version += 1
    user.save(update_fields=["password", "row_version"])
    note_change(Context(actor_of(user), now), "user", user.pk, "password")
    return user


@write
def change_own_password(*, context: Context, old: str, new: str) -> User:
    """Return the actor's user with the new password; all other sessions end.

    Codes: wrong_password (field old), weak_password (field new).
    """
    if context.actor.user_id is None:
        raise NotAllowed
    user = lock_row(User.objects.all(), context.actor.user_id)
    if has_control_characters(old) or not user.check_password(old):
        raise Invalid.of("old", "wrong_password")
    check_password_strength(new, user, "new")
    user.set_password(new)
    user.row_version += 1
    user.save(update_fields=["password", "row_version"])
    note_change(context, "user", user.pk, "password")
    return user


def check_password_strength(password: str, user: User, field: str) -> None:
    """Raise Invalid with a weak_password for each of Django's validators that objects.

    Its param `message` is the sentence, in the active language.
    """
    problems = Problems()
    if len(password) > PASSWORD_LENGTH:
        problems.add(field, "too_long", limit=PASSWORD_LENGTH)
    elif has_control_characters(password):
        problems.add(field, "control_characters")
    else:
        try:
            validate_password(password, user)
        except ValidationError as error:
            for weakness in error.error_list:
                problems.add(field, "weak_password", message=_sentence(weakness))
    problems.raise_if_any()


def _sentence(weakness: ValidationError) -> str:
    sentence = WEAKNESSES.get(weakness.code or "")
    if sentence is None:  # a validator that the installation has added
        return " ".join(weakness.messages)
    return str(sentence) % (weakness.params or {})


def _user_of_link(uid: str, token: str) -> User:
    try:
        user = lock_row(User.objects.filter(is_active=True), user_id_of_link(uid))
    except NotFound:
        raise NotFound("link_expired") from None
    if not default_token_generator.check_token(user, token):
        raise NotFound("link_expired")
    return user
