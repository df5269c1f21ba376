"""Contacts at further companies: who is where, and what of it the actor may see.

A contact is read as they are at the company they are looked at from: its name, their
function there and the days. Of a company that the actor does not see nothing shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from veriga.access.rules import Actor
from veriga.common.errors import NotFound
from veriga.common.keyset import Order
from veriga.common.parts import first_of_parts
from veriga.common.prepared import padded, prepared
from veriga.parties.models import Contact, Position

from .visibility import (
    company_condition,
    company_parts,
    seen_by,
    sees_all,
    sight_of,
    visible_ids,
)

BY_NAME = Order("name", ("name_key", "id"))


def contact_parts(actor: Actor) -> list[Q] | None:
    """Return the reasons for which the actor may see a contact, None for all."""
    parts = company_parts(actor)
    return None if parts is None else [*parts, _at(visible_positions(actor))]


def parts_at(company_id: int) -> list[Q]:
    """Return the reasons for which a contact stands at a company."""
    return [
        Q(company_id=company_id),
        _at(Position.objects.filter(company_id=company_id)),
    ]


def at_company(company_id: int) -> Q:
    """Return the parts of `parts_at` as one condition."""
    first, further = parts_at(company_id)
    return first | further


def visible_positions(actor: Actor) -> QuerySet[Position]:
    """Return all positions at companies that the actor sees, with the company."""
    positions = Position.objects.select_related("company")
    condition = company_condition(actor)
    return positions if condition is None else positions.filter(condition)


def positions_of(actor: Actor, contact_id: int) -> list[Position]:
    """Return where else a contact is or was, as far as the actor sees it.

    The present ones first, then those that ended last.
    """
    found = visible_positions(actor).filter(contact_id=contact_id)
    now_there = [one for one in found.order_by("pk") if one.until_on is None]
    formerly = [one for one in found.order_by("-until_on", "pk") if one.until_on]
    return now_there + formerly


def get_position(actor: Actor, contact_id: int, position_id: int) -> Position:
    """Return one of them; or NotFound."""
    found = visible_positions(actor).filter(contact_id=contact_id, pk=position_id)
    position = found.first()
    if position is None:
        raise NotFound
    return position


def people_at(company_id: int, *, limit: int) -> list[Contact]:
    """Return the first `limit` contacts at a company that the caller may show.

    By last name; whoever leaves or has left comes after those who stay.
    """
    people = as_at(company_id, _people(limit, company=company_id))
    return sorted(people, key=lambda person: person.until_on is not None)


@prepared
def _people(limit: int, /, *, company: int) -> QuerySet[Contact]:
    people = first_of_parts(
        Contact.objects.all(), parts_at(company), BY_NAME, limit=limit - 1, values=()
    )
    return people.order_by("name_key", "id")[:limit]


def as_at(company_id: int, contacts: Iterable[Contact]) -> list[Contact]:
    """Return contacts of one company as they are there, in the same order.

    One statement if one of them has another company, none otherwise.
    """
    people = list(contacts)
    elsewhere = [one.pk for one in people if one.company_id != company_id]
    if elsewhere:
        found = Position.objects.filter(company_id=company_id, contact__in=elsewhere)
        _show_at(people, found.select_related("company"))
    return people


def as_seen(actor: Actor, contacts: Iterable[Contact]) -> list[Contact]:
    """Return contacts as the actor sees them, in the same order.

    Whose first company the actor does not see stands at one they do. At most two
    statements, none for those who see everything.
    """
    people = list(contacts)
    if not people or sees_all(actor):
        return people
    seen = visible_ids(actor, (contact.company_id for contact in people))
    show_elsewhere(actor, [one for one in people if one.company_id not in seen])
    return people


def show_elsewhere(actor: Actor, hidden: Sequence[Contact]) -> None:
    """Show contacts whose first company the actor does not see at one they do.

    One statement, none for nobody.
    """
    if hidden:
        sight, who = sight_of(actor)
        ids = padded([one.pk for one in hidden])
        _show_at(hidden, _elsewhere(sight, ids=ids, **who))


@prepared
def _elsewhere(sight: str, /, *, ids: list[int], **who: int) -> QuerySet[Position]:
    found = visible_positions(seen_by(sight, **who)).filter(contact__in=ids)
    return found.order_by("-until_on", "-pk")


def _show_at(contacts: Iterable[Contact], positions: Iterable[Position]) -> None:
    by_contact = {position.contact_id: position for position in positions}
    for contact in contacts:
        position = by_contact.get(contact.pk)
        if position is not None:
            contact.shown_at = position
            contact.company = position.company
            contact.function = position.function
            contact.since_on = position.since_on
            contact.until_on = position.until_on


def _at(positions: QuerySet[Position]) -> Q:
    return Q(pk__in=positions.order_by().values("contact_id"))
