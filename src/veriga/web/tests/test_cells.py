"""A cell of a list changed in its place: saved, refused, overtaken."""

from __future__ import annotations

import html
import json
from datetime import UTC, date, datetime

import pytest

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.services import update_activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.setup.services import create_field

from .clients import PIECE, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(maja, company):
    return make_activity(
        maja, company, "task", title="Stari naslov", due_on=date(2026, 11, 27)
    )


def address(activity, field: str) -> str:
    return f"/activities/{activity.reference}/cell/{field}/"


def save(client, activity, field: str, value: str, version: int = 1):
    data = {"value": value, "row_version": str(version)}
    return client.post(address(activity, field), data, headers=PIECE)


def now(activity) -> Activity:
    return Activity.objects.get(pk=activity.pk)


class TestSaving:
    def test_each_field(self, web, maja, task) -> None:
        rok = make_user("Rok Zupan", team=maja.team)
        for version, (field, value) in enumerate(
            (
                ("title", "Nov naslov"),
                ("due", "2026-12-01"),
                ("importance", "high"),
                ("owner", str(rok.pk)),
            ),
            start=1,
        ):
            form = web.get(address(task, field), headers=PIECE).content.decode()
            assert f'name="row_version" value="{version}"' in form
            answer = save(web, task, field, value, version)
            assert answer.status_code == 204
            told = json.loads(answer.headers["HX-Trigger"])
            assert told == {"veriga:changed": {"reference": task.reference}}
        found = now(task)
        assert (found.title, found.importance_id) == ("Nov naslov", "high")
        assert found.owner_id == rok.pk
        assert found.due_at == datetime(2026, 12, 1, 23, 0, tzinfo=UTC)

    def test_a_deadline_can_be_taken_away_and_an_hour_stays_one(
        self, web, maja, company, task
    ) -> None:
        assert save(web, task, "due", "").status_code == 204
        assert now(task).due_at is None
        at = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
        hourly = make_activity(maja, company, "task", due_at=at)
        form = web.get(address(hourly, "due"), headers=PIECE).content.decode()
        assert 'type="datetime-local" value="2026-11-27T10:30"' in form
        assert save(web, hourly, "due", "2026-11-27T11:00").status_code == 204
        assert now(hourly).due_at == datetime(2026, 11, 27, 10, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", "  "),
            ("title", "x" * 201),
            ("due", "jutri"),
            ("due", "9999-12-31"),
            ("owner", ""),
            ("importance", "nujno!"),
        ],
    )
    def test_what_is_refused_comes_back_with_the_reason(
        self, web, task, field, value
    ) -> None:
        answer = save(web, task, field, value)
        said = html.unescape(answer.content.decode())
        assert answer.status_code == 422
        assert 'role="alert"' in said
        if field in {"title", "due"}:
            assert f'value="{value}"' in said
        assert now(task).row_version == 1

    def test_who_is_overtaken_sees_what_is_there_now(self, web, maja, task) -> None:
        update_activity(
            context=acting(maja),
            reference=str(task.reference),
            changes={"title": "Hitrejši naslov"},
        )
        answer = save(web, task, "title", "Moj naslov")
        said = html.unescape(answer.content.decode())
        assert answer.status_code == 409
        assert "»Hitrejši naslov«" in said
        assert 'value="Moj naslov"' in said
        assert save(web, task, "title", "Moj naslov", 2).status_code == 204

    def test_who_may_not(self, web, maja, company, task, client) -> None:
        stranger = make_user("Tujec", team=maja.team)
        outside = make_user("Zunanji", team=make_team("Druga"), scope=Scope.OWN)
        reader = make_user("Bralka", role=Role.READER, scope=Scope.ALL)
        for user, status in ((stranger, 403), (reader, 403), (outside, 404)):
            assert save(signed_in(user), task, "title", "X").status_code == status
            got = signed_in(user).get(address(task, "title"), headers=PIECE)
            assert got.status_code == status
        assert client.get(address(task, "title")).status_code == 302
        assert now(task).title == "Stari naslov"

    def test_what_is_no_cell(self, web, maja, company, task) -> None:
        event = make_activity(maja, company)
        assert web.get(address(event, "due")).status_code == 404
        assert web.get(address(task, "reference")).status_code == 404
        assert web.put(address(task, "title")).status_code == 405


class TestCustomFields:
    @pytest.fixture
    def price(self):
        return create_field(
            context=acting(make_user(role=Role.ADMINISTRATOR)),
            subject="task",
            type_="number",
            name_sl="Cena",
            in_list=True,
        )

    def test_is_a_cell_of_its_own_kind(self, web, maja, company, task, price) -> None:
        name = f"custom_{price.code}"
        assert f'data-change-here="{name}"' in web.get("/tasks/").content.decode()
        form = web.get(address(task, name), headers=PIECE).content.decode()
        assert 'aria-label="Cena"' in form
        assert save(web, task, name, "1.234,5").status_code == 204
        assert now(task).custom == {price.key: "1234.5"}
        refused = save(web, task, name, "veliko", 2)
        assert refused.status_code == 422
        assert 'value="veliko"' in refused.content.decode()
        assert save(web, task, name, "", 2).status_code == 204
        assert now(task).custom == {}
        for other in (make_activity(maja, company), make_activity(maja, company)):
            assert web.get(address(other, name), headers=PIECE).status_code == 404
            assert save(web, other, name, "1").status_code == 404
        assert save(web, task, "custom_nothing", "1").status_code == 404

    def test_what_others_wrote_beside_it_stays(self, web, maja, task, price) -> None:
        note = create_field(
            context=acting(make_user(role=Role.ADMINISTRATOR)),
            subject="task", type_="text", name_sl="Pot",
        )  # fmt: skip
        update_activity(
            context=acting(maja),
            reference=str(task.reference),
            changes={"custom": {note.code: "Prek Kranja"}},
        )
        assert save(web, task, f"custom_{price.code}", "7", 2).status_code == 204
        assert now(task).custom == {price.key: "7", note.key: "Prek Kranja"}
