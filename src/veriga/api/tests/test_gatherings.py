"""Group events over the API: made, answered, finished, followed up."""

from __future__ import annotations

from typing import Any

import pytest

from veriga.access.models import User
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.events.models import Gathering
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company, make_contact

from .client import Api, codes
from .declared import assert_declared, assert_problem

DAY = {"title": "Dan odprtih vrat", "starts_at": "2026-03-05T08:00:00Z"}


@pytest.fixture
def alpina(seller: User) -> Company:
    return make_company("Alpina Pak", owner=seller)


@pytest.fixture
def path(api: Api, company: Company, alpina: Company) -> str:
    """The address of a group event with two companies, past its day."""
    invites = [{"company": company.pk}, {"company": alpina.pk}]
    made = api.post("gatherings", {**DAY, "companies": invites})
    assert_declared("make_group_event", made)
    assert made.headers["Location"] == f"/api/v1/gatherings/{made.json['id']}"
    return f"gatherings/{made.json['id']}"


def rows(api: Api, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = api.get(f"{path}/companies", **query)
    assert_declared("list_invited_companies", answer)
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def test_from_invitation_to_tasks(api: Api, path: str, alpina: Company) -> None:
    one = api.get(path)
    assert_declared("read_group_event", one)
    assert (one.json["companies"], one.json["replies"]) == (2, {"invited": 2})
    first = rows(api, path)[0]
    assert first["company"] == {"id": alpina.pk, "name": "Alpina Pak"}
    answer = api.patch(f"{path}/companies/{first['reference']}", {"reply": "came"})
    assert_declared("reply_of_company", answer)
    assert answer.json["reply"] == "came"
    assert [row["reference"] for row in rows(api, path, reply="came")] == [
        first["reference"]
    ]
    finished = api.post(f"{path}/finish")
    assert_declared("finish_group_event", finished)
    assert finished.json == {"finished": 2}
    assert api.post(f"{path}/finish").json == {"finished": 0}
    made = api.post(f"{path}/tasks", {"title": "Pokliči", "due_on": "2026-04-05"})
    assert_declared("make_tasks_of_group_event", made)
    (task,) = made.json["items"]
    chain = api.get(f"activities/{task}/chain").json
    assert chain["origin"] == first["reference"]
    listed = api.get("gatherings")
    assert_declared("list_group_events", listed)
    assert [g["open"] for g in listed.json["items"]] == [0]


def test_added_later_and_withdrawn(api: Api, path: str, seller: User) -> None:
    later = make_company("Zadnja", owner=seller)
    guest = make_contact(later, first_name="Ana", last_name="Zajc")
    body = {"companies": [{"company": later.pk, "contacts": [guest.pk]}]}
    key = {"Idempotency-Key": "a"}
    for _ in range(2):
        added = api.post(f"{path}/companies", body, headers=key)
        assert_declared("invite_companies", added)
        assert added.json == {"added": 1}
    assert api.post(f"{path}/companies", body).json == {"added": 0}
    row = rows(api, path, q="zadnja")[0]
    assert row["people"] == ["Ana Zajc"]
    gone = api.delete(f"{path}/companies/{row['reference']}")
    assert_declared("withdraw", gone)
    assert gone.json == {"outcome": "withdrawn"}
    assert len(rows(api, path)) == 2
    kept = rows(api, path)[0]["reference"]
    api.task(rows(api, path)[0]["company"]["id"], made_on=kept)
    stays = api.delete(f"{path}/companies/{kept}")
    assert stays.json == {"outcome": "cancelled"}


def test_a_change_reaches_every_event(api: Api, path: str) -> None:
    version = {"If-Match": api.get(path).headers["ETag"]}
    changed = api.patch(path, {"title": "Odprta vrata", "place": "Bled"})
    assert_declared("change_group_event", changed)
    assert changed.json["row_version"] == 2
    assert set(Activity.objects.values_list("title", flat=True)) == {"Odprta vrata"}
    assert_problem(api.patch(path, {"place": "x"}, headers=version), 409, "stale")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"title": ""}, "title", "required"),
        ({"type": "none"}, "type", "unknown_choice"),
        ({"starts_at": None}, "starts_at", "wrong_type"),
        ({"ends_at": "2026-03-04T08:00:00Z"}, "ends_at", "ends_before_start"),
        ({"guests": []}, "guests", "unknown_field"),
        ({"companies": [{"company": "a"}]}, "companies.0.company", "wrong_type"),
    ],
)
def test_wrong_bodies(
    api: Api, company: Company, body: dict[str, Any], field: str, code: str
) -> None:
    answer = api.post("gatherings", {**DAY, **body})
    assert (answer.status, codes(answer)) == (422, {field: code})
    assert not Gathering.objects.exists()


def test_what_others_may_not(
    api: Api, reader: Api, outsider: Api, path: str, company: Company
) -> None:
    reference = rows(api, path)[0]["reference"]
    for who, status in ((reader, 403), (outsider, 404)):
        assert who.patch(path, {"place": "x"}).status == status
        assert who.post(f"{path}/finish").status == status
        assert who.post(f"{path}/tasks", {"title": "A"}).status == status
        address = f"{path}/companies/{reference}"
        assert who.patch(address, {"reply": "came"}).status == status
        assert who.delete(address).status == status
    assert outsider.get(path).status == 404
    hidden = make_company(owner=make_user(team=make_team()))
    body = {"companies": [{"company": hidden.pk}]}
    assert api.post(f"{path}/companies", body).status == 404
    stranger = make_contact(hidden)
    mine = make_company(owner=api.user)
    body = {"companies": [{"company": mine.pk, "contacts": [stranger.pk]}]}
    answer = api.post(f"{path}/companies", body)
    assert (answer.status, codes(answer)) == (422, {"contacts": "unknown_choice"})
    assert len(rows(api, path)) == 2
