"""What is kept on the mark that closes a sale: as what, and what it was worth."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Mark
from veriga.activities.queries.checking import find_differences
from veriga.activities.services import (
    accept_quote,
    close_sale,
    delete_activity,
    set_stage,
    state_sale,
    undo_change,
)
from veriga.activities.services.checking import repair
from veriga.parties.tests.factories import make_company

from .factories import acting, make_activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja():
    return make_user(team=make_team())


@pytest.fixture
def company(maja):
    return make_company(owner=maja)


def make_quote(maja, company, price: int, *, days: float = 0, **fields):
    now = NOW + timedelta(days=days)
    line = {"text": "Linija", "quantity": Decimal(1), "unit_price": Decimal(price)}
    return make_activity(
        maja, company, "quote", now=now, lines=[line], sent_at=now, **fields
    )


def later(maja, days: float):
    return acting(maja, NOW + timedelta(days=days))


def closes() -> list[tuple[str, int | None, str]]:
    assert not list(find_differences())
    rows = Mark.objects.exclude(closes="").order_by("made_at", "id")
    in_force = rows.filter(withdrawn_at__isnull=True)
    return list(in_force.values_list("closes", "closed_minor", "closed_currency"))


def test_a_statement_counts_as_it_stood_at_the_close(maja, company) -> None:
    one = make_activity(maja, company)
    state_sale(context=later(maja, 1), reference=one.reference, amount_minor=500)
    close_sale(context=later(maja, 2), reference=one.reference, outcome="won")
    state_sale(context=later(maja, 3), reference=one.reference, amount_minor=900)
    assert closes() == [("won", 500, "EUR")]


def test_accepted_quotes_count_together_before_what_was_stated(maja, company) -> None:
    first = make_quote(maja, company, 100)
    second = make_quote(maja, company, 50, days=1, follows=first.reference)
    make_quote(maja, company, 900, days=2, follows=first.reference)  # not accepted
    state_sale(context=later(maja, 3), reference=first.reference, amount_minor=1)
    for place, one in enumerate((first, second)):
        accept_quote(context=later(maja, 4 + place), reference=one.reference)
    assert closes() == []  # the third is still open, so the sale is
    close_sale(context=later(maja, 6), reference=first.reference, outcome="won")
    assert closes() == [("won", 150_00, "EUR")]


def test_nothing_known_is_a_close_without_an_amount(maja, company) -> None:
    one = make_activity(maja, company)
    close_sale(context=later(maja, 1), reference=one.reference, outcome="lost")
    assert closes() == [("lost", None, "")]


def test_two_sales_of_one_chain_close_for_themselves(maja, company) -> None:
    first = make_quote(maja, company, 100)
    accept_quote(context=later(maja, 1), reference=first.reference)
    second = make_quote(maja, company, 70, days=2, follows=first.reference)
    accept_quote(context=later(maja, 3), reference=second.reference)
    assert closes() == [("won", 100_00, "EUR"), ("won", 70_00, "EUR")]


def test_a_corrected_and_a_taken_back_close_count_once_and_not(maja, company) -> None:
    one = make_activity(maja, company)
    state_sale(context=later(maja, 1), reference=one.reference, amount_minor=500)
    close_sale(context=later(maja, 2), reference=one.reference, outcome="won")
    marked = close_sale(context=later(maja, 3), reference=one.reference, outcome="lost")
    assert closes() == [("lost", 500, "EUR")]
    undone = undo_change(context=later(maja, 4), change_id=marked.change.pk)
    assert closes() == [("won", 500, "EUR")]
    undo_change(context=later(maja, 5), change_id=undone.pk)
    assert closes() == [("lost", 500, "EUR")]
    close_sale(context=later(maja, 6), reference=one.reference, outcome="open")
    assert closes() == []


def test_a_stage_that_closes_keeps_it_on_the_outcome(maja, company) -> None:
    one = make_activity(maja, company)
    state_sale(context=later(maja, 1), reference=one.reference, amount_minor=500)
    set_stage(context=later(maja, 2), reference=one.reference, stage="won")
    kinds = Mark.objects.exclude(closes="").values_list("kind", flat=True)
    assert list(kinds) == ["outcome"]


def test_what_is_deleted_takes_its_quote_out_of_the_close(maja, company) -> None:
    first = make_quote(maja, company, 100)
    second = make_quote(maja, company, 50, days=1, follows=first.reference)
    for one in (first, second):
        accept_quote(context=later(maja, 2), reference=one.reference)
    assert closes() == [("won", 150_00, "EUR")]
    delete_activity(context=later(maja, 3), reference=first.reference)
    assert closes() == [("won", 50_00, "EUR")]


def test_check_finds_and_mends_a_wrong_close(maja, company) -> None:
    one = make_activity(maja, company)
    state_sale(context=later(maja, 1), reference=one.reference, amount_minor=500)
    close_sale(context=later(maja, 2), reference=one.reference, outcome="won")
    Mark.objects.exclude(closes="").update(closed_minor=7)
    assert [one.code for one in find_differences()] == ["closes"]
    assert repair(find_differences()) == []
    assert closes() == [("won", 500, "EUR")]
