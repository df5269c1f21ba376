"""Prepared queries: they answer what the plain query answers, whatever the values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q, Value
from django.test.utils import CaptureQueriesContext

from veriga.common.prepared import Counting, count_together, prepared

from .tables import NOW, Team, User, make_team, make_user

pytestmark = pytest.mark.django_db


@prepared
def since(newest_first: bool, /, *, moment: datetime) -> Any:
    order = "-created_at" if newest_first else "created_at"
    users = User.objects.filter(created_at__gte=moment).order_by(order, "id")
    return users.values_list("name_key", "created_at")


@prepared
def named(*, name: str, team: int) -> Any:
    return User.objects.filter(Q(name_key=name) | Q(team_id=team)).order_by("id")


@prepared
def of_ids(*, ids: list[int]) -> Any:
    users = User.objects.filter(pk__in=ids).select_related("team")
    return users.order_by("id")


@prepared
def flat(*, name: str) -> Any:
    return User.objects.filter(name_key=name).values_list("pk", flat=True)


class TestAnswers:
    def test_follow_the_values_and_the_shape(self) -> None:
        days = [NOW + timedelta(days=n) for n in range(4)]
        for n, day in enumerate(days):
            make_user(f"u{n}", created_at=day)
        for day in days:
            for newest_first in (False, True):
                wanted = [(f"u{n}", d) for n, d in enumerate(days) if d >= day]
                found = since(newest_first, moment=day)
                assert found == (wanted[::-1] if newest_first else wanted)

    def test_rows_come_with_what_they_are_joined_to(self) -> None:
        team = make_team("Sever")
        ana, borut = make_user("ana"), make_user("borut")
        User.objects.filter(pk=ana.pk).update(team=team)
        with CaptureQueriesContext(connection) as seen:
            found = of_ids(ids=[ana.pk, borut.pk])
            assert [user.team and user.team.name for user in found] == ["Sever", None]
        assert len(seen) == 1
        assert found == [ana, borut]

    def test_each_call_gets_rows_of_its_own(self) -> None:
        ana = make_user("ana")
        one, other = of_ids(ids=[ana.pk])[0], of_ids(ids=[ana.pk])[0]
        one.name_key = "changed"
        assert other.name_key == "ana"

    def test_lists_may_be_of_any_length(self) -> None:
        people = [make_user(f"u{n}") for n in range(5)]
        for size in (1, 2, 5, 0, 3):
            assert of_ids(ids=[p.pk for p in people[:size]]) == people[:size]

    def test_a_value_used_twice_and_one_beside_it(self) -> None:
        team = make_team()
        ana, borut = make_user("ana"), make_user("borut")
        User.objects.filter(pk=borut.pk).update(team=team)
        assert named(name="ana", team=team.pk) == [ana, borut]
        assert named(name="nobody", team=team.pk) == [borut]
        assert flat(name="ana") == [ana.pk]

    def test_words_and_truths_stand_in_the_sql_themselves(self) -> None:
        odd = "o'brien 100 % of %s"

        @prepared
        def oddly_named(*, pk: int) -> Any:
            named = User.objects.filter(name_key=odd, pk__gte=pk)
            return named.annotate(is_odd=Value(value=True)).order_by("id")

        wanted = make_user(odd)
        make_user("o'brien")
        for _ in range(2):
            (found,) = oddly_named(pk=wanted.pk)
            assert found == wanted
            assert found.is_odd is True
        asked = oddly_named.counting(pk=wanted.pk)
        assert asked.params == (wanted.pk,)
        assert count_together([asked, asked]) == [1, 1]

    def test_numbers_beyond_the_column_find_nothing(self) -> None:
        @prepared
        def numbered(*, pk: int) -> Any:
            return User.objects.filter(pk=pk)

        ana = make_user("ana")
        for number in (2**63 - 1, 2**63, 2**70, -(2**70)):
            assert numbered(pk=number) == []
        assert numbered(pk=ana.pk) == [ana]

    def test_instants_of_any_zone(self) -> None:
        make_user("ana", created_at=NOW)
        later = NOW.astimezone(UTC) + timedelta(microseconds=1)
        assert [name for name, _ in since(False, moment=NOW)] == ["ana"]
        assert since(False, moment=later) == []


class TestShapes:
    def test_the_query_is_built_once_for_each(self) -> None:
        built = []

        @prepared
        def counted(order: str, /, *, pk: int) -> Any:
            built.append(order)
            return Team.objects.filter(pk=pk).order_by(order)

        for pk in range(5):
            counted("id", pk=pk)
            counted("name", pk=pk)
        assert built == ["id", "name"]

    def test_a_type_of_value_is_a_shape(self) -> None:
        with pytest.raises((ValueError, TypeError, ValidationError)):
            since(False, moment="not an instant")

    def test_a_value_that_is_no_parameter_is_refused(self) -> None:
        @prepared
        def holding(*, piece: str) -> Any:  # becomes %piece%, which is another value
            return Team.objects.filter(name__contains=piece)

        with pytest.raises(TypeError, match="piece"):
            holding(piece="a")

    def test_none_and_truth_are_no_values(self) -> None:
        for value in (None, True, 1.5):
            with pytest.raises(TypeError):
                flat(name=value)


@pytest.mark.django_db(transaction=True)
def test_threads_share_what_was_made() -> None:
    """Each has its own connection, and its own answer."""
    tokens = [make_user(f"u{n}") for n in range(8)]
    of_ids(ids=[tokens[0].pk])
    found: dict[int, list[Any]] = {}

    def ask(pk: int) -> None:
        try:
            found[pk] = [of_ids(ids=[pk])[0].pk for _ in range(20)]
        finally:
            connection.close()

    threads = [Thread(target=ask, args=(user.pk,)) for user in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {user.pk: [user.pk] * 20 for user in tokens}


class TestCounting:
    def test_several_are_counted_in_one_statement(self) -> None:
        for n in range(5):
            make_user(f"u{n}", created_at=NOW + timedelta(days=n))
        asked = [
            since.counting(False, moment=NOW + timedelta(days=3)),
            Counting.of(User.objects.none()),
            of_ids.counting(ids=[]),
            Counting.of(User.objects.values_list("pk")[:3]),
            flat.counting(name="u1"),
        ]
        with CaptureQueriesContext(connection) as seen:
            assert count_together(asked) == [2, 0, 0, 3, 1]
        assert len(seen) == 1

    def test_what_is_empty_asks_nothing(self) -> None:
        with CaptureQueriesContext(connection) as seen:
            assert count_together([of_ids.counting(ids=[])]) == [0]
            assert count_together([]) == []
        assert len(seen) == 0
