"""What a record window shows of one activity besides its row.

Every function takes an activity that `get_activity` gave, so one that the actor sees,
and costs one statement unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from veriga.access.models import User
from veriga.access.rules import Actor
from veriga.activities.models import Activity, Change, Entry, Participant
from veriga.activities.rules.rights import Standing, can_read_confidential
from veriga.activities.rules.words import ChangeKind
from veriga.common.errors import NotFound
from veriga.common.prepared import prepared
from veriga.parties.models import Contact
from veriga.parties.queries import (
    as_at,
    people_at,
    seen_by,
    sight_of,
    visible_companies,
)

from .activities import get_activity, standing_of, visible_activities
from .rows import ActivityRow


@dataclass(frozen=True, slots=True)
class Telling:
    """What Povezave tells of a member beyond its row: who made it, how it begins."""

    created_by_id: int
    author_name: str
    text: str


def list_participants(activity: Activity) -> list[User]:
    """Return the colleagues who take part, in the order of their names."""
    return [part.user for part in list_parts(activity)]


def list_parts(activity: Activity) -> list[Participant]:
    """Return the same with the times set for them by hand."""
    return _participants(activity=activity.pk)


@prepared
def _participants(*, activity: int) -> QuerySet[Participant]:
    parts = Participant.objects.filter(activity_id=activity).select_related("user")
    return parts.order_by("user__name_key", "user_id")


def standing_with(activity: Activity, participants: Sequence[User]) -> Standing:
    """Return who has a say, of participants read already; no statement."""
    return Standing(
        owner_id=activity.owner_id,
        created_by_id=activity.created_by_id,
        account_owner_id=activity.company_owner_id,
        participant_ids=frozenset(user.pk for user in participants),
    )


def list_contacts_of(activity: Activity) -> list[Contact]:
    """Return the contacts who take part, by last name."""
    return as_at(activity.company_id, _contacts(activity=activity.pk))


@prepared
def _contacts(*, activity: int) -> QuerySet[Contact]:
    return Contact.objects.filter(activities=activity).order_by("name_key", "id")


def list_company_contacts(activity: Activity, *, limit: int) -> list[Contact]:
    """Return the first contacts of the activity's company, by last name."""
    return people_at(activity.company_id, limit=limit)


def list_changes_of(activity: Activity, *, limit: int = 100) -> list[Change]:
    """Return the changes to its links, marks and existence, newest first."""
    changes = Change.objects.filter(activity=activity).select_related("made_by")
    undone = changes.select_related("made_by", "undone_by")
    return list(undone.order_by("-made_at", "-id")[:limit])


def list_deleted(actor: Actor, *, since: datetime, limit: int = 200) -> list[Change]:
    """Return the deletions that the actor may undo, newest first.

    Their own, a manager those of everybody; of companies that they see.
    """
    changes = Change.objects.filter(
        kind=ChangeKind.DELETE,
        made_at__gte=since,
        undone_by__isnull=True,
        activity__deleted_at__isnull=False,
        company__in=visible_companies(actor),
    )
    if not actor.is_manager:
        changes = changes.filter(made_by_id=actor.user_id or 0)
    found = changes.select_related("made_by", "activity", "company")
    return list(found.order_by("-made_at", "-id")[:limit])


def get_change(actor: Actor, change_id: int) -> Change:
    """Return a change with its activity, deleted or not; or NotFound."""
    change = (
        Change.objects.filter(pk=change_id, company__in=visible_companies(actor))
        .select_related("activity")
        .first()
    )
    if change is None:
        raise NotFound(change=change_id)
    return change


def get_entry(actor: Actor, entry_id: int) -> Entry:
    """Return an entry that the actor may read, with its activity; or NotFound.

    Three statements.
    """
    entry = (
        Entry.objects.select_related("activity", "author").filter(pk=entry_id).first()
    )
    if entry is None or entry.activity.reference is None:
        raise NotFound
    activity = get_activity(actor, entry.activity.reference)
    if entry.is_confidential and not can_read_confidential(
        actor, standing_of(activity)
    ):
        raise NotFound
    return entry


def tell(
    actor: Actor, rows: Sequence[ActivityRow], *, length: int = 300
) -> dict[int, Telling]:
    """Return for each row who made it and how its first open entry begins."""
    sight, who = sight_of(actor)
    ids = [row.id for row in rows]
    found = _told(sight, ids=ids, **who) if ids else []
    return {
        pk: Telling(author_id, name, (text or "")[:length])
        for pk, author_id, name, text in found
    }


@prepared
def _told(
    sight: str, /, *, ids: list[int], **who: int
) -> QuerySet[Activity, tuple[Any, ...]]:
    first = (
        Entry.objects.filter(activity_id=OuterRef("pk"), is_confidential=False)
        .order_by("made_at", "id")
        .values("text")[:1]
    )
    return (
        visible_activities(seen_by(sight, **who))
        .filter(pk__in=ids)
        .annotate(first_text=Subquery(first))
        .values_list("id", "created_by_id", "created_by__name", "first_text")
    )
