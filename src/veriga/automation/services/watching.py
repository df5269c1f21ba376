"""What the worker does for rules: steps whose day has come, and chains gone silent.

Each in a transaction of its own, under the lock of its company, looked at again after
the lock: two workers at once do nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from django.db import DatabaseError

from veriga.access.rules import Context, Source, system
from veriga.activities.models import Activity, Chain
from veriga.activities.services.locking import lock_companies
from veriga.automation.models import Rule, Run
from veriga.automation.queries.running import (
    due_runs,
    facts_of,
    silence_rules,
    silent_chains,
)
from veriga.automation.rules import Ending
from veriga.common.transactions import write
from veriga.work.queries.silence import limit_instant

from .hearing import guarded, log_failure, start
from .running import advance, tell_maker

logger = logging.getLogger(__name__)
WORKER: Final = system("rules")
AT_ONCE: Final = 200  # of each; the rest next time


def watch(now: datetime) -> int:
    """Do all that has come by `now`; return how many runs and chains were looked at."""
    looks: list[Callable[[], None]] = [
        partial(_resume, run_id=run_id, now=now)
        for run_id in due_runs(now, limit=AT_ONCE)
    ]
    for rule in silence_rules():
        if rule.days is None or rule.on_since is None:
            continue
        # Only what has become too long since it is on: not all that ever fell silent.
        since = limit_instant(rule.days, rule.on_since)
        before = limit_instant(rule.days, now)
        silent = silent_chains(WORKER, rule, since=since, before=before, now=now)
        looks += [
            partial(_fall_silent, rule_id=rule.pk, chain_id=chain_id, now=now)
            for chain_id in silent.values_list("pk", flat=True)[:AT_ONCE]
        ]
    for look in looks:
        try:
            look()
        except DatabaseError:
            logger.exception("A rule will be tried again")
    return len(looks)


@write
def _resume(*, run_id: int, now: datetime) -> None:
    """Go on with a run whose time has come."""
    seen = Run.objects.select_related("activity").get(pk=run_id)
    lock_companies({seen.company_id, *_company_of(seen.activity)})
    runs = Run.objects.select_related("rule", "activity")
    run = runs.get(pk=run_id)
    if run.ended_at is not None or run.next_at is None or run.next_at > now:
        return
    context = Context(WORKER, now, Source.SYSTEM)
    guarded(context, run.rule, partial(advance, run, now), partial(_put_off, run))


def _put_off(run: Run, context: Context, rule: Rule, code: str) -> None:
    """End a run that cannot go on: it would fail again and again."""
    Run.objects.filter(pk=run.pk).update(
        ended_at=context.now, ending=Ending.FAILED, next_at=None, code=code
    )
    tell_maker(run, code, context.now)


@write
def _fall_silent(*, rule_id: int, chain_id: int, now: datetime) -> None:
    """Set a rule off by a chain that has been silent too long."""
    company_id = Chain.objects.filter(pk=chain_id).values_list("company_id", flat=True)
    lock_companies(company_id)
    rule = Rule.objects.filter(pk=rule_id, is_on=True).first()
    if rule is None or rule.days is None or rule.on_since is None:
        return
    since = limit_instant(rule.days, rule.on_since)
    before = limit_instant(rule.days, now)
    silent = silent_chains(WORKER, rule, since=since, before=before, now=now)
    last = silent.filter(pk=chain_id).values_list("last_acted_id", flat=True).first()
    if last is None:  # somebody has acted meanwhile, or another worker was quicker
        return
    rows = Activity.objects.select_related("company", "chain", "owner")
    activity = rows.get(pk=last)
    context = Context(WORKER, now, Source.SYSTEM)
    facts = facts_of(activity, with_categories=bool(rule.category))
    key = f"silence:{last}"
    begin = partial(start, rule, activity, facts, key, context)
    place = (activity.company_id, activity.pk)
    guarded(context, rule, begin, partial(log_failure, key, *place))


def _company_of(activity: Activity | None) -> list[int]:
    return [activity.company_id] if activity is not None else []
