"""Conditions of lists: their window, the list they leave, and its address."""

from __future__ import annotations

import html
import re

import pytest

from veriga.access.tests.factories import make_user
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.services import add_position
from veriga.parties.tests.factories import make_company, make_contact

from .clients import PIECE, WINDOW

pytestmark = pytest.mark.django_db

FAIR = "began:event.fair;lacks:quote"


@pytest.fixture
def fair(maja):
    """A company whose chain began with a fair and has no quote, and one with one."""
    without, quoted = (
        make_company(f"Stranka {name}", owner=maja) for name in ("brez", "s ponudbo")
    )
    for company in (without, quoted):
        first = make_activity(maja, company, type="fair", days_ago=9, title="Na sejmu")
        if company is quoted:
            make_activity(maja, company, "quote", follows=first.reference)
    return without


def text(answer) -> str:
    return html.unescape(answer.content.decode())


class TestLists:
    def test_companies_of_whose_chain_it_is_true(self, web, fair) -> None:
        page = text(web.get(f"/companies/?where={FAIR}"))
        assert "Stranka brez" in page
        assert "Stranka s ponudbo" not in page
        assert "povod verige: sejem" in page
        assert "v verigi ni: ponudba" in page
        # Other filters keep the conditions, and a cross takes one of them away.
        assert f'name="where" value="{FAIR}"' in page
        assert '/companies/?where=began%3Aevent.fair"' in page

    def test_activities_and_chains(self, web, fair) -> None:
        found = text(web.get("/events/?where=lacks:quote;began:event.fair"))
        assert found.count("Na sejmu") >= 1
        assert "Stranka s ponudbo" not in found
        assert "Stranka s ponudbo" in text(web.get("/chains/?where=has:quote"))
        assert "s ponudbo" not in text(web.get("/chains/?where=outcome:won"))

    def test_contacts_of_whose_company_it_is_true(self, web, fair) -> None:
        make_contact(fair, last_name="Novak")
        make_contact(last_name="Drugje")
        page = text(web.get(f"/contacts/?where={FAIR}"))
        assert "Novak" in page
        assert "povod verige: sejem" in page
        assert f'name="where" value="{FAIR}"' in page
        assert "Novak" not in text(web.get("/contacts/?where=began:task"))
        file = web.get(f"/export/contacts.csv?where={FAIR}").content.decode()
        assert "Novak" in file

    def test_a_contact_tells_nothing_of_a_company_out_of_sight(
        self, web, maja, fair
    ) -> None:
        other = make_user("Drugi")
        hidden = make_company("Skrita stranka", owner=other)
        make_activity(other, hidden, type="fair")
        person = make_contact(hidden, last_name="Novak")
        boss = acting(make_user(role="manager", scope="all"))
        add_position(context=boss, contact_id=person.pk, company_id=fair.pk)
        assert "Novak" in text(web.get("/contacts/"))
        for where in ("began:event.fair", "no:event.visit:5", "lacks:quote"):
            for more in ("", f"&company={fair.pk}"):
                page = text(web.get(f"/contacts/?where={where}{more}"))
                assert "Novak" not in page

    def test_an_export_holds_the_same(self, web, fair) -> None:
        answer = web.get(f"/export/companies.csv?where={FAIR}")
        lines = answer.content.decode().splitlines()
        assert [line.split(";")[0] for line in lines[1:]] == ["Stranka brez"]

    def test_what_makes_no_sense_is_passed_over(self, web, fair) -> None:
        page = text(web.get("/companies/?where=nonsense:1;no:event:x"))
        assert "Stranka s ponudbo" in page

    def test_nothing_of_others_is_told(self, web, maja) -> None:
        other = make_user("Drugi")
        hidden = make_company("Skrita stranka", owner=other)
        make_activity(other, hidden, type="fair")
        assert "Skrita" not in text(web.get("/companies/?where=began:event.fair"))

    def test_statements(self, web, fair, django_assert_max_num_queries) -> None:
        web.get(f"/companies/?where={FAIR}")
        for address in ("/companies/", "/activities/", "/chains/"):
            with django_assert_max_num_queries(8):
                web.get(f"{address}?where={FAIR}")


class TestWindow:
    def test_shows_what_holds_and_room_for_more(self, web) -> None:
        answer = web.get(
            f"/conditions/?page=companies&where={FAIR}&q=x", headers=WINDOW
        )
        page = text(answer)
        assert len(re.findall(r'class="condition"', page)) == 3
        assert '<option value="event.fair" selected>' in page
        assert (
            'name="query" value="where=began%3Aevent.fair%3Blacks%3Aquote&q=x"' in page
        )

    def test_leads_to_the_list(self, web) -> None:
        sent = {
            "page": "companies", "query": "q=x&where=has:task",
            "what_0_0": "no", "days_0_0": "60", "activity_0_0": "event.visit",
            "outcome_0_0": "won",  # left from another choice
            "what_0_1": "silent", "days_0_1": "20", "activity_0_1": "quote",
            "what_1_0": "",
        }  # fmt: skip
        answer = web.post("/conditions/", sent, headers=PIECE)
        address = "/companies/?q=x&where=no%3Aevent.visit%3A60%7Csilent%3A20"
        assert answer.headers["HX-Redirect"] == address
        plain = web.post("/conditions/", sent)
        assert (plain.status_code, plain.headers["Location"]) == (302, address)
        assert web.get(address).status_code == 200

    def test_none_left_shows_everything(self, web) -> None:
        sent = {"page": "quotes", "query": "where=has:task", "what_0_0": ""}
        answer = web.post("/conditions/", sent, headers=PIECE)
        assert answer.headers["HX-Redirect"] == "/quotes/"

    def test_what_is_wrong_is_said_and_kept(self, web) -> None:
        sent = {
            "page": "companies", "query": "",
            "what_0_0": "no", "days_0_0": "šestdeset", "activity_0_0": "event",
            "what_1_0": "has", "activity_1_0": "",
            "what_2_0": "silent", "days_2_0": "9000",
        }  # fmt: skip
        answer = web.post("/conditions/", sent, headers=PIECE)
        assert answer.status_code == 422
        page = text(answer)
        assert 'value="šestdeset"' in page
        for name in ("days_0_0", "activity_1_0", "days_2_0"):
            assert f'id="error_{name}"' in page

    @pytest.mark.parametrize(
        ("button", "number"),
        [({"more": "group"}, 3), ({"more": "0"}, 3), ({"drop": "0_0"}, 1),
         ({"more": "99"}, 2), ({"drop": "x"}, 2)],
    )  # fmt: skip
    def test_rows_come_and_go(self, web, button, number) -> None:
        sent = {"page": "running", "query": "", "what_0_0": "silent", "days_0_0": "5",
                "what_1_0": "has", "activity_1_0": "quote"}  # fmt: skip
        answer = web.post("/conditions/", sent | button, headers=PIECE)
        assert answer.status_code == 200
        assert text(answer).count('class="condition"') == number

    def test_other_pages_have_none(self, web) -> None:
        for page in ("board", "users", "", "x"):
            assert web.get(f"/conditions/?page={page}").status_code == 404
            assert web.post("/conditions/", {"page": page}).status_code == 404
