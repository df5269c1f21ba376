"""Making and changing rules: who may, and what is wrong with them."""

from __future__ import annotations

import pytest

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, as_system, make_team, make_user
from veriga.activities.tests.factories import acting, make_activity
from veriga.automation.models import Rule, RuleStep
from veriga.automation.queries.rules import get_rule, list_rules
from veriga.automation.services import (
    NewStep,
    RuleDraft,
    create_rule,
    delete_rule,
    install_rules,
    switch_rule,
    update_rule,
)
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.history.models import Record
from veriga.parties.tests.factories import make_company
from veriga.setup.services import install_code_lists

from .factories import call_in, make_rule

pytestmark = pytest.mark.django_db
STEPS = (NewStep(kind="event", type_code="call", days=2),)


@pytest.fixture
def head() -> User:
    install_code_lists()
    return make_user("Nataša Golob", role=Role.MANAGER)


def draft(**fields) -> RuleDraft:
    values = {"name": "Po obisku", "trigger": "done", "steps": STEPS}
    return RuleDraft(**{**values, **fields})


class TestWho:
    def test_a_manager_for_their_own_team(self):
        install_code_lists()
        own, other = make_team(), make_team()
        boss = make_user(role=Role.MANAGER, scope=Scope.TEAM, team=own)
        context = acting(boss)
        rule = create_rule(context=context, draft=draft(team_id=own.pk))
        for team in (None, other.pk):
            with pytest.raises(NotAllowed):
                create_rule(context=context, draft=draft(team_id=team, name="B"))
            with pytest.raises(NotAllowed):
                update_rule(context=context, rule_id=rule.pk, draft=draft(team_id=team))

    @pytest.mark.parametrize("role", [Role.SALES, Role.READER])
    def test_nobody_else(self, head, role):
        team = make_team()
        user = make_user(role=role, scope=Scope.ALL, team=team)
        rule = make_rule(head)
        context = acting(user)
        for team_id in (None, team.pk):
            with pytest.raises(NotAllowed):
                create_rule(context=context, draft=draft(team_id=team_id))
        with pytest.raises(NotAllowed):
            switch_rule(context=context, rule_id=rule.pk, on=False)
        with pytest.raises(NotAllowed):
            delete_rule(context=context, rule_id=rule.pk)

    def test_a_rule_of_another_team_is_not_there(self, head):
        own, other = make_team(), make_team()
        mine, theirs = (
            make_rule(head, team_id=own.pk),
            make_rule(head, team_id=other.pk),
        )
        everybodys = make_rule(head)
        for role in (Role.SALES, Role.MANAGER):
            user = make_user(role=role, scope=Scope.TEAM, team=own)
            actor = acting(user).actor
            assert set(list_rules(actor)) == {mine, everybodys}
            with pytest.raises(NotFound):
                get_rule(actor, theirs.pk)
            with pytest.raises(NotFound):
                switch_rule(context=acting(user), rule_id=theirs.pk, on=False)
        assert len(list_rules(acting(head).actor)) == 3


class TestWhat:
    @pytest.mark.parametrize(
        ("fields", "field", "code"),
        [
            ({"name": " "}, "name", "required"),
            ({"name": "x" * 81}, "name", "too_long"),
            ({"name": "a\x00b"}, "name", "control_characters"),
            ({"trigger": "moon"}, "trigger", "unknown_choice"),
            ({"kind": "x"}, "kind", "unknown_choice"),
            ({"kind": "event", "type_code": "x"}, "kind", "unknown_choice"),
            ({"kind": "task", "result": "accepted"}, "result", "wrong_result"),
            ({"result": "x"}, "result", "unknown_choice"),
            ({"direction": "x"}, "direction", "unknown_choice"),
            ({"category": "x"}, "category", "unknown_choice"),
            ({"trigger": "stage"}, "stage", "required"),
            ({"trigger": "stage", "stage": "x"}, "stage", "unknown_choice"),
            ({"trigger": "silence"}, "days", "required"),
            ({"trigger": "silence", "days": 0}, "days", "between"),
            ({"trigger": "silence", "days": 10**12}, "days", "between"),
            ({"team_id": 2**40}, "team", "unknown_choice"),
            ({"team_id": 2**70}, "team", "unknown_choice"),
            ({"steps": ()}, "steps", "required"),
            ({"steps": STEPS * 7}, "steps", "too_many"),
            ({"steps": (NewStep(kind="quote"),)}, "steps.0.deed", "unknown_choice"),
            ({"steps": (NewStep(kind="event"),)}, "steps.0.deed", "required"),
            ({"steps": (NewStep(deed="x"),)}, "steps.0.deed", "unknown_choice"),
            ({"steps": (call_in(-1),)}, "steps.0.days", "between"),
            ({"steps": (call_in(251),)}, "steps.0.days", "between"),
            ({"steps": (call_in(1, title="x" * 201),)}, "steps.0.title", "too_long"),
            ({"steps": (call_in(1, text="x" * 1001),)}, "steps.0.text", "too_long"),
            ({"steps": (call_in(1, person="x"),)}, "steps.0.person", "unknown_choice"),
            ({"steps": (call_in(1, person="user"),)}, "steps.0.person", "required"),
            (
                {"steps": (call_in(1, person="user", user_id=2**70),)},
                "steps.0.person",
                "required",
            ),
            ({"steps": (NewStep(deed="notify"),)}, "steps.0.title", "required"),
            (
                {"steps": (NewStep(deed="assign", person="account_owner"),)},
                "steps.0.person",
                "assign_to_whom",
            ),
        ],
    )
    def test_bad_input_names_its_field(self, head, fields, field, code):
        with pytest.raises(Invalid) as caught:
            create_rule(context=acting(head), draft=draft(**fields))
        assert (field, code) in {(e.field, e.code) for e in caught.value.errors}
        assert not Rule.objects.exists()

    def test_a_name_is_there_once(self, head):
        create_rule(context=acting(head), draft=draft())
        with pytest.raises(Invalid, match="name_taken"):
            create_rule(context=acting(head), draft=draft())

    def test_steps_stand_by_their_days(self, head):
        steps = (call_in(5), call_in(1), call_in(5, title="zadnji"))
        rule = create_rule(context=acting(head), draft=draft(steps=steps))
        stored = rule.steps.order_by("position").values_list("days", "title")
        assert list(stored) == [(1, ""), (5, ""), (5, "zadnji")]

    def test_conditions_of_another_trigger_are_left_out(self, head):
        fields = {"trigger": "sent", "kind": "event", "type_code": "x", "days": 7}
        rule = create_rule(context=acting(head), draft=draft(**fields))
        assert (rule.kind, rule.type_code, rule.days) == ("", "", None)


class TestChanging:
    def test_history_and_versions(self, head):
        rule = create_rule(context=acting(head), draft=draft())
        update_rule(
            context=acting(head),
            rule_id=rule.pk,
            draft=draft(steps=(call_in(3),)),
            expected_version=1,
        )
        assert RuleStep.objects.get().days == 3
        told = Record.objects.filter(subject="rule", action="update").get()
        assert set(told.changes) == {"steps"}
        with pytest.raises(Conflict, match="stale"):
            update_rule(
                context=acting(head),
                rule_id=rule.pk,
                draft=draft(name="Drugo"),
                expected_version=1,
            )
        with pytest.raises(Conflict, match="stale"):
            switch_rule(
                context=acting(head), rule_id=rule.pk, on=True, expected_version=1
            )

    def test_saving_what_is_there_changes_nothing(self, head):
        rule = create_rule(context=acting(head), draft=draft())
        update_rule(context=acting(head), rule_id=rule.pk, draft=draft())
        rule.refresh_from_db()
        assert rule.row_version == 1

    def test_deleted_only_before_it_was_at_work(self, head):
        maja = make_user("Maja")
        rule = make_rule(head)
        make_activity(maja, make_company(owner=maja), type="visit")
        with pytest.raises(Conflict, match="rule_in_use"):
            delete_rule(context=acting(head), rule_id=rule.pk)
        other = make_rule(head)
        delete_rule(context=acting(head), rule_id=other.pk)
        assert Rule.objects.get() == rule


class TestReady:
    @pytest.mark.parametrize("language", ["sl", "en"])
    def test_they_are_off_and_whole(self, language):
        install_code_lists()
        assert install_rules(context=as_system(), language=language) == 3
        assert install_rules(context=as_system(), language=language) == 0
        assert not Rule.objects.filter(is_on=True).exists()
        names = set(Rule.objects.values_list("name", flat=True))
        assert ("Po sejmu" if language == "sl" else "After a fair") in names
        assert not RuleStep.objects.filter(title="").exists()

    def test_they_can_be_switched_on(self, head):
        install_rules(context=as_system(), language="sl")
        for rule in Rule.objects.all():
            on = switch_rule(context=acting(head), rule_id=rule.pk, on=True)
            assert (on.made_by, on.on_since) == (head, NOW)
