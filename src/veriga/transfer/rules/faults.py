"""What is wrong with a file: one line that says in which file, where, and what."""

from __future__ import annotations

from pathlib import Path


class FileFault(Exception):
    """A file cannot be read as it should be. Told to operators, in English."""

    def __init__(self, path: Path | str, place: str, text: str) -> None:
        self.path, self.place, self.text = str(path), place, text
        super().__init__(f"{path}{f', {place}' if place else ''}: {text}")
