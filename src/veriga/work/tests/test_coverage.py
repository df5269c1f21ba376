"""Link coverage against a plain count of the same activities."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity, Suggestion
from veriga.activities.services import link_activities
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.tests.factories import make_company, make_own_firm
from veriga.work.queries.coverage import (
    Share,
    forget_coverage,
    last_months,
    link_coverage,
)

pytestmark = pytest.mark.django_db


def test_the_last_six_months_over_the_year() -> None:
    assert last_months(NOW) == [
        date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1),
        date(2026, 2, 1), date(2026, 3, 1),
    ]  # fmt: skip
    # The last minute of the year in Ljubljana is an hour earlier in UTC.
    late = datetime(2026, 12, 31, 23, 59, tzinfo=ZoneInfo("Europe/Ljubljana"))
    assert last_months(late)[-1] == date(2026, 12, 1)


def test_by_month_and_team_as_a_plain_count_has_it() -> None:
    boss = make_user(role=Role.MANAGER, scope=Scope.ALL)
    people = [make_user(team=make_team(name)) for name in ("Čebele", "Ose")]
    for number, user in enumerate(people):
        company = make_company(owner=user)
        for days in range(1, 150, 11 + number):
            first = make_activity(user, company, days_ago=days + 5)
            if days % 2:
                make_activity(user, company, days_ago=days, follows=first.reference)
    lone = make_company()
    make_activity(boss, lone, days_ago=1)
    make_activity(boss, lone, days_ago=-3)  # still to come
    found = link_coverage(actor_of(boss), now=NOW)
    assert [name for name, _ in found.teams] == ["Čebele", "Ose", ""]
    months = [*found.months, date(2026, 4, 1)]
    zone = ZoneInfo("Europe/Ljubljana")
    for place in range(6):
        held = [
            a
            for a in Activity.objects.select_related("chain").filter(date__lt=NOW)
            if months[place] <= a.date.astimezone(zone).date() < months[place + 1]
        ]
        linked = sum(a.chain.size > 1 for a in held)
        assert found.total[place] == Share(len(held), linked)
        parts = sum((shares[place] for _, shares in found.teams), Share())
        assert parts == found.total[place]


def test_percent_is_cut_off_and_nothing_of_nothing() -> None:
    assert Share(3, 2).percent == 66
    assert Share(1000, 999).percent == 99
    assert Share(5, 5).percent == 100
    assert Share().percent is None


def test_only_what_one_sees_and_not_the_own_firm() -> None:
    user, stranger = make_user(team=make_team()), make_user(team=make_team())
    company = make_company(owner=user)
    one, two = (make_activity(user, company, days_ago=n / 10) for n in (1, 2))
    assert link_coverage(actor_of(stranger), now=NOW).total[-1].number == 0
    own = make_own_firm()
    make_activity(user, own, days_ago=0.1)
    assert link_coverage(actor_of(user), now=NOW).total[-1].linked == 0
    link_activities(
        context=acting(user), follow_up=one.reference, stimulus=two.reference
    )
    # It is remembered for a while, because counting takes long.
    assert link_coverage(actor_of(user), now=NOW).total[-1].linked == 0
    forget_coverage()
    found = link_coverage(actor_of(user), now=NOW).total
    assert sum(share.linked for share in found) == 2
    assert sum(share.number for share in found) == 2


def test_statements(django_assert_num_queries) -> None:
    user = make_user(team=make_team())
    company = make_company(owner=user)
    for days in range(5):
        make_activity(user, company, days_ago=days * 20 + 1)
    with django_assert_num_queries(3):
        link_coverage(actor_of(user), now=NOW)
    with django_assert_num_queries(0):
        link_coverage(actor_of(user), now=NOW + timedelta(hours=1))


class TestOffers:
    def test_accepted_changed_and_refused_are_counted(self) -> None:
        user = make_user(team=make_team())
        company = make_company(owner=user)
        one, two = (make_activity(user, company, days_ago=n) for n in (9, 8))
        for follows in (one, one, two, None):
            make_activity(
                user, company, offered=one.reference,
                follows=follows.reference if follows else "",
            )  # fmt: skip
        make_activity(user, company, follows=one.reference)  # nothing was offered
        found = link_coverage(actor_of(user), now=NOW).offers
        assert found == {"accepted": 2, "changed": 1, "refused": 1}
        stranger = make_user(team=make_team())
        assert set(link_coverage(actor_of(stranger), now=NOW).offers.values()) == {0}

    def test_what_makes_no_sense_is_no_offer_and_hinders_nothing(self) -> None:
        user = make_user(team=make_team())
        company, other = make_company(owner=user), make_company(owner=user)
        elsewhere = make_activity(user, other)
        for offered in (elsewhere.reference, "D-26-99999", "x"):
            make_activity(user, company, offered=offered)
        assert not Suggestion.objects.exists()
