"""Insight through the API: the stored figures, for whoever may see them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from veriga.access.models import User
from veriga.activities.models import Activity
from veriga.activities.tests.factories import make_activity
from veriga.activities.tests.weights import store_weights
from veriga.insight.models import Result, Sight
from veriga.insight.rules.words import ReportKind
from veriga.insight.services.computing import compute
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company

from .client import Api
from .declared import assert_declared, assert_problem

KINDS = [str(kind) for kind in ReportKind]


@pytest.fixture
def chains(seller: User, company: Company) -> list[Activity]:
    """Enough chains, one after the other, for every report to say something."""
    now, made = timezone.now(), []
    companies = [company, *(make_company(owner=seller) for _ in range(9))]
    for number in range(40):
        at = now - timedelta(days=150 - 3 * number)
        last = None
        for step in range(6):
            kind = ("visit", "call_in", "call", "email_in")[(number + step) % 4]
            moment = at + timedelta(days=step * (2 + number % 5))
            if moment > now:
                break
            last = make_activity(
                seller,
                companies[number % 10],
                now=moment,
                type=kind,
                days_ago=0.1,
                done_at=moment,
                **({"follows": last.reference} if last else {}),
            )
        made.append(last)
    compute(now)
    return [one for one in made if one is not None]


def test_before_anything_was_computed(api: Api) -> None:
    for kind in KINDS:
        answer = api.get(f"insight/{kind}")
        assert answer.status == 200
        assert_declared("read_insight", answer)
        assert (answer.json["computed_at"], answer.json["figures"]) == (None, None)


def test_every_report_is_what_was_stored(
    api: Api, seller: User, chains: list[Activity]
) -> None:
    key = Sight.objects.get(key__contains=f":user={seller.pk}:")
    for kind in KINDS:
        answer = api.get(f"insight/{kind}")
        assert_declared("read_insight", answer)
        stored = Result.objects.get(population=key.population_id, kind=kind)
        assert (stored.error, answer.json["error"]) == ("", "")
        assert answer.json["figures"] == stored.payload
        assert answer.json["activities"] == stored.activities > 0


def test_a_chain(api: Api, outsider: Api, chains: list[Activity]) -> None:
    answer = api.get(f"activities/{chains[0].reference}/chain/insight")
    assert_declared("read_chain_insight", answer)
    figures = answer.json["figures"]
    assert {"pace", "silence", "chance", "next"} <= set(figures)
    assert_problem(
        outsider.get(f"activities/{chains[0].reference}/chain/insight"),
        404,
        "not_found",
    )


def test_a_new_or_closed_chain_has_none(api: Api, company: Company) -> None:
    ref = api.event(company.pk)
    answer = api.get(f"activities/{ref}/chain/insight")
    assert_declared("read_chain_insight", answer)
    assert (answer.json["computed_at"], answer.json["figures"]) == (None, None)


def test_a_team(
    api: Api, manager: Api, outsider: Api, seller: User, chains: list[Activity]
) -> None:
    path = f"insight/followed?team={seller.team_id}"
    assert manager.get(path).json["figures"] == api.get(path).json["figures"] != None  # noqa: E711
    assert_problem(outsider.get(path), 404, "not_found")
    assert_problem(manager.get(f"insight/map?team={10**9}"), 404, "not_found")
    outside = outsider.get("insight/followed").json
    assert (outside["activities"], outside["figures"]["kinds"]) == (0, [])


@pytest.mark.parametrize(
    "path",
    ["insight/nothing", "insight/map?team=x", "insight/map?limit=0", "insight/map?a=1"],
)
def test_bad_input(api: Api, path: str) -> None:
    assert 400 <= api.get(path).status < 500


def test_no_estimate_without_its_number_and_range(
    api: Api, chains: list[Activity]
) -> None:
    found = [api.get(f"insight/{kind}").json["figures"] for kind in KINDS]
    found += [
        api.get(f"activities/{one.reference}/chain/insight").json["figures"]
        for one in chains
    ]
    seen = set()
    for path, n, one in _objects(found):
        for name in ESTIMATES & one.keys():
            if one[name] is None:
                continue
            seen.add(name)
            low, high = one["low"], one["high"]
            # Without a bound there are too few to have one, and they are counted.
            assert None not in (low, high) or n < MANY, path
            assert low is None or low <= one[name], path
            assert high is None or one[name] <= high, path
            assert n is not None, path
        for value in one.values():
            assert not isinstance(value, float) or math.isfinite(value), path
    assert seen >= {"value", "share", "median"}


# Wherever one of these is told, its number and its range must stand beside it.
ESTIMATES = {"value", "share", "median", "ratio"}
MANY = 200


def _objects(
    value: Any, path: str = "", n: int | None = None
) -> Iterator[tuple[str, int | None, dict[str, Any]]]:
    """Yield every object, with the number that it or what it is a part of tells."""
    if isinstance(value, dict):
        n = next((value[name] for name in NUMBERS if name in value), n)
        yield path, n, value
        for name, inner in value.items():
            yield from _objects(inner, f"{path}.{name}", n)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _objects(inner, f"{path}[{place}]", n)


NUMBERS = ("n", "quotes", "chains")


def test_what_is_learnt_of_links_is_for_managers_who_see_all(
    manager: Api, api: Api
) -> None:
    empty = manager.get("insight/links")
    assert_declared("read_links", empty)
    assert empty.json["figures"] is None
    store_weights(alike_text=3.0)
    answer = manager.get("insight/links")
    assert_declared("read_links", answer)
    figures = answer.json["figures"]
    assert figures["weights"]["alike_text"] == 3.0
    assert figures["first"]["low"] < figures["first"]["value"]
    assert figures["since"] == "2026-11-20T08:00:00.000000Z"
    assert_problem(api.get("insight/links"), 403, "not_allowed")


def test_learnt_weights_order_what_may_be_linked(
    api: Api, seller: User, company: Company
) -> None:
    old = make_activity(seller, company, days_ago=50, title="Ponudba za kotel")
    make_activity(seller, company, days_ago=1, title="Sejem")
    one = make_activity(seller, company, days_ago=0.1, title="Ponudbo kotla")
    store_weights(alike_text=9.0)
    found = api.get(f"activities/{one.reference}/linkable").json["items"]
    assert found[0]["reference"] == old.reference
    assert found[0]["reasons"] == ["alike_text"]
