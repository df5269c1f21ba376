"""Who calls: the user of the Bearer token, as services and queries take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja.security import HttpBearer

from veriga.access.queries import actor_of, authenticate_token
from veriga.access.rules import Actor, Context, Source

if TYPE_CHECKING:
    from veriga.access.models import User


class BearerToken(HttpBearer):
    """A token of My account or of `veriga token`. A browser's session never counts."""

    def __call__(self, request: Any) -> User | None:
        """Return the token's user; looked up once, however often it is asked."""
        if not hasattr(request, "auth"):
            request.auth = super().__call__(request)
        return cast("User | None", request.auth)

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return authenticate_token(token.strip(), timezone.now())


bearer_token = BearerToken()


def reader(request: HttpRequest) -> Actor:
    """Return the actor that queries take."""
    return actor_of(cast("User", bearer_token(request)))


def writer(request: HttpRequest) -> Context:
    """Return the context that services take."""
    return Context(reader(request), timezone.now(), Source.API)


def language_of(request: HttpRequest, user: User | None) -> str:
    """Return the language of the sentences in the answer.

    That of Accept-Language if it names one of ours, else the user's, else the
    installation's.
    """
    known = dict(settings.LANGUAGES)
    try:
        wanted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    except ValueError:  # absurdly long
        wanted = ()
    for tag, _ in wanted:
        if tag.split("-")[0] in known:
            return tag.split("-")[0]
    return user.language if user is not None else settings.LANGUAGE_CODE
