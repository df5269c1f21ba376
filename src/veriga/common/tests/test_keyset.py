"""Paging by keys: every row once, in order, whatever the page size."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from veriga.common.errors import Invalid
from veriga.common.keyset import Order, read_cursor, take_page, write_cursor
from veriga.common.parts import first_of_parts

from .tables import NOW, Token, User, make_user

pytestmark = pytest.mark.django_db

BY_NAME = Order("name", ("name_key", "id"))
NEWEST = Order("newest", ("created_at", "id"), descending=True)
LAST_USED = Order("used", ("last_used_at", "id"), nullable=True)
LAST_USED_DOWN = Order("-used", ("last_used_at", "id"), descending=True, nullable=True)

# The rows of each example are rolled back by hand: one test, many examples.
many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def all_pages(rows, order: Order, limit: int) -> list:  # type: ignore[no-untyped-def]
    found, cursor = [], None
    while True:
        page = take_page(rows, order, limit=limit, cursor=cursor)
        assert len(page.rows) <= limit
        found += page.rows
        if page.next is None:
            return found
        assert len(page.rows) == limit
        cursor = page.next


@many
@given(
    keys=st.lists(st.sampled_from(["ana", "bor", "c~a", "žž"]), max_size=12),
    limit=st.integers(1, 14),
    down=st.booleans(),
)
def test_every_row_comes_once_and_in_order(keys, limit, down) -> None:  # type: ignore[no-untyped-def]
    User.objects.all().delete()
    for key in keys:
        make_user(name_key=key, created_at=NOW + timedelta(hours=len(key)))
    order = NEWEST if down else BY_NAME
    rows = all_pages(User.objects.all(), order, limit)
    assert len({row.pk for row in rows}) == len(rows) == len(keys)
    values = [tuple(getattr(row, c) for c in order.columns) for row in rows]
    assert values == sorted(values, reverse=down)


@many
@given(
    hours=st.lists(st.none() | st.integers(0, 3), max_size=10),
    limit=st.integers(1, 11),
    order=st.sampled_from([LAST_USED, LAST_USED_DOWN]),
)
def test_nulls_come_last_either_way(hours, limit, order) -> None:  # type: ignore[no-untyped-def]
    User.objects.all().delete()
    user = make_user()
    for number, hour in enumerate(hours):
        used = None if hour is None else NOW + timedelta(hours=hour)
        Token.objects.create(
            user=user, name="t", token_hash=number, created_at=NOW, last_used_at=used
        )
    rows = all_pages(Token.objects.all(), order, limit)
    assert len({row.pk for row in rows}) == len(hours)
    there = [row.last_used_at for row in rows]
    known = [at for at in there if at is not None]
    assert there == known + [None] * (len(there) - len(known))
    assert known == sorted(known, reverse=order.descending)


@many
@given(
    users=st.lists(
        st.tuples(st.sampled_from("abc"), st.booleans(), st.booleans()), max_size=10
    ),
    limit=st.integers(1, 11),
    down=st.booleans(),
)
def test_parts_give_what_one_condition_gives(users, limit, down) -> None:  # type: ignore[no-untyped-def]
    User.objects.all().delete()
    for key, is_active, is_english in users:
        user = make_user(key, NOW + timedelta(hours=ord(key)))
        user.is_active, user.language = is_active, "en" if is_english else "sl"
        user.save()
    order = NEWEST if down else BY_NAME
    parts = [Q(is_active=True), Q(language="en"), Q(name_key="zzz")]
    rows = User.objects.select_related("team")
    wanted = all_pages(rows.filter(parts[0] | parts[1]), order, limit)
    found, cursor = [], None
    while True:
        values = read_cursor(order, cursor) if cursor else ()
        some = first_of_parts(rows, parts, order, limit=limit, values=values)
        page = take_page(some, order, limit=limit, cursor=cursor)
        found += page.rows
        cursor = page.next
        if cursor is None:
            break
    assert found == wanted
    assert first_of_parts(rows, None, order, limit=limit, values=()) is rows


class TestCursor:
    def test_it_carries_instants(self) -> None:
        user = User(pk=7, created_at=datetime(2026, 3, 2, 8, 30, tzinfo=UTC))
        cursor = write_cursor(NEWEST, user)
        assert read_cursor(NEWEST, cursor) == [user.created_at, 7]

    @pytest.mark.parametrize(
        "content",
        [["-name", "a", 1], ["name", "a"], ["name", "a", 1.5], ["name", ["a"], 1], "x"],
    )
    def test_one_of_another_list_is_refused(self, content: object) -> None:
        text = base64.urlsafe_b64encode(json.dumps(content).encode()).decode()
        with pytest.raises(Invalid) as error:
            read_cursor(BY_NAME, text.rstrip("="))
        assert error.value.code == "bad_cursor"

    @pytest.mark.parametrize(
        ("order", "values"),
        [
            (BY_NAME, ["a", "b"]),  # a number is wanted
            (NEWEST, ["yesterday", 1]),  # an instant is wanted
            (NEWEST, [True, 1]),
            (BY_NAME, ["\0", 1]),  # PostgreSQL stores no such text
            (BY_NAME, ["\ud8ff", 1]),  # and nobody this one
        ],
    )
    def test_values_of_another_type_are_refused(
        self, order: Order, values: list[object]
    ) -> None:
        text = json.dumps([order.name, *values])
        cursor = base64.urlsafe_b64encode(text.encode()).decode()
        with pytest.raises(Invalid) as error:
            take_page(User.objects.all(), order, limit=5, cursor=cursor)
        assert error.value.code == "bad_cursor"
        with pytest.raises(Invalid):
            first_of_parts(
                User.objects.all(),
                [Q()],
                order,
                limit=5,
                values=read_cursor(order, cursor),
            )

    def test_a_deep_one_is_refused(self) -> None:
        cursor = base64.urlsafe_b64encode(b"[" * 3_000).decode()
        with pytest.raises(Invalid):
            read_cursor(BY_NAME, cursor)

    @pytest.mark.parametrize("cursor", ["č", "%%%", "eyJ", "AAAA", "bnVsbA"])
    def test_nonsense_is_refused(self, cursor: str) -> None:
        with pytest.raises(Invalid):
            read_cursor(BY_NAME, cursor)

    @given(st.text(max_size=40))
    def test_any_text_is_read_or_refused(self, cursor: str) -> None:
        try:
            read_cursor(BY_NAME, cursor)
        except Invalid as error:
            assert error.code == "bad_cursor"

    @pytest.mark.parametrize(
        "value",
        [{"t": "2026-03-02T09:00:00"}, {"t": 5}, {"x": 1}, {}],
    )
    def test_an_instant_must_be_one(self, value: object) -> None:
        content = json.dumps(["newest", value, 1]).encode()
        with pytest.raises(Invalid):
            read_cursor(NEWEST, base64.urlsafe_b64encode(content).decode())
