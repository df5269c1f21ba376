"""The group events of the demo, made and answered as people would, by the services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Context, Source
from veriga.activities.models import Activity
from veriga.events.services import create_gathering, finish_gathering, set_reply

from .content.types import Content, GroupEvent
from .customers import Customer
from .days import OfficeDays

OPENS, CLOSES = 9, 13
INVITED_BEFORE = 15  # working days


def count_guests(content: Content) -> int:
    """Return how many activities the group events are in all."""
    return sum(one.companies for one in content.group_events)


def make_gatherings(
    content: Content, office: OfficeDays, maja: User, customers: Sequence[Customer]
) -> None:
    """Make the group events, for companies that Maja looks after."""
    hers = [one for one in customers if one.owner == maja]
    for event in content.group_events:
        _make(event, office, maja, hers[: event.companies])


def _make(
    event: GroupEvent, office: OfficeDays, maja: User, guests: Sequence[Customer]
) -> None:
    day = office.add(office.today, event.working_days)
    starts_at, ends_at = office.at(day, OPENS), office.at(day, CLOSES)
    invited_on = office.add(min(day, office.today), -INVITED_BEFORE)
    actor = actor_of(maja)
    gathering = create_gathering(
        context=Context(actor, office.at(invited_on, OPENS), Source.DEMO),
        values={
            "title": event.title,
            "type": event.type,
            "place": event.place,
            "text": event.text,
            "starts_at": starts_at,
            "ends_at": ends_at,
        },
        company_ids=[one.id for one in guests],
        contacts={one.id: one.contact_ids[:1] for one in guests},
    )
    after = Context(actor, office.past(ends_at + timedelta(hours=1)), Source.DEMO)
    rows = Activity.objects.filter(gathering_id=gathering.pk).order_by("pk")
    references = rows.values_list("reference", flat=True)
    for reference, reply in zip(references, event.replies, strict=False):
        set_reply(
            context=after,
            gathering_id=gathering.pk,
            reference=str(reference),
            reply=reply,
        )
    if starts_at <= after.now:
        finish_gathering(context=after, gathering_id=gathering.pk)
