"""A simulated week against plain rules: everything is reminded of once, on time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.effort import sized
from tests.support.reminder_week import Week

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(1, sized(ci=2, full=8)))
def test_a_week_with_restarts_loses_and_doubles_nothing(seed: int) -> None:
    figures = Week(seed, every=timedelta(minutes=20), acts_a_day=20).run()
    assert figures.lost == []
    assert figures.unasked == []
    assert figures.doubled == 0
    assert figures.due > 40
    assert figures.killed > 3
    assert set(figures.by_kind) == {"event", "deadline", "silence"}
