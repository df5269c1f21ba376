"""The pages of the forecast, their lists and files, and the grid of targets."""

from __future__ import annotations

import html
import json
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from veriga.access.models import Target
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.services import close_sale, set_stage, state_sale
from veriga.activities.tests.factories import acting, make_activity
from veriga.history.models import Record
from veriga.parties.tests.factories import make_company
from veriga.web.forms.filters import read_months
from veriga.work.queries.forecast import add_months, code_of, month_of

from .clients import LIST, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def this() -> date:
    return month_of(timezone.now())


@pytest.fixture
def sale(maja, company, this):
    one = make_activity(maja, company, now=timezone.now(), title="Povpraševanje")
    context = acting(maja, timezone.now())
    set_stage(context=context, reference=one.reference, stage="first_contact")
    state_sale(
        context=context, reference=one.reference, amount_minor=48_200_00, month_on=this
    )
    return one


@pytest.fixture
def lead(maja):
    """Leads the team of Maja, and sees no other."""
    return make_user("Vodja", role=Role.MANAGER, scope=Scope.TEAM, team=maja.team)


def text_of(answer) -> str:
    return html.unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def figures_of(answer) -> list[str]:
    return re.findall(r'<a href="/chains/[^"]*">([\d.]+)</a>', answer.content.decode())


class TestPage:
    def test_each_figure_opens_its_sales(self, web, sale, this) -> None:
        page = text_of(web.get("/forecast/"))
        stated = re.findall(r'href="(/chains/[^"]*&worth=stated)"', page)
        (address,) = {one for one in stated if "month" in one}
        whose = f"/chains/?owner={sale.owner_id}&team={sale.owner.team_id}&"
        assert address.startswith(f"{whose}currency=EUR&")
        assert f"month={code_of(this)}" in address
        listed = web.get(address).content.decode()
        assert len(re.findall(r'<tr class="row', listed)) == 1
        assert figures_of(web.get("/forecast/")) == [
            "4.820",
            "4.820",
            "48.200",
            "48.200",
        ]

    def test_lists_are_narrowed_by_month_and_worth(self, web, sale, this) -> None:
        month, after = code_of(this), code_of(add_months(this, 1))
        for query, number in (
            (f"month={month}", 1), (f"month={after}", 0), ("month=overdue", 0),
            ("month=later", 0), ("month=none", 0), ("worth=any", 1),
            ("worth=stated", 1), ("worth=quoted", 0), ("worth=none", 0),
            ("currency=EUR", 1), ("currency=CHF", 0), ("owner=0", 0), ("team=0", 0),
            ("month=2026-13", 1), ("worth=much", 1), ("currency=evro", 1),
        ):  # fmt: skip
            listed = web.get(f"/chains/?{query}").content.decode()
            assert len(re.findall(r'<tr class="row', listed)) == number, query

    def test_a_salesperson_begins_with_their_own(self, web, maja, sale) -> None:
        colleague = make_user("Rok", team=maja.team)
        client = signed_in(colleague)
        assert figures_of(client.get("/forecast/")) == []
        assert "48.200" in text_of(client.get("/forecast/?owner=all"))
        assert "48.200" in text_of(web.get("/forecast/"))

    def test_strangers_see_nothing_and_readers_look(self, maja, sale) -> None:
        stranger = signed_in(make_user("Tujec", team=make_team()))
        for path in ("/forecast/?owner=all", "/forecast/changes/?owner=all"):
            assert "48.200" not in text_of(stranger.get(path))
        reader = signed_in(make_user("Bralec", team=maja.team, role=Role.READER))
        assert "48.200" in text_of(reader.get("/forecast/"))
        assert 'href="/forecast/targets/"' not in text_of(reader.get("/forecast/"))

    def test_a_phone_goes_from_month_to_month(self, web, sale, this) -> None:
        page = text_of(web.get("/forecast/"))
        after = code_of(add_months(this, 1))
        assert f'href="/forecast/?column={after}"' in page
        unknown = text_of(web.get("/forecast/?column=nonsense"))
        assert f'href="/forecast/?column={after}"' in unknown

    def test_pieces_and_wrong_methods(self, web, sale) -> None:
        assert "<html" not in web.get("/forecast/", headers=LIST).content.decode()
        for path in ("", "changes/", "won/"):
            assert web.post(f"/forecast/{path}").status_code == 405

    def test_an_empty_page_says_what_belongs_there(self, web) -> None:
        for path in ("", "changes/", "won/"):
            assert 'class="empty' in text_of(web.get(f"/forecast/{path}"))

    @pytest.mark.parametrize("path", ["", "changes/", "won/"])
    def test_statements(self, web, sale, path, django_assert_max_num_queries) -> None:
        web.get(f"/forecast/{path}")
        with django_assert_max_num_queries(12):
            web.get(f"/forecast/{path}")

    def test_as_a_file(self, web, sale) -> None:
        answer = web.get("/export/forecast.csv")
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("Valuta;Skupina;")
        assert len(lines) == 2
        assert "48.200,00" in lines[1]
        assert web.get("/export/forecast.xlsx").content[:2] == b"PK"


class TestChanges:
    def test_tells_what_is_new_and_adds_up(self, web, sale) -> None:
        page = text_of(web.get("/forecast/changes/"))
        for words in ("Pred 7 dnevi", "Novo v napovedi", "+48.200,00 €", "+4.820,00 €"):
            assert words in page
        assert f"/activities/{sale.reference}/chain/" in page

    def test_lists_the_largest_and_leads_to_all_of_a_kind(
        self, web, maja, sale, monkeypatch
    ) -> None:
        monkeypatch.setattr("veriga.web.views.forecast.MOST_LISTED", 0)
        page = text_of(web.get("/forecast/changes/"))
        assert f"/activities/{sale.reference}/chain/" not in page
        address = "/forecast/changes/?part=new"
        assert f'href="{address}#part-1-new">in še 1 posel' in page
        page = text_of(web.get(address))
        assert f"/activities/{sale.reference}/chain/" in page
        assert 'href="/forecast/changes/">Vse spremembe' in page
        assert "Novo v napovedi" in text_of(web.get("/forecast/changes/?part=x"))

    def test_makes_do_with_a_span_that_there_is_not(self, web, sale) -> None:
        assert "Pred 7 dnevi" in text_of(web.get("/forecast/changes/?days=8"))
        assert "Pred 30 dnevi" in text_of(web.get("/forecast/changes/?days=30"))


class TestWon:
    def test_lists_what_was_won_in_a_month(self, web, maja, sale, this) -> None:
        context = acting(maja, timezone.now())
        close_sale(context=context, reference=sale.reference, outcome="won")
        page = text_of(web.get("/forecast/won/"))
        assert "48.200,00 €" in page
        before = code_of(add_months(this, -1))
        assert "48.200,00 €" not in text_of(web.get(f"/forecast/won/?month={before}"))
        assert "/forecast/won/?owner=" in text_of(web.get("/forecast/"))
        assert web.get("/forecast/won/?cursor=x").status_code == 422


def test_months_in_addresses() -> None:
    now = timezone.now()
    assert read_months("2026-12", now) == (date(2026, 12, 1), date(2027, 1, 1))
    for text in ("", "2026-13", "2026", "none", "2026-1", "½", "1999-01"):
        assert read_months(text, now) == (None, None)


class TestTargets:
    @pytest.fixture
    def office(self, lead):
        return signed_in(lead)

    def save(self, client, this, was=None, **cells):
        data = {"year": this.year, "currency": "EUR", "was": json.dumps(was or {})}
        return client.post("/forecast/targets/", {**data, **cells})

    def test_a_manager_sets_those_of_their_team(self, office, maja, this) -> None:
        first = f"{this.year}-01"
        cells = {
            f"u{maja.pk}-{first}": "12.500",
            f"t{maja.team_id}-{first}": "40000,50",
        }
        assert self.save(office, this, **cells).status_code == 302
        found = set(Target.objects.values_list("user_id", "team_id", "amount_minor"))
        assert found == {(maja.pk, None, 12_500_00), (None, maja.team_id, 40_000_50)}
        page = text_of(office.get("/forecast/targets/"))
        assert 'value="12500"' in page
        assert "12.500" in page
        assert Record.objects.filter(subject="target_of_user").count() == 1
        name = f"u{maja.pk}-{first}"
        emptied = self.save(office, this, was={name: "12500"}, **{name: ""})
        assert emptied.status_code == 302
        assert not Target.objects.filter(user=maja).exists()

    @pytest.mark.parametrize("text", ["veliko", "-5", "1e9", "9" * 18, "12,3,4"])
    def test_bad_input_names_the_field_and_keeps_what_was_typed(
        self, office, maja, this, text
    ) -> None:
        name = f"u{maja.pk}-{this.year}-03"
        other = f"u{maja.pk}-{this.year}-04"
        answer = self.save(office, this, **{name: text, other: "700"})
        assert answer.status_code == 422
        page = text_of(answer)
        assert f"Maja Kovač, 3/{this.year}: " in page
        assert f'value="{text}"' in page
        assert 'value="700"' in page
        assert not Target.objects.exists()

    def test_others_may_not(self, web, office, maja, this) -> None:
        stranger = make_user("Tujec", team=make_team())
        month = f"{this.year}-01"
        for client, name, status in (
            (web, f"u{maja.pk}-{month}", 403),
            (office, f"u{stranger.pk}-{month}", 403),
            (office, f"t{stranger.team_id}-{month}", 403),
            (office, f"u999999-{month}", 404),
        ):
            assert self.save(client, this, **{name: "5"}).status_code == status
        assert web.get("/forecast/targets/").status_code == 403
        assert "Tujec" not in text_of(office.get("/forecast/targets/"))
        assert not Target.objects.exists()

    def test_the_head_sets_any_and_others_do_not_see_them(
        self, maja, web, this
    ) -> None:
        head = signed_in(make_user(role=Role.MANAGER, scope=Scope.ALL))
        stranger = make_user("Tujec", team=make_team())
        name = f"u{stranger.pk}-{code_of(this)}"
        assert self.save(head, this, **{name: "77000"}).status_code == 302
        assert "77.000" in text_of(head.get("/forecast/"))
        assert "77.000" not in text_of(web.get("/forecast/?owner=all"))
        assert "77.000" in text_of(signed_in(stranger).get("/forecast/"))

    def test_what_another_has_set_since_is_left_alone(self, office, maja, this) -> None:
        name, other = (f"u{maja.pk}-{this.year}-0{n}" for n in (1, 2))
        self.save(office, this, **{name: "100"})
        # Opened before that, so it shows an empty field for January.
        answer = self.save(office, this, was={name: ""}, **{name: "", other: "200"})
        assert answer.status_code == 302
        amounts = Target.objects.order_by("month_on").values_list("amount_minor")
        assert [one for (one,) in amounts] == [100_00, 200_00]

    def test_a_currency_that_is_none_changes_nothing(self, office, maja, this) -> None:
        data = {
            "year": this.year,
            "currency": "evro",
            f"u{maja.pk}-{code_of(this)}": "1",
        }
        assert office.post("/forecast/targets/", data).status_code == 422
        assert not Target.objects.exists()

    def test_statements(self, office, maja, django_assert_max_num_queries) -> None:
        office.get("/forecast/targets/")
        with django_assert_max_num_queries(12):
            office.get("/forecast/targets/")


def test_ctrl_k_finds_the_forecast(web, maja) -> None:
    assert 'href="/forecast/"' in text_of(web.get("/palette/?q=napoved"))
    lead = signed_in(make_user(role=Role.MANAGER, team=maja.team))
    assert 'href="/forecast/targets/"' in text_of(lead.get("/palette/?q=cilji"))


def test_of_a_company_without_an_owner(maja, this) -> None:
    head = make_user(role=Role.MANAGER, scope=Scope.ALL)
    one = make_activity(head, make_company(), now=timezone.now() - timedelta(hours=1))
    context = acting(head, timezone.now())
    set_stage(context=context, reference=one.reference, stage="negotiation")
    state_sale(context=context, reference=one.reference, amount_minor=100_00)
    client = signed_in(head)
    page = text_of(client.get("/forecast/"))
    assert "Brez skrbnika" in page
    (address,) = {
        one for one in re.findall(r'href="(/chains/[^"]*)"', page)
        if "owner=0" in one and "month=none" in one and "worth=any" in one
    }  # fmt: skip
    listed = client.get(address).content.decode()
    assert len(re.findall(r'<tr class="row', listed)) == 1
