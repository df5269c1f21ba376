"""Colleagues who come later or leave earlier: form, window and history."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from veriga.access.tests.factories import make_user
from veriga.activities.models import Participant
from veriga.activities.tests.factories import make_activity

from .test_two_people import form_of

pytestmark = pytest.mark.django_db
FROM, UNTIL = "2026-03-02T10:00", "2026-03-02T10:30"


@pytest.fixture
def luka(maja):
    return make_user("Luka Turk", team=maja.team)


@pytest.fixture
def visit(maja, luka, company):
    return make_activity(
        maja,
        company,
        starts_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
        ends_at=datetime(2026, 3, 2, 11, tzinfo=UTC),
        participants=[maja.pk, luka.pk],
    )


def edit(visit) -> str:
    return f"/activities/{visit.reference}/edit/"


def opened(web, visit) -> dict:
    """Return the form as a browser sends it, its times of people too."""
    form = form_of(web.get(edit(visit)).content.decode())
    people = list(visit.participants.values_list("pk", flat=True))
    return {**form, "participants": people}


def busy(luka) -> tuple:
    part = Participant.objects.get(user=luka)
    return part.busy_from, part.busy_until


def test_a_time_is_set_shown_told_and_emptied(web, visit, luka):
    names = f"busy_from_{luka.pk}", f"busy_until_{luka.pk}"
    form = opened(web, visit)
    assert form[names[0]] == ""
    times = dict(zip(names, (FROM, UNTIL), strict=True))
    assert web.post(edit(visit), {**form, **times}).status_code == 302
    assert busy(luka) == (
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    )
    record = web.get(f"/activities/{visit.reference}/?history").content.decode()
    assert "od 2. 3. 2026 10:00 do 2. 3. 2026 10:30" in record
    assert "Lastni časi" in record
    again = opened(web, visit)
    assert again[names[0]] == FROM
    web.post(edit(visit), {**again, "title": "Drugače"})
    assert busy(luka)[0] is not None  # untouched
    again = {**opened(web, visit), names[0]: "", names[1]: ""}
    assert web.post(edit(visit), again).status_code == 302
    assert busy(luka) == (None, None)


@pytest.mark.parametrize(
    ("start", "end", "error"),
    [
        ("kmalu", "", "error_busy_from_"),
        (UNTIL, FROM, "error_busy_until_"),
        (FROM, FROM, "error_busy_until_"),
    ],
)
def test_bad_input_gives_everything_back(web, visit, luka, start, end, error):
    names = f"busy_from_{luka.pk}", f"busy_until_{luka.pk}"
    typed = {**opened(web, visit), names[0]: start, names[1]: end, "title": "Novo"}
    answer = web.post(edit(visit), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert error in page
    back = form_of(page)
    assert (back[names[0]], back["title"]) == (start, "Novo")
    assert busy(luka) == (None, None)
    visit.refresh_from_db()
    assert visit.title != "Novo"


def test_somebody_elses_time_is_not_overwritten(web, visit, luka):
    name = f"busy_from_{luka.pk}"
    mine, theirs = opened(web, visit), opened(web, visit)
    web.post(edit(visit), {**theirs, name: FROM})
    answer = web.post(edit(visit), {**mine, "title": "Novo"})
    assert answer.status_code == 422
    back = form_of(answer.content.decode())
    assert (back[name], back["title"]) == (FROM, "Novo")
