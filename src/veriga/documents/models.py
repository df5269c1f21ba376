"""Attachments and the limits they keep to; the files lie in settings.FILES."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from veriga.activities.models import Activity
from veriga.parties.models import Company

from .rules import NAME_LENGTH, type_of

MEGABYTE = 1024 * 1024


class Attachment(models.Model):
    """A file at an activity or at a company, under a random name in `settings.FILES`.

    `upload_key` is the sender's own word for one upload: sent again after a broken
    line, it is not stored twice.
    """

    activity = models.ForeignKey(
        Activity, null=True, on_delete=models.CASCADE, related_name="files"
    )
    company = models.ForeignKey(
        Company, null=True, on_delete=models.PROTECT, related_name="files"
    )
    name = models.CharField(max_length=NAME_LENGTH)
    size = models.BigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=64, unique=True)
    upload_key = models.CharField(max_length=64, null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(activity__isnull=True) ^ Q(company__isnull=True),
                name="attachment_at_one_thing",
            ),
            models.UniqueConstraint(
                fields=["made_by", "upload_key"], name="attachment_sent_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def preview(self) -> str:
        """How a browser may show it: "image", "pdf", "text", or "" for not at all."""
        return type_of(self.name).preview


class Limits(models.Model):
    """What may be attached; one row at most, the defaults if there is none."""

    most_bytes = models.BigIntegerField(default=25 * MEGABYTE)  # of one file
    most_files = models.PositiveIntegerField(default=50)  # at one record
    endings = models.TextField(blank=True)  # separated by spaces; "" is the usual ones

    class Meta:
        verbose_name_plural = "limits"

    def __str__(self) -> str:
        return f"{self.most_files} × {self.most_bytes}"
