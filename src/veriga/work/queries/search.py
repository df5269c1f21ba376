"""What Ctrl+K finds: a reference, companies, contacts and titles of activities.

Everything is bounded, because it is asked at every keystroke.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from veriga.access.rules import Actor
from veriga.activities.models import Activity
from veriga.activities.queries.activities import visible_activities, with_old_number
from veriga.activities.queries.rows import ORDERS, ActivityRow, rows_of, rows_page
from veriga.activities.rules.references import read_reference
from veriga.common.checks import clean_query
from veriga.common.text import fold
from veriga.parties.models import Company, Contact
from veriga.parties.queries import find_companies, find_contacts

EACH = 5  # results of each group
RECENT = 2_000  # titles are looked for in so many of the newest activities
SHORTEST = 2  # letters from which names and titles are looked for


@dataclass(frozen=True, slots=True)
class Found:
    """What fits the typed text; `exact` are activities of this very number."""

    exact: list[ActivityRow] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    activities: list[ActivityRow] = field(default_factory=list)


def search(actor: Actor, q: str, *, now: datetime) -> Found:
    """Return what `q` finds among what the actor sees; at most nine statements.

    A reference, its case and zeros forgiven, finds its activity and nothing else. An
    old number of an imported record finds that record besides the rest.
    """
    q = clean_query(q)
    if not q:
        return Found(activities=_own_newest(actor, now))
    exact = _by_number(actor, q, now)
    if read_reference(q) or len(q) < SHORTEST:
        return Found(exact=exact)
    return Found(
        exact=exact,
        companies=find_companies(actor, q, limit=EACH),
        contacts=find_contacts(actor, q, limit=EACH),
        activities=_by_title(actor, q, now),
    )


def _by_number(actor: Actor, q: str, now: datetime) -> list[ActivityRow]:
    if not any(c.isdigit() for c in q):
        return []
    visible = visible_activities(actor).order_by().values_list("pk", flat=True)
    ids = list(visible.filter(reference=read_reference(q) or ""))
    ids += visible.filter(pk__in=with_old_number(q))[:EACH]
    rows = rows_of(ids, now=now) if ids else {}
    return [rows[pk] for pk in dict.fromkeys(ids)]


def _own_newest(actor: Actor, now: datetime) -> list[ActivityRow]:
    """Return the actor's newest activities: the likeliest to be wanted again."""
    rows = visible_activities(actor).filter(owner_id=actor.user_id, date__lte=now)
    return rows_page(rows, ORDERS["date"], now=now, limit=EACH).rows


def _by_title(actor: Actor, q: str, now: datetime) -> list[ActivityRow]:
    """Return recent activities whose title holds the words of `q`, own ones first."""
    words = fold(q).split()
    own = visible_activities(actor).filter(owner_id=actor.user_id)
    found = _newest(_with_words(own, words), now)
    if len(found) < EACH:
        others = visible_activities(actor).exclude(owner_id=actor.user_id)
        found += _newest(_with_words(others, words), now)[: EACH - len(found)]
    return found


def _with_words(
    activities: QuerySet[Activity], words: Sequence[str]
) -> QuerySet[Activity]:
    newest = activities.order_by("-date", "-reference_key").values("pk")[:RECENT]
    condition = Q(pk__in=newest)
    for word in words:
        condition &= Q(title_folded__contains=word)
    return Activity.objects.filter(condition)


def _newest(activities: QuerySet[Activity], now: datetime) -> list[ActivityRow]:
    return rows_page(activities, ORDERS["date"], now=now, limit=EACH).rows
