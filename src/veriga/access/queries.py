"""Reading users, teams and tokens. Colleagues are no secret: every user sees them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.contrib.auth.tokens import default_token_generator
from django.db.models import Q, QuerySet
from django.utils.http import urlsafe_base64_decode

from veriga.common.checks import clean_query, is_id
from veriga.common.errors import NotFound
from veriga.common.prepared import padded, prepared
from veriga.common.text import sort_key

from .models import Target, Team, Token, User
from .rules import (
    Actor,
    Role,
    Scope,
    may_activate,
    may_see_persons,
    may_see_target,
)

# A token's last use is a help to its owner, not a log: once an hour is enough.
LAST_USE_EVERY = timedelta(hours=1)


def actor_of(user: User) -> Actor:
    """Return the actor that `user` is; no statement."""
    return Actor(
        user_id=user.pk,
        name=user.name,
        role=Role(user.role),
        scope=Scope(user.scope),
        team_id=user.team_id,
        may_see_confidential=user.may_see_confidential,
        may_activate=may_activate(Role(user.role), user.may_activate),
        may_see_persons=may_see_persons(Role(user.role), user.may_see_persons),
    )


def get_user(actor: Actor, user_id: int) -> User:
    """Return a user, active or not, with the team; or NotFound."""
    try:
        return User.objects.select_related("team").get(pk=user_id)
    except User.DoesNotExist:
        raise NotFound from None


def find_user(actor: Actor, ident: int | str) -> User:
    """Return the user of this id or e-mail address, active or not; or NotFound."""
    if isinstance(ident, str) and "@" in ident:
        users = User.objects.select_related("team")
        user = users.filter(email=clean_query(ident).lower()).first()
        if user is None:
            raise NotFound
        return user
    try:
        return get_user(actor, int(ident))
    except ValueError:
        raise NotFound from None


def user_id_of_link(uid: str) -> int:
    """Return whose invitation or reset link has this first part.

    Errors: NotFound("link_expired") if nobody's can have it.
    """
    try:
        user_id = int(urlsafe_base64_decode(uid))
    except (ValueError, OverflowError):
        raise NotFound("link_expired") from None
    if not is_id(user_id):
        raise NotFound("link_expired")
    return user_id


def get_user_of_link(uid: str, token: str) -> User:
    """Return the active user whose unused link it is; or NotFound("link_expired")."""
    users = User.objects.filter(is_active=True, pk=user_id_of_link(uid))
    user = users.first()
    if user is None or not default_token_generator.check_token(user, token):
        raise NotFound("link_expired")
    return user


def list_users(actor: Actor, *, active_only: bool = False) -> list[User]:
    """Return all users with their teams, in the order of their names."""
    return _users(active_only)


@prepared
def _users(active_only: bool, /) -> QuerySet[User]:
    users = User.objects.select_related("team").order_by("name_key", "id")
    return users.filter(is_active=True) if active_only else users


def user_names(actor: Actor) -> list[tuple[int, str]]:
    """Return id and name of every active user, in the order of their names."""
    return _names()


def colleague_names(actor: Actor) -> list[tuple[int, str]]:
    """Return id and name of the active users whose team `actor` may see, by name.

    Who sees everything sees every team, everybody else their own; themselves always.
    """
    if actor.sees_everything:
        return _names()
    if actor.team_id is None:
        return [(pk, name) for pk, name in _names() if pk == actor.user_id]
    return _names_of_team(team=actor.team_id)


@prepared
def _names_of_team(*, team: int) -> QuerySet[User, tuple[int, str]]:
    users = User.objects.filter(is_active=True, team_id=team)
    return users.order_by("name_key", "id").values_list("pk", "name")


@prepared
def _names() -> QuerySet[User, tuple[int, str]]:
    users = User.objects.filter(is_active=True).order_by("name_key", "id")
    return users.values_list("pk", "name")


def users_by_id(ids: Iterable[int | None]) -> dict[int, User]:
    """Return the users of `ids` that exist, by id, in one statement (none if empty)."""
    wanted = {user_id for user_id in ids if user_id is not None and is_id(user_id)}
    if not wanted:
        return {}
    return {user.pk: user for user in _by_ids(ids=padded(sorted(wanted)))}


@prepared
def _by_ids(*, ids: list[int]) -> QuerySet[User]:
    return User.objects.filter(pk__in=ids).order_by()


def list_teams(actor: Actor) -> list[Team]:
    """Return all teams in Slovenian order."""
    return sorted(_teams(), key=lambda team: (sort_key(team.name), team.pk))


@prepared
def _teams() -> QuerySet[Team]:
    return Team.objects.order_by()


def get_team(actor: Actor, team_id: int) -> Team:
    """Return a team; or NotFound."""
    try:
        return Team.objects.get(pk=team_id)
    except Team.DoesNotExist:
        raise NotFound from None


def list_targets(
    actor: Actor, start: date, end: date, *, currency: str = ""
) -> list[Target]:
    """Return the targets that `actor` sees of the months from `start` to before `end`.

    With their users, in one statement.
    """
    return [
        one
        for one in _targets(str(start), str(end))
        if currency in ("", one.currency)
        and may_see_target(
            actor,
            user_id=one.user_id,
            team_id=one.user.team_id if one.user else one.team_id,
        )
    ]


@prepared
def _targets(start: str, end: str, /) -> QuerySet[Target]:
    rows = Target.objects.filter(month_on__gte=start, month_on__lt=end)
    return rows.select_related("user").order_by("month_on", "id")


def token_hash(secret: str) -> str:
    """Return what is stored of an API token.

    A plain hash is enough: the secret is random and too long to guess.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@prepared
def _tokens(*, hash_of: str) -> QuerySet[Token]:
    return Token.objects.select_related("user").filter(
        token_hash=hash_of, revoked_at__isnull=True, user__is_active=True
    )


def authenticate_token(secret: str, now: datetime) -> User | None:
    """Return the active user whose API token is `secret`, None if there is none.

    The last use is noted in passing, at most once an hour, by a conditional update, so
    that of many requests at once one writes.
    """
    found = _tokens(hash_of=token_hash(secret))
    if not found:
        return None
    token = found[0]
    if token.last_used_at is None or token.last_used_at <= now - LAST_USE_EVERY:
        Token.objects.filter(
            Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - LAST_USE_EVERY),
            pk=token.pk,
        ).update(last_used_at=now)
    return token.user


def list_tokens(actor: Actor) -> list[Token]:
    """Return the actor's own API tokens, revoked ones too, newest first."""
    if actor.user_id is None:
        return []
    return list(Token.objects.filter(user_id=actor.user_id).order_by("-created_at"))
