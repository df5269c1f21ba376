"""The button of a call that reached nobody, in the window and over the API."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.tests.factories import make_activity
from veriga.parties.tests.factories import make_company

from .clients import PIECE, signed_in

pytestmark = pytest.mark.django_db
BUTTON = 'data-key="U"'


@pytest.fixture
def maja():
    return make_user("Maja Kovač", team=make_team())


@pytest.fixture
def call(maja):
    company = make_company("Alpina Pak, d. o. o.", owner=maja)
    return make_activity(
        maja, company, type="call", starts_at=timezone.now(), done_at=None
    )


def address(call, more=""):
    return f"/activities/{call.reference}/{more}"


class TestButton:
    def test_only_open_calls_have_it(self, maja, call):
        web = signed_in(maja)
        visit = make_activity(maja, call.company, type="visit", done_at=None)
        assert BUTTON in web.get(address(call)).content.decode()
        assert BUTTON not in web.get(address(visit)).content.decode()
        web.post(address(call, "not-reached/"))
        assert BUTTON not in web.get(address(call)).content.decode()

    def test_a_reader_has_none(self, maja, call):
        reader = signed_in(make_user(role=Role.READER, team=maja.team))
        assert BUTTON not in reader.get(address(call)).content.decode()
        assert reader.post(address(call, "not-reached/")).status_code == 403

    def test_the_toast_takes_it_back(self, maja, call):
        web = signed_in(maja)
        answer = web.post(
            address(call, "not-reached/"), {"row_version": 1}, headers=PIECE
        )
        assert answer.status_code == 204
        said = json.loads(answer["HX-Trigger"])["veriga:saved"]
        following = Activity.objects.exclude(pk=call.pk).get()
        assert following.reference in said["text"]
        undone = web.post(said["undo_url"], headers=PIECE)
        assert undone.status_code == 204
        call.refresh_from_db()
        following.refresh_from_db()
        assert call.done_at is None
        assert following.deleted_at is not None

    def test_without_script_it_works_by_forms(self, maja, call):
        web = signed_in(maja)
        answer = web.post(address(call, "not-reached/"), follow=True)
        following = Activity.objects.exclude(pk=call.pk).get()
        undo = address(call, f"not-reached/{following.reference}/undo/")
        assert undo in answer.content.decode()
        assert web.post(undo).status_code == 302
        call.refresh_from_db()
        assert call.done_at is None

    def test_pressed_twice_is_a_conflict(self, maja, call):
        web = signed_in(maja)
        for status in (204, 409):
            answer = web.post(
                address(call, "not-reached/"), {"row_version": 1}, headers=PIECE
            )
            assert answer.status_code == status
        assert Activity.objects.count() == 2

    def test_others(self, call):
        stranger = signed_in(make_user(scope=Scope.OWN))
        assert stranger.post(address(call, "not-reached/")).status_code == 404

    def test_wrong_method(self, maja, call):
        assert signed_in(maja).get(address(call, "not-reached/")).status_code == 405
