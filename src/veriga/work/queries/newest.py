"""Activities and group events that hold typed words, met among the newest or looked up.

Frequent words are met among the newest records, own ones first; rare ones are looked up
(`matching.py`), and they are few. Group events and products are few and always looked
up, in the same statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import (
    Case,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now

from veriga.access.models import User
from veriga.access.rules import Actor
from veriga.activities.models import Activity, Change
from veriga.activities.queries.activities import visible_activities
from veriga.activities.queries.rows import ORDERS
from veriga.activities.rules.words import KindCode
from veriga.catalogue.models import Product
from veriga.common.kept import Kept
from veriga.common.parts import page_of_parts
from veriga.common.prepared import prepared
from veriga.events.models import Gathering
from veriga.events.queries.gatherings import visible_gatherings
from veriga.history.models import Record
from veriga.parties.queries import activity_parts, any_of, seen_by, sight_of
from veriga.work.models import ActivityWords, GatheringWords, ProductWords
from veriga.work.rules.searching import Typed, holding
from veriga.work.rules.words import marks_of

from .frequent import frequent_of
from .matching import asked, matching
from .nouns import likely
from .paging import holding_all, needles_of

EACH: Final = 5  # group events, products
RECENT: Final = 600  # so many newest activities are read through
OWN: Final = 300  # and so many of the actor's own
HITS: Final = 40  # activities that are looked at more closely
READ: Final = 3_000  # that hold the rare words, and are read for the others
ENOUGH: Final = 5  # found among the newest, so that the rest is not looked for
# From one keystroke to the next the newest are mostly the same.
KEEP_S: Final = 3.0
ACTIVITY, GATHERING, PRODUCT = 0, 1, 2
Place = tuple[int, int, int, datetime, str]  # noun, id, 0 for own, and what orders it


@dataclass(frozen=True, slots=True)
class Events:
    """Ids of activities, of group events and of products, the likeliest first."""

    activities: list[int]
    gatherings: list[int]
    products: list[int]


_kept: Kept[list[tuple[int, str]]] = Kept(KEEP_S, most=20)


class Finder:
    """Finds them; the newest are read once, whatever they are looked at for.

    They are kept for whoever types on, until anything changes.
    """

    def __init__(self, actor: Actor) -> None:
        self._actor, self._me = actor, actor.user_id
        self._sight, self._who = sight_of(actor)
        self._marks = marks_of(list(KindCode), with_persons=actor.may_see_persons)
        self._last = _last_changes(me=self._me or 0)

    def holding(self, typed: Sequence[Typed], words: str, *, again: bool) -> Events:
        """Return what holds all words, own ones first.

        `again`, for other words, it asks for one statement less.
        """
        newest = holding(self._newest(own=False), typed)
        # What is rare among the newest is looked up, own ones first, all of them.
        own = holding(self._newest(own=True), typed) if newest and not again else []
        found = dict.fromkeys(pk for pk, _ in (*own, *newest))
        is_rare = len(found) < ENOUGH
        begins = likely(self._actor, typed)
        given: dict[str, Any] = {"words": words, "me": self._me or 0, **self._who}
        given |= {"begin": begins["begin"], "end": begins["end"]}
        forms: tuple[int, ...] = ()
        marks = ""
        if is_rare:
            # What many hold is not looked up: the few that hold the others are read.
            frequent = frequent_of(self._actor, typed)
            others = [one for one in typed if one not in frequent]
            given["marked"] = asked(others, self._marks)
            if frequent:
                forms, marks, given["needles"] = needles_of(self._actor, frequent, "")
        places = _looked_up(self._sight, is_rare, forms, marks, **given)
        places.sort(key=lambda one: (one[3], one[4]), reverse=True)
        places.sort(key=lambda one: one[2])
        rare = [pk for noun, pk, *_ in places if noun == ACTIVITY]
        found = dict.fromkeys(rare) | found
        gatherings = [pk for noun, pk, *_ in places if noun == GATHERING]
        products = sorted(
            (rank, name, pk) for noun, pk, rank, _, name in places if noun == PRODUCT
        )
        return Events(list(found)[:HITS], gatherings, [pk for *_, pk in products])

    def _newest(self, own: bool) -> list[tuple[int, str]]:
        me = self._me
        if own and me is None:
            return []
        who = {**self._who, "me": me} if own and me is not None else self._who
        key = (*self._last, self._sight, own, *who.values())
        return _kept.get(key, lambda: _newest(self._sight, own, **who))


@prepared
def _last_changes(*, me: int) -> QuerySet[User, tuple[int | None, int | None]]:
    """Return the number of the newest change of any record, and of any chain.

    Every write leaves one. Of two transactions at once the one with the lower number
    may end later: then what was read before it stands for some seconds.
    """
    records = Record.objects.order_by("-id").values("id")[:1]
    chains = Change.objects.order_by("-id").values("id")[:1]
    user = User.objects.filter(pk=me).order_by()
    return user.values_list(Subquery(records), Subquery(chains))


@prepared
def _newest(
    sight: str, own: bool, /, me: int = 0, team: int | None = None
) -> QuerySet[Activity, tuple[int, str]]:
    """Return the newest activities, with their words."""
    living = Activity.objects.filter(deleted_at__isnull=True)
    parts = activity_parts(seen_by(sight, me, team))
    if own:
        # One part: what somebody owns they see, all but a few, and an index has it.
        living, parts = living.filter(any_of(parts) or Q(), owner_id=me), None
    elif parts is not None and len(parts) == 1:
        living, parts = living.filter(parts[0]), None  # an index gives them in order
    limit = OWN if own else RECENT
    newest = page_of_parts(living, parts, ORDERS["date"], limit=limit - 1, values=())
    kept = ActivityWords.objects.filter(pk=OuterRef("pk")).values("words")
    known = Coalesce(Subquery(kept[:1]), Value(""), output_field=TextField())
    return newest.annotate(kept=known).values_list("pk", "kept")


@prepared
def _looked_up(
    sight: str,
    with_activities: bool,
    forms: tuple[int, ...],
    marks: str,
    /,
    *,
    words: str,
    me: int,
    begin: str,
    end: str,
    marked: str = "",
    needles: Sequence[str] = (),
    team: int | None = None,
) -> QuerySet[Any, Place]:
    """Return the places of what holds all words; of activities the last recorded.

    These hold the `marked` ones and, read one by one, the `needles` of `holding_all`.
    """
    actor = seen_by(sight, me, team)
    gatherings = visible_gatherings(actor)
    gatherings = gatherings.filter(pk__in=matching(GatheringWords, words))
    some = gatherings.order_by(_rank(me), "-starts_at", "-id")[:EACH].values("pk")
    # One step between, because SQLite takes no LIMIT in a member of a union.
    found = Gathering.objects.filter(pk__in=some)
    last = Value("", output_field=TextField())
    places = found.values_list(_noun(GATHERING), "pk", _rank(me), "starts_at", last)
    products = _products(words, _offered(begin, end))
    if not with_activities:
        return places.union(products, all=True)
    rows = visible_activities(actor)
    if needles:
        rows = rows.filter(pk__in=matching(ActivityWords, marked, most=READ))
        rows = rows.filter(holding_all(forms, marks, needles))
    else:
        rows = rows.filter(pk__in=matching(ActivityWords, marked))
    # First by what no index knows: SQLite would walk down all dates for a few rows.
    rows = rows.order_by(_rank(me), "-date", "-reference_key")[:HITS]
    hits = Activity.objects.filter(pk__in=rows.values("pk"))
    return hits.values_list(
        _noun(ACTIVITY), "pk", _rank(me), "date", "reference_key"
    ).union(places, products, all=True)


def _products(words: str, rank: Case) -> QuerySet[Product, Any]:
    """Return the places of products, which everybody sees, by rank and name."""
    products = Product.objects.filter(pk__in=matching(ProductWords, words))
    some = products.order_by(rank, "name_key", "id")[:EACH].values("pk")
    found = Product.objects.filter(pk__in=some).order_by()
    # They have no date; what stands in its place orders nothing.
    return found.values_list(_noun(PRODUCT), "pk", rank, Now(), "name_key")


def _offered(begin: str, end: str) -> Case:
    """Return what puts products first whose name begins so, and those last that are no
    longer offered."""
    return Case(
        When(is_active=False, then=Value(2)),
        When(name_folded__gte=begin, name_folded__lt=end, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )


def _noun(noun: int) -> Value:
    return Value(noun, output_field=IntegerField())


def _rank(own: int) -> Case:
    """Return what puts own records first."""
    return Case(
        When(owner_id=own, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
