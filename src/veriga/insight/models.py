"""What insight has computed, kept so that pages and programs only read.

All of it follows from activities, links and marks: a backup leaves it out, and the
worker makes it anew. Source: docs/insight/running.md.
"""

from __future__ import annotations

from django.db import models

from veriga.activities.models import Chain
from veriga.common.fields import KeyField
from veriga.insight.rules.words import Budget, ReportKind


class Population(models.Model):
    """A set of chains that figures were made of, all at one moment.

    Never changed once a sight points to it: the next computing makes another, and
    what nothing points to any more is removed. `content_hash` is of all that the
    figures depend on.
    """

    content_hash = models.CharField(max_length=64)
    chains = models.PositiveIntegerField()
    activities = models.PositiveIntegerField()
    computed_at = models.DateTimeField()
    seconds = models.FloatField(default=0)

    def __str__(self) -> str:
        return f"{self.chains} chains at {self.computed_at}"


class Sight(models.Model):
    """What somebody may see, as rules.sights names it, and the figures of just that."""

    key = KeyField(max_length=80, unique=True)
    population = models.ForeignKey(
        Population, on_delete=models.CASCADE, related_name="sights"
    )

    def __str__(self) -> str:
        return self.key


class Result(models.Model):
    """One report over a population, or the error that kept it from being made."""

    population = models.ForeignKey(
        Population, on_delete=models.CASCADE, related_name="results"
    )
    kind = models.CharField(max_length=12, choices=[(k, k) for k in ReportKind])
    computed_at = models.DateTimeField()
    seconds = models.FloatField()
    activities = models.PositiveIntegerField()
    payload = models.JSONField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["population", "kind"], name="result_once_of_population"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.population_id}"


class Point(models.Model):
    """What was done next at one point of other chains; many chains stand at the same.

    `payload` as docs/insight/running.md has it.
    """

    population = models.ForeignKey(
        Population, on_delete=models.CASCADE, related_name="points"
    )
    payload = models.JSONField()

    def __str__(self) -> str:
        return f"point {self.pk} of {self.population_id}"


class ChainFigures(models.Model):
    """All that is said of one open chain, so that its page reads one row.

    What lists sort and filter by stands in columns, everything in `payload`. A chain
    that is joined away leaves its figures until the next computing; whoever reads
    comes by way of the chain. So joining costs no statement more.
    """

    population = models.ForeignKey(
        Population, on_delete=models.CASCADE, related_name="figures", db_index=False
    )
    chain = models.ForeignKey(
        Chain, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    point = models.ForeignKey(
        Point, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    is_stalled = models.BooleanField()
    silence_days = models.FloatField(null=True)
    limit_days = models.FloatField(null=True)
    pace = models.FloatField(null=True)
    chance = models.FloatField(null=True)
    payload = models.JSONField()

    class Meta:
        verbose_name_plural = "chain figures"
        constraints = [
            models.UniqueConstraint(
                fields=["population", "chain"], name="figures_once_of_chain"
            ),
        ]
        indexes = [
            models.Index(
                fields=["population", "-chance", "chain"],
                condition=models.Q(is_stalled=True),
                name="figures_stalled",
            ),
            models.Index(fields=["population", "pace", "chain"], name="figures_pace"),
        ]

    def __str__(self) -> str:
        return f"chain {self.chain_id}"


class Question(models.Model):
    """What somebody asked of the process map that no stored report holds; its answer.

    Asked once for each sight and population; gone with the population. Claimed like
    a computing, by a conditional update; `attempts` counts the claims.
    """

    population = models.ForeignKey(
        Population, on_delete=models.CASCADE, related_name="questions", db_index=False
    )
    sight_key = KeyField(max_length=80)
    asked_hash = models.CharField(max_length=64)
    asked = models.JSONField()
    asked_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=40, blank=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["population", "sight_key", "asked_hash"],
                name="question_once_of_sight",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(answered_at__isnull=True),
                name="question_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk} of {self.sight_key}"


class Computing(models.Model):
    """The one row by which workers agree on who computes, and what was last done.

    Claimed by a conditional update; a claim that was not kept up to `claimed_until` is
    anybody's. `fingerprint` is of what the stored figures were made of.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    claimed_by = models.CharField(max_length=40, blank=True)
    claimed_until = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)

    def __str__(self) -> str:
        return f"computed at {self.finished_at}"


class InsightSettings(models.Model):
    """What a manager decides: how seldom a false alarm may come."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    budget = models.CharField(
        max_length=8, choices=[(b, b) for b in Budget], default=Budget.USUAL
    )
    row_version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "insight settings"

    def __str__(self) -> str:
        return self.budget
