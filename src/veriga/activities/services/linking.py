"""Linking and unlinking: Poveži, split, take out, take out and move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from veriga.access.rules import Context
from veriga.activities.models import Activity, Change, Link
from veriga.activities.queries.activities import is_visible, visible_activities
from veriga.activities.queries.linking import (
    chain_pairs,
    link_between,
    problem_of_link,
)
from veriga.activities.rules.graphs import take_out_pairs, topological
from veriga.activities.rules.offering import Offering
from veriga.activities.rules.words import UNNUMBERED, ChangeKind, LinkReason
from veriga.common.announcing import announce
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.common.prepared import prepared
from veriga.common.transactions import write
from veriga.parties.queries import get_company

from .chains import settle_chains
from .columns import give_chain, set_company_columns
from .fields import require_movable
from .locking import (
    lock_activity,
    lock_companies,
    lock_pair,
    require_direct,
    require_recorder,
)


@dataclass(frozen=True, slots=True)
class Linked:
    """The link that stands now; `change` is None if it stood before."""

    link: Link
    change: Change | None
    chain_id: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A change and the chains that came of it."""

    change: Change
    chain_ids: tuple[int, ...]


@write
def link_activities(
    *,
    context: Context,
    follow_up: str,
    stimulus: str,
    reason: LinkReason = LinkReason.FORM,
    offering: Offering | None = None,
) -> Linked:
    """Link two activities of one company; their whole chains become one.

    `offering` is what was offered when the other one was chosen, None if nobody knows.

    Linked already, whichever way round, nothing changes. Invalid with code
    link_to_itself, other_company or circle if it may not be.
    """
    require_recorder(context.actor)
    later, earlier = lock_pair(context, follow_up, stimulus)
    if later.pk != earlier.pk:
        found = link_between(later.pk, earlier.pk)
        if found:
            return Linked(found, None, later.living_chain_id)
    same_chain = later.chain_id == earlier.chain_id
    pairs = chain_pairs(later.living_chain_id) if same_chain else []
    problem = problem_of_link(later, earlier, pairs)
    if problem:
        raise Invalid(problem)
    offer = pack_offering(context, later.company_id, offering)
    return tie(context, later, earlier, reason, offer)


def tie(
    context: Context,
    later: Activity,
    earlier: Activity,
    reason: LinkReason,
    offer: dict[str, Any] | None = None,
) -> Linked:
    """Store a link that may be, as a change, and settle the chains it joins."""
    link = _store(context, later.pk, earlier.pk, reason, offer)
    change = Change.objects.create(
        kind=ChangeKind.JOIN,
        company_id=later.company_id,
        activity=later,
        added={"links": [pack(link)]},
        made_by_id=context.actor.user_id,
        made_at=context.now,
    )
    chains = {later.chain_id, earlier.chain_id}
    (chain_id,) = settle_chains(later.company_id, chains)
    later.chain_id = earlier.chain_id = chain_id
    return Linked(link, change, chain_id)


@write
def split_chain(*, context: Context, link_id: int) -> Changed:
    """Remove one link; what it alone held together becomes two chains.

    For the link's maker, owner or creator of either end, account owner, manager.
    """
    require_recorder(context.actor)
    link = _find_link(link_id)
    if not is_visible(context.actor, link.follow_up_id):
        raise NotFound(link=link_id)
    lock_companies([link.follow_up.company_id])
    link = _find_link(link_id)
    later, earlier = link.follow_up, link.stimulus
    actor = context.actor
    entitled = {
        link.made_by_id,
        later.owner_id,
        later.created_by_id,
        earlier.owner_id,
        earlier.created_by_id,
        later.company_owner_id,
    }
    if not actor.is_manager and actor.user_id not in entitled:
        raise NotAllowed
    packed = pack(link)
    link.delete()
    chains = settle_chains(later.company_id, [later.chain_id])
    change = Change.objects.create(
        kind=ChangeKind.SPLIT,
        company_id=later.company_id,
        activity=later,
        removed={"links": [packed]},
        made_by_id=actor.user_id,
        made_at=context.now,
    )
    return Changed(change, _both(chains, later.pk, earlier.pk))


@write
def take_out(*, context: Context, reference: str) -> Changed:
    """Take one activity out of its chain; the rest stays one chain.

    Conflict("not_linked") if it has no links.
    """
    activity = lock_activity(context, reference)
    require_direct(context.actor, activity)
    if activity.chain is None or activity.chain.size < 2:
        raise Conflict("not_linked")
    removed, added, chains = cut_out(context, activity)
    change = Change.objects.create(
        kind=ChangeKind.TAKE_OUT,
        company_id=activity.company_id,
        activity=activity,
        removed={"links": removed},
        added={"links": added},
        made_by_id=context.actor.user_id,
        made_at=context.now,
    )
    return Changed(change, tuple(sorted(chains)))


@write
def take_out_and_move(*, context: Context, reference: str, company_id: int) -> Changed:
    """Take an activity out of its chain and to another company, as one change."""
    company = get_company(context.actor, company_id)
    activity = lock_activity(context, reference, also_companies=[company_id])
    require_direct(context.actor, activity)
    require_movable(activity)
    if activity.company_id == company.pk:
        raise Invalid.of("company", "unknown_choice")
    old_company = activity.company_id
    removed, added, chains = cut_out(context, activity)
    activity.refresh_from_db(fields=["chain"])
    give_to_company(activity, company_id)
    change = Change.objects.create(
        kind=ChangeKind.MOVE,
        company_id=old_company,
        activity=activity,
        removed={"links": removed, "company": [activity.pk, old_company]},
        added={"links": added, "company": [activity.pk, company.pk]},
        made_by_id=context.actor.user_id,
        made_at=context.now,
    )
    return Changed(change, tuple(sorted(chains)))


def give_to_company(activity: Activity, company_id: int) -> None:
    """Move a loose activity with its chain of one; its contacts stay behind."""
    company = lock_companies([company_id]).get(company_id)
    if company is None:  # it is part of another by now
        raise Conflict("undo_conflict")
    activity.contacts.clear()
    give_chain(activity.living_chain_id, company)
    set_company_columns(activity, company)
    activity.row_version += 1
    activity.save(
        update_fields=[
            "company",
            "company_key",
            "company_team_id",
            "company_owner_id",
            "company_is_person",
            "row_version",
        ]
    )
    announce("activity", [activity.pk])


def cut_out(
    context: Context, activity: Activity
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], set[int]]:
    """Remove an activity's links and add those that keep the rest whole.

    Returns the links removed and added, packed, and the ids of the chains that remain.
    The order of neighbours is topological in the whole chain, ties by date, reference.
    """
    pairs = chain_pairs(activity.living_chain_id)
    own = list(Link.objects.filter(Q(follow_up=activity) | Q(stimulus=activity)))
    stimuli = [link.stimulus_id for link in own if link.follow_up_id == activity.pk]
    follow_ups = [link.follow_up_id for link in own if link.stimulus_id == activity.pk]
    neighbours = Activity.objects.filter(pk__in=[*stimuli, *follow_ups])
    age = {
        pk: (moment, key or UNNUMBERED)
        for pk, moment, key in neighbours.values_list("pk", "date", "reference_key")
    }
    wanted = take_out_pairs(
        topological(stimuli, pairs, age.__getitem__),
        topological(follow_ups, pairs, age.__getitem__),
        pairs,
    )
    removed = [pack(link) for link in own]
    Link.objects.filter(pk__in=[link.pk for link in own]).delete()
    added = [
        pack(_store(context, later, earlier, LinkReason.TAKE_OUT))
        for later, earlier in wanted
    ]
    chains = settle_chains(activity.company_id, [activity.chain_id])
    return removed, added, chains


def pack(link: Link) -> dict[str, Any]:
    """Return a link as changes keep it, complete enough to be restored exactly."""
    return {
        "id": link.pk,
        "follow_up": link.follow_up_id,
        "stimulus": link.stimulus_id,
        "reason": str(link.reason),
        "made_by": link.made_by_id,
        "made_at": link.made_at.isoformat(),
    }


def pack_offering(
    context: Context, company_id: int, offering: Offering | None
) -> dict[str, Any] | None:
    """Return an offering as its link keeps it: of activities that one may see."""
    if offering is None:
        return None
    ids: dict[str, int] = {}
    if wanted := offering.references:
        there = visible_activities(context.actor).filter(company_id=company_id)
        known = there.filter(reference__in=wanted).values_list("reference", "pk")
        ids = {str(reference): pk for reference, pk in known}
    return offering.to_json(ids)


def _store(
    context: Context,
    later: int,
    earlier: int,
    reason: LinkReason,
    offer: dict[str, Any] | None = None,
) -> Link:
    return Link.objects.create(
        follow_up_id=later,
        stimulus_id=earlier,
        reason=reason,
        made_by_id=context.actor.user_id,
        made_at=context.now,
        offer=offer,
    )


def _find_link(link_id: int) -> Link:
    found = _links(pk=link_id)
    if not found:
        raise NotFound(link=link_id)
    return found[0]


@prepared
def _links(*, pk: int) -> QuerySet[Link]:
    return Link.objects.filter(pk=pk).select_related("follow_up", "stimulus")


def _both(chains: Iterable[int], *members: int) -> tuple[int, ...]:
    """Return the chains the members are in now, the first member's first."""
    found = dict(Activity.objects.filter(pk__in=members).values_list("pk", "chain_id"))
    ordered: Sequence[int] = [found[pk] or 0 for pk in members]
    return tuple(dict.fromkeys(c for c in ordered if c in set(chains)))
