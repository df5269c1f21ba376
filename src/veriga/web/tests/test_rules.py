"""The pages of rules: list, form, switch, the last month, and the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.tests.factories import make_activity
from veriga.automation.models import Rule, Run
from veriga.automation.tests.factories import call_in, make_rule
from veriga.parties.tests.factories import make_company
from veriga.setup.models import Notice
from veriga.web.rule_words import in_days, when_words

from .clients import LIST, MORE, PIECE, WINDOW, signed_in

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "Po sejmu",
    "trigger": "done",
    "what": "event:fair",
    "result": "carried_out",
    "step-0-days": "5",
    "step-0-what": "event:email",
    "step-0-title": "Gradivo",
    "step-0-person": "owner",
    "step-2-days": "2",
    "step-2-what": "event:call",
    "step-2-person": "account_owner",
}


@pytest.fixture
def head(maja: User) -> User:
    return make_user("Nataša Golob", role=Role.MANAGER, language="sl")


@pytest.fixture
def office(head: User) -> Client:
    return signed_in(head)


def held(user, company, **fields) -> Activity:
    now = timezone.now()
    return make_activity(user, company, type="visit", now=now, days_ago=0.1, **fields)


class TestForm:
    def test_a_rule_is_made_tried_and_switched_on(self, office, head, maja, company):
        assert "Katera aktivnost" in office.get("/rules/new/").text
        answer = office.post("/rules/new/", TYPED)
        rule = Rule.objects.get()
        assert answer.url == f"/rules/#rule-{rule.pk}"
        assert (rule.kind, rule.type_code, rule.is_on) == ("event", "fair", False)
        steps = rule.steps.values_list("days", "type_code", "person")
        assert list(steps) == [(2, "call", "account_owner"), (5, "email", "owner")]
        page = office.get("/rules/").text
        assert "Ko je opravljeno: Sejem (izid: Izvedeno):" in page
        assert "čez 2 delovna dneva" in page
        assert "čez 5 delovnih dni" in page
        on = {"on": "1", "row_version": "1"}
        office.post(f"/rules/{rule.pk}/switch/", on)
        make_activity(maja, company, type="fair", now=timezone.now(), days_ago=0.1)
        assert Run.objects.get().rule == rule
        assert "Sproženo 1-krat" in office.get("/rules/").text

    def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(self, office):
        wrong = {
            **TYPED,
            "name": "",
            "step-0-days": "dve",
            "step-2-days": "999",
            "step-2-text": "Vprašaj po vzorcih",
        }
        answer = office.post("/rules/new/", wrong, headers=PIECE)
        assert answer.status_code == 422
        page = answer.text
        assert 'id="error_step-0-days"' in page
        assert 'value="dve"' in page
        answer = office.post("/rules/new/", {**wrong, "step-0-days": "5"})
        page = answer.text
        assert answer.status_code == 422
        assert 'id="error_name"' in page
        assert 'id="error_step-2-days"' in page
        assert "od 0 do 250" in page
        assert "Vprašaj po vzorcih" in page
        assert not Rule.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("what", "event:x"),
            ("what", "x:y:z"),
            ("trigger", "luna"),
            ("team", "9" * 18),
            ("team", "x"),
            ("step-0-what", "quote"),
            ("step-0-person", "9" * 18),
            ("step-0-person", "nihče"),
            ("category", "x\x00"),
            ("days", "x"),
        ],
    )
    def test_bad_input(self, office, field, value):
        answer = office.post("/rules/new/", {**TYPED, field: value})
        assert answer.status_code == 422
        assert f'id="error_{field}"' in answer.text
        assert not Rule.objects.exists()

    def test_no_step_at_all(self, office):
        answer = office.post("/rules/new/", {"name": "Prazno", "trigger": "sent"})
        assert answer.status_code == 422
        assert "Izberi vsaj en korak." in answer.text

    def test_somebody_else_saved_meanwhile(self, office):
        office.post("/rules/new/", TYPED)
        rule = Rule.objects.get()
        address = f"/rules/{rule.pk}/"
        office.post(address, {**TYPED, "name": "Po sejmih", "row_version": "1"})
        mine = {**TYPED, "name": "Moje ime", "row_version": "1"}
        answer = office.post(address, mine)
        assert answer.status_code == 422
        assert 'value="Moje ime"' in answer.text
        assert "Po sejmih: Ko je opravljeno" in answer.text
        assert 'name="row_version" value="2"' in answer.text
        office.post(address, {**mine, "row_version": "2"})
        rule.refresh_from_db()
        assert (rule.name, rule.row_version) == ("Moje ime", 3)

    def test_the_form_shows_what_is_stored(self, office, head):
        ana = make_user("Ana Bizjak")
        rule = make_rule(head, call_in(3, person="user", user_id=ana.pk, text="Kako?"))
        page = office.get(f"/rules/{rule.pk}/", headers=WINDOW).text
        assert '<option value="event:visit" selected>' in page
        assert f'<option value="{ana.pk}" selected>Ana Bizjak' in page
        assert "Kako?" in page

    def test_deleted_if_never_set_off(self, office, head, maja, company):
        rule = make_rule(head)
        office.post(f"/rules/{rule.pk}/delete/")
        assert not Rule.objects.exists()
        rule = make_rule(head)
        held(maja, company)
        answer = office.post(f"/rules/{rule.pk}/delete/")
        assert answer.status_code == 409
        assert Rule.objects.exists()


class TestWho:
    def test_a_saleswoman_reads_and_changes_nothing(self, web, head, maja):
        mine = make_rule(head, team_id=maja.team_id)
        other = make_rule(head, team_id=make_team().pk)
        page = web.get("/rules/").text
        assert mine.name in page
        assert other.name not in page
        assert "/switch/" not in page
        assert "Dodaj pravilo" not in page
        for address in ("/rules/new/", f"/rules/{mine.pk}/"):
            assert web.get(address).status_code == 403
        for command in ("switch", "delete"):
            assert web.post(f"/rules/{mine.pk}/{command}/").status_code == 403
        assert web.get(f"/rules/{mine.pk}/month/").status_code == 200
        assert web.get(f"/rules/{other.pk}/month/").status_code == 404

    def test_a_manager_of_a_team_may_choose_no_other(self, head):
        team = make_team()
        boss = make_user(role=Role.MANAGER, scope=Scope.TEAM, team=team)
        browser = signed_in(boss)
        assert 'name="team"' not in browser.get("/rules/new/").text
        browser.post("/rules/new/", {**TYPED, "team": str(make_team().pk)})
        assert Rule.objects.get().team == team

    def test_a_manager_without_a_team(self):
        boss = make_user(role=Role.MANAGER, scope=Scope.OWN)
        assert signed_in(boss).get("/rules/new/").status_code == 403

    def test_the_log_is_of_companies_one_sees(self, web, office, head, company):
        make_rule(head)
        other = make_user("Ana Bizjak", team=make_team())
        hidden = make_company("Skrito, d. o. o.", owner=other)
        held(other, hidden, title="Tajni obisk")
        assert "Skrito" in office.get("/rules/log/").text
        page = web.get("/rules/log/").text
        assert "Skrito" not in page
        assert "Tajni obisk" not in page
        assert "Sproženo" not in web.get("/rules/").text


class TestLog:
    def test_what_it_did_and_why_not(self, office, head, maja, company):
        blind = make_user(scope=Scope.OWN)
        rule = make_rule(head, call_in(1), call_in(0, person="user", user_id=blind.pk))
        first = held(maja, company)
        page = office.get("/rules/log/").text
        call = Activity.objects.get(source="system")
        assert call.reference in page
        assert first.reference in page
        assert "ni bilo mogoče: Ta oseba stranke ne sme videti" in page
        assert "v teku" in page
        for state, is_there in (
            ("at_work", True),
            ("impossible", True),
            ("finished", False),
            ("without", False),
        ):
            found = office.get(f"/rules/log/?state={state}", headers=LIST).text
            assert (call.reference in found) is is_there
        assert call.reference in office.get(f"/rules/log/?rule={rule.pk}").text
        assert call.reference not in office.get("/rules/log/?rule=999999").text

    @pytest.mark.parametrize(
        "query", ["state=x", "rule=x", "cursor=x", "rule=" + "9" * 18]
    )
    def test_bad_addresses(self, office, query):
        assert office.get(f"/rules/log/?{query}").status_code in {200, 400, 422}

    def test_page_by_page(self, office, head, maja):
        make_rule(head)
        for _ in range(52):
            held(maja, make_company(owner=maja))
        page = office.get("/rules/log/").text
        assert page.count('class="rule-run"') == 50
        cursor = page.split("cursor=")[1].split('"')[0]
        more = office.get(f"/rules/log/?cursor={cursor}", headers=MORE).text
        assert more.count('class="rule-run"') == 2

    def test_statements(self, office, head, maja, django_assert_max_num_queries):
        make_rule(head)
        for _ in range(30):
            held(maja, make_company(owner=maja))
        for address, most in (("/rules/", 8), ("/rules/log/", 8), ("/rules/new/", 6)):
            office.get(address)
            with django_assert_max_num_queries(most):
                office.get(address)


class TestElsewhere:
    def test_the_record_says_which_rule_made_it(self, web, head, maja, company):
        rule = make_rule(head, call_in(1, text="Vprašaj po vzorcih"))
        first = held(maja, company)
        call = Activity.objects.get(source="system")
        page = web.get(f"/activities/{call.reference}/").text
        assert "Po pravilu" in page
        assert rule.name in page
        assert page.count(f"pravilo: {rule.name}") >= 2  # of its text, and of itself
        assert "Vneseno: Maja" not in page
        page = web.get(f"/activities/{call.reference}/?history").text
        assert f"pravilo: {rule.name} ·" in page
        assert "Po pravilu" not in web.get(f"/activities/{first.reference}/").text

    def test_notices(self, web, office, head, maja, company):
        from veriga.automation.services import NewStep

        blind = make_user(scope=Scope.OWN)
        notice = NewStep(deed="notify", title="Poglej <b>")
        rule = make_rule(
            head, notice, call_in(0, person="user", user_id=blind.pk), name="Po obisku"
        )
        first = held(maja, company)
        page = web.get("/notices/").text
        assert f"{company.name}: Poglej &lt;b&gt; (pravilo: Po obisku)" in page
        mine = Notice.objects.get(user=maja)
        answer = web.post(f"/notices/{mine.pk}/")
        assert answer.url == f"/activities/{first.reference}/"
        told = Notice.objects.get(user=head)
        assert "nečesa ni moglo izvesti" in office.get("/notices/").text
        answer = office.post(f"/notices/{told.pk}/")
        assert answer.url == f"/rules/log/?rule={rule.pk}"

    def test_the_palette_finds_them(self, web):
        assert reverse("rules:list") in web.get("/palette/?q=pravil").text


class TestMonth:
    def test_nothing_and_something(self, office, head, maja, company):
        rule = make_rule(head, on=False)
        address = f"/rules/{rule.pk}/month/"
        assert "ne bi nič sprožilo" in office.get(address).text
        now = timezone.now() - timedelta(days=9)
        first = make_activity(maja, company, type="visit", now=now, days_ago=0.1)
        page = office.get(address).text
        assert first.reference in page
        assert "1 priložnost" in page
        assert "1 načrtovana aktivnost" in page
        assert not Run.objects.exists()


@pytest.mark.parametrize("language", ["sl", "en"])
@pytest.mark.parametrize("number", [0, 1, 2, 3, 5, 11, 21, 100, 101, 102])
def test_counted_sentences(language, number):
    rule = Rule(name="x", trigger="silence", days=number)
    with translation.override(language):
        said = when_words(rule)
        assert str(number) in said
        if language == "sl":
            ending = {1: "delovni dan", 2: "delovna dneva", 3: "delovne dni"}
            rest = number % 100
            assert said.endswith(ending.get(rest, "delovnih dni"))
        assert "%" not in in_days(number)
