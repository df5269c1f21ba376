"""Whatever people do in whatever order, rules do each step once, linked, and no more.

A plain model tells what a rule may have done; the database is compared with it.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from veriga.access.rules import Role
from veriga.access.tests.factories import NOW, make_user
from veriga.activities.models import Activity, Link
from veriga.activities.queries.checking import find_differences
from veriga.activities.services import (
    close_sale,
    delete_activity,
    finish_activity,
    link_activities,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.automation.models import Run, RunStep
from veriga.automation.services import watch
from veriga.common.errors import VerigaError
from veriga.parties.tests.factories import make_company

from .factories import call_in, make_rule

ACTS = st.one_of(
    st.just(("visit", 0)),
    st.tuples(st.just("reply"), st.integers(0, 9)),
    st.tuples(st.just("finish"), st.integers(0, 9)),
    st.tuples(st.just("cancel"), st.integers(0, 9)),
    st.tuples(st.just("delete"), st.integers(0, 9)),
    st.tuples(st.just("close"), st.integers(0, 9)),
    st.tuples(st.just("link"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(1, 12)),
)


class TestAnyOrder(TestCase):
    @settings(
        max_examples=25,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(acts=st.lists(ACTS, min_size=3, max_size=14))
    @example(acts=[("visit", 0), ("finish", 1), ("finish", 3)])  # would be a circle
    def test_each_step_once_and_linked(self, acts):
        world = World()
        for act, number in acts:
            world.do(act, number)
            world.check()


class World:
    """A company, two rules that feed each other, and a clock."""

    def __init__(self) -> None:
        head = make_user(role=Role.MANAGER)
        self.maja = make_user()
        self.company = make_company(owner=self.maja)
        self.now = NOW
        steps = (call_in(1), call_in(3), call_in(6))
        self.rules = {
            make_rule(head, *steps).pk: 3,
            make_rule(head, call_in(0), type_code="call").pk: 1,
        }

    def do(self, act: str, number: int) -> None:
        """Let somebody do something an hour later, if it can be done."""
        self.now += timedelta(hours=1)
        if act == "wait":
            self.now += timedelta(days=number)
            watch(self.now)
            return
        living = list(Activity.objects.filter(deleted_at=None).order_by("pk"))
        if act == "visit" or not living:
            self._held("visit")
            return
        one = living[number % len(living)]
        context, reference = acting(self.maja, self.now), str(one.reference)
        try:
            if act == "reply":
                self._held("email_in", follows=reference)
            elif act in ("finish", "cancel"):
                result = "cancelled" if act == "cancel" else ""
                finish_activity(context=context, reference=reference, result=result)
            elif act == "delete":
                delete_activity(context=context, reference=reference)
            elif act == "close":
                close_sale(context=context, reference=reference, outcome="lost")
            else:
                link_activities(
                    context=context,
                    follow_up=reference,
                    stimulus=str(living[0].reference),
                )
        except VerigaError:
            pass  # refused, as it would be to anybody

    def _held(self, type_code: str, **fields: str) -> None:
        make_activity(
            self.maja,
            self.company,
            type=type_code,
            now=self.now,
            days_ago=0.01,
            **fields,
        )

    def check(self) -> None:
        """Compare with what rules may have done at the very most."""
        assert not list(find_differences())
        runs = list(Run.objects.order_by("pk"))
        keys = Counter((run.rule_id, run.key) for run in runs)
        assert not keys or max(keys.values()) == 1
        for run in runs:
            assert len(run.lineage) == len(set(run.lineage)) <= 3
            done = list(run.done.order_by("position"))
            positions = [step.position for step in done]
            # One after another from the first on, and none beyond the last.
            assert positions == list(range(1, len(positions) + 1))
            assert len(positions) <= self.rules[run.rule_id]
            assert all(step.outcome == "made" for step in done)
            if run.ending in ("already", "circle"):
                assert not done
            living = [s.activity for s in done if s.activity.deleted_at is None]
            for activity in living:
                follows = Link.objects.filter(follow_up=activity).exists()
                is_followed = Link.objects.filter(stimulus=activity).exists()
                gone = run.activity is None or run.activity.deleted_at is not None
                assert follows or is_followed or gone
            self._check_plan(run, living)
        made = Activity.objects.filter(source="system").count()
        assert made == RunStep.objects.filter(activity__isnull=False).count()

    def _check_plan(self, run: Run, living: list[Activity]) -> None:
        """What has ended by a reaction or a close leaves nothing open untouched."""
        if run.ending in ("reacted", "closed"):
            assert not [
                one for one in living if one.done_at is None and one.row_version == 1
            ]
        chain = run.activity.chain_id if run.activity else None
        at_work = Run.objects.filter(
            rule=run.rule_id, ended_at=None, activity__chain_id=chain
        )
        if run.ended_at is None and chain is not None:
            # Two chains that were joined may each have brought one.
            assert at_work.count() >= 1
