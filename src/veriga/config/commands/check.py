"""`veriga check`: whether all that is stored twice agrees."""

from __future__ import annotations

import argparse

from veriga.activities.queries.checking import Difference, find_differences
from veriga.activities.services import repair
from veriga.config.checkpoint import checkpointing
from veriga.config.database import require_current_database
from veriga.documents.queries import find_differences as find_differing_files
from veriga.documents.services import repair_counts
from veriga.events.services import repair_gatherings
from veriga.work.queries.texts import find_differences as find_differing_words
from veriga.work.services.indexing import repair_search

FOUND = 1


def run(given: argparse.Namespace) -> int:
    require_current_database()
    found = _all_differences()
    for difference in found:
        print(difference)
    if found and given.repair:
        with checkpointing():
            repair(found)
            repair_counts()
            repair_gatherings()
            if any(one.code == "search" for one in _all_differences()):
                repair_search()
            left = _all_differences()
        print(f"Differences mended: {len(found) - len(left)}. Left: {len(left)}.")
        for difference in left:
            print(difference)
        found = left
    if not found:
        print("Nothing differs.")
        return 0
    return FOUND


def _all_differences() -> list[Difference]:
    return [*find_differences(), *find_differing_files(), *find_differing_words()]
