"""What `/` and Ctrl+K find: records by their numbers, names, titles and texts.

Everything is bounded, because it is asked at every keystroke. Frequent words are met
among the newest records, own ones first; rare ones are looked up (`matching.py`), and
they are few. A typing error is thought of only when nothing was found, and looked for
among what the actor sees, so that a correction betrays nothing either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import (
    Case,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.activities.queries.activities import visible_activities, with_old_number
from veriga.activities.queries.rows import ORDERS, ActivityRow, rows_of, rows_page
from veriga.activities.rules.references import read_reference
from veriga.activities.rules.words import KindCode
from veriga.common.checks import clean_query
from veriga.common.parts import page_of_parts
from veriga.common.prepared import prepared
from veriga.parties.models import Company, Contact
from veriga.parties.queries import (
    activity_parts,
    as_seen,
    seen_by,
    sight_of,
    visible_companies,
    visible_contacts,
)
from veriga.work.models import ActivityWords, CompanyWords, ContactWords, KnownWord
from veriga.work.rules.searching import (
    Typed,
    are_in,
    corrected,
    holding,
    is_long_enough,
    read_typed,
)
from veriga.work.rules.words import meant

from .excerpts import NO_EXCERPT, Excerpt, excerpts_of
from .matching import asked, matching

EACH: Final = 5  # results of each group
RECENT: Final = 600  # so many newest activities are read through
OWN: Final = 300  # and so many of the actor's own
HITS: Final = 40  # activities that are looked at more closely
LAST_CHARACTER: Final = "\U0010ffff"
ENOUGH: Final = 5  # found among the newest, so that the rest is not looked for


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
    is_guess: bool = False

    def __bool__(self) -> bool:
        parts = (self.exact, self.companies, self.contacts, self.activities, self.texts)
        return any(parts)

    def of_kind(self, kind: str) -> list[ActivityRow]:
        """Return the activities of one kind."""
        return [row for row in self.activities if row.kind == kind]


@dataclass(frozen=True, slots=True)
class _Hits:
    companies: list[Company]
    contacts: list[Contact]
    activities: list[int]

    def __bool__(self) -> bool:
        return bool(self.companies or self.contacts or self.activities)


def search(actor: Actor, q: str, *, now: datetime) -> Found:
    """Return what `q` finds among what the actor sees; at most twelve statements.

    A reference, its case and zeros forgiven, finds its activity and nothing else. An
    old number of an imported record finds that record besides the rest. Every other
    word must be there, whole or its beginning, whatever its case, accents and ending;
    one slip in each is forgiven if nothing fits otherwise, but not in numbers.
    """
    q = clean_query(q)
    if not q:
        return Found(activities=_own_newest(actor, now))
    exact = _by_number(actor, q, now)
    typed = read_typed(q)
    if read_reference(q) or not typed or not is_long_enough(q):
        return Found(exact=exact)
    activities = _Activities(actor)
    hits, is_guess = _hits(actor, activities, typed), False
    if not hits and not exact:
        typed = _corrected(typed)
        if typed:
            hits = _hits(actor, activities, typed, again=True)
        is_guess = bool(hits)
    titles, texts = _sorted_out(hits.activities, typed, now)
    return Found(exact, hits.companies, hits.contacts, titles, texts, is_guess)


def _hits(
    actor: Actor,
    activities: _Activities,
    typed: Sequence[Typed],
    *,
    again: bool = False,
) -> _Hits:
    """Return what holds all words."""
    words = asked(typed)
    return _Hits(
        _companies(actor, typed, words),
        _contacts(actor, typed, words),
        activities.holding(typed, words, again=again),
    )


def _corrected(typed: Sequence[Typed]) -> list[Typed]:
    """Return the words with known ones they may stand for; none if there are none."""
    wanted = {one: meant(one.word) for one in typed}
    every = sorted(set().union(*wanted.values()))
    if not every:
        return []
    there = KnownWord.objects.filter(word__in=every).values_list("word", flat=True)
    known = set(there)
    return [corrected(one, wanted[one] & known) for one in typed] if known else []


# --- numbers ----------------------------------------------------------------------


def _by_number(actor: Actor, q: str, now: datetime) -> list[ActivityRow]:
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
    rows = visible_activities(actor).filter(owner_id=actor.user_id, date__lte=now)
    return rows_page(rows, ORDERS["date"], now=now, limit=EACH).rows


# --- names ------------------------------------------------------------------------


def _companies(actor: Actor, typed: Sequence[Typed], words: str) -> list[Company]:
    """Return companies, those first whose name begins so, then the actor's own."""
    sight, who = sight_of(actor)
    return _some_companies(sight, words=words, **who, **_likely(actor, typed))


@prepared
def _some_companies(
    sight: str, /, *, words: str, **given: Any
) -> QuerySet[Company, Company]:
    likely = {name: given.pop(name) for name in LIKELY}
    found = visible_companies(seen_by(sight, **given))
    found = found.filter(pk__in=matching(CompanyWords, words))
    return _likeliest(found, "account_owner_id", **likely)


def _contacts(actor: Actor, typed: Sequence[Typed], words: str) -> list[Contact]:
    """Return contacts in the same order, with the company at which they are seen."""
    sight, who = sight_of(actor)
    found = _some_contacts(sight, words=words, **who, **_likely(actor, typed))
    return as_seen(actor, found)


@prepared
def _some_contacts(
    sight: str, /, *, words: str, **given: Any
) -> QuerySet[Contact, Contact]:
    likely = {name: given.pop(name) for name in LIKELY}
    found = visible_contacts(seen_by(sight, **given))
    found = found.filter(pk__in=matching(ContactWords, words))
    return _likeliest(found, "company__account_owner_id", **likely)


LIKELY: Final = ("begin", "end", "own")


def _likely(actor: Actor, typed: Sequence[Typed]) -> dict[str, Any]:
    begin = " ".join(one.word for one in typed)
    end = f"{begin}{LAST_CHARACTER}"
    return {"begin": begin, "end": end, "own": actor.user_id or 0}


def _likeliest(
    found: QuerySet[Any, Any], owner: str, *, begin: str, end: str, own: int
) -> QuerySet[Any, Any]:
    rank = Case(
        When(name_folded__gte=begin, name_folded__lt=end, then=Value(0)),
        When(**{owner: own}, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return found.order_by(rank, "name_key", "id")[:EACH]


# --- activities -------------------------------------------------------------------


class _Activities:
    """Finds activities; the newest are read once, whatever they are looked at for."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._sight, self._who = sight_of(actor)
        self._read: dict[bool, list[tuple[int, str]]] = {}

    def holding(self, typed: Sequence[Typed], words: str, *, again: bool) -> list[int]:
        """Return the ids of activities that hold all words, own ones first.

        `again`, for other words, it asks for one statement less.
        """
        newest = holding(self._newest(own=False), typed)
        # What is rare among the newest is looked up, own ones first, all of them.
        own = holding(self._newest(own=True), typed) if newest and not again else []
        found = dict.fromkeys(pk for pk, _ in (*own, *newest))
        if len(found) < ENOUGH:
            me = self._actor.user_id or 0
            rare = _looked_up(self._sight, words=words, own=me, **self._who)
            found = dict.fromkeys(rare) | found
        return list(found)[:HITS]

    def _newest(self, own: bool) -> list[tuple[int, str]]:
        me = self._actor.user_id
        if own and me is None:
            return []
        if own not in self._read:
            who = {**self._who, "me": me} if own and me is not None else self._who
            self._read[own] = _newest(self._sight, own, **who)
        return self._read[own]


@prepared
def _newest(
    sight: str, own: bool, /, me: int = 0, team: int | None = None
) -> QuerySet[Activity, tuple[int, str]]:
    """Return the newest activities, with their words."""
    living = Activity.objects.filter(deleted_at__isnull=True)
    if own:
        living = living.filter(owner_id=me)
    parts = activity_parts(seen_by(sight, me, team))
    if parts is not None and len(parts) == 1:
        living, parts = living.filter(parts[0]), None  # an index gives them in order
    limit = OWN if own else RECENT
    newest = page_of_parts(living, parts, ORDERS["date"], limit=limit - 1, values=())
    kept = ActivityWords.objects.filter(pk=OuterRef("pk")).values("words")
    known = Coalesce(Subquery(kept[:1]), Value(""), output_field=TextField())
    return newest.annotate(kept=known).values_list("pk", "kept")


@prepared
def _looked_up(
    sight: str, /, *, words: str, own: int, **who: int
) -> QuerySet[Activity, int]:
    """Return activities that hold all words, of the last recorded that do."""
    rows = visible_activities(seen_by(sight, **who))
    rank = Case(
        When(owner_id=own, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = rows.filter(pk__in=matching(ActivityWords, words))
    # First by what no index knows: SQLite would walk down all dates for a few rows.
    ordered = rows.order_by(rank, "-date", "-reference_key")
    return ordered.values_list("pk", flat=True)[:HITS]


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
