"""Tables of the heart: activities, chains, links, changes, marks, entries."""

from .activities import Activity, DateMove, Entry, Participant, Series
from .chains import Chain, ChainSum, Change, Link, LinkWeights, Mark, Suggestion
from .numbering import Counter, Prefix

__all__ = [
    "Activity",
    "Chain",
    "ChainSum",
    "Change",
    "Counter",
    "DateMove",
    "Entry",
    "Link",
    "LinkWeights",
    "Mark",
    "Participant",
    "Prefix",
    "Series",
    "Suggestion",
]
