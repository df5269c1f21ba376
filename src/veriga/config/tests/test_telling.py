"""Stored figures as lines of text."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from veriga.config.telling import lines_of
from veriga.insight.queries.results import Stored
from veriga.insight.rules.words import ReportKind

pytestmark = pytest.mark.django_db


def told(wins: dict[str, Any], language: str) -> list[str]:
    payload = {"outcomes": [], "wins": wins}
    stored = Stored(ReportKind.TRIGGERS, timezone.now(), 9, 0.1, payload)
    with override(language):
        return list(lines_of(stored, ()))


def wins(code: str, *kinds: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "within": 60.0, "n_wins": 12, "kinds": list(kinds)}


def line(verdict: str, odds: dict[str, Any] | None) -> dict[str, Any]:
    return {"kind": "visit", "odds_ratio": odds, "wins": 103, "verdict": verdict}


ODDS = {"value": 1.84, "low": 1.31, "high": 2.58, "n": 310}


@pytest.mark.parametrize(
    ("verdict", "odds", "said"),
    [
        ("more_wins", ODDS, "gre skupaj z več naročili: 1,84-krat"),
        ("fewer_wins", ODDS, "gre skupaj z manj naročili: 1,84-krat"),
        ("not_known", ODDS, "ni mogoče reči: 1,84-krat"),
        ("too_few", None, "103"),
    ],
)
def test_what_goes_together_with_orders(verdict, odds, said) -> None:
    lines = told(wins("ok", line(verdict, odds)), "sl")
    assert any("Kaj gre skupaj z naročili" in one for one in lines)
    (found,) = [one for one in lines if said in one]
    assert odds is None or "razpon 1,31–2,58; verige: 310, izidi: 103" in found


def test_too_few_orders_are_said_to_be_so() -> None:
    lines = told(wins("too_few"), "en")
    assert "  Too few to say anything yet: 12." in lines
