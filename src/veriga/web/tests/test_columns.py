"""The columns of lists: chosen, ordered, kept, in an address, in files and views."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from veriga.access.models import User
from veriga.access.tests.factories import make_user
from veriga.activities.tests.factories import acting, make_activity
from veriga.setup.custom_fields import fields_of
from veriga.setup.models import SavedView
from veriga.setup.services import create_field
from veriga.web.columns import KINDS, MORE, PLAIN, columns_of, moved

from .clients import MORE as MORE_ROWS
from .clients import PIECE, WINDOW, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(maja, company):
    rok = make_user("Rok Zupan", team=maja.team)
    return make_activity(
        maja,
        company,
        "task",
        title="Preveri ponudbo",
        due_on=timezone.localdate() + timedelta(days=1),
        importance="high",
        participants=[maja.pk, rok.pk],
    )


def headings(client, address: str) -> list[str]:
    page = html.unescape(client.get(address).content.decode())
    head = re.search(r"<thead>.*?</thead>", page, re.DOTALL)
    assert head is not None
    cells = re.findall(r"<th [^>]*>(.*?)</th>", head[0], re.DOTALL)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]


def cells(client, address: str) -> list[str]:
    page = html.unescape(client.get(address).content.decode())
    row = re.search(r'<tr class="row.*?</tr>', page, re.DOTALL)
    assert row is not None
    found = re.findall(r"<td [^>]*>(.*?)</td>", row[0], re.DOTALL)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in found]


def keep(client, page: str, on: list[str], order: list[str] = (), **more: object):
    data = {"on": on, "order": [*(order or on)], "save": "yes", **more}
    return client.post(f"/columns/{page}/", data, headers=PIECE)


class TestWhich:
    @pytest.mark.parametrize("page", list(KINDS))
    def test_every_column_can_be_shown_on_every_list(self, web, task, page) -> None:
        assert web.get(f"/{page.replace('_', '-')}/").status_code == 200
        shown = columns_of(page, ",".join(PLAIN), {})
        assert shown.codes == PLAIN

    def test_an_address_says_them_in_its_order(self, web, task) -> None:
        found = headings(web, "/tasks/?cols=due,title,people,importance,recorded")
        assert found == [
            "Stanje",
            "Rok",
            "Naslov",
            "Sodelujoči",
            "Pomembnost",
            "Vneseno",
        ]
        shown = cells(web, "/tasks/?cols=title,people,importance")
        assert shown[1:] == ["Preveri ponudbo", "2", "Visoka"]

    @pytest.mark.parametrize(
        "cols", ["", "kar,nekaj", "<script>", "custom_x", ",,,", "amount%00"]
    )
    def test_what_makes_no_sense_is_passed_over(self, web, task, cols) -> None:
        assert headings(web, "/tasks/?cols=" + cols)[0] == "Stanje"
        assert len(headings(web, f"/tasks/?cols={cols}")) >= 2

    def test_a_title_is_always_there_and_nothing_twice(self) -> None:
        found = columns_of("tasks", "due,due,owner", {})
        assert found.codes == ("title", "due", "owner")

    def test_custom_fields_are_columns_among_others(self, maja, web, company) -> None:
        admin = acting(make_user(role="administrator"))
        create_field(
            context=admin, subject="task", type_="text", name_sl="Dvorana", in_list=True
        )
        code = "custom_" + fields_of("task")[0].code
        make_activity(maja, company, "task", custom={fields_of("task")[0].code: "H7"})
        assert "Dvorana" in headings(web, "/tasks/")
        assert cells(web, f"/tasks/?cols={code},title")[1] == "H7"
        assert "Dvorana" not in headings(web, "/tasks/?cols=title,due")

    def test_moving_stays_inside(self) -> None:
        assert moved(["a", "b", "c"], "a", -1) == ["a", "b", "c"]
        assert moved(["a", "b", "c"], "a", 1) == ["b", "a", "c"]
        assert moved(["a", "b", "c"], "x", 1) == ["a", "b", "c"]


class TestKeeping:
    def test_kept_for_the_user_and_the_list(self, web, maja, task) -> None:
        answer = keep(web, "tasks", ["owner", "title", "due"])
        assert answer.status_code == 204
        assert answer.headers["HX-Redirect"] == "/tasks/"
        usual = headings(signed_in(make_user("Eva", team=maja.team)), "/tasks/")
        found = headings(web, "/tasks/")
        assert found == ["Stanje", "Odgovorni", "Naslov", "Rok"]
        assert usual != found
        assert len(headings(web, "/activities/")) > 4
        keep(web, "tasks", [], usual="yes")
        assert User.objects.get(pk=maja.pk).list_columns == {}

    def test_the_address_goes_before_what_is_kept(self, web, task) -> None:
        keep(web, "tasks", ["owner", "title"])
        assert headings(web, "/tasks/?cols=title,date")[-1] == "Datum"

    def test_it_leads_back_to_the_filters(self, web, task) -> None:
        answer = keep(web, "tasks", ["title"], query="?state=open&cols=due&owner=me")
        assert answer.headers["HX-Redirect"] == "/tasks/?state=open&owner=me"

    def test_buttons_move_a_column_and_keep_what_is_ticked(self, web, maja) -> None:
        data = {"order": ["title", "due", "owner"], "on": ["owner"], "up": "owner"}
        answer = web.post("/columns/tasks/", data, headers=PIECE)
        said = html.unescape(answer.content.decode())
        found = re.findall(r'name="order" value="(\w+)"', said)
        assert found[:3] == ["title", "owner", "due"]
        assert set(found) == set(PLAIN)
        assert re.search(r'value="owner" checked', said)
        assert not re.search(r'value="due" checked', said)
        assert User.objects.get(pk=maja.pk).list_columns == {}

    def test_unknown_pages_methods_and_who_is_not_signed_in(self, web, client) -> None:
        assert web.get("/columns/running/").status_code == 404
        assert web.put("/columns/tasks/").status_code == 405
        assert client.get("/columns/tasks/").status_code == 302
        assert web.get("/columns/tasks/", headers=WINDOW).status_code == 200

    def test_nobody_stores_what_is_no_column(self, web, maja) -> None:
        keep(web, "tasks", ["title", "kar", "due"], ["kar", "due", "title"])
        kept = User.objects.get(pk=maja.pk).list_columns
        assert kept == {"tasks": "due,title"}

    def test_a_saved_view_has_the_columns_it_was_saved_with(self, web, maja, task):
        keep(web, "tasks", ["title", "recorded"])
        form = html.unescape(
            web.get("/views/?page=tasks&state=open", headers=WINDOW).content.decode()
        )
        query = re.search(r'name="query" value="([^"]*)"', form)
        assert query is not None
        web.post(
            "/views/",
            {"page": "tasks", "name": "Odprte", "query": query[1], "shared": "on"},
            headers=PIECE,
        )
        view = SavedView.objects.get()
        colleague = signed_in(make_user("Eva", team=maja.team, language="sl"))
        address = colleague.get(f"/views/{view.pk}/").headers["Location"]
        assert headings(colleague, address) == ["Stanje", "Naslov", "Vneseno"]


class TestElsewhere:
    def test_a_file_has_exactly_these(self, web, task) -> None:
        def table(address: str) -> list[list[str]]:
            text = web.get(address).content.decode("utf-8-sig")
            return list(csv.reader(io.StringIO(text), delimiter=";"))

        head, row = table("/export/tasks.csv?cols=title,people,importance")
        assert head == ["Naslov", "Stanje", "Sodelujoči", "Pomembnost"]
        assert row[0] == "Preveri ponudbo"
        assert row[2:] == ["2", "Visoka"]
        keep(web, "tasks", ["reference", "title"])
        assert table("/export/tasks.csv")[0] == ["Ref. št.", "Stanje", "Naslov"]
        every = ",".join(PLAIN)
        assert web.get(f"/export/quotes.xlsx?cols={every}").status_code == 200

    def test_further_rows_have_the_same(self, web, maja, company) -> None:
        for number in range(51):
            make_activity(maja, company, "task", title=f"Naloga {number}")
        page = html.unescape(web.get("/tasks/?cols=title,recorded").content.decode())
        more = re.search(r'href="(/tasks/\?[^"]*cursor=[^"]*)"', page)
        assert more is not None
        assert "cols=title%2Crecorded" in more[1]
        rows = web.get(more[1], headers=MORE_ROWS).content.decode()
        assert rows.count('class="c-custom"') == 1

    def test_filters_keep_them(self, web, task) -> None:
        page = web.get("/tasks/?cols=title,due").content.decode()
        assert 'name="cols" value="title,due"' in page

    def test_no_statement_more_but_for_what_rows_do_not_have(
        self, web, task, django_assert_num_queries
    ) -> None:
        web.get("/tasks/")
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        def number(address: str) -> int:
            with CaptureQueriesContext(connection) as found:
                web.get(address)
            return len(found)

        usual = number("/tasks/")
        plain = [c for c in PLAIN if c not in {"people"}]
        assert number(f"/tasks/?cols={','.join(plain)}") == usual
        assert number("/tasks/?cols=title,people") == usual + 1
        keep(web, "tasks", ["title", *sorted(MORE - {"people"})])
        assert number("/tasks/") == usual
