"""Commands for many rows of a list: the window, what it foresees, the work, undo."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.services import update_activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.events.services import create_gathering
from veriga.parties.tests.factories import make_company
from veriga.work.rules.bulk import Action

from .clients import PIECE, WINDOW, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def rok(maja):
    return make_user("Rok Zupan", team=maja.team, language="sl")


@pytest.fixture
def tasks(maja, company):
    due = timezone.localdate() + timedelta(days=2)
    return [
        make_activity(maja, company, "task", due_on=due, title=f"Naloga {n}")
        for n in range(3)
    ]


def rows_of(*activities: Activity) -> str:
    return ",".join(f"{a.reference}.{a.row_version}" for a in activities)


def opened(client, action: str, status: int = 200, **query: str) -> str:
    answer = client.get(f"/bulk/{action}/", query, headers=WINDOW)
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def posted(client, action: str, **data: str):
    return client.post(f"/bulk/{action}/", data, headers=PIECE)


def event_of(answer) -> dict[str, object]:
    return json.loads(answer.headers["HX-Trigger"])["veriga:saved"]


def owners(tasks) -> list[int]:
    found = Activity.objects.in_bulk([one.pk for one in tasks])
    return [found[one.pk].owner_id for one in tasks]


class TestTheList:
    def test_rows_carry_their_version_and_the_page_its_commands(self, web, tasks):
        page = web.get("/tasks/").content.decode()
        assert 'data-version="1"' in page
        for action in Action:
            assert f'href="/bulk/{action}/"' in page

    def test_a_reader_is_offered_nothing(self, maja, tasks):
        reader = make_user("Bralka", role=Role.READER, scope=Scope.ALL)
        page = signed_in(reader).get("/tasks/").content.decode()
        assert "/bulk/" not in page
        assert " data-pick" not in page


class TestTheWindow:
    @pytest.mark.parametrize("action", list(Action))
    def test_each_command_says_what_would_change(self, web, tasks, action):
        said = opened(web, action, rows=rows_of(*tasks))
        verb = "Izbrišeš" if action == Action.DELETE else "Spremenijo se"
        assert f"{verb} 3 aktivnosti." in said

    def test_what_stays_is_named_with_the_reason(self, maja, rok, company, tasks):
        own = make_activity(rok, company, "task", owner=rok.pk)
        said = opened(signed_in(rok), "assign", rows=rows_of(*tasks, own))
        assert "Spremeni se 1 aktivnost." in said
        assert "3 ostanejo, kakršne so:" in said
        for one in tasks:
            assert one.reference in said
        assert "Za to nimaš pravice." in said

    def test_quotes_stay_open_until_an_end_is_chosen(self, web, maja, company, tasks):
        quote = make_activity(maja, company, "quote")
        rows = rows_of(*tasks, quote)
        said = opened(web, "finish", rows=rows)
        assert 'name="result_quote"' in said
        assert "Spremenijo se 3 aktivnosti." in said
        answer = posted(web, "finish", rows=rows, result_quote="withdrawn")
        assert event_of(answer)["text"] == "4 aktivnosti so opravljene."

    def test_the_plan_alone_follows_what_is_typed(self, web, maja, tasks):
        answer = web.post(
            "/bulk/assign/?plan",
            {"rows": rows_of(*tasks), "owner": str(maja.pk)},
            headers=PIECE,
        )
        said = html.unescape(answer.content.decode())
        assert answer.status_code == 200
        assert "<form" not in said
        assert "Tako je že." in said
        assert Activity.objects.get(pk=tasks[0].pk).row_version == 1

    def test_all_that_fit_the_filters(self, web, maja, company, tasks):
        make_activity(maja, company, "task", title="Druga")
        said = opened(web, "finish", all="yes", page="tasks", q="Naloga")
        assert "Spremenijo se 3 aktivnosti." in said
        assert rows_of(tasks[0]) in said

    def test_a_list_that_goes_on_says_so(self, web, maja, company, tasks, monkeypatch):
        monkeypatch.setattr("veriga.web.forms.bulk.MOST", 3)
        make_activity(maja, company, "task")
        monkeypatch.setattr("veriga.web.forms.bulk.PER_PAGE", 2)
        said = opened(web, "finish", all="yes", page="tasks")
        assert "Spremenijo se 3 aktivnosti." in said
        assert "Seznam je daljši" in said

    def test_group_events_are_left_out(self, web, maja, company):
        create_gathering(
            context=acting(maja),
            values={
                "title": "Predstavitev",
                "starts_at": timezone.now() + timedelta(days=9),
            },
            company_ids=[company.pk],
        )
        said = opened(web, "assign", all="yes", page="events")
        assert "1 skupinski dogodek je izpuščen" in said

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ({}, "Najprej izberi vsaj eno vrstico."),
            ({"rows": "kar,nekaj.x"}, "Ne spremeni se nobena aktivnost."),
            ({"rows": ",".join(["N-26-00001"] * 501)}, "spremeni največ 500"),
        ],
    )
    def test_bad_rows(self, web, tasks, query, said):
        assert said in opened(web, "assign", **query)
        assert posted(web, "finish", **query).status_code == 422

    def test_a_page_that_is_no_list_of_activities(self, web):
        opened(web, "assign", 404, all="yes", page="companies")

    def test_unknown_command_and_who_may_not(self, web, maja, client, tasks):
        assert web.get("/bulk/nekaj/").status_code == 404
        reader = make_user("Bralka", role=Role.READER, scope=Scope.ALL)
        assert signed_in(reader).get("/bulk/finish/").status_code == 403
        assert client.get("/bulk/finish/").status_code == 302

    def test_the_number_of_statements(self, web, tasks, django_assert_max_num_queries):
        rows = rows_of(*tasks)
        opened(web, "assign", rows=rows)
        with django_assert_max_num_queries(8):
            opened(web, "assign", rows=rows)


class TestTheWork:
    def test_assigned_said_and_undone(self, web, maja, rok, tasks):
        answer = posted(web, "assign", rows=rows_of(*tasks), owner=str(rok.pk))
        assert answer.status_code == 204
        said = event_of(answer)
        assert said["text"] == "3 aktivnosti so dodeljene."
        assert said["bulk"] is True
        assert said["close"] is True
        assert owners(tasks) == [rok.pk] * 3
        undone = web.post(str(said["undo_url"]), headers=PIECE)
        assert undone.status_code == 204
        toast = json.loads(undone.headers["HX-Trigger"])["toast"]
        assert toast["text"] == "3 aktivnosti so spet, kakršne so bile."
        assert owners(tasks) == [maja.pk] * 3
        assert web.post(str(said["undo_url"]), headers=PIECE).status_code == 409

    def test_what_changed_meanwhile_is_told(self, web, maja, rok, tasks):
        rows = rows_of(*tasks)
        update_activity(
            context=acting(maja),
            reference=str(tasks[0].reference),
            changes={"title": "Hitrejša"},
        )
        answer = posted(web, "assign", rows=rows, owner=str(rok.pk))
        text = str(event_of(answer)["text"])
        assert text.startswith("2 aktivnosti sta dodeljeni.")
        assert f"{tasks[0].reference}: Nekdo" in text

    def test_somebody_elses_command_is_unknown(self, web, rok, tasks):
        answer = posted(web, "finish", rows=rows_of(*tasks))
        address = str(event_of(answer)["undo_url"])
        assert signed_in(rok).post(address, headers=PIECE).status_code == 404
        assert web.get(address).status_code == 405

    @pytest.mark.parametrize(
        ("action", "data", "field"),
        [
            ("assign", {}, "owner"),
            ("move", {"days": "dva"}, "days"),
            ("move", {"days": "9999"}, "days"),
            ("move", {"days": ""}, "days"),
            ("link", {"stimulus": "D-26-77777"}, "stimulus"),
            ("importance", {"importance": "nujno!"}, "importance"),
            ("finish", {"result_task": "accepted"}, "result_task"),
        ],
    )
    def test_bad_input_is_told_at_its_field(self, web, tasks, action, data, field):
        answer = posted(web, action, rows=rows_of(*tasks), **data)
        said = html.unescape(answer.content.decode())
        assert answer.status_code == 422
        assert f'id="error_{field}"' in said
        for name in {"days", "stimulus"} & set(data):
            assert f'value="{data[name]}"' in said
        assert rows_of(*tasks) in said
        found = Activity.objects.filter(pk__in=[one.pk for one in tasks])
        assert set(found.values_list("row_version", flat=True)) == {1}

    def test_a_minus_moves_it_earlier(self, web, tasks):
        answer = posted(web, "move", rows=rows_of(*tasks), days="\N{MINUS SIGN}1")
        assert answer.status_code == 204
        due = Activity.objects.get(pk=tasks[0].pk).due_at
        assert due is not None
        assert tasks[0].due_at is not None
        assert due < tasks[0].due_at

    def test_nothing_to_change_is_no_success(self, web, maja, tasks):
        answer = posted(web, "assign", rows=rows_of(*tasks), owner=str(maja.pk))
        assert answer.status_code == 422
        assert "Nič se ni spremenilo." in answer.content.decode()

    def test_other_teams_rows_stay_and_tell_nothing(self, maja, tasks):
        outside = make_user("Zunanji", team=make_team("Druga"), scope=Scope.OWN)
        outside.language = "sl"
        outside.save()
        make_company("Njegova", owner=outside)
        answer = posted(signed_in(outside), "finish", rows=rows_of(*tasks))
        said = answer.content.decode()
        assert answer.status_code == 422
        assert "Naloga" not in said
        assert Activity.objects.filter(done_at__isnull=False).count() == 0

    def test_without_script_the_page_answers_with_the_list(self, web, tasks):
        page = web.get("/bulk/delete/", {"rows": rows_of(*tasks)})
        assert "<html" in page.content.decode()
        answer = web.post("/bulk/delete/", {"rows": rows_of(*tasks)}, follow=True)
        said = html.unescape(answer.content.decode())
        assert "3 aktivnosti so izbrisane." in said


class TestWhatAllMayFollow:
    def test_the_likeliest_are_offered_with_their_reason(
        self, web, maja, company, tasks
    ):
        fair = make_activity(maja, company, type="fair", days_ago=3, title="Na sejmu")
        other = make_company("Druga", owner=maja)
        make_activity(maja, other, days_ago=1, title="Drugje")
        said = opened(web, "link", rows=rows_of(*tasks))
        assert f'name="likely" value="{fair.reference}"' in said
        assert "Na sejmu" in said
        assert "Drugje" not in said
        # The chosen themselves are no answer.
        for one in tasks:
            assert f'name="likely" value="{one.reference}"' not in said
        answer = posted(
            web, "link", rows=rows_of(*tasks), likely=str(fair.reference), stimulus=""
        )
        assert event_of(answer)["text"] == "3 aktivnosti so povezane."

    def test_what_is_typed_goes_first_and_is_judged(self, web, maja, company, tasks):
        fair = make_activity(maja, company, type="fair", days_ago=3)
        answer = posted(
            web,
            "link",
            rows=rows_of(*tasks),
            likely=str(fair.reference),
            stimulus="D-26-77777",
        )
        assert answer.status_code == 422
        said = html.unescape(answer.content.decode())
        assert 'id="error_stimulus"' in said
        assert re.search(rf'value="{fair.reference}" checked', said)

    def test_of_several_companies_nothing_is_offered(self, web, maja, company, tasks):
        make_activity(maja, company, days_ago=3)
        foreign = make_activity(maja, make_company("Druga", owner=maja), "task")
        said = opened(web, "link", rows=rows_of(*tasks, foreign))
        assert 'name="likely"' not in said
        assert "So pri različnih strankah" in said

    def test_the_number_of_statements(
        self, web, maja, company, tasks, django_assert_max_num_queries
    ):
        make_activity(maja, company, days_ago=3)
        opened(web, "link", rows=rows_of(*tasks))
        with django_assert_max_num_queries(12):
            opened(web, "link", rows=rows_of(*tasks))
