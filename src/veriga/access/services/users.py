"""Making and changing users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings

from veriga.access.models import LANGUAGES, THEMES, Team, Token, User
from veriga.access.rules import DEFAULT_SCOPE, Context, Role, Scope
from veriga.common.checks import (
    Cleaner,
    clean_bool,
    clean_choice,
    clean_email,
    clean_fields,
    clean_id,
    settle_phones,
    text_of,
)
from veriga.common.errors import Conflict, FieldError, Invalid, NotAllowed, Problems
from veriga.common.rows import check_version, constraint_errors, lock_row, set_changed
from veriga.common.text import sort_key
from veriga.common.transactions import write
from veriga.history.services import note_change

from .passwords import check_password_strength

NAME_LENGTH = 120
PHONE_LENGTH = 40
EMAIL_TAKEN = FieldError("email", "email_taken")
CONSTRAINTS = {
    "user_email_any_case": EMAIL_TAKEN,
    "access_user.email": EMAIL_TAKEN,
    "access_user_email": EMAIL_TAKEN,
}
COLUMNS_LENGTH = 2_000
PROFILE_FIELDS = ("name", "phone", "language", "theme")


def _clean_address(problems: Problems, field: str, value: object) -> str:
    return clean_email(problems, field, value, required=True).lower()


def _clean_team(problems: Problems, field: str, value: object) -> int | None:
    team_id = clean_id(problems, field, value)
    if team_id is not None and not Team.objects.filter(pk=team_id).exists():
        problems.add(field, "unknown_choice")
    return team_id


CLEANERS: Mapping[str, Cleaner] = {
    "email": _clean_address,
    "name": text_of(NAME_LENGTH, required=True),
    "role": lambda p, f, v: clean_choice(p, f, v, set(Role)),
    "scope": lambda p, f, v: clean_choice(p, f, v, set(Scope)),
    "team_id": _clean_team,
    "may_see_confidential": clean_bool,
    "may_activate": clean_bool,
    "may_see_persons": clean_bool,
    "phone": text_of(PHONE_LENGTH),
    "language": lambda p, f, v: clean_choice(p, f, v, dict(LANGUAGES)),
    "theme": lambda p, f, v: clean_choice(p, f, v, dict(THEMES)),
}


@write
def create_user(
    *,
    context: Context,
    email: str,
    name: str,
    role: str,
    team_id: int | None = None,
    scope: str | None = None,
    language: str | None = None,
    phone: str = "",
    may_see_confidential: bool = False,
    may_activate: bool = False,
    may_see_persons: bool = False,
    password: str | None = None,
) -> User:
    """Return a new active user. Administrators only.

    Without `scope` it is the role's usual one, without `language` the installation's,
    without `password` nobody can sign in until a link of `password_link` is used.
    Errors: not_an_email, email_taken, weak_password, unknown_choice.
    """
    _require_administrator(context)
    given = {
        "email": email,
        "name": name,
        "role": role,
        "team_id": team_id,
        "language": language or settings.LANGUAGE_CODE,
        "phone": phone,
        "may_see_confidential": may_see_confidential,
        "may_activate": may_activate,
        "may_see_persons": may_see_persons,
    }
    values = _clean(given if scope is None else {**given, "scope": scope})
    values.setdefault("scope", DEFAULT_SCOPE[Role(values["role"])])
    user = User(created_at=context.now, **values)
    user.name_key = sort_key(user.name)
    if password is None:
        user.set_unusable_password()
    else:
        check_password_strength(password, user, "password")
        user.set_password(password)
    with constraint_errors(CONSTRAINTS):
        user.save(force_insert=True)
    note_change(
        context,
        "user",
        user.pk,
        "create",
        {field: (None, getattr(user, field)) for field in ("email", "role", "scope")},
    )
    return user


@write
def update_user(
    *,
    context: Context,
    user_id: int,
    expected_version: int | None = None,
    **changes: Any,
) -> User:
    """Return the user with `changes`: any of the fields of CLEANERS.

    A new role brings its usual scope along where the old scope was the old role's usual
    one. Administrators only. Where the team or the name may change, call the service
    of the same name in work.services.people, which carries the change to the user's
    companies and activities.
    Errors: stale, own_last_administrator, unknown_field and those of create_user.
    """
    _require_administrator(context)
    others = _lock_administrators() - {user_id} if "role" in changes else set()
    user = lock_row(User.objects.all(), user_id)
    check_version(user, expected_version)
    values = _clean(changes, user)
    old_role = Role(user.role)
    role = Role(values.get("role", old_role))
    if role is not old_role:
        if user.is_active and old_role is Role.ADMINISTRATOR and not others:
            raise Conflict("own_last_administrator")
        if user.scope == DEFAULT_SCOPE[old_role]:
            values.setdefault("scope", DEFAULT_SCOPE[role])
    return _save(context, user, values)


@write
def update_own_profile(
    *,
    context: Context,
    name: str | None = None,
    phone: str | None = None,
    language: str | None = None,
    theme: str | None = None,
    expected_version: int | None = None,
) -> User:
    """Return the actor's own user with what is given; None leaves a field as it is.

    After a new name call refresh_owner_columns, as work.services.people does.
    """
    if context.actor.user_id is None:
        raise NotAllowed
    user = lock_row(User.objects.all(), context.actor.user_id)
    check_version(user, expected_version)
    given = dict(
        zip(PROFILE_FIELDS, (name, phone, language, theme), strict=True),
    )
    return _save(
        context, user, _clean({k: v for k, v in given.items() if v is not None}, user)
    )


@write
def keep_columns(*, context: Context, page: str, columns: str) -> User:
    """Keep which columns the actor wants in the list of a page; "" the usual ones.

    A matter of taste like the place of a window: it leaves no history, and overtakes no
    form that is open. Errors: too_long.
    """
    if context.actor.user_id is None:
        raise NotAllowed
    if len(columns) > COLUMNS_LENGTH:
        raise Invalid.of("columns", "too_long", limit=COLUMNS_LENGTH)
    user = lock_row(User.objects.all(), context.actor.user_id)
    kept = {name: text for name, text in user.list_columns.items() if name != page}
    user.list_columns = {**kept, page: columns} if columns else kept
    user.save(update_fields=["list_columns"])
    return user


@write
def keep_offline(*, context: Context, is_on: bool) -> User:
    """Set whether the actor's devices keep pages for when there is no signal."""
    if context.actor.user_id is None:
        raise NotAllowed
    user = lock_row(User.objects.all(), context.actor.user_id)
    return _save(context, user, {"keeps_offline": is_on})


@write
def deactivate_user(*, context: Context, user_id: int) -> User:
    """Return the user, signed out everywhere, their API tokens revoked for good.

    Administrators only; code own_last_administrator.
    """
    _require_administrator(context)
    others = _lock_administrators() - {user_id}
    user = lock_row(User.objects.all(), user_id)
    if user.is_active:
        if user.role == Role.ADMINISTRATOR and not others:
            raise Conflict("own_last_administrator")
        _set_active(context, user, is_active=False)
        Token.objects.filter(user=user, revoked_at__isnull=True).update(
            revoked_at=context.now
        )
    return user


@write
def activate_user(*, context: Context, user_id: int) -> User:
    """Return the user, able to sign in again. Administrators only."""
    _require_administrator(context)
    user = lock_row(User.objects.all(), user_id)
    if not user.is_active:
        _set_active(context, user, is_active=True)
    return user


def _require_administrator(context: Context) -> None:
    if not context.actor.is_administrator:
        raise NotAllowed


def _lock_administrators() -> set[int]:
    """Return the ids of the active administrators, all locked, in id order.

    So two who step down at once do not both find the other still there.
    """
    administrators = User.objects.select_for_update(no_key=True).filter(
        role=Role.ADMINISTRATOR, is_active=True
    )
    return {user.pk for user in administrators.order_by("pk")}


def _clean(given: Mapping[str, Any], user: User | None = None) -> dict[str, Any]:
    problems = Problems()
    values = clean_fields(problems, given, CLEANERS)
    settle_phones(problems, values, ("phone",), stored=user)
    problems.raise_if_any()
    return values


def _save(context: Context, user: User, values: Mapping[str, Any]) -> User:
    """Save what differs of `values`, with what follows from it, and note it."""
    changes = set_changed(user, values)
    if not changes:
        return user
    user.row_version += 1
    user.name_key = sort_key(user.name)
    with constraint_errors(CONSTRAINTS):
        user.save(update_fields=[*changes, "name_key", "row_version"])
    if "email" in changes:
        # allauth copies the address at sign-in and would go on accepting the old one.
        EmailAddress.objects.filter(user=user).delete()
    note_change(context, "user", user.pk, "update", changes)
    return user


def _set_active(context: Context, user: User, *, is_active: bool) -> None:
    user.is_active = is_active
    user.row_version += 1
    user.save(update_fields=["is_active", "row_version"])
    note_change(
        context,
        "user",
        user.pk,
        "activate" if is_active else "deactivate",
        {"is_active": (not is_active, is_active)},
    )
