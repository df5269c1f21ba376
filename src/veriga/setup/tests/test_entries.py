"""Changing code lists: who may, bad input, order and life cycle."""

from __future__ import annotations

from typing import Any

import pytest

from veriga.access.rules import Context, Role
from veriga.access.tests.factories import acting, make_administrator, make_user
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.history.models import Record
from veriga.setup.models import EventType, Importance, Reason, Stage
from veriga.setup.queries import code_list, get_offered
from veriga.setup.services import (
    create_entry,
    install_code_lists,
    move_entry,
    update_entry,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Context:
    install_code_lists()
    return acting(make_administrator())


def codes(model: Any) -> list[str]:
    return [entry.code for entry in code_list(model)]


def faults(error: Any) -> dict[str, str]:
    return {one.field: one.code for one in error.value.errors}


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SALES, Role.READER])
def test_only_administrators(admin: Context, role: Role) -> None:
    context = acting(make_user(role=role))
    place = {"context": context, "list_name": "reasons"}
    with pytest.raises(NotAllowed):
        create_entry(**place, name_sl="Splet")
    with pytest.raises(NotAllowed):
        update_entry(**place, code="fair", name_sl="Splet")
    with pytest.raises(NotAllowed):
        move_entry(**place, code="fair", down=True)
    assert Reason.objects.count() == 8
    assert not Record.objects.exists()


class TestCreate:
    def test_makes_a_code_and_is_offered_at_once(self, admin: Context) -> None:
        code_list(Reason)
        create_entry(
            context=admin, list_name="reasons", name_sl="  Število  žigov ", name_en="X"
        )
        entry = get_offered(Reason, "stevilo_zigov", "reason")
        assert entry.name("sl") == "Število žigov"
        assert codes(Reason)[-1] == "stevilo_zigov"
        record = Record.objects.get()
        assert (record.subject, record.action) == ("reason", "create")
        assert record.changes["stevilo_zigov.name_sl"] == [None, "Število žigov"]

    def test_codes_made_of_names_do_not_meet(self, admin: Context) -> None:
        made = [
            create_entry(context=admin, list_name="reasons", name_sl=name).code
            for name in ("Fair", "Fair!", "日本", "Ž" * 80)
        ]
        assert made == ["fair_2", "fair_3", "entry", "z" * 32]

    def test_takes_own_fields(self, admin: Context) -> None:
        create_entry(
            context=admin,
            list_name="stages",
            name_sl="Poskus",
            code="Trial-1",
            probability_percent=0,
            closes="",
        )
        assert Stage.objects.get(code="trial-1").probability_percent == 0

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"name_sl": " "}, {"name_sl": "required"}),
            ({"name_sl": "x" * 81}, {"name_sl": "too_long"}),
            ({"name_en": "x" * 81}, {"name_en": "too_long"}),
            ({"name_sl": "a\x00b"}, {"name_sl": "control_characters"}),
            ({"name_sl": "POGAJANJA"}, {"name_sl": "name_taken"}),
            ({"name_en": "won"}, {"name_en": "name_taken"}),
            ({"code": "won"}, {"code": "code_taken"}),
            ({"code": "a b"}, {"code": "not_a_code"}),
            ({"code": "../x"}, {"code": "not_a_code"}),
            ({"code": "x" * 33}, {"code": "too_long"}),
            ({"probability_percent": 101}, {"probability_percent": "between"}),
            ({"probability_percent": -1}, {"probability_percent": "between"}),
            ({"probability_percent": None}, {"probability_percent": "required"}),
            ({"probability_percent": "5"}, {"probability_percent": "wrong_type"}),
            ({"closes": "open"}, {"closes": "unknown_choice"}),
            ({"direction": "in"}, {"direction": "unknown_field"}),
        ],
    )
    def test_bad_input(
        self, admin: Context, values: dict[str, Any], expected: dict[str, str]
    ) -> None:
        good = {"name_sl": "Poskus", "probability_percent": 5, "closes": ""}
        with pytest.raises(Invalid) as error:
            create_entry(context=admin, list_name="stages", **{**good, **values})
        assert faults(error) == expected
        assert Stage.objects.count() == 7
        assert not Record.objects.exists()

    def test_no_such_list(self, admin: Context) -> None:
        with pytest.raises(NotFound):
            create_entry(context=admin, list_name="users", name_sl="X")


class TestUpdate:
    def test_renames_and_notes_what_differs(self, admin: Context) -> None:
        update_entry(
            context=admin, list_name="event-types", code="call", name_sl="Telefon",
            direction="in",
        )  # fmt: skip
        entry = get_offered(EventType, "call", "type")
        assert (entry.name_sl, entry.direction) == ("Telefon", "in")
        assert Record.objects.get().changes == {
            "call.name_sl": ["Klic", "Telefon"],
            "call.direction": ["out", "in"],
        }

    def test_the_same_again_is_no_change(self, admin: Context) -> None:
        update_entry(context=admin, list_name="reasons", code="fair", name_sl="Sejem")
        assert not Record.objects.exists()

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"direction": "sideways"}, {"direction": "unknown_choice"}),
            ({"life_cycle": "gone"}, {"life_cycle": "unknown_choice"}),
            ({"closes": "won"}, {"closes": "unknown_field"}),
            ({"name_sl": "Obisk pri stranki"}, {"name_sl": "name_taken"}),
        ],
    )
    def test_bad_input(
        self, admin: Context, values: dict[str, Any], expected: dict[str, str]
    ) -> None:
        with pytest.raises(Invalid) as error:
            update_entry(context=admin, list_name="event-types", code="call", **values)
        assert faults(error) == expected

    def test_nobody_there(self, admin: Context) -> None:
        with pytest.raises(NotFound):
            update_entry(context=admin, list_name="reasons", code="nix", name_sl="X")


class TestLifeCycle:
    def test_goes_and_comes_back(self, admin: Context) -> None:
        for cycle in ("retiring", "off"):
            update_entry(
                context=admin, list_name="reasons", code="fair", life_cycle=cycle
            )
            with pytest.raises(Invalid):
                get_offered(Reason, "fair", "reason")
        update_entry(
            context=admin, list_name="reasons", code="fair", life_cycle="active"
        )
        assert get_offered(Reason, "fair", "reason")

    def test_the_last_one_that_forms_need_stays(self, admin: Context) -> None:
        def retire(code: str) -> None:
            update_entry(
                context=admin, list_name="importances", code=code, life_cycle="off"
            )

        retire("low")
        retire("high")
        with pytest.raises(Conflict) as error:
            retire("normal")
        assert error.value.code == "last_offered"
        assert Importance.objects.get(code="normal").life_cycle == "active"

    def test_a_closing_stage_does_not_count(self, admin: Context) -> None:
        keep = "negotiation"
        Stage.objects.filter(closes="").exclude(code=keep).update(life_cycle="off")
        for change in ({"life_cycle": "retiring"}, {"closes": "won"}):
            with pytest.raises(Conflict):
                update_entry(context=admin, list_name="stages", code=keep, **change)

    def test_other_lists_may_be_emptied(self, admin: Context) -> None:
        for code in codes(Reason):
            update_entry(
                context=admin, list_name="reasons", code=code, life_cycle="off"
            )
        assert code_list(Reason, offered_only=True) == []


class TestMove:
    def test_up_and_down(self, admin: Context) -> None:
        move_entry(context=admin, list_name="importances", code="high", down=False)
        assert codes(Importance) == ["low", "high", "normal"]
        move_entry(context=admin, list_name="importances", code="low", down=True)
        assert codes(Importance) == ["high", "low", "normal"]

    def test_at_the_end_it_stays(self, admin: Context) -> None:
        move_entry(context=admin, list_name="importances", code="low", down=False)
        move_entry(context=admin, list_name="importances", code="high", down=True)
        assert codes(Importance) == ["low", "normal", "high"]
        assert not Record.objects.exists()
