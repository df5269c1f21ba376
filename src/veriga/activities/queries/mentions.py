"""Who is mentioned in an entry, and who of them may know of it."""

from __future__ import annotations

from dataclasses import dataclass

from veriga.access.models import User
from veriga.access.queries import actor_of, user_names, users_by_id
from veriga.access.rules import Actor
from veriga.activities.models import Activity, Entry
from veriga.activities.rules.mentions import find_mentions
from veriga.activities.rules.rights import can_read_confidential
from veriga.parties.queries import pairs_that_see

from .activities import standing_of


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Who is told of an entry, who is not because they may not read it, and beginnings
    of names that several users have."""

    told: tuple[User, ...] = ()
    untold: tuple[User, ...] = ()
    unclear: tuple[str, ...] = ()


def mentioned_in(actor: Actor, activity: Activity, entry: Entry) -> Mentioned:
    """Return whom the text of an entry mentions; no statement without an `@`.

    The actor may read the entry. Whoever wrote it is not told.
    """
    if "@" not in entry.text:
        return Mentioned()
    found = find_mentions(entry.text, user_names(actor))
    users = users_by_id(pk for pk in found.user_ids if pk != entry.author_id)
    seen = pairs_that_see((user, activity.company) for user in users.values())
    standing = standing_of(activity) if entry.is_confidential and users else None
    told: list[User] = []
    untold: list[User] = []
    for user in (users[pk] for pk in found.user_ids if pk in users):
        may_read = (user.pk, activity.company_id) in seen and (
            not entry.is_confidential
            or (standing and can_read_confidential(actor_of(user), standing))
        )
        (told if may_read else untold).append(user)
    return Mentioned(tuple(told), tuple(untold), found.unclear)


def first_entry(actor: Actor, activity: Activity) -> Entry | None:
    """Return the first text that the actor has written on an activity."""
    own = Entry.objects.filter(activity=activity, author_id=actor.user_id)
    return own.select_related("activity__company").order_by("made_at", "id").first()
