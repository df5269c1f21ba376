"""Which things hang together by the pairs told so far (union-find). Plain Python."""

from __future__ import annotations


class Components:
    """Sets that grow together; each is named by one of its members."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def of(self, one: int) -> int:
        """Return the name of the set; alone until something is joined to it."""
        above = self._above
        top = one
        while (higher := above.get(top, top)) != top:
            top = higher
        while (higher := above.get(one, one)) != top:
            above[one], one = top, higher
        return top

    def join(self, one: int, other: int) -> None:
        """Make one set of the two."""
        first, second = self.of(one), self.of(other)
        if first != second:
            self._above[max(first, second)] = min(first, second)
