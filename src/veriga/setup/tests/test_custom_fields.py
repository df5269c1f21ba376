"""Custom fields: making them, what they take, and what stays in old records."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import acting, make_user
from veriga.common.errors import Invalid, NotAllowed, NotFound, Problems
from veriga.setup.custom_fields import clean_custom, fields_for, fields_of
from veriga.setup.models import CustomField
from veriga.setup.queries import forget_code_lists
from veriga.setup.rules import code_of, read_value
from veriga.setup.services import create_field, move_field, update_field

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    forget_code_lists()
    return make_user(role=Role.ADMINISTRATOR)


def add(
    boss: User, name: str = "Opomba", type_: str = "text", **more: Any
) -> CustomField:
    return create_field(
        context=acting(boss),
        subject=more.pop("subject", "company"),
        type_=type_,
        name_sl=name,
        **more,
    )


def cleaned(subject: str, given_values: object, stored: dict[str, Any] | None = None):
    problems = Problems()
    found = clean_custom(problems, subject, given_values, stored or {})
    return found, [(e.field, e.code) for e in problems.errors]


class TestValues:
    @pytest.mark.parametrize(
        ("type_", "value", "stored"),
        [
            ("text", "  dva   kosa ", ("dva kosa", "")),
            ("text", "", (None, "")),
            ("text", "   ", (None, "")),
            ("text", "x" * 501, (None, "too_long")),
            ("text", "a\x00b", (None, "control_characters")),
            ("text", 5, (None, "wrong_type")),
            ("number", "2.50", ("2.5", "")),
            ("number", 12, ("12", "")),
            ("number", Decimal("-0.0"), ("0", "")),
            ("number", "1e3", ("1000", "")),
            ("number", "dve", (None, "wrong_type")),
            ("number", "NaN", (None, "wrong_type")),
            ("number", True, (None, "wrong_type")),
            ("number", "1e15", (None, "out_of_range")),
            ("number", "0.0000001", (None, "out_of_range")),
            ("date", "2026-11-23", ("2026-11-23", "")),
            ("date", "23. 11. 2026", (None, "not_a_date")),
            ("date", "1800-01-01", (None, "out_of_range")),
            ("choice", "a", ("a", "")),
            ("choice", "b", (None, "unknown_choice")),
            ("yes_no", False, (False, "")),
            ("yes_no", "yes", (None, "wrong_type")),
        ],
    )
    def test_each_type_takes_its_own(self, type_, value, stored):
        assert read_value(type_, value, ["a"]) == stored

    @given(st.text(max_size=120))
    def test_a_code_is_a_slug(self, name):
        code = code_of(name)
        assert 1 <= len(code) <= 32 and code == code.strip("-")
        assert all(c in "abcdefghijklmnopqrstuvwxyz0123456789-" for c in code)


class TestFields:
    def test_it_is_in_use_at_once_and_bears_a_code(self, boss):
        field = add(boss, "Število paketov na uro", "number")
        assert field.code == "stevilo-paketov-na-uro"
        assert [f.pk for f in fields_of("company")] == [field.pk]
        assert fields_of("contact") == []
        assert cleaned("company", {field.code: "12"}) == ({field.key: "12"}, [])

    def test_same_codes_of_different_subjects_do_not_mix(self, boss):
        one, two = add(boss, "Vir"), add(boss, "Vir", subject="contact")
        assert (one.code, two.code) == ("vir", "vir")
        assert fields_of("contact")[0].pk == two.pk
        assert fields_of("company")[0].pk == one.pk

    def test_names_that_make_the_same_code(self, boss):
        assert add(boss, "Žaga").code == "zaga"
        assert add(boss, "Zaga!").code == "zaga-2"

    @pytest.mark.parametrize(
        ("given_fields", "place", "code"),
        [
            ({"name": ""}, "name_sl", "required"),
            ({"name": "x" * 81}, "name_sl", "too_long"),
            ({"type_": "colour"}, "type", "unknown_choice"),
            ({"subject": "user"}, "subject", "unknown_choice"),
            ({"type_": "choice"}, "choices", "required"),
            (
                {"type_": "choice", "choices": [{"name_sl": "A"}, {"name_sl": "a"}]},
                "choices",
                "name_taken",
            ),
        ],
    )
    def test_bad_ones_are_refused(self, boss, given_fields, place, code):
        with pytest.raises(Invalid) as caught:
            add(boss, **given_fields)
        assert (place, code) in [(e.field, e.code) for e in caught.value.errors]
        assert not CustomField.objects.exists()

    def test_a_name_is_taken_once_for_each_subject(self, boss):
        add(boss, "Vir")
        with pytest.raises(Invalid) as caught:
            add(boss, "VIR")
        assert caught.value.code == "name_taken"

    @pytest.mark.parametrize("role", [Role.MANAGER, Role.SALES, Role.READER])
    def test_only_administrators(self, boss, role):
        field = add(boss)
        other = acting(make_user(role=role))
        with pytest.raises(NotAllowed):
            add(make_user(role=role))
        with pytest.raises(NotAllowed):
            update_field(context=other, field_id=field.pk, name_sl="x")
        with pytest.raises(NotAllowed):
            move_field(context=other, field_id=field.pk, down=True)

    def test_changing_one(self, boss):
        field = add(boss)
        with pytest.raises(Invalid):
            update_field(context=acting(boss), field_id=field.pk, type="number")
        with pytest.raises(NotFound):
            update_field(context=acting(boss), field_id=field.pk + 1, name_sl="x")
        update_field(context=acting(boss), field_id=field.pk, name_sl="Pripomba")
        assert fields_of("company")[0].name_sl == "Pripomba"
        assert fields_of("company")[0].code == "opomba"

    def test_moving_stays_within_the_subject(self, boss):
        names = ["A", "B", "C"]
        fields = [add(boss, name) for name in names]
        add(boss, "D", subject="contact")
        move_field(context=acting(boss), field_id=fields[2].pk, down=False)
        assert [f.name_sl for f in fields_of("company")] == ["A", "C", "B"]
        move_field(context=acting(boss), field_id=fields[0].pk, down=False)
        assert [f.name_sl for f in fields_of("company")] == ["A", "C", "B"]


class TestOldRecords:
    def test_what_is_off_stays_where_it_is_and_takes_nothing_new(self, boss):
        field = add(boss)
        stored = {field.key: "staro"}
        update_field(context=acting(boss), field_id=field.pk, life_cycle="off")
        assert cleaned("company", {field.code: "staro"}, stored) == (stored, [])
        found, faults = cleaned("company", {field.code: "novo"}, stored)
        assert (found, faults) == (stored, [("custom.opomba", "not_offered")])
        assert cleaned("company", {field.code: None}, stored) == ({}, [])
        assert [f.pk for f in fields_for("company", stored)] == [field.pk]
        assert fields_for("company", {}) == []

    def test_a_choice_that_went_stays_in_old_records(self, boss):
        field = add(
            boss, "Vir", "choice", choices=[{"name_sl": "Sejem"}, {"name_sl": "Splet"}]
        )
        fair, web = field.choices
        changed = update_field(
            context=acting(boss),
            field_id=field.pk,
            choices=[{"code": web["code"], "name_sl": "Spletna stran"}],
        )
        assert [(c["code"], c["is_off"]) for c in changed.choices] == [
            (web["code"], False),
            (fair["code"], True),
        ]
        stored = {field.key: fair["code"]}
        assert cleaned("company", {"vir": fair["code"]}, stored) == (stored, [])
        assert cleaned("company", {"vir": fair["code"]})[1] == [
            ("custom.vir", "unknown_choice")
        ]

    def test_what_is_not_named_stays(self, boss):
        one, two = add(boss, "A"), add(boss, "B")
        stored = {one.key: "1", two.key: "2"}
        assert cleaned("company", {"b": "3"}, stored)[0] == {one.key: "1", two.key: "3"}
        assert cleaned("company", {"c": "3"}, stored) == (
            stored,
            [("custom.c", "unknown_field")],
        )
        assert cleaned("company", "x", stored) == (stored, [("custom", "wrong_type")])
