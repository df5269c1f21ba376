"""Files of each test lie in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings) -> Path:
    """The folder that uploads go to."""
    settings.FILES = tmp_path / "files"
    return settings.FILES
