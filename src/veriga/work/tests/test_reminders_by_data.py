"""Reminders of silence by the limits that the data carry: as the flags say it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_user
from veriga.activities.models import Activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.insight.models import Sight
from veriga.parties.tests.factories import make_company
from veriga.setup.models import Notice, NoticeSettings
from veriga.setup.services import set_silence_limits
from veriga.work.queries.silence import limits_for
from veriga.work.services.reminders import give_reminders

from .silent import LATER, carried, chain, chains_of_any_shape, flagged

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def boss() -> Any:
    return make_user("Boris", role=Role.MANAGER, scope=Scope.ALL)


def told(user: Any) -> list[str]:
    """Return the chains that somebody was reminded of, by their origins."""
    about = Notice.objects.filter(kind="silence", user=user).order_by("pk")
    origins = dict(
        Activity.objects.values_list("reference", "chain__origin__reference")
    )
    return [origins[notice.params["reference"]] for notice in about]


def look(first: datetime, hours: int, step: timedelta = HOUR / 2) -> None:
    moment = first
    while moment <= first + hours * HOUR:
        give_reminders(now=moment)
        moment += step


def test_reminded_is_what_becomes_flagged(boss, monkeypatch) -> None:
    chains_of_any_shape(boss, 60)
    carried(monkeypatch, 11.37, segments={"A": 23.5})
    give_reminders(now=LATER)
    before = flagged(boss, limits_for(actor_of(boss), LATER))
    look(LATER, 14 * 24)
    end = LATER + timedelta(days=14)
    fresh = flagged(boss, limits_for(actor_of(boss), end)) - before
    assert len(fresh) > 8
    assert sorted(told(boss)) == sorted(fresh)


def test_the_limit_is_named_and_the_firms_own_is_not_used(boss, monkeypatch) -> None:
    chain(boss, make_company(owner=boss), 9, 3, type="visit")
    set_silence_limits(context=acting(boss), limits={"visit": 5})
    carried(monkeypatch, 8.0)
    give_reminders(now=LATER)
    look(LATER, 8 * 24)
    (notice,) = Notice.objects.filter(kind="silence")
    assert notice.params["data_days"] == 8.0
    assert "days" not in notice.params


def test_each_owner_by_what_they_see(boss, monkeypatch) -> None:
    """Who sees nothing that carries a limit has the firm's own."""
    maja = make_user("Maja", role=Role.SALES, scope=Scope.OWN)
    chain(boss, make_company(owner=boss), 9, 3, type="visit")
    chain(maja, make_company(owner=maja), 9, 3, type="visit")
    set_silence_limits(context=acting(boss), limits={"visit": 9})
    carried(monkeypatch, 8.0)
    Sight.objects.filter(key__contains=f"user={maja.pk}").delete()
    give_reminders(now=LATER)
    look(LATER, 12 * 24)
    found = {n.user: n.params for n in Notice.objects.filter(kind="silence")}
    assert found[boss]["data_days"] == 8.0
    assert found[maja]["days"] == 9


def test_whoever_wants_none_gets_none_and_what_goes_on_is_not_told(
    boss, monkeypatch
) -> None:
    rok = make_user("Rok", role=Role.MANAGER, scope=Scope.ALL)
    NoticeSettings.objects.create(user=rok, silence_told=False, silence_mailed=False)
    chain(rok, make_company(owner=rok), 9, 3)
    company = make_company(owner=boss)
    first = chain(boss, company, 9, 3)
    carried(monkeypatch, 8.0)
    give_reminders(now=LATER)
    make_activity(boss, company, now=LATER + HOUR, days_ago=0, follows=first)
    look(LATER, 7 * 24)
    assert not Notice.objects.filter(kind="silence").exists()
    look(LATER + timedelta(days=7), 7 * 24)
    assert told(boss) == [first]


def test_by_the_data_is_looked_once_in_a_minute(
    boss, monkeypatch, django_assert_num_queries
) -> None:
    chain(boss, make_company(owner=boss), 9, 3)
    carried(monkeypatch, 8.0)
    look(LATER, 1)
    with django_assert_num_queries(10):  # two of waits, three to note the clock
        give_reminders(now=LATER + 2 * HOUR)
    with django_assert_num_queries(4):  # of the other reminders
        give_reminders(now=LATER + 2 * HOUR + timedelta(seconds=30))
