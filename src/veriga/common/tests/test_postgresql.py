"""The engine for PostgreSQL: what it reads, and that it notices a lost connection."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.utils import DataError

from veriga.common.prepared import prepared

from .tables import NOW, User, make_user

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


class TestInstants:
    @pytest.mark.parametrize(
        "instant",
        [
            NOW,
            NOW + timedelta(microseconds=1),
            datetime(1, 1, 1, tzinfo=UTC),
            datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            datetime(1883, 11, 18, 12, 3, 58, tzinfo=UTC),  # odd zones of old
        ],
    )
    def test_come_back_as_they_went(self, instant: datetime) -> None:
        user = make_user(created_at=instant)
        read = User.objects.get(pk=user.pk).created_at
        assert (read, read.utcoffset()) == (instant, timedelta(0))

    def test_what_python_cannot_hold_is_an_error(self) -> None:
        with connection.cursor() as cursor, pytest.raises(DataError):
            cursor.execute("SELECT 'infinity'::timestamptz")
            cursor.fetchall()


class TestLostConnection:
    def test_is_noticed_and_replaced(self) -> None:
        make_user("ana")
        connection.ensure_connection()
        assert connection.is_usable()
        pid = connection.connection.info.backend_pid
        settings = connection.get_connection_params()
        names = ("dbname", "user", "password", "host", "port")
        with psycopg.connect(
            **{n: settings[n] for n in names if settings.get(n)}, autocommit=True
        ) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert not connection.is_usable()
        connection.health_check_enabled = True
        connection.health_check_done = False
        assert User.objects.filter(name_key="ana").exists()
        assert connection.connection.info.backend_pid != pid


@prepared
def _named(*, key: str) -> QuerySet[User]:
    return User.objects.filter(name_key=key)


def _planning() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        return str(cursor.fetchone()[0])


class TestPlanning:
    def test_a_prepared_query_is_planned_once_for_all_values(self) -> None:
        make_user("ana")
        for turn in range(12):
            assert len(_named(key="ana")) == 1
            assert _named(key=f"ana {turn}") == []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
                " WHERE statement LIKE '%name_key%' AND generic_plans > 0"
            )
            assert [custom for _generic, custom in cursor.fetchall()] == [0]

    def test_everything_else_is_planned_by_its_values(self) -> None:
        _named(key="ana")
        assert _planning() == "force_custom_plan"

    def test_a_transaction_begins_as_the_server_would_have_it(self) -> None:
        _named(key="ana")
        with transaction.atomic():
            _named(key="ana")
            assert _planning() == "auto"
        _named(key="ana")
        assert _planning() == "force_custom_plan"

    def test_what_fails_leaves_no_trace(self) -> None:
        with pytest.raises(ZeroDivisionError), connection.one_plan():
            raise ZeroDivisionError
        assert _planning() == "force_custom_plan"
