"""The engine for PostgreSQL: what it reads, and that it notices a lost connection."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection
from django.db.utils import DataError

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
