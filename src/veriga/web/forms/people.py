"""The forms of users, teams and one's own account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veriga.access.rules import Role, Scope
from veriga.common.errors import Invalid
from veriga.web.pages import Typed

if TYPE_CHECKING:
    from veriga.access.models import User

USER_FIELDS: Final = (
    "name",
    "email",
    "role",
    "team_id",
    "scope",
    "may_see_confidential",
    "may_activate",
    "may_see_persons",
)
RIGHTS: Final = {"may_see_confidential", "may_activate", "may_see_persons"}
PROFILE_FIELDS: Final = ("name", "phone", "language", "theme")

Choices = list[tuple[str, str]]


def read_user(data: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that a form of a user sent, as the services take them.

    An empty scope of a new user is the usual one of the role and is left out.
    Errors: Invalid with wrong_type, if the team is no number.
    """
    typed = Typed(data)
    values: dict[str, Any] = {n: typed.text(n) for n in USER_FIELDS if n in data}
    if "team_id" in values:
        values["team_id"] = typed.number("team_id")
    for name in RIGHTS & values.keys():
        values[name] = values[name] == "on"
    typed.raise_if_any()
    return values


def shown_user(user: User) -> dict[str, str]:
    """Return what the form shows of a stored user."""
    return {
        "name": user.name,
        "email": user.email,
        "role": user.role,
        "team_id": "" if user.team_id is None else str(user.team_id),
        "scope": user.scope,
        **{name: "on" if getattr(user, name) else "" for name in RIGHTS},
    }


def read_profile(data: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that somebody sent of their own profile."""
    return {name: data[name] for name in PROFILE_FIELDS if name in data}


def read_new_password(data: Mapping[str, str]) -> str:
    """Return the new password, typed twice in `new` and `again`.

    Codes: required (field new), passwords_differ (field again).
    """
    new = data.get("new", "")
    if not new:
        raise Invalid.of("new", "required")
    if new != data.get("again", ""):
        raise Invalid.of("again", "passwords_differ")
    return new


def roles() -> Choices:
    """Return the roles with their names."""
    return [
        (Role.ADMINISTRATOR, pgettext("role", "Administrator")),
        (Role.MANAGER, pgettext("role", "Manager")),
        (Role.SALES, pgettext("role", "Sales")),
        (Role.READER, pgettext("role", "Reader")),
    ]


def role_notes() -> Choices:
    """Return what each role may do, for whoever gives it."""
    return [
        (pgettext("role", "Administrator"), _("Everything, users and teams too.")),
        (
            pgettext("role", "Manager"),
            _("Records and links, and edits what belongs to others."),
        ),
        (
            pgettext("role", "Sales"),
            _("Records and links, and edits what is their own."),
        ),
        (pgettext("role", "Reader"), _("Reads only.")),
    ]


def scopes() -> Choices:
    """Return the scopes with their names."""
    return [
        (Scope.OWN, _("Own companies")),
        (Scope.TEAM, _("Companies of the team")),
        (Scope.ALL, _("All companies")),
    ]


def languages() -> Choices:
    """Return the languages, each under its own name."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def themes() -> Choices:
    """Return the themes with their names."""
    return [
        ("auto", _("As the computer")),
        ("light", _("Light")),
        ("dark", _("Dark")),
    ]
