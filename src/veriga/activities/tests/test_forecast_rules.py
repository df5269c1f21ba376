"""Weights, and how a sale changes a forecast: the example of docs/maths/forecast.md."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from veriga.activities.rules.forecast import (
    Effect,
    KnownQuote,
    Part,
    Past,
    Standing,
    effects,
    past_of,
    weighted,
)
from veriga.activities.rules.sales import Sale, Sign
from veriga.activities.rules.words import MarkKind, Outcome

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
STAGES = {"first_contact": (10, 0), "quote_sent": (60, 1), "negotiation": (80, 2)}


def stands(minor: int, stage: str, month: int = 11, **changes) -> Past:
    own = {"place": 0, "currency": "EUR", "is_quoted": False, **changes}
    return Past(
        [Sale()],
        Standing(value_minor=minor, stage=stage, month_on=date(2026, month, 1), **own),
    )


CLOSED = Past([Sale(outcome=Outcome.WON, closed_at=AT)], None)
NOTHING = Past([Sale()], None)


class TestWeighted:
    def test_rounds_each_sale_and_halves_up(self) -> None:
        assert weighted(33_333, 10) == 3_333
        assert weighted(5, 10) == 1
        assert weighted(4, 10) == 0
        assert weighted(1_234, 0) == 0
        assert weighted(1_234, 100) == 1_234


class TestEffects:
    def test_the_worked_example(self) -> None:
        parts = [
            *effects(stands(10_000_00, "first_contact"),
                     stands(12_000_00, "negotiation"), STAGES, {}),
            *effects(NOTHING, stands(333_33, "first_contact", 10), STAGES, {}),
            *effects(stands(2_000_00, "negotiation"), CLOSED, STAGES,
                     {0: (1_900_00, "EUR")}),
        ]  # fmt: skip
        assert parts == [
            Effect(Part.UP, "EUR", 2_000_00, 200_00),
            Effect(Part.STAGE_UP, "EUR", 0, 8_400_00),
            Effect(Part.NEW, "EUR", 333_33, 33_33),
            Effect(Part.WON, "EUR", -2_000_00, -1_600_00),
        ]
        before = 12_000_00, 2_600_00
        after = [
            start + sum(values)
            for start, values in zip(
                before,
                zip(*((p.value_minor, p.weighted_minor) for p in parts), strict=True),
                strict=True,
            )
        ]
        assert after == [12_333_33, 9_633_33]

    def test_moving_changes_no_sum(self) -> None:
        found = effects(
            stands(5_00, "quote_sent"), stands(5_00, "quote_sent", 12), STAGES, {}
        )
        assert found == [Effect(Part.MOVED, "EUR", 0, 0)]

    def test_another_currency_leaves_one_table_and_enters_the_other(self) -> None:
        found = effects(
            stands(5_00, "quote_sent"),
            stands(5_00, "quote_sent", currency="CHF"),
            STAGES,
            {},
        )
        assert [(one.part, one.currency, one.value_minor) for one in found] == [
            (Part.GONE, "EUR", -5_00),
            (Part.NEW, "CHF", 5_00),
        ]

    def test_what_came_and_went_is_both(self) -> None:
        found = effects(NOTHING, CLOSED, STAGES, {0: (7_00, "EUR")})
        assert [(one.part, one.value_minor) for one in found] == [
            (Part.NEW, 7_00),
            (Part.WON, -7_00),
        ]

    def test_a_close_that_was_corrected_is_no_change(self) -> None:
        lost = Past([Sale(outcome=Outcome.LOST, closed_at=AT)], None)
        assert effects(lost, CLOSED, STAGES, {0: (7_00, "EUR")}) == []

    def test_a_sale_that_followed_a_close_is_another_one(self) -> None:
        now = Past(
            [Sale(outcome=Outcome.LOST, closed_at=AT), Sale(since=AT)],
            stands(9_00, "first_contact", place=1).open,
        )
        found = effects(stands(5_00, "quote_sent"), now, STAGES, {0: (5_00, "EUR")})
        assert [(one.part, one.value_minor) for one in found] == [
            (Part.LOST, -5_00),
            (Part.NEW, 9_00),
        ]

    @given(
        *[
            st.one_of(
                st.none(),
                st.tuples(
                    st.integers(0, 10**15),
                    st.sampled_from([*STAGES, "", "unknown"]),
                    st.integers(1, 12),
                    st.sampled_from(["EUR", "CHF"]),
                ),
            )
        ]
        * 2
    )
    def test_before_and_the_parts_are_now(self, was, now) -> None:
        one, other = (
            stands(given[0], given[1], given[2], currency=given[3])
            if given
            else NOTHING
            for given in (was, now)
        )
        found = effects(one, other, STAGES, {})
        for currency in ("EUR", "CHF"):
            assert _worth(one, currency) == tuple(
                end - sum(change)
                for end, change in zip(
                    _worth(other, currency),
                    (
                        [p.value_minor for p in found if p.currency == currency],
                        [p.weighted_minor for p in found if p.currency == currency],
                    ),
                    strict=True,
                )
            )


def _worth(past: Past, currency: str) -> tuple[int, int]:
    if past.open is None or past.open.currency != currency:
        return 0, 0
    percent = STAGES.get(past.open.stage, (0, 0))[0]
    return past.open.value_minor, weighted(past.open.value_minor, percent)


class TestPastOf:
    def test_a_loose_note_with_a_value_is_no_open_sale(self) -> None:
        stated = Sign(AT, (0, 1), MarkKind.STATEMENT, "", 1, 500, "EUR")
        assert past_of([stated], [], 1).open is None
        found = past_of([stated], [], 2).open
        assert found is not None
        assert found.value_minor == 500

    def test_a_quote_sent_later_replaces_the_value_not_the_month(self) -> None:
        month = date(2026, 12, 1)
        stated = Sign(AT, (0, 1), MarkKind.STATEMENT, "", 1, 500, "CHF", month)
        quote = KnownQuote(2, AT, AT + timedelta(hours=1), 900, "EUR")
        found = past_of([stated], [quote], 2).open
        assert found == Standing(0, 900, "EUR", month, "", True)
        unsent = quote._replace(sent_at=None)
        found = past_of([stated], [unsent], 2).open
        assert found == Standing(0, 500, "CHF", month, "", False)
