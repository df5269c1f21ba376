"""Tables of the heart: activities, chains, links, changes, marks, entries."""

from .activities import Activity, DateMove, Entry, Participant, Series
from .chains import Chain, Change, Link, Mark, Suggestion
from .numbering import Counter, Prefix

__all__ = [
    "Activity",
    "Chain",
    "Change",
    "Counter",
    "DateMove",
    "Entry",
    "Link",
    "Mark",
    "Participant",
    "Prefix",
    "Series",
    "Suggestion",
]
