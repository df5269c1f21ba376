"""Link coverage: which share of what was done stands in a chain, by month and team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, Q
from django.utils import timezone

from veriga.access.models import Team
from veriga.access.rules import Actor
from veriga.activities.models import Suggestion
from veriga.activities.queries.activities import visible_activities
from veriga.activities.rules.words import Offered
from veriga.common.days import day_start
from veriga.common.kept import Kept
from veriga.common.text import sort_key
from veriga.parties.models import Company

MONTHS: Final = 6


@dataclass(frozen=True, slots=True)
class Share:
    """How many activities there were in a month, and how many of them in chains."""

    number: int = 0
    linked: int = 0

    @property
    def percent(self) -> int | None:
        """The share in whole percent, cut off: 100 means all; None of nothing."""
        return self.linked * 100 // self.number if self.number else None

    def __add__(self, other: Share) -> Share:
        return Share(self.number + other.number, self.linked + other.linked)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The shares of the last months, oldest first; `teams` as (name, shares).

    The name is empty for companies without a team. `total` is over all of them, and
    `offers` what became of what forms offered to continue, by rules.words.Offered.
    """

    months: list[date]
    teams: list[tuple[str, list[Share]]]
    total: list[Share]
    offers: dict[str, int]


# A share of months changes slowly, and counting it takes long.
_kept: Kept[Coverage] = Kept(300.0, most=200)


def link_coverage(actor: Actor, *, now: datetime) -> Coverage:
    """Return the coverage of what the actor sees; three statements, later none.

    The installation's own firm is left out: its meetings follow nothing.
    """
    months = last_months(now)
    return _kept.get((actor, months[0]), lambda: _counted(actor, months, now))


def forget_coverage() -> None:
    """Empty the memory of this process; tests call it."""
    _kept.forget()


def last_months(now: datetime) -> list[date]:
    """Return the first days of the last months, this one last."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    first = today.year * 12 + today.month - 1
    found = [divmod(first - back, 12) for back in range(MONTHS - 1, -1, -1)]
    return [date(year, month + 1, 1) for year, month in found]


def _counted(actor: Actor, months: Sequence[date], now: datetime) -> Coverage:
    zone = timezone.get_default_timezone()
    edges = [*(day_start(month, zone) for month in months), now]
    own_firm = Company.objects.filter(is_own=True).values("id")
    rows = visible_activities(actor).filter(date__gte=edges[0], date__lt=now)
    rows = rows.exclude(company_id__in=own_firm)
    counts: dict[str, Any] = {}
    for place in range(len(months)):
        within = Q(date__gte=edges[place], date__lt=edges[place + 1])
        counts[f"all_{place}"] = Count("pk", filter=within)
        counts[f"linked_{place}"] = Count("pk", filter=within & Q(chain__size__gt=1))
    shares: dict[int | None, list[Share]] = {}
    found: Any = rows.order_by().values("company_team_id").annotate(**counts)
    for row in found:
        shares[row["company_team_id"]] = [
            Share(row[f"all_{place}"], row[f"linked_{place}"])
            for place in range(len(months))
        ]
    names: dict[int | None, str] = dict(Team.objects.values_list("pk", "name"))
    teams = [(names.get(team, ""), months_of) for team, months_of in shares.items()]
    teams.sort(key=lambda one: (not one[0], sort_key(one[0])))
    total = [
        sum((months_of[place] for months_of in shares.values()), Share())
        for place in range(len(months))
    ]
    offers = dict.fromkeys(map(str, Offered), 0)
    made = Suggestion.objects.filter(made_at__gte=edges[0])
    made = made.filter(activity__in=visible_activities(actor))
    counted: Any = made.order_by().values("outcome").annotate(number=Count("pk"))
    for one in counted:
        offers[one["outcome"]] = one["number"]
    return Coverage(list(months), teams, total, offers)
