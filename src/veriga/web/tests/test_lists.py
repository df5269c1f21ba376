"""The activity overview and the list of each kind."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.services import add_entry, link_activities
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company, make_contact

from .clients import LIST, MORE, PIECE, signed_in

pytestmark = pytest.mark.django_db

# SQL statements of a list page: session, user, rows, count, colleagues.
STATEMENTS = 5
WHOLE = "/activities/?shown=list"  # all activities as one list


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team("Prodaja"), language="sl")


@pytest.fixture
def alpina(maja: User) -> Company:
    return make_company("Alpina Pak d.o.o.", owner=maja, town="Kranj")


@pytest.fixture
def browser_of_maja(maja: User) -> Client:
    return signed_in(maja)


def references(html: str) -> list[str]:
    """Return the references of the rows, in their order."""
    return re.findall(r'<tr class="row[^>]* data-reference="([^"]+)"', html)


def page(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def many(maja: User, alpina: Company, number: int) -> None:
    for day in range(number):
        make_activity(maja, alpina, days_ago=day + 1)


class TestTheOverview:
    def test_shows_every_visible_activity_newest_first(
        self, browser_of_maja: Client, maja: User, alpina: Company
    ) -> None:
        old = make_activity(maja, alpina, days_ago=9, title="Prvi stik na sejmu")
        new = make_activity(maja, alpina, days_ago=2)
        html = page(browser_of_maja, WHOLE)
        assert references(html) == [new.reference, old.reference]
        assert "Prvi stik na sejmu" in html
        assert "Alpina Pak d.o.o." in html
        assert "2 zadetka" in html

    def test_hides_what_another_team_does(
        self, browser_of_maja: Client, alpina: Company
    ) -> None:
        other = make_user(team=make_team())
        make_activity(other, make_company(owner=other))
        assert references(page(browser_of_maja, WHOLE)) == []

    def test_an_empty_one_says_what_belongs_there(
        self, browser_of_maja: Client
    ) -> None:
        html = page(browser_of_maja, WHOLE)
        assert "Tu še ni aktivnosti." in html
        assert 'href="/events/new/"' in html

    def test_nothing_found_offers_to_remove_the_filters(
        self, browser_of_maja: Client
    ) -> None:
        html = page(browser_of_maja, "/activities/?q=nikjer")
        assert "Tem filtrom ne ustreza nič." in html

    def test_is_for_those_signed_in(self, client: Client) -> None:
        assert client.get("/activities/").status_code == 302

    def test_takes_no_post(self, browser_of_maja: Client) -> None:
        assert browser_of_maja.post("/activities/").status_code == 405

    def test_asks_for_few_statements(
        self,
        browser_of_maja: Client,
        maja: User,
        alpina: Company,
        django_assert_num_queries: object,
    ) -> None:
        many(maja, alpina, 52)
        page(browser_of_maja, WHOLE)
        with django_assert_num_queries(STATEMENTS):  # type: ignore[operator]
            page(browser_of_maja, WHOLE)


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("kind=task", ["task"]),
            ("kind=event", ["event"]),
            ("state=overdue", ["task"]),
            ("state=open", ["task"]),
            ("state=done", ["event"]),
            ("q=vecja hitrost", ["event"]),
            ("q=VEČJA", ["event"]),
            ("owner=me", ["event", "task"]),
            ("owner=0", []),
            ("from=2099-01-01", []),
            ("to=2001-01-01", []),
        ],
    )
    def test_narrow_the_list(
        self,
        browser_of_maja: Client,
        maja: User,
        alpina: Company,
        query: str,
        expected: list[str],
    ) -> None:
        now = timezone.now()
        event = make_activity(
            maja, alpina, now=now, days_ago=5, title="Zanima jih večja hitrost"
        )
        task = make_activity(
            maja,
            alpina,
            "task",
            now=now - timedelta(days=9),
            due_on=(now - timedelta(days=4)).date(),
        )
        by_kind = {"event": event.reference, "task": task.reference}
        html = page(browser_of_maja, f"/activities/?{query}")
        assert sorted(references(html)) == sorted(by_kind[k] for k in expected)

    @pytest.mark.parametrize(
        "query",
        ["company=x", "owner=-1", "from=jutri", "kind=deal", "state=lost", "order=id"],
    )
    def test_that_make_no_sense_are_passed_over(
        self, browser_of_maja: Client, maja: User, alpina: Company, query: str
    ) -> None:
        make_activity(maja, alpina)
        assert len(references(page(browser_of_maja, f"/activities/?{query}"))) == 1

    def test_a_bad_cursor_is_refused(self, browser_of_maja: Client) -> None:
        assert browser_of_maja.get("/activities/?cursor=x").status_code == 422

    def test_an_invisible_company_is_not_found(self, browser_of_maja: Client) -> None:
        other = make_company(owner=make_user(team=make_team()))
        address = f"/activities/?company={other.pk}"
        assert browser_of_maja.get(address).status_code == 404

    def test_a_company_stands_there_as_a_removable_one(
        self, browser_of_maja: Client, maja: User, alpina: Company
    ) -> None:
        make_activity(maja, make_company(owner=maja))
        own = make_activity(maja, alpina)
        html = page(browser_of_maja, f"/activities/?company={alpina.pk}&kind=event")
        assert references(html) == [own.reference]
        assert 'href="/activities/?kind=event"' in html
        assert f'href="/events/new/?company={alpina.pk}"' in html

    def test_htmx_gets_the_list_alone_under_a_clean_address(
        self, browser_of_maja: Client, maja: User, alpina: Company
    ) -> None:
        make_activity(maja, alpina)
        response = browser_of_maja.get(
            "/activities/?q=&kind=event&state=&owner=", headers=LIST
        )
        html = response.content.decode()
        assert "<html" not in html
        assert len(references(html)) == 1
        assert "1 zadetek" in html
        assert response["HX-Push-Url"] == "/activities/?kind=event"


class TestCountsOfARow:
    def test_open_lists_of_just_so_many(
        self, browser_of_maja: Client, maja: User, alpina: Company
    ) -> None:
        chain = [make_activity(maja, alpina, days_ago=9 - day) for day in range(4)]
        lines = [{"text": "Linija", "quantity": Decimal(1), "unit_price": Decimal(9)}]
        chain.append(make_activity(maja, alpina, "quote", lines=lines))
        chain.append(make_activity(maja, alpina, "product_record", type="test"))
        make_activity(maja, alpina, title="Zunaj verige")
        for later, earlier in zip(chain[1:], chain[:-1], strict=True):
            link_activities(
                context=acting(maja),
                follow_up=later.reference,
                stimulus=earlier.reference,
            )
        html = page(browser_of_maja, WHOLE)
        counts = re.findall(r'data-count href="([^"]+)"[^>]*>.*?</svg>(\d+)<', html)
        assert len(counts) == 16
        for address, number in counts:
            linked = page(browser_of_maja, address.replace("&amp;", "&"))
            assert len(references(linked)) == int(number)

    def test_lead_to_a_list_with_a_way_back(
        self, browser_of_maja: Client, maja: User, alpina: Company
    ) -> None:
        one = make_activity(maja, alpina, title="Ogled proizvodnje")
        html = page(
            browser_of_maja,
            f"/activities/?linked_to={one.reference}&kind=event",
            Referer="http://testserver/companies/?q=alp",
        )
        assert f"Povezano z {one.reference}" in html
        assert 'href="/companies/?q=alp"' in html
        assert f'href="/activities/?kind=event&amp;company={alpina.pk}"' in html

    def test_unknown_and_invisible_references_are_not_found(
        self, browser_of_maja: Client
    ) -> None:
        other = make_user(team=make_team())
        hidden = make_activity(other, make_company(owner=other))
        for reference in ("D-26-99999", hidden.reference):
            address = f"/activities/?linked_to={reference}"
            assert browser_of_maja.get(address).status_code == 404


class TestFurtherRows:
    def test_come_by_the_pager_and_end(
        self, browser_of_maja: Client, maja: User, alpina: Company
    ) -> None:
        many(maja, alpina, 60)
        html = page(browser_of_maja, WHOLE)
        assert len(references(html)) == 50
        assert "60 zadetkov" in html
        found = re.search(r'class="pager".*?hx-get="([^"]+)"', html, re.DOTALL)
        assert found is not None
        more = page(browser_of_maja, found[1].replace("&amp;", "&"), **MORE)
        assert more.strip().startswith("<tr")
        assert len(references(more)) == 10
        assert not set(references(more)) & set(references(html))
        assert "pager" not in more

    def test_come_without_script_too(
        self, browser_of_maja: Client, maja: User, alpina: Company
    ) -> None:
        many(maja, alpina, 60)
        html = page(browser_of_maja, WHOLE)
        found = re.search(r'class="pager".*?href="([^"]+)"', html, re.DOTALL)
        assert found is not None
        more = page(browser_of_maja, found[1].replace("&amp;", "&"))
        assert "<html" in more
        assert len(references(more)) == 10
        assert "60 zadetkov" in more


class TestListsOfOneKind:
    @pytest.mark.parametrize(
        ("address", "kind"),
        [
            ("/events/", "event"),
            ("/tasks/", "task"),
            ("/product-records/", "product_record"),
            ("/quotes/", "quote"),
        ],
    )
    def test_show_that_kind_and_its_button(
        self,
        browser_of_maja: Client,
        maja: User,
        alpina: Company,
        address: str,
        kind: str,
    ) -> None:
        lines = [{"text": "Linija", "quantity": Decimal(1), "unit_price": Decimal(900)}]
        made = {
            "event": make_activity(maja, alpina),
            "task": make_activity(maja, alpina, "task"),
            "product_record": make_activity(
                maja, alpina, "product_record", type="interest"
            ),
            "quote": make_activity(maja, alpina, "quote", lines=lines),
        }
        html = page(browser_of_maja, f"{address}?kind=event")
        assert references(html) == [made[kind].reference]
        assert f'href="{address}new/"' in html

    def test_quotes_show_amount_and_validity(
        self, browser_of_maja: Client, maja: User, alpina: Company
    ) -> None:
        lines = [
            {"text": "Linija", "quantity": Decimal(1), "unit_price": Decimal(48200)}
        ]
        make_activity(maja, alpina, "quote", lines=lines)
        html = page(browser_of_maja, "/quotes/")
        assert "48.200,00\N{NO-BREAK SPACE}€" in html
        assert "Velja do" in html

    def test_a_reader_may_look_and_not_add(self, maja: User, alpina: Company) -> None:
        make_activity(maja, alpina)
        reader = make_user(role=Role.READER, team=maja.team)
        html = page(signed_in(reader), "/events/")
        assert len(references(html)) == 1
        assert "/events/new/" not in html


class TestTheColumnBeside:
    def test_tells_of_the_selected_row(
        self, browser_of_maja: Client, maja: User, alpina: Company
    ) -> None:
        make_contact(
            alpina, first_name="Igor", last_name="Potočnik", phone="040 123 456"
        )
        first = make_activity(maja, alpina, days_ago=9)
        second = make_activity(
            maja, alpina, follows=first.reference, text="Kličejo v torek."
        )
        make_activity(maja, alpina, "task", follows=second.reference)
        html = page(browser_of_maja, f"/activities/{second.reference}/aside/", **PIECE)
        assert "<html" not in html
        assert f"/activities/{second.reference}/?panel=link" in html
        assert first.reference in html
        assert "N-26-00001" in html
        assert "3 aktivnosti od" in html
        assert "Kličejo v torek." in html
        assert 'href="tel:040123456"' in html

    def test_never_shows_a_confidential_entry(
        self, browser_of_maja: Client, maja: User, alpina: Company
    ) -> None:
        maja.may_see_confidential = True
        maja.save()
        one = make_activity(maja, alpina)
        context = acting(maja)
        add_entry(
            context=context, reference=one.reference, text="Tajno", confidential=True
        )
        html = page(browser_of_maja, f"/activities/{one.reference}/aside/")
        assert "Tajno" not in html

    def test_a_reader_may_not_link(self, maja: User, alpina: Company) -> None:
        one = make_activity(maja, alpina)
        reader = make_user(role=Role.READER, team=maja.team)
        html = page(signed_in(reader), f"/activities/{one.reference}/aside/")
        assert "panel=links" in html
        assert "panel=link&" not in html and 'panel=link"' not in html

    def test_of_an_invisible_activity_is_not_found(
        self, browser_of_maja: Client
    ) -> None:
        other = make_user(team=make_team())
        hidden = make_activity(other, make_company(owner=other))
        address = f"/activities/{hidden.reference}/aside/"
        assert browser_of_maja.get(address).status_code == 404


class TestTheFirstPage:
    def test_numbers_in_the_menu_are_the_own_open_ones(
        self, browser_of_maja: Client, maja: User, alpina: Company
    ) -> None:
        now = timezone.now()
        past = now - timedelta(days=9)
        make_activity(
            maja, alpina, "task", now=past, due_on=(now - timedelta(days=3)).date()
        )
        make_activity(maja, alpina, "task", now=now)
        colleague = make_user(team=maja.team)
        make_activity(colleague, alpina, "task", now=now)
        found = browser_of_maja.get("/nav/counts/").json()
        assert found["tasks"] == {"number": 2, "late": 1}
        assert found["quotes"] == {"number": 0, "late": 0}
