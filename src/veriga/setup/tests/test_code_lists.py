"""Installing code lists and reading them from the cache."""

from __future__ import annotations

from typing import Any

import pytest

from veriga.common import kept
from veriga.common.errors import Invalid
from veriga.setup.models import (
    CloseReason,
    CompanyCategory,
    ContactFunction,
    EventType,
    Importance,
    ProductRecordType,
    ProspectType,
    Reason,
    Stage,
)
from veriga.setup.queries import (
    code_list,
    find_entry,
    forget_code_lists,
    get_offered,
    names,
)
from veriga.setup.services import install_code_lists

pytestmark = pytest.mark.django_db

SIZES = {
    EventType: 15,
    Reason: 8,
    Stage: 7,
    ProductRecordType: 7,
    CloseReason: 7,
    ProspectType: 3,
    CompanyCategory: 4,
    Importance: 3,
    ContactFunction: 6,
}


class TestInstall:
    def test_all_lists_are_there(self) -> None:
        assert install_code_lists() == sum(SIZES.values())
        assert {model: len(code_list(model)) for model in SIZES} == SIZES

    def test_entries_carry_what_they_should(self) -> None:
        install_code_lists()
        directions = {e.code: e.direction for e in code_list(EventType)}
        assert directions["call"] == "out"
        assert directions["complaint"] == "in"
        assert directions["internal_meeting"] == "internal"
        stages = [(s.code, s.probability_percent, s.closes) for s in code_list(Stage)]
        assert stages == [
            ("first_contact", 10, ""),
            ("need_recognised", 25, ""),
            ("solution_presented", 40, ""),
            ("quote_sent", 60, ""),
            ("negotiation", 80, ""),
            ("won", 100, "won"),
            ("lost", 0, "lost"),
        ]

    def test_repeating_keeps_what_was_changed(self) -> None:
        install_code_lists()
        Stage.objects.filter(code="won").update(name_sl="Podpisano", life_cycle="off")
        Importance.objects.filter(code="low").delete()
        assert install_code_lists() == 1
        won = Stage.objects.get(code="won")
        assert (won.name_sl, won.life_cycle) == ("Podpisano", "off")
        assert [e.code for e in code_list(Importance)] == ["low", "normal", "high"]


class TestReading:
    def test_a_page_needs_no_statement(self, django_assert_num_queries: Any) -> None:
        install_code_lists()
        code_list(Stage)
        with django_assert_num_queries(0):
            code_list(Stage, offered_only=True)
            names(Stage, "en")
            get_offered(Stage, "won", "stage")

    def test_the_cache_is_kept_for_seconds(
        self, monkeypatch: Any, django_assert_num_queries: Any
    ) -> None:
        install_code_lists()
        clock = [100.0]
        monkeypatch.setattr(kept, "clock", lambda: clock[0])
        code_list(Stage)
        clock[0] += 4.9
        with django_assert_num_queries(0):
            code_list(Stage)
        clock[0] += 0.2
        with django_assert_num_queries(1):
            code_list(Stage)

    def test_what_a_caller_does_to_the_list_stays_with_them(self) -> None:
        install_code_lists()
        code_list(Stage).clear()
        assert len(code_list(Stage)) == 7

    def test_names_in_both_languages(self) -> None:
        install_code_lists()
        assert names(Importance, "sl")["high"] == "Visoka"
        assert names(Importance, "en-gb")["high"] == "High"
        assert names(Importance, "de")["high"] == "Visoka"
        assert str(code_list(Importance)[0]) == "Nizka"

    def test_what_is_going_or_gone_is_named_but_not_offered(self) -> None:
        install_code_lists()
        Importance.objects.filter(code="low").update(life_cycle="retiring")
        Importance.objects.filter(code="high").update(life_cycle="off")
        forget_code_lists()
        offered = code_list(Importance, offered_only=True)
        assert [entry.code for entry in offered] == ["normal"]
        assert set(names(Importance, "sl")) == {"low", "normal", "high"}
        for code in ("low", "high"):
            with pytest.raises(Invalid) as error:
                get_offered(Importance, code, "importance")
            assert error.value.code == "not_offered"
            assert find_entry(Importance, code) is not None

    @pytest.mark.parametrize("code", ["", "urgent", None, 3, ["low"]])
    def test_an_unknown_code_is_refused(self, code: object) -> None:
        install_code_lists()
        with pytest.raises(Invalid) as error:
            get_offered(Importance, code, "importance")
        fault = error.value.errors[0]
        assert (fault.field, fault.code) == ("importance", "unknown_choice")
        assert find_entry(Importance, "urgent") is None
