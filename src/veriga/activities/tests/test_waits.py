"""Whose time a chain took, against the rule of whose move asked of every moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import hypothesis.strategies as st
from hypothesis import given

from veriga.activities.rules.times import occurred_at, whose_move
from veriga.activities.rules.waits import (
    answers_of,
    days_by_move,
    milestones_of,
    waits_of,
)
from veriga.activities.rules.words import KindCode
from veriga.common.working_time import WorkingCalendar

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALENDAR = WorkingCalendar()


@dataclass(frozen=True)
class One:
    kind: str
    direction: str
    date: datetime
    recorded_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    result: str
    reference_key: str
    type_code: str = ""

    @property
    def occurred_at(self) -> datetime | None:
        is_document = self.kind in {"product_record", "quote"}
        return occurred_at(
            KindCode(self.kind),
            starts_at=self.date if self.kind == "event" else None,
            done_at=self.done_at,
            document_at=self.date if is_document else None,
        )


hours = st.integers(0, 24 * 40).map(lambda n: START + timedelta(hours=n))


results = st.sampled_from(["carried_out", "cancelled"])


@st.composite
def activities(draw: st.DrawFn, key: int) -> One:
    kind = draw(st.sampled_from(["event", "task"]))
    date, recorded = draw(hours), draw(hours)
    done = draw(st.none() | hours)
    if kind == "event":
        # Held at its date; entered before or after that.
        done = date if done is not None else None
    due = draw(st.none() | hours) if kind == "task" else date + timedelta(hours=1)
    return One(
        kind=kind,
        direction=draw(st.sampled_from(["in", "out", "internal"])),
        date=date,
        recorded_at=recorded,
        due_at=due,
        done_at=done,
        result=""
        if done is None
        else draw(st.sampled_from(["carried_out", "cancelled"])),
        reference_key=f"D{key:03}",
    )


@st.composite
def chains(draw: st.DrawFn) -> list[One]:
    made = [draw(activities(key)) for key in range(draw(st.integers(1, 6)))]
    return draw(st.permutations(made))


@given(chains(), hours)
def test_stretches_cover_all_time_once(members: list[One], until: datetime) -> None:
    waits = waits_of(members, until)
    for before, after in pairwise(waits):
        assert before.until == after.since
        assert before.move != after.move
    if waits:
        assert waits[-1].until == until
        assert all(wait.since < wait.until for wait in waits)


def test_an_agreed_visit_is_nobodys_wait_until_its_day() -> None:
    first = One("event", "out", START, START, None, START, "carried_out", "D1")
    visit_at = START + timedelta(days=10)
    visit = One(
        "event", "out", visit_at, START + timedelta(days=3), visit_at, None, "", "D2"
    )
    until = START + timedelta(days=14)
    waits = waits_of([first, visit], until)
    assert [wait.move for wait in waits] == ["theirs", "agreed", "ours"]
    assert waits[1].since == START + timedelta(days=3)
    assert waits[1].until == visit_at
    days = days_by_move(waits, CALENDAR.clock)
    assert days == {"theirs": 3.0, "agreed": 5.0, "ours": 2.0}


def test_a_late_task_makes_it_ours_until_it_is_done() -> None:
    first = One("event", "out", START, START, None, START, "carried_out", "D1")
    due, done = START + timedelta(days=1), START + timedelta(days=3)
    task = One("task", "internal", due, START, due, done, "carried_out", "N1")
    waits = waits_of([first, task], START + timedelta(days=4))
    assert [wait.move for wait in waits] == ["theirs", "ours", "theirs"]
    assert (waits[1].since, waits[1].until) == (due, done)


@given(chains(), hours)
def test_ends_as_whose_move_says_now(members: list[One], until: datetime) -> None:
    # Of what is known by now; later than everything, nothing is ahead any more.
    until = max([until, *(m.recorded_at for m in members)]) + timedelta(days=60)
    waits = waits_of(members, until)
    if waits:
        assert waits[-1].move == whose_move(members, until)


def test_what_followed_counts_only_what_had_time_to_be_followed() -> None:
    def contact(day: int, direction: str, kind: str = "visit") -> One:
        at = START + timedelta(days=day)
        return One(
            "event", direction, at, at, None, at, "carried_out", f"D{day:03}", kind
        )

    now = START + timedelta(days=29)
    members = [
        contact(0, "out"), contact(2, "in", "call_in"), contact(7, "out"),
        contact(23, "in", "call_in"), contact(28, "out"), contact(28, "out", "call"),
    ]  # fmt: skip
    visit, call = answers_of(members, now, CALENDAR.clock, 10)
    # The second was answered too late, the third may still be.
    assert (visit.type_code, visit.carried_out, visit.counted) == ("visit", 3, 2)
    assert (visit.answered, visit.median) == (1, 2.0)
    assert (call.carried_out, call.counted, call.median) == (1, 0, None)


def test_nothing_is_nothing() -> None:
    assert waits_of([], START) == []
    assert answers_of([], START, CALENDAR.clock, 10) == []
    alone = One("task", "internal", START, START, None, None, "", "N1")
    assert waits_of([alone], START) == []
    (wait,) = waits_of([alone], START + timedelta(days=1))
    assert (wait.move, wait.since) == ("ours", START)


def test_five_thousand_take_no_longer_than_they_must() -> None:
    members = [
        One("event", "out" if i % 3 else "in", at, at, None, at, "carried_out", f"{i}")
        for i in range(5000)
        for at in [START + timedelta(hours=i)]
    ]
    waits = waits_of(members, START + timedelta(hours=6000))
    assert len(waits) > 3000


def dated(kind: str, days: float, key: str, *, is_done: bool = True) -> One:
    """Return an activity of this kind, so many days after START."""
    at = START + timedelta(days=days)
    return One(kind, "out", at, at, None, at if is_done else None, "", key)


def reached(members: list[One], won: list[float], now_days: float = 365):
    """Return after how many working days a quote and an order were there."""
    moments = [START + timedelta(days=days) for days in won]
    now = START + timedelta(days=now_days)
    found = milestones_of(members[0], members, moments, now, CALENDAR.clock)
    return tuple(one and one[1] for one in (found.quote, found.order))


def test_the_first_quote_and_order_count_from_the_origin() -> None:
    """START is a Monday at nine in UTC; Saturdays and Sundays are no working days."""
    origin = dated("event", 0, "D001")
    assert reached([origin], []) == (None, None)
    later = [dated("quote", days, f"D{days:03}") for days in (9, 4)]
    assert reached([origin, *later], [21, 14]) == (4.0, 10.0)
    found = milestones_of(
        origin, later, [], START + timedelta(days=365), CALENDAR.clock
    )
    assert found.quote == (START + timedelta(days=4), 4.0)


def test_an_origin_that_has_not_happened_counts_from_its_date() -> None:
    planned = dated("event", 2, "D001", is_done=False)
    assert reached([planned, dated("quote", 4, "D002")], []) == (2.0, None)


def test_what_is_dated_before_the_origin_took_no_time() -> None:
    origin = dated("event", 7, "D002")
    assert reached([origin, dated("quote", 1, "D001")], [2]) == (0.0, 0.0)


def test_a_quote_of_a_date_ahead_is_none_yet() -> None:
    members = [dated("quote", 0, "D001"), dated("quote", 9, "D002")]
    assert reached(members, [9], now_days=5) == (0.0, None)
    assert reached(members[1:], [], now_days=5) == (None, None)
