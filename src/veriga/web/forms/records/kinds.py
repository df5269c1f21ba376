"""What each kind describes of itself: as texts of its form, and read from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from veriga.activities.rules.words import KindCode
from veriga.catalogue.models import Product
from veriga.web.formats import day_iso
from veriga.web.forms.numbers import read_decimal, write_decimal
from veriga.web.forms.quote_lines import read_lines
from veriga.web.pages import Typed

from .form import RecordForm


def read_own(
    form: RecordForm, typed: Typed, products: Sequence[Product]
) -> dict[str, Any]:
    """Return the fields of the kind; what cannot be read is a problem of `typed`."""
    if form.kind == KindCode.EVENT:
        return _read_event(form, typed)
    if form.kind == KindCode.TASK:
        return _read_task(form, typed)
    if form.kind == KindCode.PRODUCT_RECORD:
        return _read_product_record(form, typed)
    return {
        "issued_on": typed.day("issued_on"),
        "valid_until": typed.day("valid_until"),
        "currency": form["currency"].strip().upper(),
        "lines": read_lines(form.lines, typed, products),
    }


def _read_event(form: RecordForm, typed: Typed) -> dict[str, Any]:
    """Without an hour it lasts all day; the last day is part of it."""
    all_day = bool(form["all_day"]) or not form["starts_time"].strip()
    own: dict[str, Any] = {
        "type": form["type"],
        "place": form["place"],
        "referred_by": form["referred_by"],
        "reason": form["reason"],
        "all_day": all_day,
        "guests": form.guests,
    }
    if all_day:
        if form["ends_time"].strip() and not form["all_day"]:
            typed.problems["starts_time"] = "required"
        first, last = typed.day("starts_on"), typed.day("ends_on")
        own["starts_at"] = _midnight(first)
        own["ends_at"] = _midnight(last, after=1)
        return own
    own["starts_at"] = typed.instant("starts_on", "starts_time")
    own["ends_at"] = None
    if form["ends_on"].strip():
        own["ends_at"] = typed.instant("ends_on", "ends_time")
        if not form["ends_time"].strip():
            own["ends_at"] = _midnight(typed.day("ends_on"), after=1)
    elif form["ends_time"].strip():
        own["ends_at"] = typed.instant("starts_on", "ends_time")
    return own


def _read_task(form: RecordForm, typed: Typed) -> dict[str, Any]:
    own: dict[str, Any] = {"starts_on": typed.day("starts_on")}
    if not form["due_time"].strip():
        return {**own, "due_on": typed.day("due_on"), "due_at": None}
    if not form["due_on"].strip():
        typed.problems["due_on"] = "required"
    return {**own, "due_on": None, "due_at": typed.instant("due_on", "due_time")}


def _read_product_record(form: RecordForm, typed: Typed) -> dict[str, Any]:
    amounts = {n: read_decimal(form[n]) for n in ("quantity", "competitor_price")}
    for name, amount in amounts.items():
        if form[name].strip() and amount is None:
            typed.problems[name] = "wrong_type"
    return {
        "type": form["type"],
        "recorded_on": typed.day("recorded_on"),
        "follow_up_on": typed.day("follow_up_on"),
        **amounts,
        "competitor_currency": form["competitor_currency"],
        "product_text": form["product_text"],
        "competitor": form["competitor"],
        "opinion": form["opinion"],
    }


def own_texts(kind: str, own: Mapping[str, Any]) -> dict[str, str]:
    if kind == KindCode.EVENT:
        return _event_texts(own)
    if kind == KindCode.TASK:
        due = own["due_on"] or own["due_at"]
        return {
            "starts_on": day_iso(own["starts_on"]),
            "due_on": day_iso(due),
            "due_time": _clock(own["due_at"]),
        }
    if kind == KindCode.PRODUCT_RECORD:
        return {
            "type": own["type"],
            "recorded_on": day_iso(own["recorded_on"]),
            "follow_up_on": day_iso(own["follow_up_on"]),
            "quantity": write_decimal(own["quantity"]),
            "product_text": own["product_text"],
            "competitor": own["competitor"],
            "competitor_price": write_decimal(own["competitor_price"], 2),
            "competitor_currency": own["competitor_currency"] or "EUR",
            "opinion": own["opinion"],
        }
    return {
        "issued_on": day_iso(own["issued_on"]),
        "valid_until": day_iso(own["valid_until"]),
        "currency": own["currency"],
    }


def _event_texts(own: Mapping[str, Any]) -> dict[str, str]:
    starts_at, ends_at, all_day = own["starts_at"], own["ends_at"], own["all_day"]
    ends_on = ends_at
    if all_day and ends_at:
        ends_on = timezone.localtime(ends_at) - timedelta(days=1)
        if day_iso(ends_on) == day_iso(starts_at):
            ends_on = None
    return {
        "type": own["type"],
        "place": own["place"],
        "referred_by": own["referred_by"],
        "reason": own["reason"],
        "starts_on": day_iso(starts_at),
        "starts_time": "" if all_day else _clock(starts_at),
        "ends_on": day_iso(ends_on),
        "ends_time": "" if all_day else _clock(ends_at),
        "all_day": "",
    }


def _clock(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%H:%M}" if value else ""


def _midnight(day: date | None, after: int = 0) -> datetime | None:
    if day is None or day.year > 9000:  # the service refuses such a year anyway
        return None
    naive = datetime.combine(day + timedelta(days=after), datetime.min.time())
    return timezone.make_aware(naive, timezone.get_default_timezone())
