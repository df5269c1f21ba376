"""One command for many activities over the API: foreseen, done, taken back."""

from __future__ import annotations

import pytest

from veriga.activities.models import Activity
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company
from veriga.work.models import Batch
from veriga.work.rules.bulk import MOST

from .client import Answer, Api, codes
from .declared import assert_declared, assert_problem


@pytest.fixture
def tasks(api: Api, company: Company) -> list[str]:
    return [api.task(company.pk, title=f"Naloga {n}") for n in range(3)]


def bulk(api: Api, action: str, **body: object) -> Answer:
    return api.post("bulk", {"action": action, **body})


def versions() -> set[int]:
    return set(Activity.objects.values_list("row_version", flat=True))


def test_foreseen_done_and_taken_back(api: Api, manager: Api, tasks: list[str]) -> None:
    assert manager.user is not None
    body = {"activities": tasks, "owner": manager.user.email}
    foreseen = bulk(api, "assign", **body, dry_run=True)
    assert_declared("change_many", foreseen)
    assert foreseen.json == {"batch": None, "changed": tasks, "left": []}
    assert versions() == {1}
    assert not Batch.objects.exists()
    done = bulk(api, "assign", **body)
    assert_declared("change_many", done)
    assert done.json["changed"] == tasks
    for ref in tasks:
        assert api.get(f"activities/{ref}").json["owner"]["id"] == manager.user.pk
    undo = f"bulk/{done.json['batch']}/undo"
    assert_problem(manager.post(undo), 404, "not_found")
    back = api.post(undo)
    assert_declared("undo_many", back)
    assert back.json == {"restored": 3, "left": []}
    assert api.get(f"activities/{tasks[0]}").json["owner"]["id"] == api.user.pk  # type: ignore[union-attr]
    assert_problem(api.post(undo), 409, "already_undone")


def test_what_stays_is_told_with_its_code(
    api: Api, company: Company, tasks: list[str]
) -> None:
    api.post(f"activities/{tasks[0]}/done")
    chosen = [tasks[0], {"reference": tasks[1], "row_version": 9}, tasks[2], "N-26-9"]
    done = bulk(api, "finish", activities=chosen)
    assert_declared("change_many", done)
    assert done.json["changed"] == [tasks[2]]
    left = {one["reference"]: one for one in done.json["left"]}
    assert left[tasks[0]]["code"] == "done_already"
    assert left[tasks[0]]["title"] == "Naloga 0"
    assert left[tasks[0]]["detail"] == "It is done already."
    assert left[tasks[1]]["code"] == "changed_since"
    assert (left["N-26-9"]["code"], left["N-26-9"]["title"]) == ("not_found", "")


def test_all_that_fit_a_filter(api: Api, company: Company, tasks: list[str]) -> None:
    event = api.event(company.pk, done_at=None)
    other = make_company("Druga", owner=api.user)
    api.task(other.pk)
    fits = {"company": company.pk, "kind": "task", "state": "pending"}
    done = bulk(api, "importance", filter=fits, importance="high")
    assert set(done.json["changed"]) == set(tasks)
    assert api.get(f"activities/{event}").json["importance"] != "high"


def test_longer_than_a_command_takes_is_refused(
    api: Api, tasks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veriga.api.routers.bulk.MOST", 2)
    monkeypatch.setattr("veriga.api.routers.bulk.PER_PAGE", 2)
    answer = bulk(api, "finish", filter={"kind": "task"})
    assert_problem(answer, 422, "too_many_rows")
    assert versions() == {1}
    many = bulk(api, "finish", activities=[f"N-26-{n:05}" for n in range(MOST + 1)])
    assert_problem(many, 422, "too_many_rows")


def test_moved_linked_finished_and_deleted(
    api: Api, company: Company, tasks: list[str]
) -> None:
    due = [api.task(company.pk, due_on="2026-03-06") for _ in range(2)]
    bulk(api, "move", activities=due, days=1)
    assert api.get(f"activities/{due[0]}").json["due_on"] == "2026-03-09"
    origin = api.event(company.pk)
    linked = bulk(api, "link", activities=tasks, stimulus=origin)
    assert linked.json["changed"] == tasks
    assert api.get(f"activities/{origin}").json["chain_size"] == 4
    assert api.post(f"bulk/{linked.json['batch']}/undo").json["restored"] == 3
    assert api.get(f"activities/{origin}").json["chain_size"] == 1
    quote = api.quote(company.pk)
    ended = bulk(api, "finish", activities=[quote], results={"quote": "withdrawn"})
    assert ended.json["changed"] == [quote]
    gone = bulk(api, "delete", activities=tasks)
    assert gone.json["changed"] == tasks
    assert api.get(f"activities/{tasks[0]}").status == 404
    api.post(f"bulk/{gone.json['batch']}/undo")
    assert api.get(f"activities/{tasks[0]}").status == 200


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"action": "assign"}, "owner", "required"),
        ({"action": "archive"}, "action", "unknown_choice"),
        ({"action": "move"}, "days", "required"),
        ({"action": "move", "days": 9999}, "days", "between"),
        ({"action": "move", "days": "2"}, "days", "wrong_type"),
        ({"action": "importance", "importance": "kar"}, "importance", "unknown_choice"),
        ({"action": "link", "stimulus": "D-26-77777"}, "stimulus", "not_found"),
        (
            {"action": "finish", "results": {"task": "accepted"}},
            "results.task",
            "wrong_result",
        ),
        ({"action": "finish", "kar": 1}, "kar", "unknown_field"),
        ({"action": "finish", "filter": {}}, "filter", "either_or"),
        ({"action": "finish", "activities": None}, "activities", "required"),
        ({"action": "finish", "dry_run": "yes"}, "dry_run", "wrong_type"),
    ],
)
def test_bad_input_is_told_at_its_field(
    api: Api, tasks: list[str], body: dict[str, object], field: str, code: str
) -> None:
    answer = api.post("bulk", {"activities": tasks, **body})
    assert_problem(answer, 422, code)
    assert codes(answer) == {field: code}
    assert versions() == {1}


@pytest.mark.parametrize(
    "chosen", [[], [""], ["\u0000"], [{"reference": "N-26-1"}], [7], "N-26-1"]
)
def test_rows_that_are_none_change_nothing(
    api: Api, tasks: list[str], chosen: object
) -> None:
    answer = bulk(api, "finish", activities=chosen)
    if answer.status == 200:
        assert answer.json["changed"] == []
        assert answer.json["batch"] is None
    else:
        assert answer.status == 422
    assert versions() == {1}


def test_who_may_not(api: Api, reader: Api, outsider: Api, tasks: list[str]) -> None:
    body = {"action": "finish", "activities": tasks}
    assert_problem(reader.post("bulk", body), 403, "not_allowed")
    assert_problem(reader.post("bulk", {**body, "dry_run": True}), 403, "not_allowed")
    theirs = outsider.post("bulk", body)
    assert theirs.json["changed"] == []
    assert {one["code"] for one in theirs.json["left"]} == {"not_found"}
    assert {one["title"] for one in theirs.json["left"]} == {""}
    assert_problem(Api(None).post("bulk", body), 401, "not_signed_in")
    assert_problem(api.get("bulk"), 405, "method_not_allowed")
    assert_problem(api.post("bulk/999/undo"), 404, "not_found")


def test_sent_again_with_its_key_it_is_done_once(api: Api, tasks: list[str]) -> None:
    body = {"action": "finish", "activities": tasks}
    first = api.post("bulk", body, headers={"Idempotency-Key": "enkrat"})
    again = api.post("bulk", body, headers={"Idempotency-Key": "enkrat"})
    assert again.json == first.json
    assert Batch.objects.count() == 1
