"""One write, one transaction: retries, endings, and what joins what."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection

from veriga.common import transactions
from veriga.common.transactions import (
    ATTEMPTS,
    at_end,
    gathered_at_end,
    savepoint,
    write,
)

from .tables import Team, make_team


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: Any) -> None:
    monkeypatch.setattr(transactions.time, "sleep", lambda seconds: None)


def failure(text: str, state: str | None = None) -> OperationalError:
    error = OperationalError(text)
    if state is not None:
        cause: Any = Exception(text)
        cause.sqlstate = state
        error.__cause__ = cause
    return error


class Failing:
    """A service that fails `times` times before it works."""

    def __init__(self, times: int, error: Exception) -> None:
        self.times, self.error, self.calls = times, error, 0
        self.service = write(self._run)

    def _run(self) -> str:
        self.calls += 1
        make_team("Zahod")
        if self.calls <= self.times:
            raise self.error
        return "done"

    _run.__qualname__ = "service"


RETRYABLE = [
    failure("database is locked"),
    failure("database table is locked"),
    failure("deadlock detected", "40P01"),
    failure("could not serialize", "40001"),
    failure("lock time-out", "55P03"),
]


@pytest.mark.django_db(transaction=True)
class TestRetries:
    @pytest.mark.parametrize("error", RETRYABLE, ids=str)
    def test_three_more_tries(self, error: OperationalError) -> None:
        failing = Failing(ATTEMPTS - 1, error)
        assert failing.service() == "done"
        assert failing.calls == ATTEMPTS == 4
        assert Team.objects.count() == 1

    def test_then_it_is_given_up_with_nothing_written(self) -> None:
        failing = Failing(ATTEMPTS, RETRYABLE[0])
        with pytest.raises(OperationalError):
            failing.service()
        assert failing.calls == ATTEMPTS
        assert not Team.objects.exists()

    @pytest.mark.parametrize(
        "error",
        [
            failure("disk I/O error"),
            failure("connection lost", "08006"),
            ValueError("anything else"),
        ],
        ids=str,
    )
    def test_other_failures_are_final(self, error: Exception) -> None:
        failing = Failing(1, error)
        with pytest.raises(type(error)):
            failing.service()
        assert failing.calls == 1
        assert not Team.objects.exists()

    def test_only_the_outermost_service_tries_again(self) -> None:
        failing = Failing(1, RETRYABLE[0])
        outer_calls = []

        @write
        def outer() -> str:
            outer_calls.append(1)
            return failing.service()

        assert outer() == "done"
        assert len(outer_calls) == failing.calls == 2
        assert Team.objects.count() == 1


@pytest.mark.django_db
class TestInsideATransaction:
    def test_there_is_one_try(self) -> None:
        assert connection.in_atomic_block
        failing = Failing(1, RETRYABLE[0])
        with pytest.raises(OperationalError):
            failing.service()
        assert failing.calls == 1


@pytest.mark.django_db(transaction=True)
class TestEndings:
    def test_they_run_last_in_the_same_transaction(self) -> None:
        order: list[object] = []

        @write
        def inner() -> None:
            at_end(lambda: order.append(("end", connection.in_atomic_block)))
            order.append("inner")

        @write
        def outer() -> None:
            inner()
            order.append("outer")

        outer()
        assert order == ["inner", "outer", ("end", True)]

    def test_an_ending_that_fails_takes_all_with_it(self) -> None:
        def fail() -> None:
            raise ValueError

        @write
        def service() -> None:
            make_team()
            at_end(fail)

        with pytest.raises(ValueError):
            service()
        assert not Team.objects.exists()

    def test_those_of_a_failed_try_are_forgotten(self) -> None:
        runs: list[int] = []
        tries: list[int] = []

        @write
        def service() -> None:
            tries.append(1)
            at_end(lambda: runs.append(1))
            if len(tries) == 1:
                raise RETRYABLE[0]

        service()
        assert (len(tries), len(runs)) == (2, 1)

    def test_outside_a_service_there_is_no_end(self) -> None:
        with pytest.raises(RuntimeError):
            at_end(lambda: None)


@pytest.mark.django_db
class TestSavepoints:
    def test_what_failed_is_taken_back_with_its_endings(self) -> None:
        heard: list[Any] = []

        @write
        def service() -> None:
            make_team("Zahod")
            with pytest.raises(ValueError, match="no"), savepoint():
                make_team("Vzhod")
                at_end(lambda: heard.append("never"))
                gathered_at_end("team", heard.append).add(1)
                raise ValueError("no")
            at_end(lambda: heard.append("once"))
            with savepoint():
                gathered_at_end("team", heard.append).add(2)

        service()
        assert [team.name for team in Team.objects.all()] == ["Zahod"]
        assert heard == ["once", {2}]

    def test_what_was_gathered_before_stays(self) -> None:
        heard: list[Any] = []

        @write
        def service() -> None:
            gathered_at_end("team", heard.append).add(1)
            with pytest.raises(ValueError, match="no"), savepoint():
                raise ValueError("no")
            gathered_at_end("team", heard.append).add(2)

        service()
        assert heard == [{1, 2}]

    def test_what_an_ending_adds_is_handed_over_too(self) -> None:
        heard: list[Any] = []

        def late() -> None:
            gathered_at_end("team", heard.append).add(2)

        @write
        def service() -> None:
            gathered_at_end("team", heard.append).add(1)
            at_end(late)

        service()
        assert heard == [{1}, {2}]

    def test_outside_a_service_there_is_none(self) -> None:
        with pytest.raises(RuntimeError, match="outside"), savepoint():
            pass
