"""How pages write days, hours, numbers and money, in Slovenian and in English.

Written by hand rather than by Babel because a list of fifty rows calls them hundreds
of times: a Babel date costs about thirty times as much as an f-string. Instants are
shown in the current time zone of the request.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache, cached_property, lru_cache
from typing import Protocol

from babel.dates import format_date
from babel.numbers import get_currency_precision, get_currency_symbol
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from veriga.common.money import MINOR_SCALE
from veriga.common.phones import dialled_phone, shown_phone
from veriga.setup.preferences import phone_form

EN_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"
ONE_DAY = timedelta(days=1)


class Person(Protocol):
    """A contact, as they are at one company."""

    @property
    def function(self) -> str: ...

    @property
    def until_on(self) -> date | None: ...


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def _local(value: date) -> date:
    """Return an instant in the current time zone; a date as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) else value


class Days:
    """Writes days in one time zone and language: for lists, which write hundreds."""

    def __init__(self, zone: tzinfo, language: str) -> None:
        self._zone = zone
        self._is_english = language.startswith("en")

    @cached_property
    def _this_year(self) -> int:
        return timezone.now().astimezone(self._zone).year

    def _local(self, value: date) -> date:
        return value.astimezone(self._zone) if isinstance(value, datetime) else value

    def day(self, value: date | None) -> str:
        """Return `23. 11. 2026`, in English `23 Nov 2026`; nothing for None."""
        if value is None:
            return ""
        value = self._local(value)
        return f"{self._short(value)} {value.year}"

    def _short(self, value: date) -> str:
        if self._is_english:
            return f"{value.day} {EN_MONTHS[value.month - 1]}"
        return f"{value.day}. {value.month}."

    def day_short(self, value: date | None) -> str:
        """Return the day without its year: `20. 11.`, in English `20 Nov`."""
        return "" if value is None else self._short(self._local(value))

    def day_brief(self, value: date | None) -> str:
        """Return the day without its year, unless it is not this one: `20. 11. 25`."""
        if value is None:
            return ""
        value = self._local(value)
        if value.year == self._this_year:
            return self._short(value)
        return f"{self._short(value)} {value.year % 100:02}"

    def due_short(self, value: datetime | None, beside: date | None = None) -> str:
        """Return a deadline for a narrow column: no hour, the year if it says more.

        Without a year it is of this year, or of that of the date `beside` it in the
        row. A deadline without an hour is stored as the first instant of the next day.
        """
        if value is None:
            return ""
        on = value.astimezone(self._zone)
        if not (on.hour or on.minute or on.second or on.microsecond):
            on -= ONE_DAY
        short, year = self._short(on), on.year
        if year == self._this_year or (beside and self._local(beside).year == year):
            return short
        return f"{short} {year % 100:02}"


def days() -> Days:
    """Return what writes days in the request's time zone and language."""
    return Days(timezone.get_current_timezone(), get_language() or "")


def day(value: date | None) -> str:
    """Return `23. 11. 2026`, in English `23 Nov 2026`; nothing for None."""
    return days().day(value)


def _by_babel(value: date, form: str, language: str) -> str:
    on = value.date() if isinstance(value, datetime) else value
    return _kept_by_babel(on, form, language)


@lru_cache(maxsize=1024)  # a month names some forty days, each time the same
def _kept_by_babel(value: date, form: str, language: str) -> str:
    return format_date(value, form, locale=language)


def day_long(value: date | None) -> str:
    """Return the day with its weekday: `petek, 27. november 2026`."""
    if value is None:
        return ""
    return _by_babel(_local(value), "full", "en_GB" if _is_english() else "sl")


def weekday(value: date | None) -> str:
    """Return the day of the week in short: `pon.`, in English `Mon`."""
    if value is None:
        return ""
    return _by_babel(_local(value), "ccc", "en_GB" if _is_english() else "sl")


def month_long(value: date | None) -> str:
    """Return the month and its year: `november 2026`."""
    if value is None:
        return ""
    return _by_babel(_local(value), "LLLL y", "en_GB" if _is_english() else "sl")


def local_iso(value: datetime | None) -> str:
    """Return an instant by the clock of the page, for scripts: `2026-11-27T10:15`."""
    if value is None:
        return ""
    local = timezone.localtime(value).replace(tzinfo=None)
    return local.isoformat(timespec="minutes")


def day_short(value: date | None) -> str:
    """Return the day without its year: `20. 11.`, in English `20 Nov`."""
    return days().day_short(value)


def day_brief(value: date | None) -> str:
    """Return the day without its year, unless it is not this one: `20. 11. 25`."""
    return days().day_brief(value)


def clock(value: datetime | None) -> str:
    """Return the hour and minute, `14:30`."""
    if value is None:
        return ""
    value = timezone.localtime(value)
    return f"{value.hour}:{value.minute:02}"


def moment(value: datetime | None) -> str:
    """Return the day and the clock; the day alone at local midnight."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    if local.time() == time():
        return day(value)
    return f"{day(value)} {clock(value)}"


def _due(value: datetime) -> tuple[date, str]:
    """Return the day a deadline belongs to, and its hour unless it is a whole day.

    A deadline without an hour is stored as the first instant of the next day.
    """
    local = timezone.localtime(value)
    if local.time() == time():
        return local.date() - ONE_DAY, ""
    return local.date(), f" {clock(value)}"


def due_day(value: datetime | None) -> str:
    """Return the deadline's day, with its hour if it has one."""
    if value is None:
        return ""
    on, hour = _due(value)
    return day(on) + hour


def due_short(value: datetime | None, beside: date | None = None) -> str:
    """Return the deadline for a narrow column; see `Days.due_short`."""
    return days().due_short(value, beside)


def day_iso(value: date | None) -> str:
    """Return `2026-11-23` in the current time zone, for a date input."""
    if value is None:
        return ""
    value = _local(value)
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def due_iso(value: datetime | None) -> str:
    """Return the deadline's day as `2026-11-23`, for a date input."""
    return "" if value is None else _due(value)[0].isoformat()


def clock_iso(value: datetime | None) -> str:
    """Return `09:30` for a time input; nothing at local midnight."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return "" if local.time() == time() else f"{local.hour:02}:{local.minute:02}"


def number(value: float | None, places: int = 0) -> str:
    """Return `value` grouped by thousands: `48.200,5` or `48,200.5`."""
    if value is None:
        return ""
    if places == 0 and type(value) is int and 0 <= value < 1000:
        return str(value)  # the same in every language, and the most of them
    text = f"{abs(value):,.{places}f}"
    if not _is_english():
        text = text.translate(str.maketrans(",.", ".,"))
    return f"{MINUS}{text}" if value < 0 else text


@cache
def _currency(code: str, language: str) -> tuple[str, bool]:
    """Return the symbol of a currency, and whether it is written with decimals."""
    symbol = get_currency_symbol(code, locale=language)
    return symbol, get_currency_precision(code) > 0


def money(minor: int | None, currency: str = "EUR") -> str:
    """Return an amount in hundredths as `48.200,00 €`, in English `€48,200.00`.

    Hundredths are what is kept of every currency; those that are commonly written
    without decimals, as dinars are, show them only where they are not zero.
    """
    return _money(minor, currency, is_short=False)


def short_money(minor: int | None, currency: str = "EUR") -> str:
    """Return the same without decimals where they are zero: `48.200 €`."""
    return _money(minor, currency, is_short=True)


def _money(minor: int | None, currency: str, *, is_short: bool) -> str:
    if minor is None:
        return ""
    is_english = _is_english()
    symbol, has_decimals = _currency(currency or "EUR", "en" if is_english else "sl")
    whole, rest = divmod(abs(minor), MINOR_SCALE)
    text = number(whole)
    if rest or (has_decimals and not is_short):
        text += f"{'.' if is_english else ','}{rest:02}"
    sign = MINUS if minor < 0 else ""
    if not is_english:
        return f"{sign}{text}{NO_BREAK}{symbol}"
    gap = NO_BREAK if symbol[-1].isalpha() else ""
    return f"{sign}{symbol}{gap}{text}"


def file_size(octets: int | None) -> str:
    """Return a size that people read: `12 kB`, `3,4 MB`."""
    if octets is None:
        return ""
    if octets < 1_000_000:
        return f"{number(max(1, round(octets / 1_000)))}{NO_BREAK}kB"
    return f"{number(octets / 1_000_000, 1)}{NO_BREAK}MB"


def initials(name: str) -> str:
    """Return up to two capital letters of a name, for its round badge."""
    parts = [part for part in name.split() if part[0].isalpha()]
    letters = [parts[0], parts[-1]] if len(parts) > 1 else parts
    return "".join(part[0] for part in letters).upper()


def function_there(person: Person | None) -> str:
    """Return what a contact does at a company, and until when if they leave it."""
    if person is None:
        return ""
    if person.until_on is None:
        return person.function
    until = _("until %(day)s") % {"day": day(person.until_on)}
    return f"{person.function} · {until}" if person.function else until


class Part(Protocol):
    """A colleague who takes part in an activity, with a time of their own or none."""

    @property
    def busy_from(self) -> datetime | None: ...

    @property
    def busy_until(self) -> datetime | None: ...


def own_time(part: Part | None) -> str:
    """Return the time set for a colleague by hand, "" for the activity's own."""
    if part is None:
        return ""
    return own_time_words(part.busy_from, part.busy_until)


def own_time_words(start: datetime | None, end: datetime | None) -> str:
    """Return from when until when somebody is busy, in words."""
    texts = (
        _("since %(day)s") % {"day": moment(start)} if start else "",
        _("until %(day)s") % {"day": moment(end)} if end else "",
    )
    return " ".join(text for text in texts if text)


def phone(stored: str) -> str:
    """Return a phone number as this installation shows them."""
    return shown_phone(stored, phone_form()) if stored else ""


FILTERS = {
    "function_there": function_there,
    "own_time": own_time,
    "phone": phone,
    "dialled": dialled_phone,
    "day": day,
    "day_short": day_short,
    "day_iso": day_iso,
    "day_brief": day_brief,
    "day_long": day_long,
    "local_iso": local_iso,
    "month_long": month_long,
    "weekday": weekday,
    "clock": clock,
    "clock_iso": clock_iso,
    "moment": moment,
    "due_day": due_day,
    "due_short": due_short,
    "due_iso": due_iso,
    "number": number,
    "money": money,
    "file_size": file_size,
    "initials": initials,
}
