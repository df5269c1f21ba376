"""Values of custom fields, and when users are told of something."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from veriga.common.text import fold, has_control_characters, tidy

TEXT_LENGTH: Final = 500
DIGITS: Final = 15  # before the decimal point; six after it
FIRST_YEAR, LAST_YEAR = 1900, 2199
CODE_LENGTH: Final = 32


class FieldType(StrEnum):
    """What a custom field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


class Subject(StrEnum):
    """What may have custom fields: companies, contacts, and each kind of activity."""

    COMPANY = "company"
    CONTACT = "contact"
    EVENT = "event"
    TASK = "task"
    PRODUCT_RECORD = "product_record"
    QUOTE = "quote"


def read_value(
    type_: str, value: object, choices: Collection[Any] = ()
) -> tuple[Any, str]:
    """Return a value as it is stored, and the code of what is wrong with it, or "".

    Empty is None. Numbers are stored as decimal text without needless zeros, dates as
    ISO, yes and no as booleans, choices as codes of `choices`.
    """
    if value is None or value == "":
        return None, ""
    if type_ == FieldType.YES_NO:
        return (value, "") if isinstance(value, bool) else (None, "wrong_type")
    if type_ == FieldType.NUMBER:
        return _number(value)
    if type_ == FieldType.DATE:
        return _date(value)
    if not isinstance(value, str):
        return None, "wrong_type"
    if type_ == FieldType.CHOICE:
        return (value, "") if value in choices else (None, "unknown_choice")
    if has_control_characters(value):
        return None, "control_characters"
    text = tidy(value)
    return (None, "too_long") if len(text) > TEXT_LENGTH else (text or None, "")


def code_of(name: str) -> str:
    """Return a code made of a name: "Število paketov" is stevilo-paketov."""
    code = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
    return code[:CODE_LENGTH].strip("-") or "x"


def _number(value: object) -> tuple[str | None, str]:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None, "wrong_type"
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None, "wrong_type"
    if not number.is_finite():
        return None, "wrong_type"
    if abs(number) >= Decimal(10) ** DIGITS or number != round(number, 6):
        return None, "out_of_range"
    text = f"{number.normalize():f}"
    return ("0" if text == "-0" else text), ""


def _date(value: object) -> tuple[str | None, str]:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return None, "not_a_date"
    if not isinstance(value, date):
        return None, "wrong_type"
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        return None, "out_of_range"
    return f"{value.year:04}-{value.month:02}-{value.day:02}", ""


# Pages whose filters can be saved under a name, by the code that a view keeps.
VIEW_PAGES = (
    *("activities", "events", "tasks", "product_records", "quotes"),
    *("companies", "contacts", "running", "board", "forecast", "calendar"),
)
VIEW_QUERY_LENGTH = 1000


class ReminderKind(StrEnum):
    """What is reminded of by the clock."""

    EVENT = "event"
    DEADLINE = "deadline"
    SILENCE = "silence"
    DIGEST = "digest"


class Wish(StrEnum):
    """What a user may want to be told of, in Veriga and by mail."""

    EVENT = "event"
    DEADLINE = "deadline"
    SILENCE = "silence"
    MENTION = "mention"


LEADS_MIN: Final = (5, 15, 30, 60, 24 * 60)
MOST_ATTEMPTS: Final = 8
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)


def quiet_end(
    local: datetime, begins: time | None, ends: time | None
) -> datetime | None:
    """Return when the quiet hours end in which `local` lies, None outside of them.

    They may go over midnight; the same hour twice means none.
    """
    if begins is None or ends is None or begins == ends:
        return None
    clock = local.time()
    is_over_midnight = ends < begins
    if is_over_midnight:
        is_quiet = clock >= begins or clock < ends
    else:
        is_quiet = begins <= clock < ends
    if not is_quiet:
        return None
    day = local.date()
    if is_over_midnight and clock >= begins:
        day += timedelta(days=1)
    return datetime.combine(day, ends, local.tzinfo)


def pause_after(attempts: int) -> timedelta | None:
    """Return how long a mail waits after so many attempts, None to give it up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return min(FIRST_PAUSE * int(4 ** (attempts - 1)), LONGEST_PAUSE)
