"""A call that reached nobody, over the API."""

from __future__ import annotations

import pytest

from veriga.activities.models import Activity
from veriga.parties.models import Company

from .client import Api
from .declared import assert_declared, assert_problem


@pytest.fixture
def call(api: Api, company: Company) -> str:
    return api.event(company.pk, type="call", done_at=None)


def test_it_is_done_and_the_next_is_linked(api: Api, call: str) -> None:
    answer = api.post(f"activities/{call}/not-reached")
    assert_declared("call_reached_nobody", answer)
    assert answer.json["call"]["result"] == "not_reached"
    assert answer.json["next"]["state"] == "pending"
    assert answer.json["next"]["linked"]["events"] == 1
    linked = api.get("activities", linked_to=answer.json["next"]["reference"])
    assert [one["reference"] for one in linked.json["items"]] == [call]


def test_the_time_of_the_next_may_be_said(api: Api, call: str) -> None:
    body = {"starts_at": "2031-03-09T09:00:00+01:00"}
    answer = api.post(f"activities/{call}/not-reached", body)
    assert answer.json["next"]["starts_at"] == "2031-03-09T08:00:00Z"


def test_repeated_with_its_key_it_makes_one(api: Api, call: str) -> None:
    headers = {"Idempotency-Key": "k1"}
    first = api.post(f"activities/{call}/not-reached", headers=headers)
    again = api.post(f"activities/{call}/not-reached", headers=headers)
    assert first.text == again.text
    assert Activity.objects.count() == 2


def test_what_is_refused(
    api: Api, reader: Api, outsider: Api, company: Company, call: str
) -> None:
    visit = api.event(company.pk, type="visit", done_at=None)
    path = f"activities/{call}/not-reached"
    assert_problem(api.post(f"activities/{visit}/not-reached"), 422, "wrong_result")
    assert_problem(api.post(path, {"starts_at": "2031-03-09T09:00"}), 422, "naive_time")
    assert_problem(reader.post(path), 403, "not_allowed")
    assert_problem(outsider.post(path), 404, "not_found")
    assert Activity.objects.filter(result="").count() == 2
    api.post(path)
    assert_problem(api.post(path), 409, "stale")
