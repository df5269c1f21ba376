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


class Budget(StrEnum):
    """How often an open chain may be flagged though it would have gone on by itself."""

    QUIET = "quiet"
    USUAL = "usual"
    WATCHFUL = "watchful"
    EAGER = "eager"
