"""Flags of silence: by the limit that data carry, else by the firm's own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Role
from veriga.access.tests.factories import make_user
from veriga.activities.models import Activity, Chain
from veriga.activities.tests.factories import make_activity
from veriga.insight.models import ChainFigures, Population, Result, Sight
from veriga.insight.queries.limits import forget_limits
from veriga.insight.rules.sights import sight_of_actor
from veriga.parties.models import Company
from veriga.setup.models import EventType
from veriga.setup.queries import forget_code_lists

from .clients import LIST, signed_in

pytestmark = pytest.mark.django_db
NOTE_SL = (
    "Meja po podatkih (v delovnih dneh): 4,0. Podlaga: premori 4.812, verige 812; en"
    " lažni preplah na 250 delovnih dni odprte verige."
)
NOTE_EN = (
    "By the data 4.0 working days are the limit (from 4,812 waits of 812 chains): one"
    " false alarm in 250 working days of an open chain."
)


def carry(user: User, days: float, code: str = "ok") -> None:
    """Store a report of stalled chains for what a user sees, and nothing else."""
    limit = {"name": "all", "value": days, "n": 4_812, "n_chains": 812}
    now = timezone.now()
    population = Population.objects.create(
        content_hash="x", chains=1, activities=2, computed_at=now
    )
    key = sight_of_actor(actor_of(user)).key
    Sight.objects.update_or_create(key=key, defaults={"population": population})
    payload = {
        "code": code, "limit": limit, "segments": [], "usual": {},
        "budget": {"name": "usual", "days_per_alarm": 250.0},
    }  # fmt: skip
    Result.objects.create(
        population=population, kind="stalled", computed_at=now, seconds=0.1,
        activities=2, payload=payload,
    )  # fmt: skip
    forget_limits()


def firm_limit(days: int) -> None:
    EventType.objects.filter(code="call").update(silence_days=days)
    forget_code_lists()


@pytest.fixture
def silent(maja: User, company: Company) -> Activity:
    """A chain that ended with a call, nine days ago."""
    now = timezone.now()
    origin = make_activity(maja, company, now=now, days_ago=40)
    make_activity(
        maja, company, now=now, days_ago=9, type="call", follows=origin.reference
    )
    return origin


def pages(web: Any, origin: Activity) -> dict[str, str]:
    """Return every page on which a flag may stand."""
    addresses = {
        "desk": "/desk/",
        "chains": "/chains/",
        "board": "/board/",
        "chain": f"/activities/{origin.reference}/chain/",
        "relations": f"/companies/{origin.company_id}/",
    }
    return {name: web.get(at).content.decode() for name, at in addresses.items()}


def rows(web: Any, query: str) -> int:
    page = web.get(f"/chains/?{query}", headers=LIST).content.decode()
    return len(re.findall(r'<tr class="row', page))


def test_by_the_data_on_every_page(web, maja, silent) -> None:
    carry(maja, 4.0)
    for name, page in pages(web, silent).items():
        assert "po podatkih" in page, name
        assert NOTE_SL in page, name
        assert "naša meja" not in page, name
    assert "Predolga tišina po podatkih" in web.get("/desk/").content.decode()
    assert rows(web, "silence=beyond") == 1


def test_in_english(maja, silent) -> None:
    maja.language = "en"
    maja.save()
    carry(maja, 4.0)
    for name, page in pages(signed_in(maja), silent).items():
        assert "by the data" in page, name
        assert NOTE_EN in page, name


def test_the_data_overrule_the_firms_own(web, maja, silent) -> None:
    firm_limit(1)
    carry(maja, 30.0)
    for name, page in pages(web, silent).items():
        assert "naša meja" not in page, name
        assert 'data-tip="Meja po podatkih' not in page, name
    assert rows(web, "silence=beyond") == 0


@pytest.mark.parametrize("code", ["drifted", "too_few"])
def test_the_firms_own_where_the_data_refuse(web, maja, silent, code) -> None:
    firm_limit(1)
    carry(maja, 30.0, code)
    for name, page in pages(web, silent).items():
        assert "naša meja" in page, name
        assert "po podatkih" not in page, name
    assert rows(web, "silence=beyond") == 1


def test_a_colleague_goes_by_their_own_sight(maja, silent) -> None:
    firm_limit(1)
    carry(maja, 30.0)
    boss = signed_in(make_user("Boris", role=Role.MANAGER, language="sl"))
    assert "naša meja" in boss.get("/chains/").content.decode()


def test_a_closed_chain_has_no_flag(web, maja, silent) -> None:
    carry(maja, 4.0)
    Chain.objects.update(is_running=False, outcome="lost")
    found = pages(web, silent)
    assert "po podatkih" not in found["chain"]
    assert "po podatkih" not in found["relations"]


def test_a_chain_of_the_own_firm_has_no_flag(web, maja, silent, company) -> None:
    carry(maja, 4.0)
    Company.objects.filter(pk=company.pk).update(is_own=True)
    for name, page in pages(web, silent).items():
        assert 'data-tip="Meja po podatkih' not in page, name


def test_limits_page_says_whose_limit_holds(maja, silent) -> None:
    boss = make_user("Boris", role=Role.MANAGER, language="sl")
    web = signed_in(boss)
    assert (
        "Zdaj mejo določajo podatki" not in web.get("/chains/limits/").content.decode()
    )
    carry(boss, 16.4)
    page = web.get("/chains/limits/").content.decode()
    assert "Zdaj mejo določajo podatki (v delovnih dneh): 16,4; podlaga" in page


def test_the_panel_of_a_chain_knows_when_the_silence_is_over(
    web, maja, silent, company
) -> None:
    carry(maja, 4.0)
    population = Population.objects.get()
    ChainFigures.objects.create(
        population=population, chain_id=silent.chain_id, is_stalled=True,
        payload={"silence": {
            "wait": 7.0, "limit": 4.0, "n": 412, "code": "flagged",
            "label": "unusual_here",
        }},
    )  # fmt: skip
    address = f"/activities/{silent.reference}/chain/"
    assert "Zastoj: tišina traja 7 del. dni" in web.get(address).content.decode()
    population.computed_at -= timedelta(hours=1)
    population.save()
    make_activity(
        maja, company, now=timezone.now(), days_ago=0.01, follows=silent.reference
    )
    page = web.get(address).content.decode()
    assert "tišina je končana" in page
    assert "Zastoj" not in page
    assert "neobičajno tudi za to stranko" not in page


def test_lists_ask_one_statement_more_at_most(
    web, maja, silent, django_assert_max_num_queries
) -> None:
    carry(maja, 4.0)
    for address, most in (("/chains/", 6), ("/board/", 6), ("/desk/", 12)):
        web.get(address)
        with django_assert_max_num_queries(most):
            web.get(address)
        forget_limits()
        with django_assert_max_num_queries(most + 1):
            web.get(address)
