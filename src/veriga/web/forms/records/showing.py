"""The form as it is shown: blank, of a stored record, or as somebody typed it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import QueryDict
from django.utils import timezone

from veriga.activities.models import Activity, Participant
from veriga.activities.rules.words import KindCode
from veriga.web.formats import day_iso
from veriga.web.forms.choices import default_direction, types
from veriga.web.forms.custom import shown_custom
from veriga.web.forms.guests import posted_guests, stored_guests
from veriga.web.forms.quote_lines import posted_lines, stored_lines
from veriga.web.pages import Typed

from .form import BUSY, COMMON, OWN, RecordForm, names_of
from .kinds import own_texts

VALID_DAYS: Final = 30  # how long a new quote is valid unless somebody says otherwise
ROUND_MINUTES: Final = 5
CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def blank_form(
    kind: str, query: Mapping[str, str], *, user_id: int | None, now: datetime
) -> RecordForm:
    """Return the form of a new record with what the address presets."""
    local = timezone.localtime(now)
    today = day_iso(local)
    values = dict.fromkeys(names_of(kind), "")
    for name in ("title", "company", "made_on", "product"):
        values[name] = query.get(name, "").strip()
    values |= {"owner": str(user_id or ""), "importance": "normal", "done": "on"}
    known = [code for code, _name in types(kind)]
    if known:
        wanted = query.get("type", "")
        values["type"] = wanted if wanted in known else known[0]
    if kind == KindCode.EVENT:
        minute = local.minute - local.minute % ROUND_MINUTES
        values |= {"starts_on": today, "starts_time": f"{local.hour:02}:{minute:02}"}
        values |= _preset_time(query)
    elif kind == KindCode.TASK:
        values["starts_on"] = today
    elif kind == KindCode.PRODUCT_RECORD:
        values |= {"recorded_on": today, "competitor_currency": "EUR"}
    else:
        until = local.date() + timedelta(days=VALID_DAYS)
        values |= {
            "issued_on": today,
            "valid_until": day_iso(until),
            "currency": "EUR",
        }
    return RecordForm(kind, values, contacts=_list(query, "contacts"))


def _preset_time(query: Mapping[str, str]) -> dict[str, str]:
    """Return day and hour of a new event as its address presets them, if it does."""
    on, at = Typed(query).day("on"), query.get("at", "")
    found = {"starts_on": day_iso(on)} if on else {}
    if CLOCK.fullmatch(at):
        found["starts_time"] = at
    return found


def stored_form(
    activity: Activity,
    own: Mapping[str, Any],
    *,
    contacts: Iterable[int],
    parts: Iterable[Participant],
) -> RecordForm:
    """Return the form of a stored record; `own` is what its kind describes."""
    usual = default_direction(activity.kind, activity.type_code)
    values = dict.fromkeys((*COMMON, *OWN[activity.kind]), "")
    values |= {
        "title": activity.title,
        "company": str(activity.company_id),
        "owner": str(activity.owner_id),
        "importance": activity.importance_id or "",
        "product": str(activity.product_id or ""),
        "direction": "" if activity.direction == usual else activity.direction,
    }
    values |= own_texts(activity.kind, own)
    values |= shown_custom(activity.kind, activity.custom)
    parts = list(parts)
    for part in parts:
        for name in BUSY:
            values[f"{name}_{part.user_id}"] = _moment(getattr(part, name))
    return RecordForm(
        activity.kind,
        values,
        contacts=[str(pk) for pk in contacts],
        participants=[str(part.user_id) for part in parts],
        lines=stored_lines(own.get("lines", ())),
        guests=stored_guests(own.get("guests", ())),
    )


def posted_form(
    kind: str, data: QueryDict, stored: RecordForm | None = None
) -> RecordForm:
    """Return what was typed; what the form did not send stays as it is stored.

    A form that shows people sends `people`, because nobody chosen sends nothing.
    """
    base = stored.values if stored else dict.fromkeys(names_of(kind), "")
    values = {name: data.get(name, value) for name, value in base.items()}
    if "starts_on" in data:
        values["all_day"] = data.get("all_day", "")
    has_people = stored is None or "people" in data
    for pk in data.getlist("participants"):
        for name in (f"{name}_{pk}" for name in BUSY):
            values.setdefault(name, data.get(name, ""))
    lines = posted_lines(data)
    return RecordForm(
        kind,
        {name: str(value) for name, value in values.items()},
        contacts=data.getlist("contacts") if has_people else stored.contacts,  # type: ignore[union-attr]
        participants=data.getlist("participants")
        if has_people
        else stored.participants,  # type: ignore[union-attr]
        lines=lines if lines or stored is None else stored.lines,
        guests=posted_guests(data)
        if "guest_name" in data or stored is None
        else stored.guests,
    )


def _moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%dT%H:%M}" if value else ""


def _list(query: Mapping[str, str], name: str) -> list[str]:
    return query.getlist(name) if isinstance(query, QueryDict) else []
