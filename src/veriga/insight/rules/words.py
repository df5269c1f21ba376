"""The closed sets of words of insight. Plain Python: pages import it too."""

from __future__ import annotations

from enum import StrEnum


class ReportKind(StrEnum):
    """The reports, named as the addresses and commands are."""

    FOLLOWED = "followed"
    PACE = "pace"
    STALLED = "stalled"
    TRIGGERS = "triggers"
    MAP = "map"
    ORIGINS = "origins"


class MapBy(StrEnum):
    """What makes an edge of a map: the order in the chain, or a recorded link."""

    ORDER = "order"
    LINKS = "links"


class Exit(StrEnum):
    """Where a way of a map leads that leads to no activity, or comes from."""

    START = "(start)"
    ENDED = "(ended)"
    WAITING = "(waiting)"
    OTHER = "(other)"


class Detail(StrEnum):
    """How much of a map a drawing shows."""

    LEAST = "least"
    USUAL = "usual"
    MOST = "most"


class Budget(StrEnum):
    """How often an open chain may be flagged though it would have gone on by itself."""

    QUIET = "quiet"
    USUAL = "usual"
    WATCHFUL = "watchful"
    EAGER = "eager"
