"""The links that people confirmed, each with what might have been chosen instead.

Told as it was at the moment of the link: which activities there were, and in which
chains they stood by the links of before. Titles, contacts, products and owners are
read as they are now. What was preselected then is taken out of what might have been
chosen, and whoever took it is passed over: so a default teaches neither for itself nor
against itself. Source: docs/decisions/0027.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from veriga.access.rules import Source
from veriga.activities.models import Activity, Link
from veriga.activities.queries.suggestions import (
    CANDIDATES,
    DAY_S,
    HORIZON,
    kind_name,
)
from veriga.activities.rules.likeness import Candidate, Offer, Record, fixed_order
from veriga.activities.rules.words import LinkReason
from veriga.common.transactions import one_moment
from veriga.insight.rules.components import Components
from veriga.parties.models import Company

MOST_LINKS: Final = 5_000
COMPANIES: Final = 200  # read at once
# The others were made by programs: nobody chose.
BY_PEOPLE: Final = (LinkReason.FORM, LinkReason.SUGGESTION, LinkReason.MADE_ON)
BY_PROGRAMS: Final = (Source.IMPORT, Source.MAIL, Source.SYSTEM)
_YEAR_DAYS: Final = HORIZON / timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Confirmed:
    """A link that somebody made, with what is known of the offer at that time."""

    id: int
    follow_up: int
    stimulus: int
    reason: str
    made_at: datetime
    company: int
    offer: dict[str, Any] | None
    suggested: int | None


@dataclass(frozen=True, slots=True)
class _Old:
    """An activity and when it was recorded, in days."""

    id: int
    recorded: float
    record: Record


def confirmed_links(most: int = MOST_LINKS) -> list[Offer]:
    """Return the newest links that teach, the oldest first, of all companies."""
    with one_moment():
        by_company: dict[int, list[_Confirmed]] = defaultdict(list)
        for one in _newest(most):
            by_company[one.company].append(one)
        companies = sorted(by_company)
        found: list[Offer] = []
        for begin in range(0, len(companies), COMPANIES):
            some = companies[begin : begin + COMPANIES]
            activities, links = _activities(some), _links(some)
            for company in some:
                found += _of_company(
                    by_company[company], activities[company], links[company]
                )
    return sorted(found, key=lambda offer: offer.record.at)


def newest_link() -> int:
    """Return the id of the newest link, 0 without any."""
    last = Link.objects.order_by("-pk").values_list("pk", flat=True).first()
    return last or 0


def links_since(newest: int, enough: int) -> int:
    """Return how many links people have made since then, `enough` at most."""
    rows = Link.objects.filter(
        pk__gt=newest, reason__in=BY_PEOPLE, made_by__isnull=False
    )
    return len(rows.order_by("pk").values_list("pk", flat=True)[:enough])


def _newest(most: int) -> Iterator[_Confirmed]:
    own = list(Company.objects.filter(is_own=True).values_list("pk", flat=True))
    rows = (
        Link.objects.filter(reason__in=BY_PEOPLE, made_by__isnull=False)
        .exclude(reason=LinkReason.MADE_ON, follow_up__source__in=BY_PROGRAMS)
        .exclude(follow_up__company_id__in=own)
        .order_by("-made_at", "-pk")
        .values_list(
            *("pk", "follow_up_id", "stimulus_id", "reason", "made_at"),
            *("follow_up__company_id", "offer", "follow_up__suggestion__offered_id"),
        )
    )
    for row in rows[:most]:
        yield _Confirmed(*row)


def _activities(companies: Sequence[int]) -> dict[int, list[_Old]]:
    """Return the living activities of each company by their date, the oldest first."""
    found: dict[int, list[_Old]] = defaultdict(list)
    there = Activity.objects.filter(
        company_id__in=companies, deleted_at__isnull=True, chain__isnull=False
    )
    through = Activity.contacts.through.objects.filter(activity__in=there)
    contacts: dict[int, list[int]] = defaultdict(list)
    for activity_id, contact_id in through.values_list("activity_id", "contact_id"):
        contacts[activity_id].append(contact_id)
    for (
        pk,
        company,
        product,
        owner,
        title,
        kind,
        type_code,
        date,
        recorded,
    ) in there.order_by("date", "reference_key").values_list(
        *("pk", "company_id", "product_id", "owner_id", "title", "kind"),
        *("type_code", "date", "recorded_at"),
    ):
        record = Record(
            date.timestamp() / DAY_S,
            kind_name(kind, type_code),
            owner,
            frozenset(contacts.get(pk, ())),
            frozenset([product] if product else ()),
            title,
        )
        found[company].append(_Old(pk, recorded.timestamp() / DAY_S, record))
    return found


def _links(companies: Sequence[int]) -> dict[int, list[tuple[datetime, int, int, int]]]:
    """Return the links of each company in the order in which they were made."""
    found: dict[int, list[tuple[datetime, int, int, int]]] = defaultdict(list)
    rows = Link.objects.filter(follow_up__company_id__in=companies)
    for company, *link in rows.order_by("made_at", "pk").values_list(
        *("follow_up__company_id", "made_at", "pk", "follow_up_id", "stimulus_id")
    ):
        found[company].append((link[0], link[1], link[2], link[3]))
    return found


def _of_company(
    confirmed: Sequence[_Confirmed],
    activities: Sequence[_Old],
    links: Sequence[tuple[datetime, int, int, int]],
) -> Iterator[Offer]:
    """Go through the links in time; chains grow as they did."""
    wanted = {one.id: one for one in confirmed}
    by_id = {one.id: one for one in activities}
    dates = [one.record.at for one in activities]
    chains = Components()
    for made_at, pk, follow_up, stimulus in links:
        one = wanted.get(pk)
        if one is not None and follow_up in by_id and stimulus in by_id:
            now = made_at.timestamp() / DAY_S
            until = bisect_right(dates, now)
            before = _candidates(activities, until, now, chains, follow_up)
            offer = _offer(one, by_id, before, now, chains)
            if offer is not None:
                yield offer
        chains.join(follow_up, stimulus)


def _candidates(
    activities: Sequence[_Old],
    until: int,
    now: float,
    chains: Components,
    follow_up: int,
) -> tuple[Candidate, ...]:
    """Return the newest that were there, not of the record's own chain."""
    own = chains.of(follow_up)
    found: list[Candidate] = []
    for place in range(until - 1, -1, -1):
        old = activities[place]
        if old.record.at < now - _YEAR_DAYS or len(found) == CANDIDATES:
            break
        chain = chains.of(old.id)
        if chain != own and old.recorded <= now:
            found.append(Candidate(old.id, chain, old.record))
    return tuple(found)


def _offer(
    one: _Confirmed,
    by_id: dict[int, _Old],
    before: tuple[Candidate, ...],
    now: float,
    chains: Components,
) -> Offer | None:
    """Return what there was to choose from; None if it teaches nothing."""
    own = by_id[one.follow_up].record
    record = Record(now, own.kind, own.user, own.contacts, own.products, own.text)
    default = _default(one, Offer(record, before), chains)
    left = tuple(candidate for candidate in before if candidate.chain != default)
    # Where one chain is left there was nothing to choose.
    if len({candidate.chain for candidate in left}) < 2:
        return None
    if all(candidate.id != one.stimulus for candidate in left):
        return None
    return Offer(record, left, one.stimulus)


def _default(one: _Confirmed, offer: Offer, chains: Components) -> int | None:
    """Return the chain that had been preselected, None if there was none."""
    if one.offer is not None:
        preselected = one.offer["preselected"]
        return chains.of(preselected) if preselected else None
    if one.reason == LinkReason.MADE_ON:
        return None
    # Links from before offers were kept: the first one was preselected always.
    if one.reason == LinkReason.SUGGESTION:
        return chains.of(one.stimulus)
    if one.suggested is not None:
        return chains.of(one.suggested)
    order = fixed_order(offer)
    return order[0] if order else None
