"""JSON files that pin what must not change unseen.

One command rewrites them all; the difference is what to review:

    REWRITE=1 .venv/bin/python -m pytest src/veriga/api/tests/test_pinned.py
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def assert_pinned(name: str, found: Any) -> None:
    """Compare `found` with what the file `name` holds, or write it there."""
    path = FOLDER / name
    if os.environ.get("REWRITE"):
        text = json.dumps(found, indent=2, ensure_ascii=False, sort_keys=True)
        path.write_text(text + "\n")
    kept = json.loads(path.read_text())
    assert found == kept, f"{name} differs; see pinned.py for how to rewrite it"
