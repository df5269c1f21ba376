"""Somebody with very many open activities: every page answers, none counts them all."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.support.effort import sized

from veriga.activities.models import Activity, Chain
from veriga.activities.tests.factories import make_activity
from veriga.work.services.tables import refresh_statistics

OPEN = sized(ci=12_000, full=40_000)
STATEMENTS = 12  # session and user among them
PAGES = (
    "/desk/", "/activities/", "/activities/?view=month&span=month", "/tasks/",
    "/tasks/?state=overdue&owner=me&order=due", "/calendar/", "/calendar/?view=agenda",
    "/chains/", "/board/",
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def very_busy(maja, company):
    """Tasks that fell due an hour apart, each alone in its chain."""
    now = timezone.now()
    due = timezone.localdate(now) - timedelta(days=1)
    first = make_activity(maja, company, "task", now=now, due_on=due, title="Odprto")
    due_at, numbers = first.due_at, range(2, OPEN + 1)
    chains = Chain.objects.bulk_create(
        [copy_of(first.chain) for _ in numbers], batch_size=500
    )
    Activity.objects.bulk_create(
        [
            copy_of(
                first,
                reference=f"N-26-{number:05}",
                reference_key=f"N26-{number:07}",
                chain=chain,
                due_at=due_at - timedelta(hours=number),
                date=first.date - timedelta(hours=number),
            )
            for number, chain in zip(numbers, chains, strict=True)
        ],
        batch_size=500,
    )
    refresh_statistics([Activity, Chain])  # as the worker does every night
    return maja


def copy_of(row, **changes):
    """Return another row like this one, not yet stored."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    made = type(row)(**values)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_every_page_answers(web, very_busy, django_assert_max_num_queries) -> None:
    assert Activity.objects.filter(owner=very_busy, done_at=None).count() == OPEN
    for page in PAGES:
        web.get(page)  # what a process keeps is asked for once
        with django_assert_max_num_queries(STATEMENTS):
            answer = web.get(page)
        assert answer.status_code == 200, page
        assert len(re.findall(r'<tr class="row', answer.content.decode())) <= 60, page
    assert "10.000+" in web.get("/tasks/?state=overdue").content.decode()
    figures = re.findall(r'figure-count">([^<]+)<', web.get("/desk/").content.decode())
    assert figures[0] == "10.000+"
    assert web.get("/nav/counts/").json()["tasks"] == {"number": 1000, "late": 1000}
