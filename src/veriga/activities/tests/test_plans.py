"""How rows of lists are found: never by walking through all of a kind."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.queries.filters import ActivityFilters
from veriga.activities.queries.lists import list_activities
from veriga.parties.tests.factories import make_company

from .factories import acting, make_activity

pytestmark = pytest.mark.django_db
OTHERS = 3_000


@pytest.mark.parametrize("kind", ["event", "task", "quote"])
def test_of_a_team_they_are_found_by_its_companies(kind: str) -> None:
    seller, other = make_user(team=make_team()), make_user(team=make_team())
    make_activity(seller, make_company(owner=seller), kind)
    theirs = make_activity(other, make_company(owner=other), kind)
    # As many of others as PostgreSQL needs to see a difference.
    row = Activity.objects.filter(pk=theirs.pk).values()[0] | {"id": None}
    keys = [f"X-25-{number:05}" for number in range(OTHERS)]
    Activity.objects.bulk_create(
        Activity(**{**row, "reference": key, "reference_key": key}) for key in keys
    )
    is_postgresql = connection.vendor == "postgresql"
    if is_postgresql:  # which counts by itself; SQLite chooses without having counted
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    actor = acting(seller).actor
    with CaptureQueriesContext(connection) as asked:
        found = list_activities(actor, ActivityFilters(kind=kind), now=NOW)
    assert len(found.rows) == 1
    sql = max((query["sql"] for query in asked.captured_queries), key=len)
    explain = "EXPLAIN" if is_postgresql else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}")
        plan = "\n".join(str(line) for line in cursor.fetchall())
    assert "activity_newest_of_team" in plan
    assert "activity_newest_of_kind" not in plan
