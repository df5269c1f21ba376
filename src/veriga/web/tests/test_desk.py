"""The desk, the list of running chains, giving one up, limits of silence."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Chain, Suggestion
from veriga.activities.tests.factories import acting, make_activity
from veriga.setup.models import EventType
from veriga.setup.services import install_code_lists
from veriga.work.services.companies import update_company

from .clients import LIST, PIECE, signed_in

pytestmark = pytest.mark.django_db

STATEMENTS = 12  # session and user among them
POLL = {"X-Veriga-Poll": "1"}


@pytest.fixture
def busy(maja, company):
    """Work of every sort: late, today, to come, answered, loose, running out."""
    now = timezone.now()
    today = timezone.localdate(now)
    for days in (-3, -2, 0, 1, 5, 20):
        make_activity(maja, company, "task", now=now, due_on=today + timedelta(days))
    origin = make_activity(maja, company, now=now, days_ago=40, title="Sejem")
    make_activity(
        maja, company, now=now, days_ago=1, direction="in", follows=origin.reference,
        title="Odgovorili so",
    )  # fmt: skip
    make_activity(maja, company, "quote", now=now, issued_on=today,
                  valid_until=today + timedelta(9), title="Linija LP-20")  # fmt: skip
    return origin


def figures_of(page: str) -> dict[str, tuple[str, int]]:
    """Return the numbers of a desk: its word, the list it opens and the number."""
    found = re.findall(
        r'<a class="figure[^"]*" href="([^"]+)"><span class="figure-count">(\d+)</span>'
        r'<span class="figure-word">([^<]+)</span>',
        page,
    )
    return {word: (html.unescape(to), int(number)) for to, number, word in found}


class TestDesk:
    def test_every_number_opens_a_list_of_as_many(self, web, busy) -> None:
        figures = figures_of(web.get("/desk/").content.decode())
        assert {word: number for word, (_, number) in figures.items()} == {
            "Zamuda": 2,
            "Danes": 1,
            "Naslednjih 7 dni": 2,
            "Odzivi strank": 1,
            "Ponudbe, ki potečejo": 1,
            "Nepovezano": 7,
        }
        for address, number in figures.values():
            page = web.get(address).content.decode()
            assert len(re.findall(r'<tr class="row', page)) == number, address

    def test_is_where_one_begins(self, web) -> None:
        assert web.get("/").headers["Location"] == "/desk/"

    def test_an_empty_one_says_so(self, web) -> None:
        page = web.get("/desk/").content.decode()
        for sentence in ("Nič ne zamuja.", "Vse iz zadnjega meseca je v verigah."):
            assert sentence in page

    def test_statements(self, web, busy, django_assert_max_num_queries) -> None:
        web.get("/desk/")
        with django_assert_max_num_queries(STATEMENTS):
            web.get("/desk/")

    def test_in_english(self, maja, web, busy) -> None:
        maja.language = "en"
        maja.save()
        page = web.get("/desk/").content.decode()
        assert "Customers&#39; replies" in page
        assert "Nothing is planned" not in page

    def test_only_managers_see_everybodys(self, maja, web, company) -> None:
        rok = make_user("Rok Zupan", team=maja.team)
        due = timezone.localdate() - timedelta(1)
        make_activity(rok, company, "task", due_on=due, title="Rokova naloga")
        page = web.get("/desk/?of=all").content.decode()
        assert "Rokova naloga" not in page
        assert "of=all" not in page
        boss = make_user("Vodja", team=maja.team, role=Role.MANAGER)
        # With nothing of their own they begin with everybody's.
        assert signed_in(boss).get("/desk/").headers["Location"] == "/desk/?of=all"
        own = signed_in(boss).get("/desk/?of=me").content.decode()
        assert "Rokova naloga" not in own
        assert "of=all" in own
        assert "Rokova naloga" in signed_in(boss).get("/desk/?of=all").content.decode()

    @pytest.mark.parametrize("why", ["another team", "natural person"])
    def test_of_what_one_does_not_see_there_is_nothing(self, maja, busy, why) -> None:
        scope = Scope.TEAM
        if why == "natural person":
            scope = Scope.ALL
            User.objects.filter(pk=maja.pk).update(may_see_persons=True)
            update_company(
                context=acting(make_user(role=Role.ADMINISTRATOR)),
                company_id=busy.company_id,
                kind="natural_person",
            )
        stranger = make_user(
            "Tujec", team=make_team(), role=Role.MANAGER, scope=scope,
            may_see_persons=False,
        )  # fmt: skip
        client = signed_in(stranger)
        for address in ("/desk/?of=all", "/desk/?of=me", "/chains/"):
            page = html.unescape(client.get(address).content.decode())
            assert {number for _, number in figures_of(page).values()} <= {0}
            assert busy.company.name not in page


class TestPolling:
    def test_nothing_new_is_204_and_no_token_makes_it_differ(self, web, busy) -> None:
        first = web.get("/desk/", headers=POLL)
        assert "<html" not in first.content.decode()
        assert "csrf" not in first.content.decode()
        seen = {**POLL, "X-Veriga-Seen": first.headers["X-Veriga-Seen"]}
        assert web.get("/desk/", headers=seen).status_code == 204

    def test_what_is_new_comes_whole(self, maja, web, company, busy) -> None:
        seen = web.get("/desk/", headers=POLL).headers["X-Veriga-Seen"]
        due = timezone.localdate() - timedelta(1)
        make_activity(maja, company, "task", due_on=due, title="Pravkar dodano")
        answer = web.get("/desk/", headers={**POLL, "X-Veriga-Seen": seen})
        assert answer.status_code == 200
        assert "Pravkar dodano" in answer.content.decode()


class TestRunningChains:
    def test_says_silence_move_and_that_nothing_comes_next(self, web, busy) -> None:
        page = web.get("/chains/").content.decode()
        assert "Sejem" in page
        assert '<td class="c-move is-ours">mi</td>' in page
        assert "ni naslednjega koraka" in page

    @pytest.mark.parametrize(
        ("query", "number"),
        [
            ("", 2),
            ("owner=me", 2),
            ("owner=0", 0),
            ("move=ours", 1),
            ("move=theirs", 1),
            ("move=agreed", 0),
            ("next=no", 2),
            ("next=yes", 0),
            ("replied=yes", 1),
            ("silence=beyond", 0),
            ("stage=won", 0),
            ("order=newest", 2),
            ("move=nobody&order=size&next=x&cursor=", 2),
        ],
    )
    def test_filters(self, web, busy, query, number) -> None:
        page = web.get(f"/chains/?{query}", headers=LIST).content.decode()
        assert len(re.findall(r'<tr class="row', page)) == number

    def test_a_made_up_cursor_is_refused(self, web, busy) -> None:
        assert web.get("/chains/?cursor=AAAA").status_code == 422

    def test_pages(self, maja, web, company, django_assert_max_num_queries) -> None:
        for _ in range(53):
            first = make_activity(maja, company, days_ago=3)
            make_activity(maja, company, days_ago=2, follows=first.reference)
        web.get("/chains/")
        with django_assert_max_num_queries(6):
            page = web.get("/chains/").content.decode()
        assert "53 zadetkov" in page
        following = html.unescape(re.findall(r'hx-get="(/chains/[^"]+)"', page)[-1])
        rest = web.get(following, headers=PIECE).content.decode()
        assert len(re.findall(r'<tr class="row', rest)) == 3

    def test_beyond_the_limit_is_flagged(self, web, busy) -> None:
        EventType.objects.filter(code="call").update(silence_days=1)
        from veriga.setup.queries import forget_code_lists

        forget_code_lists()
        Chain.objects.update(last_acted_at=timezone.now() - timedelta(9))
        page = web.get("/chains/?silence=beyond").content.decode()
        assert "naša meja" in page
        assert "Tišina čez našo mejo" in web.get("/desk/").content.decode()


class TestGivingUp:
    def test_one_post_closes_and_one_undoes(self, web, busy) -> None:
        address = f"/chains/{busy.reference}/give-up/"
        answer = web.post(address, {"reason": "no_response"}, headers=PIECE)
        assert answer.status_code == 204
        said = json.loads(answer.headers["HX-Trigger"])["toast"]
        chain = Chain.objects.get(pk=busy.chain_id)
        assert (chain.outcome, chain.is_running) == ("given_up", False)
        assert web.post(said["undo_url"], headers=PIECE).status_code == 204
        chain.refresh_from_db()
        assert (chain.outcome, chain.is_running) == ("open", True)

    def test_an_unknown_reason_changes_nothing(self, web, busy) -> None:
        address = f"/chains/{busy.reference}/give-up/"
        assert web.post(address, {"reason": "weather"}).status_code == 422
        assert Chain.objects.get(pk=busy.chain_id).outcome == "open"

    def test_not_by_a_reader_nor_of_what_is_hidden(self, maja, busy) -> None:
        reader = make_user("Bralec", team=maja.team, role=Role.READER)
        stranger = make_user("Tujec", team=make_team())
        address = f"/chains/{busy.reference}/give-up/"
        assert signed_in(reader).post(address).status_code == 403
        assert signed_in(stranger).post(address).status_code == 404
        assert Chain.objects.get(pk=busy.chain_id).outcome == "open"


class TestLimits:
    @pytest.fixture
    def boss(self):
        install_code_lists()
        return signed_in(make_user(role=Role.MANAGER, scope=Scope.ALL))

    def test_are_saved_and_shown(self, boss) -> None:
        answer = boss.post("/chains/limits/", {"visit": "20", "call": ""})
        assert answer.status_code == 302
        assert EventType.objects.get(code="visit").silence_days == 20
        page = boss.get("/chains/limits/").content.decode()
        assert re.search(r'id="id_visit"[^>]*value="20"', page)

    @pytest.mark.parametrize("typed", ["0", "999", "-3", "dva", "1,5"])
    def test_nonsense_comes_back_with_a_sentence(self, boss, typed) -> None:
        answer = boss.post("/chains/limits/", {"visit": typed, "call": "5"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert f'value="{typed}"' in page
        assert 'id="error_visit"' in page
        assert EventType.objects.exclude(silence_days=None).count() == 0

    def test_are_for_managers(self, web) -> None:
        assert web.get("/chains/limits/").status_code == 403
        assert web.post("/chains/limits/", {"visit": "5"}).status_code == 403
        assert "/chains/limits/" not in web.get("/chains/").content.decode()


class TestCoverage:
    def test_is_for_managers_and_loaded_by_everybodys_desk(self, maja, web, busy):
        boss = signed_in(make_user("Vodja", team=maja.team, role=Role.MANAGER))
        assert web.get("/chains/coverage/").status_code == 403
        assert (
            'hx-get="/chains/coverage/"' in boss.get("/desk/?of=all").content.decode()
        )
        assert "coverage" not in web.get("/desk/").content.decode()
        page = html.unescape(boss.get("/chains/coverage/").content.decode())
        assert maja.team.name in page
        assert re.search(r"\d+ %", page)
        piece = boss.get("/chains/coverage/", headers=PIECE).content.decode()
        assert "<html" not in piece
        assert "coverage-title" in piece

    @pytest.mark.parametrize(
        ("follows", "outcome"), [("offered", "accepted"), ("", "refused")]
    )
    def test_a_form_tells_what_became_of_its_offer(
        self, maja, web, company, follows, outcome
    ) -> None:
        one = make_activity(maja, company, days_ago=2)
        page = web.get(f"/tasks/new/?company={company.pk}").content.decode()
        assert f'name="offered" value="{one.reference}"' in page
        data = {
            "company": company.pk, "title": "Pošlji vzorce", "offered": one.reference,
            "follows": one.reference if follows else "", "starts_on": "2026-11-27",
        }  # fmt: skip
        web.post("/tasks/new/", data, headers=PIECE)
        assert Suggestion.objects.get().outcome == outcome
