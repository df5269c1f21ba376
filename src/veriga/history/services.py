"""Writing history: one call per change, inside the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from .models import Record


class Maker(Protocol):
    """Who made a change; an Actor fits."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...


class Occasion(Protocol):
    """Who, when and through which door; the Context of a service fits."""

    @property
    def actor(self) -> Maker: ...
    @property
    def now(self) -> datetime: ...
    @property
    def source(self) -> str: ...


def note_change(
    context: Occasion,
    subject: str,
    subject_id: int,
    action: str,
    changes: Mapping[str, tuple[object, object]] | None = None,
) -> Record:
    """Write one line of history about what a service does in `context`."""
    return record_change(
        subject=subject,
        subject_id=subject_id,
        action=action,
        made_by_id=context.actor.user_id,
        made_by_name=context.actor.name,
        made_at=context.now,
        source=context.source,
        changes=changes,
    )


def note_changes(
    context: Occasion,
    subject: str,
    action: str,
    changes: Mapping[int, Mapping[str, tuple[object, object]]],
) -> None:
    """Write one line of history for each of many subjects; `changes` by their ids."""
    Record.objects.bulk_create(
        Record(
            subject=subject,
            subject_id=subject_id,
            action=action,
            made_by_id=context.actor.user_id,
            made_by_name=context.actor.name,
            made_at=context.now,
            source=context.source,
            changes={k: [_plain(a), _plain(b)] for k, (a, b) in fields.items()},
        )
        for subject_id, fields in changes.items()
    )


def record_change(
    *,
    subject: str,
    subject_id: int,
    action: str,
    made_by_id: int | None,
    made_by_name: str,
    made_at: datetime,
    source: str,
    changes: Mapping[str, tuple[object, object]] | None = None,
) -> Record:
    """Write one line of history; `changes` maps a field to (old, new)."""
    return Record.objects.create(
        subject=subject,
        subject_id=subject_id,
        action=action,
        made_by_id=made_by_id,
        made_by_name=made_by_name,
        made_at=made_at,
        source=source,
        changes={
            k: [_plain(old), _plain(new)] for k, (old, new) in (changes or {}).items()
        },
    )


def _plain(value: object) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
