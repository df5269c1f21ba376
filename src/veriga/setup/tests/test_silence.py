"""The firm's own limits of silence: who sets them, and what is refused."""

from __future__ import annotations

import pytest

from veriga.access.rules import Role
from veriga.access.tests.factories import acting, make_user
from veriga.common.errors import Invalid, NotAllowed
from veriga.history.models import Record
from veriga.setup.models import EventType
from veriga.setup.queries import find_entry
from veriga.setup.services import install_code_lists, set_silence_limits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _lists() -> None:
    install_code_lists()


def days_of(code: str) -> int | None:
    entry = find_entry(EventType, code)
    assert entry is not None
    return entry.silence_days


def test_a_manager_sets_and_takes_away() -> None:
    manager = acting(make_user(role=Role.MANAGER))
    assert set_silence_limits(context=manager, limits={"visit": 15, "call": 5}) == 2
    assert (days_of("visit"), days_of("call"), days_of("email")) == (15, 5, None)
    assert set_silence_limits(context=manager, limits={"visit": 15, "call": None}) == 1
    assert (days_of("visit"), days_of("call")) == (15, None)
    changes = [record.changes for record in Record.objects.order_by("id")]
    assert changes[-1] == {"call.silence_days": [5, None]}


@pytest.mark.parametrize("role", [Role.SALES, Role.READER])
def test_nobody_else_does(role: Role) -> None:
    with pytest.raises(NotAllowed):
        set_silence_limits(context=acting(make_user(role=role)), limits={"visit": 5})
    assert days_of("visit") is None


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"visit": 0}, "between"),
        ({"visit": 251}, "between"),
        ({"visit": "5"}, "wrong_type"),
        ({"visit": True}, "wrong_type"),
        ({"flight": 5}, "unknown_choice"),
    ],
)
def test_bad_limits_change_nothing(limits, code) -> None:
    manager = acting(make_user(role=Role.MANAGER))
    with pytest.raises(Invalid) as raised:
        set_silence_limits(context=manager, limits={"call": 9, **limits})
    (error,) = raised.value.errors
    assert (error.field, error.code) == (next(iter(limits)), code)
    assert days_of("call") is None
