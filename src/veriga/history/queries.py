"""Reading history. Callers have decided already that the actor may see the subject."""

from __future__ import annotations

from .models import Record


def list_changes(subject: str, subject_id: int, *, limit: int = 200) -> list[Record]:
    """Return the newest changes of one object, newest first."""
    return list(
        Record.objects.filter(subject=subject, subject_id=subject_id).order_by(
            "-made_at", "-id"
        )[:limit]
    )
