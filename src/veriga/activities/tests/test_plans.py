"""How rows of lists are found: never by walking through all of a kind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.queries.filters import ActivityFilters
from veriga.activities.queries.lists import count_activities, list_activities
from veriga.activities.rules.words import State
from veriga.parties.tests.factories import make_company

from .factories import acting, make_activity

pytestmark = pytest.mark.django_db
OTHERS = 3_000


def crowd(one: Activity, **fields: object) -> None:
    """Store as many others like it as PostgreSQL needs to see a difference."""
    row = Activity.objects.filter(pk=one.pk).values()[0] | {"id": None, **fields}
    keys = [f"X-25-{number:05}" for number in range(OTHERS)]
    Activity.objects.bulk_create(
        Activity(**{**row, "reference": key, "reference_key": key}) for key in keys
    )
    if connection.vendor == "postgresql":
        # Which counts by itself; SQLite chooses without having counted.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def plan_of(asked: CaptureQueriesContext) -> str:
    """Return the plan of the longest statement."""
    sql = max((query["sql"] for query in asked.captured_queries), key=len)
    is_postgresql = connection.vendor == "postgresql"
    explain = "EXPLAIN" if is_postgresql else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}")
        return "\n".join(str(line) for line in cursor.fetchall())


@pytest.fixture
def seller() -> User:
    return make_user(team=make_team())


@pytest.mark.parametrize("kind", ["event", "task", "quote"])
def test_of_a_team_they_are_found_by_its_companies(seller: User, kind: str) -> None:
    other = make_user(team=make_team())
    make_activity(seller, make_company(owner=seller), kind)
    crowd(make_activity(other, make_company(owner=other), kind))
    with CaptureQueriesContext(connection) as asked:
        found = list_activities(
            acting(seller).actor, ActivityFilters(kind=kind), now=NOW
        )
    assert len(found.rows) == 1
    plan = plan_of(asked)
    assert "activity_newest_of_team" in plan
    assert "activity_newest_of_kind" not in plan


def test_what_is_due_of_a_kind_is_found_by_its_deadline(seller: User) -> None:
    boss = make_user(role=Role.ADMINISTRATOR, scope=Scope.ALL)
    due = NOW + timedelta(days=3)
    quote = make_activity(
        seller, make_company(owner=seller), "quote", valid_until=due.date()
    )
    crowd(quote, done_at=NOW, result="done")
    ahead = ActivityFilters(
        kind="quote", state=State.PENDING, due_to=due.date(), order="due"
    )
    with CaptureQueriesContext(connection) as asked:
        found = list_activities(acting(boss).actor, ahead, now=NOW)
    assert [row.id for row in found.rows] == [quote.pk]
    plan = plan_of(asked)
    assert "activity_open" in plan
    assert "activity_newest_of_kind" not in plan


def test_own_open_work_is_counted_without_all_companies(seller: User) -> None:
    late = NOW - timedelta(days=3)
    task = make_activity(seller, make_company(owner=seller), "task", due_at=late)
    other = make_user(team=make_team())
    crowd(task, owner_id=other.pk)
    own = ActivityFilters(owner_id=seller.pk, state=State.OVERDUE)
    with CaptureQueriesContext(connection) as asked:
        assert count_activities(acting(seller).actor, own, now=NOW) == 1
    plan = plan_of(asked)
    assert "(owner_id" in plan
    assert "account_owner_id" not in plan
