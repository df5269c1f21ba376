"""What bears the same key is done once: a repeated request gets the first answer.

The key is claimed by the first write of the transaction, so a second call with it waits
for the first one to end, and either finds its answer or, if it failed, does the work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from veriga.access.models import IdempotentAnswer
from veriga.common.errors import Invalid
from veriga.common.text import has_control_characters
from veriga.common.transactions import at_end, write

KEY_LENGTH: Final = 200
KEEP_FOR: Final = timedelta(days=30)
PURGE_AT_ONCE: Final = 100


@dataclass(slots=True)
class Answer:
    """A status and what makes up the answer; `is_repeated` if it was given before."""

    status: int = 0
    body: dict[str, Any] = field(default_factory=dict)
    is_repeated: bool = False


Work = Callable[[], Callable[[], tuple[int, dict[str, Any]]]]


def check_key(key: str, name: str) -> None:
    """Raise Invalid for a key that cannot be one: wrong_type, too_long."""
    if not key or has_control_characters(key):
        raise Invalid.of(name, "wrong_type")
    if len(key) > KEY_LENGTH:
        raise Invalid.of(name, "too_long", limit=KEY_LENGTH)


@write
def do_once(
    *, user_id: int, key: str, request_hash: str, now: datetime, work: Work
) -> Answer:
    """Return the answer of `work`, or the one that was given before under this key.

    `work` writes and returns the function that makes status and body: that is called
    when the transaction has come to its end, because references are given only then.
    Errors: Invalid idempotency_mismatch if the key was used for another request.
    """
    _purge(now)
    mine = IdempotentAnswer.objects.filter(user_id=user_id)
    mine.filter(key=key, made_at__lt=now - KEEP_FOR).delete()
    kept, is_new = IdempotentAnswer.objects.get_or_create(
        user_id=user_id,
        key=key,
        defaults={
            "request_hash": request_hash,
            "status": 0,
            "body": {},
            "made_at": now,
        },
    )
    if not is_new:
        if kept.request_hash != request_hash:
            raise Invalid("idempotency_mismatch", first=kept.body)
        return Answer(kept.status, kept.body, is_repeated=True)
    answer = Answer()
    finish = work()
    at_end(lambda: _keep(kept, answer, *finish()))
    return answer


def forget_answers(now: datetime) -> None:
    """Delete the answers that are too old for anybody to ask again."""
    IdempotentAnswer.objects.filter(made_at__lt=now - KEEP_FOR).delete()


def _keep(
    kept: IdempotentAnswer, answer: Answer, status: int, body: dict[str, Any]
) -> None:
    """Store the answer and copy it into the one that the caller holds already."""
    kept.status = answer.status = status
    kept.body = answer.body = body
    kept.save(update_fields=["status", "body"])


def _purge(now: datetime) -> None:
    """Delete some of what is too old, in passing, so that no job is needed."""
    old = IdempotentAnswer.objects.filter(made_at__lt=now - KEEP_FOR)
    ids = list(old.order_by("made_at").values_list("pk", flat=True)[:PURGE_AT_ONCE])
    if ids:
        IdempotentAnswer.objects.filter(pk__in=ids).delete()
