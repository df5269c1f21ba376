"""Who is mentioned in the text of a group event, and who of them sees it."""

from __future__ import annotations

from collections.abc import Collection

from veriga.access.models import User
from veriga.access.queries import actor_of, user_names, users_by_id
from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.activities.queries.mentions import Mentioned
from veriga.activities.rules.mentions import find_mentions
from veriga.events.models import Gathering
from veriga.parties.models import Company
from veriga.parties.queries import pairs_that_see


def mentioned_in_gathering(actor: Actor, gathering: Gathering) -> Mentioned:
    """Return whom the text of a group event mentions; no statement without an `@`.

    The actor sees it, and is told nothing of what they do themselves.
    """
    if "@" not in gathering.text:
        return Mentioned()
    found = find_mentions(gathering.text, user_names(actor))
    users = users_by_id(pk for pk in found.user_ids if pk != actor.user_id)
    named = [users[pk] for pk in found.user_ids if pk in users]
    seen = who_sees(named, gathering)
    return Mentioned(
        tuple(user for user in named if user.pk in seen),
        tuple(user for user in named if user.pk not in seen),
        found.unclear,
    )


def who_sees(users: Collection[User], gathering: Gathering) -> set[int]:
    """Return the ids of those users who see a group event; at most three statements.

    `visible_gatherings` for many: its people, and who sees a company of it.
    """
    if not users:
        return set()
    people = {gathering.owner_id, gathering.created_by_id}
    events = Activity.objects.filter(gathering_id=gathering.pk)
    living = events.filter(deleted_at__isnull=True)
    companies = list(Company.objects.filter(pk__in=living.values("company_id")))
    pairs = pairs_that_see((user, one) for user in users for one in companies)
    seen = people | {user_id for user_id, _company in pairs}
    is_empty = not companies and not events.exists()
    return {
        user.pk
        for user in users
        if user.pk in seen or _sees_all(user, is_empty=is_empty)
    }


def _sees_all(user: User, *, is_empty: bool) -> bool:
    """Tell whether a user sees group events whoever is invited, or nobody yet."""
    actor = actor_of(user)
    return actor.sees_everything and (is_empty or actor.may_see_persons)
