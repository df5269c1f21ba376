"""The history of a record in words: who changed what, from what to what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from veriga.access.queries import users_by_id
from veriga.access.rules import Actor
from veriga.activities.queries.record import list_changes_of
from veriga.activities.queries.rows import type_name
from veriga.activities.rules.words import ChangeKind
from veriga.activities.services.undoing import UNDO_FOR
from veriga.catalogue.queries import names_of_products
from veriga.history.queries import list_changes, list_changes_of_all
from veriga.web.formats import due_day, moment, money, own_time_words
from veriga.web.forms.choices import (
    direction_name,
    importance_name,
    reason_name,
    result_name,
)
from veriga.web.forms.custom import changes_of
from veriga.web.forms.numbers import show_decimal

if TYPE_CHECKING:
    from veriga.activities.models import Activity, Change
    from veriga.history.models import Record

INSTANTS = ("date", "starts_at", "done_at", "sent_at")
ENDS = ("due_at", "ends_at")  # midnight belongs to the day before


@dataclass(frozen=True, slots=True)
class Step:
    """One line of history; `details` are (field, old, new) in words."""

    at: datetime
    who: str
    what: str
    details: list[tuple[str, str, str]] = field(default_factory=list)
    undo_url: str = ""


def history_of(
    actor: Actor, activity: Activity, now: datetime, *, entry_ids: Sequence[int] = ()
) -> list[Step]:
    """Return what happened to a visible activity, newest first; five statements.

    `entry_ids` are the entries that the actor may read; their edits are told too.
    Undo is offered where it may be tried: by the maker or a manager, in time, once.
    """
    records = list_changes("activity", activity.pk)
    changes = list_changes_of(activity)
    people = users_by_id(
        value
        for record in records
        for value in record.changes.get("owner_id", [])
        if isinstance(value, int)
    )
    names = {pk: user.name for pk, user in people.items()}
    products = names_of_products(
        value for record in records for value in record.changes.get("product_id", [])
    )
    steps = [
        Step(
            record.made_at,
            record.made_by_name,
            _action(record.action),
            _details(activity, record.changes, names, products),
        )
        for record in records
    ]
    steps += [_step_of(change, actor, now) for change in changes]
    steps += _entry_steps(list_changes_of_all("entry", entry_ids))
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _entry_steps(records: Sequence[Record]) -> list[Step]:
    return [
        Step(
            record.made_at,
            record.made_by_name,
            _("Entry edited"),
            [(_("Entry"), *record.changes["text"])],
        )
        for record in records
    ]


def _busy_words(times: Mapping[str, Sequence[str | None]]) -> str:
    return "; ".join(
        f"{name} {own_time_words(*map(_instant, times[name]))}"
        for name in sorted(times)
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _guest_words(guests: Sequence[Mapping[str, str]]) -> str:
    # PostgreSQL keeps no order of keys.
    names = ("name", "firm", "text")
    return "; ".join(
        ", ".join(guest[name] for name in names if guest.get(name)) for guest in guests
    )


def _line_words(lines: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(
        f"{line['text']} × {show_decimal(Decimal(line['quantity']))}" for line in lines
    )


def _step_of(change: Change, actor: Actor, now: datetime) -> Step:
    may_undo = (
        (actor.is_manager or (actor.can_record and change.made_by_id == actor.user_id))
        and now - change.made_at <= UNDO_FOR
        and not hasattr(change, "undone_by")
    )
    return Step(
        change.made_at,
        change.made_by.name if change.made_by else "",
        change_name(change.kind),
        undo_url=reverse("undo", kwargs={"id": change.pk}) if may_undo else "",
    )


def change_name(kind: str) -> str:
    """Return what a change to the links was."""
    return {
        ChangeKind.JOIN: _("Linked"),
        ChangeKind.SPLIT: _("Chain split"),
        ChangeKind.TAKE_OUT: _("Taken out of the chain"),
        ChangeKind.MOVE: _("Taken out and moved to another company"),
        ChangeKind.DELETE: _("Deleted"),
        ChangeKind.CLOSE: _("Sale closed or reopened"),
        ChangeKind.UNDO: _("Undone"),
    }[ChangeKind(kind)]


def _action(action: str) -> str:
    return {
        "created": _("Recorded"),
        "changed": _("Changed"),
        "done": _("Marked as done"),
    }.get(action, action)


def _details(
    activity: Activity,
    changes: Mapping[str, Any],
    names: Mapping[int, str],
    products: Mapping[int, str],
) -> list[tuple[str, str, str]]:
    labels = {
        "title": _("Title"),
        "direction": _("Who acts"),
        "importance_id": _("Importance"),
        "owner_id": _("Owner"),
        "date": _("Date"),
        "due_at": _("Due"),
        "ends_at": _("Until"),
        "done_at": _("Done"),
        "result": _("Result"),
        "type_code": _("Type"),
        "amount_minor": _("Amount"),
        "currency": _("Currency"),
        "product_id": _("Product"),
        "attachment": _("Attachment"),
        "participants": _("Participants"),
        "busy_times": _("Own times"),
        "contacts": _("Contacts"),
        "place": _("Place"),
        "referred_by": _("Referred by"),
        "reason": _("Reason"),
        "guests": _("External people"),
        "quantity": _("Quantity"),
        "product_text": _("Other product"),
        "competitor": _("Competitor"),
        "competitor_price": _("Competitor's price"),
        "competitor_currency": _("Currency of that price"),
        "opinion": _("Opinion"),
        "lines": _("Lines"),
        "sent_at": _("Sent"),
    }

    def words(name: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return "–"
        if name in ENDS:
            return due_day(datetime.fromisoformat(value))
        if name in INSTANTS:
            return moment(datetime.fromisoformat(value))
        if name == "owner_id":
            return names.get(value, str(value))
        if name == "amount_minor":
            return money(value, activity.currency)
        if name == "product_id":
            return products.get(value, str(value))
        ways: dict[str, Callable[[Any], str]] = {
            "direction": direction_name,
            "importance_id": importance_name,
            "result": result_name,
            "type_code": lambda code: type_name(activity.kind, code),
            "reason": reason_name,
            "quantity": lambda text: show_decimal(Decimal(text)),
            "competitor_price": lambda text: show_decimal(Decimal(text), 2),
            "participants": ", ".join,
            "busy_times": _busy_words,
            "contacts": ", ".join,
            "guests": _guest_words,
            "lines": _line_words,
        }
        return ways.get(name, str)(value)

    told = [
        (label, words(name, changes[name][0]), words(name, changes[name][1]))
        for name, label in labels.items()
        if name in changes
    ]
    return told + changes_of(activity.kind, *changes.get("custom", ({}, {})))
