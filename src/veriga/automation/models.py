"""Rules, their steps, and the log of what they did."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from veriga.access.models import Team
from veriga.activities.models import Activity
from veriga.parties.models import Company

from .rules import Deed, Ending, Outcome, Person, Trigger


class Rule(models.Model):
    """What to wait for, and at which companies; its steps say what is done then.

    Conditions that are empty ask nothing; `first_only` asks that nothing like it was
    carried out at the company before. `days` is for silence alone. `made_by` is
    told when it cannot do something; null for one that the program brought along.
    """

    name = models.CharField(max_length=80)
    trigger = models.CharField(max_length=12, choices=[(t, t) for t in Trigger])
    kind = models.CharField(max_length=16, blank=True)
    type_code = models.CharField(max_length=32, blank=True)
    result = models.CharField(max_length=12, blank=True)
    direction = models.CharField(max_length=8, blank=True)
    stage = models.CharField(max_length=32, blank=True)
    category = models.CharField(max_length=32, blank=True)
    first_only = models.BooleanField(default=False)
    days = models.PositiveSmallIntegerField(null=True)
    team = models.ForeignKey(
        Team, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_on = models.BooleanField(default=False)
    on_since = models.DateTimeField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    row_version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_on=False) | Q(on_since__isnull=False),
                name="rule_on_since",
            ),
            models.UniqueConstraint(fields=["name"], name="rule_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class RuleStep(models.Model):
    """One thing that a rule does, `days` working days after it was set off."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField(default=0)
    deed = models.CharField(max_length=12, choices=[(d, d) for d in Deed])
    kind = models.CharField(max_length=16, blank=True)
    type_code = models.CharField(max_length=32, blank=True)
    title = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    person = models.CharField(max_length=16, choices=[(p, p) for p in Person])
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["rule", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "position"], name="rule_step_position"
            ),
            models.CheckConstraint(
                condition=~Q(person=Person.USER) | Q(user__isnull=False),
                name="rule_step_names_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.deed} of {self.rule_id}"


class Run(models.Model):
    """A rule at work after one thing that set it off; `key` is that thing, once.

    `lineage` are the rules that led to it one after another, itself at the end unless
    that would be a circle.
    `next_at` is when the worker looks at it again.
    """

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="runs")
    key = models.CharField(max_length=64)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey(
        Activity, null=True, on_delete=models.CASCADE, related_name="+"
    )
    started_at = models.DateTimeField()
    lineage = models.JSONField(default=list)
    next_position = models.PositiveSmallIntegerField(default=1)
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(
        max_length=12, blank=True, choices=[(e, e) for e in Ending]
    )
    ended_by = models.ForeignKey(
        Activity, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    code = models.CharField(max_length=64, blank=True)  # of the error, if it failed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "key"], name="run_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="")
                | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="run_ending_when_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="run_newest"),
            models.Index(
                fields=["rule", "-started_at", "-id"], name="run_newest_of_rule"
            ),
            models.Index(
                fields=["next_at"],
                condition=Q(ended_at__isnull=True),
                name="run_due",
            ),
            models.Index(
                fields=["company"],
                condition=Q(ended_at__isnull=True),
                name="run_open_of_company",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} after {self.key}"


class RunStep(models.Model):
    """What became of one step of a run: each is done once."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="done")
    position = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=[(o, o) for o in Outcome])
    code = models.CharField(max_length=64, blank=True)  # why it was impossible
    activity = models.ForeignKey(
        Activity, null=True, on_delete=models.CASCADE, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="run_step_once"),
        ]
        ordering = ["run", "position"]

    def __str__(self) -> str:
        return f"{self.run_id}.{self.position}: {self.outcome}"
