"""Activities that somebody sees: all of them, and one by its reference."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from veriga.access.rules import Actor
from veriga.activities.models import Activity, DateMove
from veriga.activities.rules.references import read_reference
from veriga.activities.rules.rights import Standing
from veriga.common.errors import NotFound
from veriga.common.prepared import prepared
from veriga.parties.queries import activity_condition, seen_by, sight_of


def visible_activities(actor: Actor) -> QuerySet[Activity]:
    """Return the living activities of the companies that `actor` sees."""
    rows = Activity.objects.filter(deleted_at__isnull=True)
    condition = activity_condition(actor)
    return rows if condition is None else rows.filter(condition)


def get_activity(actor: Actor, reference: str) -> Activity:
    """Return one living activity with its company, people and chain.

    The reference forgives case and missing zeros. NotFound if there is none, or it is
    deleted, or the actor may not see it.
    """
    exact = read_reference(reference)
    sight, who = sight_of(actor)
    found = _by_reference(sight, reference=exact, **who) if exact else []
    if not found:
        raise NotFound(reference=reference)
    return found[0]


def get_activities(actor: Actor, references: Sequence[str]) -> list[Activity]:
    """Return what `get_activity` returns of each, in one statement."""
    exact = [read_reference(one) or "" for one in references]
    sight, who = sight_of(actor)
    rows = _by_references(sight, of=exact, **who)
    found = {one.reference: one for one in rows}
    for one, typed in zip(exact, references, strict=True):
        if one not in found:
            raise NotFound(reference=typed)
    return [found[one] for one in exact]


@prepared
def _by_references(
    sight: str, *, of: list[str], me: int = 0, team: int | None = None
) -> QuerySet[Activity]:
    return (
        visible_activities(seen_by(sight, me, team))
        .filter(reference__in=of)
        .select_related("company", "owner", "created_by", "chain", "product")
    )


@prepared
def _by_reference(
    sight: str, *, reference: str, me: int = 0, team: int | None = None
) -> QuerySet[Activity]:
    return (
        visible_activities(seen_by(sight, me, team))
        .filter(reference=reference)
        .select_related("company", "owner", "created_by", "chain", "product")
    )


def is_visible(actor: Actor, activity_id: int) -> bool:
    """Tell whether the activity is alive and the actor sees it."""
    # Asked of one row: "in all that are visible" would have the database list them.
    sight, who = sight_of(actor)
    return bool(_visible_ids(sight, pk=activity_id, **who))


@prepared
def _visible_ids(sight: str, /, *, pk: int, **who: int) -> QuerySet[Activity, int]:
    rows = visible_activities(seen_by(sight, **who)).filter(pk=pk)
    return rows.values_list("pk", flat=True)


def standing_of(activity: Activity) -> Standing:
    """Return who has a say in `activity`, in one statement."""
    return Standing(
        owner_id=activity.owner_id,
        created_by_id=activity.created_by_id,
        account_owner_id=activity.company_owner_id,
        participant_ids=frozenset(
            activity.participations.values_list("user_id", flat=True)
        ),
    )


@prepared
def _date_moves(*, activity: int) -> QuerySet[DateMove]:
    moves = DateMove.objects.filter(activity_id=activity).select_related("made_by")
    return moves.order_by("made_at", "id")


def list_date_moves(activity: Activity) -> list[DateMove]:
    """Return every move of a planned date of `activity`, oldest first.

    No statement for an activity that nobody has changed: a move raises its version.
    """
    if activity.row_version == 1:
        return []
    return _date_moves(activity=activity.pk)
