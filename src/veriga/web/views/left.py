"""What a command for many rows has left as it was, and why, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from veriga.common.errors import FieldError, Invalid
from veriga.common.errors import VerigaError as Refusal
from veriga.web.formats import number
from veriga.web.party_history import labels
from veriga.work.messages import message_of
from veriga.work.queries.bulk import Left

NAMED: Final = 3  # in the sentence after the work
Told = dict[str, str]


def named_left(left: Sequence[Left]) -> list[Told]:
    """Return activities that stay, by reference and title, and why."""
    return [
        {"reference": one.reference, "title": one.title, "why": why_words(one.why)}
        for one in left
    ]


def called_left(left: Sequence[Left]) -> list[Told]:
    """Return companies or contacts that stay, by name, and why."""
    return [
        {
            "reference": "" if one.title else f"#{one.reference}",
            "title": one.title,
            "why": why_words(one.why),
        }
        for one in left
    ]


def why_words(why: Refusal | FieldError) -> str:
    """Return a reason; what a company lacks is named."""
    if isinstance(why, Invalid) and why.errors:
        if why.code == "needed_when_active":
            names = labels()
            lacking = ", ".join(names.get(e.field, e.field) for e in why.errors)
            return _("It lacks: %(fields)s.") % {"fields": lacking}
        return message_of(why.errors[0])
    return message_of(why)


def with_left(text: str, left: Sequence[Told]) -> str:
    """Return the sentence with the first of those that stayed, and why."""
    if not left:
        return text
    named = "; ".join(
        f"{one['reference'] or one['title']}: {one['why'].rstrip('.')}"
        for one in left[:NAMED]
    )
    words = _("%(done)s Left as they are: %(named)s.")
    if len(left) > NAMED:
        words = _("%(done)s Left as they are: %(named)s … (%(all)s in all).")
    return words % {"done": text, "named": named, "all": number(len(left))}
