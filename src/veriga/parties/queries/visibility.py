"""Who sees which company: the one rule, as a condition for each table that needs it.

A user sees their own companies, their team's or all, by scope; what is shared with
them; and the installation's own firm. Of these, whoever has not the right to natural
persons sees no company that is one, for whatever reason they would see it otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Actor, Role, Scope
from veriga.common.checks import is_id
from veriga.common.errors import NotFound
from veriga.common.parts import Few
from veriga.common.prepared import padded, prepared
from veriga.parties.models import Company, Share
from veriga.parties.rules import NATURAL_PERSON

NO_PERSONS = "-no-persons"  # ends the shape of whoever may not see natural persons


def sees_all(actor: Actor) -> bool:
    """Tell whether the actor sees every company there is."""
    return actor.is_system or (actor.sees_everything and actor.may_see_persons)


def company_parts(actor: Actor, prefix: str = "company__") -> list[Q] | None:
    """Return the reasons for which the actor may see a row's company, None for all.

    Each is a condition for rows; `prefix` leads from the row to the company, "" for
    companies themselves. Any of them is enough.
    """
    if sees_all(actor):
        return None
    return _allowed(
        actor,
        f"{prefix}id__in",
        (f"{prefix}team_id", f"{prefix}account_owner_id"),
        ~Q(**{f"{prefix}kind": NATURAL_PERSON}),
    )


def activity_parts(actor: Actor, prefix: str = "") -> list[Q] | None:
    """Return the same for the activity table, which carries its company's columns.

    Reads `company_team_id`, `company_owner_id` and `company_is_person` of the row, so
    that lists need no join and an index on the first two helps. `prefix` leads from the
    row to the activity or chain.
    """
    if sees_all(actor):
        return None
    return _allowed(
        actor,
        f"{prefix}company_id__in",
        (f"{prefix}company_team_id", f"{prefix}company_owner_id"),
        Q(**{f"{prefix}company_is_person": False}),
    )


def sight_of(actor: Actor) -> tuple[str, dict[str, int]]:
    """Return what a prepared query needs of the actor: a shape, and its values.

    The query makes an actor of them again by `seen_by`.
    """
    if actor.user_id is None:
        return Scope.ALL, {}
    persons = "" if actor.may_see_persons else NO_PERSONS
    if actor.sees_everything:
        return Scope.ALL + persons, {}
    if actor.scope is Scope.TEAM and actor.team_id is not None:
        return Scope.TEAM + persons, {"me": actor.user_id, "team": actor.team_id}
    return Scope.OWN + persons, {"me": actor.user_id}


def seen_by(sight: str, me: int = 0, team: int | None = None) -> Actor:
    """Return an actor who sees what the one of `sight_of` sees, and may do nothing."""
    scope = Scope(sight.removesuffix(NO_PERSONS))
    sees_persons = not sight.endswith(NO_PERSONS)
    return Actor(me, "", Role.READER, scope, team, may_see_persons=sees_persons)


def company_condition(actor: Actor, prefix: str = "company__") -> Q | None:
    """Return the parts of `company_parts` as one condition, None for all."""
    return any_of(company_parts(actor, prefix))


def activity_condition(actor: Actor, prefix: str = "") -> Q | None:
    """Return the parts of `activity_parts` as one condition, None for all."""
    return any_of(activity_parts(actor, prefix))


def by_scope(actor: Actor) -> Q | None:
    """Return the rows of `activity_condition` that are in the actor's scope.

    None for all. Asks for the company's columns that sums of such rows have too.
    """
    parts = activity_parts(actor)
    return any_of(parts and [one for one in parts if not isinstance(one, Few)])


def shared_beside_scope(actor: Actor) -> Q | None:
    """Return the rows of companies that are shared and not in the actor's scope.

    Of `activity_condition` the own firm is left then. None if nothing can be shared.
    """
    within = by_scope(actor)
    if actor.sees_everything or within is None:
        return None
    shared = Q(company_id__in=_shared(actor)) & ~within
    return shared if actor.may_see_persons else shared & Q(company_is_person=False)


def visible_companies(actor: Actor) -> QuerySet[Company]:
    """Return all companies that the actor sees, unordered."""
    condition = company_condition(actor, prefix="")
    companies = Company.objects.all()
    return companies if condition is None else companies.filter(condition)


def visible_ids(actor: Actor, ids: Iterable[int]) -> set[int]:
    """Return those of `ids` whose companies the actor sees; none for no ids."""
    wanted = sorted({one for one in ids if is_id(one)})
    if not wanted:
        return set()
    sight, who = sight_of(actor)
    return set(_visible_ids(sight, ids=padded(wanted), **who))


@prepared
def _visible_ids(
    sight: str, /, *, ids: list[int], **who: int
) -> QuerySet[Company, int]:
    found = visible_companies(seen_by(sight, **who)).filter(pk__in=ids)
    return found.order_by().values_list("pk", flat=True)


def can_see(user: User, company: Company) -> bool:
    """Tell whether `user`, active or not, sees `company`; at most one statement."""
    return bool(pairs_that_see([(user, company)]))


def pairs_that_see(pairs: Iterable[tuple[User, Company]]) -> set[tuple[int, int]]:
    """Return those pairs, as ids, whose user sees the company.

    At most one statement however many there are, for `can_see` of each.
    """
    seen: set[tuple[int, int]] = set()
    asked: set[tuple[int, int]] = set()
    for user, company in pairs:
        if not is_kept_from(user, company):
            place = seen if sees_by_scope(user, company) else asked
            place.add((user.pk, company.pk))
    if asked:
        shares = Share.objects.filter(
            user_id__in={user_id for user_id, _ in asked},
            company_id__in={company_id for _, company_id in asked},
        )
        seen |= asked.intersection(shares.values_list("user_id", "company_id"))
    return seen


def is_kept_from(user: User, company: Company) -> bool:
    """Tell whether the company is a natural person and `user` has no right to them."""
    return company.is_person and not actor_of(user).may_see_persons


def sees_by_scope(user: User, company: Company) -> bool:
    """Tell whether the company is in the user's scope or the own firm; no statement."""
    return (
        user.scope == Scope.ALL
        or company.is_own
        or company.account_owner_id == user.pk
        or (
            user.scope == Scope.TEAM
            and user.team_id is not None
            and company.team_id == user.team_id
        )
    )


def why_hidden(user: User, company: Company) -> str:
    """Return the code of the error for who does not see a company; "" if they do.

    At most one statement. Codes: cannot_see_company, which sharing it would change, and
    may_not_see_persons.
    """
    if can_see(user, company):
        return ""
    return "may_not_see_persons" if company.is_person else "cannot_see_company"


def list_shares(actor: Actor, company_id: int) -> list[Share]:
    """Return with whom a company is shared, in the order of their names."""
    if not visible_companies(actor).filter(pk=company_id).exists():
        raise NotFound
    shares = Share.objects.filter(company_id=company_id).select_related("user")
    return list(shares.order_by("user__name_key", "id"))


def shared_with(actor: Actor, ids: Iterable[int]) -> set[int]:
    """Return which companies of `ids` are shared with the actor; one statement."""
    shares = Share.objects.filter(user_id=actor.user_id or 0, company_id__in=list(ids))
    return set(shares.values_list("company_id", flat=True))


def any_of(parts: list[Q] | None) -> Q | None:
    """Return parts as one condition, None for all."""
    return None if parts is None else reduce(or_, parts)


def _allowed(actor: Actor, id_in: str, columns: tuple[str, str], plain: Q) -> list[Q]:
    """Return the parts of somebody who sees not all; `plain` is no natural person."""
    parts = [Q()]
    if not actor.sees_everything:
        parts = [
            *_by_scope(actor, *columns),
            Few(**{id_in: _shared(actor)}),
            Few(**{id_in: _own_firm()}),
        ]
    return parts if actor.may_see_persons else [part & plain for part in parts]


def _by_scope(actor: Actor, team_column: str, owner_column: str) -> list[Q]:
    parts = [Q(**{owner_column: actor.user_id})]
    if actor.scope is Scope.TEAM and actor.team_id is not None:
        parts.append(Q(**{team_column: actor.team_id}))
    return parts


def _shared(actor: Actor) -> QuerySet[Share, Any]:
    return Share.objects.filter(user_id=actor.user_id or 0).values("company_id")


def _own_firm() -> QuerySet[Company, Any]:
    # A sub-query rather than the plain column: SQLite takes a truth value to hold for
    # every second row and would walk the whole table for the one.
    return Company.objects.filter(is_own=True).values("id")
