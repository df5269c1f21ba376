"""What Poveži offers, and what a link would join."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from veriga.access.rules import Actor
from veriga.activities.models import Activity, Link
from veriga.activities.rules.choosing import OFFERED
from veriga.activities.rules.graphs import closes_circle
from veriga.common.days import day_end, day_start
from veriga.common.errors import Conflict, Invalid
from veriga.common.keyset import Page
from veriga.common.prepared import prepared

from .activities import get_activity, visible_activities
from .chains import ChainSummary, summaries
from .filters import text_condition
from .rows import ORDERS, rows_page
from .suggestions import Candidate, Sketch, kind_name, suggest

LARGEST_ID = 2**63 - 1  # what a database column holds


@dataclass(frozen=True, slots=True)
class Preview:
    """What linking two activities would do; `problem` is an error code or None."""

    already_linked: bool
    joins: tuple[ChainSummary, ChainSummary]
    problem: str | None


@dataclass(frozen=True, slots=True)
class LinkableFilters:
    """What narrows Poveži."""

    q: str = ""
    kind: str = ""
    owner_id: int | None = None
    date_from: date | None = None
    date_to: date | None = None

    @property
    def is_empty(self) -> bool:
        return self == LinkableFilters()


def problem_of_link(
    follow_up: Activity, stimulus: Activity, chain_links: Iterable[tuple[int, int]]
) -> str | None:
    """Return the code of what forbids this link, None if nothing does.

    `chain_links` are the links of the follow-up's chain, needed if both are in it.
    """
    if follow_up.pk == stimulus.pk:
        return "link_to_itself"
    if follow_up.company_id != stimulus.company_id:
        return "other_company"
    if follow_up.chain_id == stimulus.chain_id and closes_circle(
        chain_links, follow_up.pk, stimulus.pk
    ):
        return "circle"
    return None


def chain_pairs(chain_id: int) -> list[tuple[int, int]]:
    """Return the (follow-up, stimulus) ids of a chain's links."""
    return _pairs(chain=chain_id)


@prepared
def _pairs(*, chain: int) -> QuerySet[Link, tuple[int, int]]:
    links = Link.objects.filter(follow_up__chain_id=chain)
    return links.values_list("follow_up_id", "stimulus_id")


def link_between(one: int, other: int) -> Link | None:
    """Return the link of two activities, whichever way round, None if there is none."""
    found = _between(one=one, other=other)
    return found[0] if found else None


@prepared
def _between(*, one: int, other: int) -> QuerySet[Link]:
    there = Q(follow_up_id=one, stimulus_id=other)
    return Link.objects.filter(there | Q(follow_up_id=other, stimulus_id=one))


def preview_link(actor: Actor, follow_up: str, stimulus: str) -> Preview:
    """Return what linking would join, whether it exists, and what forbids it.

    Conflict if others change these very chains each time they are read.
    """
    for _ in range(3):
        later, earlier = get_activity(actor, follow_up), get_activity(actor, stimulus)
        linked = link_between(later.pk, earlier.pk) is not None
        same_chain = later.chain_id == earlier.chain_id
        pairs = chain_pairs(later.living_chain_id) if same_chain and not linked else []
        chains = summaries([later.living_chain_id, earlier.living_chain_id])
        # Else somebody linked one of them since it was read: its chain is another now.
        if {later.living_chain_id, earlier.living_chain_id} <= chains.keys():
            return Preview(
                already_linked=linked,
                joins=(chains[later.living_chain_id], chains[earlier.living_chain_id]),
                problem=None if linked else problem_of_link(later, earlier, pairs),
            )
    raise Conflict("stale")


def list_linkable(
    actor: Actor,
    reference: str,
    filters: LinkableFilters,
    *,
    now: datetime,
    limit: int = 50,
    cursor: str | None = None,
    full: bool = False,
) -> Page[Candidate]:
    """Return what Poveži offers for one activity: its company's others, all of them.

    The likeliest first with their reasons, then the other chains newest first, last the
    members of its own chain. A cursor names the part it is in.
    """
    if not 1 <= limit <= 200:
        raise Invalid.of("limit", "limit_range")
    activity = get_activity(actor, reference)
    part, offered, inner = _read_cursor(cursor)
    found: list[Candidate] = []
    if cursor is None and filters.is_empty:
        found = suggest(
            actor,
            activity.company_id,
            _sketch(activity),
            now=now,
            not_in_chain=activity.living_chain_id,
            limit=min(OFFERED, limit),
            full=full,
        )
        offered = [candidate.row.id for candidate in found]
    everything = _narrow(
        visible_activities(actor)
        .filter(company_id=activity.company_id)
        .exclude(pk=activity.pk),
        filters,
    )
    own_chain = activity.living_chain_id
    parts = {
        1: everything.exclude(chain_id=own_chain).exclude(pk__in=offered),
        2: everything.filter(chain_id=own_chain),
    }
    while part in parts:
        space = limit - len(found)
        if space <= 0:
            return Page(found, _write_cursor(part, offered, inner))
        page = rows_page(
            parts[part], ORDERS["date"], now=now, limit=space, cursor=inner, full=full
        )
        found += [Candidate(row, in_this_chain=part == 2) for row in page.rows]
        if page.next:
            return Page(found, _write_cursor(part, offered, page.next))
        part, inner = part + 1, None
    return Page(found, None)


def _sketch(activity: Activity) -> Sketch:
    return Sketch(
        kind=kind_name(activity.kind, activity.type_code),
        user_id=activity.owner_id,
        product_id=activity.product_id,
        contact_ids=list(activity.contacts.values_list("pk", flat=True)),
        title=activity.title,
    )


def _narrow(rows: QuerySet[Activity], filters: LinkableFilters) -> QuerySet[Activity]:
    zone = timezone.get_default_timezone()
    if filters.q.strip():
        rows = rows.filter(text_condition(filters.q))
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.owner_id:
        rows = rows.filter(owner_id=filters.owner_id)
    if filters.date_from:
        rows = rows.filter(date__gte=day_start(filters.date_from, zone))
    if filters.date_to:
        rows = rows.filter(date__lt=day_end(filters.date_to, zone))
    return rows


def _write_cursor(part: int, offered: Sequence[int], inner: str | None) -> str:
    text = f"{part}:{','.join(map(str, offered))}:{inner or ''}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str | None) -> tuple[int, list[int], str | None]:
    if cursor is None:
        return 1, [], None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        part, ids, inner = text.split(":")
        offered = [int(i) for i in ids.split(",") if i]
        if len(offered) > OFFERED or any(i > LARGEST_ID for i in offered):
            raise ValueError(text)
        return int(part), offered, inner or None
    except (ValueError, binascii.Error) as error:
        raise Invalid.of("cursor", "bad_cursor") from error
