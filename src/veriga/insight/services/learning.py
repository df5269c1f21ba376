"""Learning which chain a new record continues, and keeping it only if it is better."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from veriga.activities.models import LinkWeights
from veriga.activities.queries.suggestions import forget_weights
from veriga.activities.rules.likeness import Offer
from veriga.common.transactions import write
from veriga.insight.queries.confirmed import (
    confirmed_links,
    links_since,
    newest_link,
)
from veriga.insight.rules.choice import choice_report, fit_choice

logger = logging.getLogger(__name__)
EVERY: Final = timedelta(days=7)
AFTER_LINKS: Final = 100

Reader = Callable[[], Sequence[Offer]]


def is_learning_due(now: datetime) -> bool:
    """Tell whether it was never done, or a week ago, or 100 links ago."""
    last = LinkWeights.objects.filter(pk=1).first()
    if last is None or not last.learnt_at <= now < last.learnt_at + EVERY:
        return True
    return links_since(last.newest_link, AFTER_LINKS) >= AFTER_LINKS


def learn_links(now: datetime, read: Reader = confirmed_links) -> LinkWeights:
    """Learn from the links that people confirmed; return what is stored.

    The weights are learnt on the earlier four fifths and judged on the later fifth.
    Only if they name the right chain oftener there than the fixed ones do they order
    from now on, then learnt from all of these links.
    """
    began = time.monotonic()
    newest = newest_link()
    offers = read()
    report = choice_report(offers)
    model = fit_choice(offers) if report.code == "ok" else None
    moments = [datetime.fromtimestamp(o.record.at * 86_400, now.tzinfo) for o in offers]
    told: dict[str, Any] = report.to_json() | {
        "first_link": min(moments).isoformat() if moments else None,
        "last_link": max(moments).isoformat() if moments else None,
        "seconds": round(time.monotonic() - began, 3),
    }
    weights = model.plain().to_json() if model is not None else None
    told["since"] = _since(now) if weights else None
    stored = _store(now, newest, weights, told)
    forget_weights()
    return stored


def _since(now: datetime) -> str:
    """Return since when learnt weights have ordered without a break."""
    before = LinkWeights.objects.filter(pk=1, weights__isnull=False).first()
    since: str | None = before.report.get("since") if before else None
    return since or now.isoformat()


@write
def _store(
    now: datetime, newest: int, weights: dict[str, Any] | None, report: dict[str, Any]
) -> LinkWeights:
    values = {
        "learnt_at": now,
        "newest_link": newest,
        "weights": weights,
        "report": report,
    }
    row, _made = LinkWeights.objects.update_or_create(pk=1, defaults=values)
    return row


def learn_if_due(now: datetime) -> str:
    """Learn if it is time; return what went wrong, "" if nothing did."""
    try:
        if is_learning_due(now):
            learn_links(now)
    except Exception as error:  # the figures of chains must not go with it
        logger.exception("Links could not be learnt from; tried again later")
        return f"links: {type(error).__name__}: {error}"
    return ""
