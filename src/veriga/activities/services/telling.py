"""Telling users of mentions and of what is theirs now; telling rules what happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from veriga.access.models import User
from veriga.access.rules import Context, Source
from veriga.activities.models import Activity, Entry
from veriga.activities.queries.mentions import mentioned_in
from veriga.setup.happenings import Happening, What, happened
from veriga.setup.models import Letter, Notice
from veriga.setup.notices import wishes_of
from veriga.setup.rules import Wish
from veriga.setup.services import tell

MENTIONED: Final = "mentioned"
OWNER: Final = "assigned"
PARTICIPANT: Final = "taking_part"
# What is loaded by thousands is told to nobody.
BY_PEOPLE: Final = frozenset({Source.FORM, Source.API})


def tell_mentioned(
    context: Context, activity: Activity, entry: Entry, *, but: Collection[int] = ()
) -> None:
    """Tell who is mentioned in an entry and may read it, without the users in `but`.

    Part of the service that writes the text, once the activity has its reference.
    """
    if "@" not in entry.text or context.source not in BY_PEOPLE:
        return
    told = mentioned_in(context.actor, activity, entry).told
    users = [user.pk for user in told if user.pk not in but]
    _tell(context, activity, users, MENTIONED, {"entry_id": entry.pk})


def tell_assigned(
    context: Context,
    activity: Activity,
    owner: User | None,
    participants: Iterable[User] = (),
) -> None:
    """Tell a new owner and new participants of an open activity, not the actor.

    They see the company, or could not have been chosen. Part of the service that
    chooses them, once the activity has its reference.
    """
    if activity.done_at is not None or context.source not in BY_PEOPLE:
        return
    owners = [owner.pk] if owner else []
    _tell(context, activity, owners, OWNER, {})
    others = [user.pk for user in participants if user.pk not in owners]
    _tell(context, activity, others, PARTICIPANT, {})


def tell_made(context: Context, activity: Activity, *, by: int | None) -> None:
    """Tell the owner that the program has made an open activity for them.

    Not `by` whose own act it was made: they see what came of it. Part of the service
    that makes it, once it has its reference.
    """
    if activity.done_at is None and activity.owner_id != by:
        _tell(context, activity, [activity.owner_id], OWNER, {})


@dataclass(frozen=True, slots=True)
class People:
    """Whose an activity was, and who took part, None if that is not to change."""

    owner_id: int
    participant_ids: frozenset[int] | None


def people_before(activity: Activity, changes: Collection[str]) -> People:
    """Return who had to do with an activity before `changes`, by their names."""
    parts = None
    if "participants" in changes:
        rows = activity.participations.all()
        parts = frozenset(rows.values_list("user_id", flat=True))
    return People(activity.owner_id, parts)


def tell_new_people(context: Context, activity: Activity, before: People) -> None:
    """Tell who has become owner or participant of an activity since `before`."""
    owner = activity.owner if activity.owner_id != before.owner_id else None
    new: list[User] = []
    if before.participant_ids is not None:
        new = list(activity.participants.exclude(pk__in=before.participant_ids))
    if owner or new:
        tell_assigned(context, activity, owner, new)


def _tell(
    context: Context,
    activity: Activity,
    user_ids: Iterable[int],
    kind: str,
    more: dict[str, Any],
) -> None:
    ids = [pk for pk in user_ids if pk != context.actor.user_id]
    if not ids:
        return
    wishes = wishes_of(ids)
    params = {**about(activity), "who": context.actor.name, **more}
    for user_id in ids:
        if kind == MENTIONED or not _count_another(context, user_id, kind):
            tell(
                context=context,
                wish=Wish.MENTION,
                wishes=wishes[user_id],
                kind=kind,
                params=params,
            )


def about(activity: Activity) -> dict[str, Any]:
    """Return what every notice about an activity says of it."""
    return {
        "company_id": activity.company_id,
        "company": activity.company.name,
        "reference": activity.reference,
        "title": activity.title,
    }


def _count_another(context: Context, user_id: int, kind: str) -> bool:
    """Add to what the same act has told already: a series is one notice, not fifty."""
    same = {"user_id": user_id, "kind": kind, "created_at": context.now}
    found: list[Notice | Letter] = [*Notice.objects.filter(**same)]
    found += Letter.objects.filter(**same)
    for one in found:
        one.params["more"] = one.params.get("more", 0) + 1
        one.save(update_fields=["params"])
    return bool(found)


def tell_done_or_sent(
    context: Context, activity: Activity, before: Mapping[str, Any] | None = None
) -> None:
    """Tell that it was finished, or sent, if it was not before."""
    was = before or {}
    for what, column in ((What.DONE, "done_at"), (What.SENT, "sent_at")):
        if getattr(activity, column) is not None and was.get(column) is None:
            happened(context, Happening(what, activity.company_id, activity.pk))
