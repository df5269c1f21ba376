"""Public event logs for tests: they are no part of the project, so a test may skip.

$VERIGA_TEST_DATA names their folder; without it `shared/data` beside the checkout, or
one folder further up, where the checkout is one of several.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def event_log(name: str) -> Path:
    """Return the path of a log; skip the test, with the reason, where it is not."""
    given = os.environ.get("VERIGA_TEST_DATA")
    folders = (
        [Path(given)]
        if given
        else [up / "shared/data" for up in (ROOT.parent, ROOT.parent.parent)]
    )
    for folder in folders:
        if (folder / name).exists():
            return folder / name
    pytest.skip(f"{name} is not there; VERIGA_TEST_DATA names the folder of logs")
