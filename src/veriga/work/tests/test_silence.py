"""What is silent too long: by the limits that data carry, else by the firm's own."""

from __future__ import annotations

from typing import Any

import pytest

from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Chain
from veriga.activities.queries.narrowing import RunningFilters
from veriga.activities.queries.running import (
    list_running,
    stage_totals,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.insight.models import ChainFigures, Result
from veriga.insight.queries.limits import forget_limits
from veriga.insight.services.computing import compute
from veriga.parties.tests.factories import make_company
from veriga.setup.services import set_silence_limits
from veriga.work.queries.desk import get_desk
from veriga.work.queries.silence import limits_for, silence_of

from .silent import LATER, carried, chain, chains_of_any_shape, flagged

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Any:
    return make_user("Boris", role=Role.MANAGER, scope=Scope.ALL)


def test_flag_filter_count_and_report_agree(boss, monkeypatch) -> None:
    """Chains of any shape: events, tasks, appointments ahead and missed ones."""
    chains_of_any_shape(boss, 40)
    carried(monkeypatch, 11.37, segments={"A": 23.5})
    limits = limits_for(actor_of(boss), LATER)
    assert (limits.are_by_data, list(limits.by_segment)) == (True, ["A"])
    found = flagged(boss, limits)
    stalled_ones = ChainFigures.objects.filter(is_stalled=True, chain__is_running=True)
    listed = set(stalled_ones.values_list("chain__origin__reference", flat=True))
    assert found == listed
    assert 4 < len(found) < Chain.objects.count() - 4
    assert get_desk(actor_of(boss), now=LATER, everybody=True).beyond == len(found)


def test_a_flag_goes_as_soon_as_something_happens(boss, monkeypatch) -> None:
    company = make_company(owner=boss)
    first = chain(boss, company, 50, 40)
    carried(monkeypatch, 10.0)
    limits = limits_for(actor_of(boss), LATER)
    assert flagged(boss, limits) == {first}
    make_activity(boss, company, now=LATER, days_ago=0.1, follows=first)
    assert flagged(boss, limits) == set()


def test_the_firms_own_hold_until_the_data_carry_better_ones(boss, monkeypatch) -> None:
    company = make_company(owner=boss)
    first = chain(boss, company, 50, 40, type="visit")
    set_silence_limits(context=acting(boss), limits={"visit": 5})
    compute(LATER)
    limits = limits_for(actor_of(boss), LATER)
    assert (limits.are_by_data, flagged(boss, limits)) == (False, {first})
    (row,) = list_running(actor_of(boss), RunningFilters(), now=LATER).rows
    assert silence_of(row, limits).limit_days == 5
    carried(monkeypatch, 90.0)
    limits = limits_for(actor_of(boss), LATER)
    assert (limits.are_by_data, flagged(boss, limits)) == (True, set())
    silence = silence_of(row, limits)
    assert (silence.limit_days, silence.data_limit.days) == (None, 90.0)
    assert (silence.data_limit.waits, silence.data_limit.chains) == (4_812, 812)
    assert silence.data_limit.days_per_alarm == 250.0
    carried(monkeypatch, 90.0, code="drifted")
    limits = limits_for(actor_of(boss), LATER)
    assert (limits.are_by_data, flagged(boss, limits)) == (False, {first})


def test_each_reads_the_limits_of_their_own_sight(boss, monkeypatch) -> None:
    ana = make_user("Ana", scope=Scope.OWN, team=make_team("Sever"))
    chain(ana, make_company(owner=ana), 50, 40)
    chain(boss, make_company(owner=boss), 50, 40)
    carried(monkeypatch, 10.0)
    hers = Result.objects.filter(
        kind="stalled", population__sights__key__endswith=f":user={ana.pk}"
    )
    assert hers.update(payload={"code": "too_few"}) == 1
    forget_limits()
    assert not limits_for(actor_of(ana), LATER).are_by_data
    assert limits_for(actor_of(boss), LATER).are_by_data
    stranger = make_user("Nova", scope=Scope.OWN, team=make_team("Jug"))
    assert not limits_for(actor_of(stranger), LATER).are_by_data


def test_totals_of_the_board_do_not_look_at_the_clock(boss, monkeypatch) -> None:
    chain(boss, make_company(owner=boss), 20, 2)
    carried(monkeypatch, 10.0)
    actor = actor_of(boss)
    narrowed = limits_for(actor, LATER).beyond(RunningFilters())
    assert stage_totals(actor, narrowed) == stage_totals(actor, RunningFilters())


def test_limits_are_read_once_in_a_while(boss, django_assert_num_queries) -> None:
    compute(LATER)
    limits_for(actor_of(boss), LATER)  # the firm's own are kept elsewhere
    forget_limits()
    with django_assert_num_queries(1):
        limits_for(actor_of(boss), LATER)
        limits_for(actor_of(boss), LATER)
