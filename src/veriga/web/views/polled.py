"""Pages that are asked for again every few seconds: 204 while nothing has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from veriga.setup.notices import unread_now
from veriga.web.pages import reader, show

SEEN = "X-Veriga-Seen"
ASKED = "X-Veriga-Poll"
NOTICES = "X-Veriga-Notices"


def show_polled(
    request: HttpRequest, template: str, values: Mapping[str, Any], *, block: str
) -> HttpResponse:
    """Return the page, or its `block` if it is polled and differs from what was seen.

    The answer names what it shows in `X-Veriga-Seen`, and the script that polls sends
    that back. A piece never holds a token: those differ each time. `X-Veriga-Notices`
    tells whether there are new notices, so that such a page asks once for both.
    """
    if ASKED not in request.headers:
        return show(request, template, values)
    response = show(request, template, values, block=block)
    seen = hashlib.blake2b(response.content, digest_size=12).hexdigest()
    if request.headers.get(SEEN) == seen:
        response = HttpResponse(status=204)
    response[SEEN] = seen
    response[NOTICES] = state_of(*unread_now(reader(request), now=timezone.now()))
    return response


def state_of(number: int, fresh: Sequence[int]) -> str:
    """Return what changes whenever notices are new, read, or no longer fresh."""
    return "-".join(map(str, [number, *fresh]))
