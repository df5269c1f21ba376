"""The companies that go with a user on a device without a signal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Case, Q, Value, When

from veriga.access.rules import Actor
from veriga.common.checks import is_id
from veriga.parties.models import Contact, Position

from .visibility import visible_companies

MOST: Final = 300
MOST_CONTACTS: Final = 1_500


@dataclass(frozen=True, slots=True)
class Portable:
    """A company by name and town, with its contacts as (id, name, function)."""

    pk: int
    name: str
    town: str
    contacts: list[tuple[int, str, str]]


def list_portable(actor: Actor, opened: Iterable[int] = ()) -> list[Portable]:
    """Return the companies that the actor looks after and those opened last, by name.

    Three statements at most. Whoever has left a company is not among its contacts.
    """
    ids = [one for one in opened if is_id(one)][:MOST]
    mine = Q(account_owner=actor.user_id)
    first = Case(When(pk__in=ids, then=Value(0)), default=Value(1))
    companies = visible_companies(actor).filter(mine | Q(pk__in=ids))
    rows = companies.order_by(first, "name_key", "id").values_list(
        "pk", "name", "town", "name_key"
    )[:MOST]
    found = {row[0]: Portable(*row[:3], []) for row in sorted(rows, key=lambda r: r[3])}
    people = Contact.objects.filter(company__in=found, until_on=None)
    for company, pk, first_name, last_name, function in people.order_by(
        "name_key", "id"
    ).values_list("company_id", "pk", "first_name", "last_name", "function")[
        :MOST_CONTACTS
    ]:
        name = f"{first_name} {last_name}".strip()
        found[company].contacts.append((pk, name, function))
    further = Position.objects.filter(company__in=found, until_on=None)
    for at in further.select_related("contact").order_by("contact__name_key", "id")[
        :MOST_CONTACTS
    ]:
        who = (at.contact_id, str(at.contact), at.function)
        found[at.company_id].contacts.append(who)
    return list(found.values())
