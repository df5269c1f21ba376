"""Group events: what the events of many companies share."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .types import (
    Day,
    Flag,
    Id,
    Ids,
    In,
    Instant,
    InstantOut,
    Limit,
    Line,
    Lines,
    NamedOut,
    Out,
    PageQuery,
    Patch,
    Person,
    UserOut,
)

COMPANIES_MAX = 2_000
ReplyWord = Literal["invited", "accepted", "declined", "came", "stayed_away"]


class InviteIn(In):
    """A company to invite, and who there."""

    company: Id
    contacts: Ids | None = None


InvitesIn = Annotated[list[InviteIn], Field(max_length=COMPANIES_MAX)]


class GatheringPatch(Patch):
    """What may be changed of a group event, in the events of all companies."""

    title: Line = ""
    type: Line | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    all_day: Flag | None = None
    place: Line | None = None
    text: Lines | None = None
    owner: Person | None = None


class GatheringIn(GatheringPatch):
    """A new group event; its maker owns it unless the body says who."""

    title: Line
    starts_at: Instant
    companies: InvitesIn | None = None

    def given(self) -> dict[str, Any]:
        """Return the fields of the group event itself that the body gives."""
        found = super().given()
        found.pop("companies", None)
        return found


class InvitingIn(In):
    """Companies to be added."""

    companies: InvitesIn


class ReplyIn(In):
    """What a company answered, or whether it came."""

    reply: ReplyWord


class FollowUpIn(In):
    """A task for each company that came."""

    title: Line
    due_on: Day | None = None
    owner: Id | None = Field(None, description="Else each company's account owner.")


class InvitedQuery(PageQuery):
    reply: ReplyWord | None = None
    q: Line = ""
    limit: Limit = 100


class GatheringOut(Out):
    id: int
    title: str
    type: str
    starts_at: InstantOut
    ends_at: InstantOut | None
    all_day: bool
    place: str
    text: str
    owner: UserOut
    created_by: UserOut
    companies: int
    open: int
    replies: dict[str, int]
    row_version: int


class GatheringsOut(Out):
    items: list[GatheringOut]
    next: str | None


class InvitedOut(Out):
    """One company's event in a group event."""

    reference: str
    company: NamedOut
    reply: str
    state: str
    result: str | None
    people: list[str]


class InvitedListOut(Out):
    items: list[InvitedOut]
    next: str | None


class AddedOut(Out):
    added: int


class WithdrawnOut(Out):
    """Whether the event is gone, or stays cancelled because others follow it."""

    outcome: Literal["withdrawn", "cancelled"]


class FinishedOut(Out):
    finished: int


class TaskReferencesOut(Out):
    items: list[str]
