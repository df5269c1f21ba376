"""`veriga check`: recompute everything that is stored twice and report differences.

It reads for the system, not for a user, company by company, so that it needs little
memory however large the installation is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Q

from veriga.activities.kinds import kind_of
from veriga.activities.models import Activity, Chain, Counter, Link, Mark
from veriga.activities.rules.chains import Member, closes_in, summarise
from veriga.activities.rules.graphs import components
from veriga.activities.rules.references import read_reference, write_key
from veriga.activities.rules.sales import Sign
from veriga.activities.rules.times import occurred_at
from veriga.activities.rules.words import KindCode
from veriga.common.text import fold, sort_key
from veriga.parties.models import Company

from .chains import SIGN_COLUMNS, sign_of
from .columns import company_columns
from .sums import differing_sums

BATCH = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """Something stored that is not what it should be.

    `code` says what ("chain", "origin", "counter", ...), `subject` names the record,
    `company_id` where repair has to look (None: nowhere in particular).
    """

    code: str
    subject: str
    company_id: int | None = None

    def __str__(self) -> str:
        return f"{self.code}: {self.subject}"


def find_differences() -> Iterator[Difference]:
    """Yield every difference between what is stored and what follows from it."""
    yield from _counters()
    yield from _stray_links()
    ids = list(Company.objects.order_by("pk").values_list("pk", flat=True))
    yield from _companies()
    for words in differing_sums():
        yield Difference("chain_sums", words)
    for start in range(0, len(ids), BATCH):
        yield from _batch(ids[start : start + BATCH])


def _counters() -> Iterator[Difference]:
    """References are 1..last of their counter, each given once, none missing."""
    given: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    rows = Activity.objects.values_list("pk", "reference", "reference_key")
    for pk, reference, key in rows.iterator(chunk_size=5000):
        if not reference or read_reference(reference) != reference:
            yield Difference("reference", f"activity {pk}")
            continue
        prefix, year, number = reference.split("-")
        if key != write_key(prefix, int(year), int(number)):
            yield Difference("reference_key", reference)
        seen = given[prefix, year]
        seen[0] += 1
        seen[1] = max(seen[1], int(number))
    for counter in Counter.objects.all():
        count, highest = given.pop(
            (counter.prefix, f"{counter.year % 100:02d}"), [0, 0]
        )
        if (count, highest) != (counter.last, counter.last):
            yield Difference("counter", str(counter))
    for prefix, year in given:
        yield Difference("counter", f"{prefix}-{year}")


def _stray_links() -> Iterator[Difference]:
    strays = Link.objects.filter(
        ~Q(follow_up__company=F("stimulus__company"))
        | Q(follow_up__deleted_at__isnull=False)
        | Q(stimulus__deleted_at__isnull=False)
    )
    for pk, company in strays.values_list("pk", "follow_up__company_id"):
        yield Difference("link", f"link {pk}", company)
    empty = Chain.objects.annotate(living=Count("members")).filter(living=0)
    for pk, company in empty.values_list("pk", "company_id"):
        yield Difference("empty_chain", f"chain {pk}", company)


def _companies() -> Iterator[Difference]:
    wrong = Company.objects.filter(account_owner__isnull=False).exclude(
        Q(team=F("account_owner__team"))
        | Q(team__isnull=True, account_owner__team__isnull=True)
    )
    for pk, name in wrong.values_list("pk", "name"):
        yield Difference("company_team", name, pk)


def _batch(company_ids: Sequence[int]) -> Iterator[Difference]:
    companies = Company.objects.in_bulk(list(company_ids))
    activities = list(
        Activity.objects.filter(
            company_id__in=company_ids, deleted_at__isnull=True
        ).order_by("company_id", "pk")
    )
    links: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for company, later, earlier in Link.objects.filter(
        follow_up__company_id__in=company_ids
    ).values_list("follow_up__company_id", "follow_up_id", "stimulus_id"):
        links[company].append((later, earlier))
    marks: dict[int, list[Sign]] = defaultdict(list)
    for company, *mark in Mark.objects.filter(
        activity__company_id__in=company_ids, withdrawn_at__isnull=True
    ).values_list("activity__company_id", "id", *SIGN_COLUMNS):
        marks[company].append(sign_of(*mark))
    chains = Chain.objects.filter(company_id__in=company_ids).in_bulk()
    by_company: dict[int, list[Activity]] = defaultdict(list)
    for activity in activities:
        by_company[activity.company_id].append(activity)
    for company, members in by_company.items():
        yield from _chains_of(company, members, links[company], marks[company], chains)
    for chain in chains.values():
        yield from _chain_columns(chain, companies[chain.company_id])
    yield from _columns(activities, companies)
    for code in KindCode:
        own = [a for a in activities if a.kind == code]
        names = {a.pk: a for a in own}
        if own:
            for pk, what in kind_of(code).differences(own):
                one = names[pk]
                yield Difference(what, one.reference or str(pk), one.company_id)


def _chains_of(
    company: int,
    activities: Sequence[Activity],
    links: Sequence[tuple[int, int]],
    marks: Sequence[Sign],
    chains: dict[int, Chain],
) -> Iterator[Difference]:
    by_id = {a.pk: a for a in activities}
    inside = [pair for pair in links if pair[0] in by_id and pair[1] in by_id]
    parts = components(by_id, inside)
    label: dict[int, int] = {}
    links_of: dict[int, list[tuple[int, int]]] = defaultdict(list)
    part_of = {pk: index for index, part in enumerate(parts) for pk in part}
    for pair in inside:
        links_of[part_of[pair[0]]].append(pair)
    marks_of: dict[int, list[Sign]] = defaultdict(list)
    for mark in marks:
        if mark.activity_id in part_of:
            marks_of[part_of[mark.activity_id]].append(mark)
    for index, part in enumerate(parts):
        own = {by_id[pk].chain_id for pk in part}
        first = by_id[min(part)]
        subject = first.reference or str(first.pk)
        chain_id = first.chain_id
        if len(own) != 1 or chain_id is None or chain_id in label:
            yield Difference("chain", subject, company)
            continue
        label[chain_id] = index
        chain = chains.get(chain_id)
        if chain is None:
            yield Difference("chain_company", subject, company)
            continue
        if _has_circle(part, links_of[index]):
            yield Difference("circle", subject, company)
            continue
        members = [
            Member(*(getattr(by_id[pk], name) for name in Member._fields))
            for pk in part
        ]
        for name, value in asdict(
            summarise(members, links_of[index], marks_of[index])
        ).items():
            if getattr(chain, name) != value:
                yield Difference(f"chain_{name}", subject, company)
        if _has_wrong_closes(members, marks_of[index]):
            yield Difference("closes", subject, company)


def _has_wrong_closes(members: Sequence[Member], marks: Sequence[Sign]) -> bool:
    """Tell whether marks say otherwise than they should which of them close a sale."""
    closes = {
        pk: (close.outcome, close.amount_minor, close.currency)
        for pk, close in closes_in(members, marks).items()
    }
    return any(
        closes.get(mark.order[1], ("", None, ""))
        != (mark.closes, mark.closed_minor, mark.closed_currency)
        for mark in marks
    )


def _chain_columns(chain: Chain, company: Company) -> Iterator[Difference]:
    """Yield what a chain keeps wrongly of its company."""
    for name, value in company_columns(company).items():
        if getattr(chain, name) != value:
            yield Difference(f"chain_{name}", f"chain {chain.pk}", company.pk)
    if chain.is_unsummed and not chain.is_running:
        yield Difference("chain_is_unsummed", f"chain {chain.pk}", company.pk)


def _has_circle(part: set[int], links: Sequence[tuple[int, int]]) -> bool:
    waiting: dict[int, int] = dict.fromkeys(part, 0)
    followed_by: dict[int, list[int]] = defaultdict(list)
    for later, earlier in links:
        waiting[later] += 1
        followed_by[earlier].append(later)
    free = [pk for pk, count in waiting.items() if not count]
    done = 0
    while free:
        done += 1
        for later in followed_by[free.pop()]:
            waiting[later] -= 1
            if not waiting[later]:
                free.append(later)
    return done != len(part)


def _columns(
    activities: Sequence[Activity], companies: dict[int, Company]
) -> Iterator[Difference]:
    owners = {a.owner_id for a in activities}
    users: dict[int, Any] = get_user_model().objects.in_bulk(owners)
    for a in activities:
        company = companies[a.company_id]
        expected = {
            "title_key": sort_key(a.title),
            "title_folded": fold(a.title)[:200],
            "company_key": company.name_key,
            **company_columns(company),
            "owner_key": users[a.owner_id].name_key,
            "occurred_at": occurred_at(
                KindCode(a.kind),
                starts_at=a.starts_at,
                done_at=a.done_at,
                document_at=a.document_at,
            ),
        }
        for name, value in expected.items():
            if getattr(a, name) != value:
                yield Difference(name, a.reference or str(a.pk), a.company_id)
