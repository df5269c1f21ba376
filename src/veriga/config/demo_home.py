"""Where the demo lives: a folder of its own that bears its marker.

No Django here: the environment is set before settings are read.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from veriga.config.errors import UsageError

MARKER = "demo.json"
START = "start.json"
DATABASE = "veriga.sqlite3"
# What the demo makes in its folder, and alone takes away again.
OWN_FILES = (
    START, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal",
)  # fmt: skip
# Settings of an installation that the demo must not touch or use.
NOT_OURS = ("DATABASE_URL", "VERIGA_HTTPS", "VERIGA_MAIL_HOST", "VERIGA_SECRET_KEY")


@dataclass(frozen=True, slots=True)
class Marker:
    """What a demo was made as; another one is made when any of it differs."""

    version: str
    language: str
    made_on: str


def enter() -> Path:
    """Point the environment to the demo's folder, made if need be; return it.

    UsageError if there is a folder of that name that is not the demo's.
    """
    home = Path(os.environ.get("VERIGA_HOME", "").strip() or "var").resolve() / "demo"
    if home.exists() and not home.is_dir():
        raise UsageError(f"{home} is not a folder.")
    if home.exists() and any(home.iterdir()) and not (home / MARKER).exists():
        raise UsageError(
            f"{home} bears no {MARKER}, so it is not a demo; nothing was touched."
        )
    home.mkdir(parents=True, exist_ok=True)
    if not (home / MARKER).exists():
        (home / MARKER).write_text("{}")
    for name in NOT_OURS:
        os.environ.pop(name, None)
    os.environ["VERIGA_HOME"] = str(home)
    os.environ["VERIGA_DEMO"] = "1"
    os.environ["VERIGA_DEMO_START"] = str(home / START)
    return home


def is_current(home: Path, wanted: Marker) -> bool:
    """Tell whether the demo that is there is the one wanted, complete."""
    try:
        there = json.loads((home / MARKER).read_text())
    except ValueError:
        return False
    return bool(there == asdict(wanted)) and (home / DATABASE).exists()


def clear(home: Path) -> None:
    """Take away what an earlier demo left; the marker stays, saying "incomplete"."""
    (home / MARKER).write_text("{}")
    for name in OWN_FILES:
        (home / name).unlink(missing_ok=True)


def sign(home: Path, made: Marker) -> None:
    """Say that the demo is complete."""
    (home / MARKER).write_text(json.dumps(asdict(made)))
