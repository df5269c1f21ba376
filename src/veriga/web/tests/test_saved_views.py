"""Saved views: kept under a name, opened by their own address, shared, in the menu."""

from __future__ import annotations

import html
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from veriga.access.rules import Role
from veriga.access.tests.factories import make_user
from veriga.activities.tests.factories import make_activity
from veriga.history.models import Record
from veriga.setup.models import PinnedView, SavedView
from veriga.setup.rules import VIEW_PAGES
from veriga.web.views.saved import PAGES

from .clients import PIECE, WINDOW, signed_in

pytestmark = pytest.mark.django_db

LATE = {"page": "tasks", "name": "Moje zamude", "query": "owner=me&state=overdue"}


@pytest.fixture
def rok(maja):
    return make_user("Rok Zupan", team=maja.team, language="sl")


@pytest.fixture
def view(web):
    web.post("/views/", LATE, headers=PIECE)
    return SavedView.objects.get()


def shown(client, page: str = "tasks") -> str:
    answer = client.get(f"/views/?page={page}", headers=WINDOW)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def menu(client) -> list[str]:
    return [one["name"] for one in client.get("/nav/counts/").json()["views"]]


def test_every_page_that_can_be_saved_has_an_address() -> None:
    assert set(PAGES) == set(VIEW_PAGES)


class TestSaving:
    def test_the_button_of_a_list_carries_its_filters(self, web) -> None:
        page = html.unescape(
            web.get("/tasks/?owner=me&state=overdue&cursor=").content.decode()
        )
        assert 'href="/views/?owner=me&state=overdue&page=tasks"' in page
        form = html.unescape(
            web.get("/views/?owner=me&state=overdue&page=tasks").content.decode()
        )
        assert 'name="query" value="owner=me&state=overdue"' in form

    @pytest.mark.parametrize("page", VIEW_PAGES)
    def test_every_page_has_the_button_and_opens_again(self, web, page) -> None:
        web.post("/views/", {"page": page, "name": "Vse", "query": ""}, headers=PIECE)
        view = SavedView.objects.get()
        opened = web.get(f"/views/{view.pk}/", follow=True)
        assert opened.status_code == 200
        assert f'data-of-list="{page}"' in opened.content.decode()

    def test_opens_the_list_as_it_was_narrowed(self, maja, rok, web, company, view):
        today = timezone.localdate()
        for user, name in ((maja, "Majina"), (rok, "Rokova")):
            due = today - timedelta(1)
            make_activity(user, company, "task", due_on=due, title=f"{name} zamuda")
            make_activity(user, company, "task", due_on=today + timedelta(1))
        opened = web.get(f"/views/{view.pk}/", follow=True)
        assert opened.redirect_chain[-1][0] == "/tasks/?owner=me&state=overdue"
        page = opened.content.decode()
        assert "Majina zamuda" in page
        assert "Rokova zamuda" not in page
        SavedView.objects.update(is_shared=True)
        page = signed_in(rok).get(f"/views/{view.pk}/", follow=True).content.decode()
        assert "Rokova zamuda" in page
        assert "Majina zamuda" not in page

    def test_the_same_name_is_the_same_view_with_other_filters(self, web, view):
        web.post("/views/", {**LATE, "query": "owner=me", "shared": "on"})
        view.refresh_from_db()
        assert (view.query, view.is_shared) == ("owner=me", True)
        web.post("/views/", {**LATE, "page": "events"})
        assert SavedView.objects.count() == 2

    def test_what_is_empty_or_a_place_is_no_filter(self, web) -> None:
        query = "?q=&state=overdue&cursor=abc&owner=me"
        web.post("/views/", {**LATE, "query": query})
        assert SavedView.objects.get().query == "state=overdue&owner=me"

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "x" * 81}, "name"),
            ({"name": "a\x00b"}, "name"),
            ({"query": "q=" + "x" * 1001}, ""),
            ({"query": "&".join(f"a{n}=1" for n in range(41))}, ""),
            ({"query": "q=%00"}, ""),
        ],
    )
    def test_nonsense_comes_back_and_saves_nothing(self, web, changed, field) -> None:
        answer = web.post("/views/", {**LATE, **changed}, headers=PIECE)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert (f'id="error_{field}"' if field else "form-errors") in page
        assert not SavedView.objects.exists()

    def test_an_unknown_page_is_not_there(self, web) -> None:
        assert web.get("/views/?page=settings").status_code == 404
        assert web.post("/views/", {**LATE, "page": "x"}).status_code == 404


class TestSharing:
    def test_only_shared_ones_are_others(self, rok, web, view) -> None:
        other = signed_in(rok)
        assert "Moje zamude" in shown(web)
        assert "Moje zamude" not in shown(other)
        assert other.get(f"/views/{view.pk}/").status_code == 404
        web.post("/views/", {**LATE, "shared": "on"})
        assert "deli: Maja Kovač" in shown(other)
        assert other.get(f"/views/{view.pk}/").status_code == 302

    def test_deleted_by_its_maker_or_a_manager(self, maja, rok, web, view) -> None:
        address = f"/views/{view.pk}/delete/"
        boss = signed_in(make_user("Vodja", team=maja.team, role=Role.MANAGER))
        assert signed_in(rok).post(address).status_code == 404
        assert boss.post(address).status_code == 404
        SavedView.objects.update(is_shared=True)
        assert signed_in(rok).post(address).status_code == 403
        assert SavedView.objects.exists()
        assert boss.post(address, headers=PIECE).status_code == 204
        assert not SavedView.objects.exists()
        assert Record.objects.filter(subject="saved_view").count() == 2

    def test_own_views_come_first(self, rok, web) -> None:
        other = signed_in(rok)
        other.post("/views/", {**LATE, "name": "Aaa", "shared": "on"})
        web.post("/views/", {**LATE, "name": "Zzz"})
        page = shown(web)
        assert page.index("Zzz") < page.index("Aaa")


class TestPinning:
    def test_the_menu_is_each_users_own(self, rok, web, view) -> None:
        SavedView.objects.update(is_shared=True)
        other = signed_in(rok)
        pin = f"/views/{view.pk}/pin/"
        for _ in range(2):
            assert other.post(pin, {"pinned": "yes"}, headers=PIECE).status_code == 204
        assert (menu(other), menu(web)) == (["Moje zamude"], [])
        other.post(pin, {"pinned": "no"})
        assert menu(other) == []

    def test_what_is_shared_no_more_is_in_no_menu(self, rok, web, view) -> None:
        SavedView.objects.update(is_shared=True)
        other = signed_in(rok)
        other.post(f"/views/{view.pk}/pin/", {"pinned": "yes"})
        SavedView.objects.update(is_shared=False)
        assert menu(other) == []
        assert other.post(f"/views/{view.pk}/pin/").status_code == 404

    def test_deleting_takes_it_out_of_menus(self, web, view) -> None:
        web.post(f"/views/{view.pk}/pin/", {"pinned": "yes"})
        web.post(f"/views/{view.pk}/delete/")
        assert menu(web) == []
        assert not PinnedView.objects.exists()


def test_two_hundred_views_and_not_one_more(maja, web) -> None:
    SavedView.objects.bulk_create(
        SavedView(user=maja, page="tasks", name=f"Pogled {n}", query="owner=me",
                  created_at=timezone.now())
        for n in range(200)
    )  # fmt: skip
    page = shown(web)
    assert page.count('class="view"') == 201
    answer = web.post("/views/", LATE, headers=PIECE)
    assert answer.status_code == 422
    assert SavedView.objects.count() == 200
    answer = web.post("/views/", {**LATE, "name": "Pogled 7"}, headers=PIECE)
    event = json.loads(answer.headers["HX-Trigger"])["veriga:saved"]
    assert event["address"] == "/tasks/?owner=me&state=overdue"
    assert event["close"] is True


def test_statements_do_not_grow(web, view, django_assert_max_num_queries) -> None:
    shown(web)
    with django_assert_max_num_queries(3):
        shown(web)
