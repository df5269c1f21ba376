"""Rules of the demo: the ready ones, one that is on, and what it did in three weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Context, Source
from veriga.activities.models import Activity
from veriga.activities.services import Draft, create_activity
from veriga.automation.rules import Trigger
from veriga.automation.services import (
    NewStep,
    RuleDraft,
    create_rule,
    install_rules,
    switch_rule,
    watch,
)

from .days import OfficeDays

ON_FOR_DAYS: Final = 21
SILENT_DAYS: Final = 8
HOUR: Final = 8


@dataclass(frozen=True, slots=True)
class Words:
    """What the rule is called, what it plans, and how one customer answers."""

    name: str
    title: str
    reply: str


WORDS: Final[Mapping[str, Words]] = {
    "sl": Words(
        "Tišina v verigi",
        "V verigi je tiho: kako naprej?",
        "Odgovor: odločajo se prihodnji teden",
    ),
    "en": Words(
        "Silence in a chain",
        "The chain is silent: what next?",
        "Reply: they decide next week",
    ),
}


def make_rules(
    context: Context, office: OfficeDays, head: User, *, language: str
) -> int:
    """Store the rules and let one be at work; return how many activities that made."""
    install_rules(context=context, language=language)
    before = Activity.objects.count()
    words = WORDS[language]
    begun = context.now - timedelta(days=ON_FOR_DAYS)
    by_head = replace(context, actor=actor_of(head), now=begun)
    draft = RuleDraft(
        name=words.name,
        trigger=Trigger.SILENCE,
        kind="event",
        days=SILENT_DAYS,
        steps=[NewStep(kind="event", type_code="call", days=1, title=words.title)],
    )
    rule = create_rule(context=by_head, draft=draft)
    switch_rule(context=by_head, rule_id=rule.pk, on=True)
    for ago in range(ON_FOR_DAYS - 1, -1, -1):
        day = office.today - timedelta(days=ago)
        if office.is_open(day):
            watch(min(office.at(day, HOUR), context.now))
    _reply(context.now, words)
    return Activity.objects.count() - before


def _reply(now: datetime, words: Words) -> None:
    """Let the customer answer in the first chain that the rule has taken up."""
    made = Activity.objects.filter(source=Source.SYSTEM, done_at__isnull=True)
    call = made.select_related("owner").order_by("pk").first()
    if call is None:
        return
    begins = max(call.recorded_at, now - timedelta(days=1)) + timedelta(minutes=5)
    draft = Draft(
        kind="event",
        company_id=call.company_id,
        title=words.reply,
        own={"type": "email_in", "starts_at": min(begins, now)},
        follows=str(call.reference),
        done_at=min(begins, now),
    )
    context = Context(actor_of(call.owner), now, Source.FORM)
    create_activity(context=context, draft=draft)
