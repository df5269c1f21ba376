"""Pages that are asked for again every few seconds: 204 while nothing has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from veriga.web.pages import show

SEEN = "X-Veriga-Seen"
ASKED = "X-Veriga-Poll"


def show_polled(
    request: HttpRequest, template: str, values: Mapping[str, Any], *, block: str
) -> HttpResponse:
    """Return the page, or its `block` if it is polled and differs from what was seen.

    The answer names what it shows in `X-Veriga-Seen`, and the script that polls sends
    that back. A piece never holds a token: those differ each time.
    """
    if ASKED not in request.headers:
        return show(request, template, values)
    response = show(request, template, values, block=block)
    seen = hashlib.blake2b(response.content, digest_size=12).hexdigest()
    if request.headers.get(SEEN) == seen:
        response = HttpResponse(status=204)
    response[SEEN] = seen
    return response
