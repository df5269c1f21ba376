"""Which sets of chains figures are wanted of: whatever somebody may ask for.

Kept free of NumPy, so that asking whether there is anything new costs nothing.
"""

from __future__ import annotations

from collections import defaultdict

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Scope
from veriga.insight.rules.sights import SightSpec, sight_of_actor
from veriga.parties.models import Company, Share


def sights_in_use() -> list[SightSpec]:
    """Return whatever an active user may ask for, each once, in the order of keys.

    What somebody sees in all, and each team for those who see all or belong to it.
    """
    actors = [actor_of(user) for user in User.objects.filter(is_active=True)]
    found = {sight_of_actor(actor) for actor in actors}
    teams = set(
        Company.objects.filter(team__isnull=False)
        .order_by()
        .values_list("team_id", flat=True)
        .distinct()
    )
    for spec in list(found):
        chosen = teams if spec.scope is Scope.ALL else teams & {spec.team_id}
        for team_id in chosen:
            found.add(SightSpec(Scope.TEAM, team_id, None, spec.with_persons))
    found.add(SightSpec(Scope.ALL))  # for the command line
    return sorted(found, key=lambda spec: spec.key)


def shares_of_users() -> dict[int, list[int]]:
    """Return the companies that are shared with each user."""
    found = defaultdict(list)
    for user_id, company_id in Share.objects.values_list("user_id", "company_id"):
        found[user_id].append(company_id)
    return dict(found)
