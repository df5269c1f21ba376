"""The demo on any day and at any hour, in both languages, and who may enter it.

Apart from test_company.py, which keeps one demo for all its tests.
"""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import Q

from veriga.access.models import User
from veriga.activities.models import Activity, Entry, Link, Mark
from veriga.activities.queries.checking import find_differences
from veriga.demo.company import make_demo
from veriga.demo.content import LANGUAGES, load
from veriga.demo.customers import PASSWORD
from veriga.demo.start import people, write_start
from veriga.history.models import Record
from veriga.parties.models import Company

ZONE = ZoneInfo("Europe/Ljubljana")
NOW = datetime(2026, 3, 3, 11, 20, tzinfo=ZONE)  # a Tuesday

# Moments at which dates go wrong easily.
AWKWARD = (
    datetime(2026, 1, 1, 0, 5, tzinfo=ZONE),  # a holiday, the year's first minutes
    datetime(2026, 3, 2, 6, 0, tzinfo=ZONE),  # Monday before work
    datetime(2026, 3, 8, 3, 0, tzinfo=ZONE),  # Sunday night
    datetime(2026, 3, 29, 2, 59, tzinfo=ZONE),  # the hour that summer time skips
    datetime(2026, 5, 4, 9, 59, tzinfo=ZONE),  # Monday after two holidays
    datetime(2028, 2, 29, 23, 59, tzinfo=ZONE),
)


pytestmark = pytest.mark.django_db


def overdue_at(company_id, now):
    return Activity.objects.filter(
        company_id=company_id, done_at=None, due_at__lte=now
    ).values_list("title", flat=True)


@pytest.mark.parametrize("now", AWKWARD, ids=str)
def test_something_needs_action_whenever_it_is_made(now):
    made = make_demo(language="sl", now=now, activities=260)

    titles = {step.key: step.title for step in load("sl").story}
    assert list(overdue_at(made.company_id, now)) == [titles["overdue_call"]]
    assert made.activities == Activity.objects.count() >= 260  # and what a rule made
    assert list(find_differences()) == []
    ahead = Q(recorded_at__gt=now) | Q(done_at__gt=now)
    assert not Activity.objects.filter(ahead).exists()
    for model in (Entry, Mark, Link, Record):
        assert not model.objects.filter(made_at__gt=now).exists(), model


def test_it_is_the_same_each_time_and_in_both_languages_alike():
    def told(language):
        with transaction.atomic():
            make_demo(language=language, now=NOW, activities=260)
            rows = list(
                Activity.objects.order_by("reference_key").values_list(
                    "reference", "date", "company__name", "result", "title"
                )
            )
            transaction.set_rollback(True)
        return rows

    first = told("sl")
    assert told("sl") == first
    english = told("en")
    assert len({row[4] for row in first} & {row[4] for row in english}) < 5
    assert len(english) == len(first)


def test_the_four_can_sign_in_with_the_password_of_the_demo():
    make_demo(language="sl", now=NOW, activities=260)

    titles = [one.title for one in people("sl")]
    assert titles == ["Prodajnica", "Vodja prodaje", "Direktor", "Administrator"]
    for one in people("sl"):
        assert User.objects.get(email=one.email).check_password(PASSWORD)


def test_the_start_file_says_all_that_pages_need(tmp_path):
    made = make_demo(language="en", now=NOW, activities=260)
    write_start(tmp_path / "start.json", made)

    start = json.loads((tmp_path / "start.json").read_text(encoding="utf-8"))
    assert Company.objects.get(pk=start["company"]).name == "Alpina Pak d.o.o."
    assert {len(start["hints"][language]) for language in LANGUAGES} == {5}
    assert [person["name"] for person in start["people"]] == [
        *("Maja Kovač", "Nataša Golob", "Tomaž Vidmar", "Boštjan Oblak")
    ]
    assert all(person["title_sl"] and person["title_en"] for person in start["people"])
