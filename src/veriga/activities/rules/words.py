"""The closed sets of words that activities, links and marks are made of."""

from __future__ import annotations

from enum import StrEnum


class KindCode(StrEnum):
    """The four kinds of activity."""

    EVENT = "event"
    TASK = "task"
    PRODUCT_RECORD = "product_record"
    QUOTE = "quote"


class Direction(StrEnum):
    """Who acted: the customer (in), we (out), or neither (internal)."""

    IN = "in"
    OUT = "out"
    INTERNAL = "internal"


class State(StrEnum):
    """The three states; computed, never stored."""

    OVERDUE = "overdue"
    PENDING = "pending"
    DONE = "done"


class Result(StrEnum):
    """How a done activity ended."""

    CARRIED_OUT = "carried_out"
    CANCELLED = "cancelled"
    NOT_REACHED = "not_reached"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


# Sorts after every reference: an activity in the making, whose number comes last.
UNNUMBERED = "~"

NOT_CARRIED_OUT = frozenset({Result.CANCELLED, Result.NOT_REACHED})


class Offered(StrEnum):
    """What became of an activity that a form offered to continue."""

    ACCEPTED = "accepted"
    CHANGED = "changed"  # another one was chosen
    REFUSED = "refused"  # a new chain was begun


class LinkReason(StrEnum):
    """Why a link exists."""

    FORM = "form"
    SUGGESTION = "suggestion"
    IMPORT = "import"
    MAIL = "mail"
    MADE_ON = "made_on"
    TAKE_OUT = "take_out"


class ChangeKind(StrEnum):
    """What a change to links, marks or existence was."""

    JOIN = "join"
    SPLIT = "split"
    TAKE_OUT = "take_out"
    MOVE = "move"
    DELETE = "delete"
    CLOSE = "close"
    UNDO = "undo"


class MarkKind(StrEnum):
    """What a mark says: the stage, the outcome of the sale, or what it may be worth."""

    STAGE = "stage"
    OUTCOME = "outcome"
    STATEMENT = "statement"


class Outcome(StrEnum):
    """How the newest sale of a chain stands."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    GIVEN_UP = "given_up"


CLOSING = frozenset({Outcome.WON, Outcome.LOST, Outcome.GIVEN_UP})
