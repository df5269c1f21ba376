"""What was done to many rows at once, so that it can be undone at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from veriga.work.rules.bulk import Action, Of
from veriga.work.rules.party_bulk import CompanyAction, ContactAction

ACTIONS = [*Action, *CompanyAction, *ContactAction]


class Batch(models.Model):
    """One command for many rows, with what each of them had before it.

    `items` holds, in the order of the work, {"id", "version", "was"} for fields that
    changed and {"id", "change"} for what is a change of its own; of activities the
    "reference" too.
    """

    of = models.CharField(
        max_length=8,
        choices=[(one.value, one.value) for one in Of],
        default=Of.ACTIVITIES.value,
        db_default=Of.ACTIVITIES.value,
    )
    action = models.CharField(
        max_length=16, choices=[(a.value, a.value) for a in ACTIONS]
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
