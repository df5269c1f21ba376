"""The working time of the installation: its form, and what follows from it at once."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

import pytest

from veriga.access.rules import Role
from veriga.access.tests.factories import make_administrator, make_user
from veriga.setup.models import Preferences
from veriga.setup.preferences import WorkingTime, working_time
from veriga.setup.working import whole_working_days, working_calendar

from .clients import signed_in

pytestmark = pytest.mark.django_db

ADDRESS = "/settings/working-time/"
TYPED = {"country": "AT", "opens": "07:30", "closes": "15:30", "free_days": ""}


@pytest.fixture
def admin():
    return signed_in(make_administrator())


def test_the_usual_is_slovenia_from_eight_to_four() -> None:
    assert working_time() == WorkingTime("SI", time(8), time(16))


def test_what_is_saved_is_in_force_at_once(admin) -> None:
    typed = {**TYPED, "free_days": "24. 12. 2026\n\n2026-12-31\n24. 12. 2026"}
    assert admin.post(ADDRESS, typed).status_code == 302
    assert working_time() == WorkingTime(
        "AT", time(7, 30), time(15, 30), (date(2026, 12, 24), date(2026, 12, 31))
    )
    calendar = working_calendar()
    assert calendar.opens == time(7, 30)
    assert not calendar.is_working_day(date(2026, 12, 24))
    assert not calendar.is_working_day(date(2026, 10, 26))  # Austria's own holiday
    assert calendar.is_working_day(date(2026, 2, 9))
    before, after = (
        datetime(2026, 12, 23, 20, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    )
    # 28, 29 and 30 December: Christmas lies before, a weekend in between.
    assert whole_working_days(before, after) == 3
    assert "24. 12. 2026" in admin.get(ADDRESS).content.decode()


@pytest.mark.parametrize("language", ["sl", "en"])
def test_what_the_form_shows_it_takes_back(language) -> None:
    web = signed_in(make_administrator(language=language))
    web.post(ADDRESS, {**TYPED, "free_days": "24. 12. 2026"})
    page = web.get(ADDRESS).content.decode()
    shown = re.search(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert shown is not None
    answer = web.post(ADDRESS, {**TYPED, "free_days": shown[1]})
    assert answer.status_code == 302
    assert working_time().free_days == (date(2026, 12, 24),)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("country", "XX"),
        ("country", ""),
        ("opens", ""),
        ("opens", "8 o'clock"),
        ("closes", "07:30"),
        ("closes", "06:00"),
        ("closes", "16:00+01:00"),
        ("free_days", "24. 12."),
        ("free_days", "31. 2. 2026"),
        ("free_days", "1. 1. 1800"),
        ("free_days", "\n".join(f"{y}-01-02" for y in range(1970, 2101)) * 4),
    ],
)
def test_nonsense_comes_back_and_changes_nothing(admin, field, value) -> None:
    answer = admin.post(ADDRESS, {**TYPED, field: value})
    assert answer.status_code == 422
    assert f'id="error_{field}"' in answer.content.decode()
    assert not Preferences.objects.exists()
    assert working_time() == WorkingTime("SI", time(8), time(16))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SALES, Role.READER])
def test_is_for_administrators(role) -> None:
    web = signed_in(make_user(role=role))
    assert web.get(ADDRESS).status_code == 403
    assert web.post(ADDRESS, TYPED).status_code == 403
    assert not Preferences.objects.exists()
