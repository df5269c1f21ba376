"""Small pieces of markup that lists show hundreds of times, each worked out once.

A page of fifty rows asks for some three hundred addresses, icons, words and days. Asked
one by one of Django and of Jinja2's macros they cost more than the query, so addresses
are remembered as patterns and pieces that depend on few values are kept.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final, Protocol

from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, gettext, ngettext
from markupsafe import Markup, escape

SPRITE: Final = "dist/icons.svg"
PLAIN_VALUE: Final = re.compile(r"[A-Za-z0-9_-]+")
KIND_ICONS: Final = {
    "task": "checkbox",
    "product_record": "package",
    "quote": "file-text",
}
TYPE_ICONS: Final = {
    "call": "phone",
    "call_in": "phone-incoming",
    "visit": "map-pin",
    "visit_in": "building",
    "meeting": "users",
    "video_meeting": "video",
    "email": "mail",
    "email_in": "inbox",
    "enquiry": "message-question",
    "complaint": "alert-octagon",
    "fair": "tent",
    "chance_meeting": "user-question",
    "invitation": "mail-opened",
    "demonstration": "presentation",
    "internal_meeting": "users-group",
}
STATE_ICONS: Final = {"overdue": "alert-triangle", "pending": "clock", "done": "check"}
WENT_WELL: Final = {"", "carried_out", "accepted"}


class Addresses:
    """Django's reverse with its answers remembered as patterns."""

    def __init__(self) -> None:
        self._patterns: dict[tuple[object, ...], str] = {}

    def __call__(self, name: str, **kwargs: object) -> str:
        """Return the address of the view called `name`."""
        key = (get_script_prefix(), name, *kwargs)
        values = {part: str(value) for part, value in kwargs.items()}
        is_plain = all(map(PLAIN_VALUE.fullmatch, values.values()))
        pattern = self._patterns.get(key) if is_plain else None
        if pattern is not None:
            return pattern % values
        address = reverse(name, kwargs=kwargs or None)
        if is_plain:
            self._remember(key, address, values)
        return address

    def _remember(
        self, key: tuple[object, ...], address: str, values: dict[str, str]
    ) -> None:
        """Keep the pattern if each value stands in one place of the address only."""
        pattern = address.replace("%", "%%")
        for part, value in values.items():
            place = f"/{value}/"
            if address.count(value) != 1 or place not in address:
                return
            pattern = pattern.replace(place, f"/%({part})s/")
        self._patterns[key] = pattern

    def pattern(self, name: str, **sample: object) -> str:
        """Return the address of a view with `%(part)s` where the `sample` stands.

        The sample's values must occur nowhere else in the address.
        """
        self(name, **sample)
        return self._patterns[(get_script_prefix(), name, *sample)]


url = Addresses()


@lru_cache(maxsize=1024)
def icon(name: str, cls: str = "") -> Markup:
    """Return one icon of the sprite; a word must stand beside it or in its label."""
    return Markup(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>'
    ).format(f"icon {cls}".rstrip(), static(SPRITE), name)


def kind_icon(kind: str, type_code: str = "", cls: str = "") -> Markup:
    """Return the icon of a kind of activity; events have one for each type."""
    if kind == "event":
        return icon(TYPE_ICONS.get(type_code, "calendar-event"), cls)
    return icon(KIND_ICONS.get(kind, "circle"), cls)


@cache
def _state_word(language: str, state: str, result: str) -> str:
    return {
        "cancelled": gettext("Cancelled"),
        "not_reached": gettext("Not reached"),
        "accepted": gettext("Accepted"),
        "declined": gettext("Declined"),
        "withdrawn": gettext("Withdrawn"),
        "expired": gettext("Expired"),
    }.get(result) or {
        "overdue": gettext("Overdue"),
        "pending": gettext("Pending"),
    }.get(state, gettext("Done"))


def state_word(state: str, result: str = "") -> str:
    """Return the word for a state, or for the result with which it ended."""
    return _state_word(get_language() or "", state, result)


@cache
def state_of(language: str, state: str, result: str, words: bool = False) -> Markup:
    """Return a state as a shape in its colour, in a language."""
    is_failed = state == "done" and result not in WENT_WELL
    word = state_word(state, result)
    return Markup('<span class="state is-{}"{}>{}<span{}>{}</span></span>').format(
        "failed" if is_failed else state,
        "" if words else Markup(' title="{}"').format(word),
        icon("x" if is_failed else STATE_ICONS.get(state, "check")),
        "" if words else Markup(' class="sr"'),
        word,
    )


def state_mark(state: str, result: str = "", words: bool = False) -> Markup:
    """Return a state as a shape in its colour; the word is read aloud or shown."""
    return state_of(get_language() or "", state, result, words)


class CountedRow(Protocol):
    """A row with the linked counts of its chain (activities.queries.ActivityRow)."""

    reference: str
    quotes: int
    product_records: int
    events: int


@lru_cache(maxsize=4096)
def _count(language: str, kind: str, number: int) -> Markup:
    """Return one count with a hole for the address; zero keeps its place, blank."""
    if not number:
        return Markup('<span class="count"></span>')
    label = {
        "quote": ngettext("%(num)s linked quote", "%(num)s linked quotes", number),
        "product_record": ngettext(
            "%(num)s linked product record", "%(num)s linked product records", number
        ),
        "event": ngettext("%(num)s linked event", "%(num)s linked events", number),
    }[kind] % {"num": number}
    return Markup(
        '<a class="count" data-count href="{{}}{}" aria-label="{}">{}{}</a>'
    ).format(kind, label, kind_icon(kind), number)


@lru_cache(maxsize=1024)
def _all_counts(language: str, numbers: tuple[int, int, int]) -> str:
    kinds = ("quote", "product_record", "event")
    inside = (_count(language, k, n) for k, n in zip(kinds, numbers, strict=True))
    return str(Markup('<span class="counts">{}</span>').format(Markup().join(inside)))


def counts_of(language: str, row: CountedRow, overview: str) -> str:
    """Return the three linked counts, each a link to the list it counts.

    `overview` is the address of the activity overview.
    """
    numbers = (row.quotes, row.product_records, row.events)
    pattern = _all_counts(language, numbers)
    if not any(numbers):
        return pattern
    address = f"{overview}?linked_to={escape(row.reference)}&amp;kind="
    return pattern.replace("{}", address)


def counts_mark(row: CountedRow) -> Markup:
    """Return the three linked counts of one row, in the language of the page."""
    counts = counts_of(get_language() or "", row, url("activities:overview"))
    return Markup(counts)  # noqa: S704  # all escaped


@lru_cache(maxsize=256)
def clip(language: str, number: int) -> Markup:
    """Return the paper-clip of a row that has `number` attachments."""
    if not number:
        return Markup()
    text = ngettext("%(num)s attachment", "%(num)s attachments", number)
    return Markup('<span title="{0}">{1}<span class="sr">{0}</span></span>').format(
        text % {"num": number}, icon("paperclip")
    )
