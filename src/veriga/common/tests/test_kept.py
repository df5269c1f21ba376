"""What is kept for seconds."""

from __future__ import annotations

import pytest

from veriga.common import kept
from veriga.common.kept import Kept


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which a test moves."""
    time = [100.0]
    monkeypatch.setattr(kept, "clock", lambda: time[0])
    return time


def test_is_read_again_once_it_is_old(at: list[float]) -> None:
    numbers = iter(range(10))
    few: Kept[int] = Kept(5.0)
    assert few.get("a", lambda: next(numbers)) == 0
    at[0] += 4.9
    assert few.get("a", lambda: next(numbers)) == 0
    assert few.get("b", lambda: next(numbers)) == 1
    at[0] += 0.2
    assert few.get("a", lambda: next(numbers)) == 2
    assert few.get("b", lambda: next(numbers)) == 1


def test_what_failed_to_be_read_is_not_kept(at: list[float]) -> None:
    few: Kept[int] = Kept(5.0)

    def fail() -> int:
        raise ValueError

    with pytest.raises(ValueError):
        few.get("a", fail)
    assert few.get("a", lambda: 7) == 7


def test_nothing_is_a_value_too(at: list[float]) -> None:
    few: Kept[int | None] = Kept(5.0)
    few.put("a", None)
    assert few.has("a")
    assert few.get("a", lambda: 7) is None
    few.forget()
    assert not few.has("a")


def test_memory_stays_bounded(at: list[float]) -> None:
    few: Kept[int] = Kept(5.0, most=3)
    for key in range(4):
        few.put(key, key)
    assert [key for key in range(4) if few.has(key)] == [3]
