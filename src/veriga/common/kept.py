"""What a process keeps for some seconds because nearly every request asks for it.

Another process may have changed it meanwhile; so only what may be that old is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")
clock = time.monotonic
_all: list[Kept[object]] = []


class Kept(Generic[V]):
    """Values by their keys, each read anew once it is `keep_s` seconds old.

    Of more than `most` keys all are dropped, so that memory stays bounded. Threads may
    share it: at worst two of them read the same at once.
    """

    def __init__(self, keep_s: float, *, most: int = 1000) -> None:
        self._keep_s = keep_s
        self._most = most
        self._values: dict[Hashable, tuple[float, V]] = {}
        _all.append(self)  # type: ignore[arg-type]

    def get(self, key: Hashable, read: Callable[[], V]) -> V:
        """Return what is kept under `key`, or what `read` returns now."""
        kept = self._values.get(key)
        if kept is None or kept[0] <= clock():
            value = read()
            self.put(key, value)
            return value
        return kept[1]

    def has(self, key: Hashable) -> bool:
        """Tell whether something is kept under `key`."""
        kept = self._values.get(key)
        return kept is not None and kept[0] > clock()

    def find(self, key: Hashable) -> V | None:
        """Return what is kept under `key`, None if nothing is."""
        kept = self._values.get(key)
        return kept[1] if kept is not None and kept[0] > clock() else None

    def put(self, key: Hashable, value: V) -> None:
        """Keep a value from now on."""
        if len(self._values) >= self._most:
            self._values.clear()
        self._values[key] = clock() + self._keep_s, value

    def forget(self) -> None:
        """Drop everything; whoever changes what is kept calls it."""
        self._values.clear()


def forget_all() -> None:
    """Drop what any part of this process keeps."""
    for kept in _all:
        kept.forget()
