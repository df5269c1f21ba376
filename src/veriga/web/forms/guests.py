"""People from elsewhere at an event, as a form holds them: three inputs for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.http import QueryDict

Guest = dict[str, str]
COLUMNS: Final = ("name", "firm", "text")
BLANK: Final[Guest] = dict.fromkeys(COLUMNS, "")
BLANK_ROWS: Final = 2  # room for more, also without script
MOST: Final = 150  # a little more than an event may have, so that it can say so


def posted_guests(data: QueryDict) -> list[Guest]:
    """Return the people of a form as they were typed, without the blank rows."""
    columns = [data.getlist(f"guest_{name}")[:MOST] for name in COLUMNS]
    return [
        dict(zip(COLUMNS, texts, strict=True))
        for texts in zip(*columns, strict=False)
        if any(text.strip() for text in texts)
    ]


def stored_guests(guests: Sequence[Mapping[str, str]]) -> list[Guest]:
    return [{name: guest[name] for name in COLUMNS} for guest in guests]


def with_blank_guests(guests: Sequence[Guest]) -> list[Guest]:
    return [*guests, *(dict(BLANK) for _ in range(BLANK_ROWS))]
