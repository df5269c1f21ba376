"""The board: what stands where, what it may bring, and the worth of a sale."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Chain
from veriga.activities.queries.checking import find_differences
from veriga.activities.queries.narrowing import NO_STAGE, RunningFilters
from veriga.activities.services import (
    close_sale,
    delete_activity,
    set_stage,
    state_sale,
    undo_change,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.tests.factories import make_company
from veriga.quotes.services import mark_sent
from veriga.work.queries.board import Column, get_board

pytestmark = pytest.mark.django_db

LINES = [{"text": "Stroj", "unit_price": Decimal("1000")}]


@pytest.fixture
def maja() -> Any:
    return make_user(name="Maja", team=make_team())


@pytest.fixture
def company(maja) -> Any:
    return make_company(owner=maja)


def board(user: Any, **filters: Any) -> dict[str, Column]:
    found = get_board(actor_of(user), RunningFilters(**filters), now=NOW)
    return {column.code: column for column in found}


def worth(activity: Any) -> tuple[Any, ...]:
    chain = Chain.objects.get(pk=type(activity).objects.get(pk=activity.pk).chain_id)
    assert list(find_differences()) == []
    return (
        chain.worth_minor,
        chain.worth_is_quoted,
        chain.worth_month_on,
        chain.sale_name,
    )


class TestWorth:
    def test_the_newest_statement_counts(self, maja, company) -> None:
        one = make_activity(maja, company)
        assert worth(one) == (None, False, None, "")
        month = date(2026, 6, 1)
        for hours, amount, name in ((1, 500_00, "Linija"), (2, 700_00, "Linija 2")):
            state_sale(
                context=acting(maja, NOW + timedelta(hours=hours)),
                reference=one.reference,
                amount_minor=amount,
                month_on=month,
                name=name,
            )
        assert worth(one) == (700_00, False, month, "Linija 2")

    def test_a_quote_counts_once_it_is_sent(self, maja, company) -> None:
        quote = make_activity(maja, company, "quote", lines=LINES, issued_on=NOW.date())
        assert worth(quote)[:2] == (None, False)
        mark_sent(context=acting(maja), reference=quote.reference)
        assert worth(quote)[:2] == (1000_00, True)
        cheaper = [{"text": "Stroj", "unit_price": Decimal("900")}]
        update_activity(
            context=acting(maja),
            reference=quote.reference,
            changes={"lines": cheaper},
        )
        assert worth(quote)[:2] == (900_00, True)

    def test_a_later_statement_replaces_the_quote_and_keeps_its_month(
        self, maja, company
    ) -> None:
        quote = make_activity(
            maja, company, "quote", lines=LINES, issued_on=NOW.date(), sent_at=NOW
        )
        later = acting(maja, NOW + timedelta(days=1))
        state_sale(
            context=later, reference=quote.reference, amount_minor=800_00,
            month_on=date(2026, 5, 1),
        )  # fmt: skip
        assert worth(quote) == (800_00, False, date(2026, 5, 1), "")
        newer = make_activity(
            maja, company, "quote", lines=LINES, issued_on=NOW.date(),
            follows=quote.reference, sent_at=NOW + timedelta(days=2),
        )  # fmt: skip
        assert worth(quote) == (1000_00, True, date(2026, 5, 1), "")
        change = delete_activity(context=acting(maja), reference=newer.reference)
        assert worth(quote)[:2] == (800_00, False)
        undo_change(context=acting(maja), change_id=change.change.pk)
        assert worth(quote)[:2] == (1000_00, True)

    def test_the_next_sale_begins_without_a_value(self, maja, company) -> None:
        one = make_activity(maja, company)
        state_sale(context=acting(maja), reference=one.reference, amount_minor=500_00)
        closed_at = NOW + timedelta(hours=1)
        close_sale(
            context=acting(maja, closed_at), reference=one.reference, outcome="won"
        )
        assert worth(one)[0] == 500_00
        set_stage(
            context=acting(maja, NOW + timedelta(hours=2)),
            reference=one.reference,
            stage="first_contact",
        )
        assert worth(one)[0] is None
        assert Chain.objects.get().sale_since == closed_at


class TestBoard:
    def sale(self, user: Any, company: Any, stage: str, amount: int) -> Any:
        one = make_activity(user, company)
        if stage:
            set_stage(context=acting(user), reference=one.reference, stage=stage)
        else:
            make_activity(user, company, follows=one.reference)
        if amount:
            state_sale(
                context=acting(user), reference=one.reference, amount_minor=amount
            )
        return one

    def test_columns_totals_and_weights(self, maja, company) -> None:
        self.sale(maja, company, "", 0)
        self.sale(maja, company, "quote_sent", 1000_00)
        self.sale(maja, company, "quote_sent", 500_00)
        self.sale(maja, company, "negotiation", 0)
        closed = self.sale(maja, company, "negotiation", 900_00)
        close_sale(context=acting(maja), reference=closed.reference, outcome="lost")
        make_activity(maja, company)  # a loose note is no sale
        columns = board(maja)
        assert [(c, columns[c].count) for c in columns] == [
            (NO_STAGE, 1),
            ("first_contact", 0),
            ("need_recognised", 0),
            ("solution_presented", 0),
            ("quote_sent", 2),
            ("negotiation", 1),
        ]
        assert columns["quote_sent"].worth == {"EUR": 1500_00}
        assert columns["quote_sent"].weighted == {"EUR": 900_00}
        assert columns["negotiation"].worth == {}
        for column in columns.values():
            assert len(column.cards) == column.count

    def test_narrowed_by_owner_and_team(self, maja, company) -> None:
        boss = make_user(role=Role.MANAGER, scope=Scope.ALL)
        rok = make_user(name="Rok", team=make_team())
        self.sale(maja, company, "negotiation", 100)
        self.sale(rok, make_company(owner=rok), "negotiation", 100)
        assert board(boss)["negotiation"].count == 2
        assert board(boss, account_owner_id=rok.pk)["negotiation"].count == 1
        assert board(boss, team_id=maja.team_id)["negotiation"].count == 1
        assert board(maja)["negotiation"].count == 1
        assert board(boss, has_next="yes")["negotiation"].count == 0

    def test_a_closing_stage_opened_again_has_a_column(self, maja, company) -> None:
        one = self.sale(maja, company, "won", 0)
        assert "won" not in board(maja)
        close_sale(
            context=acting(maja, NOW + timedelta(hours=1)),
            reference=one.reference,
            outcome="open",
        )
        assert board(maja)["won"].count == 1

    def test_statements_do_not_grow(
        self, maja, company, django_assert_max_num_queries
    ) -> None:
        for stage in ("first_contact", "negotiation", "quote_sent"):
            for _ in range(4):
                self.sale(maja, company, stage, 100)
        board(maja)
        with django_assert_max_num_queries(4):
            board(maja)
