"""What the selects of a record's form offer, and the words for closed sets."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from veriga.activities.kinds import kind_of
from veriga.activities.models import Series
from veriga.activities.rules.repeats import Unit, Which
from veriga.activities.rules.words import Direction, KindCode, Outcome, Result
from veriga.setup.models import (
    CloseReason,
    CodeListEntry,
    EventType,
    Importance,
    ProductRecordType,
    Reason,
    Stage,
)
from veriga.setup.queries import code_list, find_entry
from veriga.web.formats import day

Options = list[tuple[str, str]]
TYPES: dict[str, type[CodeListEntry]] = {
    KindCode.EVENT: EventType,
    KindCode.PRODUCT_RECORD: ProductRecordType,
}
CURRENCIES = ("EUR", "CHF", "CZK", "GBP", "HUF", "PLN", "RON", "RSD", "USD")


def offered(model: type[CodeListEntry], present: str = "") -> Options:
    """Return code and name of the entries on offer, and of the `present` one."""
    language = get_language() or "sl"
    entries: list[CodeListEntry] = list(code_list(model, offered_only=True))
    kept = find_entry(model, present) if present else None
    if kept is not None and kept not in entries:
        entries.append(kept)
    return [(entry.code, entry.name(language)) for entry in entries]


def entry_name(model: type[CodeListEntry], code: str | None) -> str:
    """Return the name of an entry in the active language, "" for none."""
    entry = find_entry(model, code) if code else None
    return entry.name(get_language() or "sl") if entry else ""


def types(kind: str, present: str = "") -> Options:
    """Return the types of a kind; none for tasks and quotes."""
    return offered(TYPES[kind], present) if kind in TYPES else []


def reasons(present: str = "") -> Options:
    return offered(Reason, present)


def reason_name(code: str) -> str:
    return entry_name(Reason, code)


def importances(present: str = "") -> Options:
    return offered(Importance, present)


def importance_name(code: str | None) -> str:
    return entry_name(Importance, code)


def stages() -> list[Stage]:
    """Return the stages on offer that do not close the sale."""
    return [entry for entry in code_list(Stage, offered_only=True) if not entry.closes]


def stage_options() -> Options:
    language = get_language() or "sl"
    return [(entry.code, entry.name(language)) for entry in stages()]


def close_reasons() -> Options:
    return offered(CloseReason)


def close_reason_name(code: str | None) -> str:
    return entry_name(CloseReason, code)


def currencies(present: str = "") -> Options:
    codes = CURRENCIES if present in ("", *CURRENCIES) else (*CURRENCIES, present)
    return [(code, code) for code in codes]


def default_direction(kind: str, type_code: str) -> str:
    """Return who acts if nobody says otherwise, as the kind itself decides."""
    if kind == KindCode.EVENT:
        entry = find_entry(EventType, type_code)
        return entry.direction if entry else Direction.OUT
    return Direction.OUT if kind == KindCode.QUOTE else Direction.INTERNAL


def direction_name(direction: str) -> str:
    return {
        Direction.IN: _("the customer acts"),
        Direction.OUT: _("we act"),
        Direction.INTERNAL: _("internal"),
    }[Direction(direction)]


def directions() -> Options:
    return [(code.value, direction_name(code)) for code in Direction]


def result_name(result: str) -> str:
    return {
        Result.CARRIED_OUT: _("Carried out"),
        Result.CANCELLED: _("Cancelled"),
        Result.NOT_REACHED: _("Not reached"),
        Result.ACCEPTED: _("Accepted"),
        Result.DECLINED: _("Declined"),
        Result.WITHDRAWN: _("Withdrawn"),
        Result.EXPIRED: _("Expired"),
    }[Result(result)]


def results(kind: str, type_code: str = "") -> Options:
    """Return how an activity may end; only calls may fail to reach anybody."""
    possible: Iterable[Result] = kind_of(kind).results
    if not type_code.startswith("call"):
        possible = [r for r in possible if r is not Result.NOT_REACHED]
    allowed = set(possible)
    return [(r.value, result_name(r)) for r in Result if r in allowed]


def repeat_units() -> Options:
    """Return how often something may come again."""
    return [
        (Unit.DAY.value, _("days")),
        (Unit.WEEK.value, _("weeks")),
        (Unit.MONTH.value, _("months")),
    ]


def which_ones() -> Options:
    """Return for which occurrences of a series a change may be meant."""
    return [
        (Which.THIS.value, _("this one only")),
        (Which.FOLLOWING.value, _("this one and those after it")),
        (Which.ALL.value, _("all that are open")),
    ]


def repeat_words(series: Series) -> str:
    """Return how often a series comes again, and until when."""
    number = series.every
    if number == 1:
        often = {
            Unit.DAY: _("every day"),
            Unit.WEEK: _("every week"),
            Unit.MONTH: _("every month"),
        }[Unit(series.unit)]
        return _until(often, series)
    texts = {
        Unit.DAY: ngettext("every %(num)s day", "every %(num)s days", number),
        Unit.WEEK: ngettext("every %(num)s week", "every %(num)s weeks", number),
        Unit.MONTH: ngettext("every %(num)s month", "every %(num)s months", number),
    }
    return _until(texts[Unit(series.unit)] % {"num": number}, series)


def _until(often: str, series: Series) -> str:
    return _("%(often)s until %(day)s") % {"often": often, "day": day(series.until_on)}


def outcomes() -> Options:
    """Return how a sale may be closed."""
    return [
        (Outcome.WON.value, _("Won")),
        (Outcome.LOST.value, _("Lost")),
        (Outcome.GIVEN_UP.value, _("Given up")),
    ]
