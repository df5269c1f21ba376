"""What only events have."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Value

from veriga.activities.models import Activity
from veriga.setup.models import EventType, Reason

from .rules import Reply


class Gathering(models.Model):
    """A group event: what is shared by the events of all companies invited to it.

    Each of these is an activity with its own reference, chain and reply.
    """

    title = models.CharField(max_length=200)
    type = models.ForeignKey(EventType, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    all_day = models.BooleanField(default=False)
    place = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    row_version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["-starts_at", "-id"], name="gathering_by_start"),
        ]

    def __str__(self) -> str:
        return self.title


class EventDetail(models.Model):
    """Type, reason and place of an event; its times stand on the activity.

    `referred_by` is who referred the customer to us, or us to them, if that is why.

    `guests` are people from elsewhere, nobody's contacts: a list of {"name", "firm",
    "text"}, kept here so that no list and no record needs a statement for them.
    """

    activity = models.OneToOneField(
        Activity, primary_key=True, on_delete=models.CASCADE, related_name="event"
    )
    type = models.ForeignKey(EventType, on_delete=models.PROTECT, related_name="+")
    reason = models.ForeignKey(
        Reason, null=True, on_delete=models.PROTECT, related_name="+"
    )
    place = models.CharField(max_length=120, blank=True)
    referred_by = models.CharField(max_length=120, blank=True, db_default="")
    guests = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    gathering = models.ForeignKey(
        Gathering, null=True, on_delete=models.PROTECT, related_name="details"
    )
    reply = models.CharField(
        max_length=12, blank=True, db_default="", choices=[(r, r) for r in Reply]
    )

    def __str__(self) -> str:
        return f"{self.type_id} {self.activity_id}"
