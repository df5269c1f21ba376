"""Pages of group events: from the form to the tasks afterwards, and who may see."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from veriga.access.rules import Role
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.tests.factories import make_activity
from veriga.events.models import Gathering
from veriga.parties.tests.factories import make_company

from .clients import signed_in

pytestmark = pytest.mark.django_db
FORM = {"title": "Predstavitveni dan", "type": "visit", "starts_on": "2026-01-05",
        "starts_time": "09:00", "ends_time": "12:00", "place": "Kranj"}  # fmt: skip


@pytest.fixture
def gathering(web, maja, company):
    web.post("/gatherings/new/", {**FORM, "owner": maja.pk})
    made = Gathering.objects.get()
    web.post(f"/gatherings/{made.pk}/companies/", {"company": [company.pk]})
    return made


def test_from_replies_to_tasks(web, gathering, company):
    one = Activity.objects.get()
    base = f"/gatherings/{gathering.pk}/"
    page = web.get(base).content.decode()
    assert company.name in page and one.reference in page
    web.post(f"{base}{one.reference}/reply/", {"reply": "came"})
    web.post(f"{base}finish/")
    one.refresh_from_db()
    assert one.result == "carried_out"
    web.post(f"{base}tasks/", {"title": "Pokliči", "due_on": "2027-01-05"})
    assert Activity.objects.filter(kind="task").count() == 1
    record = web.get(f"/activities/{one.reference}/").content.decode()
    assert base in record and "prišla" in record
    assert company.name in web.get(f"{base}sheet/").content.decode()
    web.post(f"{base}edit/", {**FORM, "owner": gathering.owner_id, "place": "Bled",
                              "row_version": 1})  # fmt: skip
    assert Gathering.objects.get().place == "Bled"


def test_all_that_fit_and_withdraw(web, gathering, maja):
    for _ in range(3):
        make_company(owner=maja)
    base = f"/gatherings/{gathering.pk}/"
    web.post(f"{base}companies/", {"all": "1"})
    assert Activity.objects.count() == 4
    reference = Activity.objects.first().reference
    web.post(f"{base}{reference}/withdraw/")
    assert Activity.objects.filter(deleted_at=None).count() == 3


def test_bad_input_comes_back(web, maja):
    answer = web.post("/gatherings/new/", {**FORM, "title": "", "owner": maja.pk})
    assert answer.status_code == 422 and "Kranj" in answer.content.decode()
    assert not Gathering.objects.exists()


def test_others_do_not_see_it_and_readers_may_not(gathering, maja):
    stranger = signed_in(make_user(team=make_team()))
    reader = signed_in(make_user(team=maja.team, role=Role.READER))
    for piece in ("", "edit/", "companies/", "sheet/"):
        address = f"/gatherings/{gathering.pk}/{piece}"
        assert stranger.get(address).status_code == 404
    assert reader.get(f"/gatherings/{gathering.pk}/").status_code == 200
    assert reader.get("/gatherings/new/").status_code == 403
    assert reader.post(f"/gatherings/{gathering.pk}/finish/").status_code == 403


@pytest.mark.parametrize("language", ["sl", "en"])
@pytest.mark.parametrize("piece", ["", "{id}/", "{id}/companies/", "{id}/sheet/"])
def test_statements(web, maja, gathering, language, piece):
    maja.language = language
    maja.save()
    for _ in range(5):
        make_company(owner=maja)
    address = "/gatherings/" + piece.format(id=gathering.pk)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = web.get(address)
    assert page.status_code == 200
    assert (
        ("Skupinski" in page.content.decode()) or language == "en" or "sheet" in piece
    )
    assert len(asked) <= 12


class TestOneRow:
    """In a list over all companies a group event is one row, which opens it."""

    @pytest.fixture
    def many(self, web, maja, gathering, company):
        for n in range(4):
            make_company(f"Podjetje {n}", owner=maja)
        web.post(f"/gatherings/{gathering.pk}/companies/", {"all": "1"})
        make_activity(maja, company, title="Klic")
        return gathering

    @pytest.mark.parametrize("path", ["/activities/?shown=list", "/events/"])
    def test_it_says_how_many_and_opens_the_group_event(self, web, many, path):
        page = web.get(path).content.decode()
        assert page.count('<tr class="row') == 2
        assert "5 strank" in page
        assert "skupinski dogodek" in page
        assert f'data-href="/gatherings/{many.pk}/"' in page
        assert "2 zadetka" in page

    def test_with_a_company_it_is_that_companys_event(self, web, many, company):
        for path in (f"/activities/?company={company.pk}", f"/companies/{company.pk}/"):
            page = web.get(path).content.decode()
            assert page.count('<tr class="row') == 2
            assert "5 strank" not in page
        page = web.get("/activities/?q=podjetje").content.decode()
        assert page.count('<tr class="row') == 4  # a search finds each

    def test_what_the_filters_leave_of_it_still_shows(self, web, many, maja):
        first, *others = Activity.objects.filter(gathering_id=many.pk).order_by("pk")
        web.post(f"/activities/{first.reference}/done/", {"result": "cancelled"})
        mate = make_user(team=maja.team)
        Activity.objects.filter(pk=others[1].pk).update(owner=mate)
        for query in ("state=open", "state=done", f"owner={mate.pk}"):
            page = web.get(f"/events/?{query}").content.decode()
            assert f'data-href="/gatherings/{many.pk}/"' in page, query

    def test_others_count_what_they_see(self, many, maja):
        stranger = make_user(team=make_team(), language="sl")
        hers = make_company("Njena", owner=stranger)
        boss = signed_in(make_user(role=Role.MANAGER))
        boss.post(f"/gatherings/{many.pk}/companies/", {"company": [hers.pk]})
        page = signed_in(stranger).get("/events/").content.decode()
        assert page.count('<tr class="row') == 1
        assert "1 stranka" in page

    def test_pages_and_statements(self, web, maja, many, company):
        for n in range(60):
            make_activity(maja, company, title=f"Klic {n}", days_ago=n)
        web.get("/events/")
        with CaptureQueriesContext(connection) as asked:
            page = web.get("/events/").content.decode()
        assert len(asked) <= 7
        assert "62 zadetkov" in page
        assert page.count('<tr class="row') == 50
