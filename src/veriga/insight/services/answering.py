"""Answering questions about the process map: read once, then one after the other.

The log is kept while nothing has changed, so that whoever tries one filter after the
other waits only for the first. Source: docs/insight/map.md.
"""

from __future__ import annotations

import logging
import time
from typing import Any, Final
from uuid import uuid4

import numpy as np
from django.utils import timezone

from veriga.insight.models import Question
from veriga.insight.queries.populations import chains_seen
from veriga.insight.queries.reading import Reading, read_log
from veriga.insight.queries.seeing import shares_of_users, sights_in_use
from veriga.insight.rules.asking import Asked, AskedChains, QuestionKind
from veriga.insight.rules.log import ActivityLog, Ending
from veriga.insight.rules.map_filters import MapFilter
from veriga.insight.rules.process_map import chains_behind
from veriga.insight.rules.words import MapBy

from .claiming import fingerprint
from .maps import map_payload
from .questions import claim_next, give_up_claims, store_answer

logger = logging.getLogger(__name__)
MOST_CHAINS: Final = 500
LOOK_EVERY_S: Final = 0.25
ENDINGS: Final = {
    "open": Ending.OPEN,
    "won": Ending.WON,
    "lost": Ending.LOST,
    "given_up": Ending.GIVEN_UP,
}


class Answerer:
    """Answers what waits, over a log that is read anew when something has changed."""

    def __init__(self) -> None:
        self.by = uuid4().hex
        self._seen = ""
        self._reading: Reading | None = None
        self._logs: dict[str, ActivityLog] = {}

    def answer_all(self) -> int:
        """Answer whatever waits; return how many questions."""
        count = 0
        try:
            while question := claim_next(self.by, timezone.now()):
                self._answer(question)
                count += 1
        finally:
            give_up_claims(self.by)
        return count

    def _answer(self, question: Question) -> None:
        answer, error = None, ""
        try:
            log = self._log_of(question.sight_key)
            answer = answer_of(log, Asked.from_json(question.asked))
        except Exception as fault:  # one question must not take the others along
            logger.exception("Question %s could not be answered", question.pk)
            error = f"{type(fault).__name__}: {fault}"
        store_answer(question.pk, self.by, timezone.now(), answer, error)

    def _log_of(self, key: str) -> ActivityLog:
        """Return the chains of a sight, as they are by now."""
        now = timezone.now()
        seen = fingerprint(now)
        if seen != self._seen or self._reading is None:
            self._reading, self._seen = read_log(now), seen
            self._logs.clear()
        if key not in self._logs:
            self._logs[key] = _part(self._reading, key)
        return self._logs[key]


def _part(reading: Reading, key: str) -> ActivityLog:
    (spec,) = [spec for spec in sights_in_use() if spec.key == key]
    seen = chains_seen(reading, spec, shares_of_users())
    return reading.log if seen.all() else reading.log.part(np.flatnonzero(seen))


def answer_of(log: ActivityLog, asked: Asked) -> dict[str, Any]:
    """Return the answer to a question over the chains of a log."""
    only = filter_of(asked.chains)
    if asked.kind is QuestionKind.MAP:
        return map_payload(log, only) | {"activities": len(log.activities)}
    found = chains_behind(log, asked.source, asked.target, MapBy(asked.by), only)
    newest = found[::-1][:MOST_CHAINS]
    return {"chains": [int(pk) for pk in newest], "total": len(found)}


def filter_of(chains: AskedChains) -> MapFilter:
    """Return the filter of the map that was asked for."""
    return MapFilter(
        since=chains.since,
        until=chains.until,
        segment=chains.segment or None,
        product=chains.product,
        endings=frozenset({ENDINGS[chains.ending]}) if chains.ending else None,
        before=chains.before,
        variant=chains.variant or None,
    )


def keep_answering(linger_s: float = 0.0) -> int:
    """Answer until nothing has been asked for so long; return how many questions."""
    answerer, count = Answerer(), 0
    last = time.monotonic()
    while True:
        if answered := answerer.answer_all():
            count += answered
            last = time.monotonic()
        elif time.monotonic() - last >= linger_s:
            return count
        else:
            time.sleep(LOOK_EVERY_S)
