"""What comes again, in the forms: recording it, changing one, some or all, deleting."""

from __future__ import annotations

import pytest

from veriga.activities.models import Activity, Series

from .test_two_people import opened

pytestmark = pytest.mark.django_db


def new(web, company, **more):
    form = opened(web, f"/events/new/?company={company.pk}")
    form |= {
        "title": "Kolegij",
        "company": str(company.pk),
        "starts_on": "2026-12-01",
        "starts_time": "09:00",
        "ends_time": "10:00",
        "repeat_unit": "week",
        "repeat_every": "2",
        "repeat_until": "2027-01-31",
        **more,
    }
    return web.post("/events/new/", form)


def living():
    return list(Activity.objects.filter(deleted_at__isnull=True).order_by("date"))


def test_recorded_told_changed_and_deleted(web, company):
    assert new(web, company).status_code == 302
    made = living()
    assert [f"{a.date:%d.%m.}" for a in made] == [
        "01.12.", "15.12.", "29.12.", "12.01.", "26.01.",
    ]  # fmt: skip
    second = f"/activities/{made[1].reference}/"
    page = web.get(second).content.decode()
    assert "vsaka 2 tedna do 31. 1. 2027" in page
    form = opened(web, f"{second}edit/")
    answer = web.post(
        f"{second}edit/", {**form, "place": "Celje", "which": "following"}
    )
    assert answer.status_code == 302
    assert [a.event.place for a in living()] == ["", *["Celje"] * 4]
    form = opened(web, f"{second}edit/")
    web.post(f"{second}edit/", {**form, "title": "Samo ta", "which": "this"})
    assert [a.title == "Samo ta" for a in living()] == [False, True, *[False] * 3]
    web.post(f"{second}delete/", {"which": "following"})
    assert len(living()) == 1
    assert str(made[4].reference) in web.get("/deleted/").content.decode()


def test_the_form_without_repetition_is_as_before(web, company):
    assert new(web, company, repeat_unit="").status_code == 302
    assert len(living()) == 1 and not Series.objects.exists()


def test_a_task_too(web, company):
    form = opened(web, f"/tasks/new/?company={company.pk}")
    form |= {
        "title": "Mesečno poročilo",
        "company": str(company.pk),
        "starts_on": "2026-12-01",
        "due_on": "2026-12-05",
        "repeat_unit": "month",
        "repeat_every": "1",
        "repeat_until": "2027-02-28",
    }
    assert web.post("/tasks/new/", form).status_code == 302
    assert [a.task.due_on.isoformat() for a in living()] == [
        "2026-12-05", "2027-01-05", "2027-02-05",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"repeat_until": ""}, "repeat_until"),
        ({"repeat_until": "nekoč"}, "repeat_until"),
        ({"repeat_until": "2026-11-01"}, "repeat_until"),
        ({"repeat_every": "0"}, "repeat_every"),
        ({"repeat_every": "x"}, "repeat_every"),
        ({"repeat_unit": "year"}, "repeat_unit"),
        ({"repeat_unit": "day", "repeat_every": "1", "repeat_until": "2028-01-01"},
         "repeat_until"),
    ],
)  # fmt: skip
def test_wrong_input_comes_back_and_records_nothing(web, company, wrong, field):
    answer = new(web, company, **wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="error_{field}"' in page and 'value="Kolegij"' in page
    assert not Activity.objects.exists()
