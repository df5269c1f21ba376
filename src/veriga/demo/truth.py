"""What is planted in the demo's past: the numbers that insight is held to.

The past of the demo is simulated (simulation.py), so the truth is known: after a visit
customers react 2.1 times as often, after a newsletter exactly as often as without it.
Described in docs/insight/demo.md, which shows these numbers; a test keeps them equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

# For so many working days an action has its effect.
WINDOW_DAYS: Final = 10.0

# The ratio of reaction rates inside the window after an action, by kind as insight
# names it. Actions that overlap multiply, two of one kind count once.
EFFECTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "visit": 2.1,
        "call": 1.5,
        "product_record:sample_sent": 1.5,
        "demonstration": 1.25,
        "quote": 1.25,
        "meeting": 1.0,
        "video_meeting": 1.0,
        "email": 1.0,
        "invitation": 1.0,
        "fair": 1.0,
        "task": 1.0,
        "internal_meeting": 1.0,
    }
)

# Reactions of a customer of warmth 1 per working day, by working days of silence: from
# each limit on, the share of BASE_RATE that is left. Silence begins anew with each
# reaction, and with the chain.
BASE_RATE: Final = 0.068
QUIET: Final = ((0.0, 1.2), (2.0, 1.0), (5.0, 0.85), (10.0, 0.65), (20.0, 0.45))

# Customers differ: warmth is log-normal about 1, within these bounds. It works on
# reactions in full and on what sellers do by its root; a newsletter goes to the warm.
WARMTH_SPREAD: Final = 0.65
COLDEST, WARMEST = 0.25, 3.5
WARMTH_ON_ACTIONS: Final = 0.5
NEWSLETTER_FROM_WARMTH: Final = 1.1
NEWSLETTER_RATE: Final = 0.022

# Some customers are lost without a word: the chance of it on each working day after
# so much silence. From then on nothing of ours has any effect.
LOST_IN_SILENCE_FROM: Final = 12.0
LOST_IN_SILENCE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Origin:
    """A way in which a chain begins.

    `type` is an event type, `reason` a code of the reasons, `share` of a hundred
    chains. `promise` multiplies the chance that a reaction brings the sale forward.
    `line` picks one of the opening lines of this type, None any of them.
    """

    type: str
    reason: str
    share: int
    promise: float
    line: int | None = None


ORIGINS: Final = (
    Origin("call", "own_initiative", 24, 0.45),
    Origin("enquiry", "customer_enquiry", 22, 1.1),
    Origin("fair", "fair", 18, 0.85),
    Origin("call_in", "referral", 12, 1.8, line=1),
    Origin("email_in", "customer_enquiry", 10, 1.0),
    Origin("email", "own_initiative", 7, 0.4),
    Origin("chance_meeting", "chance_meeting", 4, 1.0),
    Origin("call_in", "existing_business", 3, 1.4, line=3),
)


def quiet(silence_days: float) -> float:
    """Return what share of the usual rate is left after so many days of silence."""
    return next(share for limit, share in reversed(QUIET) if silence_days >= limit)
