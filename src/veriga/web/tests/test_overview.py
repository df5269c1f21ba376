"""The activity overview: its panes, each by itself, and where it is the list alone."""

from __future__ import annotations

import html as markup
import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.tests.factories import make_activity
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company
from veriga.web.forms.overview import days_of
from veriga.web.views.overview import Sight, read_sight

from .clients import LIST, MORE, signed_in

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Europe/Ljubljana")
PANES = ("companies", "colleagues", "calendar", "beside")
# Statements of the whole page and of each part alone; every one has the session, the
# user and the colleagues that may be chosen.
WHOLE = 8
OF_PART = {"bar": 3, "companies": 4, "colleagues": 4, "calendar": 7, "beside": 5}


@pytest.fixture
def rok(maja: User) -> User:
    return make_user("Rok Zupan", team=maja.team, language="sl")


@pytest.fixture
def visit(maja: User, company: Company) -> Any:
    """Hers, tomorrow from nine to ten."""
    starts = timezone.now() + timedelta(days=1)
    ends = starts + timedelta(hours=1)
    return make_activity(
        maja, company, title="Ogled linije", starts_at=starts, ends_at=ends,
        done_at=None,
    )  # fmt: skip


def page(client: Client, query: str = "", **headers: str) -> str:
    response = client.get(f"/activities/{query}", headers=headers)
    assert response.status_code == 200, response.status_code
    return markup.unescape(response.content.decode())


def part(client: Client, names: str, query: str = "") -> str:
    return page(client, query, **{"HX-Request": "true", "X-Panes": names})


def rows(html: str, pane: str) -> list[str]:
    """Return the references of the rows of one of the two lists."""
    found = re.search(rf'<tbody id="{pane}-rows">(.*?)</tbody>', html, re.DOTALL)
    return re.findall(r'data-reference="([^"]+)"', found[1]) if found else []


class TestThePage:
    def test_has_all_panes_and_the_own_work_below(
        self, web: Client, maja: User, rok: User, company: Company, visit: Any
    ) -> None:
        his = make_activity(rok, company, days_ago=3)
        html = page(web)
        assert all(f'id="pane-{name}"' in html for name in PANES)
        assert "data-lazy" not in html
        assert rows(html, "companies") == [visit.reference, his.reference]
        assert rows(html, "colleagues") == [visit.reference]
        assert 'id="aside"' not in html

    def test_no_id_stands_twice(self, web: Client, visit: Any) -> None:
        ids = re.findall(r'\sid="([^"]+)"', page(web))
        assert sorted(ids) == sorted(set(ids))

    def test_asks_for_few_statements(
        self,
        web: Client,
        maja: User,
        company: Company,
        visit: Any,
        django_assert_num_queries: Any,
    ) -> None:
        for n in range(60):
            make_activity(maja, company, days_ago=n)
        query = f"?firm={company.pk}&row={visit.reference}&span=next30&view=month"
        page(web, query)
        with django_assert_num_queries(WHOLE):
            page(web)
        with django_assert_num_queries(WHOLE + 4):
            page(web, query)

    @pytest.mark.parametrize("name", ["bar", *PANES])
    def test_each_part_comes_alone_for_few(
        self,
        web: Client,
        visit: Any,
        name: str,
        django_assert_num_queries: Any,
    ) -> None:
        query = f"?row={visit.reference}&on={timezone.localdate(visit.starts_at)}"
        part(web, name, query)
        with django_assert_num_queries(OF_PART[name]):
            html = part(web, name, query)
        assert "<html" not in html
        found = re.findall(r'id="pane-(\w+)"', html)
        assert found == [name]

    def test_several_parts_come_together(self, web: Client, visit: Any) -> None:
        html = part(web, "calendar companies nonsense")
        assert re.findall(r'id="pane-(\w+)"', html) == ["companies", "calendar"]

    def test_a_pane_is_read_again_after_a_change(self, web: Client) -> None:
        headers = {"HX-Request": "true", "HX-Target": "div#pane-colleagues"}
        html = page(web, **headers)
        assert re.findall(r'id="pane-(\w+)"', html) == ["colleagues"]

    @pytest.mark.parametrize(
        ("kept", "here"),
        [
            ("closed.calendar.beside", {"companies", "colleagues"}),
            ("wide.40_closed_narrow.1", {"companies"}),
            ("closed.nothing_<script>", set(PANES)),
        ],
    )
    def test_what_is_closed_comes_only_when_it_opens(
        self, web: Client, maja: User, kept: str, here: set[str]
    ) -> None:
        web.cookies[f"overview_{maja.pk}"] = kept
        html = page(web)
        lazy = set(re.findall(r'id="pane-(\w+)" data-lazy', html))
        assert lazy == set(PANES) - here

    def test_the_way_of_the_panes_is_read_out_of_the_cookie(self) -> None:
        assert read_sight("wide.42_high.99_closed.beside_narrow.1") == Sight(
            40, 75, ("beside",), True
        )
        assert read_sight("") == read_sight("wide.x_closed.secret") == Sight()


class TestTheListAlone:
    @pytest.mark.parametrize(
        "query",
        ["owner=me", "state=open", "due=week", "loose=yes", "q=", "shown=list",
         "from=2026-01-01", "order=due", "kind=task"],
    )  # fmt: skip
    def test_is_what_an_address_with_its_filters_shows(
        self, web: Client, visit: Any, query: str
    ) -> None:
        html = page(web, f"?{query}")
        assert 'id="list"' in html
        assert "data-overview" not in html
        assert 'href="/activities/"' in html
        assert 'name="shown" value="list"' in html

    def test_is_what_its_own_filters_ask_for(self, web: Client, visit: Any) -> None:
        html = page(web, **LIST)
        assert "<html" not in html
        assert "companies-rows" not in html

    def test_is_led_to_with_the_filters_of_the_pane(
        self, web: Client, company: Company, visit: Any
    ) -> None:
        html = page(web, f"?firm={company.pk}&only=event&work=open&span=today")
        today = timezone.localdate()
        wanted = (
            f"/activities/?company={company.pk}&kind=event&state=open"
            f"&from={today}&to={today}&shown=list"
        )
        assert wanted in html


class TestFilters:
    def test_a_company_above_leaves_the_colleagues_below(
        self, web: Client, maja: User, company: Company, visit: Any
    ) -> None:
        other = make_activity(maja, make_company(owner=maja), days_ago=2)
        html = page(web, f"?firm={company.pk}")
        assert rows(html, "companies") == [visit.reference]
        assert rows(html, "colleagues") == [visit.reference, other.reference]

    def test_without_script_a_company_may_be_typed(
        self, web: Client, company: Company, visit: Any
    ) -> None:
        assert rows(page(web, "?firm=&firm_text=alpina"), "companies") == [
            visit.reference
        ]
        assert f'value="{company.pk}"' in page(web, "?firm=&firm_text=alpina")

    def test_colleagues_below_leave_the_companies_above(
        self, web: Client, maja: User, rok: User, company: Company, visit: Any
    ) -> None:
        his = make_activity(rok, company, days_ago=3)
        html = page(web, f"?with={rok.pk}")
        assert rows(html, "companies") == [visit.reference, his.reference]
        assert rows(html, "colleagues") == [his.reference]
        both = page(web, f"?with={rok.pk}&with={maja.pk}")
        assert rows(both, "colleagues") == [visit.reference, his.reference]

    def test_the_period_narrows_both(
        self, web: Client, maja: User, company: Company, visit: Any
    ) -> None:
        old = make_activity(maja, company, days_ago=40)
        html = page(web, "?span=next7")
        assert rows(html, "companies") == rows(html, "colleagues") == [visit.reference]
        day = timezone.localdate(old.date)
        html = page(web, f"?span=dates&since={day}&until={day}")
        assert rows(html, "companies") == rows(html, "colleagues") == [old.reference]

    @pytest.mark.parametrize(
        "query",
        ["span=never", "only=deal", "work=lost", "with=x", "with=-1", "firm=x",
         "span=dates&since=jutri", "view=year", "on=0001-01-01", "on=9999-12-31",
         "tab=all", "pane=x", "row=D-26-99999", "row=<x>", "more=companies",
         f"with={10**17}"],
    )  # fmt: skip
    def test_that_make_no_sense_are_passed_over(
        self, web: Client, visit: Any, query: str
    ) -> None:
        assert rows(page(web, f"?{query}"), "companies") == [visit.reference]

    def test_a_bad_cursor_is_refused(self, web: Client) -> None:
        address = "/activities/?more=companies&cursor=x"
        assert web.get(address).status_code == 422
        assert web.get(address, headers=MORE).status_code == 422

    def test_an_invisible_company_is_not_found(self, web: Client) -> None:
        other = make_company(owner=make_user(team=make_team()))
        for firm in (other.pk, 10**17):
            assert web.get(f"/activities/?firm={firm}").status_code == 404

    def test_periods_begin_and_end_where_they_say(self) -> None:
        today = date(2026, 11, 29)
        assert days_of("week", today) == (date(2026, 11, 23), today)
        assert days_of("month", today) == (date(2026, 11, 1), date(2026, 11, 30))
        assert days_of("next7", today) == (today, date(2026, 12, 6))
        assert days_of("last30", today) == (date(2026, 10, 30), today)
        assert days_of("", today) == (None, None)


class TestFurtherRows:
    @pytest.mark.parametrize("pane", ["companies", "colleagues"])
    def test_come_to_their_own_list(
        self, web: Client, maja: User, company: Company, pane: str
    ) -> None:
        for n in range(60):
            make_activity(maja, company, days_ago=n)
        html = page(web)
        assert len(rows(html, pane)) == 25
        assert "25+ zadetkov" in html
        found = re.search(rf'hx-get="([^"]*more={pane}[^"]*)"', html)
        assert found is not None
        more = page(web, found[1].removeprefix("/activities/"), **MORE)
        assert more.strip().startswith("<tr")
        prefix = "row" if pane == "companies" else "of-colleague"
        assert set(re.findall(r'<tr [^>]*id="([\w-]+?)-D-', more)) == {prefix}
        references = re.findall(r'data-reference="([^"]+)"', more)
        assert len(references) == 35
        assert not set(references) & set(rows(html, pane))
        whole = page(web, found[1].removeprefix("/activities/"))
        assert len(rows(whole, pane)) == 35


class TestTheCalendar:
    @pytest.mark.parametrize("view", ["day", "week", "month"])
    def test_shows_own_events_and_the_flags_of_deadlines(
        self, web: Client, maja: User, company: Company, visit: Any, view: str
    ) -> None:
        on = timezone.localdate(visit.starts_at)
        make_activity(maja, company, "task", due_on=on, title="Rok za ponudbo")
        html = part(web, "calendar", f"?view={view}&on={on}")
        if view == "month":
            assert "1 dogodek" in html
            assert "1 rok" in html
        else:
            assert "Ogled linije" in html
            assert "Rok za ponudbo" in html
        if view != "day":
            assert f'data-day-link="{on}"' in html
        assert f"since={on}&until={on}" in html

    def test_says_only_busy_where_one_may_not_see(self, web: Client, rok: User) -> None:
        stranger = make_user(team=make_team())
        theirs = make_company(owner=stranger)
        starts = datetime(2026, 11, 24, 9, tzinfo=ZONE)
        hidden = make_activity(
            stranger, theirs, title="Skrivna pogajanja", starts_at=starts,
            ends_at=starts + timedelta(hours=1), done_at=None,
        )  # fmt: skip
        Activity.objects.filter(pk=hidden.pk).update(owner=rok)
        for view in ("day", "week"):
            html = page(web, f"?with={rok.pk}&view={view}&on=2026-11-24")
            assert "zasedeno" in html
            assert "Skrivna" not in html
            assert hidden.reference not in html
            assert rows(html, "colleagues") == []

    def test_a_colleague_of_another_team_is_not_offered(
        self, web: Client, maja: User
    ) -> None:
        other = make_user("Gregor Hribar", team=make_team())
        html = page(web, f"?with={other.pk}")
        assert "Gregor" not in html


class TestBeside:
    def test_is_of_the_selected_row_or_of_the_chosen_company(
        self, web: Client, maja: User, company: Company, visit: Any
    ) -> None:
        make_activity(maja, company, "task", title="Pošlji vzorce")
        assert "Pošlji vzorce" not in part(web, "beside")
        of_row = part(web, "beside", f"?row={visit.reference}")
        assert "Pošlji vzorce" in of_row
        assert f"/activities/{visit.reference}/?panel=link" in of_row
        assert f"firm={company.pk}" in of_row
        of_company = part(web, "beside", f"?firm={company.pk}")
        assert "Pošlji vzorce" in of_company
        assert "panel=link" not in of_company
        assert "nima odprte ponudbe" in part(
            web, "beside", f"?row={visit.reference}&tab=quotes"
        )

    def test_an_invisible_row_is_not_selected(self, web: Client) -> None:
        other = make_user(team=make_team())
        hidden = make_activity(other, make_company(owner=other), title="Skrivnost")
        html = part(web, "beside", f"?row={hidden.reference}")
        assert "Skrivnost" not in html
        assert "Izberi vrstico" in html

    def test_a_reader_may_look_at_all_of_it_and_add_nothing(
        self, maja: User, company: Company, visit: Any
    ) -> None:
        reader = make_user(role=Role.READER, scope=Scope.ALL, language="sl")
        html = page(signed_in(reader), f"?row={visit.reference}&view=day")
        assert visit.reference in rows(html, "companies")
        assert "panel=links" in html
        assert 'panel=link"' not in html
        assert "data-new=" not in html
        assert 'href="/events/new/' not in html

    def test_who_is_not_signed_in_sees_nothing(self, client: Client) -> None:
        assert client.get("/activities/?view=week").status_code == 302
