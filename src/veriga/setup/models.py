"""Code lists: one table per list on one abstract base.

Entries are never deleted. Their `code` never changes; their names, order and life cycle
do. What is retiring or off is no longer offered for new records and stays valid in old
ones.
"""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Value

from veriga.common.phones import PhoneForm

from .rules import FieldType, ReminderKind, Subject


class LifeCycle(models.TextChoices):
    """Where an entry stands; may be moved back and forth."""

    ACTIVE = "active"
    RETIRING = "retiring"
    OFF = "off"


class CodeListEntry(models.Model):
    """What all code lists have in common."""

    code = models.SlugField(max_length=32, primary_key=True)
    name_sl = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    life_cycle = models.CharField(
        max_length=8, choices=LifeCycle, default=LifeCycle.ACTIVE
    )

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name_sl

    def name(self, language: str) -> str:
        """Return the name in `language`, Slovenian if there is none."""
        return str(getattr(self, f"name_{language[:2]}", "") or self.name_sl)


class EventType(CodeListEntry):
    """Call, visit, meeting, ...; carries who acts by default.

    `silence_days`: after how many working days without anything further a chain that
    ended with it has been silent too long, as the firm sees it; null for no limit.
    """

    direction = models.CharField(
        max_length=8, choices=[(d, d) for d in ("in", "out", "internal")]
    )
    silence_days = models.PositiveSmallIntegerField(null=True)


class Reason(CodeListEntry):
    """Why an event arose."""


class Stage(CodeListEntry):
    """A step of a sale; `closes` is the outcome that reaching it means, if any."""

    probability_percent = models.PositiveSmallIntegerField()
    closes = models.CharField(max_length=8, blank=True)


class ProductRecordType(CodeListEntry):
    """Interest, sample, test, objection, ..."""


class CloseReason(CodeListEntry):
    """Why a sale was closed."""


class ProspectType(CodeListEntry):
    """Customer, reseller, specifier."""


class CompanyCategory(CodeListEntry):
    """What a company is to us: manufacturer, trader, ...; it may be several."""


class Importance(CodeListEntry):
    """Low, normal, high."""


class ContactFunction(CodeListEntry):
    """Functions offered for contacts, so that the same one has one name."""


class CustomField(CodeListEntry):
    """A field that this installation has added to companies, contacts or a kind.

    Values stand in the column `custom` of the record, by the field's `key`. `choices`
    is a list of {"code", "name_sl", "name_en", "is_off"}; none is ever deleted either.
    """

    id = models.BigAutoField(primary_key=True)
    code = models.SlugField(max_length=32)
    subject = models.CharField(max_length=16, choices=[(s, s) for s in Subject])
    type = models.CharField(max_length=8, choices=[(t, t) for t in FieldType])
    choices = models.JSONField(default=list)
    in_list = models.BooleanField(default=False)

    class Meta(CodeListEntry.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "code"], name="custom_field_code_once"
            ),
        ]

    @property
    def key(self) -> str:
        """What its values stand by in `custom`; a bare number would mean a place."""
        return f"f{self.pk}"


class Notice(models.Model):
    """Something that one user is to know.

    Pages make of `kind` and `params` its sentence and the address that it is about.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=32)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # When pages may speak of it by themselves: after the reader's quiet hours.
    toast_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notice_of_user"),
            models.Index(
                fields=["user", "-created_at", "-id"],
                name="notice_unread_newest",
                condition=models.Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"


class NoticeSettings(models.Model):
    """What a user is told of: `_told` in Veriga, `_mailed` by mail.

    Without a row the defaults hold. `event_lead_min` null: nothing before an event.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        primary_key=True,
    )
    event_lead_min = models.PositiveSmallIntegerField(null=True, default=15)
    event_told = models.BooleanField(default=True)
    event_mailed = models.BooleanField(default=False)
    deadline_told = models.BooleanField(default=True)
    deadline_mailed = models.BooleanField(default=False)
    silence_told = models.BooleanField(default=True)
    silence_mailed = models.BooleanField(default=False)
    mention_told = models.BooleanField(default=True)
    mention_mailed = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    digest_at = models.TimeField(null=True)

    class Meta:
        verbose_name_plural = "notice settings"

    def __str__(self) -> str:
        return f"notices of {self.user_id}"


class Reminder(models.Model):
    """A reminder that was given, so that it is given once.

    `activity_id` is 0 for the daily digest. `about_at` is the instant that it speaks
    of: a start, a deadline, since when it is silent; moved, it is another reminder.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=16, choices=[(k, k) for k in ReminderKind])
    activity_id = models.BigIntegerField()
    about_at = models.DateTimeField()
    due_at = models.DateTimeField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity_id", "kind", "user", "about_at"],
                name="reminder_once",
            ),
        ]
        indexes = [models.Index(fields=["given_at"], name="reminder_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.activity_id} for {self.user_id}"


class Clock(models.Model):
    """Up to which instant the worker has looked for what becomes due."""

    name = models.SlugField(max_length=32, primary_key=True)
    reached_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.reached_at}"


class Letter(models.Model):
    """A mail that waits to be sent, was sent, or was given up.

    `kind` and `params` as a notice has them. Who sends it moves `next_try_at` first.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=32)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="letter_waiting",
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
            ),
            models.Index(fields=["created_at"], name="letter_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"


class SavedView(models.Model):
    """A list as somebody narrowed and ordered it, under a name.

    `page` is one of rules.VIEW_PAGES, `query` what stands behind `?` in its address.
    Words such as "owner=me" mean whoever looks at it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    page = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"], name="saved_view_name_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["page"],
                name="saved_view_shared",
                condition=models.Q(is_shared=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PinnedView(models.Model):
    """A saved view that a user has in their menu."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="pins")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "view"], name="pinned_view_once"),
        ]

    def __str__(self) -> str:
        return f"{self.view_id} of {self.user_id}"


class Preferences(models.Model):
    """How this installation shows things and when it works: one row, or none.

    `free_days` are days on which the firm is closed besides public holidays, as ISO
    texts in order.
    """

    phone_form = models.CharField(
        max_length=16, choices=[(f, f) for f in PhoneForm], default=PhoneForm.HOUSE
    )
    keeps_offline = models.BooleanField(default=True, db_default=True)
    holiday_country = models.CharField(max_length=2, default="SI", db_default="SI")
    opens_at = models.TimeField(default=time(8), db_default=time(8))
    closes_at = models.TimeField(default=time(16), db_default=time(16))
    free_days = models.JSONField(default=list, db_default=Value([], models.JSONField()))

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return "preferences"
