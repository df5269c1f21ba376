"""What a rule would have done in the last month, had it been on. Changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Actor
from veriga.activities.models import Activity, Mark
from veriga.activities.queries.activities import visible_activities
from veriga.activities.rules.words import (
    CLOSING,
    NOT_CARRIED_OUT,
    Direction,
    KindCode,
    MarkKind,
)
from veriga.automation.models import Rule, RuleStep
from veriga.automation.rules import Deed, Ending, Person, Trigger, step_day
from veriga.common.days import day_start, local_day
from veriga.history.models import Record
from veriga.parties.models import Company
from veriga.parties.queries import can_see, visible_companies
from veriga.setup.working import working_calendar
from veriga.work.queries.silence import limit_instant

from .running import ANSWERS, is_reaction, made_by_rules, silent_chains

MONTH: Final = timedelta(days=30)
MOST: Final = 200  # occasions that are looked at


@dataclass(frozen=True, slots=True)
class Planned:
    """One step on its day; `code` says why it could not have been done, "" if it could.

    `stopped` names what had ended the rule by then, if anything had.
    """

    step: RuleStep
    day: date
    code: str = ""
    stopped: str = ""

    @property
    def is_done(self) -> bool:
        return not (self.code or self.stopped)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One thing that would have set the rule off."""

    at: datetime
    company: Company
    activity: Activity | None
    planned: list[Planned] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All of them, the newest first; `is_cut` if there are more."""

    occasions: list[Occasion]
    is_cut: bool

    @property
    def activities(self) -> int:
        """How many activities the rule would have made."""
        return sum(
            one.is_done and one.step.deed == Deed.ACTIVITY
            for occasion in self.occasions
            for one in occasion.planned
        )

    @property
    def stopped(self) -> int:
        """How often it would have ended before its last step."""
        return sum(
            any(one.stopped for one in occasion.planned) for occasion in self.occasions
        )

    @property
    def impossible(self) -> int:
        """How many steps could not have been done."""
        return sum(
            bool(one.code and not one.stopped)
            for occasion in self.occasions
            for one in occasion.planned
        )


def rehearse(actor: Actor, rule: Rule, *, now: datetime) -> Rehearsal:
    """Return what a rule would have done at the companies that the actor sees.

    As if nobody had finished a step before its day. Of silences only those that last.
    """
    found = list(_occasions(actor, rule, now - MONTH, now))
    chains = {one.activity.chain_id for one in found if one.activity}
    ends = _ends([pk for pk in chains if pk is not None], now - MONTH)
    steps = list(rule.steps.select_related("user"))
    sight = _Sight()
    shown = []
    busy: dict[int | None, datetime] = {}
    for one in sorted(found[:MOST], key=lambda occasion: occasion.at):
        chain = one.activity.chain_id if one.activity else None
        if chain is not None and busy.get(chain, one.at) > one.at:
            continue  # the rule would have been at work there already
        stop = _stop(one, ends.get(chain, ()))
        one.planned.extend(_planned(one, steps, stop, sight))
        last = day_start(one.planned[-1].day, _zone()) if one.planned else one.at
        busy[chain] = min(last, stop[0]) if stop else last
        shown.append(one)
    return Rehearsal(shown[::-1], is_cut=len(found) > MOST)


def _occasions(
    actor: Actor, rule: Rule, since: datetime, now: datetime
) -> Iterator[Occasion]:
    if rule.trigger == Trigger.ACTIVATED:
        yield from _activated(actor, rule, since)
    elif rule.trigger == Trigger.SILENCE:
        yield from _silent(actor, rule, since, now)
    elif rule.trigger == Trigger.STAGE:
        marks = Mark.objects.filter(
            kind=MarkKind.STAGE,
            value=rule.stage,
            made_at__gte=since,
            withdrawn_at__isnull=True,
            activity__in=_activities(actor, rule),
        ).order_by("-made_at", "-pk")
        times = dict(marks[: MOST + 1].values_list("activity_id", "made_at"))
        yield from _at(times)
    else:
        column = "done_at" if rule.trigger == Trigger.DONE else "sent_at"
        rows = _activities(actor, rule).filter(**{f"{column}__range": (since, now)})
        if rule.trigger == Trigger.SENT:
            # A sent quote stands at the day it went out, by which an index finds it.
            day = day_start(local_day(since, _zone()), _zone())
            rows = rows.filter(kind=KindCode.QUOTE, date__gte=day)
        else:
            rows = _done(rows, rule)
        rows = rows.order_by(f"-{column}", "-reference_key")
        times = dict(rows.values_list("pk", column)[: MOST + 1])
        made = made_by_rules(times)
        own = {pk for pk, step in made.items() if rule.pk in step.run.lineage}
        yield from _at({pk: at for pk, at in times.items() if pk not in own})


def _activities(actor: Actor, rule: Rule) -> QuerySet[Activity]:
    rows = visible_activities(actor).exclude(company__is_own=True)
    if rule.team_id is not None:
        rows = rows.filter(company_team_id=rule.team_id)
    if rule.category:
        companies = Company.objects.filter(categories=rule.category)
        rows = rows.filter(company_id__in=companies.values("pk"))
    return rows


def _done(rows: QuerySet[Activity], rule: Rule) -> QuerySet[Activity]:
    for name in ("kind", "type_code", "result", "direction"):
        if value := getattr(rule, name):
            rows = rows.filter(**{name: value})
    rows = rows.filter(occurred_at__gte=F("done_at") - MONTH)
    if rule.first_only:
        earlier = Activity.objects.filter(
            company_id=OuterRef("company_id"),
            kind=OuterRef("kind"),
            type_code=OuterRef("type_code"),
            occurred_at__lt=OuterRef("occurred_at"),
            done_at__isnull=False,
            deleted_at__isnull=True,
        ).exclude(result__in=NOT_CARRIED_OUT)
        rows = rows.exclude(Exists(earlier))
    return rows


def _at(times: dict[int, datetime]) -> Iterator[Occasion]:
    rows = Activity.objects.filter(pk__in=list(times)).select_related(
        "company__account_owner", "owner"
    )
    for activity in rows:
        yield Occasion(times[activity.pk], activity.company, activity)


def _silent(
    actor: Actor, rule: Rule, since: datetime, now: datetime
) -> Iterator[Occasion]:
    days = rule.days or 0
    chains = silent_chains(
        actor,
        rule,
        since=limit_instant(days, since),
        before=limit_instant(days, now),
        now=now,
    )
    ends = list(chains.values_list("last_acted_id", "last_acted_at")[: MOST + 1])
    calendar, zone = working_calendar(), _zone()
    yield from _at(
        {
            pk: min(now, day_start(step_day(local_day(at, zone), days, calendar), zone))
            for pk, at in ends
            if pk is not None and at is not None
        }
    )


def _activated(actor: Actor, rule: Rule, since: datetime) -> Iterator[Occasion]:
    records = Record.objects.filter(
        subject="company",
        action="update",
        made_at__gte=since,
        changes__status__1="active",
    ).order_by("-made_at", "-pk")
    times = dict(records.values_list("subject_id", "made_at")[: MOST + 1])
    companies = visible_companies(actor).filter(pk__in=list(times), is_own=False)
    if rule.team_id is not None:
        companies = companies.filter(team_id=rule.team_id)
    if rule.category:
        companies = companies.filter(categories=rule.category)
    for company in companies.select_related("account_owner"):
        yield Occasion(times[company.pk], company, None)


def _ends(
    chains: Sequence[int], since: datetime
) -> dict[int | None, list[tuple[str, Activity | datetime]]]:
    """Return what may end a rule at work in these chains, by chain."""
    found: dict[int | None, list[tuple[str, Activity | datetime]]] = defaultdict(list)
    rows = Activity.objects.filter(chain_id__in=chains, done_at__gte=since)
    rows = rows.filter(Q(direction=Direction.IN) | Q(result__in=ANSWERS))
    for activity in rows.order_by("done_at", "pk"):
        found[activity.chain_id].append((Ending.REACTED, activity))
    marks = Mark.objects.filter(
        activity__chain_id__in=chains,
        kind=MarkKind.OUTCOME,
        value__in=CLOSING,
        made_at__gte=since,
        withdrawn_at__isnull=True,
    )
    for chain, at in marks.values_list("activity__chain_id", "made_at"):
        found[chain].append((Ending.CLOSED, at))
    return found


def _stop(
    one: Occasion, ends: Iterable[tuple[str, Activity | datetime]]
) -> tuple[datetime, str] | None:
    """Return when something would have ended the rule, and what; None if nothing."""
    found: list[tuple[datetime, str]] = []
    for ending, what in ends:
        if isinstance(what, datetime):
            if what > one.at:
                found.append((what, ending))
        elif is_reaction(what, one.at) and (
            one.activity is None or what.pk != one.activity.pk or what.result in ANSWERS
        ):
            found.append((what.done_at or one.at, ending))
    return min(found) if found else None


def _planned(
    one: Occasion,
    steps: Sequence[RuleStep],
    stop: tuple[datetime, str] | None,
    sight: _Sight,
) -> Iterator[Planned]:
    calendar, zone = working_calendar(), _zone()
    begun = local_day(one.at, zone)
    for number, step in enumerate(steps):
        day = step_day(begun, step.days, calendar)
        # The first activity is planned at once, whatever comes later.
        is_first = number == 0 and step.deed == Deed.ACTIVITY
        stopped = ""
        if stop is not None and not is_first and stop[0] < day_start(day, zone):
            stopped = stop[1]
        yield Planned(step, day, sight.why_not(step, one), stopped)


class _Sight:
    """Who sees which company, each asked once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}

    def why_not(self, step: RuleStep, one: Occasion) -> str:
        user = _person(step, one)
        if user is None:
            return "no_account_owner"
        if not user.is_active:
            return "inactive_user"
        if step.deed == Deed.ASSIGN:
            return ""
        key = (user.pk, one.company.pk)
        if key not in self._known:
            self._known[key] = can_see(user, one.company)
        return "" if self._known[key] else "cannot_see_company"


def _person(step: RuleStep, one: Occasion) -> User | None:
    if step.person == Person.USER:
        return step.user
    if step.person == Person.OWNER and one.activity is not None:
        return one.activity.owner
    return one.company.account_owner


def _zone() -> tzinfo:
    return timezone.get_default_timezone()
