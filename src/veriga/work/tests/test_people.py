"""A user's new name or team reaches their companies and activities."""

from __future__ import annotations

import pytest

from veriga.access.queries import actor_of
from veriga.access.tests.factories import (
    acting,
    make_administrator,
    make_team,
    make_user,
)
from veriga.activities.models import Activity
from veriga.activities.tests.factories import make_activity
from veriga.common.errors import NotAllowed, NotFound
from veriga.parties.queries import activity_condition, visible_companies
from veriga.parties.tests.factories import make_company
from veriga.work.services.people import update_own_profile, update_user

pytestmark = pytest.mark.django_db


class TestUpdateUser:
    def test_a_new_team_takes_companies_and_activities_along(self) -> None:
        old, new = make_team(), make_team()
        user = make_user(team=old)
        left, gained = make_user(team=old), make_user(team=new)
        company = make_company(owner=user)
        other = make_company(owner=left)
        moved = make_activity(user, company)
        stays = make_activity(left, other)
        update_user(
            context=acting(make_administrator()), user_id=user.pk, team_id=new.pk
        )
        company.refresh_from_db()
        assert company.team == new
        moved.refresh_from_db()
        stays.refresh_from_db()
        assert (moved.company_team_id, stays.company_team_id) == (new.pk, old.pk)
        for viewer, seen in ((left, {other}), (gained, {company})):
            actor = actor_of(viewer)
            assert set(visible_companies(actor)) == seen
            rows = Activity.objects.filter(activity_condition(actor))
            assert {row.company for row in rows} == seen

    def test_a_new_name_reaches_the_order_of_activities(self) -> None:
        team = make_team()
        user, other = make_user("Žan", team=team), make_user("Ana", team=team)
        company = make_company(owner=user)
        mine = make_activity(user, company)
        theirs = make_activity(user, company, owner=other.email)
        update_user(context=acting(make_administrator()), user_id=user.pk, name="Črt")
        mine.refresh_from_db()
        theirs.refresh_from_db()
        assert (mine.owner_key, theirs.owner_key) == ("c~rt", "ana")

    def test_nobody_else_may(self) -> None:
        user = make_user(team=make_team())
        with pytest.raises(NotAllowed):
            update_user(context=acting(user), user_id=user.pk, team_id=None)

    def test_an_unknown_user_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            update_user(context=acting(make_administrator()), user_id=0, name="X")


class TestOwnProfile:
    def test_a_new_name_reaches_the_order_of_activities(self) -> None:
        user = make_user("Žan")
        activity = make_activity(user, make_company(owner=user))
        update_own_profile(context=acting(user), name="Bor", theme="dark")
        activity.refresh_from_db()
        assert activity.owner_key == "bor"
        user.refresh_from_db()
        assert (user.name, user.theme) == ("Bor", "dark")

    def test_other_changes_touch_no_activity(self) -> None:
        user = make_user("Žan")
        update_own_profile(context=acting(user), language="en")
        user.refresh_from_db()
        assert (user.name, user.language) == ("Žan", "en")
