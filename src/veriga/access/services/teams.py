"""Making and renaming teams."""

from __future__ import annotations

from veriga.access.models import Team
from veriga.access.rules import Context
from veriga.common.checks import clean_text
from veriga.common.errors import FieldError, NotAllowed, Problems
from veriga.common.rows import check_version, constraint_errors, lock_row, set_changed
from veriga.common.text import fold
from veriga.common.transactions import write
from veriga.history.services import note_change

NAME_LENGTH = 80
NAME_TAKEN = FieldError("name", "name_taken")
CONSTRAINTS = {"access_team.name": NAME_TAKEN, "access_team_name": NAME_TAKEN}


@write
def create_team(*, context: Context, name: str) -> Team:
    """Return a new team. Administrators only; code name_taken."""
    _require_administrator(context)
    name = _clean_name(name, None)
    with constraint_errors(CONSTRAINTS):
        team = Team.objects.create(name=name)
    note_change(context, "team", team.pk, "create", {"name": (None, name)})
    return team


@write
def rename_team(
    *, context: Context, team_id: int, name: str, expected_version: int | None = None
) -> Team:
    """Return the team under its new name. Administrators only; code name_taken."""
    _require_administrator(context)
    team = lock_row(Team.objects.all(), team_id)
    check_version(team, expected_version)
    changes = set_changed(team, {"name": _clean_name(name, team_id)})
    if changes:
        team.row_version += 1
        with constraint_errors(CONSTRAINTS):
            team.save(update_fields=["name", "row_version"])
        note_change(context, "team", team.pk, "update", changes)
    return team


def _require_administrator(context: Context) -> None:
    if not context.actor.is_administrator:
        raise NotAllowed


def _clean_name(name: object, team_id: int | None) -> str:
    problems = Problems()
    cleaned = clean_text(problems, "name", name, limit=NAME_LENGTH, required=True)
    others = Team.objects.exclude(pk=team_id or 0).values_list("name", flat=True)
    if cleaned and fold(cleaned) in {fold(other) for other in others}:
        problems.add("name", "name_taken")
    problems.raise_if_any()
    return cleaned
