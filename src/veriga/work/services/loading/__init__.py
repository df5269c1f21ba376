"""Loading thousands at once: companies with contacts, chains with activities."""

from .chains import large_load, load_chains
from .shapes import (
    LoadedActivity,
    LoadedChain,
    LoadedEntry,
    LoadedLink,
    LoadedMark,
)

__all__ = [
    "LoadedActivity",
    "LoadedChain",
    "LoadedEntry",
    "LoadedLink",
    "LoadedMark",
    "large_load",
    "load_chains",
]
