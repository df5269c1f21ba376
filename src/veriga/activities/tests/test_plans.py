"""How SQLite finds the rows of lists: never by walking through all of a kind."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.queries.activities import ActivityFilters, list_activities
from veriga.parties.tests.factories import make_company

from .factories import acting, make_activity

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["event", "task", "quote"])
def test_of_a_team_they_are_found_by_its_companies(kind: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by what it knows of the rows, here too few")
    seller = make_user(team=make_team())
    make_activity(seller, make_company(owner=seller), kind)
    actor = acting(seller).actor
    with CaptureQueriesContext(connection) as asked:
        found = list_activities(actor, ActivityFilters(kind=kind), now=NOW)
    assert len(found.rows) == 1
    sql = max((query["sql"] for query in asked.captured_queries), key=len)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql)
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert "activity_newest_of_team" in plan
    assert "activity_newest_of_kind" not in plan
