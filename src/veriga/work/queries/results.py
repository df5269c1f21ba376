"""All that typed words find, by kind and page by page: what the palette only begins.

Counted before anything is read: whether a slip of the finger is to be forgiven, and how
the rows are found, follows from how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import connection
from django.db.models import Q, QuerySet

from veriga.access.rules import Actor
from veriga.activities.queries.activities import visible_activities, with_old_number
from veriga.activities.queries.chains import ChainSummary, summaries
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.rules.references import read_reference
from veriga.activities.rules.words import KindCode
from veriga.catalogue.models import Product
from veriga.common.checks import clean_query
from veriga.common.prepared import Counting
from veriga.events.queries.gatherings import visible_gatherings
from veriga.parties.queries import visible_companies, visible_contacts
from veriga.work.models import (
    ActivityWords,
    CompanyWords,
    ContactWords,
    GatheringWords,
    ProductWords,
    Words,
)
from veriga.work.rules.searching import Typed, is_long_enough, read_typed

from .excerpts import Excerpt, excerpts_of
from .matching import asked, matching
from .overview import COUNT_LIMIT
from .paging import (
    MANY,
    MANY_OWN,
    OWN,
    Asked,
    Way,
    activities_page,
    own_first,
    page_of_names,
    read_way,
)
from .search import by_number, corrected_words

FIRST: Final = 5  # names of each noun on the page of all kinds
LIMIT: Final = 50
NONE: Final = "SELECT 1 WHERE 1 = 0"
MOST_TEXTS: Final = 400  # entries that are read for the excerpts of a page


class Noun(StrEnum):
    """What is found besides the four kinds of activities."""

    COMPANY = "company"
    CONTACT = "contact"
    GATHERING = "gathering"
    PRODUCT = "product"


KINDS: Final = (*Noun, *KindCode)


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found, and how much there is of each of KINDS.

    A reference finds `exact`, its activity and its chain, and nothing else. `names`
    are records of each noun, `activities` of the kind that was asked for or of all
    four, `excerpts` where the words stand in their texts. A count above COUNT_LIMIT
    says only that there are more.
    """

    typed: Sequence[Typed] = ()
    exact: Sequence[ActivityRow] = ()
    chains: Sequence[ChainSummary] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    activities: Sequence[ActivityRow] = ()
    excerpts: Mapping[int, Excerpt] = field(default_factory=dict)
    next: str | None = None
    is_guess: bool = False

    def count(self, kind: str = "") -> int:
        """Return how many there are of a kind, or in all."""
        if kind:
            return self.counts.get(kind, 0)
        return sum(self.counts.values()) + len(self.exact)


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many hold the words, by kind; of activities also how many own ones."""

    counts: dict[str, int]
    own: dict[str, int]

    def way(self, kinds: Sequence[str], *, is_guess: bool) -> Way:
        """Return how the rows of these kinds of activities are found."""
        return Way(
            is_guess,
            sum(self.counts[one] for one in kinds) > MANY,
            sum(self.own[one] for one in kinds) > MANY_OWN,
        )


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked for, by whom, and which page of it."""

    actor: Actor
    q: str  # "" once a slip is assumed: what is typed is no old number then
    typed: Sequence[Typed]
    kind: str
    now: datetime
    limit: int
    cursor: str | None

    @property
    def words(self) -> str:
        return asked(self.typed)

    @property
    def nouns(self) -> Sequence[Noun]:
        """The nouns that the page shows; of all kinds the first page alone."""
        if self.kind:
            return [Noun(self.kind)] if self.kind in set(Noun) else []
        return [] if self.cursor else list(Noun)

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds of activities that it shows."""
        if self.kind:
            return [self.kind] if self.kind in set(KindCode) else []
        return list(KindCode)


def list_results(
    actor: Actor,
    q: str,
    *,
    now: datetime,
    kind: str = "",
    limit: int = LIMIT,
    cursor: str | None = None,
) -> Results:
    """Return a page of all that `q` finds; at most ten statements.

    What fits is what the palette says fits; own records and the newest come first, of
    names those that begin so. `kind` is one of KINDS, or "" for a few of each noun and
    then all activities. Errors: bad_cursor.
    """
    q = clean_query(q)
    if read_reference(q):
        return _by_reference(actor, q, now)
    typed = read_typed(q)
    if not typed or not is_long_enough(q):
        return Results()
    ask = _Ask(actor, q, typed, kind, now, limit, cursor)
    found, is_guess = _count(ask), False
    if not any(found.counts.values()):
        ask, is_guess = _guessed(ask), True
        if not ask.typed:
            return Results()
        found = _count(ask)
    page = _page(ask, found.counts, found.way(ask.kinds, is_guess=is_guess))
    counts = {one: min(n, COUNT_LIMIT + 1) for one, n in found.counts.items()}
    return replace(page, counts=counts)


def list_further(
    actor: Actor,
    q: str,
    *,
    now: datetime,
    kind: str,
    limit: int = LIMIT,
    cursor: str,
) -> Results:
    """Return the page after `cursor` without any counts; at most four statements.

    Errors: bad_cursor.
    """
    q = clean_query(q)
    ask = _Ask(actor, q, read_typed(q), kind, now, limit, cursor)
    way, _ = read_way(cursor)
    if way.is_guess:
        ask = _guessed(ask)
    return _page(ask, None, way) if ask.typed else Results()


def _guessed(ask: _Ask) -> _Ask:
    """Return the same for the words that mistyped ones may stand for."""
    return replace(ask, q="", typed=corrected_words(ask.typed))


def _by_reference(actor: Actor, q: str, now: datetime) -> Results:
    """Return the activity of this number, and the chain it is a part of."""
    exact = by_number(actor, q, now)
    chains = summaries({row.chain_id for row in exact if row.chain_size > 1})
    return Results(exact=exact, chains=list(chains.values()))


# --- how many ---------------------------------------------------------------------


def _count(ask: _Ask) -> _Counted:
    """Return how many hold all words, in one statement.

    Of activities all are counted, so that no kind is short: a frequent word takes
    longer, and further pages do without.
    """
    parts: list[str] = []
    params: list[Any] = []
    for noun in Noun:
        rows = _holding(ask.actor, noun, ask.words).order_by().values_list("pk")
        one = Counting.of(rows[: COUNT_LIMIT + 1])
        parts.append(f"(SELECT COUNT(*) FROM ({one.sql or NONE}) n)")  # noqa: S608
        params += one.params
    for own in ("", f" AND rank = {OWN}"):
        # Not grouped, for which SQLite would sort all that hold them.
        parts += [
            f"COUNT(CASE WHEN kind = '{kind}'{own} THEN 1 END)" for kind in KindCode
        ]
    rows = visible_activities(ask.actor).filter(_hold(ask) | _numbered(ask))
    one = Counting.of(
        rows.order_by().annotate(rank=own_first(ask.actor)).values_list("kind", "rank")
    )
    sql = f"SELECT {', '.join(parts)} FROM ({one.sql}) counted"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *one.params])
        found = cursor.fetchone()
    counts = dict(zip(KINDS, found, strict=False))
    return _Counted(counts, dict(zip(KindCode, found[len(KINDS) :], strict=True)))


def _hold(ask: _Ask) -> Q:
    """Return the condition for activities that hold all words."""
    return Q(pk__in=matching(ActivityWords, ask.words, most=None))


def _numbered(ask: _Ask) -> Q:
    """Return the condition for activities that had this number, if it is one."""
    has_digits = any(c.isdigit() for c in ask.q)
    return Q(pk__in=with_old_number(ask.q)) if has_digits else Q()


def _holding(actor: Actor, noun: str, words: str) -> QuerySet[Any]:
    """Return the visible records of one noun that hold all words."""
    rows, model = VISIBLE[noun]
    return rows(actor).filter(pk__in=matching(model, words, most=None))


def _products(actor: Actor) -> QuerySet[Product]:
    """Return all products: everybody sees them."""
    return Product.objects.all()


VISIBLE: Final[dict[str, tuple[Callable[[Actor], QuerySet[Any]], type[Words]]]] = {
    Noun.COMPANY: (visible_companies, CompanyWords),
    Noun.CONTACT: (visible_contacts, ContactWords),
    Noun.GATHERING: (visible_gatherings, GatheringWords),
    Noun.PRODUCT: (_products, ProductWords),
}


# --- the page ---------------------------------------------------------------------


def _page(ask: _Ask, counts: Mapping[str, int] | None, way: Way) -> Results:
    """Return the page; `counts` spare the statements for what there is not."""
    names: dict[str, Sequence[Any]] = {}
    following: str | None = None
    if ask.cursor:
        way, cursor = read_way(ask.cursor)
    else:
        cursor = None
    for noun in ask.nouns:
        if counts is None or counts[noun]:
            page = page_of_names(
                ask.actor,
                noun,
                _holding(ask.actor, noun, ask.words),
                ask.typed,
                limit=ask.limit if ask.kind else FIRST,
                cursor=cursor,
            )
            names[noun] = page.rows
            following = page.next if ask.kind else None
    rows: Sequence[ActivityRow] = ()
    if ask.kinds and (counts is None or any(counts[one] for one in ask.kinds)):
        asked_for = Asked(ask.typed, _hold(ask), _numbered(ask), ask.kind, way)
        listed = activities_page(
            ask.actor, asked_for, now=ask.now, limit=ask.limit, cursor=cursor
        )
        rows, following = listed.rows, listed.next
    ids = [row.id for row in rows]
    return Results(
        typed=ask.typed,
        names=names,
        activities=rows,
        excerpts=excerpts_of(ids, ask.typed, most=MOST_TEXTS) if ids else {},
        next=way.write(following) if following else None,
        is_guess=way.is_guess,
    )
