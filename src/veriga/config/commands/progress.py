"""How far a long command is, on one line of the terminal."""

from __future__ import annotations

import sys
from types import TracebackType


class Progress:
    """Writes over its own line on stderr; says nothing where nobody watches."""

    def __enter__(self) -> Progress:
        self._watched = sys.stderr.isatty()
        return self

    def say(self, text: str) -> None:
        if self._watched:
            sys.stderr.write(f"\r\033[K{text}")
            sys.stderr.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._watched:
            sys.stderr.write("\r\033[K")
