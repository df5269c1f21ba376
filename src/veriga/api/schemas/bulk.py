"""One command for many activities."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .activities import ActivityFilter
from .types import Flag, Id, In, KindWord, Line, Out, Person, ResultWord

ActionWord = Literal["assign", "finish", "move", "importance", "link", "delete"]
ROWS_MAX = 1_000  # more than a command takes, so that the service says how many


class ChosenIn(In):
    """An activity and the version in which it was read; another one is left."""

    reference: Line
    row_version: Id


class BulkFilter(ActivityFilter):
    """What a list of activities is narrowed by, over all kinds."""

    kind: KindWord | None = None


class BulkIn(In):
    """What is to be done to which activities: those named or all that fit a filter."""

    action: ActionWord
    activities: Annotated[list[Line | ChosenIn], Field(max_length=ROWS_MAX)] | None = (
        Field(None, description="References, alone or with their row_version.")
    )
    filter: BulkFilter | None = None
    owner: Person | None = Field(None, description="Of assign.")
    results: dict[KindWord, ResultWord] | None = Field(
        None, description="Of finish, by kind; quotes without one stay open."
    )
    days: Annotated[int, Field(strict=True)] | None = Field(
        None, description="Of move: working days, less than 0 for earlier."
    )
    importance: Line | None = Field(None, description="Of importance; null for none.")
    stimulus: Line | None = Field(None, description="Of link: what all of them follow.")
    dry_run: Flag = Field(False, description="Say what would change, change nothing.")


class LeftOut(Out):
    """An activity that stays as it is, and why; no title where it is out of sight.

    When a command for companies or contacts is undone, `reference` is the id as text.
    """

    reference: str
    title: str
    code: str
    detail: str


class BulkOut(Out):
    """What has changed, or would; `batch` undoes it, null if there is nothing to."""

    batch: int | None
    changed: list[str]
    left: list[LeftOut]


class BulkUndoneOut(Out):
    """How many have again what they had, and what was changed since and stays."""

    restored: int
    left: list[LeftOut]
