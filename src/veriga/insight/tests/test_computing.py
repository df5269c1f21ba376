"""Computing and storing: for whom, when, and what errors and rivals do to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from veriga.access.queries import actor_of
from veriga.access.rules import Scope, system
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.services import close_sale, finish_activity, link_activities
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import NotFound
from veriga.insight.models import (
    ChainFigures,
    Computing,
    Population,
    Result,
    Sight,
)
from veriga.insight.queries.populations import chains_seen
from veriga.insight.queries.reading import read_log
from veriga.insight.queries.results import (
    find_chain_figures,
    get_result,
    list_stalled,
)
from veriga.insight.queries.seeing import shares_of_users, sights_in_use
from veriga.insight.rules.calibration import Terms
from veriga.insight.rules.log import ActivityLog
from veriga.insight.rules.sights import sight_of_actor
from veriga.insight.rules.words import ReportKind
from veriga.insight.services.claiming import claim, finish, is_due
from veriga.insight.services.computing import compute
from veriga.insight.services.reports import Made
from veriga.parties.models import Share
from veriga.parties.queries import visible_companies
from veriga.parties.tests.factories import make_company, make_own_firm
from veriga.setup.working import working_calendar

pytestmark = pytest.mark.django_db
MAP = ReportKind.MAP
MONTHS_LATER = NOW + timedelta(days=90)


def count_only(log: ActivityLog, terms: Terms) -> Iterator[Made]:
    """Make one report that says how many chains there are, and flag each of them."""
    figures = [
        ChainFigures(chain_id=int(pk), is_stalled=True, payload={}, chance=0.5)
        for pk in log.chains.id
    ]
    yield Made(MAP, payload={"chains": len(log.chains)}, figures=figures)


def keep_limits(log: ActivityLog, terms: Terms) -> Iterator[Made]:
    """Make a report of stalled chains that keeps the limits of before if it may."""
    made = {"at": terms.now.isoformat(), "activities": 1, "basis": terms.basis}
    calibrated = (terms.before or {}).get("calibrated") or made
    yield Made(ReportKind.STALLED, payload={"code": "ok", "calibrated": calibrated})


def limits_made(user) -> datetime:
    payload = get_result(actor_of(user), ReportKind.STALLED).payload
    return datetime.fromisoformat(payload["calibrated"]["at"])


def chains_in(user, team_id: int | None = None) -> int | None:
    payload = get_result(actor_of(user), MAP, team_id).payload
    return payload and payload["chains"]


@pytest.fixture
def firm():
    """Two teams, with a company each, a natural person, one of nobody, and Interno."""
    north, south = make_team("Sever"), make_team("Jug")
    boss = make_user("Boris", role="manager", may_see_persons=True)
    maja = make_user("Maja", team=north)
    ana = make_user("Ana", team=north, scope=Scope.OWN)
    jan = make_user("Jan", team=south, may_see_persons=True)
    companies = [
        make_company(owner=maja),
        make_company(owner=ana),
        make_company(owner=jan),
        make_company(owner=jan, kind="natural_person"),
        make_company(owner=None),
    ]
    for company in companies:
        make_activity(boss, company)
    make_activity(boss, make_own_firm())
    return {
        "boss": boss, "maja": maja, "ana": ana, "jan": jan, "companies": companies,
        "north": north, "south": south,
    }  # fmt: skip


def test_everybody_reads_of_just_the_chains_they_see(firm) -> None:
    compute(NOW, count_only)
    assert chains_in(firm["boss"]) == 5
    assert chains_in(firm["maja"]) == 2
    assert chains_in(firm["ana"]) == 1
    assert chains_in(firm["jan"]) == 2


def test_a_share_and_the_right_to_persons_count(firm) -> None:
    person = firm["companies"][3]
    for name in ("maja", "ana"):
        Share.objects.create(company=firm["companies"][4], user=firm[name], made_at=NOW)
        Share.objects.create(company=person, user=firm[name], made_at=NOW)
    compute(NOW, count_only)
    assert chains_in(firm["maja"]) == 3
    assert chains_in(firm["ana"]) == 2
    firm["maja"].may_see_persons = True
    firm["maja"].save()
    # What is stored was made without them and is not what she sees now.
    assert chains_in(firm["maja"]) is None
    compute(NOW, count_only)
    assert chains_in(firm["maja"]) == 4


def test_the_columns_say_what_the_rule_of_visibility_says(firm) -> None:
    Share.objects.create(company=firm["companies"][0], user=firm["jan"], made_at=NOW)
    reading, shares = read_log(NOW), shares_of_users()
    for name in ("boss", "maja", "ana", "jan"):
        actor = actor_of(firm[name])
        seen = chains_seen(reading, sight_of_actor(actor), shares)
        found = set(reading.log.chains.company[seen].tolist())
        wanted = visible_companies(actor).filter(is_own=False)
        assert found == set(wanted.values_list("pk", flat=True)), name


def test_a_team_is_for_whoever_sees_all_of_it(firm) -> None:
    compute(NOW, count_only)
    north, south = firm["north"].pk, firm["south"].pk
    assert chains_in(firm["boss"], north) == 2
    assert chains_in(firm["boss"], south) == 2
    assert chains_in(firm["maja"], north) == 2
    for name, team in (("maja", south), ("ana", north), ("boss", 10**6)):
        with pytest.raises(NotFound):
            chains_in(firm[name], team)


def test_before_anything_was_computed_there_is_nothing(firm) -> None:
    found = get_result(actor_of(firm["boss"]), MAP)
    assert (found.payload, found.computed_at, found.is_there) == (None, None, False)


def test_equal_sights_share_one_population(firm) -> None:
    mark = make_user("Mark", team=firm["north"])
    done = compute(NOW, count_only)
    keys = Sight.objects.count()
    assert keys == len(sights_in_use()) > done.populations
    assert Population.objects.count() == done.populations
    assert chains_in(mark) == 2


def test_what_did_not_change_is_kept_and_the_rest_made_anew(firm) -> None:
    first = compute(NOW, count_only)
    again = compute(NOW, count_only)
    assert (again.populations, again.kept) == (0, first.populations)
    make_activity(firm["jan"], firm["companies"][2])
    third = compute(NOW, count_only)
    assert third.populations > 0 < third.kept
    assert chains_in(firm["jan"]) == 3
    assert Population.objects.count() == first.populations
    assert not Population.objects.filter(sights=None).exists()
    tomorrow = compute(NOW + timedelta(days=1), count_only)
    assert tomorrow.kept == 0


def test_limits_go_from_a_computing_to_the_next(firm) -> None:
    days = [NOW + timedelta(days=n) for n in range(3)]
    compute(days[0], keep_limits)
    compute(days[1], keep_limits)
    assert {limits_made(firm[one]) for one in ("boss", "maja", "jan")} == {days[0]}
    compute(days[2], keep_limits, afresh=True)
    assert limits_made(firm["maja"]) == days[2]


def test_nobody_gets_limits_of_chains_that_they_never_saw(firm) -> None:
    """Who comes to a sight with older limits has them made of what they see now."""
    days = [NOW + timedelta(days=n) for n in range(3)]
    compute(days[0], keep_limits)
    assert compute(days[1], keep_limits).kept == 0
    mark = make_user("Mark", team=firm["north"])
    compute(days[1] + timedelta(hours=1), keep_limits)
    assert limits_made(mark) == limits_made(firm["maja"]) > days[1]
    assert limits_made(firm["jan"]) == days[0]
    compute(days[2], keep_limits)
    assert limits_made(mark) > days[1]


def test_an_error_in_one_report_leaves_the_others(firm) -> None:
    def make(log: ActivityLog, terms: Terms) -> Iterator[Made]:
        yield Made(ReportKind.PACE, error="ZeroDivisionError: division by zero")
        yield from count_only(log, terms)

    done = compute(NOW, make)
    assert done.errors
    found = get_result(actor_of(firm["boss"]), ReportKind.PACE)
    assert (found.payload, found.error[:12]) == (None, "ZeroDivision")
    assert chains_in(firm["boss"]) == 5
    # The next computing tries again, though nothing has changed.
    assert compute(NOW, count_only).kept == 0


def test_a_computing_that_breaks_leaves_what_was_there(firm) -> None:
    compute(NOW, count_only)

    def make(log: ActivityLog, terms: Terms) -> Iterator[Made]:
        yield from count_only(log, terms)
        raise MemoryError

    with pytest.raises(MemoryError):
        compute(NOW + timedelta(days=1), make)
    assert chains_in(firm["boss"]) == 5
    state = Computing.objects.get()
    assert (state.claimed_by, state.fingerprint) == ("", "")
    compute(NOW + timedelta(days=1), count_only)
    assert not Population.objects.filter(sights=None).exists()


def test_two_workers_at_once_do_not_double(firm) -> None:
    now = timezone.now()
    assert claim("one", now)
    assert not claim("two", now)
    assert compute(NOW, count_only) is None
    assert not Result.objects.exists()
    # One that was killed is not waited for for ever.
    assert claim("two", now + timedelta(hours=1))
    finish("one", now, seconds=1, seen="x")
    assert Computing.objects.get().claimed_by == "two"


def test_computing_is_due_when_something_changed_and_some_time_has_passed(firm) -> None:
    assert is_due(timezone.now())
    compute(timezone.now(), count_only)
    later = timezone.now() + timedelta(minutes=5)
    zone = working_calendar().zone
    same_day = later.astimezone(zone).date() == timezone.now().astimezone(zone).date()
    assert is_due(later) is not same_day
    one = make_activity(firm["maja"], firm["companies"][0], "task")
    assert not is_due(timezone.now())
    assert is_due(later)
    compute(timezone.now(), count_only)
    finish_activity(context=acting(firm["maja"]), reference=one.reference)
    assert is_due(timezone.now() + timedelta(minutes=5))


def test_figures_of_a_chain_are_one_row_of_one_statement(
    firm, django_assert_num_queries
) -> None:
    compute(NOW, count_only)
    actor = actor_of(firm["boss"])
    one = make_activity(firm["boss"], firm["companies"][0])
    assert not find_chain_figures(actor, one.reference).is_there
    compute(NOW, count_only)
    assert find_chain_figures(actor, one.reference).chance == 0.5
    with django_assert_num_queries(2):
        find_chain_figures(actor, one.reference)
    with pytest.raises(NotFound):
        find_chain_figures(actor_of(firm["jan"]), one.reference)


def test_a_list_shows_nobody_what_they_no_longer_see(firm) -> None:
    compute(NOW, count_only)
    actor = actor_of(firm["maja"])
    assert len(list_stalled(actor)) == 2
    firm["companies"][1].chains.update(company_team_id=firm["south"].pk)
    assert len(list_stalled(actor)) == 1


def test_figures_of_a_chain_that_is_gone_are_not_read_and_then_removed(firm) -> None:
    boss = firm["boss"]
    one = make_activity(boss, firm["companies"][0])
    two = make_activity(boss, firm["companies"][0])
    compute(NOW, count_only)
    chains = {one.chain_id, two.chain_id}
    link_activities(
        context=acting(boss), follow_up=two.reference, stimulus=one.reference
    )
    two.refresh_from_db()
    (gone,) = chains - {two.chain_id}
    assert ChainFigures.objects.filter(chain_id=gone).exists()
    assert gone not in {chain.chain_id for chain in list_stalled(actor_of(boss))}
    compute(NOW, count_only)
    assert not ChainFigures.objects.filter(chain_id=gone).exists()


def test_an_empty_installation_computes_nothing_and_says_so() -> None:
    done = compute(NOW, count_only)
    assert done.activities == 0
    assert get_result(system("test"), MAP).payload == {"chains": 0}


def test_what_comes_after_a_close_breaks_no_report(firm) -> None:
    boss, company = firm["boss"], firm["companies"][0]
    one = make_activity(boss, company, days_ago=5)
    close_sale(context=acting(boss), reference=one.reference, outcome="lost")
    later = NOW + timedelta(days=2)
    make_activity(boss, company, now=later, days_ago=0.1, follows=one.reference)
    make_activity(boss, company, now=later, days_ago=0.1, follows=one.reference)
    done = compute(NOW + timedelta(days=5))
    assert done.errors == []
    stored = {one.kind for one in Result.objects.filter(error="")}
    assert stored == set(ReportKind)
