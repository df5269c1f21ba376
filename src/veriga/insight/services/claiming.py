"""Who computes: one worker at a time, and only when there is something new.

What is stored depends on little that can be asked cheaply; `fingerprint` asks it. That
two workers never double the work is one conditional update.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from django.db.models import Max, Q

from veriga import __version__
from veriga.activities.models import Activity, Chain, Change, Link, Mark
from veriga.common.transactions import write
from veriga.history.models import Record
from veriga.insight.models import Computing, InsightSettings
from veriga.insight.queries.seeing import sights_in_use
from veriga.parties.models import Share
from veriga.setup.preferences import working_time
from veriga.setup.working import working_calendar

# Raised when the shape or the meaning of stored figures changes: all is made anew.
VERSION: Final = f"{__version__}/3"
CLAIM_FOR: Final = timedelta(minutes=5)  # longer than any one report takes
LEAST_PAUSE: Final = timedelta(minutes=2)
# Of the time that goes by, so much at most is spent computing.
SHARE_OF_TIME: Final = 10


def fingerprint(now: datetime) -> str:
    """Return what tells the present state of everything that figures are made of.

    Whatever people change leaves a line of history or a change; bulk loading raises
    the ids. The day counts too: silences grow with it.
    """
    newest = [
        model.objects.aggregate(newest=Max("pk"))["newest"]
        for model in (Activity, Chain, Link, Mark, Change, Record, Share)
    ]
    parts = (
        VERSION,
        now.astimezone(working_calendar().zone).date().isoformat(),
        working_time(),
        load_budget(),
        *newest,
        Share.objects.count(),
        *(spec.key for spec in sights_in_use()),
    )
    return blake2b(repr(parts).encode(), digest_size=24).hexdigest()


def basis_of_limits() -> str:
    """Return what tells whether limits made earlier may be held against chains now."""
    parts = repr((VERSION, working_time()))
    return blake2b(parts.encode(), digest_size=8).hexdigest()


def load_budget() -> str:
    """Return the budget of false alarms that a manager has chosen."""
    row = InsightSettings.objects.first() or InsightSettings()
    return row.budget


def is_due(now: datetime) -> bool:
    """Tell whether something has changed, and the last computing is long enough ago."""
    state = Computing.objects.first()
    if state is None:
        return True
    if state.claimed_until is not None and state.claimed_until > now:
        return False
    if state.finished_at is not None:
        pause = max(LEAST_PAUSE, timedelta(seconds=SHARE_OF_TIME * state.seconds))
        if state.finished_at <= now < state.finished_at + pause:
            return False
    return state.fingerprint != fingerprint(now)


@write
def claim(by: str, now: datetime) -> bool:
    """Take the computing for oneself; False if somebody else has it."""
    Computing.objects.get_or_create(pk=1)
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    taken = Computing.objects.filter(free, pk=1)
    return taken.update(claimed_by=by, claimed_until=now + CLAIM_FOR) == 1


@write
def keep_claim(by: str, now: datetime) -> bool:
    """Keep what one has claimed; False if it was taken meanwhile."""
    mine = Computing.objects.filter(pk=1, claimed_by=by)
    return mine.update(claimed_until=now + CLAIM_FOR) == 1


@write
def finish(by: str, now: datetime, *, seconds: float, seen: str) -> None:
    """Give up the claim; `seen` is the fingerprint of what was computed, or ""."""
    Computing.objects.filter(pk=1, claimed_by=by).update(
        claimed_by="",
        claimed_until=None,
        fingerprint=seen,
        finished_at=now,
        seconds=seconds,
    )
