"""Questions that a page leaves for the worker: recorded once, claimed, answered.

No NumPy here: pages record them. Whoever asks is named by their sight, as in all that
insight stores, so nobody reads what was answered to others.
Source: docs/insight/map.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, Q, QuerySet

from veriga.access.rules import Context
from veriga.common.transactions import write
from veriga.insight.models import Question, Sight
from veriga.insight.queries.results import sight_for
from veriga.insight.rules.asking import Asked

MOST_OF_SIGHT: Final = 60  # kept questions; the oldest give way
MOST_IN_ALL: Final = 600
CLAIM_FOR: Final = timedelta(minutes=5)  # as long as a very large log takes to be read
MOST_ATTEMPTS: Final = 2
ENDED: Final = "the worker ended while it was answering"


@write
def ask(*, context: Context, asked: Asked, team_id: int | None = None) -> bool:
    """Record a question over what the actor sees, unless it is there already.

    False if nothing has been computed yet for who asks: then nobody could tell which
    chains are meant. Errors: NotFound for a team that one may not see.
    """
    key = sight_for(context.actor, team_id).key
    population = Sight.objects.filter(key=key).values_list("population_id", flat=True)
    population_id = population.first()
    if population_id is None:
        return False
    _, is_new = Question.objects.get_or_create(
        population_id=population_id,
        sight_key=key,
        asked_hash=asked.hash,
        defaults={"asked": asked.to_json(), "asked_at": context.now},
    )
    if is_new:
        _forget_oldest(Question.objects.filter(sight_key=key), MOST_OF_SIGHT)
        _forget_oldest(Question.objects.all(), MOST_IN_ALL)
    return True


def _forget_oldest(questions: QuerySet[Question], most: int) -> None:
    newest = questions.order_by("-asked_at", "-pk").values_list("pk", flat=True)
    Question.objects.filter(pk__in=list(newest[most : most + MOST_OF_SIGHT])).delete()


def _waiting(now: datetime) -> QuerySet[Question]:
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    return Question.objects.filter(free, answered_at__isnull=True)


def is_asked(now: datetime) -> bool:
    """Tell whether a question waits that nobody answers yet."""
    return _waiting(now).exists()


@write
def claim_next(by: str, now: datetime) -> Question | None:
    """Take the question that has waited longest; None if there is none.

    One at which whoever had claimed it ended twice is given up with an error.
    """
    _waiting(now).filter(attempts__gte=MOST_ATTEMPTS).update(
        answered_at=now, error=ENDED, claimed_by="", claimed_until=None
    )
    for pk in _waiting(now).order_by("asked_at", "pk").values_list("pk", flat=True)[:9]:
        taken = _waiting(now).filter(pk=pk)
        if taken.update(
            claimed_by=by, claimed_until=now + CLAIM_FOR, attempts=F("attempts") + 1
        ):
            return Question.objects.filter(pk=pk).first()
    return None


@write
def store_answer(
    pk: int, by: str, now: datetime, answer: Mapping[str, Any] | None, error: str = ""
) -> bool:
    """Store what was found; False if the question is gone or somebody else's now."""
    mine = Question.objects.filter(pk=pk, claimed_by=by, answered_at__isnull=True)
    return bool(
        mine.update(
            answered_at=now,
            answer=answer,
            error=error[:200],
            claimed_by="",
            claimed_until=None,
        )
    )


@write
def give_up_claims(by: str) -> None:
    """Leave to others what one has claimed and not answered."""
    mine = Question.objects.filter(claimed_by=by, answered_at__isnull=True)
    mine.update(claimed_by="", claimed_until=None, attempts=0)
