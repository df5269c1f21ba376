"""The pages of insight: what they say of stored figures, and to whom."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.services import close_sale, link_activities
from veriga.activities.tests.factories import acting, make_activity
from veriga.history.models import Record
from veriga.insight.models import ChainFigures, InsightSettings, Point, Result
from veriga.insight.services.computing import compute
from veriga.parties.tests.factories import make_company

from .clients import signed_in

pytestmark = pytest.mark.django_db
PAGES = ("followed", "triggers", "stalled", "pace", "origins")


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    plain = html.unescape(words).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", plain)


@pytest.fixture
def worked(maja, company):
    """A visit that led to a call back; computed."""
    long_ago = timezone.now() - timedelta(days=40)
    soon_after = long_ago + timedelta(days=2)
    visit = make_activity(maja, company, now=long_ago, days_ago=0.1, type="visit")
    call = make_activity(
        maja, company, now=soon_after, days_ago=0.1, type="call_in", direction="in"
    )
    link_activities(
        context=acting(maja), follow_up=call.reference, stimulus=visit.reference
    )
    compute(timezone.now(), afresh=True)
    return visit


@pytest.fixture
def head(maja) -> Client:
    return signed_in(make_user("Direktor", role=Role.MANAGER, language="sl"))


def store(kind: str, payload: dict[str, Any]) -> None:
    """Put figures in the place of those of everybody's."""
    Result.objects.filter(kind=kind).update(payload=payload)


class TestBeforeAnything:
    @pytest.mark.parametrize("name", PAGES)
    def test_nothing_computed_is_a_sentence(self, web, name) -> None:
        page = text_of(web.get(f"/insight/{name}/"))
        assert "Izračunano še ni nič." in page

    @pytest.mark.parametrize("name", PAGES)
    def test_an_empty_installation_says_so(self, web, name) -> None:
        compute(timezone.now(), afresh=True)
        page = text_of(web.get(f"/insight/{name}/"))
        assert "Izračunano še ni nič." not in page
        assert "Stanje: " in page

    @pytest.mark.parametrize("name", [*PAGES, "origins/?by=kind", "origins/?by=both"])
    def test_one_chain_makes_pages_too(self, web, worked, name) -> None:
        page = text_of(web.get(f"/insight/{name}" + ("" if "?" in name else "/")))
        assert "Stanje: " in page
        assert "ni bilo mogoče izračunati" not in page

    @pytest.mark.parametrize("name", PAGES)
    def test_per_cents_in_sentences_are_whole(self, maja, worked, name) -> None:
        for language in ("en", "sl"):
            maja.language = language
            maja.save()
            page = signed_in(maja).get(f"/insight/{name}/").content.decode()
            shown = page[page.index('id="list"') : page.index("</main>")]
            assert "{}" not in shown
            assert "%%" not in shown

    def test_leads_to_the_first_page_and_keeps_the_team(self, web) -> None:
        answer = web.get("/insight/?team=3")
        assert answer.status_code == 302
        assert answer["Location"] == "/insight/followed/?team=3"

    def test_what_failed_is_said_and_leaves_the_rest(self, web, worked) -> None:
        Result.objects.filter(kind="pace").update(payload=None, error="ValueError: x")
        page = text_of(web.get("/insight/pace/"))
        assert "ni bilo mogoče izračunati" in page
        assert "ValueError" not in page
        assert "ni bilo mogoče" not in text_of(web.get("/insight/stalled/"))


class TestWhoseFigures:
    def test_another_team_is_not_found(self, web, worked) -> None:
        other = make_team("Druga")
        for name in PAGES:
            assert web.get(f"/insight/{name}/?team={other.pk}").status_code == 404
        assert web.get(f"/insight/chains/?team={other.pk}").status_code == 404

    @pytest.mark.parametrize("typed", ["x", "-1", "9" * 30, "1.5", "³"])
    def test_a_team_that_is_none_is_not_found(self, head, worked, typed) -> None:
        assert head.get("/insight/followed/", {"team": typed}).status_code == 404

    def test_each_reads_the_figures_of_what_they_see(self, worked) -> None:
        stranger = make_user(scope=Scope.OWN, team=make_team("Tretja"), language="sl")
        compute(timezone.now(), afresh=True)
        page = text_of(signed_in(stranger).get("/insight/followed/"))
        assert "Izvedena še ni nobena aktivnost." in page
        assert worked.reference not in page


class TestFollowed:
    def test_tells_a_share_its_range_and_of_how_many(self, web, worked) -> None:
        page = text_of(web.get("/insight/followed/"))
        assert re.search(r"Obisk\w* .*100 % 21–100 % od 1 ", page)
        assert "ne zakaj" in page

    def test_in_english(self, maja, worked) -> None:
        maja.language = "en"
        maja.save()
        page = text_of(signed_in(maja).get("/insight/followed/"))
        assert "100 % 21–100 % of 1" in page

    def test_asks_few_statements(self, web, worked, django_assert_num_queries) -> None:
        web.get("/insight/followed/")
        with django_assert_num_queries(4):
            web.get("/insight/followed/")


def trigger_line(kind: str, verdict: str, **more: Any) -> dict[str, Any]:
    estimate = {"ratio": 2.08, "low": 1.61, "high": 2.69}
    spoken = verdict != "too_few"
    line = {
        "kind": kind,
        "verdict": verdict,
        "chains": 412,
        "actions": 500,
        "outcomes_in_windows": 963,
        "chain_ids": [],
        "needs": [] if spoken else [{"what": "reactions", "have": 18, "need": 30}],
        "effect": estimate if spoken else None,
        "error": 0.1 if spoken else None,
        "p": 0.001 if spoken else None,
        "wait_with": 7.0 if spoken else None,
        "wait_without": 14.0 if spoken else None,
        "versus_others": estimate if spoken else None,
        "versus_call": estimate if spoken else None,
        "guards": {
            "before": estimate,
            "placebo_share": 0.004,
            "windows": [2.2, 2.1, 1.9],
            "without_largest": 2.0,
            "without_largest_p": 0.01,
            "failed": [],
        }
        if spoken
        else None,
    }
    return line | more


def triggers(*lines: dict[str, Any]) -> dict[str, Any]:
    outcome = {"outcome": "reaction", "chains": 412, "events": 963, "lines": lines}
    return {
        "chains": 500,
        "window": 10.0,
        "allowance": 0.05,
        "margin": 1.1,
        "outcomes": [outcome],
    }


class TestTriggers:
    def test_a_claim_is_a_sentence_with_number_and_range(self, web, worked) -> None:
        store("triggers", triggers(trigger_line("visit", "accelerates")))
        page = text_of(web.get("/insight/triggers/"))
        assert (
            "v naslednjih 10 delovnih dneh se stranke odzivajo približno 2,1-krat tako"
            " pogosto kot v istih verigah brez te aktivnosti (razpon 1,6–2,7)."
            " Običajno čakanje: 7,0 namesto 14 del. dni."
        ) in page
        assert "Podlaga: 412 verig, 963 odzivov. To še ne dokazuje" in page

    def test_nothing_else_is_said_to_speed_up(self, web, worked) -> None:
        lines = [
            trigger_line(*one) for one in (("email", "unknown"), ("call", "no_sign"))
        ]
        store("triggers", triggers(*lines, trigger_line("invitation", "too_few")))
        page = text_of(web.get("/insight/triggers/"))
        assert "Za nobeno aktivnost za zdaj ni mogoče reči" in page
        assert "To še ne dokazuje" not in page
        assert "– odzivi: 18. Za oceno jih je potrebnih vsaj 30." in page

    def test_a_guard_that_failed_is_marked(self, web, worked) -> None:
        guards = trigger_line("visit", "unknown")["guards"] | {"failed": ["before"]}
        store("triggers", triggers(trigger_line("visit", "unknown", guards=guards)))
        page = web.get("/insight/triggers/").content.decode()
        assert page.count('class="is-failed"') == 1

    def test_a_line_opens_its_chains_that_one_sees(self, web, worked, maja) -> None:
        other = make_user(team=make_team("Druga"))
        hidden = make_activity(other, make_company("Skrita d. o. o.", owner=other))
        ids = [worked.chain_id, hidden.chain_id, 10**9]
        line = trigger_line("visit", "accelerates", chain_ids=ids)
        store("triggers", triggers(line))
        page = web.get("/insight/triggers/").content.decode()
        (address,) = set(re.findall(r'href="(/insight/chains/[^"]+)"', page))
        listed = text_of(web.get(html.unescape(address)))
        assert worked.reference in listed
        assert hidden.reference not in listed
        assert "Najnovejše verige: 1 od 412" in listed

    def test_the_details_say_whether_the_season_was_allowed_for(
        self, web, worked
    ) -> None:
        plain = triggers(trigger_line("visit", "accelerates"))
        store("triggers", plain | {"by_month": False})
        page = text_of(web.get("/insight/triggers/"))
        assert "Letni čas še ni upoštevan: potrebni sta dve leti verig." in page
        august = {"stretch": "8", "ratio": 0.41, "low": 0.33, "high": 0.52, "n": 1_204}
        end = {"stretch": "year_end", "ratio": 0.9, "low": 0.7, "high": 1.2, "n": 48}
        plain["outcomes"][0]["seasons"] = [august, end]
        store("triggers", plain | {"by_month": True})
        page = text_of(web.get("/insight/triggers/"))
        assert "Letni čas je upoštevan: vsak mesec ima svojo raven." in page
        assert (
            "Avgust je počasnejši za vse: odzivi so 0,41-krat tako pogosti kot v"
            " drugih mesecih (razpon 0,33–0,52; odzivi: 1.204)."
        ) in page
        assert (
            "Zadnji teden decembra: odzivi so 0,90-krat tako pogosti kot v drugih"
            " mesecih (razpon 0,70–1,20; odzivi: 48)."
        ) in page

    @pytest.mark.parametrize(
        "query", ["", "?of=triggers", "?of=triggers&outcome=reaction&kind=x", "?of=x"]
    )
    def test_chains_of_no_figure_are_not_found(self, web, worked, query) -> None:
        assert web.get(f"/insight/chains/{query}").status_code == 404


def win_line(kind: str, verdict: str, **more: Any) -> dict[str, Any]:
    spoken = verdict != "too_few"
    line = {
        "kind": kind,
        "odds_ratio": {"value": 1.84, "low": 1.31, "high": 2.58, "n": 310}
        if spoken
        else None,
        "wins": 103 if spoken else 7,
        "p": 0.001 if spoken else None,
        "verdict": verdict,
        "chains": 412,
        "chain_ids": [],
    }
    return line | more


def with_wins(*lines: dict[str, Any], code: str = "ok") -> dict[str, Any]:
    wins = {
        "code": code, "label": "goes together with", "within": 60.0, "recent": 20.0,
        "needed": {"wins": 30, "chains": 100}, "needed_of_kind": 20,
        "n_chains": 640, "n_wins": 190, "kinds": list(lines),
    }  # fmt: skip
    return triggers(trigger_line("visit", "accelerates")) | {"wins": wins}


class TestWins:
    """Orders come once in a chain: company kept, with its range, never a cause."""

    def test_stands_apart_below_the_claims(self, web, worked) -> None:
        store("triggers", with_wins(win_line("visit", "more_wins")))
        page = text_of(web.get("/insight/triggers/"))
        apart = page[page.index("Kaj gre skupaj z naročili") :]
        assert (
            "gre skupaj z več naročili: obeti za naročilo v naslednjih 60 delovnih"
            " dneh so približno 1,8-kratni v primerjavi s podobnimi verigami brez te"
            " aktivnosti (razpon 1,3–2,6). Podlaga: 412 verig, 103 naročila."
        ) in apart
        for causal in ("pospeš", "sproži", "povzroč", "zaradi", "prinese"):
            assert causal not in apart
        assert "1,8 1,3–2,6 310 412 103" in apart

    def test_what_is_not_known_is_no_sentence(self, web, worked) -> None:
        lines = win_line("visit", "not_known"), win_line("invitation", "too_few")
        store("triggers", with_wins(*lines))
        page = text_of(web.get("/insight/triggers/"))
        assert "da gre skupaj z naročili" in page
        assert "gre skupaj z več" not in page

    def test_below_its_guards_it_says_how_much_it_takes(self, web, worked) -> None:
        store("triggers", with_wins(code="too_few"))
        page = text_of(web.get("/insight/triggers/"))
        assert "naročila 190 (potrebnih vsaj 30)" in page

    def test_a_line_opens_its_chains_that_one_sees(self, web, worked) -> None:
        other = make_user(team=make_team("Druga"))
        hidden = make_activity(other, make_company("Skrita d. o. o.", owner=other))
        ids = [worked.chain_id, hidden.chain_id]
        store("triggers", with_wins(win_line("call", "fewer_wins", chain_ids=ids)))
        page = web.get("/insight/triggers/").content.decode()
        addresses = set(re.findall(r'href="(/insight/chains/[^"]+)"', page))
        (address,) = [one for one in addresses if "order" in one]
        listed = text_of(web.get(html.unescape(address)))
        assert "Ob naročilih" in listed
        assert worked.reference in listed
        assert hidden.reference not in listed
        wrong = {"of": "triggers", "outcome": "order", "kind": "visit"}
        assert web.get("/insight/chains/", wrong).status_code == 404

    def test_the_file_has_the_same_numbers(self, web, worked) -> None:
        store("triggers", with_wins(win_line("visit", "more_wins")))
        text = web.get("/export/insight-triggers.csv").content.decode("utf-8-sig")
        head, claim, row = list(csv.reader(io.StringIO(text), delimiter=";"))
        assert len(head) == len(claim) == len(row)
        found = dict(zip(head, row, strict=True))
        assert found["Izid"] == "Gre skupaj z naročili"
        assert found["Obeti za naročilo, krat"] == "1,84"
        assert found["Obeti za naročilo, krat, od"] == "1,31"
        assert found["Obeti za naročilo, krat, do"] == "2,58"
        assert (found["Verige"], found["Izidi"]) == ("412", "103")
        assert found["Primerjane verige"] == "310"
        assert found["Kolikokrat pogosteje"] == ""


class TestStalled:
    def test_a_manager_sets_the_budget_in_words(self, head, worked) -> None:
        page = text_of(head.get("/insight/stalled/"))
        assert "Običajno: en na 250 delovnih dni" in page
        answer = head.post("/insight/stalled/budget/", {"budget": "quiet"}, follow=True)
        assert "Meja se izračuna na novo" in text_of(answer)
        assert InsightSettings.objects.get().budget == "quiet"
        (record,) = Record.objects.filter(subject="insight_setting")
        assert record.changes == {"budget": ["usual", "quiet"]}

    def test_the_limit_has_its_day(self, web, worked) -> None:
        limit = {"value": 16.4, "low": 15.0, "high": 18.0, "n": 4_812}
        made = {"at": "2026-11-23T06:02:11+00:00", "activities": 9, "basis": "a"}
        store("stalled", {"code": "ok", "limit": limit, "calibrated": made})
        page = text_of(web.get("/insight/stalled/"))
        assert "tišina dlje kot 16 del. dni. Podlaga" in page
        assert "Meja je z dne 23. 11. 2026 in velja teden dni" in page

    def test_others_may_not(self, web, worked) -> None:
        assert "Lažni preplahi" not in text_of(web.get("/insight/stalled/"))
        answer = web.post("/insight/stalled/budget/", {"budget": "quiet"})
        assert answer.status_code == 403
        assert not InsightSettings.objects.exists()

    def test_a_budget_that_is_none_changes_nothing(self, head, worked) -> None:
        answer = head.post("/insight/stalled/budget/", {"budget": "loud"})
        assert answer.status_code == 422
        assert not InsightSettings.objects.filter(budget="loud").exists()


class TestExports:
    @pytest.mark.parametrize("name", PAGES)
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_every_page_has_a_file(self, web, worked, name, form) -> None:
        answer = web.get(f"/export/insight-{name}.{form}")
        assert answer.status_code == 200
        assert answer.content

    def test_numbers_and_ranges_are_in_it(self, web, worked) -> None:
        store("triggers", triggers(trigger_line("visit", "accelerates")))
        text = web.get("/export/insight-triggers.csv").content.decode("utf-8-sig")
        head, row = list(csv.reader(io.StringIO(text), delimiter=";"))
        found = dict(zip(head, row, strict=True))
        assert found["Kolikokrat pogosteje"] == "2,08"
        assert found["Kolikokrat pogosteje, od"] == "1,61"
        assert found["Kolikokrat pogosteje, do"] == "2,69"
        assert (found["Verige"], found["Izidi"]) == ("412", "963")

    def test_of_another_team_there_is_none(self, web, worked) -> None:
        other = make_team("Druga")
        answer = web.get(f"/export/insight-pace.csv?team={other.pk}")
        assert answer.status_code == 404


class TestChainPage:
    def test_says_whose_time_it_was_and_what_followed(self, web, worked) -> None:
        page = text_of(web.get(f"/activities/{worked.reference}/chain/"))
        assert re.search(r"na nas [\d,]+ na stranki [\d,]+ dogovorjeno čakanje", page)
        assert "odziv stranke: 1 od 1, običajno čakanje" in page

    def test_what_is_too_little_is_said_to_be(self, web, worked) -> None:
        page = text_of(web.get(f"/activities/{worked.reference}/chain/"))
        assert "Znanih je še premalo premorov" in page
        assert "Za verjetnost odziva je še premalo podobnih primerov." in page

    def test_tells_a_stall_a_chance_and_a_pace(self, web, worked) -> None:
        ChainFigures.objects.update(
            is_stalled=True,
            payload={
                "silence": {
                    "wait": 17.0, "silence": 17.0, "limit": 12.0, "n": 412,
                    "code": "flagged", "label": "unusual_here",
                },
                "chance": {
                    "basis": "model",
                    "chance": {"value": 0.31, "low": 0.26, "high": 0.36, "n": 200},
                },
                "pace": {
                    "activities": 6, "days": 40.0, "expected": 10.2,
                    "verdict": "slow",
                    "pace": {"value": 0.6, "low": 0.4, "high": 0.8, "n": 6},
                },
            },
        )  # fmt: skip
        page = text_of(web.get(f"/activities/{worked.reference}/chain/"))
        assert (
            "Zastoj: tišina traja 17 del. dni, meja je 12 (iz premorov: 412)." in page
        )
        assert "neobičajno tudi za to stranko" in page
        assert "odzove približno 31 (razpon 26–36, iz primerov: 200)." in page
        assert "Ta veriga napreduje počasneje od podobnih." in page
        assert "pri podobnih okoli 10 (0,6 običajne hitrosti, razpon 0,4–0,8)." in page
        stalled = text_of(web.get("/insight/stalled/"))
        assert worked.reference in stalled
        assert "31 % 26–36 % od 200" in stalled

    def test_a_closed_chain_has_its_own_time_and_no_forecast(
        self, web, worked, maja
    ) -> None:
        close_sale(
            context=acting(maja, timezone.now()),
            reference=worked.reference,
            outcome="lost",
        )
        page = text_of(web.get(f"/activities/{worked.reference}/chain/"))
        assert "na stranki" in page
        assert "V naslednjih 20" not in page
        assert "tišina" not in page

    def test_next_steps_open_their_chains(self, web, worked, maja) -> None:
        step = {
            "kind": "visit", "side": "out", "count": 9, "n_chains": 9,
            "taken": {"value": 0.3, "low": 0.2, "high": 0.4, "n": 30},
            "wait": {"n": 9, "value": 3.0, "low": 2.0, "high": 5.0},
            "reaction": {"value": 0.5, "low": 0.3, "high": 0.7, "n": 9},
            "chains": [worked.chain_id],
        }  # fmt: skip
        point = {
            "kind": "call_in", "side": "in", "n": 30, "waiting": 2, "ended": 3,
            "others": 1, "steps": [step],
        }  # fmt: skip
        figures = ChainFigures.objects.first()
        made = Point.objects.create(population=figures.population, payload=point)
        ChainFigures.objects.update(point=made)
        page = web.get(f"/activities/{worked.reference}/chain/")
        assert "videno 30-krat" in text_of(page)
        (address,) = set(
            re.findall(r'href="(/insight/chains/[^"]+)"', page.content.decode())
        )
        assert worked.reference in text_of(web.get(html.unescape(address)))
        for wrong in ("7", "x", ""):
            query = {"of": "next", "reference": worked.reference, "step": wrong}
            assert web.get("/insight/chains/", query).status_code == 404
