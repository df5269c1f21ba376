"""Companies, contacts, group events and products that hold typed words.

They are few beside activities, so all are looked up and sorted, the likeliest first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from enum import StrEnum
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    OuterRef,
    QuerySet,
    Value,
    When,
)

from veriga.access.rules import Actor, Scope
from veriga.catalogue.models import Product
from veriga.common.keyset import (
    Order,
    Page,
    after,
    named_values,
    order_by,
    pop_values,
    read_cursor,
    unreadable_cursor,
)
from veriga.common.keyset import page_of as page_found
from veriga.common.prepared import Counting, prepared
from veriga.events.queries.gatherings import visible_gatherings
from veriga.parties.queries import (
    seen_by,
    show_elsewhere,
    sight_of,
    visible_companies,
    visible_contacts,
)
from veriga.work.models import (
    CompanyWords,
    ContactWords,
    GatheringWords,
    ProductWords,
    Words,
)
from veriga.work.rules.searching import LAST_CHARACTER, Typed

from .matching import asked, matching
from .overview import COUNT_LIMIT
from .paging import own_first


class Noun(StrEnum):
    """What is found besides the four kinds of activities."""

    COMPANY = "company"
    CONTACT = "contact"
    GATHERING = "gathering"
    PRODUCT = "product"


ORDERS: Final = {
    Noun.COMPANY: Order("company", ("rank", "name_key", "id")),
    Noun.CONTACT: Order("contact", ("rank", "name_key", "id")),
    Noun.PRODUCT: Order("product", ("rank", "name_key", "id")),
    Noun.GATHERING: Order("gathering", ("rank", "starts_at", "id"), descending=True),
}
OWNERS: Final = {
    Noun.COMPANY: "account_owner_id",
    Noun.CONTACT: "company__account_owner_id",
}


def counting_of(actor: Actor, noun: Noun, typed: Sequence[Typed]) -> Counting:
    """Return what counts the visible records of a noun that hold all words."""
    sight, who = _sight_of(actor, noun)
    return _counted.counting(sight, noun, COUNT_LIMIT + 1, words=asked(typed), **who)


def page_of(
    actor: Actor,
    noun: Noun,
    typed: Sequence[Typed],
    *,
    limit: int,
    cursor: str | None,
) -> Page[Any]:
    """Return a page of visible records of a noun, the likeliest first.

    Those first whose name begins as typed, then own ones; of group events own ones and
    then the latest. One statement; one more for contacts elsewhere than at their first
    company. Errors: bad_cursor.
    """
    order = ORDERS[noun]
    values = read_cursor(order, cursor) if cursor else []
    sight, who = _sight_of(actor, noun)
    given: dict[str, Any] = {**who, "words": asked(typed), **named_values(values)}
    if noun == Noun.GATHERING:
        given["me"] = actor.user_id or 0
    else:
        given |= likely(actor, typed)
    if noun == Noun.PRODUCT:  # nobody's own
        del given["own"]
    with unreadable_cursor() if values else nullcontext():
        found = _listed(sight, noun, limit, **given)
    page: Page[Any] = page_found(found, order, limit=limit)
    if noun == Noun.CONTACT:
        show_elsewhere(actor, [one for one in page.rows if not one.is_seen])
    return page


def likely(actor: Actor, typed: Sequence[Typed]) -> dict[str, Any]:
    """Return what `name_rank` asks: how the likeliest names begin, and who asks."""
    begin = " ".join(one.word for one in typed)
    end = f"{begin}{LAST_CHARACTER}"
    return {"begin": begin, "end": end, "own": actor.user_id or 0}


def name_rank(noun: str, *, begin: str, end: str, own: int = 0) -> Case:
    """Return what puts names first that begin so, then own ones."""
    ranks = [When(name_folded__gte=begin, name_folded__lt=end, then=Value(0))]
    if noun in OWNERS:
        ranks.append(When(**{OWNERS[Noun(noun)]: own}, then=Value(1)))
    # A prepared query's stand-in for a rank is a large number.
    return Case(*ranks, default=Value(2), output_field=BigIntegerField())


def _sight_of(actor: Actor, noun: Noun) -> tuple[str, dict[str, int]]:
    """Return `sight_of` the actor; products are seen by everybody."""
    return (Scope.ALL, {}) if noun == Noun.PRODUCT else sight_of(actor)


@prepared
def _counted(
    sight: str, noun: Noun, limit: int, /, *, words: str, **who: int
) -> QuerySet[Any, tuple[int]]:
    rows = _holding(seen_by(sight, **who), noun, words)
    return rows.order_by().values_list("pk")[:limit]


@prepared
def _listed(
    sight: str, noun: Noun, limit: int, /, *,
    words: str, me: int = 0, team: int | None = None, **given: Any,
) -> QuerySet[Any]:  # fmt: skip
    actor, values = seen_by(sight, me, team), pop_values(given)
    rows = _holding(actor, noun, words)
    if noun == Noun.GATHERING:
        rows = rows.select_related("owner").annotate(rank=own_first(actor))
    else:
        rows = rows.annotate(rank=name_rank(noun, **given))
    if noun == Noun.COMPANY:
        rows = rows.select_related("account_owner")
    if noun == Noun.CONTACT:
        first = visible_companies(actor).filter(pk=OuterRef("company_id"))
        rows = rows.annotate(is_seen=Exists(first))
    order = ORDERS[noun]
    if values:
        rows = rows.filter(after(order, values))
    page: QuerySet[Any] = rows.order_by(*order_by(order))[: limit + 1]
    return page


def _holding(actor: Actor, noun: Noun, words: str) -> QuerySet[Any]:
    """Return the visible records of one noun that hold all words."""
    rows, model = _VISIBLE[noun]
    return rows(actor).filter(pk__in=matching(model, words, most=None))


def _products(actor: Actor) -> QuerySet[Product]:
    """Return all products: everybody sees them."""
    return Product.objects.all()


_VISIBLE: Final[dict[Noun, tuple[Callable[[Actor], QuerySet[Any]], type[Words]]]] = {
    Noun.COMPANY: (visible_companies, CompanyWords),
    Noun.CONTACT: (visible_contacts, ContactWords),
    Noun.GATHERING: (visible_gatherings, GatheringWords),
    Noun.PRODUCT: (_products, ProductWords),
}
