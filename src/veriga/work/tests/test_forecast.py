"""The forecast against a plain sum; the past against what was seen at the time."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.effort import sized

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.services import Cell, set_targets
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity, Chain
from veriga.activities.queries.checking import find_differences
from veriga.activities.queries.forecast import SalesFilters, list_won, open_sums
from veriga.activities.queries.standing import touched_since
from veriga.activities.rules.forecast import Part, Standing, weighted
from veriga.activities.services import (
    accept_quote,
    close_sale,
    set_stage,
    state_sale,
    sum_chains,
    undo_change,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import VerigaError
from veriga.parties.models import Share
from veriga.parties.services.shares import share_company, unshare_company
from veriga.parties.tests.factories import make_company, make_own_firm
from veriga.quotes.services import mark_sent
from veriga.work.queries.changes import book_again, get_changes, new_book
from veriga.work.queries.forecast import (
    LATER,
    NO_MONTH,
    OVERDUE,
    columns_at,
    get_forecast,
    percents,
)
from veriga.work.services.companies import update_company

pytestmark = pytest.mark.django_db
ANY = SalesFilters()
EXAMPLES = sized(ci=15, full=100)


@pytest.fixture
def boss() -> User:
    return make_user(role=Role.MANAGER, scope=Scope.ALL)


def make_sale(
    user: User,
    minor: int | None,
    *,
    stage: str = "first_contact",
    month: date | None = None,
    currency: str = "EUR",
    days: float = 0,
    company: Any = None,
) -> Activity:
    company = company or make_company(owner=user)
    now = NOW + timedelta(days=days)
    one = make_activity(user, company, now=now)
    if stage:
        set_stage(context=acting(user, now), reference=one.reference, stage=stage)
    if minor is not None:
        state_sale(
            context=acting(user, now), reference=one.reference, amount_minor=minor,
            currency=currency, month_on=month,
        )  # fmt: skip
    return one


def make_quote(user: User, company: Any, price: int, **fields: Any) -> Activity:
    line = {"text": "Linija", "quantity": Decimal(1), "unit_price": Decimal(price)}
    return make_activity(user, company, "quote", lines=[line], **fields)


def figures(found: Any, currency: str, kind: str, name: str = "") -> dict[str, Any]:
    (table,) = [one for one in found.tables if one.currency == currency]
    (line,) = [x for x in table.lines if x.kind == kind and name in ("", x.name)]
    return line.figures


def test_columns_of_a_page_in_march() -> None:
    assert [one.code for one in columns_at(NOW)] == [
        "2026-01", "2026-02", OVERDUE, "2026-03", "2026-04", "2026-05", "2026-06",
        "2026-07", "2026-08", LATER, NO_MONTH,
    ]  # fmt: skip


class TestForecast:
    def test_months_currencies_and_sources(self, boss) -> None:
        maja = make_user("Maja", team=make_team("Čebele"))
        for minor, month in (
            (100_00, date(2026, 3, 1)),
            (33_33, date(2026, 2, 1)),  # past: overdue, and not moved
            (7_00, date(2026, 9, 1)),
            (5_00, None),
        ):
            make_sale(maja, minor, month=month)
        make_sale(maja, 9_00, currency="CHF", stage="negotiation")
        quoted = make_company(owner=maja)
        one = make_sale(maja, 1_00, month=date(2026, 4, 1), company=quoted, days=-1)
        make_quote(maja, quoted, 80, follows=one.reference, sent_at=NOW)
        make_sale(maja, None)
        found = get_forecast(actor_of(boss), ANY, now=NOW)
        for line in (
            figures(found, "EUR", "all"),
            figures(found, "EUR", "team", "Čebele"),
            figures(found, "EUR", "owner", "Maja"),
        ):
            stated = {code: one.stated for code, one in line.items() if one.stated}
            assert stated == {
                "2026-03": 100_00, OVERDUE: 33_33, LATER: 7_00, NO_MONTH: 5_00,
            }  # fmt: skip
            assert line["2026-04"].quoted == 80_00
            assert line[OVERDUE].weighted == 3_33
            assert line["2026-04"].weighted == 8_00
        assert figures(found, "CHF", "all")[NO_MONTH].weighted == 7_20
        assert found.unvalued == 1

    def test_won_counts_in_the_month_of_its_close(self, boss) -> None:
        maja = make_user(team=make_team())
        for minor, days in ((10_00, -1), (20_00, -45), (40_00, -300)):
            one = make_sale(maja, minor, days=days)
            close_sale(
                context=acting(maja, NOW + timedelta(days=days)),
                reference=one.reference,
                outcome="won",
            )
        lost = make_sale(maja, 99_00)
        close_sale(context=acting(maja), reference=lost.reference, outcome="lost")
        line = figures(get_forecast(actor_of(boss), ANY, now=NOW), "EUR", "all")
        assert {code: one.won for code, one in line.items()} == {
            "2026-01": 20_00, "2026-02": 0, "2026-03": 10_00,
        }  # fmt: skip
        start, end = NOW - timedelta(days=100), NOW + timedelta(days=1)
        page = list_won(actor_of(boss), ANY, start, end, limit=1)
        further = list_won(actor_of(boss), ANY, start, end, cursor=page.next)
        rows = [*page.rows, *further.rows]
        assert [one.value_minor for one in rows] == [10_00, 20_00]

    def test_only_what_one_sees_and_not_the_own_firm(self, boss) -> None:
        maja, other = (make_user(team=make_team()) for _ in range(2))
        shared = make_sale(maja, 10_00)
        make_sale(other, 20_00)
        make_sale(boss, 40_00, company=make_own_firm())
        alone = make_user(team=maja.team, scope=Scope.OWN)
        for user, expected in ((maja, 10_00), (other, 20_00), (boss, 30_00)):
            found = get_forecast(actor_of(user), ANY, now=NOW)
            assert figures(found, "EUR", "all")[NO_MONTH].stated == expected
        assert get_forecast(actor_of(alone), ANY, now=NOW).tables == []
        Share.objects.create(company=shared.company, user=alone, made_at=NOW)
        found = get_forecast(actor_of(alone), ANY, now=NOW)
        assert figures(found, "EUR", "all")[NO_MONTH].stated == 10_00

    def test_targets_stand_where_they_are_set_and_are_not_added(self, boss) -> None:
        team = make_team("Čebele")
        maja, rok = make_user("Maja", team=team), make_user("Rok", team=team)
        month = date(2026, 3, 1)
        set_targets(
            context=acting(boss),
            currency="EUR",
            amounts={
                Cell(month, team_id=team.pk): 100_00,
                Cell(month, user_id=maja.pk): 30_00,
                Cell(month, user_id=rok.pk): 50_00,
            },
        )
        make_sale(maja, 15_00)
        close_sale(
            context=acting(maja),
            reference=Activity.objects.get().reference or "",
            outcome="won",
        )
        found = get_forecast(actor_of(boss), ANY, now=NOW)
        of_team = figures(found, "EUR", "team")["2026-03"]
        assert (of_team.target, of_team.people_target, of_team.percent) == (
            100_00, 80_00, 15,
        )  # fmt: skip
        own = figures(found, "EUR", "owner", "Maja")["2026-03"]
        assert (own.target, own.won, own.percent) == (30_00, 15_00, 50)
        stranger = make_user(team=make_team())
        assert get_forecast(actor_of(stranger), ANY, now=NOW).tables == []

    def test_filters_narrow_to_an_owner_a_team_and_a_currency(self, boss) -> None:
        maja, rok = (make_user(name, team=make_team()) for name in ("Maja", "Rok"))
        make_sale(maja, 10_00)
        make_sale(rok, 20_00, currency="CHF")
        for filters, currencies, kinds in (
            (SalesFilters(account_owner_id=maja.pk), ["EUR"], ["owner"]),
            (SalesFilters(team_id=rok.team_id), ["CHF"], ["team", "owner"]),
            (SalesFilters(currency="CHF"), ["CHF"], ["all", "team", "owner"]),
            (SalesFilters(account_owner_id=0), [], []),
        ):
            found = get_forecast(actor_of(boss), filters, now=NOW)
            assert [one.currency for one in found.tables] == currencies
            assert [x.kind for one in found.tables for x in one.lines] == kinds

    def test_statements(self, boss, django_assert_num_queries) -> None:
        maja = make_user(team=make_team())
        for day in range(3):
            make_sale(maja, 100_00, month=date(2026, 3 + day, 1))
        get_forecast(actor_of(boss), ANY, now=NOW)
        with django_assert_num_queries(6):
            get_forecast(actor_of(boss), ANY, now=NOW)
        with django_assert_num_queries(6):
            get_changes(actor_of(boss), ANY, now=NOW + timedelta(days=1), days=7)


def changes_of(user: User, days: float, **options: Any) -> dict[Part, list[int]]:
    found = get_changes(
        actor_of(user), ANY, now=NOW + timedelta(days=days), days=7, **options
    )
    for one in found:
        assert one.before_minor + sum(p.value_minor for p in one.parts) == one.now_minor
    return {
        part.part: [sale.effect.value_minor for sale in part.sales]
        for one in found
        for part in one.parts
    }


class TestChanges:
    def test_each_kind_of_change_is_told_for_itself(self, boss) -> None:
        maja = make_user(team=make_team())
        month, after = date(2026, 4, 1), date(2026, 5, 1)
        kept, up, down, moved, won, lost = (
            make_sale(maja, minor, month=month) for minor in (1, 2, 30, 4, 5, 6)
        )
        context = acting(maja, NOW + timedelta(days=8))
        for one, minor, expected in (
            (up, 20, month),
            (down, 3, month),
            (moved, 4, after),
        ):
            state_sale(
                context=context, reference=one.reference, amount_minor=minor,
                month_on=expected,
            )  # fmt: skip
        set_stage(context=context, reference=kept.reference, stage="negotiation")
        for one, outcome in ((won, "won"), (lost, "lost")):
            close_sale(context=context, reference=one.reference, outcome=outcome)
        make_sale(maja, 70, days=9)
        assert changes_of(boss, 10) == {
            Part.NEW: [70], Part.WON: [-5], Part.LOST: [-6], Part.UP: [18],
            Part.DOWN: [-27], Part.STAGE_UP: [0], Part.MOVED: [0],
        }  # fmt: skip
        assert changes_of(boss, 30) == {}

    def test_a_quote_that_was_changed_since_had_its_old_amount(self, boss) -> None:
        maja = make_user(team=make_team())
        quote = make_quote(maja, make_company(owner=maja), 100, sent_at=NOW)
        line = {"text": "x", "quantity": Decimal(1), "unit_price": Decimal(60)}
        update_activity(
            context=acting(maja, NOW + timedelta(days=8)),
            reference=quote.reference,
            changes={"lines": [line]},
        )
        assert changes_of(boss, 10) == {Part.DOWN: [-40_00]}

    def test_a_note_that_was_linked_since_was_no_open_sale(self, boss) -> None:
        maja = make_user(team=make_team())
        note = make_sale(maja, 50, stage="")
        later = NOW + timedelta(days=8)
        make_activity(maja, note.company, now=later, follows=note.reference)
        assert changes_of(boss, 10) == {Part.NEW: [50]}

    def test_what_happens_after_the_first_look_is_told(self, boss) -> None:
        maja, rok = (make_user(team=make_team()) for _ in range(2))
        first = make_sale(maja, 50, days=8)
        assert changes_of(maja, 10) == {Part.NEW: [50]}
        assert changes_of(boss, 10) == {Part.NEW: [50]}
        second = make_sale(rok, 70, days=10)
        assert changes_of(boss, 10) == {Part.NEW: [70, 50]}
        assert changes_of(maja, 10) == {Part.NEW: [50]}
        context = acting(boss, NOW + timedelta(days=10))
        marked = close_sale(context=context, reference=first.reference, outcome="won")
        won = {Part.NEW: [70, 50], Part.WON: [-50]}
        assert changes_of(boss, 10) == won
        undo_change(context=context, change_id=marked.change.pk)
        assert changes_of(boss, 10) == {Part.NEW: [70, 50]}
        update_company(
            context=context, company_id=second.company_id, account_owner_id=maja.pk
        )
        assert changes_of(rok, 10) == {}
        assert changes_of(maja, 10) == {Part.NEW: [70, 50]}
        share_company(context=context, company_id=first.company_id, user_id=rok.pk)
        assert changes_of(rok, 10) == {Part.NEW: [50]}
        unshare_company(context=context, company_id=first.company_id, user_id=rok.pk)
        assert changes_of(rok, 10) == {}

    def test_of_others_nothing_is_told(self) -> None:
        maja, stranger = (make_user(team=make_team()) for _ in range(2))
        make_sale(maja, 50, days=1)
        assert changes_of(maja, 2) == {Part.NEW: [50]}
        assert changes_of(stranger, 2) == {}


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(
            ("state", "stage", "close", "close", "undo", "undo", "quote", "sent",
             "amount", "amount", "accept", "event", "sum", "sum")
        ),
        st.integers(0, 1),
        st.integers(1, 5),
    ),
    min_size=6,
    max_size=14,
)  # fmt: skip


class _Replay:
    """Two chains to which things happen, and what was seen after each of them."""

    def __init__(self) -> None:
        self.user = make_user(team=make_team())
        self.company = make_company(owner=self.user)
        self.now = NOW
        self.chains = [make_activity(self.user, self.company) for _ in range(2)]
        self.quotes: list[list[Activity]] = [[], []]
        self.undoable: list[int] = []
        self.seen: list[tuple[Any, dict[int, Standing | None]]] = []
        self.see()

    def act(self, what: str, place: int, number: int) -> None:
        self.now += timedelta(hours=1)
        # What cannot be done there and then changes nothing.
        with contextlib.suppress(VerigaError, IndexError):
            getattr(self, f"_{what}")(self.chains[place].reference, place, number)
        self.see()

    def see(self) -> None:
        found: dict[int, Standing | None] = {}
        for chain in Chain.objects.filter(company=self.company):
            found[chain.pk] = None
            if chain.is_running and chain.worth_minor is not None:
                found[chain.pk] = Standing(
                    0, chain.worth_minor, chain.worth_currency, chain.worth_month_on,
                    chain.stage, chain.worth_is_quoted,
                )  # fmt: skip
        self.seen.append((self.now, found))

    @property
    def context(self) -> Any:
        return acting(self.user, self.now)

    def _state(self, reference: str, _place: int, number: int) -> None:
        state_sale(
            context=self.context, reference=reference,
            amount_minor=None if number == 5 else number * 100,
            currency="CHF" if number == 4 else "EUR", month_on=date(2026, number, 1),
        )  # fmt: skip

    def _stage(self, reference: str, _place: int, number: int) -> None:
        codes = ("first_contact", "need_recognised", "negotiation", "quote_sent", "won")
        marked = set_stage(
            context=self.context, reference=reference, stage=codes[number - 1]
        )
        if marked.change:
            self.undoable.append(marked.change.pk)

    def _close(self, reference: str, _place: int, number: int) -> None:
        outcome = ("won", "lost", "given_up", "open", "won")[number - 1]
        marked = close_sale(context=self.context, reference=reference, outcome=outcome)
        self.undoable.append(marked.change.pk)

    def _undo(self, _reference: str, _place: int, _number: int) -> None:
        undone = undo_change(context=self.context, change_id=self.undoable[-1])
        self.undoable.append(undone.pk)

    def _quote(self, reference: str, place: int, number: int) -> None:
        quote = make_quote(
            self.user, self.company, number, follows=reference, now=self.now
        )
        self.quotes[place].append(quote)

    def _sent(self, _reference: str, place: int, number: int) -> None:
        quote = self.quotes[place][-1].reference
        sent_at = self.now - timedelta(minutes=20 * number)  # said afterwards
        mark_sent(context=self.context, reference=quote, sent_at=sent_at)

    def _amount(self, _reference: str, place: int, number: int) -> None:
        line = {"text": "x", "quantity": Decimal(1), "unit_price": Decimal(number)}
        update_activity(
            context=self.context,
            reference=self.quotes[place][0].reference or "",
            changes={"lines": [line], "currency": "CHF" if number == 4 else "EUR"},
        )

    def _accept(self, _reference: str, place: int, _number: int) -> None:
        done = accept_quote(
            context=self.context, reference=self.quotes[place][-1].reference or ""
        )
        if done.change:
            self.undoable.append(done.change.pk)

    def _sum(self, _reference: str, _place: int, _number: int) -> None:
        sum_chains()

    def _event(self, reference: str, _place: int, _number: int) -> None:
        make_activity(self.user, self.company, follows=reference, now=self.now)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(operations=OPERATIONS)
def test_the_past_is_what_was_seen_at_the_time(operations) -> None:
    replay = _Replay()
    # Both chains have a sale that whatever follows can change.
    for operation in (("state", 0, 1), ("quote", 1, 2), ("sent", 1, 1), *operations):
        replay.act(*operation)
    actor = actor_of(replay.user)
    _now, present = replay.seen[-1]
    weights = percents()
    for then, seen in replay.seen:
        touched = {one.chain_id: one for one in touched_since(actor, ANY, then)}
        for pk, was in seen.items():
            told = touched[pk].before.open if pk in touched else present[pk]
            assert _without_place(told) == _without_place(was)
        for pk, one in touched.items():
            assert _without_place(one.now.open) == _without_place(present[pk])
    boss = actor_of(make_user(scope=Scope.ALL))  # for whom sums are kept
    own = SalesFilters(account_owner_id=replay.user.pk)
    kept, plain = (open_sums(one, own, weights) for one in (boss, actor))
    assert sorted(kept, key=str) == sorted(plain, key=str)
    found = get_changes(actor, ANY, now=replay.now, days=0)
    assert all(not one.parts for one in found)
    for then, seen in replay.seen:
        days = (replay.now - then) / timedelta(days=1)
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for was in seen.values():
            if was is not None:
                percent = weights.get(was.stage, 0)
                sums[was.currency][0] += was.value_minor
                sums[was.currency][1] += weighted(was.value_minor, percent)
        told = {
            one.currency: [one.before_minor, one.before_weighted_minor]
            for one in get_changes(actor, ANY, now=replay.now, days=days)  # type: ignore[arg-type]
        }
        told = {currency: both for currency, both in told.items() if any(both)}
        assert told == {currency: both for currency, both in sums.items() if any(both)}
    assert not list(find_differences())


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(operations=OPERATIONS, since=st.integers(0, 5))
def test_a_kept_book_is_what_a_new_one_is(operations, since) -> None:
    replay = _Replay()
    actor, stages = actor_of(replay.user), {}
    then, book = replay.now, None
    for place, operation in enumerate((("state", 0, 1), ("quote", 1, 2), *operations)):
        replay.act(*operation)
        if place == since:
            then, now = replay.now, replay.now
            book = new_book(actor, ANY, stages, then, now)
        if book is not None:
            book = book_again(actor, ANY, stages, book, replay.now)
            fresh = new_book(actor, ANY, stages, then, replay.now)
            assert (book.chains, book.parts) == (fresh.chains, fresh.parts)
            ids = {pk for of in book.companies.values() for pk in of}
            assert ids == book.chains.keys()


def _without_place(one: Standing | None) -> tuple[Any, ...] | None:
    if one is None:
        return None
    return (
        one.value_minor, one.currency, one.month_on, one.stage, one.is_quoted,
    )  # fmt: skip
