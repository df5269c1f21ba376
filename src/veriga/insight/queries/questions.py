"""How a question about the process map stands: not asked, waiting, answered, failed.

Answers are found by whose sight asks, never by a number, so there is nothing by which
one could read another's. Like results.py without NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from veriga.access.rules import Actor
from veriga.common.prepared import prepared
from veriga.insight.models import Question
from veriga.insight.queries.results import sight_for
from veriga.insight.rules.asking import Asked


class Stands(StrEnum):
    """How a question stands."""

    UNASKED = "unasked"
    WAITING = "waiting"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and what came of it; `is_begun` once somebody works on it."""

    stands: Stands
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    answer: dict[str, Any] | None = None
    is_begun: bool = False


def find_answer(actor: Actor, asked: Asked, team_id: int | None = None) -> Answer:
    """Return how a question stands for what the actor sees; one statement.

    Errors: NotFound for a team that one may not see.
    """
    found = _answers(key=sight_for(actor, team_id).key, asked_hash=asked.hash)
    if not found:
        return Answer(Stands.UNASKED)
    asked_at, answered_at, answer, error, claimed_by = found[0]
    if answered_at is None:
        return Answer(Stands.WAITING, asked_at, is_begun=bool(claimed_by))
    stands = Stands.FAILED if error or answer is None else Stands.ANSWERED
    return Answer(stands, asked_at, answered_at, answer, is_begun=True)


@prepared
def _answers(*, key: str, asked_hash: str) -> QuerySet[Question, tuple[Any, ...]]:
    # The sight may have been turned to newer chains since: then it is asked anew.
    rows = Question.objects.filter(
        population__sights__key=key, sight_key=key, asked_hash=asked_hash
    )
    return rows.values_list("asked_at", "answered_at", "answer", "error", "claimed_by")
