"""Rules "when … then" over the API: kept, switched, tried out, and their log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.automation.models import Rule, Run
from veriga.automation.tests.factories import call_in, make_rule
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company

from .client import Answer, Api, codes
from .declared import assert_declared, assert_problem

CALL = {"kind": "event", "type": "call", "days": 2, "title": "Pokliči"}
BODY = {
    "name": "Po obisku",
    "trigger": "done",
    "kind": "event",
    "type": "visit",
    "result": "carried_out",
    "steps": [CALL],
}


@pytest.fixture
def boss(seller: User) -> Api:
    """A manager who sees all companies."""
    user = make_user("Vida", role=Role.MANAGER, scope=Scope.ALL, language="en")
    return Api(user)


@pytest.fixture
def team_boss(seller: User) -> Api:
    """A manager of the team of the salesperson."""
    user = make_user(role=Role.MANAGER, scope=Scope.TEAM, team=seller.team)
    return Api(user)


def make(api: Api, **fields: object) -> Answer:
    return api.post("rules", {**BODY, **fields})


def visit(api: Api, company: Company) -> str:
    """Return an event that has just been carried out."""
    start = timezone.now() - timedelta(hours=2)
    return api.event(
        company.pk,
        type="visit",
        starts_at=start.isoformat(),
        ends_at=(start + timedelta(hours=1)).isoformat(),
    )


class TestKeeping:
    def test_made_read_changed_switched_and_deleted(self, boss: Api) -> None:
        made = make(boss)
        assert_declared("make_rule", made)
        assert made.status == 201
        rule = made.json
        assert made.headers["Location"] == f"/api/v1/rules/{rule['id']}"
        assert (rule["is_on"], rule["team"], rule["set_off"]) == (False, None, 0)
        assert rule["steps"] == [
            {
                "position": 1, "deed": "activity", "kind": "event", "type": "call",
                "days": 2, "title": "Pokliči", "text": "", "person": "owner",
                "user": None,
            }
        ]  # fmt: skip
        path = f"rules/{rule['id']}"
        listed = boss.get("rules")
        assert_declared("list_all_rules", listed)
        assert listed.json["items"] == [boss.get(path).json] == [rule]

        notice = {"deed": "notify", "text": "Tišina", "person": "account_owner"}
        steps = [{**notice, "days": 5}, {**CALL, "days": 1}]
        changed = boss.patch(path, {"name": "Po vsakem obisku", "steps": steps})
        assert_declared("change_rule", changed)
        assert changed.json["type"] == "visit"
        assert [one["days"] for one in changed.json["steps"]] == [1, 5]
        assert changed.headers["ETag"] == '"2"'

        on = boss.post(f"{path}/on")
        assert_declared("switch_rule_on", on)
        assert (on.json["is_on"], on.json["row_version"]) == (True, 3)
        assert boss.post(f"{path}/on").json == on.json
        off = boss.post(f"{path}/off")
        assert_declared("switch_rule_off", off)
        assert off.json["is_on"] is False
        assert boss.delete(path).status == 204
        assert_problem(boss.get(path), 404, "not_found")

    def test_a_step_names_a_user_by_id_or_address(
        self, boss: Api, seller: User
    ) -> None:
        for who in (seller.pk, seller.email):
            step = {**CALL, "person": "user", "user": who}
            found = make(boss, name=f"Za {who}", steps=[step])
            assert found.json["steps"][0]["user"]["id"] == seller.pk
        nobody = [{**CALL, "person": "user", "user": "nihce@example.com"}]
        assert_problem(make(boss, steps=nobody), 404, "not_found")

    def test_what_somebody_else_changed_is_stale(self, boss: Api) -> None:
        rule = make(boss).json
        path = f"rules/{rule['id']}"
        boss.patch(path, {"name": "Drugo ime"})
        late = {"If-Match": '"1"'}
        assert_problem(boss.patch(path, {"name": "X"}, headers=late), 409, "stale")
        assert_problem(boss.post(f"{path}/on", headers=late), 409, "stale")
        assert boss.get(path).json["name"] == "Drugo ime"

    def test_what_was_at_work_is_not_deleted(
        self, boss: Api, api: Api, company: Company
    ) -> None:
        rule = make(boss).json
        boss.post(f"rules/{rule['id']}/on")
        visit(api, company)
        assert boss.get(f"rules/{rule['id']}").json["set_off"] == 1
        assert_problem(boss.delete(f"rules/{rule['id']}"), 409, "rule_in_use")

    def test_sent_again_with_its_key_it_is_made_once(self, boss: Api) -> None:
        key = {"Idempotency-Key": "enkrat"}
        first = boss.post("rules", BODY, headers=key)
        assert boss.post("rules", BODY, headers=key).json == first.json
        assert Rule.objects.count() == 1

    @pytest.mark.parametrize(
        ("fields", "field", "code"),
        [
            ({"name": "  "}, "name", "required"),
            ({"name": "x" * 81}, "name", "too_long"),
            ({"trigger": "moon"}, "trigger", "unknown_choice"),
            ({"trigger": "stage", "stage": None}, "stage", "required"),
            ({"trigger": "stage", "stage": "?"}, "stage", "unknown_choice"),
            ({"trigger": "silence"}, "days", "required"),
            ({"trigger": "silence", "days": 0}, "days", "between"),
            ({"trigger": "silence", "days": "3"}, "days", "wrong_type"),
            ({"kind": "dream"}, "kind", "unknown_choice"),
            ({"type": "?"}, "type", "unknown_choice"),
            ({"kind": "task", "type": None, "result": "declined"}, "result",
             "wrong_result"),
            ({"direction": "up"}, "direction", "unknown_choice"),
            ({"category": "?"}, "category", "unknown_choice"),
            ({"team": 99999}, "team", "unknown_choice"),
            ({"steps": []}, "steps", "required"),
            ({"steps": [CALL] * 7}, "steps", "too_many"),
            ({"steps": [{**CALL, "days": -1}]}, "steps.0.days", "between"),
            ({"steps": [CALL, {**CALL, "type": "?"}]}, "steps.1.type",
             "unknown_choice"),
            ({"steps": [{**CALL, "type": None}]}, "steps.0.type", "required"),
            ({"steps": [{"deed": "activity"}]}, "steps.0.kind", "unknown_choice"),
            ({"steps": [{**CALL, "kind": "quote"}]}, "steps.0.kind",
             "unknown_choice"),
            ({"steps": [{"deed": "notify"}]}, "steps.0.title", "required"),
            ({"steps": [{**CALL, "person": "user"}]}, "steps.0.user", "required"),
            ({"steps": [{"deed": "assign", "person": "account_owner"}]},
             "steps.0.person", "assign_to_whom"),
            ({"steps": [{**CALL, "kar": 1}]}, "steps.0.kar", "unknown_field"),
            ({"is_on": True}, "is_on", "unknown_field"),
        ],
    )  # fmt: skip
    def test_bad_input_is_told_at_its_field(
        self, boss: Api, fields: dict, field: str, code: str
    ) -> None:
        answer = make(boss, **fields)
        assert_problem(answer, 422, code)
        assert codes(answer) == {field: code}
        assert not Rule.objects.exists()

    def test_a_name_is_given_once(self, boss: Api) -> None:
        make(boss)
        other = make(boss, name="Drugo").json
        assert codes(make(boss)) == {"name": "name_taken"}
        patched = boss.patch(f"rules/{other['id']}", {"name": "Po obisku"})
        assert codes(patched) == {"name": "name_taken"}

    def test_conditions_that_a_trigger_does_not_have_are_left_out(
        self, boss: Api
    ) -> None:
        rule = make(boss).json
        changed = boss.patch(f"rules/{rule['id']}", {"trigger": "sent"}).json
        assert (changed["kind"], changed["type"], changed["result"]) == (None,) * 3


class TestWho:
    def test_a_manager_keeps_those_of_their_team(
        self, team_boss: Api, boss: Api, seller: User
    ) -> None:
        assert seller.team is not None
        made = make(team_boss)
        assert made.json["team"]["id"] == seller.team.pk
        for team in (None, make_team().pk):
            refused = make(team_boss, name="B", team=team)
            assert_problem(refused, 403, "not_allowed")
            away = team_boss.patch(f"rules/{made.json['id']}", {"team": team})
            assert_problem(away, 403, "not_allowed")
        everybodys = make(boss, name="Za vse").json
        seen = team_boss.get(f"rules/{everybodys['id']}").json
        assert seen["may_change"] is False
        refused = team_boss.patch(f"rules/{everybodys['id']}", {"name": "X"})
        assert_problem(refused, 403, "not_allowed")

    def test_nobody_else_changes_anything(
        self, boss: Api, api: Api, reader: Api
    ) -> None:
        rule = make(boss).json
        path = f"rules/{rule['id']}"
        for who in (api, reader):
            assert who.get(path).json["may_change"] is False
            assert len(who.get("rules").json["items"]) == 1
            for answer in (
                make(who, name="Moje"),
                who.patch(path, {"name": "X"}),
                who.post(f"{path}/on"),
                who.post(f"{path}/off"),
                who.delete(path),
            ):
                assert_problem(answer, 403, "not_allowed")
        assert_problem(Api(None).get("rules"), 401, "not_signed_in")
        assert boss.get(path).json == rule

    def test_a_rule_of_another_team_is_not_there(
        self, boss: Api, api: Api, team_boss: Api
    ) -> None:
        theirs = make(boss, team=make_team().pk).json
        path = f"rules/{theirs['id']}"
        for who in (api, team_boss):
            assert who.get("rules").json == {"items": []}
            for answer in (
                who.get(path),
                who.get(f"{path}/rehearsal"),
                who.patch(path, {"name": "X"}),
                who.post(f"{path}/on"),
                who.delete(path),
            ):
                assert_problem(answer, 404, "not_found")


class TestTryingOut:
    def test_it_tells_and_changes_nothing(
        self, boss: Api, api: Api, company: Company
    ) -> None:
        reference = visit(api, company)
        rule = make(boss).json
        found = boss.get(f"rules/{rule['id']}/rehearsal")
        assert_declared("rehearse_rule", found)
        (one,) = found.json["occasions"]
        assert (one["activity"], one["company"]["id"]) == (reference, company.pk)
        assert [step["deed"] for step in one["steps"]] == ["activity"]
        assert (found.json["activities"], found.json["impossible"]) == (1, 0)
        assert not Run.objects.exists()

    def test_only_at_companies_that_one_sees(
        self, boss: Api, outsider: Api, api: Api, company: Company
    ) -> None:
        visit(api, company)
        rule = make(boss).json
        seen = outsider.get(f"rules/{rule['id']}/rehearsal")
        assert seen.json["occasions"] == []


class TestLog:
    @pytest.fixture
    def rule(self, boss: Api) -> Rule:
        assert boss.user is not None
        now = timezone.now() - timedelta(days=1)
        return make_rule(boss.user, call_in(0), now=now)

    def test_it_tells_what_was_done(
        self, api: Api, company: Company, rule: Rule, outsider: Api
    ) -> None:
        reference = visit(api, company)
        log = api.get("rules/runs")
        assert_declared("list_rule_runs", log)
        (run,) = log.json["items"]
        assert (run["rule"]["id"], run["activity"]) == (rule.pk, reference)
        (step,) = run["steps"]
        assert step["outcome"] == "made"
        assert api.get(f"activities/{step['activity']}").json["kind"] == "event"
        assert api.get("rules/runs", state="at_work").json["items"] == [run]
        assert api.get("rules/runs", state="closed").json["items"] == []
        assert api.get("rules/runs", rule=rule.pk + 1).json["items"] == []
        assert outsider.get("rules/runs").json["items"] == []

    def test_it_goes_by_pages_in_as_many_statements(
        self, api: Api, seller: User, company: Company, rule: Rule
    ) -> None:
        for number in range(5):
            visit(api, make_company(f"Stranka {number}", owner=seller))

        def counted(limit: int) -> tuple[int, Answer]:
            with CaptureQueriesContext(connection) as found:
                answer = api.get("rules/runs", limit=limit)
            return len(found), answer

        counted(1)  # the token's use is noted, code lists are read
        few, first = counted(2)
        many, _all = counted(5)
        assert few == many
        more = api.get("rules/runs", limit=4, cursor=first.json["next"])
        assert (len(more.json["items"]), more.json["next"]) == (3, None)
        assert_problem(api.get("rules/runs", state="x"), 422, "unknown_choice")
        assert_problem(api.get("rules/runs", kar="x"), 422, "unknown_field")
        assert_problem(api.get("rules/runs", cursor="x"), 422, "bad_cursor")
