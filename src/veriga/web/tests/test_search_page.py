"""The page of all results: kinds, counts, pages, words marked, and who sees what."""

from __future__ import annotations

import html as markup
import json
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.services import add_entry
from veriga.activities.tests.factories import acting, make_activity
from veriga.catalogue.tests.factories import make_product
from veriga.events.services import create_gathering
from veriga.parties.models import Company, Position
from veriga.parties.tests.factories import make_company, make_contact
from veriga.web.views import search
from veriga.work.queries import counting, results

from .clients import LIST, MORE, signed_in

pytestmark = pytest.mark.django_db
COUNTS = Path(__file__).with_name("query_counts_search.json")


def page(client: Client, query: str, **headers: str) -> str:
    response = client.get(f"/search/{query}", headers=headers)
    assert response.status_code == 200, response.status_code
    return markup.unescape(response.content.decode())


def rows(html: str) -> list[str]:
    """Return the ids of all rows, in their order."""
    return re.findall(r'<tr class="row[^"]*" id="([^"]+)"', html)


def tabs(html: str) -> dict[str, str]:
    """Return the count on each tab."""
    found = re.search(r"found-tabs.*?</nav>", html, re.DOTALL)
    pattern = r'<a class="tab"[^>]*>([^<]+)<span class="tab-count">([^<]+)<'
    return dict(re.findall(pattern, found[0])) if found else {}


@pytest.fixture
def everything(maja: User, company: Company) -> Activity:
    """One of each kind that holds the word "meritve"."""
    make_company("Meritve, d. o. o.", owner=maja, town="Celje")
    make_contact(company, last_name="Meritnik", email="meritve@alpina.si")
    make_product("Merilnik", code="MERITVE-1")
    create_gathering(
        context=acting(maja),
        values={
            "title": "Dan",
            "starts_at": NOW,
            "place": "Bled",
            "text": "O meritvah",
        },
    )
    for kind in ("task", "product_record", "quote"):
        make_activity(maja, company, kind, title="Meritve")
    return make_activity(maja, company, title="Obisk", text="Prve meritve na liniji")


class TestThePage:
    def test_has_all_kinds_with_their_counts(
        self, web: Client, everything: Activity
    ) -> None:
        html = page(web, "?q=meritev")
        assert tabs(html) == {
            "Vse": "8", "Stranke": "1", "Kontaktne osebe": "1", "Produkti": "1",
            "Skupinski dogodki": "1", "Dogodki": "1", "Naloge": "1",
            "Zapisi o produktu": "1", "Ponudbe": "1",
        }  # fmt: skip
        assert "8 zadetkov" in html
        assert len(rows(html)) == 8
        for place in (
            "<mark>Meritve</mark>, d. o. o.", "<mark>meritve</mark>@alpina.si",
            "<mark>MERITVE</mark>-1", "O <mark>meritvah</mark>",
            "Prve <mark>meritve</mark> na liniji", "Alpina Pak, d. o. o.", "Bled",
        ):  # fmt: skip
            assert place in html

    @pytest.mark.parametrize("kind", results.KINDS)
    def test_shows_one_kind_alone(
        self, web: Client, everything: Activity, kind: str
    ) -> None:
        html = page(web, f"?q=meritve&kind={kind}")
        assert len(rows(html)) == 1
        assert "1 zadetek" in html
        assert tabs(html)["Vse"] == "8"
        assert f'name="kind" value="{kind}"' in html

    @pytest.mark.parametrize("kind", ["", "event", "company"])
    def test_goes_on_page_by_page(
        self, web: Client, maja: User, company: Company, kind: str
    ) -> None:
        for n in range(51):
            make_company(f"Meritve {n:02}", owner=maja)
            make_activity(maja, company, title="Meritve", days_ago=n)
        html = page(web, f"?q=meritve&kind={kind}")
        more = re.search(r'hx-get="([^"]*cursor=[^"]*)"', html)
        assert more is not None
        query = more[1].removeprefix("/search/")
        piece = page(web, query, **MORE)
        assert piece.strip().startswith("<tr")
        (last,) = rows(piece)
        assert last not in rows(html)
        assert rows(page(web, query)) == [last]

    def test_is_answered_piece_by_piece(
        self, web: Client, everything: Activity
    ) -> None:
        answer = web.get("/search/?q=meritve&kind=task", headers=LIST)
        html = answer.content.decode()
        assert "<html" not in html
        assert "result-count" in html
        assert answer.headers["HX-Push-Url"] == "/search/?q=meritve&kind=task"

    def test_says_that_there_are_more_than_it_counts(
        self, web: Client, everything: Activity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_activity(*_maker(everything), title="Meritve")
        monkeypatch.setattr(counting, "COUNT_LIMIT", 1)
        monkeypatch.setattr(search, "COUNT_LIMIT", 1)
        html = page(web, "?q=meritve")
        assert tabs(html)["Dogodki"] == "1+"
        assert tabs(html)["Stranke"] == "1"

    def test_a_reference_has_its_chain_beside_it(
        self, web: Client, maja: User, company: Company
    ) -> None:
        first = make_activity(maja, company, days_ago=3, title="Začetek")
        make_activity(maja, company, follows=str(first.reference))
        html = page(web, f"?q={str(first.reference).lower()}")
        assert len(rows(html)) == 2
        assert f'href="/activities/{first.reference}/chain/"' in html
        assert "2 aktivnosti · odprta" in html

    def test_a_slip_is_said(self, web: Client, everything: Activity) -> None:
        html = page(web, "?q=mertive")
        assert "Natanko tako ni zapisano nič" in html
        assert "<mark>Meritve</mark>" in html

    @pytest.mark.parametrize("q", ["", "x", "nič takega", "D-26-99999", "%00"])
    def test_nothing_is_said_too(self, web: Client, q: str) -> None:
        html = page(web, f"?q={q}")
        assert 'class="empty"' in html
        assert rows(html) == []

    def test_what_is_written_is_text(
        self, web: Client, maja: User, company: Company
    ) -> None:
        make_activity(maja, company, title="<b>Meritve</b>", text="<i>meritve</i>")
        html = web.get("/search/?q=meritve").content.decode()
        assert "&lt;b&gt;<mark>Meritve</mark>&lt;/b&gt;" in html
        assert "&lt;i&gt;<mark>meritve</mark>&lt;/i&gt;" in html

    @pytest.mark.parametrize("query", ["?q=meritve&kind=deal", "?q=meritve&page=2"])
    def test_what_makes_no_sense_is_passed_over(
        self, web: Client, everything: Activity, query: str
    ) -> None:
        assert len(rows(page(web, query))) == 8

    def test_a_bad_cursor_is_refused(self, web: Client, everything: Activity) -> None:
        for kind in ("", "company", "gathering", "quote"):
            address = f"/search/?q=meritve&kind={kind}&cursor=x"
            assert web.get(address).status_code == 422


def _maker(activity: Activity) -> tuple[User, Company]:
    return activity.owner, activity.company


class TestRights:
    def test_of_another_team_nothing_is_found(self, everything: Activity) -> None:
        stranger = signed_in(make_user(team=make_team(), language="sl"))
        html = page(stranger, "?q=meritve")
        assert tabs(html) == {"Vse": "1", "Produkti": "1"}  # which everybody sees
        assert rows(page(stranger, f"?q={everything.reference}")) == []

    def test_a_confidential_entry_is_not_found(
        self, company: Company, everything: Activity
    ) -> None:
        boss = make_user(role=Role.ADMINISTRATOR, may_see_confidential=True)
        own = make_activity(boss, company, title="Ogled linije")
        add_entry(
            context=acting(boss), reference=str(own.reference),
            text="Zlatorog na liniji", confidential=True,
        )  # fmt: skip
        for q in ("zlatorog", "zlatorgo", "liniji"):
            assert "Zlatorog" not in page(signed_in(boss), f"?q={q}")

    def test_a_product_opens_where_one_may_go(
        self, web: Client, everything: Activity
    ) -> None:
        html = page(web, "?q=merilnik")
        (href,) = re.findall(r'data-href="(/products/[^"]+)"', html)
        assert href == "/products/?q=MERITVE-1&state=all"
        assert "Merilnik" in web.get(href).content.decode()
        manager = signed_in(make_user(role=Role.MANAGER))
        (href,) = re.findall(
            r'data-href="(/products/[^"]+)"', page(manager, "?q=merilnik")
        )
        assert manager.get(href).status_code == 200

    def test_a_reader_is_offered_no_change(
        self, maja: User, everything: Activity
    ) -> None:
        reader = signed_in(make_user(role=Role.READER, team=maja.team))
        html = page(reader, "?q=meritve")
        assert len(rows(html)) == 7  # nobody is invited to the group event yet
        assert "panel=link" not in html.replace("panel=links", "")

    def test_only_signed_in_and_only_to_read(self, client: Client, web: Client) -> None:
        assert client.get("/search/").status_code == 302
        assert web.post("/search/").status_code == 405


@pytest.mark.parametrize("q", ["meritve", "mertive", "meritve 12", "D-26-1", "nič"])
def test_statements(web: Client, everything: Activity, q: str) -> None:
    counted: dict[str, int] = json.loads(COUNTS.read_text())
    make_activity(*_maker(everything), title="Meritve 12")
    hidden = make_contact(
        make_company(owner=make_user(team=make_team())), last_name="Meritve"
    )
    Position.objects.create(contact=hidden, company=everything.company, created_at=NOW)
    address = f"/search/?q={q}"
    asked = []
    for _ in range(3):  # what is kept for a few seconds is read anew in one of them
        with CaptureQueriesContext(connection) as seen:
            assert web.get(address).status_code == 200
        asked.append(len(seen))
    assert min(asked) == counted[q] <= 12
