"""What undo refuses, case by case; the stateful test meets these too rarely."""

from __future__ import annotations

from datetime import timedelta

import pytest

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_user
from veriga.activities import services
from veriga.activities.models import Link
from veriga.activities.queries.checking import find_differences
from veriga.common.errors import Conflict, NotAllowed
from veriga.parties.tests.factories import make_company

from .factories import acting, make_activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja() -> User:
    return make_user(role=Role.SALES, scope=Scope.ALL)


@pytest.fixture
def names(maja: User) -> list[str]:
    """Three activities of one company, oldest first."""
    company = make_company(owner=maja)
    made = [make_activity(maja, company, days_ago=9 - n) for n in range(3)]
    return [activity.reference or "" for activity in made]


def link(user: User, follow_up: str, stimulus: str) -> services.Linked:
    return services.link_activities(
        context=acting(user), follow_up=follow_up, stimulus=stimulus
    )


def refusal(user: User, change: int, *, days_later: int = 0) -> str:
    """Return the code with which undo is refused; nothing may change."""
    before = set(Link.objects.values_list("pk", flat=True))
    context = acting(user, NOW + timedelta(days=days_later))
    with pytest.raises(Conflict) as raised:
        services.undo_change(context=context, change_id=change)
    assert set(Link.objects.values_list("pk", flat=True)) == before
    assert list(find_differences()) == []
    return raised.value.code


def test_a_restored_link_may_not_close_a_circle(maja: User, names: list[str]) -> None:
    first, second, third = names
    split = services.split_chain(
        context=acting(maja), link_id=link(maja, second, first).link.pk
    )
    link(maja, third, second)
    link(maja, first, third)  # now first follows second, over third
    assert refusal(maja, split.change.pk) == "undo_conflict"


def test_a_restored_link_may_not_repeat(maja: User, names: list[str]) -> None:
    first, second, _ = names
    split = services.split_chain(
        context=acting(maja), link_id=link(maja, second, first).link.pk
    )
    link(maja, first, second)
    assert refusal(maja, split.change.pk) == "undo_conflict"


def test_an_end_of_a_restored_link_may_not_be_deleted(
    maja: User, names: list[str]
) -> None:
    first, second, _ = names
    split = services.split_chain(
        context=acting(maja), link_id=link(maja, second, first).link.pk
    )
    services.delete_activity(context=acting(maja), reference=first)
    assert refusal(maja, split.change.pk) == "undo_conflict"


def test_an_added_link_may_not_be_gone(maja: User, names: list[str]) -> None:
    linked = link(maja, names[1], names[0])
    assert linked.change is not None
    services.split_chain(context=acting(maja), link_id=linked.link.pk)
    assert refusal(maja, linked.change.pk) == "undo_conflict"


def test_once_and_within_thirty_days(maja: User, names: list[str]) -> None:
    change = link(maja, names[1], names[0]).change
    assert change is not None
    assert refusal(maja, change.pk, days_later=31) == "undo_too_late"
    services.undo_change(context=acting(maja), change_id=change.pk)
    assert refusal(maja, change.pk) == "already_undone"


def test_only_its_maker_or_a_manager(maja: User, names: list[str]) -> None:
    change = link(maja, names[1], names[0]).change
    assert change is not None
    colleague = make_user(role=Role.SALES, scope=Scope.ALL)
    with pytest.raises(NotAllowed):
        services.undo_change(context=acting(colleague), change_id=change.pk)
    manager = make_user(role=Role.MANAGER, scope=Scope.ALL)
    undone = services.undo_change(context=acting(manager), change_id=change.pk)
    assert undone.undoes_id == change.pk
    assert not Link.objects.exists()
