"""What only tasks have."""

from __future__ import annotations

from django.db import models

from veriga.activities.models import Activity


class TaskDetail(models.Model):
    """The days of a task as they were typed; instants stand on the activity.

    `due_on` is empty where the deadline has an hour.
    """

    activity = models.OneToOneField(
        Activity, primary_key=True, on_delete=models.CASCADE, related_name="task"
    )
    starts_on = models.DateField()
    due_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"task {self.activity_id}"
