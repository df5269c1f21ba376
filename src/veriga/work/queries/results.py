"""All that typed words find, by kind and page by page: what the palette only begins.

Counted before anything is read (`counting.py`): whether a slip of the finger is to be
forgiven, and how the rows are found, follows from how many there are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from veriga.access.rules import Actor
from veriga.activities.queries.chains import ChainSummary, summaries
from veriga.activities.queries.filters import with_old_number
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.rules.references import read_reference
from veriga.activities.rules.words import KindCode
from veriga.common.checks import clean_query
from veriga.work.rules.searching import Typed, is_long_enough, read_typed

from .counting import Counted, count_activities
from .excerpts import Excerpt, excerpts_of
from .nouns import Noun, counting_of, page_of
from .paging import (
    Asked,
    Way,
    activities_page,
    own_since,
    read_way,
)
from .search import by_number, corrected_words

FIRST: Final = 5  # names of each noun on the page of all kinds
LIMIT: Final = 50
MOST_TEXTS: Final = 400  # entries that are read for the excerpts of a page


KINDS: Final = (*Noun, *KindCode)


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found, and how much there is of each of KINDS.

    A reference finds `exact`, its activity and its chain, and nothing else. `names`
    are records of each noun, `activities` of the kind that was asked for or of all
    four, `excerpts` where the words stand in their texts. A count above COUNT_LIMIT
    says only that there are more, and of the kinds in `at_least` there may be.
    """

    typed: Sequence[Typed] = ()
    exact: Sequence[ActivityRow] = ()
    chains: Sequence[ChainSummary] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    at_least: Collection[str] = frozenset()
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

    def is_at_least(self, kind: str = "") -> bool:
        """Tell whether there may be more of a kind, or in all, than count() says."""
        return kind in self.at_least if kind else bool(self.at_least)


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
    """Return a page of all that `q` finds; at most twelve statements.

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
    counted, is_guess = _count(ask), False
    if not any(counted.all.values()):
        ask, is_guess = _guessed(ask), True
        if not ask.typed:
            return Results()
        counted = _count(ask)
    way = _way(ask, counted.activities, is_guess=is_guess)
    page = _page(ask, counted, way)
    return replace(page, counts=counted.all, at_least=counted.activities.at_least)


def list_further(
    actor: Actor,
    q: str,
    *,
    now: datetime,
    kind: str,
    limit: int = LIMIT,
    cursor: str,
) -> Results:
    """Return the page after `cursor` without any counts; at most five statements.

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


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many hold the words, of each of KINDS; of activities also what is known."""

    all: dict[str, int]
    activities: Counted


def _count(ask: _Ask) -> _Counted:
    """Return how many hold all words."""
    activities, names = count_activities(
        ask.actor,
        ask.typed,
        _numbered(ask),
        beside=[counting_of(ask.actor, noun, ask.typed) for noun in Noun],
    )
    counts: dict[str, int] = dict(zip(Noun, names, strict=True))
    return _Counted({**counts, **activities.numbers}, activities)


def _way(ask: _Ask, counted: Counted, *, is_guess: bool) -> Way:
    """Return how the activities of a first page are found."""
    if not ask.kinds or not counted.is_many(ask.kinds):
        return Way(is_guess)
    return Way(is_guess, True, counted.is_whole, own_since(ask.actor))


def _numbered(ask: _Ask) -> Q | None:
    """Return the condition for activities that had this number, if it is one."""
    has_digits = any(c.isdigit() for c in ask.q)
    return Q(pk__in=with_old_number(ask.q)) if has_digits else None


# --- the page ---------------------------------------------------------------------


def _page(ask: _Ask, counted: _Counted | None, way: Way) -> Results:
    """Return the page; what was counted spares statements for what there is not."""
    counts = counted.all if counted else None
    names: dict[str, Sequence[Any]] = {}
    following: str | None = None
    if ask.cursor:
        way, cursor = read_way(ask.cursor)
    else:
        cursor = None
    for noun in ask.nouns:
        if counts is None or counts[noun]:
            page = page_of(
                ask.actor,
                noun,
                ask.typed,
                limit=ask.limit if ask.kind else FIRST,
                cursor=cursor,
            )
            names[noun] = page.rows
            following = page.next if ask.kind else None
    rows: Sequence[ActivityRow] = ()
    if ask.kinds and (counts is None or any(counts[one] for one in ask.kinds)):
        listed = activities_page(
            ask.actor,
            Asked(ask.typed, _numbered(ask), ask.kind, way),
            now=ask.now,
            limit=ask.limit,
            cursor=cursor,
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
