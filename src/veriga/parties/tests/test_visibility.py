"""Who sees which company: every scope against every reason to see one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Actor, Role, Scope, system
from veriga.access.tests.factories import make_team, make_user
from veriga.common.errors import NotFound
from veriga.parties.models import Company, CompanyKind
from veriga.parties.queries import (
    activity_condition,
    can_see,
    company_condition,
    get_company,
    get_contact,
    list_shares,
    pairs_that_see,
    visible_companies,
    visible_contacts,
)

from .factories import make_company, make_contact, make_own_firm, make_share

pytestmark = pytest.mark.django_db

SEEN = {
    Scope.ALL: {"mine", "team", "other", "shared", "nobody", "Interno"},
    Scope.TEAM: {"mine", "team", "shared", "Interno"},
    Scope.OWN: {"mine", "shared", "Interno"},
}


@pytest.fixture
def world() -> Any:
    """One company for each reason to see it or not."""
    team, other_team = make_team(), make_team()
    colleague = make_user(team=team)
    stranger = make_user(team=other_team)

    def populate(user: User) -> SimpleNamespace:
        companies = {
            "mine": make_company("mine", owner=user),
            "team": make_company("team", owner=colleague),
            "other": make_company("other", owner=stranger),
            "shared": make_company("shared", owner=stranger),
            "nobody": make_company("nobody"),
            "Interno": make_own_firm(),
        }
        make_share(companies["shared"], user)
        make_share(companies["other"], colleague)
        return SimpleNamespace(**companies)

    return SimpleNamespace(team=team, populate=populate)


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("role", [Role.MANAGER, Role.SALES, Role.READER])
class TestScopes:
    def test_companies(self, world: Any, role: Role, scope: Scope) -> None:
        user = make_user(role=role, scope=scope, team=world.team)
        world.populate(user)
        actor = actor_of(user)
        seen = {company.name for company in visible_companies(actor)}
        assert seen == SEEN[scope]
        for company in Company.objects.all():
            assert can_see(user, company) == (company.name in seen)
            if company.name in seen:
                assert get_company(actor, company.pk) == company
            else:
                with pytest.raises(NotFound):
                    get_company(actor, company.pk)

    def test_contacts(self, world: Any, role: Role, scope: Scope) -> None:
        user = make_user(role=role, scope=scope, team=world.team)
        world.populate(user)
        for company in Company.objects.all():
            make_contact(company, last_name=company.name)
        actor = actor_of(user)
        seen = {contact.company.name for contact in visible_contacts(actor)}
        assert seen == SEEN[scope]
        hidden = set(Company.objects.values_list("name", flat=True)) - seen
        for contact in visible_contacts(system("test")):
            if contact.last_name in hidden:
                with pytest.raises(NotFound):
                    get_contact(actor, contact.pk)

    def test_activities(self, world: Any, role: Role, scope: Scope) -> None:
        user = make_user(role=role, scope=scope, team=world.team)
        world.populate(user)
        # A table of a higher room, asked for by name: only its columns matter here.
        activity = apps.get_model("activities", "Activity")
        chain = apps.get_model("activities", "Chain")
        for company in Company.objects.all():
            activity.objects.create(
                company=company,
                chain=chain.objects.create(company=company),
                title=company.name,
                owner=user,
                created_by=user,
                recorded_at=company.created_at,
                date=company.created_at,
                company_team_id=company.team_id,
                company_owner_id=company.account_owner_id,
            )
        condition = activity_condition(actor_of(user)) or Q()
        rows = activity.objects.filter(condition)
        assert {row.title for row in rows} == SEEN[scope]


def test_many_pairs_are_asked_for_at_once(
    world: Any, django_assert_num_queries: Any
) -> None:
    users = [
        make_user(scope=scope, team=world.team, may_see_persons=may)
        for scope in Scope
        for may in (False, True)
    ]
    world.populate(users[0])
    person = make_company(owner=users[0], kind=CompanyKind.NATURAL_PERSON)
    make_share(person, users[3])
    companies = list(Company.objects.all())
    pairs = [(user, company) for user in users for company in companies]
    with django_assert_num_queries(1):
        seen = pairs_that_see(pairs)
    visible = {
        (user.pk, company.pk)
        for user in users
        for company in visible_companies(actor_of(user))
    }
    assert seen == visible
    with django_assert_num_queries(0):
        assert pairs_that_see([]) == set()


class TestSpecialActors:
    def test_the_system_sees_everything(self) -> None:
        make_company("other", owner=make_user())
        assert visible_companies(system("check")).count() == 1
        assert company_condition(system("check")) is None
        assert activity_condition(system("check")) is None

    def test_a_system_of_narrow_scope_sees_everything_too(self) -> None:
        actor = Actor(None, "mail", Role.SALES, Scope.OWN)
        assert company_condition(actor) is None
        assert activity_condition(actor) is None

    def test_without_a_team_there_is_no_team_to_see(self) -> None:
        make_company("of nobody")
        user = make_user(scope=Scope.TEAM, team=None)
        assert not visible_companies(actor_of(user)).exists()
        assert not can_see(user, make_company())


class TestShares:
    def test_they_are_listed_by_name(self, django_assert_num_queries: Any) -> None:
        owner = make_user()
        company = make_company(owner=owner)
        for name in ("Žan", "Čarna"):
            make_share(company, make_user(name))
        with django_assert_num_queries(2):
            shares = list_shares(actor_of(owner), company.pk)
            assert [share.user.name for share in shares] == ["Čarna", "Žan"]

    def test_those_of_an_invisible_company_are_not_found(self) -> None:
        with pytest.raises(NotFound):
            list_shares(actor_of(make_user()), make_company().pk)
