"""One rule of states in Python and the same in SQL."""

from __future__ import annotations

from datetime import timedelta

import pytest

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_user
from veriga.activities.models import Activity
from veriga.activities.queries.filters import state_condition
from veriga.activities.rules.times import state_of
from veriga.activities.rules.words import State
from veriga.parties.tests.factories import make_company

from .factories import make_activity


@pytest.mark.django_db
def test_python_and_sql_say_the_same_at_every_moment() -> None:
    user = make_user(role=Role.MANAGER, scope=Scope.ALL)
    company = make_company(owner=user)
    due = NOW + timedelta(hours=5)
    make_activity(user, company, "task", due_at=due)
    make_activity(user, company, "task")  # without a deadline
    make_activity(user, company, "task", due_at=due, done_at=NOW)
    make_activity(user, company, starts_at=due)
    make_activity(user, company, days_ago=2)  # held already
    make_activity(user, company, "product_record")
    instant = timedelta(microseconds=1)
    seen = set()
    for now in (NOW, due - instant, due, due + instant):
        for activity in Activity.objects.all():
            state = state_of(activity.done_at, activity.due_at, now)
            found = [
                one
                for one in State
                if Activity.objects.filter(state_condition(one, now), pk=activity.pk)
            ]
            assert found == [state]
            seen.add(state)
    assert seen == set(State)
