"""What becomes due between two instants, whoever's it is: the worker alone asks.

Each is a range of an index, however many activities are open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from veriga.activities.models import Activity, Chain, Participant
from veriga.activities.rules.words import KindCode
from veriga.parties.models import Company

Range = tuple[datetime, datetime]  # after the first, up to and with the second


class DueActivity(NamedTuple):
    """An activity, or the last one of a silent chain, and the instant it is about.

    Of an event it is its start, or when a participant begins who has a time of their
    own.
    """

    id: int
    reference: str
    kind: str
    type_code: str
    title: str
    company_id: int
    owner_id: int | None
    gathering_id: int | None
    at: datetime


COLUMNS = (
    *("id", "reference", "kind", "type_code", "title"),
    *("company_id", "owner_id", "gathering_id"),
)


def open_events(ranges: Iterable[Range], *, all_day: bool) -> list[DueActivity]:
    """Return the open events that start in `ranges`."""
    rows = _open().filter(kind=KindCode.EVENT, all_day=all_day)
    return _found(rows, "date", ranges)


def open_deadlines(ranges: Iterable[Range]) -> list[DueActivity]:
    """Return the open activities of other kinds that are due in `ranges`."""
    return _found(_open().exclude(kind=KindCode.EVENT), "due_at", ranges)


def silent_since(ranges: Mapping[str, Range]) -> list[DueActivity]:
    """Return the last activities of running chains that have been still since then.

    `ranges`: from the first instant until before the second, by the type of event that
    they ended with. The owner is the account owner of the company. Chains of the own
    firm are nobody's move.
    """
    if not ranges:
        return []
    condition = reduce(
        or_,
        (
            Q(
                last_acted_at__gte=first,
                last_acted_at__lt=before,
                last_acted__kind=KindCode.EVENT,
                last_acted__type_code=code,
            )
            for code, (first, before) in ranges.items()
        ),
    )
    own_firm = Company.objects.filter(is_own=True).values("id")
    rows = Chain.objects.filter(condition, is_running=True)
    rows = rows.filter(company_owner_id__isnull=False).exclude(company_id__in=own_firm)
    # The whole range first, which the index knows.
    firsts, lasts = zip(*ranges.values(), strict=True)
    rows = rows.filter(last_acted_at__gte=min(firsts), last_acted_at__lt=max(lasts))
    columns = [f"last_acted__{name}" for name in COLUMNS[:5]]
    found = rows.order_by("last_acted_at", "id").values_list(
        *columns,
        *("company_id", "company_owner_id", "last_acted__gathering_id"),
        "last_acted_at",
    )
    return [DueActivity._make(values) for values in found]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whose chains are waited in since an instant from `first` until before `before`.

    Only those of companies of the class `of`, or of none of the classes `but`.
    """

    owners: tuple[int, ...]
    first: datetime
    before: datetime
    of: str | None = None
    but: tuple[str, ...] = ()


def waiting_since(asked: Waiting) -> list[DueActivity]:
    """Return with what the wait in running chains began: what was last done in them.

    A missed appointment begins it anew. The owner is the account owner of the company.
    Two statements.
    """
    found: dict[int, DueActivity] = {}
    for chain, values in (*_last_done(asked), *_missed(asked)):
        found.setdefault(chain, DueActivity._make(values))
    return list(found.values())


def _last_done(asked: Waiting) -> Iterator[tuple[int, Sequence[Any]]]:
    rows = _waited_in(asked, Chain.objects.all(), "")
    rows = rows.filter(
        Q(agreed_until__isnull=True) | Q(agreed_until__lt=asked.before),
        last_acted_at__gte=asked.first,
        last_acted_at__lt=asked.before,
    )
    columns = [f"last_acted__{name}" for name in COLUMNS[:5]]
    told = ("company_id", "company_owner_id", "last_acted__gathering_id")
    for pk, *values in rows.values_list("pk", *columns, *told, "last_acted_at"):
        yield pk, values


def _missed(asked: Waiting) -> Iterator[tuple[int, Sequence[Any]]]:
    rows = _waited_in(asked, _open(), "chain__").filter(
        kind=KindCode.EVENT,
        date__gte=asked.first,
        date__lt=asked.before,
        chain__agreed_until=F("date"),
        chain__last_acted_at__lt=asked.first,
    )
    told = ("company_id", "chain__company_owner_id", "gathering_id", "date")
    for pk, *values in rows.values_list("chain_id", *COLUMNS[:5], *told):
        yield pk, values


def _waited_in(asked: Waiting, rows: Any, chain: str) -> Any:
    own_firm = Company.objects.filter(is_own=True).values("id")
    conditions = {
        "is_running": True,
        "last_acted__isnull": False,
        "company_owner_id__in": asked.owners,
    }
    rows = rows.filter(**{f"{chain}{name}": one for name, one in conditions.items()})
    if asked.of is not None:
        rows = rows.filter(company__abc=asked.of)
    if asked.but:
        rows = rows.exclude(company__abc__in=asked.but)
    return rows.exclude(company_id__in=own_firm).order_by()


def own_starts(ranges: Iterable[Range]) -> list[tuple[int, DueActivity]]:
    """Return who begins in `ranges` by a time of their own, and at which open event.

    One statement for each range, and one more for the events, if there are any.
    """
    theirs: dict[tuple[int, int], datetime] = {}
    for after, until in ranges:
        # Alone, or SQLite begins with all events there are.
        part = Participant.objects.filter(busy_from__gt=after, busy_from__lte=until)
        for user, activity, begins in part.values_list(
            "user_id", "activity_id", "busy_from"
        ):
            if begins is not None:
                theirs[user, activity] = begins
    if not theirs:
        return []
    ids = {activity for _user, activity in theirs}
    rows = _open().filter(kind=KindCode.EVENT, pk__in=ids)
    events = {
        values[0]: DueActivity._make(values)
        for values in rows.values_list(*COLUMNS, "date")
    }
    return [
        (user, events[activity]._replace(at=begins))
        for (user, activity), begins in theirs.items()
        if activity in events
    ]


def participants_of(
    activity_ids: Sequence[int],
) -> dict[int, dict[int, datetime | None]]:
    """Return who takes part in these and when each begins, None for all others' time.

    By activity, then by user.
    """
    found: dict[int, dict[int, datetime | None]] = {}
    if activity_ids:
        parts = Participant.objects.filter(activity_id__in=activity_ids)
        for activity, user, begins in parts.values_list(
            "activity_id", "user_id", "busy_from"
        ):
            found.setdefault(activity, {})[user] = begins
    return found


def events_of_gatherings(gathering_ids: Iterable[int]) -> dict[int, int]:
    """Return the events of group events, deleted ones too, each with its group's id."""
    ids = set(gathering_ids)
    if not ids:
        return {}
    rows = Activity.objects.filter(gathering_id__in=ids)
    found = rows.values_list("pk", "gathering_id")
    return {pk: group for pk, group in found if group is not None}


def _open() -> QuerySet[Activity]:
    return Activity.objects.filter(done_at__isnull=True, deleted_at__isnull=True)


def _found(
    rows: QuerySet[Activity], column: str, ranges: Iterable[Range]
) -> list[DueActivity]:
    found: dict[int, DueActivity] = {}
    # One by one: a database that is asked for either of two ranges may read all.
    for after, until in ranges:
        if after < until:
            within = {f"{column}__gt": after, f"{column}__lte": until}
            part: QuerySet[Activity, tuple[Any, ...]] = rows.filter(
                **within
            ).values_list(*COLUMNS, column)
            found |= {values[0]: DueActivity._make(values) for values in part}
    return list(found.values())
