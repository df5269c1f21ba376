"""The table of activities, and what belongs to one activity alone.

What a list shows or sorts by stands on the activity row itself.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value

from veriga.activities.rules.repeats import Unit
from veriga.activities.rules.words import Direction, KindCode, Result
from veriga.catalogue.models import Product
from veriga.common.fields import KeyField
from veriga.parties.models import Company, Contact
from veriga.setup.models import Importance

from .chains import Chain


class Series(models.Model):
    """Activities that were recorded together because they come again."""

    unit = models.CharField(max_length=8, choices=[(u, u) for u in Unit])
    every = models.PositiveSmallIntegerField()
    until_on = models.DateField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return f"every {self.every} {self.unit} until {self.until_on}"


class Activity(models.Model):
    """An event, task, product record or quote. The kind's own fields stand in its room.

    `reference` is null only inside the transaction that makes the row: the counter is
    raised as its last write. `chain` is null exactly for what was deleted.
    """

    # The stubs do not see that a subclass of CharField is nullable.
    reference = KeyField(max_length=24, unique=True, null=True)  # type: ignore[misc]
    reference_key = KeyField(max_length=24, unique=True, null=True)  # type: ignore[misc]
    kind = models.CharField(max_length=16, choices=[(k, k) for k in KindCode])
    type_code = models.CharField(max_length=32, blank=True)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="activities"
    )
    chain = models.ForeignKey(
        Chain, null=True, on_delete=models.PROTECT, related_name="members"
    )
    title = models.CharField(max_length=200)
    direction = models.CharField(max_length=8, choices=[(d, d) for d in Direction])
    importance = models.ForeignKey(
        Importance, null=True, on_delete=models.PROTECT, related_name="+"
    )
    product = models.ForeignKey(
        Product, null=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    recorded_at = models.DateTimeField()
    date = models.DateTimeField()
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    all_day = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    document_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    occurred_at = models.DateTimeField(null=True)
    result = models.CharField(
        max_length=12, blank=True, choices=[(r, r) for r in Result]
    )

    amount_minor = models.BigIntegerField(null=True)  # a quote's net total
    sent_at = models.DateTimeField(null=True)  # when a quote first went out
    currency = models.CharField(max_length=3, blank=True)
    attachments = models.PositiveIntegerField(default=0)
    # Fields that the installation has added, by their id: room setup, custom_fields.
    custom = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))

    # Kept by services, so that lists sort and filter without joins.
    title_key = KeyField(max_length=160)
    title_folded = models.CharField(max_length=200)
    company_key = KeyField(max_length=160)
    owner_key = KeyField(max_length=160)
    company_team_id = models.BigIntegerField(null=True)
    company_owner_id = models.BigIntegerField(null=True)
    company_is_person = models.BooleanField(default=False, db_default=False)
    # The group event that it is a part of; its table stands in the room of events.
    gathering_id = models.BigIntegerField(null=True)

    source = models.CharField(max_length=12)
    source_reference = models.CharField(max_length=60, blank=True)
    row_version = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    series = models.ForeignKey(
        Series, null=True, on_delete=models.PROTECT, related_name="members"
    )
    # A deleted activity lies beside a living member of the chain it was in.
    lies_beside = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="graves"
    )

    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", through="Participant"
    )
    contacts = models.ManyToManyField(Contact, related_name="activities")

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True, chain__isnull=False)
                | Q(deleted_at__isnull=False, chain__isnull=True),
                name="activity_chain_unless_deleted",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="activity_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, result="")
                | (Q(done_at__isnull=False) & ~Q(result="")),
                name="activity_result_when_done",
            ),
        ]
        # Lists show the living only; a bounded count then reads nothing but the index.
        indexes = [
            models.Index(
                fields=[*columns, "-date", "-reference_key", *counted],
                condition=Q(deleted_at__isnull=True),
                name=f"activity_newest{suffix}",
            )
            for columns, suffix, *counted in (
                ([], ""),
                # With whose they are, for counts by whoever sees a part of them.
                (["kind"], "_of_kind", "company", "company_is_person", "deleted_at"),
                (["company"], "_of_company"),
                (["company_team_id"], "_of_team"),
                (["company_owner_id"], "_of_account"),
                # And in which chain, for what is in none with anything else.
                (
                    ["owner"],
                    "_of_owner",
                    *("chain", "company", "company_team_id", "company_owner_id"),
                    *("company_is_person", "deleted_at"),
                ),
                (["chain"], "_of_chain"),
            )
        ] + [
            models.Index(
                fields=[
                    *("due_at", "reference_key", "company_is_person", "kind"),
                    # SQLite looks again at what the condition asks for.
                    *("date", "gathering_id", "done_at", "deleted_at"),
                    *("company", "company_team_id", "company_owner_id"),
                ],
                condition=Q(done_at__isnull=True, deleted_at__isnull=True),
                name="activity_open_by_due",
            ),
            models.Index(
                fields=["due_at", "reference_key"],
                condition=Q(deleted_at__isnull=True),
                name="activity_by_due",
            ),
            models.Index(
                fields=["-done_at", "-reference_key"],
                condition=Q(done_at__isnull=False, deleted_at__isnull=True),
                name="activity_by_done",
            ),
            # Whom something was done for of late, and what: lists ask it of companies.
            models.Index(
                fields=["occurred_at", "company", "kind", "type_code", "result"],
                condition=Q(done_at__isnull=False, deleted_at__isnull=True),
                name="activity_by_occurred",
            ),
            # What its counts ask besides stands at the end: they read nothing else.
            models.Index(
                fields=[
                    *("owner", "due_at", "kind", "company"),
                    *("company_team_id", "company_owner_id", "company_is_person"),
                ],
                condition=Q(done_at__isnull=True, deleted_at__isnull=True),
                name="activity_open_of_owner",
            ),
            models.Index(
                fields=["company", "due_at"],
                condition=Q(done_at__isnull=True, deleted_at__isnull=True),
                name="activity_open_of_company",
            ),
            models.Index(
                fields=["title_key", "reference_key"], name="activity_by_title"
            ),
            models.Index(
                fields=["company_key", "reference_key"], name="activity_by_company"
            ),
            models.Index(
                fields=["owner_key", "reference_key"], name="activity_by_owner"
            ),
            models.Index(
                fields=["recorded_at", "reference_key"], name="activity_by_recorded"
            ),
            models.Index(
                fields=["source_reference"],
                condition=Q(source_reference__gt=""),
                name="activity_by_old_number",
            ),
            models.Index(
                fields=["gathering_id"],
                condition=Q(gathering_id__isnull=False),
                name="activity_of_gathering",
            ),
            # What chains hold and began with; what is deleted is in none.
            models.Index(
                fields=["chain", "kind", "type_code", "result", "id"],
                name="activity_held_by_chain",
            ),
            # Quotes are told by their amount. The first holds all that the past of a
            # sale needs of them.
            models.Index(
                fields=["chain", "recorded_at", "sent_at", "amount_minor", "currency"],
                condition=Q(amount_minor__isnull=False, deleted_at__isnull=True),
                name="activity_quotes_of_chain",
            ),
            models.Index(
                fields=["recorded_at", "chain"],
                condition=Q(amount_minor__isnull=False, deleted_at__isnull=True),
                name="activity_quotes_recorded",
            ),
            models.Index(
                fields=["lies_beside"],
                condition=Q(lies_beside__isnull=False),
                name="activity_graves",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def living_chain_id(self) -> int:
        """The chain it is in; only what is deleted has none."""
        if self.chain_id is None:
            raise ValueError(f"{self.reference} is deleted")
        return self.chain_id


class Participant(models.Model):
    """A colleague who takes part in an activity."""

    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="participations"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # When they are busy with it, if not when the activity itself is.
    busy_from = models.DateTimeField(null=True, blank=True)
    busy_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "user"], name="participant_once"
            ),
            models.CheckConstraint(
                condition=models.Q(busy_from__isnull=True)
                | models.Q(busy_until__isnull=True)
                | models.Q(busy_from__lt=models.F("busy_until")),
                name="participant_busy_order",
            ),
        ]
        # Few have a time of their own; the worker looks for them every two seconds.
        indexes = [
            models.Index(
                fields=["busy_from"],
                condition=models.Q(busy_from__isnull=False),
                name="participant_by_busy_from",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.activity_id}"


class Entry(models.Model):
    """One text in an activity's log; author and time never change."""

    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="entries"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    text = models.TextField()
    edited_at = models.DateTimeField(null=True)
    is_locked = models.BooleanField(default=False)
    is_confidential = models.BooleanField(default=False)
    from_mail = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["activity", "made_at", "id"], name="entry_of_activity")
        ]

    def __str__(self) -> str:
        return self.text[:40]


class DateMove(models.Model):
    """A planned date that was moved: which, from when to when, by whom."""

    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="date_moves"
    )
    field = models.CharField(max_length=12)  # date | due_at
    old = models.DateTimeField(null=True)
    new = models.DateTimeField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"
