"""Tables of what ties activities together, and of what people state on them.

`Chain` holds caches of activities, links and marks; `veriga check` recomputes them all.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from veriga.activities.rules.words import (
    ChangeKind,
    LinkReason,
    MarkKind,
    Offered,
    Outcome,
)
from veriga.parties.models import Company
from veriga.setup.models import CloseReason


class Chain(models.Model):
    """All activities that links tie together; everything but the company is a cache."""

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="chains"
    )
    origin = models.ForeignKey(
        "Activity", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    size = models.PositiveIntegerField(default=0)
    events = models.PositiveIntegerField(default=0)
    tasks = models.PositiveIntegerField(default=0)
    product_records = models.PositiveIntegerField(default=0)
    quotes = models.PositiveIntegerField(default=0)
    first_date = models.DateTimeField(null=True)
    last_date = models.DateTimeField(null=True)
    stage = models.CharField(max_length=32, blank=True)
    outcome = models.CharField(
        max_length=8, choices=[(o, o) for o in Outcome], default=Outcome.OPEN
    )
    # How long it has been silent, whose move it is, what comes next: rules.chains.
    # These may name what is not there yet while a chain is being written.
    last_acted = models.ForeignKey(
        "Activity", null=True, on_delete=models.DO_NOTHING, related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    last_acted_at = models.DateTimeField(null=True)
    last_in_at = models.DateTimeField(null=True)
    last_contact = models.CharField(max_length=8, blank=True, db_default="")
    agreed_until = models.DateTimeField(null=True)
    first_due_at = models.DateTimeField(null=True)
    next_step = models.ForeignKey(
        "Activity", null=True, on_delete=models.DO_NOTHING, related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    # Open, and more than one note that nobody has gone on with.
    is_running = models.BooleanField(default=False, db_default=False)
    # The present sale: since when, and what it may bring. Rules: rules.sales.worth_of.
    sale_since = models.DateTimeField(null=True)
    sale_name = models.CharField(max_length=120, blank=True, db_default="")
    worth_minor = models.BigIntegerField(null=True)
    worth_currency = models.CharField(max_length=3, blank=True, db_default="")
    worth_month_on = models.DateField(null=True)
    worth_from_id = models.BigIntegerField(null=True)  # an activity
    worth_is_quoted = models.BooleanField(default=False, db_default=False)
    # Kept as on the rows of activities, so that lists of chains need no join either.
    company_team_id = models.BigIntegerField(null=True)
    company_owner_id = models.BigIntegerField(null=True)
    company_is_person = models.BooleanField(default=False, db_default=False)
    # Running, and not in the sums (ChainSum); what is in them is taken out before it
    # changes. The one thing that sums ask for, so that no other index tempts.
    is_unsummed = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["company", "-last_date", "-id"], name="chain_of_company"
            ),
            models.Index(fields=["company", "outcome"], name="chain_by_outcome"),
        ] + [
            models.Index(fields=fields, condition=Q(is_running=True), name=name)
            for name, fields in (
                # Whose they are stands at the end: counts then read nothing else. So
                # does what the condition asks for, because SQLite looks at it again.
                (
                    "chain_silent",
                    [
                        *("last_acted_at", "id", "company_is_person", "company"),
                        "is_running",
                    ],
                ),
                ("chain_silent_of_team", ["company_team_id", "last_acted_at", "id"]),
                (
                    "chain_silent_of_account",
                    [
                        *("company_owner_id", "last_acted_at", "id"),
                        *("company_is_person", "company", "agreed_until"),
                        *("last_acted", "is_running"),
                    ],
                ),
                ("chain_silent_at_stage", ["stage", "last_acted_at", "id"]),
                (
                    "chain_replied",
                    [
                        *("last_contact", "last_acted_at", "id", "last_in_at"),
                        *("company_is_person", "company", "is_running"),
                    ],
                ),
                (
                    "chain_silent_of_company",
                    ["company", "last_acted_at", "id", "last_acted", "is_running"],
                ),
                # The currency first, or lists of a stage would be tempted to take it.
                (
                    "chain_totals",
                    [
                        *("worth_currency", "stage", "company_is_person", "company"),
                        *("worth_minor", "is_running"),
                    ],
                ),
            )
        ] + [
            # The whole forecast, so that adding it up reads nothing but the index.
            models.Index(
                fields=[
                    "company_team_id", "company_owner_id", "worth_month_on",
                    "worth_currency", "worth_is_quoted", "stage", "worth_minor",
                    "company", "company_is_person", "is_running",
                ],
                condition=Q(is_running=True, worth_minor__isnull=False),
                name="chain_forecast",
            ),
            models.Index(
                fields=[
                    "company_team_id", "company_owner_id", "company",
                    "company_is_person", "is_running", "worth_minor",
                ],
                condition=Q(is_running=True, worth_minor__isnull=True),
                name="chain_unvalued",
            ),
            # What is not in the sums, to be added up beside them.
            models.Index(
                fields=[
                    "company", "company_team_id", "company_owner_id",
                    "company_is_person", "worth_month_on", "worth_currency",
                    "worth_is_quoted", "stage", "worth_minor", "is_unsummed",
                ],
                condition=Q(is_unsummed=True),
                name="chain_unsummed",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"chain {self.pk} ({self.size})"


class ChainSum(models.Model):
    """What running chains that are alike come to together, for the sums of everybody.

    Rows that are alike are added up: a chain that changes leaves one with a negative
    number. `weighted_minor` is by the probability of the stage, `percent`, as it was.
    """

    company_team_id = models.BigIntegerField(null=True)
    company_owner_id = models.BigIntegerField(null=True)
    company_is_person = models.BooleanField()
    worth_month_on = models.DateField(null=True)
    worth_currency = models.CharField(max_length=3, blank=True)
    worth_is_quoted = models.BooleanField()
    stage = models.CharField(max_length=32, blank=True)
    has_worth = models.BooleanField()
    percent = models.PositiveSmallIntegerField()
    number = models.IntegerField()
    worth_minor = models.BigIntegerField()
    weighted_minor = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.number} chains, {self.worth_minor} {self.worth_currency}"


class Link(models.Model):
    """`follow_up` follows `stimulus`. One per pair of activities, whichever way."""

    follow_up = models.ForeignKey(
        "Activity", on_delete=models.PROTECT, related_name="stimulus_links"
    )
    stimulus = models.ForeignKey(
        "Activity", on_delete=models.PROTECT, related_name="follow_up_links"
    )
    reason = models.CharField(max_length=12, choices=[(r, r) for r in LinkReason])
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    # What was on offer when somebody made it (rules.offering), None if nobody knows.
    offer = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(follow_up=F("stimulus")), name="link_not_to_itself"
            ),
            models.UniqueConstraint(
                Least("follow_up", "stimulus"),
                Greatest("follow_up", "stimulus"),
                name="link_once_per_pair",
            ),
        ]
        indexes = [models.Index(fields=["-made_at", "-id"], name="link_newest")]

    def __str__(self) -> str:
        return f"{self.follow_up_id} follows {self.stimulus_id}"


class Suggestion(models.Model):
    """What a form offered a new activity to continue, and what was chosen instead.

    Kept so that how often the offer is right can be counted.
    """

    activity = models.OneToOneField(
        "Activity", on_delete=models.CASCADE, related_name="suggestion"
    )
    offered = models.ForeignKey("Activity", on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=8, choices=[(o, o) for o in Offered])
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="suggestion_by_time")]

    def __str__(self) -> str:
        return f"{self.offered_id} for {self.activity_id}: {self.outcome}"


class LinkWeights(models.Model):
    """The one row of weights that insight has learnt suggestions are ordered by.

    `weights` is None while the fixed ones stay; `report` says why, or how the learnt
    ones did on later links. `newest_link` is the last that was there to learn from.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    learnt_at = models.DateTimeField()
    newest_link = models.BigIntegerField()
    weights = models.JSONField(null=True)
    report = models.JSONField()

    class Meta:
        verbose_name_plural = "link weights"

    def __str__(self) -> str:
        return f"link weights of {self.learnt_at}"


class Mark(models.Model):
    """What somebody states on an activity: a stage, an outcome, an expected value.

    Undo withdraws a mark and may bring it back; marks are never deleted. `closes` is a
    cache: the outcome, if this mark is what a sale is closed by, with what the sale was
    worth then (rules.sales.closes_of).
    """

    activity = models.ForeignKey(
        "Activity", on_delete=models.PROTECT, related_name="marks"
    )
    kind = models.CharField(max_length=12, choices=[(m, m) for m in MarkKind])
    value = models.CharField(max_length=32, blank=True)  # stage code or outcome
    reason = models.ForeignKey(
        CloseReason, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    month_on = models.DateField(null=True)  # the first day of the expected month
    name = models.CharField(max_length=120, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    closes = models.CharField(max_length=8, blank=True, db_default="")
    closed_minor = models.BigIntegerField(null=True)
    closed_currency = models.CharField(max_length=3, blank=True, db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["made_at"], name="mark_newest"),
            models.Index(fields=["closes", "made_at", "id"], name="mark_closes"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value or self.amount_minor}"


class Change(models.Model):
    """A change that can be undone: what it removed and what it added.

    `removed` and `added` hold {"links": [link as stored], "marks": [id], "buried":
    [activity, beside], "company": [activity, company]}; absent keys mean nothing.
    """

    kind = models.CharField(max_length=12, choices=[(c, c) for c in ChangeKind])
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey(
        "Activity", on_delete=models.PROTECT, related_name="changes"
    )
    removed = models.JSONField(default=dict)
    added = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["made_at"],
                condition=Q(undoes__isnull=False),
                name="change_newest_undo",
            ),
            models.Index(fields=["made_at"], name="change_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
