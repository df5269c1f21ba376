"""The services against a plain model: whatever people do, both tell the same story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.support.effort import sized

from veriga.access.queries import actor_of
from veriga.access.rules import Context, Role, Scope
from veriga.access.tests.factories import make_user
from veriga.activities import services
from veriga.activities.models import Activity, Chain, Link
from veriga.activities.queries.chains import list_members, summaries
from veriga.activities.queries.checking import find_differences
from veriga.activities.queries.filters import ActivityFilters
from veriga.activities.queries.lists import list_activities
from veriga.common.errors import Conflict as ServiceConflict
from veriga.common.errors import Invalid, VerigaError
from veriga.parties.tests.factories import make_company
from veriga.setup.services import install_code_lists

from .plain_model import Conflict, Done, Model, Thing

ZONE = ZoneInfo("Europe/Ljubljana")
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
PREFIX = {"event": "D", "task": "N", "product_record": "Z", "quote": "P"}
STAGES = ("first_contact", "need_recognised", "quote_sent", "won", "lost")
DIRECTIONS = ("in", "out", "internal")
CLOSES = {"won": "won", "lost": "lost"}


def midnight(day: Any) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


PICK = st.integers(0, 10_000)


class Chains(RuleBasedStateMachine):
    """Rules pick among what there is by number, so that most of them do something."""

    @initialize(
        kinds=st.lists(st.sampled_from(sorted(PREFIX)), min_size=6, max_size=9),
        pairs=st.lists(
            st.tuples(st.integers(0, 5), st.integers(1, 5)), min_size=3, max_size=9
        ),
    )
    def begin(self, kinds: list[str], pairs: list[tuple[int, int]]) -> None:
        """Start with some activities of one company, linked this way and that."""
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        install_code_lists()
        user = make_user(role=Role.MANAGER, scope=Scope.ALL)
        self.actor = actor_of(user)
        self.companies = [make_company(owner=user).pk for _ in range(2)]
        self.now = BEGIN
        self.model = Model()
        self.numbers: dict[str, int] = {}
        names = [self._create(k, self.companies[0], 0, None) for k in kinds]
        for later, earlier in pairs:
            self._link(names[later], names[(later + earlier) % 6])

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            try:
                assert list(find_differences()) == []
            finally:
                transaction.set_rollback(True)
                self.atomic.__exit__(None, None, None)

    def _any(self, pick: int) -> str:
        """Return one of the living, in the order they were made."""
        names = [t.name for t in self.model.alive()]
        return names[pick % len(names)]

    def _linked(self, pick: int) -> str:
        """Return one of those that have links, if there are any."""
        tied = {n for pair in self.model.links.values() for n in pair}
        return sorted(tied)[pick % len(tied)] if tied else self._any(pick)

    @property
    def context(self) -> Context:
        return Context(self.actor, self.now)

    # --- recording -----------------------------------------------------------------

    @rule(
        kind=st.sampled_from(sorted(PREFIX)),
        company=st.integers(0, 1),
        days=st.integers(-5, 5),
        way=st.sampled_from(DIRECTIONS),
    )
    def create(self, kind: str, company: int, days: int, way: str) -> None:
        self._create(kind, self.companies[company], days, None, way)

    @rule(
        kind=st.sampled_from(sorted(PREFIX)),
        pick=PICK,
        days=st.integers(-5, 5),
        way=st.sampled_from(DIRECTIONS),
    )
    def create_on(self, kind: str, pick: int, days: int, way: str) -> None:
        on = self._any(pick)
        self._create(kind, self.model.things[on].company, days, on, way)

    def _create(
        self, kind: str, company: int, days: int, on: str | None, way: str = "out"
    ) -> str:
        own, date, due, done = self._dates(kind, days)
        draft = services.Draft(
            kind=kind, company_id=company, title=f"{kind} {days}", own=own,
            follows=on or "", direction=way,
        )  # fmt: skip
        made = services.create_activity(context=self.context, draft=draft)
        name = made.reference
        number = self.numbers[kind] = self.numbers.get(kind, 0) + 1
        assert name == f"{PREFIX[kind]}-26-{number:05d}"
        self.model.things[name] = Thing(
            name, kind, company, date, due, done, self.now, (PREFIX[kind], 26, number),
            direction=way,
        )  # fmt: skip
        self._happens(self.model.things[name])
        if on:
            link = Link.objects.get(follow_up=made)
            self.model.links[link.pk] = (name, on)
        return name

    def _happens(self, thing: Thing) -> None:
        """Say when it happened: records and quotes on their day, events as held."""
        if thing.kind in ("product_record", "quote"):
            thing.happened = thing.date
        elif thing.kind == "event":
            thing.happened = thing.date if thing.done else None
        elif not thing.done:
            thing.happened = None

    def _dates(self, kind: str, days: int) -> tuple[dict[str, Any], Any, Any, bool]:
        day = (self.now + timedelta(days=days)).astimezone(ZONE).date()
        after = midnight(day + timedelta(days=3))  # the first instant after day + 2
        if kind == "event":
            start = self.now + timedelta(days=days)
            end = start + timedelta(hours=2)
            return {"starts_at": start, "ends_at": end}, start, end, end <= self.now
        until = day + timedelta(days=2)
        if kind == "task":
            return {"starts_on": day, "due_on": until}, midnight(day), after, False
        if kind == "product_record":
            if days % 2:
                return {"recorded_on": day}, midnight(day), None, True
            own = {"recorded_on": day, "follow_up_on": until}
            return own, midnight(day), after, False
        lines = [{"text": "Stroj", "unit_price": Decimal("10")}]
        own = {"issued_on": day, "valid_until": until, "lines": lines}
        return own, midnight(day), after, False

    @rule(pick=PICK, days=st.integers(-5, 5))
    def move_date(self, pick: int, days: int) -> None:
        name = self._any(pick)
        thing = self.model.things[name]
        own, date, due, _ = self._dates(thing.kind, days)
        own.pop("lines", None)
        if thing.kind == "product_record" and "follow_up_on" not in own:
            own["follow_up_on"] = None
        services.update_activity(context=self.context, reference=name, changes=own)
        thing.date, thing.due = date, due
        self._happens(thing)

    @rule(pick=PICK, cancelled=st.booleans())
    def finish(self, pick: int, cancelled: bool) -> None:
        name = self._any(pick)
        thing = self.model.things[name]
        result = "cancelled" if cancelled else "carried_out"
        result = "declined" if thing.kind == "quote" else result
        services.finish_activity(context=self.context, reference=name, result=result)
        if not thing.done:
            thing.done, thing.cancelled = True, result == "cancelled"
            if thing.kind == "task":
                thing.happened = self.now
            self._happens(thing)

    @rule(pick=PICK)
    def reopen(self, pick: int) -> None:
        name = self._any(pick)
        services.reopen_activity(context=self.context, reference=name)
        thing = self.model.things[name]
        thing.done = thing.cancelled = False
        self._happens(thing)

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    # --- linking -------------------------------------------------------------------

    @rule()
    def sum_up(self) -> None:
        services.sum_chains()

    @rule(later=PICK, earlier=PICK)
    def link(self, later: int, earlier: int) -> None:
        """Mostly two different ones; which of them is which may close a circle."""
        names = [t.name for t in self.model.alive()]
        one, step = later % len(names), 1 + earlier % max(1, len(names) - 1)
        self._link(names[one], names[(one + step) % len(names)])

    @rule(later=PICK, earlier=PICK)
    def link_again(self, later: int, earlier: int) -> None:
        """The same once more: linking is what people do most."""
        self.link(later, earlier)

    @rule(later=PICK, earlier=PICK)
    def link_dead_ones(self, later: int, earlier: int) -> None:
        names = sorted(self.model.things)
        self._link(names[later % len(names)], names[earlier % len(names)])

    def _link(self, later: str, earlier: str) -> None:
        gone = [n for n in (later, earlier) if self.model.things[n].deleted]
        problem = "not_found" if gone else self.model.link_problem(later, earlier)
        try:
            linked = services.link_activities(
                context=self.context, follow_up=later, stimulus=earlier
            )
        except VerigaError as error:
            assert error.code == problem
            return
        assert problem is None
        if self.model.pair_exists(later, earlier):
            assert linked.change is None
            return
        assert linked.change is not None
        self.model.links[linked.link.pk] = (later, earlier)
        pair = {linked.link.pk: (later, earlier)}
        self._changed(linked.change.pk, Done("join", added=pair))

    @precondition(lambda self: self.model.links)
    @rule(pick=PICK)
    def split(self, pick: int) -> None:
        pk = sorted(self.model.links)[pick % len(self.model.links)]
        pair = self.model.links.pop(pk)
        changed = services.split_chain(context=self.context, link_id=pk)
        assert len(changed.chain_ids) == (
            1 if pair[1] in self.model.chain(pair[0]) else 2
        )
        self._changed(changed.change.pk, Done("split", removed={pk: pair}))

    @rule(pick=PICK)
    def take_out(self, pick: int) -> None:
        name = self._linked(pick)
        own, wanted = self.model.links_of(name), self.model.pairs_of_take_out(name)
        try:
            changed = services.take_out(context=self.context, reference=name)
        except ServiceConflict as error:
            assert error.code == "not_linked"
            assert not own
            return
        self._changed(
            changed.change.pk, self._cut("take_out", own, wanted, changed.change)
        )

    @rule(pick=PICK)
    def take_out_and_move(self, pick: int) -> None:
        name = self._linked(pick)
        thing = self.model.things[name]
        own, wanted = self.model.links_of(name), self.model.pairs_of_take_out(name)
        (target,) = [c for c in self.companies if c != thing.company]
        changed = services.take_out_and_move(
            context=self.context, reference=name, company_id=target
        )
        done = self._cut("move", own, wanted, changed.change)
        done.company_of, done.company_before = name, thing.company
        done.company_after = thing.company = target
        self._changed(changed.change.pk, done)

    @precondition(lambda self: len(self.model.alive()) > 4)
    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        name = self._linked(pick)
        own, wanted = self.model.links_of(name), self.model.pairs_of_take_out(name)
        changed = services.delete_activity(context=self.context, reference=name)
        done = self._cut("delete", own, wanted, changed.change)
        done.rises = name
        self.model.things[name].deleted = True
        self._changed(changed.change.pk, done)

    def _cut(
        self, kind: str, own: dict[int, Any], wanted: set[Any], change: Any
    ) -> Done:
        added = {
            packed["id"]: (
                self._name(packed["follow_up"]),
                self._name(packed["stimulus"]),
            )
            for packed in change.added.get("links", [])
        }
        assert set(added.values()) == wanted
        assert {packed["id"] for packed in change.removed["links"]} == set(own)
        for pk in own:
            del self.model.links[pk]
        self.model.links |= added
        return Done(kind, removed=dict(own), added=added)

    def _name(self, pk: int) -> str:
        return Activity.objects.get(pk=pk).reference or ""

    def _changed(self, pk: int, done: Done) -> None:
        self.model.changes[pk] = done

    @precondition(lambda self: self.model.changes)
    @rule(pick=PICK)
    def undo(self, pick: int) -> None:
        """Undo any change; most often one that is not undone yet."""
        waiting = [pk for pk, c in self.model.changes.items() if not c.undone]
        among = sorted(waiting if waiting and pick % 5 else self.model.changes)
        change = among[pick % len(among)]
        done = self.model.changes[change]
        expected: str | None = "already_undone" if done.undone else None
        reverse = None
        if expected is None:
            try:
                reverse = self.model.undo(done, self.now)
            except Conflict:
                expected = "undo_conflict"
        try:
            made = services.undo_change(context=self.context, change_id=change)
        except ServiceConflict as error:
            assert error.code == expected
            return
        assert expected is None
        assert reverse is not None
        self._changed(made.pk, reverse)

    # --- marks ---------------------------------------------------------------------

    @rule(pick=PICK, stage=st.sampled_from(STAGES))
    def stage(self, pick: int, stage: str) -> None:
        name = self._any(pick)
        marked = services.set_stage(context=self.context, reference=name, stage=stage)
        self._marked(name, marked)

    @rule(pick=PICK, outcome=st.sampled_from(["won", "lost", "given_up", "open"]))
    def close(self, pick: int, outcome: str) -> None:
        name = self._any(pick)
        marked = services.close_sale(
            context=self.context, reference=name, outcome=outcome
        )
        self._marked(name, marked)

    def _marked(self, name: str, marked: services.Marked) -> None:
        for mark in marked.marks:
            self.model.marks[mark.pk] = {
                "on": name,
                "at": self.now,
                "kind": str(mark.kind),
                "value": mark.value,
                "withdrawn": False,
            }
        if marked.change is not None:
            ids = [mark.pk for mark in marked.marks]
            self._changed(marked.change.pk, Done("close", marks_added=ids))

    @precondition(lambda self: self.model.links)
    @rule(pick=PICK)
    def refuse_to_move_a_linked_one(self, pick: int) -> None:
        name = self._linked(pick)
        thing = self.model.things[name]
        (target,) = [c for c in self.companies if c != thing.company]
        with pytest.raises(Invalid) as raised:
            services.update_activity(
                context=self.context, reference=name, changes={"company": target}
            )
        assert raised.value.code == "company_fixed"

    # --- what must always agree ----------------------------------------------------

    @invariant()
    def all_agree(self) -> None:
        if not hasattr(self, "model"):
            return
        page = list_activities(self.actor, ActivityFilters(), now=self.now, limit=200)
        alive = {t.name for t in self.model.alive()}
        assert [r.reference for r in page.rows] == self.model.newest_first(alive)
        seen: dict[int, set[str]] = {}
        for row in page.rows:
            seen.setdefault(row.chain_id, set()).add(row.reference)
            counts = self.model.counts(row.reference)
            counts[row.kind] -= 1
            assert counts == {
                "event": row.events,
                "task": row.tasks,
                "product_record": row.product_records,
                "quote": row.quotes,
            }
            assert row.state == self.model.state(row.reference, self.now)
            assert row.is_origin == (self.model.origin(row.reference) == row.reference)
            assert row.company_id == self.model.things[row.reference].company
        chains = summaries(list(seen))
        for pk, names in seen.items():
            one = next(iter(names))
            assert names == self.model.chain(one)
            chain = chains[pk]
            assert chain.origin_reference == self.model.origin(one)
            assert chain.size == len(names)
            dates = [self.model.things[n].date for n in names]
            assert (chain.first_date, chain.last_date) == (min(dates), max(dates))
            assert (chain.stage, chain.outcome) == self.model.stage_and_outcome(one)
            assert chain.last_acted_at == self.model.silent_since(one)
            assert chain.last_in_at == self.model.customer_silent_since(one)
            assert chain.move(self.now) == self.model.move(one, self.now)
            assert chain.is_running == self.model.is_running(one)
            step = Chain.objects.select_related("next_step").get(pk=pk).next_step
            assert (step.reference if step else None) == self.model.next_step(one)
        if seen:
            pk, names = max(seen.items(), key=lambda item: len(item[1]))
            story = list_members(self.actor, pk, now=self.now, oldest_first=True).rows
            newest = self.model.newest_first(names)
            assert [r.reference for r in story] == newest[::-1]


@pytest.mark.slow
@pytest.mark.django_db
def test_services_agree_with_a_plain_model() -> None:
    run_state_machine_as_test(
        Chains,
        settings=settings(
            max_examples=sized(ci=60, full=600),
            stateful_step_count=sized(ci=50, full=60),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
