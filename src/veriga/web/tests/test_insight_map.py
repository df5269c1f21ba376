"""The page of the process map: what it draws, asks, waits for, and of whom."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from veriga.access.rules import Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.services import link_activities
from veriga.activities.tests.factories import acting, make_activity
from veriga.insight.models import Question, Result
from veriga.insight.services.answering import Answerer
from veriga.insight.services.computing import compute
from veriga.parties.tests.factories import make_company

from .clients import signed_in
from .test_insight import text_of

pytestmark = pytest.mark.django_db
MAP = "/insight/map/"
POLL = {"HX-Request": "true", "HX-Target": "div#map-answer"}


@pytest.fixture
def worked(maja, company):
    """Six times a visit that led to a call back; computed."""
    long_ago = timezone.now() - timedelta(days=40)
    for _ in range(6):
        visit = make_activity(maja, company, now=long_ago, days_ago=0.1, type="visit")
        call = make_activity(
            maja,
            company,
            now=long_ago + timedelta(days=2),
            days_ago=0.1,
            type="call_in",
            direction="in",
        )
        link_activities(
            context=acting(maja), follow_up=call.reference, stimulus=visit.reference
        )
    compute(timezone.now(), afresh=True)
    return visit


def ways_of(page: str) -> dict[str, str]:
    """Return what the drawn ways say, and where each leads."""
    found = re.findall(
        r'<a class="map-way" href="([^"]+)"[^>]* aria-label="([^"]+)"', page
    )
    return {html.unescape(said): html.unescape(at) for at, said in found}


class TestDrawing:
    def test_boxes_ways_and_a_table_say_the_same(self, web, worked) -> None:
        page = web.get(MAP).content.decode()
        (said,) = ways_of(page)
        assert said.startswith("Obisk pri stranki → Dohodni klic: 6-krat, 100 %")
        assert (
            "mediana 1,9 del. dni" in said
            or "mediana 2,0 del. dni" in said
            or "mediana" in said
        )
        plain = text_of(web.get(MAP))
        assert re.search(r"Obisk pri stranki Dohodni klic 6 100 % 61–100 % od 6", plain)
        assert "6 verig" in plain
        assert "style=" not in page[page.index('<svg class="map"') :]

    def test_the_map_by_links(self, web, worked) -> None:
        page = web.get(MAP, {"by": "links"}).content.decode()
        assert len(ways_of(page)) == 1
        assert 'aria-current="page">Po zabeleženih povezavah' in page

    def test_an_empty_installation_says_so(self, web) -> None:
        assert "Izračunano še ni nič." in text_of(web.get(MAP))
        compute(timezone.now(), afresh=True)
        assert "Izvedena še ni nobena aktivnost." in text_of(web.get(MAP))

    def test_figures_of_an_older_version_count_as_none(self, web, worked) -> None:
        Result.objects.filter(kind="map").update(payload={"order": {}, "links": {}})
        assert "Izračunano še ni nič." in text_of(web.get(MAP))

    def test_as_a_file_it_is_whole_by_itself(self, web, worked) -> None:
        answer = web.get(f"{MAP}drawing.svg", {"detail": "most"})
        assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert "attachment" in answer["Content-Disposition"]
        drawing = ElementTree.fromstring(answer.content)  # noqa: S314  # our own
        words = " ".join(drawing.itertext())
        assert "Dohodni klic" in words
        assert "style" not in answer.content.decode()

    def test_in_english(self, maja, worked) -> None:
        maja.language = "en"
        maja.save()
        assert "By recorded links" in text_of(signed_in(maja).get(MAP))

    def test_asks_few_statements(self, web, worked, django_assert_num_queries) -> None:
        web.get(MAP)
        with django_assert_num_queries(5):
            web.get(MAP)

    def test_a_filtered_one_asks_one_more(
        self, web, worked, django_assert_num_queries
    ) -> None:
        web.get(MAP, {"ending": "open"})
        Answerer().answer_all()
        web.get(MAP, {"ending": "open"})
        with django_assert_num_queries(6):
            web.get(MAP, {"ending": "open"})


class TestWaiting:
    def test_a_filter_waits_and_then_shows_its_map(self, web, worked) -> None:
        page = web.get(MAP, {"ending": "open"})
        assert "Izračun teče …" in text_of(page)
        poll = f"{MAP}?ending=open&shown=soon"
        assert f'hx-get="{html.escape(poll)}"' in page.content.decode()
        assert web.get(poll, headers=POLL).status_code == 204
        assert Question.objects.count() == 1
        Answerer().answer_all()
        piece = web.get(poll, headers=POLL).content.decode()
        assert len(ways_of(piece)) == 1
        assert "shown=" not in piece
        assert "<html" not in piece
        assert "6 verig" in text_of(web.get(MAP, {"ending": "open"}))
        assert Question.objects.count() == 1

    def test_without_a_worker_it_says_so_after_a_while(self, web, worked) -> None:
        web.get(MAP, {"ending": "open"})
        long_ago = timezone.now() - timedelta(minutes=1)
        Question.objects.update(asked_at=long_ago)
        poll = f"{MAP}?ending=open&shown="
        piece = text_of(web.get(f"{poll}soon", headers=POLL))
        assert "teči morajo opravila v ozadju" in piece
        assert web.get(f"{poll}late", headers=POLL).status_code == 204

    def test_what_failed_is_a_sentence(self, web, worked) -> None:
        web.get(MAP, {"ending": "open"})
        Question.objects.update(answered_at=timezone.now(), error="ValueError: x")
        page = text_of(web.get(MAP, {"ending": "open"}))
        assert "Tega poteka ni bilo mogoče izračunati." in page
        assert "ValueError" not in page

    def test_nothing_fits(self, web, worked) -> None:
        web.get(MAP, {"ending": "won"})
        Answerer().answer_all()
        page = text_of(web.get(MAP, {"ending": "won"}))
        assert "Tem filtrom ne ustreza nobena veriga." in page

    def test_a_variant_filters(self, web, worked) -> None:
        page = web.get(MAP).content.decode()
        (address,) = re.findall(r'href="(/insight/map/\?variant=[^"]+)"', page)
        assert address.endswith("visit%2Ccall_in")
        web.get(html.unescape(address))
        Answerer().answer_all()
        chosen = web.get(html.unescape(address)).content.decode()
        assert 'aria-current="true"' in chosen


class TestBadAddresses:
    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("since=yesterday", "Začetek od: "),
            ("since=2026-02-02&until=2026-01-01", "Začetek do: "),
            ("segment=Z", "Skupina stranke (ABC): "),
            ("product=x", "Produkt: "),
            ("ending=maybe", "Prodaja: "),
            ("by=magic", "Potek: "),
            ("detail=all", "Podrobnost: "),
            (f"first={'x' * 99}&then=call", "Vsebuje: "),
            ("variant=" + "a," * 200, "Zaporedje: "),
        ],
    )
    def test_is_a_sentence_and_asks_nothing(self, web, worked, query, said) -> None:
        answer = web.get(f"{MAP}?{query}")
        assert answer.status_code == 422
        words = html.unescape(answer.content.decode())
        assert said in words
        assert not Question.objects.exists()
        assert web.get(f"{MAP}drawing.svg?{query}").status_code == 404
        assert web.get(f"/export/insight-map.csv?{query}").status_code == 422

    @pytest.mark.parametrize(
        "query",
        [
            "",
            "&source=visit",
            "&source=visit&target=riddle",
            "&source=(ended)&target=visit",
            "&source=visit&target=(start)",
            "&source=visit&target=call_in&ending=maybe",
        ],
    )
    def test_chains_of_no_way_are_not_found(self, web, worked, query) -> None:
        assert web.get(f"/insight/chains/?of=map{query}").status_code == 404
        assert not Question.objects.exists()


class TestChains:
    def test_a_way_opens_its_chains(self, web, worked) -> None:
        (address,) = ways_of(web.get(MAP).content.decode()).values()
        page = text_of(web.get(address))
        assert "Obisk pri stranki → Dohodni klic" in page
        assert "Izračun teče …" in page
        assert web.get(f"{address}&shown=soon", headers=POLL).status_code == 204
        Answerer().answer_all()
        piece = web.get(f"{address}&shown=soon", headers=POLL).content.decode()
        assert worked.reference in piece
        assert "6 verig" in text_of(web.get(address))

    def test_another_waits_for_an_answer_of_their_own(self, web, worked) -> None:
        (address,) = ways_of(web.get(MAP).content.decode()).values()
        web.get(address)
        Answerer().answer_all()
        stranger = make_user(scope=Scope.OWN, team=make_team("Tuja"), language="sl")
        make_activity(stranger, make_company(owner=stranger), type="visit")
        compute(timezone.now(), afresh=True)
        client: Client = signed_in(stranger)
        assert client.get(address).status_code == 404
        waiting = f"{MAP}?ending=open"
        web.get(waiting)
        Answerer().answer_all()
        assert "Izračun teče …" in text_of(client.get(waiting))

    def test_another_team_is_not_found(self, web, worked) -> None:
        other = make_team("Druga")
        for path in (MAP, f"{MAP}drawing.svg", "/insight/chains/"):
            query = {"team": other.pk, "of": "map", "ending": "open"}
            assert web.get(path, query).status_code == 404
        assert not Question.objects.exists()


class TestExport:
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_there_is_a_file(self, web, worked, form) -> None:
        answer = web.get(f"/export/insight-map.{form}")
        assert answer.status_code == 200

    def test_has_every_way_with_number_and_range(self, web, worked) -> None:
        text = web.get("/export/insight-map.csv").content.decode("utf-8-sig")
        head, *rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        found = [dict(zip(head, row, strict=True)) for row in rows]
        assert [(one["Od"], one["Do"], one["Prehodi"]) for one in found] == [
            ("Obisk pri stranki", "Dohodni klic", "6"),
            ("Dohodni klic", "še čaka", "6"),
        ]

    def test_of_what_nobody_waited_for_there_is_none(self, web, worked) -> None:
        assert web.get("/export/insight-map.csv?ending=open").status_code == 404
        web.get(MAP, {"ending": "open"})
        Answerer().answer_all()
        assert web.get("/export/insight-map.csv?ending=open").status_code == 200
