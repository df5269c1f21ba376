"""Writing and reading history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from veriga.history.queries import list_changes
from veriga.history.services import record_change

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def note(subject_id: int = 1, made_at: datetime = NOW, **changes: object) -> None:
    record_change(
        subject="company",
        subject_id=subject_id,
        action="update",
        made_by_id=None,
        made_by_name="test",
        made_at=made_at,
        source="system",
        changes={name: (None, value) for name, value in changes.items()},
    )


def test_values_are_kept_in_jsons_own_types() -> None:
    note(at=NOW, on=date(2026, 3, 2), amount=Decimal("2.50"), name="Š", number=3)
    (line,) = list_changes("company", 1)
    assert {name: new for name, (_, new) in line.changes.items()} == {
        "at": "2026-03-02T09:00:00+00:00",
        "on": "2026-03-02",
        "amount": "2.50",
        "name": "Š",
        "number": 3,
    }
    assert str(line) == "company 1: update"


def test_the_newest_comes_first_and_others_stay_away() -> None:
    note(made_at=NOW, n=1)
    note(made_at=NOW + timedelta(hours=1), n=2)
    note(made_at=NOW, n=3)
    note(subject_id=2, n=4)
    numbers = [line.changes["n"][1] for line in list_changes("company", 1)]
    assert numbers == [2, 3, 1]
    assert len(list_changes("company", 1, limit=2)) == 2
    assert list_changes("user", 1) == []
