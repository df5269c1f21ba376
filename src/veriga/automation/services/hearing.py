"""What lower rooms tell: it may begin a rule, carry one on, or end it.

All of it belongs to the transaction of whoever did something, and none of it may keep
them from it: what a rule cannot do is taken back alone, and logged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.db import OperationalError

from veriga.access.rules import Context, Source
from veriga.activities.models import Activity
from veriga.automation.models import Rule, Run
from veriga.automation.queries.rules import rules_on
from veriga.automation.queries.running import (
    ANSWERS,
    facts_of,
    facts_of_company,
    is_at_work,
    is_first,
    is_reaction,
    last_made,
    lineage_of,
    open_runs,
)
from veriga.automation.rules import (
    STALE_AFTER,
    Ending,
    Facts,
    Trigger,
    fits,
    fits_plainly,
    is_circle,
)
from veriga.common.errors import VerigaError
from veriga.common.transactions import at_end, savepoint
from veriga.parties.models import Company
from veriga.setup.happenings import Happening, What

from .running import advance, end, tell_maker

logger = logging.getLogger(__name__)
# What comes in by the thousand, and happened before, is no occasion for anything.
UNHEARD = frozenset({Source.IMPORT, Source.DEMO, Source.GENERATED})
TRIGGERS = {
    What.DONE: Trigger.DONE,
    What.SENT: Trigger.SENT,
    What.STAGE: Trigger.STAGE,
    What.ACTIVATED: Trigger.ACTIVATED,
}


def hear(context: Context, happening: Happening) -> None:
    """Deal with what happened once the service that did it is through."""
    if context.source not in UNHEARD and rules_on():
        at_end(partial(_deal, context, happening))


def _deal(context: Context, happening: Happening) -> None:
    activity = None
    if happening.activity_id is not None:
        rows = Activity.objects.select_related("company", "chain", "owner")
        activity = rows.filter(pk=happening.activity_id).first()
        if activity is None or activity.deleted_at is not None:
            return
    for run in open_runs(happening.company_id):
        guarded(
            context, run.rule, partial(_carry_on, context, run, happening, activity)
        )
    trigger = TRIGGERS.get(happening.what)
    for rule in rules_on():
        if rule.trigger != trigger or not _may_fit(rule, happening, activity):
            continue
        begin = partial(_begin, context, rule, happening, activity)
        what = activity.pk if activity else happening.company_id
        key = f"failed:{happening.what}:{what}"
        place = (happening.company_id, happening.activity_id)
        guarded(context, rule, begin, partial(log_failure, key, *place))


def _may_fit(rule: Rule, happening: Happening, activity: Activity | None) -> bool:
    """Tell whether it is worth while to ask the database; it mostly is not."""
    if activity is None:
        return True
    facts = facts_of(activity, with_categories=False)
    return fits_plainly(rule, _at_stage(facts, happening))


def _at_stage(facts: Facts, happening: Happening) -> Facts:
    """Return facts with the stage just reached; the chain's newest may be another."""
    if happening.what != What.STAGE:
        return facts
    return replace(facts, stage=happening.detail)


def guarded(
    context: Context,
    rule: Rule,
    work: Callable[[], None],
    on_failure: Callable[[Context, Rule, str], None] | None = None,
) -> None:
    """Do `work` of a rule; if it fails, take back what it wrote and go on.

    What the database asks to be tried again is left to the outermost service.
    """
    try:
        with savepoint():
            work()
    except OperationalError:
        raise
    except Exception as error:  # the edge of a job
        logger.exception("The rule %s failed.", rule.pk)
        code = error.code if isinstance(error, VerigaError) else "rule_failed"
        if on_failure is not None:
            on_failure(context, rule, code)


def _carry_on(
    context: Context, run: Run, happening: Happening, activity: Activity | None
) -> None:
    if activity is None:
        return
    made = last_made(run)
    here = run.activity or made
    is_here = here is not None and here.chain_id == activity.chain_id
    if happening.what == What.CLOSED:
        if is_here and run.started_at < context.now:
            end(run, Ending.CLOSED, context.now, by=activity)
    elif happening.what != What.DONE or (
        activity.pk == run.activity_id and activity.result not in ANSWERS
    ):
        return
    elif is_here and is_reaction(activity, run.started_at):
        end(run, Ending.REACTED, context.now, by=activity)
    elif made is not None and made.pk == activity.pk:
        advance(run, context.now, context.actor.user_id)


def _begin(
    context: Context, kept: Rule, happening: Happening, activity: Activity | None
) -> None:
    """Begin a run of a rule, if all that it asks holds."""
    rule = Rule.objects.filter(pk=kept.pk, is_on=True).first()
    if rule is None:
        return
    if activity is not None:
        facts = facts_of(activity, with_categories=bool(rule.category))
        facts = _at_stage(facts, happening)
        start(rule, activity, facts, _key(happening, activity), context)
        return
    company = Company.objects.get(pk=happening.company_id)
    facts = facts_of_company(company, with_categories=bool(rule.category))
    if not company.is_own and fits(rule, facts):
        key = f"activated:{company.pk}:{company.row_version}"
        run = _new_run(rule, key, context, company_id=company.pk)
        if run is not None:
            advance(run, context.now, context.actor.user_id)


def start(
    rule: Rule, activity: Activity, facts: Facts, key: str, context: Context
) -> None:
    """Begin a run of `rule` after an activity, once, if all that it asks holds.

    What may not begin although it fits is logged. The caller holds the lock of the
    company.
    """
    is_old = activity.occurred_at is not None and (
        activity.occurred_at < context.now - STALE_AFTER
    )
    if activity.company.is_own or (is_old and rule.trigger == Trigger.DONE):
        return
    if not fits(rule, facts) or (rule.first_only and not is_first(activity)):
        return
    lineage = lineage_of(activity.pk)
    ending = None
    if is_circle(lineage, rule.pk):
        ending = Ending.CIRCLE
    elif is_at_work(rule, activity):
        ending = Ending.ALREADY
    run = _new_run(
        rule,
        key,
        context,
        company_id=activity.company_id,
        activity=activity,
        # What would close a circle stands in the log alone, and adds nothing to it.
        lineage=lineage if ending == Ending.CIRCLE else [*lineage, rule.pk],
    )
    if run is None:
        return
    if ending is not None:
        end(run, ending, context.now)
    else:
        advance(run, context.now, context.actor.user_id)


def _new_run(
    rule: Rule,
    key: str,
    context: Context,
    *,
    company_id: int,
    activity: Activity | None = None,
    lineage: list[int] | None = None,
) -> Run | None:
    """Store a run; None if the rule has been set off by this already."""
    if Run.objects.filter(rule=rule, key=key).exists():
        return None
    return Run.objects.create(
        rule=rule,
        key=key,
        company_id=company_id,
        activity=activity,
        started_at=context.now,
        lineage=[rule.pk] if lineage is None else lineage,
    )


def _key(happening: Happening, activity: Activity) -> str:
    key = f"{happening.what}:{activity.pk}"
    return f"{key}:{happening.detail}" if happening.what == What.STAGE else key


def log_failure(
    key: str,
    company_id: int,
    activity_id: int | None,
    context: Context,
    rule: Rule,
    code: str,
) -> None:
    """Log a rule that could not even begin, once, and tell who made it."""
    is_there = Rule.objects.filter(pk=rule.pk).exists()
    if not is_there or Run.objects.filter(rule_id=rule.pk, key=key).exists():
        return
    run = Run.objects.create(
        rule_id=rule.pk,
        key=key,
        company_id=company_id,
        activity_id=activity_id,
        started_at=context.now,
        lineage=[rule.pk],
        ended_at=context.now,
        ending=Ending.FAILED,
        code=code,
    )
    tell_maker(run, code, context.now)
