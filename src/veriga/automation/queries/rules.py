"""Rules: those that somebody sees, and those that are on, from a cache."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from veriga.access.rules import Actor
from veriga.automation.models import Rule, RuleStep
from veriga.common.errors import NotFound
from veriga.common.kept import Kept

_kept: Kept[list[Rule]] = Kept(30.0)


def list_rules(actor: Actor) -> list[Rule]:
    """Return the rules that apply to what the actor does, with steps and people."""
    return list(_whole(visible_rules(actor)))


def get_rule(actor: Actor, rule_id: int) -> Rule:
    """Return one of them; or NotFound."""
    rule = _whole(visible_rules(actor)).filter(pk=rule_id).first()
    if rule is None:
        raise NotFound
    return rule


def visible_rules(actor: Actor) -> QuerySet[Rule]:
    """Return the rules of all teams and of the actor's own; all of them for a head."""
    rules = Rule.objects.all()
    if actor.is_system or (actor.is_manager and actor.sees_everything):
        return rules
    own = Q(team_id=actor.team_id) if actor.team_id is not None else Q(pk__in=[])
    return rules.filter(Q(team__isnull=True) | own)


def _whole(rules: QuerySet[Rule]) -> QuerySet[Rule]:
    found = rules.select_related("team", "made_by")
    return found.prefetch_related("steps__user").order_by("name", "id")


def steps_of(rule_id: int) -> list[RuleStep]:
    """Return the steps of a rule in their order, with the users they name."""
    steps = RuleStep.objects.filter(rule_id=rule_id).select_related("user")
    return list(steps.order_by("position"))


def rules_on() -> list[Rule]:
    """Return the rules that are on, as they were half a minute ago at the most.

    Every save asks, so that a statement each time would be too many. This process knows
    of its own changes at once, and whoever acts on a rule reads it again.
    """
    return _kept.get(None, lambda: list(Rule.objects.filter(is_on=True)))


def forget_rules() -> None:
    """Empty the cache of this process; services and tests call it."""
    _kept.forget()
