"""Lists as files: what the page shows, all of it, and nothing that nobody may see."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from veriga.access.tests.factories import make_team, make_user
from veriga.activities.services import state_sale
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.services import create_field
from veriga.web import exports, tables

from .clients import signed_in

pytestmark = pytest.mark.django_db

CELLS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def table(client, address: str, delimiter: str = ";") -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:300]
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8")
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


class TestCsv:
    def test_activities_as_the_page_shows_them(self, maja, web, company) -> None:
        quote = make_activity(
            maja, company, "quote", title="Linija; \"nova\"",
            issued_on=date(2026, 3, 2), valid_until=date(2026, 3, 20),
            lines=[{"text": "Stroj", "unit_price": Decimal("48200")}],
        )  # fmt: skip
        make_activity(maja, company, follows=quote.reference)
        head, row = table(web, "/export/quotes.csv")
        found = dict(zip(head, row, strict=True))
        assert found["Ref. št."] == quote.reference
        assert found["Naslov"] == 'Linija; "nova"'
        assert found["Znesek"].replace("\N{NO-BREAK SPACE}", " ") == "48.200,00 €"
        assert (found["Datum"], found["Velja do"]) == ("2. 3. 2026", "20. 3. 2026")
        assert found["Povezani dogodki"] == "1"
        assert len(table(web, "/export/activities.csv")) == 3

    def test_filters_narrow_it_and_custom_fields_have_columns(
        self, maja, web, company
    ) -> None:
        admin = acting(make_user(role="administrator"))
        create_field(
            context=admin, subject="task", type_="text", name_sl="Dvorana", in_list=True
        )
        late = timezone.localdate() - timedelta(3)
        make_activity(maja, company, "task", due_on=late, title="Zamujena",
                      custom={"dvorana": "H7"})  # fmt: skip
        make_activity(maja, company, "task", title="Odprta")
        head, row = table(web, "/export/tasks.csv?state=overdue&owner=me")
        assert "Zamujena" in row
        assert row[head.index("Dvorana")] == "H7"

    def test_more_than_a_page_comes_whole_and_in_order(
        self, maja, web, company, monkeypatch
    ) -> None:
        monkeypatch.setattr(exports, "PER_PAGE", 4)
        for number in range(11):
            make_activity(maja, company, days_ago=number + 1, title=f"Klic {number:02}")
        rows = table(web, "/export/events.csv")[1:]
        assert [row[3] for row in rows] == [f"Klic {n:02}" for n in range(11)]

    def test_companies_contacts_and_chains(self, maja, web, company) -> None:
        make_contact(company, first_name="Ana", last_name="Kos", mobile="+38641234567")
        first = make_activity(maja, company, days_ago=9, title="Sejem")
        make_activity(maja, company, days_ago=3, follows=first.reference)
        state_sale(
            context=acting(maja, timezone.now()), reference=first.reference,
            amount_minor=125_50, month_on=date(2026, 6, 1),
        )  # fmt: skip
        assert table(web, "/export/companies.csv")[1][0] == company.name
        contact = table(web, "/export/contacts.csv")[1]
        assert "Kos" in contact
        assert "(00386)41 234-567" in contact
        chain = table(web, "/export/running.csv?owner=me")[1]
        assert chain[2] == "Sejem"
        assert "125,50" in chain[10]

    def test_english_has_commas_and_its_own_words(self, maja, web, company) -> None:
        maja.language = "en"
        maja.save()
        make_activity(maja, company, title="Call, again")
        head, row = table(web, "/export/events.csv", delimiter=",")
        assert head[:4] == ["Ref. no.", "State", "Type", "Title"]
        assert row[3] == "Call, again"

    @pytest.mark.parametrize("title", ["=1+1", "+386", "-x", "@SUM(A1)"])
    def test_no_text_becomes_a_formula(self, maja, web, company, title) -> None:
        make_activity(maja, company, title=title)
        assert table(web, "/export/events.csv")[1][3] == f"'{title}"

    def test_of_what_one_does_not_see_there_is_nothing(self, maja, company) -> None:
        first = make_activity(maja, company)
        make_activity(maja, company, follows=first.reference)
        make_contact(company)
        stranger = signed_in(make_user("Tujec", team=make_team(), language="sl"))
        for page in exports.PAGES:
            assert len(table(stranger, f"/export/{page}.csv")) == 1

    def test_too_long_is_refused_with_a_sentence(
        self, maja, web, company, monkeypatch
    ) -> None:
        monkeypatch.setattr(tables, "MOST_ROWS", 2)
        for _ in range(3):
            make_activity(maja, company)
        answer = web.get("/export/events.csv")
        assert answer.status_code == 422
        assert "največ 2 vrstic" in answer.content.decode()
        assert len(table(web, "/export/tasks.csv")) == 1

    def test_other_pages_and_forms_are_not_there(self, web, client) -> None:
        for address in ("/export/users.csv", "/export/board.csv", "/export/tasks.pdf"):
            assert web.get(address).status_code == 404
        assert client.get("/export/tasks.csv").status_code == 302


class TestXlsx:
    def test_values_stay_values(self, maja, web, company) -> None:
        make_activity(
            maja, company, "quote", title="=1+1", issued_on=date(2026, 3, 2),
            lines=[{"text": "Stroj", "unit_price": Decimal("48200.50")}],
        )  # fmt: skip
        answer = web.get("/export/quotes.xlsx")
        assert answer.status_code == 200
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314
            texts = book.read("xl/sharedStrings.xml").decode()
        cells = {c.get("r"): c for c in sheet.iter(f"{CELLS}c")}
        assert cells["E2"].findtext(f"{CELLS}v") == "48200.5"
        assert cells["E2"].get("t") is None  # a number
        assert cells["G2"].findtext(f"{CELLS}v") == "46083"  # 2 March 2026
        assert not list(sheet.iter(f"{CELLS}f"))  # no formula
        assert "<t>=1+1</t>" in texts

    def test_an_empty_list_is_a_heading(self, web) -> None:
        Company.objects.all().delete()
        for page in exports.PAGES:
            answer = web.get(f"/export/{page}.xlsx")
            assert answer.status_code == 200
            assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None


def test_the_menu_of_a_list_carries_its_filters(web, company) -> None:
    make_company("Druga")
    page = web.get("/companies/?status=prospect").content.decode()
    assert 'href="/export/companies.xlsx?status=prospect"' in page
    assert "/export/" not in web.get("/board/").content.decode()
