"""The bell that tells by itself, and the settings of what one is told of."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import acting, make_team, make_user
from veriga.events.services import create_gathering
from veriga.parties.models import Company
from veriga.setup.models import Notice, NoticeSettings
from veriga.setup.services import notify
from veriga.work.services.companies import update_company

from .clients import signed_in
from .test_two_people import form_of

pytestmark = pytest.mark.django_db
POLL = "/notices/poll/"
SETTINGS = "/me/notices/"


def give(user: User, company: Company, **more: object) -> Notice:
    params = {
        "company_id": company.pk, "company": company.name, "who": "Ana",
        "reference": "D-26-00001", "title": "Obisk", **more,
    }  # fmt: skip
    context = acting(user, timezone.now())
    return notify(context=context, user_id=user.pk, kind="mentioned", params=params)


class TestPolling:
    def test_what_is_new_comes_with_its_link(
        self, maja: User, web: Client, company: Company
    ) -> None:
        notice = give(maja, company)
        answer = web.get(POLL).json()
        assert answer["number"] == 1
        (toast,) = answer["toasts"]
        assert toast["text"] == ("Omemba: D-26-00001 Obisk, Alpina Pak, d. o. o. (Ana)")
        assert toast["href"] == "/activities/D-26-00001/"
        assert web.get(toast["seen_url"]).status_code == 405
        assert web.post(toast["seen_url"]).status_code == 204
        notice.refresh_from_db()
        assert notice.read_at is not None

    def test_204_until_something_changes_in_three_statements(
        self, maja, web, company, django_assert_num_queries
    ) -> None:
        give(maja, company)
        seen = {"X-Veriga-Seen": web.get(POLL).json()["seen"]}
        with django_assert_num_queries(3):  # session and user among them
            assert web.get(POLL, headers=seen).status_code == 204
        give(maja, company)
        assert web.get(POLL, headers=seen).json()["number"] == 2

    def test_the_desk_tells_whether_there_is_anything(self, maja, web, company) -> None:
        desk = web.get("/desk/", headers={"X-Veriga-Poll": "1"})
        assert desk.headers["X-Veriga-Notices"] == "0"
        give(maja, company)
        desk = web.get("/desk/", headers={"X-Veriga-Poll": "1"})
        assert desk.headers["X-Veriga-Notices"] == web.get(POLL).json()["seen"]

    def test_in_quiet_hours_the_number_alone(self, maja, web, company) -> None:
        soon = timezone.now() + timedelta(hours=1)
        give(maja, company)
        Notice.objects.update(toast_at=soon)
        answer = web.get(POLL).json()
        assert (answer["number"], answer["toasts"]) == (1, [])

    def test_what_is_old_is_not_said_again(self, maja, web, company) -> None:
        give(maja, company)
        Notice.objects.update(toast_at=timezone.now() - timedelta(minutes=11))
        answer = web.get(POLL).json()
        assert (answer["number"], answer["toasts"]) == (1, [])

    def test_a_company_that_is_seen_no_more_is_not_named(
        self, maja: User, web: Client, company: Company
    ) -> None:
        give(maja, company)
        Company.objects.update(account_owner=None, team=None)
        (toast,) = web.get(POLL).json()["toasts"]
        assert "Alpina" not in toast["text"]
        assert "Obisk" not in toast["text"]

    def test_ones_own_alone(self, maja: User, company: Company) -> None:
        notice = give(maja, company)
        stranger = signed_in(make_user())
        assert stranger.get(POLL).json()["number"] == 0
        assert stranger.post(f"/notices/{notice.pk}/seen/").status_code == 404

    def test_not_signed_in(self, client: Client) -> None:
        assert client.get(POLL).status_code == 302


class TestSettings:
    def test_are_saved_and_shown(self, maja: User, web: Client) -> None:
        form = form_of(web.get(SETTINGS).content.decode())
        assert form["event_lead_min"] == "15"
        changes = {
            "event_lead_min": "60", "event_told": "on", "deadline_mailed": "on",
            "quiet_from": "20:00", "quiet_until": "07:00", "digest_at": "07:30",
        }  # fmt: skip
        assert web.post(SETTINGS, changes).status_code == 302
        row = NoticeSettings.objects.get(user=maja)
        assert (row.event_lead_min, row.event_told, row.event_mailed) == (
            60,
            True,
            False,
        )
        assert (row.deadline_told, row.deadline_mailed) == (False, True)
        assert (row.quiet_from, row.quiet_until) == (time(20), time(7))
        form = form_of(web.get(SETTINGS).content.decode())
        assert form["digest_at"] == "07:30"
        assert web.post(SETTINGS, {**changes, "event_lead_min": ""}).status_code == 302
        row.refresh_from_db()
        assert row.event_lead_min is None

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"event_lead_min": "7"}, "event_lead_min"),
            ({"event_lead_min": "x"}, "event_lead_min"),
            ({"quiet_from": "25:00"}, "quiet_from"),
            ({"quiet_from": "20:00"}, "quiet_until"),
            ({"digest_at": "07:30+02:00"}, "digest_at"),
        ],
    )
    def test_bad_input_changes_nothing(self, web: Client, typed, field) -> None:
        answer = web.post(SETTINGS, typed)
        assert answer.status_code == 422
        assert f'id="error_{field}"' in answer.content.decode()
        assert not NoticeSettings.objects.exists()

    def test_readers_have_their_own_too(self, company: Company) -> None:
        reader = make_user(role=Role.READER)
        assert signed_in(reader).post(SETTINGS, {}).status_code == 302
        row = NoticeSettings.objects.get(user=reader)
        assert not any((row.event_told, row.mention_told, row.mention_mailed))


class TestReminderOfAGroupEvent:
    def test_names_it_and_leads_to_it_while_it_is_seen(
        self, maja: User, web: Client, company: Company
    ) -> None:
        now = timezone.now()
        other = make_user("Tina Novak", team=maja.team)
        gathering = create_gathering(
            context=acting(other, now),
            values={"title": "Dan odprtih vrat", "starts_at": now + timedelta(days=1)},
            company_ids=[company.pk],
        )
        params = {"gathering_id": gathering.pk, "title": "x", "at": now.isoformat()}
        notify(context=acting(maja, now), user_id=maja.pk, kind="event", params=params)
        (toast,) = web.get(POLL).json()["toasts"]
        assert toast["text"].endswith("Dan odprtih vrat, skupinski dogodek")
        assert toast["href"] == f"/gatherings/{gathering.pk}/"
        boss = make_user("Vodja", role=Role.MANAGER, scope=Scope.ALL)
        stranger = make_user("Iz druge ekipe", team=make_team())
        update_company(
            context=acting(boss, now),
            company_id=company.pk,
            account_owner_id=stranger.pk,
        )
        (toast,) = web.get(POLL).json()["toasts"]
        assert "Dan odprtih vrat" not in toast["text"]
