"""Stages, outcomes and statements."""

from __future__ import annotations

import pytest

from veriga.access.tests.factories import make_user
from veriga.activities.models import Mark
from veriga.parties.models import Company

from .client import Api, codes
from .declared import assert_declared, assert_problem


@pytest.fixture
def ref(api: Api, company: Company) -> str:
    return api.event(company.pk)


class TestMarks:
    def test_a_stage(self, api: Api, ref: str) -> None:
        answer = api.post(f"activities/{ref}/marks", {"stage": "negotiation"})
        assert answer.status == 201
        assert_declared("set_marks", answer)
        (mark,) = answer.json["marks"]
        assert (mark["kind"], mark["stage"]) == ("stage", "negotiation")
        assert (answer.json["change"], answer.json["stage"]) == (None, "negotiation")
        assert api.get(f"activities/{ref}/chain").json["stage"] == "negotiation"

    def test_a_closing_stage_closes(self, api: Api, ref: str) -> None:
        answer = api.post(f"activities/{ref}/marks", {"stage": "won"})
        assert_declared("set_marks", answer)
        assert {m["kind"] for m in answer.json["marks"]} == {"stage", "outcome"}
        assert answer.json["outcome"] == "won"

    def test_an_outcome_can_be_undone_and_taken_back(self, api: Api, ref: str) -> None:
        body = {"outcome": "lost", "reason": "price"}
        answer = api.post(f"activities/{ref}/marks", body)
        assert_declared("set_marks", answer)
        assert answer.json["outcome"] == "lost"
        assert answer.json["marks"][0]["reason"] == "price"
        api.post(f"changes/{answer.json['change']}/undo")
        assert api.get(f"activities/{ref}/chain").json["outcome"] == "open"
        api.post(f"activities/{ref}/marks", {"outcome": "given_up"})
        opened = api.post(f"activities/{ref}/marks", {"outcome": "open"})
        assert opened.json["outcome"] == "open"

    def test_what_a_sale_may_be_worth(self, api: Api, ref: str) -> None:
        answer = api.post(
            f"activities/{ref}/marks",
            {
                "value": "12500.5",
                "currency": "CHF",
                "month": "2026-11",
                "name": "Nova linija",
            },
        )
        assert_declared("set_marks", answer)
        (mark,) = answer.json["marks"]
        assert mark["kind"] == "statement"
        assert (mark["value"], mark["currency"]) == ("12500.50", "CHF")
        assert (mark["month"], mark["name"]) == ("2026-11", "Nova linija")
        assert answer.json["outcome"] == "open"

    def test_one_part_is_enough(self, api: Api, ref: str) -> None:
        for body in ({"value": "0"}, {"month": "2027-01"}, {"name": "Linija"}):
            answer = api.post(f"activities/{ref}/marks", body)
            assert answer.status == 201, answer.text
            assert_declared("set_marks", answer)

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({}, "value", "required"),
            ({"currency": "EUR"}, "value", "required"),
            ({"stage": "dreaming"}, "stage", "unknown_choice"),
            ({"stage": None}, "stage", "wrong_type"),
            ({"stage": "negotiation", "outcome": "won"}, "outcome", "unknown_field"),
            ({"stage": "negotiation", "value": "1"}, "value", "unknown_field"),
            ({"outcome": "won", "month": "2026-01"}, "month", "unknown_field"),
            ({"outcome": "great"}, "outcome", "unknown_choice"),
            ({"outcome": "lost", "reason": "fate"}, "reason", "unknown_choice"),
            ({"reason": "price"}, "reason", "unknown_field"),
            ({"value": 5}, "value", "wrong_type"),
            ({"value": "1e5"}, "value", "wrong_type"),
            ({"value": "NaN"}, "value", "wrong_type"),
            ({"value": "-1"}, "value", "negative"),
            ({"value": "9" * 20}, "value", "out_of_range"),
            ({"value": "9" * 200}, "value", "wrong_type"),
            ({"value": "1", "currency": "euro"}, "currency", "unknown_choice"),
            ({"month": "2026-13"}, "month", "not_a_date"),
            ({"month": "2026-11-01"}, "month", "not_a_date"),
            ({"month": 202611}, "month", "wrong_type"),
            ({"month": "0000-01"}, "month", "not_a_date"),
            ({"name": "x" * 121}, "name", "too_long"),
            ({"name": "a\x00"}, "name", "control_characters"),
        ],
    )
    def test_wrong_marks_are_refused(
        self, api: Api, ref: str, body: dict[str, object], field: str, code: str
    ) -> None:
        answer = api.post(f"activities/{ref}/marks", body)
        assert_problem(answer, 422, code)
        assert codes(answer) == {field: code}
        assert not Mark.objects.exists()

    @pytest.mark.parametrize("body", [[], "won", 5, True])
    def test_a_body_must_be_an_object(self, api: Api, ref: str, body: object) -> None:
        answer = api.post(f"activities/{ref}/marks", body)
        assert_problem(answer, 422, "wrong_type")

    def test_who_may_not(self, api: Api, reader: Api, outsider: Api, ref: str) -> None:
        path = f"activities/{ref}/marks"
        assert api.user is not None
        colleague = Api(make_user(team=api.user.team))
        for body in ({"stage": "negotiation"}, {"outcome": "won"}, {"name": "X"}):
            assert_problem(reader.post(path, body), 403, "not_allowed")
            assert_problem(colleague.post(path, body), 403, "not_allowed")
            assert_problem(outsider.post(path, body), 404, "not_found")
