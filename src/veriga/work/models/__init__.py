"""Tables of what crosses rooms: words for search, and commands for many at once."""

from .batches import Batch
from .words import (
    ActivityWords,
    CompanyWords,
    ContactWords,
    FrequentWord,
    GatheringWords,
    KnownWord,
    ProductWords,
    Words,
)

__all__ = [
    "ActivityWords",
    "Batch",
    "CompanyWords",
    "ContactWords",
    "FrequentWord",
    "GatheringWords",
    "KnownWord",
    "ProductWords",
    "Words",
]
