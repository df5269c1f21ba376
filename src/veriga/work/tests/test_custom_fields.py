"""Lists narrowed by custom fields: every type of value, and by an index."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import NOW, make_user
from veriga.activities.models import Activity
from veriga.activities.queries.filters import ActivityFilters
from veriga.activities.queries.lists import count_activities, list_activities
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.models import Company
from veriga.parties.queries import CompanyFilters, list_companies
from veriga.parties.tests.factories import make_company
from veriga.setup.models import CustomField
from veriga.setup.queries import forget_code_lists
from veriga.work.services.custom_fields import (
    create_field,
    custom_indexes,
    drop_custom_indexes,
    index_custom_fields,
)

pytestmark = pytest.mark.django_db
CHOICES = [{"name_sl": "Sejem"}, {"name_sl": "Splet"}]


@pytest.fixture
def boss() -> User:
    forget_code_lists()
    return make_user("Boštjan", role=Role.ADMINISTRATOR)


def add(boss: User, subject: str, name: str, type_: str, **more: Any) -> CustomField:
    return create_field(
        context=acting(boss), subject=subject, type_=type_, name_sl=name, **more
    )


def plan_of(sql: str) -> str:
    """Return how the database would answer `sql`."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN " if is_postgresql else "EXPLAIN QUERY PLAN ") + sql)
        return "\n".join(str(row) for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("type_", "value", "other"),
    [
        ("choice", "sejem", "splet"),
        ("yes_no", True, False),
        ("yes_no", False, True),
        ("number", "1250.5", "1250"),
        ("date", "2026-03-02", "2026-03-03"),
        ("text", 'O\'Brien "x" \\ 100 % 😀', "o'brien"),
        ("text", "1", "0"),
    ],
)
def test_every_value_is_found_and_no_other(
    boss: User, type_: str, value: object, other: object
) -> None:
    choices = CHOICES if type_ == "choice" else ()
    field = add(boss, "event", "Polje", type_, choices=choices)
    company = make_company(owner=boss)
    one = make_activity(boss, company, custom={field.code: value})
    make_activity(boss, company, custom={field.code: other})
    make_activity(boss, company)
    actor = acting(boss).actor
    filters = ActivityFilters(kind="event", custom=((field.key, value),))
    found = list_activities(actor, filters, now=NOW)
    assert [row.id for row in found.rows] == [one.pk]
    assert count_activities(actor, filters, now=NOW) == 1
    stranger = acting(make_user()).actor
    assert not list_activities(stranger, filters, now=NOW).rows


def test_a_list_walks_the_index_of_its_field(boss: User) -> None:
    field = add(boss, "task", "Vir", "choice", choices=CHOICES)
    of_company = add(boss, "company", "Vir", "choice", choices=CHOICES)
    one = make_activity(boss, make_company(owner=boss), "task")
    rows = Activity.objects.filter(pk=one.pk).values()[0]
    chain = one.chain
    for number in range(3_000):
        rows |= {"reference": f"N-25-{number:05}", "reference_key": f"N-25-{number:05}"}
        rows["custom"] = {field.key: "splet" if number % 300 == 0 else "sejem"}
        Activity.objects.bulk_create([Activity(**{**rows, "id": None})])
    Company.objects.bulk_create(
        Company(
            name=f"K{number}",
            created_at=NOW,
            custom={of_company.key: "splet" if number % 300 == 0 else "sejem"},
        )
        for number in range(3_000)
    )
    assert chain is not None
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    actor = acting(boss).actor
    filters = ActivityFilters(kind="task", custom=((field.key, "splet"),))
    with CaptureQueriesContext(connection) as asked:
        assert len(list_activities(actor, filters, now=NOW).rows) == 10
        wanted = ((of_company.key, "splet"),)
        assert len(list_companies(actor, CompanyFilters(custom=wanted)).rows) == 10
    tasks, companies = (query["sql"] for query in asked.captured_queries[-2:])
    assert f"custom_{field.key}" in plan_of(tasks)
    assert f"custom_{of_company.key}" in plan_of(companies)

    # Where they were lost, they are made again; what is typed freely has none.
    add(boss, "task", "Opomba", "text")
    both = {f"custom_{one.key}" for one in (field, of_company)}
    assert custom_indexes() == both
    connection.check_constraints()  # as at a commit: an index waits for none
    drop_custom_indexes()
    assert custom_indexes() == set()
    index_custom_fields()
    index_custom_fields()
    assert custom_indexes() == both
