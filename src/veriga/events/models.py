"""What only events have."""

from __future__ import annotations

from django.db import models
from django.db.models import Value

from veriga.activities.models import Activity
from veriga.setup.models import EventType, Reason


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

    def __str__(self) -> str:
        return f"{self.type_id} {self.activity_id}"
