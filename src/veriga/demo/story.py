"""The manual's story at one company, told through the services, step by step.

What the other chains of the demo get by bulk loading, this one gets as users would have
done it: each step in the name of its actor and at its own moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Context, Source
from veriga.activities.rules.words import KindCode, LinkReason
from veriga.activities.services import (
    Draft,
    create_activity,
    finish_activity,
    link_activities,
    set_stage,
)
from veriga.parties.services import create_company, create_contact
from veriga.quotes.services import mark_sent

from .content.types import Content, StoryStep
from .customers import company_fields
from .days import OfficeDays

VAT_PERCENT = Decimal(22)
SOON = timedelta(minutes=10)


class Story:
    """Tells the story; afterwards `references` has each step's by its key."""

    def __init__(
        self, content: Content, office: OfficeDays, users: Mapping[str, User]
    ) -> None:
        self._content = content
        self._office = office
        self._users = {user.email: user for user in users.values()}
        self._contacts: dict[str, int] = {}
        self._moments: dict[str, datetime] = {}
        self.references: dict[str, str] = {}
        self.company_id = 0

    def tell(self, account_owner: User) -> int:
        """Make company, contacts and all steps; return the company's id."""
        steps = self._content.story
        first = min(self._moment(step) for step in steps)
        context = Context(actor_of(account_owner), first - SOON, Source.DEMO)
        line = self._content.companies[0]
        company = create_company(
            context=context,
            name=line.name,
            **{**company_fields(line, 1), "status": "prospect"},
        )
        self.company_id = company.pk
        for person in self._content.story_contacts:
            self._contacts[person.key] = create_contact(
                context=context,
                company_id=company.pk,
                first_name=person.first,
                last_name=person.last,
                function=person.function,
                email=person.email,
                mobile=person.phone,
            ).pk
        # In the order in which they were written down, so that references agree.
        for step in sorted(steps, key=self._written):
            self._tell_step(step)
        return company.pk

    def _moment(self, step: StoryStep) -> datetime:
        """Return when a step began: on the working day on or before the one meant."""
        return self._office.at(self._day(step.days_before_today), step.hour)

    def _day(self, days_before_today: int) -> Any:
        day = self._office.today - timedelta(days=days_before_today)
        return self._office.on_or_before(day)

    def _written(self, step: StoryStep) -> datetime:
        """Return when a step was recorded: planned ones when they were planned."""
        if step.kind == KindCode.EVENT and not step.done:
            followed = next(s for s in self._content.story if s.key == step.follows)
            return self._written(followed) + SOON
        length = timedelta(
            minutes=step.duration_minutes if step.kind == KindCode.EVENT else 0
        )
        return self._moment(step) + length

    def _tell_step(self, step: StoryStep) -> None:
        actor = self._users[step.actor]
        written = self._written(step)
        context = Context(actor_of(actor), written, Source.DEMO)
        draft = Draft(
            kind=step.kind,
            company_id=self.company_id,
            title=step.title,
            own=self._own(step),
            direction=step.direction,
            contacts=[self._contacts[key] for key in step.contacts],
            product=self._product(step),
            text=step.text,
        )
        if step.follows and step.reason == LinkReason.MADE_ON:
            draft = replace(draft, follows=self.references[step.follows])
        activity = create_activity(context=context, draft=draft)
        reference = activity.reference or ""
        self.references[step.key] = reference
        if step.follows and step.reason != LinkReason.MADE_ON:
            link_activities(
                context=replace(context, now=written + SOON),
                follow_up=reference,
                stimulus=self.references[step.follows],
            )
        if step.kind == KindCode.QUOTE:
            mark_sent(context=replace(context, now=written + SOON), reference=reference)
        if step.stage:
            set_stage(
                context=replace(context, now=written + SOON),
                reference=reference,
                stage=step.stage,
            )
        if step.kind == KindCode.TASK and step.done:
            end = self._office.at(self._day(step.due_days_before or 0), 14)
            finish_activity(context=replace(context, now=end), reference=reference)

    def _product(self, step: StoryStep) -> str | None:
        return step.product or None

    def _own(self, step: StoryStep) -> dict[str, Any]:
        day = self._day(step.days_before_today)
        due = step.due_days_before
        if step.kind == KindCode.EVENT:
            starts_at = self._moment(step)
            length = timedelta(minutes=step.duration_minutes)
            return {
                "type": step.type,
                "starts_at": starts_at,
                "ends_at": starts_at + length,
                "place": step.place,
            }
        if step.kind == KindCode.TASK:
            due_on = self._day(due) if due is not None else None
            return {"starts_on": day, "due_on": due_on}
        if step.kind == KindCode.PRODUCT_RECORD:
            return {"type": step.type, "recorded_on": day}
        valid_until = self._office.today - timedelta(days=due or 0)
        return {
            "issued_on": day,
            "valid_until": self._office.on_or_after(valid_until),
            "lines": [
                {
                    "product": item.code,
                    "quantity": Decimal(item.quantity),
                    "unit_price": Decimal(item.price_cents) / 100,
                    "vat_rate": VAT_PERCENT,
                }
                for item in step.lines
            ],
        }
