"""What narrows and orders lists of running chains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet

from veriga.activities.models import Chain
from veriga.activities.rules.words import Direction, KindCode
from veriga.common.errors import Invalid
from veriga.common.keyset import Order

LONGEST: Final = Order("silence", ("last_acted_at", "id"))
NEWEST: Final = Order("newest", ("last_acted_at", "id"), descending=True)
ORDERS: Final = {one.name: one for one in (LONGEST, NEWEST)}
NO_STAGE: Final = "-"
NONE: Final = 0  # as the id of a team or an owner: companies without one
WORTHS: Final = ("any", "stated", "quoted", "none")
MOVES: Final = ("agreed", "ours", "theirs")


@dataclass(frozen=True, slots=True)
class RunningFilters:
    """What narrows a list of running chains; empty means any.

    `account_owner_id`: those of the companies that this user looks after. `beyond`:
    only those silent since before the instant that belongs to the type of event they
    ended with, as (type code, instant). `waited_since`: only those in which something
    is waited for since before then, `waited_of` for companies of a class with its own
    instant, as (class, instant). `stage` NO_STAGE: those without one. NONE as an
    owner or team: companies without one. `month_from` and `month_before` are first days
    of months, for sales with an expected month.
    """

    account_owner_id: int | None = None
    team_id: int | None = None
    move: str = ""
    stage: str = ""
    has_next: str = ""  # "yes" | "no": whether there is a next step
    beyond: tuple[tuple[str, datetime], ...] | None = None
    waited_since: datetime | None = None
    waited_of: tuple[tuple[str, datetime], ...] = ()
    replied_since: datetime | None = None  # the customer acted last, since then
    worth: str = ""  # one of WORTHS: a value is stated, quoted, or there is none
    currency: str = ""
    month_from: date | None = None
    month_before: date | None = None
    without_month: bool = False
    order: str = LONGEST.name
    further: Q | None = None  # what a room above asks of the rows besides

    @property
    def is_odd(self) -> bool:
        """Whether they have a shape that does not come again."""
        months = (self.month_from, self.month_before)
        return any(one is not None for one in (self.beyond, self.further, *months))


class Worth(NamedTuple):
    """What narrows by worth, and by the want of an owner or team: parts of a shape."""

    worth: str = ""
    without_month: bool = False
    no_owner: bool = False
    no_team: bool = False


def worth_of(filters: RunningFilters) -> Worth:
    return Worth(
        filters.worth,
        filters.without_month,
        filters.account_owner_id == NONE,
        filters.team_id == NONE,
    )


def order_of(filters: RunningFilters) -> Order:
    problems = [
        name
        for name, value, known in (
            ("order", filters.order, ORDERS),
            ("move", filters.move, ("", *MOVES)),
            ("next", filters.has_next, ("", "yes", "no")),
            ("worth", filters.worth, ("", *WORTHS)),
        )
        if value not in known
    ]
    if problems:
        raise Invalid.of(problems[0], "unknown_choice")
    return ORDERS[filters.order]


def given_of(filters: RunningFilters, now: datetime | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "account": filters.account_owner_id,
        "team_id": filters.team_id,
        "stage": "" if filters.stage == NO_STAGE else filters.stage or None,
        "since": filters.replied_since,
        "waited": filters.waited_since,
        "now": now if filters.move else None,
        "currency": filters.currency or None,
        "month_from": filters.month_from,
        "month_before": filters.month_before,
    }
    if filters.waited_since is not None and filters.waited_of:
        found["classes"] = [name for name, _ in filters.waited_of]
        found["waited_of"] = [since for _, since in filters.waited_of]
        found["waited_most"] = max(filters.waited_since, *found["waited_of"])
    for name in ("account", "team_id"):  # without one: a part of the shape
        if found[name] == NONE:
            found[name] = None
    return {name: value for name, value in found.items() if value is not None}


def narrowed(
    rows: QuerySet[Chain],
    move: str,
    has_next: str,
    beyond: tuple[tuple[str, datetime], ...] | None,
    given: Mapping[str, Any],
    worth: Worth,
) -> QuerySet[Chain]:
    rows = _narrowed_by_worth(rows, given, worth)
    if "account" in given:
        rows = rows.filter(company_owner_id=given["account"])
    if "team_id" in given:
        rows = rows.filter(company_team_id=given["team_id"])
    if "stage" in given:
        rows = rows.filter(stage=given["stage"])
    if "since" in given:
        replied = Q(last_contact=Direction.IN, last_in_at__gte=given["since"])
        # It follows, and lets an index find them.
        rows = rows.filter(replied, last_acted_at__gte=given["since"])
    if "waited" in given:
        rows = rows.filter(waited_condition(given))
    if has_next:
        rows = rows.filter(next_step__isnull=has_next == "no")
    if move:
        rows = rows.filter(move_condition(move, given["now"]))
    if beyond is not None:
        too_long = Q(pk__in=[])
        for code, before in beyond:
            too_long |= Q(
                last_acted__kind=KindCode.EVENT,
                last_acted__type_code=code,
                last_acted_at__lt=before,
            )
        rows = rows.filter(too_long)
    return rows


def waited_condition(given: Mapping[str, Any]) -> Q:
    """Return that something is waited for since before the instant of its class.

    An appointment ahead is no wait, a missed one begins it anew; where nothing has
    happened yet nothing is waited for.
    """
    classes, instants = given.get("classes", ()), given.get("waited_of", ())
    if not classes:
        return _waited(given["waited"])
    found = _waited(given["waited"]) & ~Q(company__abc__in=classes)
    for name, since in zip(classes, instants, strict=True):
        found |= _waited(since) & Q(company__abc=name)
    # It follows, and lets an index find them.
    return Q(last_acted_at__lt=given["waited_most"]) & found


def _waited(since: datetime) -> Q:
    none_ahead = Q(agreed_until__isnull=True) | Q(agreed_until__lt=since)
    return none_ahead & Q(last_acted_at__lt=since, last_acted__isnull=False)


def _narrowed_by_worth(
    rows: QuerySet[Chain], given: Mapping[str, Any], worth: Worth
) -> QuerySet[Chain]:
    conditions: dict[str, Any] = {}
    if worth.worth:
        conditions["worth_minor__isnull"] = worth.worth == "none"
    if worth.worth in {"stated", "quoted"}:
        conditions["worth_is_quoted"] = worth.worth == "quoted"
    if worth.without_month:
        conditions["worth_month_on__isnull"] = True
    if worth.no_owner:
        conditions["company_owner_id__isnull"] = True
    if worth.no_team:
        conditions["company_team_id__isnull"] = True
    for name, lookup in (
        ("currency", "worth_currency"),
        ("month_from", "worth_month_on__gte"),
        ("month_before", "worth_month_on__lt"),
    ):
        if name in given:
            conditions[lookup] = given[name]
    return rows.filter(**conditions) if conditions else rows


def move_condition(move: str, now: datetime) -> Q:
    """Return rules.times.move_by as a condition of SQL."""
    agreed = Q(agreed_until__gt=now)
    if move == "agreed":
        return agreed
    # Spelt out, because SQL says neither yes nor no of what is empty.
    not_agreed = Q(agreed_until__isnull=True) | Q(agreed_until__lte=now)
    late = Q(first_due_at__lte=now)
    not_late = Q(first_due_at__isnull=True) | Q(first_due_at__gt=now)
    ended_with_us = Q(last_contact=Direction.OUT)
    if move == "theirs":
        return not_agreed & not_late & ended_with_us
    return not_agreed & (late | ~ended_with_us)
