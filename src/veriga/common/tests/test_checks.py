"""Cleaning of fields, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from veriga.common.checks import (
    check_limit,
    clean_bool,
    clean_choice,
    clean_country,
    clean_email,
    clean_id,
    clean_query,
    clean_text,
    clean_website,
    country_codes,
    refuse_unknown,
)
from veriga.common.errors import Invalid, Problems


def faults(problems: Problems) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in problems.errors]


class TestText:
    def test_it_comes_back_tidied(self) -> None:
        problems = Problems()
        cleaned = clean_text(problems, "name", "  S\u030ct. \u00a0 5 ", limit=9)
        assert cleaned == "Št. 5"
        assert clean_text(problems, "name", None, limit=9) == ""
        assert faults(problems) == []

    def test_lines_stay_where_there_may_be_lines(self) -> None:
        problems = Problems()
        text = clean_text(problems, "note", " a\n\n  b ", limit=99, multiline=True)
        assert text == "a\n\n  b"
        assert faults(problems) == []

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ("", "required"),
            (" \u00a0 ", "required"),
            (None, "required"),
            ("x" * 11, "too_long"),
            ("a\x00", "control_characters"),
            ("a\ud800", "control_characters"),
            (5, "wrong_type"),
            (["a"], "wrong_type"),
        ],
    )
    def test_faults(self, value: object, code: str) -> None:
        problems = Problems()
        clean_text(problems, "name", value, limit=10, required=True)
        assert faults(problems) == [("name", code)]

    def test_the_limit_is_said(self) -> None:
        problems = Problems()
        clean_text(problems, "name", "xxx", limit=2)
        assert problems.errors[0].params == {"limit": 2}


class TestEmail:
    @pytest.mark.parametrize("value", ["", "maja@alfa.si", "M.K+x@pošta.si"])
    def test_these_pass(self, value: str) -> None:
        problems = Problems()
        assert clean_email(problems, "email", f" {value} ") == value
        assert faults(problems) == []

    @pytest.mark.parametrize("value", ["maja", "@a.si", "a@", "a b@c.si", "a@b@c.si"])
    def test_these_do_not(self, value: str) -> None:
        problems = Problems()
        clean_email(problems, "email", value)
        assert faults(problems) == [("email", "not_an_email")]


class TestWebsite:
    @pytest.mark.parametrize(
        "value",
        ["", "alfa.si", "www.alfa.si/a?b=c#d", "http://alfa.si:8080", "https://č.si"],
    )
    def test_these_pass(self, value: str) -> None:
        problems = Problems()
        assert clean_website(problems, "website", value, limit=99) == value
        assert faults(problems) == []

    @pytest.mark.parametrize(
        "value",
        [
            "alfa",
            ".si",
            "javascript:alert(1)",
            "javascript://alfa.si/%0aalert(1)",
            "data:text/html,a.b",
            "ftp://alfa.si",
            "https://",
            "https://alfa.si:http",
            "https://[alfa.si",
        ],
    )
    def test_these_do_not(self, value: str) -> None:
        problems = Problems()
        clean_website(problems, "website", value, limit=99)
        assert faults(problems) == [("website", "not_a_website")]


class TestOthers:
    def test_countries(self) -> None:
        assert {"SI", "DE", "HR", "XK"} <= country_codes()
        assert 240 < len(country_codes()) < 260
        problems = Problems()
        assert clean_country(problems, "country", " si ") == "SI"
        for value in ("EU", "SLO", "", 1):
            clean_country(problems, "country", value)
        assert [code for _, code in faults(problems)] == [
            "unknown_choice",
            "unknown_choice",
            "required",
            "wrong_type",
        ]

    @pytest.mark.parametrize("value", ["c", "", None, 1, ["a"]])
    def test_choices(self, value: object) -> None:
        problems = Problems()
        assert clean_choice(problems, "f", "a", {"a", "b"}) == "a"
        clean_choice(problems, "f", value, {"a", "b"})
        assert faults(problems) == [("f", "unknown_choice")]

    def test_ids_and_truths(self) -> None:
        problems = Problems()
        assert clean_id(problems, "f", 3) == 3
        assert clean_id(problems, "f", None) is None
        assert clean_bool(problems, "f", True) is True
        assert faults(problems) == []
        clean_id(problems, "f", 2**63)
        clean_id(problems, "f", 0)
        assert [code for _, code in faults(problems)] == ["unknown_choice"] * 2
        problems = Problems()
        for clean, value in ((clean_id, True), (clean_id, "3"), (clean_bool, 1)):
            clean(problems, "f", value)
        assert [code for _, code in faults(problems)] == ["wrong_type"] * 3

    def test_unknown_names(self) -> None:
        problems = Problems()
        refuse_unknown(problems, {"a": 1, "c": 2}, {"a": 1, "b": 2})
        assert faults(problems) == [("c", "unknown_field")]

    def test_search_text(self) -> None:
        assert clean_query(" a\x00b \ud800\n ") == "a b"
        assert len(clean_query("x" * 9_999)) == 200

    @pytest.mark.parametrize("limit", [0, -1, 201, 10**30])
    def test_limits(self, limit: int) -> None:
        assert check_limit(200) == 200
        with pytest.raises(Invalid) as error:
            check_limit(limit)
        assert error.value.code == "limit_range"


class TestProblems:
    def test_without_any_nothing_happens(self) -> None:
        Problems().raise_if_any()

    def test_the_first_gives_the_whole_its_code(self) -> None:
        problems = Problems()
        problems.add("a", "too_long", limit=5)
        problems.add("b", "required")
        with pytest.raises(Invalid) as error:
            problems.raise_if_any()
        assert (error.value.code, error.value.params) == ("too_long", {"limit": 5})
        assert [e.field for e in error.value.errors] == ["a", "b"]

    @pytest.mark.parametrize(
        ("error", "code"),
        [(Invalid(), "invalid"), (Invalid.of("a", "required"), "required")],
    )
    def test_codes(self, error: Any, code: str) -> None:
        assert error.code == str(error) == code
