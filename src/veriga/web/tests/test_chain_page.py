"""The chain page: facts, sales, and the chain as a list, a story and a time line."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.services import (
    add_entry,
    close_sale,
    delete_activity,
    set_stage,
    state_sale,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company
from veriga.quotes.services import mark_sent
from veriga.web.chain_page import TALL

from .clients import LIST, MORE, signed_in

pytestmark = pytest.mark.django_db

# Session, user, members, summary, marks, the origin's author.
STATEMENTS_OF_LIST = 7
# The same with links and graves of the page.
STATEMENTS_OF_STORY = 9


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team("Prodaja"), language="sl")


@pytest.fixture
def alpina(maja: User) -> Company:
    return make_company("Alpina Pak d.o.o.", owner=maja)


@pytest.fixture
def browser(maja: User) -> Client:
    return signed_in(maja)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def story(maja: User, alpina: Company, now: datetime) -> list[Activity]:
    """A chain of three, a hundred days apart."""
    found: list[Activity] = []
    for days, title in ((250, "Prvi stik na sejmu"), (150, "Klic"), (50, "Obisk")):
        found.append(
            make_activity(
                maja,
                alpina,
                now=now,
                days_ago=days,
                title=title,
                text=f"Zapis: {title}",
                follows=found[-1].reference if found else "",
            )
        )
    return found


def address(activity: Activity, query: str = "") -> str:
    return f"/activities/{activity.reference}/chain/{query}"


def page(client: Client, where: str, **headers: str) -> str:
    response = client.get(where, headers=headers)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def rows(html: str) -> list[str]:
    """Return the references of the members, in their order."""
    return re.findall(r'<(?:tr|li) class="[^"]*row[^>]* data-reference="([^"]+)"', html)


def references(activities: list[Activity]) -> list[str]:
    return [str(a.reference) for a in activities]


class TestTheHead:
    def test_is_the_same_from_every_member(
        self, browser: Client, story: list[Activity]
    ) -> None:
        for member in story:
            html = page(browser, address(member))
            assert '<h1 class="page-title">Prvi stik na sejmu</h1>' in html
            assert rows(html) == references(story)[::-1]

    def test_says_origin_author_company_counts_and_move(
        self, browser: Client, story: list[Activity]
    ) -> None:
        html = page(browser, address(story[1]))
        assert "avtor: Maja Kovač" in html
        assert "Alpina Pak d.o.o." in html
        assert "3 aktivnosti" in html
        assert re.search(r"Dogodki <b>3</b>", html)
        assert "na potezi" in html
        assert "posel je odprt" in html

    def test_draws_the_strip_with_the_asked_record_marked(
        self, browser: Client, story: list[Activity]
    ) -> None:
        html = page(browser, address(story[1]))
        assert html.count('class="strip-point') == 3
        assert html.count("is-current") >= 1
        assert "is-current" not in page(browser, address(story[0])).replace(
            "chip is-current", ""
        )

    def test_shows_what_was_stated_last(
        self, browser: Client, maja: User, story: list[Activity]
    ) -> None:
        for amount in (1_000_000, 4_500_000):
            state_sale(
                context=acting(maja, timezone.now()),
                reference=references(story)[0],
                amount_minor=amount,
                name="Linija LP-40",
            )
        html = page(browser, address(story[0]))
        assert '<p class="today-value">45.000\N{NO-BREAK SPACE}€</p>' in html
        assert "Linija LP-40" in html

    def test_a_newer_sent_quote_replaces_the_value(
        self, browser: Client, maja: User, alpina: Company, story: list[Activity]
    ) -> None:
        context = acting(maja, timezone.now())
        state_sale(
            context=context, reference=references(story)[0], amount_minor=100_000
        )
        quote = make_quote(maja, alpina, story)
        html = page(browser, address(story[0]))
        assert '<p class="today-value">1.000\N{NO-BREAK SPACE}€</p>' in html
        mark_sent(context=acting(maja, timezone.now()), reference=str(quote.reference))
        html = page(browser, address(story[0]))
        assert '<p class="today-value">9.900\N{NO-BREAK SPACE}€</p>' in html
        assert f"po ponudbi {quote.reference}" in html

    def test_lists_the_sales_one_after_another(
        self, browser: Client, maja: User, alpina: Company, story: list[Activity]
    ) -> None:
        first = references(story)[2]
        close_sale(
            context=acting(maja, timezone.now()),
            reference=first,
            outcome="lost",
            reason="price",
        )
        make_quote(maja, alpina, story)
        html = page(browser, address(story[0]))
        sales = re.findall(r'<li class="sale">.*?</li>', html, re.DOTALL)
        assert len(sales) == 2
        assert "posel je odprt" in sales[0]
        assert "9.900,00" in sales[0]
        assert "posel je izgubljen" in sales[1]
        assert "Cena" in sales[1]

    def test_an_open_first_sale_needs_no_list(
        self, browser: Client, story: list[Activity]
    ) -> None:
        assert '<li class="sale">' not in page(browser, address(story[0]))


def make_quote(maja: User, alpina: Company, story: list[Activity]) -> Activity:
    today = timezone.localdate()
    line = {"text": "Linija", "quantity": Decimal(1), "unit_price": Decimal(9900)}
    return make_activity(
        maja,
        alpina,
        "quote",
        now=timezone.now(),
        issued_on=today,
        valid_until=today + timedelta(days=30),
        lines=[{**line, "vat_rate": Decimal(22)}],
        follows=str(story[-1].reference),
    )


class TestTheStory:
    def test_is_told_oldest_first_with_text_links_and_pauses(
        self, browser: Client, story: list[Activity]
    ) -> None:
        html = page(browser, address(story[0], "?view=story"))
        assert rows(html) == references(story)
        assert "Zapis: Prvi stik na sejmu" in html
        sledi = f'sledi <span class="ref">{story[0].reference}</span>'
        assert sledi in html
        assert len(re.findall(r"\d+ delovn\w+ d\w+", html)) >= 3

    def test_hides_confidential_text(
        self, browser: Client, maja: User, alpina: Company, now: datetime
    ) -> None:
        boss = make_user(
            "Vodja", role=Role.MANAGER, team=maja.team, may_see_confidential=True
        )
        one = make_activity(boss, alpina, now=now)
        add_entry(
            context=acting(boss, now),
            reference=str(one.reference),
            text="Zaupna beseda",
            confidential=True,
        )
        for view in ("", "?view=story", "?view=timeline"):
            assert "Zaupna beseda" not in page(browser, address(one, view))

    def test_shows_marks_where_they_were_made(
        self, browser: Client, maja: User, story: list[Activity]
    ) -> None:
        set_stage(
            context=acting(maja, timezone.now()),
            reference=references(story)[1],
            stage="negotiation",
        )
        html = page(browser, address(story[0], "?view=story"))
        step = html[html.index(f'id="step-{story[1].reference}"') :]
        assert "Faza: Pogajanja" in step[: step.index("</li>")]

    def test_a_deleted_member_leaves_a_grey_line(
        self, browser: Client, maja: User, story: list[Activity]
    ) -> None:
        gone = references(story)[1]
        delete_activity(context=acting(maja, timezone.now()), reference=gone)
        html = page(browser, address(story[0], "?view=story"))
        assert rows(html) == [r for r in references(story) if r != gone]
        grave = re.search(r'<li class="step is-grave">.*?</li>', html, re.DOTALL)
        assert grave is not None
        assert gone in grave.group()
        assert "Klic" not in grave.group()
        assert html.index("Prvi stik na sejmu", html.index("steps")) < grave.start()

    def test_today_stands_between_past_and_plans(
        self, browser: Client, maja: User, alpina: Company, story: list[Activity]
    ) -> None:
        ahead = make_activity(
            maja,
            alpina,
            now=timezone.now(),
            days_ago=-20,
            follows=references(story)[2],
        )
        html = page(browser, address(story[0], "?view=story"))
        today = html.index("step is-now")
        assert html.index(f"step-{story[2].reference}") < today
        assert today < html.index(f"step-{ahead.reference}")


class TestTheTimeLine:
    def test_pauses_are_as_high_as_they_were_long(
        self, browser: Client, story: list[Activity]
    ) -> None:
        html = page(browser, address(story[0], "?view=timeline"))
        heights = [
            int(found)
            for found in re.findall(r'class="step-gap" width="2" height="(\d+)"', html)
        ]
        assert len(heights) == 3  # the last one to today
        assert heights[0] == pytest.approx(heights[1], rel=0.1)
        assert heights[1] == pytest.approx(2 * heights[2], rel=0.15)
        assert sum(heights) == pytest.approx(TALL, rel=0.05)


class TestPaging:
    @pytest.mark.parametrize("view", ["", "view=story", "view=timeline"])
    def test_pages_meet_without_gap_or_repeat(
        self, browser: Client, maja: User, alpina: Company, now: datetime, view: str
    ) -> None:
        members: list[str] = []
        for number in range(60):
            made = make_activity(
                maja,
                alpina,
                now=now,
                days_ago=100 - number,
                follows=members[-1] if members else "",
            )
            members.append(str(made.reference))
        html = page(browser, f"/activities/{members[0]}/chain/?{view}")
        found = rows(html)
        assert len(found) == 50
        more = re.search(r'hx-get="([^"]*cursor=[^"]*)"', html)
        assert more is not None
        rest = page(browser, more.group(1).replace("&amp;", "&"), **MORE)
        assert "<html" not in rest
        found += rows(rest)
        assert found == (members if view else members[::-1])
        assert rest.count("is-now") == (1 if view else 0)

    @pytest.mark.parametrize(
        ("view", "statements"),
        [
            ("list", STATEMENTS_OF_LIST),
            ("story", STATEMENTS_OF_STORY),
            ("timeline", STATEMENTS_OF_STORY),
        ],
    )
    def test_statements_do_not_grow_with_the_chain(
        self,
        browser: Client,
        maja: User,
        alpina: Company,
        story: list[Activity],
        view: str,
        statements: int,
    ) -> None:
        where = address(story[0], f"?view={view}")
        page(browser, where)
        for number in range(12):
            make_activity(
                maja, alpina, now=timezone.now(), days_ago=30 - number,
                follows=references(story)[-1],
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            page(browser, where)
        assert len(queries) == statements

    def test_a_change_elsewhere_brings_the_list_alone(
        self, browser: Client, story: list[Activity]
    ) -> None:
        html = page(browser, address(story[0], "?view=story"), **LIST)
        assert "<html" not in html
        assert rows(html) == references(story)


class TestWhoSeesIt:
    @pytest.mark.parametrize("view", ["list", "story", "timeline"])
    def test_one_who_does_not_see_the_company_gets_404(
        self, story: list[Activity], view: str
    ) -> None:
        stranger = signed_in(make_user(team=make_team()))
        where = address(story[0], f"?view={view}")
        assert stranger.get(where).status_code == 404

    @pytest.mark.parametrize("reference", ["D-26-99999", "nothing", "D-26-", "%00"])
    def test_an_unknown_reference_is_404(self, browser: Client, reference: str) -> None:
        assert browser.get(f"/activities/{reference}/chain/").status_code == 404

    def test_a_deleted_activity_has_no_chain(
        self, browser: Client, maja: User, story: list[Activity]
    ) -> None:
        delete_activity(
            context=acting(maja, timezone.now()), reference=references(story)[1]
        )
        assert browser.get(address(story[1])).status_code == 404

    def test_reading_it_needs_a_sign_in(self, story: list[Activity]) -> None:
        response = Client().get(address(story[0]))
        assert response.status_code == 302
        assert "/accounts/login/" in response["Location"]

    def test_a_reader_may_read_it(self, maja: User, story: list[Activity]) -> None:
        reader = signed_in(make_user(role=Role.READER, team=maja.team))
        assert rows(page(reader, address(story[0]))) == references(story)[::-1]

    def test_it_is_not_written_to(self, browser: Client, story: list[Activity]) -> None:
        assert browser.post(address(story[0])).status_code == 405

    def test_a_made_up_cursor_is_refused(
        self, browser: Client, story: list[Activity]
    ) -> None:
        for view in ("list", "story"):
            where = address(story[0], f"?view={view}&cursor=nonsense")
            assert browser.get(where).status_code == 422

    def test_an_unknown_view_is_the_list(
        self, browser: Client, story: list[Activity]
    ) -> None:
        html = page(browser, address(story[0], "?view=else"))
        assert rows(html) == references(story)[::-1]


def test_a_chain_of_one_has_all_views(
    browser: Client, maja: User, alpina: Company, now: datetime
) -> None:
    one = make_activity(maja, alpina, now=now)
    for view in ("list", "story", "timeline"):
        html = page(browser, address(one, f"?view={view}"))
        assert rows(html) == [one.reference]
        assert "1 aktivnost" in html
