"""Teams."""

from __future__ import annotations

import pytest

from veriga.access.models import Team
from veriga.access.queries import actor_of, get_team, list_teams
from veriga.access.rules import Role
from veriga.access.services import create_team, rename_team
from veriga.access.services.teams import CONSTRAINTS
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.common.rows import constraint_errors

from .factories import acting, make_administrator, make_team, make_user

pytestmark = pytest.mark.django_db


class TestCreateTeam:
    def test_it_works(self) -> None:
        team = create_team(context=acting(make_administrator()), name=" Prodaja  SI ")
        assert Team.objects.get(pk=team.pk).name == "Prodaja SI"

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("", "required"),
            ("x" * 81, "too_long"),
            ("a\tb", "control_characters"),
            ("PRODAJA ZAHOD", "name_taken"),
        ],
    )
    def test_bad_input_is_refused(self, name: str, code: str) -> None:
        make_team("Prodaja zahod")
        with pytest.raises(Invalid) as error:
            create_team(context=acting(make_administrator()), name=name)
        assert [(e.field, e.code) for e in error.value.errors] == [("name", code)]

    def test_nobody_else_may(self) -> None:
        with pytest.raises(NotAllowed):
            create_team(context=acting(make_user(role=Role.MANAGER)), name="X")

    def test_the_database_has_the_last_word_on_names(self) -> None:
        make_team("Izvoz")
        with pytest.raises(Invalid) as error, constraint_errors(CONSTRAINTS):
            make_team("Izvoz")
        assert error.value.code == "name_taken"


class TestRenameTeam:
    def test_it_works(self) -> None:
        context, team = acting(make_administrator()), make_team("Zahod")
        rename_team(context=context, team_id=team.pk, name="zahod", expected_version=1)
        team.refresh_from_db()
        assert (team.name, team.row_version) == ("zahod", 2)

    def test_the_same_name_changes_nothing(self) -> None:
        context, team = acting(make_administrator()), make_team("Zahod")
        assert (
            rename_team(context=context, team_id=team.pk, name="Zahod").row_version == 1
        )

    def test_a_stale_form_is_refused(self) -> None:
        context, team = acting(make_administrator()), make_team()
        with pytest.raises(Conflict):
            rename_team(context=context, team_id=team.pk, name="X", expected_version=2)

    def test_anothers_name_is_refused(self) -> None:
        context, team = acting(make_administrator()), make_team()
        make_team("Vzhod")
        with pytest.raises(Invalid):
            rename_team(context=context, team_id=team.pk, name="vzhod")

    def test_an_unknown_team_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            rename_team(context=acting(make_administrator()), team_id=0, name="X")

    def test_nobody_else_may(self) -> None:
        with pytest.raises(NotAllowed):
            rename_team(context=acting(make_user()), team_id=make_team().pk, name="X")


class TestQueries:
    def test_teams_come_in_slovenian_order(self) -> None:
        for name in ("Žalec", "Zagorje", "Čatež"):
            make_team(name)
        names = [team.name for team in list_teams(actor_of(make_user()))]
        assert names == ["Čatež", "Zagorje", "Žalec"]

    def test_get_team(self) -> None:
        team = make_team()
        assert get_team(actor_of(make_user()), team.pk) == team
        with pytest.raises(NotFound):
            get_team(actor_of(make_user()), 0)
