"""What stands beside a selected row: its chain's tasks, its company's open work."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from veriga.access.queries import actor_of
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.services import finish_activity, link_activities
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import NotFound
from veriga.parties.tests.factories import make_company
from veriga.work.queries.beside import beside_company, get_beside

pytestmark = pytest.mark.django_db

LINES = [{"text": "Linija", "quantity": Decimal(1), "unit_price": Decimal(9)}]


@pytest.fixture
def maja() -> Any:
    return make_user(name="Maja", team=make_team())


@pytest.fixture
def alpina(maja) -> Any:
    return make_company(owner=maja)


def test_the_chain_first_then_the_company(
    maja, alpina, django_assert_num_queries
) -> None:
    visit = make_activity(maja, alpina, days_ago=9)
    task = make_activity(maja, alpina, "task", days_ago=8)
    quote = make_activity(maja, alpina, "quote", days_ago=7, lines=LINES)
    for later in (task, quote):
        link_activities(
            context=acting(maja),
            follow_up=later.reference,
            stimulus=visit.reference,
        )
    loose = make_activity(maja, alpina, "task", due_on=NOW.date() + timedelta(9))
    other = make_activity(maja, alpina, "quote", lines=LINES)
    make_activity(maja, make_company(owner=maja), "task")
    finish_activity(context=acting(maja), reference=task.reference)
    actor = actor_of(maja)
    with django_assert_num_queries(2):
        found = get_beside(actor, visit.reference, now=NOW)
    assert [row.pk for row in found.chain_tasks] == [task.pk]
    assert [row.pk for row in found.tasks] == [loose.pk]
    assert [row.pk for row in found.chain_quotes] == [quote.pk]
    assert [row.pk for row in found.quotes] == [other.pk]
    with django_assert_num_queries(1):
        whole = beside_company(actor, alpina, now=NOW)
    assert {row.pk for row in whole.quotes} == {quote.pk, other.pk}
    assert not whole.chain_tasks


def test_what_is_not_visible_is_not_found(maja, alpina) -> None:
    stranger = actor_of(make_user(team=make_team()))
    one = make_activity(maja, alpina)
    with pytest.raises(NotFound):
        get_beside(stranger, one.reference, now=NOW)
    assert not beside_company(stranger, alpina, now=NOW).tasks
