"""Quick entry, and what comes next once a record is done."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_user
from veriga.activities.models import Activity, Link
from veriga.activities.tests.factories import make_activity
from veriga.parties.models import Company
from veriga.setup.working import working_calendar

from .clients import PIECE, signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "/quick/"


def typed(at=None, /, **changes):
    values = {
        "company": str(at.pk) if at else "",
        "what": "event:call",
        "title": "Vprašal za rok",
        "day": timezone.localdate().isoformat(),
        "hour": "00:05",
    }
    return {**values, **changes}


class TestTheForm:
    def test_is_on_every_page_by_one_key(self, web, company):
        html = web.get(reverse("activities:overview")).content.decode()
        assert f'href="{ADDRESS}"' in html
        assert 'data-key="N"' in html
        html = web.get(f"/companies/{company.pk}/").content.decode()
        assert f'href="{ADDRESS}?company={company.pk}"' in html

    def test_offers_what_to_continue_at_the_company(self, web, maja, company):
        last = make_activity(maja, company, days_ago=2)
        html = web.get(f"{ADDRESS}?company={company.pk}").content.decode()
        assert "Hitri vnos" in html
        assert f'value="{last.reference}"' in html

    def test_is_not_for_readers_or_strangers(self, company):
        reader = signed_in(make_user(role=Role.READER, team=company.team))
        assert reader.get(ADDRESS).status_code == 403
        assert reader.post(ADDRESS, typed(company)).status_code == 403
        stranger = signed_in(make_user(scope=Scope.OWN))
        assert stranger.get(f"{ADDRESS}?company={company.pk}").status_code == 404
        assert stranger.post(ADDRESS, typed(company)).status_code == 404
        assert not Activity.objects.exists()


class TestSaving:
    @pytest.mark.parametrize(
        ("what", "kind", "type_code"),
        [
            ("event:call", "event", "call"),
            ("event:visit", "event", "visit"),
            ("event:email", "event", "email"),
            ("task", "task", ""),
            ("product_record", "product_record", None),
        ],
    )
    def test_makes_one_of_each(self, web, company, what, kind, type_code):
        answer = web.post(ADDRESS, typed(company, what=what))
        made = Activity.objects.get()
        assert answer["Location"] == f"/activities/{made.reference}/"
        assert (made.kind, made.title) == (kind, "Vprašal za rok")
        if type_code is not None:
            assert made.type_code == type_code

    def test_closes_the_window_and_says_the_reference(self, web, company):
        answer = web.post(ADDRESS, typed(company), headers=PIECE)
        event = json.loads(answer["HX-Trigger"])["veriga:saved"]
        made = Activity.objects.get()
        assert event["close"] is True
        assert made.reference in event["text"]

    def test_a_call_that_is_over_is_done_and_one_ahead_is_not(self, web, company):
        web.post(ADDRESS, typed(company))
        tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
        web.post(ADDRESS, typed(company, day=tomorrow, hour=""))
        done, ahead = Activity.objects.order_by("date")
        assert done.done_at is not None
        assert (ahead.done_at, ahead.all_day) == (None, True)

    def test_continues_what_was_chosen(self, web, maja, company):
        last = make_activity(maja, company, days_ago=2)
        web.post(ADDRESS, typed(company, follows=last.reference))
        link = Link.objects.get()
        assert link.stimulus_id == last.pk

    def test_without_a_line_it_is_called_what_it_is(self, web, company):
        web.post(ADDRESS, typed(company, title="  ", what="event:visit"))
        assert Activity.objects.get().title == "Obisk pri stranki"

    def test_makes_a_new_company_by_its_name(self, web):
        web.post(ADDRESS, typed(new_name="Pekarna Rozman", company_text="Pekarna"))
        assert Activity.objects.get().company.name == "Pekarna Rozman"

    def test_the_day_of_a_product_record_is_its_follow_up(self, web, company):
        day = timezone.localdate() + timedelta(days=9)
        web.post(ADDRESS, typed(company, what="product_record", day=day.isoformat()))
        made = Activity.objects.get()
        assert made.done_at is None
        assert timezone.localdate(made.due_at - timedelta(seconds=1)) == day


class TestBadInput:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"what": "event:nothing"}, "what"),
            ({"what": "quote"}, "what"),
            ({"day": "31. 2. 2026"}, "day"),
            ({"day": ""}, "day"),
            ({"hour": "25:99"}, "hour"),
            ({"title": "x" * 201}, "title"),
            ({"company": "", "company_text": ""}, "company"),
            ({"company": "", "company_text": "Neznana d.o.o."}, "company"),
        ],
    )
    def test_gives_the_form_back_and_changes_nothing(
        self, web, company, changes, field
    ):
        answer = web.post(ADDRESS, typed(company, text="Dolg zapis", **changes))
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "Dolg zapis" in html
        assert 'aria-invalid="true"' in html or "field-error" in html
        if field in {"day", "hour", "title", "company"}:
            assert f'id="error_{field}"' in html
        assert not Activity.objects.exists()
        assert Company.objects.filter(is_own=False).count() == 1

    def test_an_unknown_stimulus_is_not_found(self, web, company):
        answer = web.post(ADDRESS, typed(company, made_on="D-26-99999"))
        assert answer.status_code == 404
        assert not Activity.objects.exists()


class TestWhatComesNext:
    def test_is_asked_once_a_record_is_done(self, web, maja, company):
        task = make_activity(maja, company, "task")
        answer = web.post(f"/activities/{task.reference}/done/", headers=PIECE)
        event = json.loads(answer["HX-Trigger"])["veriga:saved"]
        assert event["address"] == f"/activities/{task.reference}/?panel=next"
        html = web.get(event["address"]).content.decode()
        assert "Kaj sledi?" in html
        day = timezone.localdate() + timedelta(days=1)
        while not working_calendar().is_working_day(day):
            day += timedelta(days=1)
        assert f'value="{day.isoformat()}"' in html

    def test_is_linked_to_it_and_shows_it_again(self, web, maja, company):
        call = make_activity(maja, company, "event")
        answer = web.post(
            ADDRESS, typed(made_on=call.reference, what="task"), headers=PIECE
        )
        event = json.loads(answer["HX-Trigger"])["veriga:saved"]
        assert event["address"] == f"/activities/{call.reference}/"
        link = Link.objects.get()
        assert (link.stimulus_id, link.follow_up.kind) == (call.pk, "task")
        assert link.follow_up.company_id == company.pk

    def test_is_not_offered_to_readers(self, maja, company):
        task = make_activity(maja, company, "task")
        reader = signed_in(make_user(role=Role.READER, team=maja.team))
        html = reader.get(f"/activities/{task.reference}/?panel=next").content.decode()
        assert f'action="{ADDRESS}"' not in html
