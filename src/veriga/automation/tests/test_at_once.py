"""Workers and people at once: every step of a run is done once."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import make_user
from veriga.activities.models import Activity, Link
from veriga.activities.queries.checking import find_differences
from veriga.activities.services import finish_activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.automation.models import Run, RunStep
from veriga.automation.services import watch
from veriga.parties.tests.factories import make_company

from .factories import call_in, make_rule
from .test_running import later, made

pytestmark = pytest.mark.django_db(transaction=True)
COMPANIES = 6


def together(*tasks) -> None:
    """Run all tasks at the same moment, each in a thread; what fails is raised."""
    ready, broken = threading.Barrier(len(tasks)), []

    def run(task) -> None:
        try:
            ready.wait()
            task()
        except BaseException as error:  # noqa: BLE001  # the test reports it
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]


@pytest.fixture
def people() -> tuple[User, User]:
    return make_user("Nataša", role=Role.MANAGER), make_user("Maja")


def test_two_workers_make_each_step_once(people):
    head, maja = people
    make_rule(head, call_in(1), call_in(3), call_in(3, title="zadnji"))
    for _ in range(COMPANIES):
        company = make_company(owner=maja)
        make_activity(maja, company, type="visit", days_ago=0.1)
    together(*[lambda: watch(later(10))] * 3)
    assert len(made()) == 3 * COMPANIES
    assert RunStep.objects.count() == 3 * COMPANIES
    assert Link.objects.count() == 3 * COMPANIES
    assert not list(find_differences())


def test_two_workers_see_each_silence_once(people):
    head, maja = people
    make_rule(head, trigger="silence", days=5)
    for _ in range(COMPANIES):
        company = make_company(owner=maja)
        first = make_activity(maja, company, type="visit", days_ago=1)
        make_activity(
            maja, company, type="call", days_ago=0.1, follows=str(first.reference)
        )
    together(*[lambda: watch(later(9))] * 3)
    assert Run.objects.count() == COMPANIES
    assert len(made()) == COMPANIES
    assert not list(find_differences())


def test_a_worker_and_whoever_finishes_the_step(people):
    head, maja = people
    make_rule(head, call_in(1), call_in(3))
    references = []
    for _ in range(COMPANIES):
        company = make_company(owner=maja)
        make_activity(maja, company, type="visit", days_ago=0.1)
        references.append(str(Activity.objects.latest("pk").reference))

    def finish() -> None:
        for reference in references:
            finish_activity(context=acting(maja, later(10)), reference=reference)

    together(finish, lambda: watch(later(10)), finish)
    assert len(made()) == 2 * COMPANIES
    assert not list(find_differences())


def test_one_activity_finished_by_two_at_once(people):
    head, maja = people
    make_rule(head, call_in(1))
    company = make_company(owner=maja)
    planned = make_activity(maja, company, type="visit", days_ago=-0.1)
    reference = str(planned.reference)
    context = acting(maja, later(1))
    together(
        *[lambda: finish_activity(context=context, reference=reference)] * 4,
    )
    assert Run.objects.count() == 1
    assert len(made()) == 1
