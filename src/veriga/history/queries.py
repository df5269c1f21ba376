"""Reading history. Callers have decided already that the actor may see the subject."""

from __future__ import annotations

from collections.abc import Sequence

from .models import Record


def list_changes(subject: str, subject_id: int, *, limit: int = 200) -> list[Record]:
    """Return the newest changes of one object, newest first."""
    return list(
        Record.objects.filter(subject=subject, subject_id=subject_id).order_by(
            "-made_at", "-id"
        )[:limit]
    )


def list_changes_of_all(
    subject: str, subject_ids: Sequence[int], *, limit: int = 500
) -> list[Record]:
    """Return the newest changes of several objects of one kind, newest first."""
    if not subject_ids:
        return []
    rows = Record.objects.filter(subject=subject, subject_id__in=subject_ids)
    return list(rows.order_by("-made_at", "-id")[:limit])
