"""Telling users that they are mentioned in the text of a group event."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from veriga.access.rules import Context
from veriga.activities.services.telling import BY_PEOPLE
from veriga.events.models import Gathering
from veriga.events.queries.mentions import mentioned_in_gathering
from veriga.setup.notices import wishes_of
from veriga.setup.rules import Wish
from veriga.setup.services.notices import News, tell_all

MENTIONED: Final = "mentioned_in_gathering"


def told_of(context: Context, gathering: Gathering) -> set[int]:
    """Return who is mentioned in a group event and sees it, as it is now."""
    if context.source not in BY_PEOPLE:
        return set()
    told = mentioned_in_gathering(context.actor, gathering).told
    return {user.pk for user in told}


def tell_mentioned(
    context: Context, gathering: Gathering, *, but: Collection[int] = ()
) -> None:
    """Tell who is mentioned in a group event and sees it, without the users in `but`.

    Part of the service that writes its text or invites companies to it.
    """
    users = sorted(told_of(context, gathering) - set(but))
    if not users:
        return
    wishes = wishes_of(users)
    params = {
        "gathering_id": gathering.pk,
        "title": gathering.title,
        "who": context.actor.name,
    }
    tell_all(
        context=context,
        news=[News(wishes[pk], MENTIONED, params, Wish.MENTION) for pk in users],
    )
