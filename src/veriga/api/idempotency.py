"""A repeated POST gets the first answer again, if both bear the same Idempotency-Key.

The key is claimed by the first write of the transaction, so a second call with it waits
for the first one to end, and either finds its answer or, if it failed, does the work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from veriga.common.errors import Invalid
from veriga.common.text import has_control_characters
from veriga.common.transactions import at_end, write

from .answers import JSON
from .auth import reader
from .models import IdempotentAnswer

KEY_LENGTH = 200
KEEP_FOR = timedelta(days=30)
PURGE_AT_ONCE = 100
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
    if not key or has_control_characters(key):
        raise Invalid.of("Idempotency-Key", "wrong_type")
    if len(key) > KEY_LENGTH:
        raise Invalid.of("Idempotency-Key", "too_long", limit=KEY_LENGTH)
    return _once(request, key, work, timezone.now())


@write
def _once(request: HttpRequest, key: str, work: Work, now: datetime) -> HttpResponse:
    _purge(now)
    user_id = reader(request).user_id or 0
    mine = IdempotentAnswer.objects.filter(user_id=user_id)
    mine.filter(key=key, made_at__lt=now - KEEP_FOR).delete()
    kept, is_new = IdempotentAnswer.objects.get_or_create(
        user_id=user_id,
        key=key,
        defaults={
            "request_hash": _hash(request),
            "status": 0,
            "body": {},
            "made_at": now,
        },
    )
    if not is_new:
        return _again(request, kept)
    response = HttpResponse()
    finish = work()
    at_end(lambda: _keep(kept, finish(), response))
    return response


def _keep(kept: IdempotentAnswer, made: HttpResponse, response: HttpResponse) -> None:
    """Store the answer and copy it into the one that the caller holds already."""
    headers = {name: made[name] for name in KEPT_HEADERS if name in made}
    kept.status = made.status_code
    kept.body = {"text": made.content.decode(), "headers": headers}
    kept.save(update_fields=["status", "body"])
    _fill(response, kept)


def _again(request: HttpRequest, kept: IdempotentAnswer) -> HttpResponse:
    if kept.request_hash != _hash(request):
        raise Invalid("idempotency_mismatch")
    response = _fill(HttpResponse(), kept)
    response["Idempotent-Replay"] = "true"
    return response


def _fill(response: HttpResponse, kept: IdempotentAnswer) -> HttpResponse:
    response.status_code = kept.status
    response.content = kept.body["text"]
    response["Content-Type"] = JSON
    for name, value in kept.body["headers"].items():
        response[name] = value
    return response


def _hash(request: HttpRequest) -> str:
    """Return what tells requests apart: method, address and body."""
    head = f"{request.method} {request.get_full_path()}\n"
    return hashlib.sha256(head.encode() + request.body).hexdigest()


def _purge(now: datetime) -> None:
    """Delete some of what is too old, in passing, so that no job is needed."""
    old = IdempotentAnswer.objects.filter(made_at__lt=now - KEEP_FOR)
    ids = list(old.order_by("made_at").values_list("pk", flat=True)[:PURGE_AT_ONCE])
    if ids:
        IdempotentAnswer.objects.filter(pk__in=ids).delete()
