"""Ids that travel as one value: read back by the database as they were."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet

from veriga.common.ids import read_ids, written
from veriga.common.prepared import padded, prepared

from .tables import User, make_user

pytestmark = pytest.mark.django_db


@prepared
def _among(*, ids: str) -> QuerySet[User]:
    return User.objects.filter(pk__in=read_ids(ids)).order_by("id")


@pytest.mark.parametrize("number", [0, 1, 3])
def test_ids_are_found_in_any_number(number: int) -> None:
    people = [make_user(f"u{n}") for n in range(4)]
    wanted = [one.pk for one in people[:number]]
    assert [one.pk for one in _among(ids=written(wanted))] == wanted


def test_more_ids_than_a_statement_takes_values() -> None:
    user = make_user()
    assert _among(ids=written([*range(-70_000, 0), user.pk])) == [user]


@pytest.mark.parametrize("number", range(1, 40))
def test_padded_lists_hold_the_same_and_have_few_lengths(number: int) -> None:
    made = padded(list(range(number)))
    assert set(made) == set(range(number))
    assert len(made) in {1, 2, 4, 8, 16, 32, 64}
