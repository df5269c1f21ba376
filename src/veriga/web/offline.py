"""What a device may keep of a user's pages for when there is no signal.

The server decides: only an answer that bears `X-Veriga-Keep` is kept, under the mark of
the user whose it is. The worker that keeps it is static/js/worker.js.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

from veriga.access.models import User
from veriga.setup.preferences import keeps_offline

KEEP: Final = "X-Veriga-Keep"
SOURCE: Final = settings.PACKAGE / "web" / "static" / "js" / "worker.js"
# Confidential entries stay on the server, whoever reads them.
CONFIDENTIAL: Final = b"is-confidential"
# What a kept page needs; the rest is fetched when it is wanted.
ASSETS: Final = (".js", ".css", ".woff2", ".svg")
Work = Callable[..., HttpResponse]


def offline_mark(user: User | None) -> str:
    """Return "owner.epoch" of what this user's device keeps, "" if it keeps nothing.

    The owner is the person. The epoch is another one after a change of the password or
    of the rights, and what was kept under the one before is deleted.
    """
    if user is None or not (user.keeps_offline and keeps_offline()):
        return ""
    owner = _digest("owner", user.pk)
    rights = (user.role, user.scope, user.team_id, user.may_see_persons)
    return f"{owner}.{_digest('epoch', user.get_session_auth_hash(), *rights)}"


def kept_offline(kind: str, *queries: str) -> Callable[[Work], Work]:
    """Mark what a view answers as a page that a device may keep.

    `kind` says with which pages it shares its place, `queries` what its address may
    carry: a page with an open panel, say, is none that anybody will look for.
    """

    def decorate(view: Work) -> Work:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if _may_keep(request, response, queries):
                mark = offline_mark(request.user)  # type: ignore[arg-type]
                if mark:
                    response[KEEP] = f"{kind} {mark}"
            return response

        return wrapper

    return decorate


def _may_keep(
    request: HttpRequest, response: HttpResponse, queries: tuple[str, ...]
) -> bool:
    return (
        request.method == "GET"
        and response.status_code == 200
        and set(request.GET) <= set(queries)
        and (
            "HX-Request" not in request.headers or "X-Veriga-Window" in request.headers
        )
        and "X-Veriga-Poll" not in request.headers
        and bool(response.content)
        and CONFIDENTIAL not in response.content
    )


def _digest(*parts: object) -> str:
    salt = f"veriga.web.offline.{parts[0]}"
    return salted_hmac(salt, " ".join(map(str, parts[1:]))).hexdigest()[:16]


@cache
def worker_text() -> str:
    """Return the service worker: its source, and before it what it has to know."""
    source = SOURCE.read_text(encoding="utf-8")
    assets = sorted(_asset_addresses())
    version = hashlib.sha256(repr((source, assets)).encode()).hexdigest()[:12]
    known = {
        "version": version,
        "assets": assets,
        "static": settings.STATIC_URL,
        "pages": {
            code: reverse("offline:page", kwargs={"language": code})
            for code, _ in settings.LANGUAGES
        },
        "state": reverse("offline:state"),
        "companies": reverse("offline:companies"),
        "desk": reverse("desk"),
        "calendar": reverse("calendar"),
        "quick": reverse("quick"),
        "find": reverse("companies:find"),
        "likeliest": reverse("likeliest"),
        "signIn": reverse("account_login"),
        "signOut": reverse("account_logout"),
    }
    return f"const KNOWN = {json.dumps(known)};\n{source}"


def _asset_addresses() -> list[str]:
    """Return the addresses of everything that pages load, under their hashed names."""
    paths = getattr(staticfiles_storage, "hashed_files", {})
    return [
        staticfiles_storage.url(path)
        for path in paths
        if path.startswith(("dist/", "js/", "img/veriga"))
        and path.endswith(ASSETS)
        and path != "js/worker.js"
    ]
