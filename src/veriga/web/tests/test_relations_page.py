"""The relations page: what needs doing at a company, and its history."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.tests.factories import make_activity
from veriga.parties.models import Company, Share
from veriga.parties.tests.factories import make_company, make_contact

from .clients import LIST, MORE, signed_in
from .test_lists import page, references

pytestmark = pytest.mark.django_db

# SQL statements of a relations page with a chain to draw.
MOST_STATEMENTS = 12


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team("Prodaja"), language="sl")


@pytest.fixture
def alpina(maja: User) -> Company:
    return make_company("Alpina Pak d.o.o.", owner=maja, town="Kranj")


def address_of(company: Company, query: str = "") -> str:
    return f"/companies/{company.pk}/{query}"


def story(maja: User, company: Company) -> dict[str, Any]:
    """Return a chain with an overdue call, a quote that runs and a meeting ahead."""
    now = timezone.now()
    fair = make_activity(
        maja, company, now=now, days_ago=60, type="chance_meeting", title="Na sejmu"
    )
    lines = [{"text": "Linija", "quantity": Decimal(1), "unit_price": Decimal(48200)}]
    quote = make_activity(
        maja,
        company,
        "quote",
        now=now,
        lines=lines,
        follows=fair.reference,
        issued_on=(now - timedelta(days=20)).date(),
        valid_until=(now + timedelta(days=20)).date(),
        title="Linija LP-40",
    )
    call = make_activity(
        maja,
        company,
        now=now - timedelta(days=30),
        starts_at=now - timedelta(days=7),
        type="call",
        follows=quote.reference,
        title="Odziv na ponudbo",
    )
    return {"fair": fair, "quote": quote, "call": call}


class TestToday:
    def test_says_what_can_be_done_now(self, maja: User, alpina: Company) -> None:
        made = story(maja, alpina)
        html = page(signed_in(maja), address_of(alpina))
        assert f"Zamuda: klic {made['call'].reference}" in html
        assert "na potezi smo mi" in html
        assert f"{made['call'].reference} zamuja" in html
        assert "Ponudbe v teku" in html
        assert re.search(r"\d+ delovnih dni|\d+ delovn\w+ d\w+", html)

    def test_an_appointment_ahead_is_agreed(self, maja: User, alpina: Company) -> None:
        now = timezone.now()
        first = make_activity(maja, alpina, now=now, days_ago=5)
        meeting = make_activity(
            maja, alpina, now=now, days_ago=-3, type="visit", follows=first.reference
        )
        html = page(signed_in(maja), address_of(alpina))
        assert "dogovorjen je termin" in html
        assert meeting.reference in html
        assert "today-late" not in html

    def test_after_our_call_it_is_their_move(self, maja: User, alpina: Company) -> None:
        now = timezone.now()
        first = make_activity(maja, alpina, now=now, days_ago=5, type="call_in")
        make_activity(maja, alpina, now=now, type="call", follows=first.reference)
        html = page(signed_in(maja), address_of(alpina))
        assert "na potezi je stranka" in html

    def test_a_new_company_has_nothing_to_show_and_a_button(
        self, maja: User, alpina: Company
    ) -> None:
        html = page(signed_in(maja), address_of(alpina))
        assert "Tu se še ni nič zgodilo." in html
        assert f'href="/events/new/?company={alpina.pk}"' in html
        assert 'class="panel today"' not in html

    def test_another_open_chain_can_be_shown(self, maja: User, alpina: Company) -> None:
        story(maja, alpina)
        now = timezone.now()
        other = make_activity(maja, alpina, now=now, days_ago=400, title="Stara")
        make_activity(maja, alpina, now=now, days_ago=399, follows=other.reference)
        html = page(signed_in(maja), address_of(alpina, f"?chain={other.reference}"))
        assert f'/activities/{other.reference}/chain/"' in html


class TestTabs:
    @pytest.mark.parametrize(
        ("tab", "expected"),
        [("", 3), ("?tab=quotes", 1), ("?tab=records", 0), ("?tab=nonsense", 3)],
    )
    def test_hold_their_rows(
        self, maja: User, alpina: Company, tab: str, expected: int
    ) -> None:
        story(maja, alpina)
        make_activity(maja, make_company(owner=maja))
        html = page(signed_in(maja), address_of(alpina, tab))
        assert len(references(html)) == expected

    def test_say_how_much_is_behind_them(self, maja: User, alpina: Company) -> None:
        story(maja, alpina)
        make_activity(maja, alpina)
        html = page(signed_in(maja), address_of(alpina))
        assert re.findall(r'tab-count">(\d+)<', html) == ["4", "2", "1", "0"]

    def test_chains_name_origin_and_outcome(self, maja: User, alpina: Company) -> None:
        made = story(maja, alpina)
        html = page(signed_in(maja), address_of(alpina, "?tab=chains"))
        assert f"/activities/{made['fair'].reference}/chain/" in html
        assert "odprta" in html

    def test_have_further_rows(self, maja: User, alpina: Company) -> None:
        for day in range(53):
            make_activity(maja, alpina, days_ago=day)
        client = signed_in(maja)
        html = page(client, address_of(alpina))
        found = re.search(r'class="pager".*?hx-get="([^"]+)"', html, re.DOTALL)
        assert found is not None
        more = page(client, found[1].replace("&amp;", "&"), **MORE)
        assert len(references(more)) == 53 - 30
        chains = page(client, address_of(alpina, "?tab=chains"))
        found = re.search(r'class="pager".*?hx-get="([^"]+)"', chains, re.DOTALL)
        assert found is not None
        more = page(client, found[1].replace("&amp;", "&"), **MORE)
        assert more.count("<tr") == 3

    def test_htmx_gets_the_rows_alone(self, maja: User, alpina: Company) -> None:
        story(maja, alpina)
        html = page(signed_in(maja), address_of(alpina), **LIST)
        assert "<html" not in html
        assert len(references(html)) == 3
        today = {"HX-Request": "true", "HX-Target": "div#today"}
        html = page(signed_in(maja), address_of(alpina), **today)
        assert "<html" not in html
        assert "Zamuda: klic" in html


class TestWhoSees:
    def test_an_invisible_company_is_not_found(self, alpina: Company) -> None:
        stranger = signed_in(make_user(team=make_team()))
        for query in ("", "?tab=data", "?tab=chains", "?tab=quotes"):
            assert stranger.get(address_of(alpina, query)).status_code == 404

    def test_a_reader_gets_no_buttons_to_write(
        self, maja: User, alpina: Company
    ) -> None:
        reader = make_user(role=Role.READER, team=maja.team)
        html = page(signed_in(reader), address_of(alpina))
        assert "/edit/" not in html
        assert "/new/" not in html

    def test_the_account_owner_shares_and_takes_it_back(
        self, maja: User, alpina: Company
    ) -> None:
        other = make_user("Rok Zupan", team=make_team())
        client = signed_in(maja)
        assert "Rok Zupan" in page(client, address_of(alpina, "?tab=data"))
        answer = client.post(address_of(alpina, "share/"), {"user_id": other.pk})
        assert answer.status_code == 302
        assert signed_in(other).get(address_of(alpina)).status_code == 200
        client.post(address_of(alpina, f"unshare/{other.pk}/"))
        assert signed_in(other).get(address_of(alpina)).status_code == 404

    def test_a_share_with_nobody_is_given_back(
        self, maja: User, alpina: Company
    ) -> None:
        make_user(team=make_team())
        client = signed_in(maja)
        for typed in ({}, {"user_id": "x"}, {"user_id": "987654"}):
            answer = client.post(address_of(alpina, "share/"), typed)
            assert answer.status_code == 422
            assert "field-error" in answer.content.decode()
        assert not Share.objects.exists()

    def test_a_colleague_may_not_share(self, maja: User, alpina: Company) -> None:
        colleague = make_user(team=maja.team)
        other = make_user(team=make_team())
        client = signed_in(colleague)
        answer = client.post(address_of(alpina, "share/"), {"user_id": other.pk})
        assert answer.status_code == 403
        assert client.get(address_of(alpina, "share/")).status_code == 405


def test_asks_for_few_statements(
    maja: User, alpina: Company, django_assert_max_num_queries: Any
) -> None:
    story(maja, alpina)
    make_contact(alpina)
    client = signed_in(maja)
    page(client, address_of(alpina))
    with django_assert_max_num_queries(MOST_STATEMENTS):
        page(client, address_of(alpina))


class TestTheDemo:
    @pytest.fixture
    def start(self, tmp_path: Path, settings: Any, alpina: Company) -> Path:
        path = tmp_path / "start.json"
        hints = {"sl": ["Dvokliknite klic."], "en": ["Double-click the call."]}
        path.write_text(json.dumps({"company": alpina.pk, "hints": hints}))
        settings.DEMO, settings.DEMO_START = True, str(path)
        return path

    def test_begins_with_the_story_and_its_hints(self, start: Path, maja: User) -> None:
        html = page(signed_in(maja), "/")
        assert "Alpina Pak d.o.o." in html
        assert "Dvokliknite klic." in html
        maja.language = "en"
        maja.save()
        assert "Double-click the call." in page(signed_in(maja), "/")

    def test_whoever_does_not_see_it_has_work_of_their_own(self, start: Path) -> None:
        stranger = signed_in(make_user(team=make_team()))
        assert stranger.get("/").status_code == 302

    def test_without_the_file_it_is_an_ordinary_page(
        self, start: Path, maja: User
    ) -> None:
        start.unlink()
        assert signed_in(maja).get("/").status_code == 302
