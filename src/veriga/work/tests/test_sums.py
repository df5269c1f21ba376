"""The sums that are kept of running chains, against sums without them."""

from __future__ import annotations

from datetime import date

import pytest

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Chain, ChainSum
from veriga.activities.queries.checking import find_differences
from veriga.activities.queries.forecast import (
    SalesFilters,
    count_unvalued,
    open_sums,
)
from veriga.activities.queries.narrowing import RunningFilters
from veriga.activities.queries.running import running_chains, stage_totals
from veriga.activities.services import (
    delete_activity,
    repair,
    set_stage,
    state_sale,
    sum_chains,
    sums,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.queries import visible_companies
from veriga.parties.rules import NATURAL_PERSON
from veriga.parties.tests.factories import make_company, make_own_firm, make_share
from veriga.setup.models import Stage
from veriga.setup.queries import forget_code_lists
from veriga.work.queries.forecast import percents
from veriga.work.services.companies import update_company
from veriga.work.services.people import update_user

pytestmark = pytest.mark.django_db
ANY = SalesFilters()


@pytest.fixture
def boss() -> User:
    return make_user(role=Role.ADMINISTRATOR, scope=Scope.ALL)


@pytest.fixture
def maja() -> User:
    return make_user("Maja", team=make_team())


def make_sale(user: User, minor: int | None, stage: str = "negotiation", **of: object):
    company = of.pop("company", None) or make_company(owner=user)
    one = make_activity(user, company, now=NOW)
    if stage:
        set_stage(context=acting(user), reference=one.reference, stage=stage)
    if minor is not None:
        state_sale(
            context=acting(user), reference=one.reference, amount_minor=minor, **of
        )
    return one


def told(user: User, filters: SalesFilters = ANY):
    """Return all that is told out of the sums, in any order."""
    actor = actor_of(user)
    return (
        sorted(open_sums(actor, filters, percents()), key=str),
        count_unvalued(actor, filters),
        sorted(stage_totals(actor, RunningFilters()), key=str),
    )


def agree(user: User, filters: SalesFilters = ANY) -> None:
    """See that the sums say what the chains do, put in or not."""
    with_some = told(user, filters)
    sums.forget_sums()
    assert told(user, filters) == with_some
    sum_chains()
    assert told(user, filters) == with_some
    assert list(find_differences()) == []


class TestSums:
    def test_say_what_the_chains_say(self, boss, maja) -> None:
        rok = make_user("Rok", team=make_team())
        make_own_firm()
        for user, minor, stage, month in (
            (maja, 333, "first_contact", date(2026, 3, 1)),
            (maja, 333, "first_contact", date(2026, 3, 1)),
            (maja, 199, "negotiation", None),
            (rok, 75_55, "quote_sent", date(2026, 4, 1)),
        ):
            make_sale(user, minor, stage, month_on=month)
        loose = make_sale(rok, 50, "", month_on=date(2026, 4, 1))
        make_activity(rok, loose.company, follows=loose.reference)
        make_sale(rok, None, "quote_sent")
        make_sale(rok, 1, currency="CHF")
        before = told(boss)
        assert before[1] == 1
        assert sum_chains() == 7
        assert not Chain.objects.filter(is_unsummed=True).exists()
        assert told(boss) == before
        for filters in (
            ANY,
            SalesFilters(account_owner_id=maja.pk),
            SalesFilters(team_id=rok.team_id),
            SalesFilters(currency="CHF"),
            SalesFilters(account_owner_id=0),
        ):
            agree(boss, filters)

    def test_change_with_what_is_in_them(self, boss, maja) -> None:
        first, second = make_sale(maja, 100), make_sale(maja, 200)
        sum_chains()
        context = acting(boss)
        state_sale(context=context, reference=first.reference, amount_minor=150)
        agree(boss)
        make_activity(maja, second.company, follows=second.reference)
        agree(boss)
        delete_activity(context=context, reference=first.reference)
        agree(boss)
        update_company(
            context=context, company_id=second.company_id, account_owner_id=boss.pk
        )
        agree(boss)
        assert [one.owner_id for one in told(boss)[0]] == [boss.pk]

    def test_follow_a_colleague_into_another_team(self, boss, maja) -> None:
        make_sale(maja, 100)
        sum_chains()
        other = make_team()
        update_user(context=acting(boss), user_id=maja.pk, team_id=other.pk)
        assert [one.team_id for one in told(boss)[0]] == [other.pk]
        agree(boss)

    def test_show_nobody_what_they_do_not_see(self, boss, maja) -> None:
        make_sale(maja, 100)
        person = make_company(owner=boss, kind=NATURAL_PERSON)
        make_sale(boss, 70, company=person)
        sum_chains()
        blind = make_user(role=Role.MANAGER, scope=Scope.ALL)
        assert sum(one.value_minor for one in told(boss)[0]) == 170
        assert sum(one.value_minor for one in told(blind)[0]) == 100
        assert told(make_user(team=make_team())) == ([], 0, [])
        assert sum(one.value_minor for one in told(maja)[0]) == 100

    def test_say_the_same_to_whoever_sees_a_part(self, boss, maja) -> None:
        rok = make_user("Rok", team=maja.team, scope=Scope.OWN, may_see_persons=True)
        elsewhere = make_user("Iva", team=make_team())
        blind = make_user("Jan", team=maja.team)
        people = (boss, maja, rok, elsewhere, blind)
        User.objects.filter(pk__in=[maja.pk, elsewhere.pk]).update(may_see_persons=True)
        for user in people:
            user.refresh_from_db()
        make_own_firm()
        minor = 1
        for owner in (*people, None):
            for kind in ({}, {"kind": NATURAL_PERSON}):
                for shared in ((), (rok, maja, blind), (elsewhere,)):
                    company = make_company(owner=owner, **kind)
                    for user in shared:
                        make_share(company, user)
                    make_sale(boss, minor, company=company, month_on=date(2026, 3, 1))
                    make_sale(boss, None, company=company)
                    minor *= 2  # so that each sum tells what it is made of
        sum_chains()
        for user in people:
            seen = visible_companies(actor_of(user)).values("pk")
            chains = running_chains(actor_of(user)).filter(company__in=seen)
            worths = [
                one for one in chains.values_list("worth_minor", flat=True) if one
            ]
            sales, unvalued, totals = told(user)
            assert sum(one.value_minor for one in sales) == sum(worths)
            assert unvalued == len(worths)
            assert sum(one.worth_minor or 0 for one in totals) == sum(worths)
            for filters in (
                ANY,
                SalesFilters(account_owner_id=rok.pk),
                SalesFilters(team_id=maja.team_id),
                SalesFilters(team_id=0),
            ):
                agree(user, filters)

    def test_leave_the_own_firm_out(self, boss) -> None:
        make_sale(boss, 100, company=make_own_firm())
        assert sum_chains() == 0
        assert told(boss) == ([], 0, [])

    def test_are_made_anew_when_a_stage_weighs_something_else(self, boss, maja) -> None:
        make_sale(maja, 100)
        sum_chains()
        Stage.objects.filter(code="negotiation").update(probability_percent=30)
        forget_code_lists()
        assert [one.weighted_minor for one in told(boss)[0]] == [30]
        assert list(find_differences()) == []
        assert sum_chains() == 1
        assert set(ChainSum.objects.values_list("percent", flat=True)) == {30}
        agree(boss)

    def test_do_not_grow_without_end(self, boss, maja, monkeypatch) -> None:
        monkeypatch.setattr(sums, "SPARE", 3)
        one = make_sale(maja, 1)
        for minor in range(2, 6):
            sum_chains()
            state_sale(
                context=acting(maja), reference=one.reference, amount_minor=minor
            )
        sum_chains()
        assert ChainSum.objects.count() == 1
        agree(boss)

    def test_are_proved_and_mended(self, boss, maja) -> None:
        make_sale(maja, 100)
        sum_chains()
        ChainSum.objects.update(worth_minor=7)
        found = list(find_differences())
        assert [one.code for one in found] == ["chain_sums"]
        assert repair(found) == []
        assert [one.value_minor for one in told(boss)[0]] == [100]
