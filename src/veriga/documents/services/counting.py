"""The paper-clip: how many files an activity has stands on its row."""

from __future__ import annotations

from django.db.models import Count, F, Q

from veriga.activities.models import Activity
from veriga.common.transactions import write
from veriga.documents.models import Attachment


def count_anew(activity_id: int) -> None:
    """Write the number of files on the activity's row; its company is locked."""
    number = Attachment.objects.filter(
        activity_id=activity_id, deleted_at__isnull=True
    ).count()
    Activity.objects.filter(pk=activity_id).update(attachments=number)


@write
def repair_counts() -> None:
    """Make every paper-clip right: part of `veriga check --repair`."""
    counted = Activity.objects.annotate(
        number=Count("files", filter=Q(files__deleted_at__isnull=True))
    ).exclude(attachments=F("number"))
    for activity_id in list(counted.values_list("pk", flat=True)):
        count_anew(activity_id)
