"""A repeated POST gets the first answer again, if both bear the same Idempotency-Key.

What is kept and for how long: access/services/once.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from veriga.access.services.once import check_key, do_once

from .answers import JSON
from .auth import reader

KEPT_HEADERS = ("ETag", "Location")

Work = Callable[[], Callable[[], HttpResponse]]


def once(request: HttpRequest, work: Work) -> HttpResponse:
    """Return the answer of `work`, or the one that was given before under this key.

    `work` writes and returns the function that makes the answer: that is called when
    the transaction has come to its end, because references are given only then.
    Errors: Invalid idempotency_mismatch if the key was used for another request.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return work()()
    check_key(key, "Idempotency-Key")
    answer = do_once(
        user_id=reader(request).user_id or 0,
        key=key,
        request_hash=_hash(request),
        now=timezone.now(),
        work=lambda: _stored(work()),
    )
    response = HttpResponse(answer.body["text"], status=answer.status)
    response["Content-Type"] = JSON
    for name, value in answer.body["headers"].items():
        response[name] = value
    if answer.is_repeated:
        response["Idempotent-Replay"] = "true"
    return response


def _stored(
    finish: Callable[[], HttpResponse],
) -> Callable[[], tuple[int, dict[str, Any]]]:
    """Return a function that makes what is kept of an answer."""

    def made() -> tuple[int, dict[str, Any]]:
        response = finish()
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        text = response.content.decode()
        return response.status_code, {"text": text, "headers": headers}

    return made


def _hash(request: HttpRequest) -> str:
    """Return what tells requests apart: method, address and body."""
    head = f"{request.method} {request.get_full_path()}\n"
    return hashlib.sha256(head.encode() + request.body).hexdigest()
