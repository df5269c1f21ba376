"""When a colleague is busy with an activity. No database."""

from datetime import UTC, datetime

import pytest

from veriga.activities.rules.busy import Span, effective, fault_of


def at(hour: int) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC)


NOTHING = Span(None, None)
MEETING = Span(at(9), at(11))


class TestEffective:
    @pytest.mark.parametrize(
        ("own", "busy"),
        [
            (NOTHING, MEETING),
            (Span(at(10), None), Span(at(10), at(11))),
            (Span(None, at(10)), Span(at(9), at(10))),
            (Span(at(7), at(8)), Span(at(7), at(8))),
        ],
    )
    def test_what_is_not_set_is_the_activitys(self, own: Span, busy: Span) -> None:
        assert effective(own, MEETING) == busy

    @pytest.mark.parametrize(
        ("own", "busy"),
        [
            (Span(at(14), None), Span(at(14), at(14))),
            (Span(None, at(8)), Span(at(8), at(8))),
        ],
    )
    def test_a_moved_activity_leaves_nothing_backwards(
        self, own: Span, busy: Span
    ) -> None:
        assert effective(own, MEETING) == busy


class TestFaults:
    @pytest.mark.parametrize(
        ("own", "code"),
        [
            (NOTHING, ""),
            (Span(at(9), at(10)), ""),
            (Span(at(10), at(10)), "ends_before_start"),
            (Span(at(10), at(9)), "ends_before_start"),
            (Span(at(12), None), "ends_before_start"),
            (Span(None, at(9)), "ends_before_start"),
            (Span(datetime(2026, 3, 2, 9), None), "naive_time"),
        ],
    )
    def test_each_has_its_code(self, own: Span, code: str) -> None:
        assert fault_of(own, MEETING) == code

    def test_without_an_end_nothing_is_measured(self) -> None:
        assert fault_of(Span(at(12), None), Span(at(9), None)) == ""
