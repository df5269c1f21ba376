"""What was done to many activities at once, so that it can be undone at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from veriga.work.rules.bulk import Action


class Batch(models.Model):
    """One command for many activities, with what each of them had before it.

    `items` holds, in the order of the work, {"reference", "id", "version", "was"} for
    fields that changed and {"reference", "change"} for what is a change of its own.
    """

    action = models.CharField(
        max_length=12, choices=[(a.value, a.value) for a in Action]
    )
    items = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="batch_made_at")]

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"
