"""What `/` and Ctrl+K find: records by their numbers, names, titles and texts.

Everything is bounded, because it is asked at every keystroke; `results.py` gives all. A
typing error is thought of only when nothing was found, and looked for among what the
actor sees, so that a correction betrays nothing either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.activities.queries.activities import visible_activities
from veriga.activities.queries.filters import with_old_number
from veriga.activities.queries.rows import (
    ORDERS,
    ActivityRow,
    first_rows,
    rows_of,
    to_page,
)
from veriga.activities.rules.references import read_reference
from veriga.activities.rules.words import KindCode
from veriga.catalogue.models import Product
from veriga.catalogue.queries import products_by_id
from veriga.common.checks import clean_query
from veriga.common.prepared import padded, prepared
from veriga.events.models import Gathering
from veriga.events.queries.gatherings import gatherings_by_id
from veriga.parties.models import Company, Contact
from veriga.parties.queries import (
    as_seen,
    seen_by,
    sight_of,
    visible_companies,
    visible_contacts,
)
from veriga.work.models import CompanyWords, ContactWords, KnownWord
from veriga.work.rules.searching import (
    Typed,
    are_in,
    corrected,
    is_long_enough,
    read_typed,
)
from veriga.work.rules.words import meant

from .excerpts import NO_EXCERPT, Excerpt, excerpts_of
from .matching import asked, matching
from .newest import Events, Finder
from .nouns import likely, name_rank

EACH: Final = 5  # results of each group


@dataclass(frozen=True, slots=True)
class InText:
    """An activity in whose texts or files the words stand, and where."""

    row: ActivityRow
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Found:
    """What fits the typed text.

    `exact` are activities of this very number, `activities` those whose title (or
    company) holds all words, by kind and own first; `texts` those that hold them
    elsewhere. `is_guess` tells that a typing error was assumed.
    """

    exact: list[ActivityRow] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    activities: list[ActivityRow] = field(default_factory=list)
    texts: list[InText] = field(default_factory=list)
    gatherings: list[Gathering] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    is_guess: bool = False

    def __bool__(self) -> bool:
        names = (self.companies, self.contacts, self.gatherings, self.products)
        return any((self.exact, *names, self.activities, self.texts))

    def of_kind(self, kind: str) -> list[ActivityRow]:
        """Return the activities of one kind."""
        return [row for row in self.activities if row.kind == kind]


@dataclass(frozen=True, slots=True)
class _Hits:
    companies: list[Company]
    contacts: list[Contact]
    events: Events

    def __bool__(self) -> bool:
        found = self.events
        events = found.activities or found.gatherings or found.products
        return bool(self.companies or self.contacts or events)


def search(actor: Actor, q: str, *, now: datetime) -> Found:
    """Return what `q` finds among what the actor sees; at most fourteen statements.

    A reference, its case and zeros forgiven, finds its activity and nothing else. An
    old number of an imported record finds that record besides the rest. Every other
    word must be there, whole or its beginning, whatever its case, accents and ending;
    one slip in each is forgiven if nothing fits otherwise, but not in numbers.
    """
    q = clean_query(q)
    if not q:
        return Found(activities=_own_newest(actor, now))
    exact = by_number(actor, q, now)
    typed = read_typed(q)
    if read_reference(q) or not typed or not is_long_enough(q):
        return Found(exact=exact)
    finder = Finder(actor)
    hits, is_guess = _hits(actor, finder, typed), False
    if not hits and not exact:
        typed = corrected_words(typed)
        if typed:
            hits = _hits(actor, finder, typed, again=True)
        is_guess = bool(hits)
    titles, texts = _sorted_out(hits.events.activities, typed, now)
    gatherings = gatherings_by_id(hits.events.gatherings)
    products = products_by_id(hits.events.products)
    names = (hits.companies, hits.contacts)
    return Found(exact, *names, titles, texts, gatherings, products, is_guess)


def _hits(
    actor: Actor,
    finder: Finder,
    typed: Sequence[Typed],
    *,
    again: bool = False,
) -> _Hits:
    """Return what holds all words."""
    words = asked(typed)
    return _Hits(
        _companies(actor, typed, words),
        _contacts(actor, typed, words),
        finder.holding(typed, words, again=again),
    )


def corrected_words(typed: Sequence[Typed]) -> list[Typed]:
    """Return the words with known ones they may stand for; none if there are none."""
    wanted = {one: meant(one.word) for one in typed}
    every = sorted(set().union(*wanted.values()))
    if not every:
        return []
    known = set(_known(words=padded(every)))
    return [corrected(one, wanted[one] & known) for one in typed] if known else []


@prepared
def _known(*, words: list[str]) -> QuerySet[KnownWord, str]:
    return KnownWord.objects.filter(word__in=words).values_list("word", flat=True)


# --- numbers ----------------------------------------------------------------------


def by_number(actor: Actor, q: str, now: datetime) -> list[ActivityRow]:
    if not any(c.isdigit() for c in q):
        return []
    reference = read_reference(q)
    visible = visible_activities(actor).order_by().values_list("pk", flat=True)
    ids = list(visible.filter(reference=reference)) if reference else []
    ids += visible.filter(pk__in=with_old_number(q))[:EACH]
    rows = rows_of(ids, now=now) if ids else {}
    return [rows[pk] for pk in dict.fromkeys(ids)]


def _own_newest(actor: Actor, now: datetime) -> list[ActivityRow]:
    """Return the actor's newest activities: the likeliest to be wanted again."""
    sight, who = sight_of(actor)
    found = _newest_of(sight, owner=actor.user_id or 0, now=now, **who)
    return to_page(found, ORDERS["date"], now=now, limit=EACH).rows


@prepared
def _newest_of(
    sight: str, /, *, owner: int, now: datetime, **who: int
) -> QuerySet[Activity, tuple[Any, ...]]:
    rows = visible_activities(seen_by(sight, **who))
    rows = rows.filter(owner_id=owner, date__lte=now)
    return first_rows(rows, ORDERS["date"], limit=EACH)


# --- names ------------------------------------------------------------------------


def _companies(actor: Actor, typed: Sequence[Typed], words: str) -> list[Company]:
    """Return companies, those first whose name begins so, then the actor's own."""
    sight, who = sight_of(actor)
    return _some_companies(sight, words=words, **who, **likely(actor, typed))


@prepared
def _some_companies(
    sight: str, /, *, words: str, **given: Any
) -> QuerySet[Company, Company]:
    first = {name: given.pop(name) for name in LIKELY}
    found = visible_companies(seen_by(sight, **given))
    found = found.filter(pk__in=matching(CompanyWords, words))
    return found.order_by(name_rank("company", **first), "name_key", "id")[:EACH]


def _contacts(actor: Actor, typed: Sequence[Typed], words: str) -> list[Contact]:
    """Return contacts in the same order, with the company at which they are seen."""
    sight, who = sight_of(actor)
    found = _some_contacts(sight, words=words, **who, **likely(actor, typed))
    return as_seen(actor, found)


@prepared
def _some_contacts(
    sight: str, /, *, words: str, **given: Any
) -> QuerySet[Contact, Contact]:
    first = {name: given.pop(name) for name in LIKELY}
    found = visible_contacts(seen_by(sight, **given))
    found = found.filter(pk__in=matching(ContactWords, words))
    return found.order_by(name_rank("contact", **first), "name_key", "id")[:EACH]


LIKELY: Final = ("begin", "end", "own")


# --- what was found ---------------------------------------------------------------


def _sorted_out(
    ids: Sequence[int], typed: Sequence[Typed], now: datetime
) -> tuple[list[ActivityRow], list[InText]]:
    """Return the activities whose title holds the words, and those whose texts do."""
    rows = rows_of(ids, now=now)
    titles: dict[str, list[ActivityRow]] = {}
    others: list[ActivityRow] = []
    for row in (rows[pk] for pk in ids if pk in rows):
        if are_in(typed, f"{row.title} {row.company_name}"):
            titles.setdefault(row.kind, []).append(row)
        else:
            others.append(row)
    excerpts = excerpts_of([row.id for row in others[:EACH]], typed)
    return (
        [row for kind in KindCode for row in titles.get(kind, [])[:EACH]],
        [InText(row, excerpts.get(row.id, NO_EXCERPT)) for row in others[:EACH]],
    )
