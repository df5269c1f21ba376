"""Conditions for looking up names and numbers as people type them."""

from __future__ import annotations

from django.db.models import F, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Replace
from django.db.models.lookups import Contains

from veriga.common.text import fold

_LAST_CHARACTER = "\U0010ffff"
_BETWEEN_DIGITS = " -/().+"


def begins_with(column: str, folded: str) -> Q:
    """Return the condition for a folded column that begins with `folded`.

    Written as a range, which both databases answer from an index; SQLite has none for
    LIKE, because that ignores case.
    """
    return Q(
        **{f"{column}__gte": folded, f"{column}__lt": f"{folded}{_LAST_CHARACTER}"}
    )


def has_words(column: str, typed: str) -> Q:
    """Return the condition for a folded column that holds every word of `typed`."""
    condition = Q()
    for word in fold(typed).split():
        condition &= Q(**{f"{column}__contains": word})
    return condition


def digits_of(column: str) -> Combinable:
    """Return the expression for a phone number without what stands between digits."""
    expression: Combinable = F(column)
    for character in _BETWEEN_DIGITS:
        expression = Replace(expression, Value(character), Value(""))
    return expression


def holds(expression: Combinable, text: str) -> Q:
    """Return the condition for an expression that contains `text`."""
    return Q(Contains(expression, text))
