"""One table: who changed what, when, and from what to what."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Record(models.Model):
    """One change of one object, as a service wrote it.

    `subject` is the word of DESIGN for the object ("activity", "company", "user"), and
    `changes` maps each field to [old, new] in JSON's own types.
    """

    subject = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    action = models.CharField(max_length=24)
    changes = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_by_name = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    source = models.CharField(max_length=12)

    class Meta:
        indexes = [
            models.Index(
                fields=["subject", "subject_id", "-made_at"], name="record_of_subject"
            ),
            models.Index(fields=["subject", "made_at"], name="record_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id}: {self.action}"
