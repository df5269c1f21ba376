"""The page of the board, and moving a card."""

from __future__ import annotations

import html
import json
import re

import pytest

from veriga.access.rules import Role
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Chain
from veriga.activities.services import set_stage, state_sale
from veriga.activities.tests.factories import acting, make_activity

from .clients import LIST, PIECE, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def sale(maja, company):
    one = make_activity(maja, company, days_ago=3, title="Povpraševanje")
    set_stage(context=acting(maja), reference=one.reference, stage="first_contact")
    state_sale(context=acting(maja), reference=one.reference, amount_minor=48_200_00)
    return one


def columns_of(page: str) -> dict[str, int]:
    found = re.findall(r'data-stage="([^"]+)".*?work-count">(\d+)<', page, re.S)
    return {stage: int(number) for stage, number in found}


def test_shows_sales_with_their_value_and_what_is_missing(web, sale) -> None:
    page = html.unescape(web.get("/board/").content.decode())
    assert columns_of(page)["first_contact"] == 1
    for words in (
        "48.200 €",
        "ni naslednjega koraka",
        "1 odprt posel",
        "uteženo z verjetnostjo: 4.820 €",
    ):
        assert words in page.replace("\N{NO-BREAK SPACE}", " ")


def test_the_euro_stands_before_other_currencies(web, maja, sale) -> None:
    other = make_activity(maja, sale.company, days_ago=2)
    set_stage(context=acting(maja), reference=other.reference, stage="first_contact")
    state_sale(
        context=acting(maja),
        reference=other.reference,
        amount_minor=6_800_00,
        currency="CHF",
    )
    page = html.unescape(web.get("/board/").content.decode())
    worth = re.findall(r'board-worth">([^<]+)<', page)
    assert worth[0].replace("\N{NO-BREAK SPACE}", " ") == "48.200 € + 6.800 CHF"


def test_moving_marks_the_stage(web, sale) -> None:
    answer = web.post(
        f"/board/{sale.reference}/", {"stage": "negotiation"}, headers=PIECE
    )
    assert answer.status_code == 204
    assert Chain.objects.get().stage == "negotiation"
    piece = web.get("/board/", headers=LIST).content.decode()
    assert "<html" not in piece
    assert columns_of(piece)["negotiation"] == 1


def test_moving_to_a_closing_stage_closes_and_is_undone(web, sale) -> None:
    answer = web.post(f"/board/{sale.reference}/", {"stage": "won"}, headers=PIECE)
    said = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert Chain.objects.get().outcome == "won"
    assert sum(columns_of(web.get("/board/").content.decode()).values()) == 0
    web.post(said["undo_url"], headers=PIECE)
    assert Chain.objects.get().outcome == "open"


@pytest.mark.parametrize("stage", ["", "-", "nowhere", "call"])
def test_an_unknown_stage_changes_nothing(web, sale, stage) -> None:
    answer = web.post(f"/board/{sale.reference}/", {"stage": stage})
    assert answer.status_code == 422
    assert Chain.objects.get().stage == "first_contact"


def test_readers_look_and_strangers_see_nothing(maja, sale) -> None:
    reader = signed_in(make_user("Bralec", team=maja.team, role=Role.READER))
    stranger = signed_in(make_user("Tujec", team=make_team()))
    page = reader.get("/board/").content.decode()
    assert columns_of(page)["first_contact"] == 1
    assert "draggable" not in page
    refused = reader.post(f"/board/{sale.reference}/", {"stage": "negotiation"})
    assert refused.status_code == 403
    assert Chain.objects.get().stage == "first_contact"
    assert sum(columns_of(stranger.get("/board/").content.decode()).values()) == 0
    moved = stranger.post(f"/board/{sale.reference}/", {"stage": "negotiation"})
    assert moved.status_code == 404


def test_filters_reach_the_list_and_back(web, sale) -> None:
    page = html.unescape(web.get("/board/?owner=me&next=no").content.decode())
    assert '/chains/?owner=me&next=no"' in page
    assert columns_of(web.get("/board/?next=yes").content.decode())["negotiation"] == 0
    listed = web.get("/chains/?stage=first_contact").content.decode()
    assert len(re.findall(r'<tr class="row', listed)) == 1
    assert 'href="/board/"' in listed


def test_statements(web, sale, django_assert_max_num_queries) -> None:
    web.get("/board/")
    with django_assert_max_num_queries(12):
        web.get("/board/")
