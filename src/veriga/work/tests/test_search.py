"""What Ctrl+K finds."""

from __future__ import annotations

from typing import Any

import pytest

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.services import delete_activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company, make_contact
from veriga.work.queries import newest
from veriga.work.queries.search import EACH, Found, search

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team())


@pytest.fixture
def alpina(maja: User) -> Company:
    return make_company("Alpina", owner=maja)


def found(user: User, q: str) -> Found:
    return search(actor_of(user), q, now=NOW)


def test_a_reference_finds_that_one_alone(maja: User, alpina: Company) -> None:
    one = make_activity(maja, alpina, title="D-26-1 v naslovu")
    make_activity(maja, alpina, title="D-26-1 tudi tu")
    result = found(maja, "d-26-1")
    assert [row.reference for row in result.exact] == [one.reference]
    assert (result.companies, result.activities) == ([], [])


def test_an_old_number_finds_the_imported_record(maja: User, alpina: Company) -> None:
    one = make_activity(maja, alpina)
    other = make_activity(maja, alpina)
    Activity.objects.filter(pk=one.pk).update(source_reference="PON-17")
    Activity.objects.filter(pk=other.pk).update(source_reference=str(one.reference))
    assert [r.id for r in found(maja, "pon-17").exact] == [one.pk]
    assert [r.id for r in found(maja, str(one.reference)).exact] == [one.pk, other.pk]


def test_own_activities_come_first_and_are_few(maja: User, alpina: Company) -> None:
    colleague = make_user(team=maja.team)
    own = make_activity(maja, alpina, days_ago=90, title="Meritve linije")
    for day in range(7):
        make_activity(colleague, alpina, days_ago=day + 1, title="Meritve hitrosti")
    rows = found(maja, "meri").activities
    assert len(rows) == EACH
    assert rows[0].reference == own.reference


def test_what_is_rare_is_found_however_old(
    maja: User, alpina: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest, "RECENT", 2)
    newest._newest._made.clear()
    old = make_activity(maja, alpina, days_ago=30, title="Meritve")
    for day in range(3):
        make_activity(maja, alpina, days_ago=day + 1, title="Drugo")
    rows = found(maja, "meritve").activities
    newest._newest._made.clear()
    assert [row.id for row in rows] == [old.pk]


def test_nothing_typed_offers_the_own_newest(maja: User, alpina: Company) -> None:
    past = make_activity(maja, alpina)
    make_activity(maja, alpina, days_ago=-5)
    make_activity(make_user(team=maja.team), alpina)
    assert [r.reference for r in found(maja, "").activities] == [past.reference]


def test_what_is_not_visible_is_not_found(maja: User, alpina: Company) -> None:
    one = make_activity(maja, alpina, title="Meritve")
    Activity.objects.update(source_reference="PON-17")
    make_contact(alpina, last_name="Meritnik")
    stranger = make_user(team=make_team())
    for q in ("meri", "alpina", "pon-17", str(one.reference), ""):
        assert found(stranger, q) == Found()


@pytest.mark.parametrize(
    "q",
    [
        *("\x00", "%", "_", "'", "😀", "ž" * 500, "\ud800", "²½ ﬀ", "नमस्ते", "İı"),
        *("a'b:*|&!(", '"or" AND NOT', "near(a b)", "+386", "- - -", "a" * 300),
    ],
)
def test_any_text_may_be_typed(
    maja: User, alpina: Company, q: str, django_assert_max_num_queries: Any
) -> None:
    make_activity(maja, alpina)
    with django_assert_max_num_queries(12):
        assert found(maja, q).exact == []


def test_what_was_saved_a_moment_ago_is_found_among_the_newest(
    maja: User, alpina: Company
) -> None:
    """The newest are kept from one keystroke to the next, until anything changes."""
    for _ in range(EACH + 2):
        make_activity(maja, alpina, days_ago=2, title="Meritve linije")
    assert len(found(maja, "meri").activities) == EACH
    fresh = make_activity(maja, alpina, days_ago=1, title="Meritve hitrosti")
    assert found(maja, "merit").activities[0].reference == fresh.reference
    delete_activity(context=acting(maja), reference=fresh.reference)
    assert fresh.id not in [row.id for row in found(maja, "meritv").activities]
