"""Reading a kind's own fields: what the four rooms share when they check values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.utils import timezone

from veriga.common.errors import Invalid, Problems
from veriga.common.text import has_control_characters, tidy
from veriga.setup.models import CodeListEntry
from veriga.setup.queries import get_offered, usual

E = TypeVar("E", bound=CodeListEntry)

# Dates beyond these are slips of the keyboard, and some databases cannot store them.
EARLIEST = date(1900, 1, 1)
LATEST = date(2199, 12, 31)


class OwnFields:
    """The values given for a kind, over those the activity has."""

    def __init__(
        self,
        values: Mapping[str, Any],
        stored: Mapping[str, Any],
        problems: Problems,
    ) -> None:
        self.values = values
        self.stored = stored
        self.problems = problems

    def given(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value given, else the one stored, else `default`."""
        if name in self.values:
            return self.values[name]
        return self.stored.get(name, default)

    def day(self, name: str, *, required: bool = False) -> date | None:
        """Return a day, None if empty; wrong types and far dates are problems."""
        value = self.get(name)
        if value is None or value == "":
            if required:
                self.problems.add(name, "required")
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            self.problems.add(name, "not_a_date")
            return None
        if not EARLIEST <= value <= LATEST:
            self.problems.add(name, "out_of_range")
            return None
        return value

    def instant(self, name: str, *, required: bool = False) -> datetime | None:
        """Return an aware instant, None if empty; naive ones are problems."""
        value = self.get(name)
        if value is None or value == "":
            if required:
                self.problems.add(name, "required")
            return None
        if not isinstance(value, datetime):
            self.problems.add(name, "not_a_date")
            return None
        if timezone.is_naive(value):
            self.problems.add(name, "naive_time")
            return None
        # A day's room, because the zone may carry the instant over the border.
        if not EARLIEST < value.date() < LATEST - timedelta(days=1):
            self.problems.add(name, "out_of_range")
            return None
        return value

    def text(self, name: str, limit: int) -> str:
        """Return one line of text, tidied."""
        value = self.get(name) or ""
        if has_control_characters(value):
            self.problems.add(name, "control_characters")
        clean = tidy(value)
        if len(clean) > limit:
            self.problems.add(name, "too_long", limit=limit)
        return clean

    def choice(self, model: type[E], name: str, default: str = "") -> str:
        """Return the code of an entry in a list; one stored already stays valid.

        `default` stands in for none; if it is no longer offered, the first one that is.
        """
        code = self.get(name) or (default and usual(model, default))
        if not code:
            return ""
        if code == self.stored.get(name):
            return str(code)
        try:
            return str(get_offered(model, code, name).pk)
        except Invalid as error:
            self.problems.errors += error.errors
            return ""
