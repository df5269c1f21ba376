"""Changing one stored row."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from veriga.common.errors import Conflict, FieldError, Invalid, NotFound
from veriga.common.rows import check_version, constraint_errors, lock_row, set_changed

from .tables import Team, make_team

pytestmark = pytest.mark.django_db


class TestLockRow:
    @pytest.mark.parametrize("to_delete", [False, True])
    def test_it_is_found_or_not(self, to_delete: bool) -> None:
        team = make_team()
        assert lock_row(Team.objects.all(), team.pk, to_delete=to_delete) == team
        for rows, pk in ((Team.objects.all(), 0), (Team.objects.none(), team.pk)):
            with pytest.raises(NotFound):
                lock_row(rows, pk, to_delete=to_delete)


class TestCheckVersion:
    def test_the_expected_one_or_none_passes(self) -> None:
        team = make_team()
        check_version(team, 1)
        check_version(team, None)
        with pytest.raises(Conflict) as error:
            check_version(team, 2)
        assert error.value.code == "stale"


class TestSetChanged:
    def test_old_and_new_of_what_differs(self) -> None:
        team = Team(name="Zahod")
        assert set_changed(team, {"name": "Vzhod", "row_version": 1}) == {
            "name": ("Zahod", "Vzhod")
        }
        assert team.name == "Vzhod"


class TestConstraintErrors:
    def test_a_known_constraint_becomes_its_error(self) -> None:
        make_team("Zahod")
        errors = {
            "access_team.name": FieldError("name", "name_taken"),
            "access_team_name": FieldError("name", "name_taken"),
        }
        with pytest.raises(Invalid) as error, constraint_errors(errors):
            make_team("Zahod")
        assert error.value.errors[0].field == "name"
        assert Team.objects.count() == 1  # the transaction goes on

    def test_any_other_stays_what_it_is(self) -> None:
        make_team("Zahod")
        with pytest.raises(IntegrityError), constraint_errors({}):
            make_team("Zahod")
