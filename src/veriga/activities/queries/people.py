"""Who takes part in activities: for many at once, as lists need it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from veriga.activities.models import Activity, Participant
from veriga.common.prepared import prepared


@dataclass(frozen=True, slots=True)
class Colleague:
    """A user who takes part in an activity."""

    id: int
    name: str
    email: str
    busy_from: datetime | None
    busy_until: datetime | None


@dataclass(frozen=True, slots=True)
class OutsidePerson:
    """A contact who takes part in an activity."""

    id: int
    name: str


@prepared
def _participants(*, ids: list[int]) -> QuerySet[Participant, tuple[Any, ...]]:
    return (
        Participant.objects.filter(activity_id__in=ids)
        .order_by("user__name_key", "user_id")
        .values_list(
            *("activity_id", "user_id", "user__name", "user__email"),
            *("busy_from", "busy_until"),
        )
    )


@prepared
def _contacts(*, ids: list[int]) -> QuerySet[Any, tuple[Any, ...]]:
    return (
        Activity.contacts.through.objects.filter(activity_id__in=ids)
        .order_by("contact__name_key", "contact_id")
        .values_list(
            "activity_id",
            "contact_id",
            "contact__first_name",
            "contact__last_name",
        )
    )


def participants_of(ids: Iterable[int]) -> dict[int, list[Colleague]]:
    """Return the participants by activity, for activities that the caller may show.

    In the order of their names, in one statement.
    """
    wanted = list(ids)
    rows = _participants(ids=wanted) if wanted else []
    found: dict[int, list[Colleague]] = {}
    for activity_id, *person in rows:
        found.setdefault(activity_id, []).append(Colleague(*person))
    return found


def contacts_of_activities(ids: Iterable[int]) -> dict[int, list[OutsidePerson]]:
    """Return the contacts by activity, for activities that the caller may show.

    By last name, in one statement.
    """
    wanted = list(ids)
    rows = _contacts(ids=wanted) if wanted else []
    found: dict[int, list[OutsidePerson]] = {}
    for activity_id, contact_id, first, last in rows:
        person = OutsidePerson(contact_id, f"{first} {last}".strip())
        found.setdefault(activity_id, []).append(person)
    return found


@prepared
def _numbers(*, ids: list[int]) -> QuerySet[Participant, tuple[int, int]]:
    rows = Participant.objects.filter(activity_id__in=ids)
    return (
        rows.values("activity_id")
        .annotate(n=Count("id"))
        .values_list("activity_id", "n")
    )


def participant_counts(ids: Iterable[int]) -> dict[int, int]:
    """Return how many of the firm take part, by activity; who has none is missing."""
    wanted = list(ids)
    return dict(_numbers(ids=wanted)) if wanted else {}
