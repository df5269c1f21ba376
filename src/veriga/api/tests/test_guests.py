"""People from elsewhere at an event, over the API."""

from __future__ import annotations

from typing import Any

import pytest

from veriga.activities.models import Activity
from veriga.parties.models import Company

from .client import Api, codes
from .declared import assert_declared

EVENT = {"title": "Sestanek", "starts_at": "2026-03-01T10:00:00Z"}


def test_they_come_back_and_can_be_replaced(api: Api, company: Company) -> None:
    body = {**EVENT, "company": company.pk, "guests": [{"name": "Ivo Arh"}]}
    made = api.post("events", body)
    assert_declared("create_event", made)
    assert made.json["guests"] == [{"name": "Ivo Arh", "firm": "", "text": ""}]
    path = f"activities/{made.json['reference']}"
    listed = api.get("events")
    assert listed.json["items"][0]["guests"] == made.json["guests"]
    changed = api.patch(path, {"guests": [{"name": "Eva", "firm": "Biro"}]})
    assert changed.json["guests"] == [{"name": "Eva", "firm": "Biro", "text": ""}]
    assert api.patch(path, {"guests": None}).json["guests"] == []


@pytest.mark.parametrize(
    ("guests", "field", "code"),
    [
        ("Ivo", "guests", "wrong_type"),
        ([{"firm": "Biro"}], "guests.0.name", "required"),
        ([{"name": " "}], "guests.0.name", "required"),
        ([{"name": "Ivo", "age": 5}], "guests.0.age", "unknown_field"),
        ([{"name": "Ivo"}] * 101, "guests", "too_many"),
    ],
)
def test_wrong_ones_are_refused(
    api: Api, company: Company, guests: Any, field: str, code: str
) -> None:
    answer = api.post("events", {**EVENT, "company": company.pk, "guests": guests})
    assert (answer.status, codes(answer)) == (422, {field: code})
    assert not Activity.objects.exists()
