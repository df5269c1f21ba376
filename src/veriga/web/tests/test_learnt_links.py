"""Suggestions by learnt weights: order, what is preselected, what is kept and told."""

from __future__ import annotations

import html

import pytest
from django.urls import reverse
from django.utils import timezone

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_user
from veriga.activities.models import Link, LinkWeights, Suggestion
from veriga.activities.tests.factories import make_activity
from veriga.activities.tests.weights import REPORT, store_weights

from .clients import PIECE, signed_in
from .test_records import body, event_data, record_url, saved_event

pytestmark = pytest.mark.django_db
ASIDE = {"HX-Request": "true", "HX-Target": "div#window-aside"}


@pytest.fixture
def two(maja, company):
    """An older one about boilers, and the newest of the company."""
    now = timezone.now()
    return [
        make_activity(maja, company, now=now, days_ago=40, title="Ponudba za kotel"),
        make_activity(maja, company, now=now, days_ago=1, title="Vabilo na sejem"),
    ]


def likeliest(web, company, **more):
    page = body(web.get(reverse("likeliest"), {"company": company.pk, **more}))
    return html.unescape(page)


class TestContinuing:
    def test_the_likelier_is_first_with_its_reason(self, web, company, two):
        store_weights(alike_text=9.0)
        page = likeliest(web, company, title="Ponudbo kotla")
        assert f'value="{two[0].reference}" data-offered' in page
        assert "podoben naslov" in page
        assert f'name="listed" value="{two[0].reference} {two[1].reference}"' in page
        assert f'name="preselected" value="{two[0].reference}"' in page

    def test_unsure_it_lists_and_preselects_nothing(self, web, company, two):
        store_weights(age=-0.01)
        page = likeliest(web, company)
        assert "data-offered" not in page
        assert "data-accept" not in page
        assert 'name="preselected" value=""' in page
        assert f'name="follows" value="{two[1].reference}"' in page

    @pytest.mark.parametrize(
        "asked",
        [{"kind": "nonsense"}, {"what": "event:visit:x"}, {"title": "x" * 3000},
         {"type": "\x00"}, {"product": "9" * 30}],
    )  # fmt: skip
    def test_nonsense_is_passed_over(self, web, company, two, asked):
        store_weights(usual_next=1.0)
        assert "continue-list" in likeliest(web, company, **asked)

    def test_the_link_keeps_what_was_offered(self, web, company, two):
        old, young = two
        data = event_data(
            company, follows=old.reference, offered=young.reference,
            listed=f"{young.reference} {old.reference}", preselected=young.reference,
        )  # fmt: skip
        saved_event(web.post("/events/new/", data, headers=PIECE))
        link = Link.objects.get()
        assert link.offer == {"listed": [young.pk, old.pk], "preselected": young.pk}
        assert (link.reason, Suggestion.objects.get().outcome) == ("form", "changed")

    def test_a_forged_offer_is_bounded_and_harms_nothing(self, web, company, two):
        listed = " ".join([two[1].reference] * 50 + ["x' OR 1=1", "D-99-9"])
        data = event_data(
            company, follows=two[0].reference, offered=two[1].reference,
            listed=listed, preselected="\x00",
        )  # fmt: skip
        saved_event(web.post("/events/new/", data, headers=PIECE))
        assert Link.objects.get().offer == {
            "listed": [two[1].pk] * 3, "preselected": None,
        }  # fmt: skip


class TestLinking:
    def test_the_first_is_chosen_only_if_it_is_likely_enough(
        self, web, maja, company, two
    ):
        one = make_activity(maja, company, title="Ponudbo kotla")
        page = body(web.get(record_url(one, "link"), headers=ASIDE))
        assert "data-undecided" not in page
        assert f'name="preselected" value="{two[1].reference}"' in page
        store_weights(age=-0.01)
        page = body(web.get(record_url(one, "link"), headers=ASIDE))
        assert page.count("data-undecided") == 1
        assert 'name="preselected"' not in page

    def test_the_link_keeps_what_was_offered(self, web, maja, company, two):
        one = make_activity(maja, company)
        data = {
            "other": two[0].reference, "preselected": two[1].reference,
            "suggested": [two[1].reference, two[0].reference],
        }  # fmt: skip
        web.post(record_url(one, "link"), data, headers=PIECE)
        assert Link.objects.get().offer == {
            "listed": [two[1].pk, two[0].pk], "preselected": two[1].pk,
        }  # fmt: skip


class TestToldToManagers:
    def coverage(self, **user):
        client = signed_in(make_user("Vodja", role=Role.MANAGER, **user))
        return html.unescape(body(client.get("/chains/coverage/")))

    def test_before_there_is_enough(self, db):
        page = self.coverage()
        assert "stalne uteži" in page
        assert "500" in page

    def test_since_when_from_how_many_and_how_often_right(self, db):
        store_weights(age=-1.0)
        page = self.coverage()
        assert "20. 11. 2026" in page
        assert "600" in page
        assert "91 % (razpon 84–95 %)" in page
        assert "61 % (razpon 52–69 %)" in page
        assert "120" in page

    def test_that_the_fixed_weights_stay(self, db):
        store_weights()
        LinkWeights.objects.update(
            weights=None, report=REPORT | {"code": "no_better", "since": None}
        )
        assert "niso bile zanesljivo boljše" in self.coverage()

    def test_numbers_over_all_are_not_for_who_sees_a_team(self, maja):
        store_weights()
        page = self.coverage(team=maja.team, scope=Scope.TEAM)
        main = page[page.index("<main") :]  # names of files may hold any number
        assert "600" not in main
        assert "uteži" not in main
