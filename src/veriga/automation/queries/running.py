"""What a running rule asks of the chain it is at work in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Chain
from veriga.activities.queries.running import running_chains
from veriga.activities.rules.words import NOT_CARRIED_OUT, Direction, Result
from veriga.automation.models import Rule, Run, RunStep
from veriga.automation.rules import Facts, Trigger
from veriga.common.days import day_start, local_day
from veriga.parties.models import Company

# What a customer does with a quote is a reaction, though the quote is our own act.
ANSWERS = (Result.ACCEPTED, Result.DECLINED)


def facts_of(activity: Activity, *, with_categories: bool) -> Facts:
    """Return what rules ask of an activity and its company."""
    chain = activity.chain
    return Facts(
        kind=activity.kind,
        type_code=activity.type_code,
        result=activity.result,
        direction=activity.direction,
        stage=chain.stage if chain else "",
        team_id=activity.company_team_id,
        categories=_categories(activity.company_id) if with_categories else (),
    )


def facts_of_company(company: Company, *, with_categories: bool) -> Facts:
    """Return what rules ask where no activity set them off."""
    categories = _categories(company.pk) if with_categories else ()
    return Facts(team_id=company.team_id, categories=categories)


def _categories(company_id: int) -> frozenset[str]:
    found = Company.categories.through.objects.filter(company_id=company_id)
    return frozenset(found.values_list("companycategory_id", flat=True))


def is_reaction(activity: Activity, since: datetime) -> bool:
    """Tell whether the customer has acted in an activity that is done, after `since`.

    On that day at the earliest, and so that we know of it only since then: what has no
    hour stands at the beginning of its day.
    """
    if activity.done_at is None or activity.result in NOT_CARRIED_OUT:
        return False
    if activity.result in ANSWERS:
        return activity.done_at > since
    if activity.direction != Direction.IN or activity.occurred_at is None:
        return False
    day = day_start(local_day(since, _zone()), _zone())
    known = max(activity.recorded_at, activity.occurred_at, activity.done_at)
    return activity.occurred_at >= day and known > since


def find_reaction(run: Run, chain_id: int | None) -> Activity | None:
    """Return how the customer reacted since a run began, in its chain; None if not."""
    if chain_id is None:
        return None
    day = day_start(local_day(run.started_at, _zone()), _zone())
    rows = Activity.objects.filter(chain_id=chain_id, done_at__isnull=False)
    # A quote that set it off may be answered; any other occasion is no reaction.
    acted = Q(direction=Direction.IN, occurred_at__gte=day) & ~Q(pk=run.activity_id)
    rows = rows.filter(acted | Q(result__in=ANSWERS, done_at__gt=run.started_at))
    for activity in rows.order_by("occurred_at", "pk"):
        if is_reaction(activity, run.started_at):
            return activity
    return None


def open_runs(company_id: int) -> list[Run]:
    """Return the runs at work at a company, the oldest first."""
    runs = Run.objects.filter(company_id=company_id, ended_at__isnull=True)
    return list(runs.select_related("rule", "activity").order_by("pk"))


def last_made(run: Run) -> Activity | None:
    """Return the newest activity that a run has made and that is still there."""
    steps = RunStep.objects.filter(run=run, activity__deleted_at__isnull=True)
    step = steps.filter(activity__isnull=False).order_by("-position").first()
    if step is None or step.activity_id is None:
        return None
    return Activity.objects.get(pk=step.activity_id)


def is_first(activity: Activity) -> bool:
    """Tell whether nothing of its kind and type was carried out there before it."""
    like = Activity.objects.filter(
        company_id=activity.company_id,
        kind=activity.kind,
        type_code=activity.type_code,
        done_at__isnull=False,
        deleted_at__isnull=True,
        occurred_at__lte=activity.occurred_at or activity.recorded_at,
    )
    like = like.exclude(result__in=NOT_CARRIED_OUT)
    return not like.exclude(pk=activity.pk).exists()


def lineage_of(activity_id: int) -> list[int]:
    """Return the rules that led to an activity one after another, or none."""
    step = RunStep.objects.filter(activity_id=activity_id).select_related("run").first()
    return list(step.run.lineage) if step else []


def is_at_work(rule: Rule, activity: Activity) -> bool:
    """Tell whether a run of the rule goes on in the chain of an activity."""
    runs = Run.objects.filter(company_id=activity.company_id, ended_at__isnull=True)
    return runs.filter(rule=rule, activity__chain_id=activity.living_chain_id).exists()


def due_runs(now: datetime, *, limit: int) -> list[int]:
    """Return the runs whose next step has come, the longest due first."""
    due = Run.objects.filter(ended_at__isnull=True, next_at__lte=now)
    return list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:limit])


def silent_chains(
    actor: Actor, rule: Rule, *, since: datetime, before: datetime, now: datetime
) -> QuerySet[Chain]:
    """Return the running chains silent since a time between `since` and `before`.

    Not those in which the next contact is agreed on, nor those whose silence the rule
    has seen already. The longest silent first.
    """
    seen = Run.objects.filter(rule=rule, activity_id=OuterRef("last_acted_id"))
    chains = running_chains(actor)
    chains = chains.filter(last_acted_at__gte=since, last_acted_at__lt=before)
    chains = chains.filter(Q(agreed_until__isnull=True) | Q(agreed_until__lte=now))
    chains = chains.filter(silence_asked(rule), ~Exists(seen))
    return chains.order_by("last_acted_at", "id")


def silence_asked(rule: Rule) -> Q:
    """Return what a rule for silence asks, as a condition for chains."""
    asked = Q()
    for name in ("kind", "type_code", "direction"):
        if value := getattr(rule, name):
            asked &= Q(**{f"last_acted__{name}": value})
    if rule.stage:
        asked &= Q(stage=rule.stage)
    if rule.team_id is not None:
        asked &= Q(company_team_id=rule.team_id)
    if rule.category:
        asked &= Q(company_id__in=_of_category(rule.category))
    return asked


def _of_category(code: str) -> QuerySet[Company, Any]:
    return Company.objects.filter(categories=code).values("pk")


def silence_rules() -> list[Rule]:
    """Return the rules for silence that are on."""
    rules = Rule.objects.filter(is_on=True, trigger=Trigger.SILENCE)
    return list(rules.order_by("pk"))


def made_by_rules(ids: Iterable[int]) -> dict[int, RunStep]:
    """Return the steps that made activities which the caller may show, by activity."""
    steps = RunStep.objects.filter(activity_id__in=list(ids))
    found = steps.select_related("run__rule", "run__activity")
    return {step.activity_id: step for step in found if step.activity_id is not None}


def _zone() -> tzinfo:
    return timezone.get_default_timezone()
