"""What a record window shows, gathered in at most ten statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from veriga.access.rules import Actor
from veriga.activities.kinds import describe_all
from veriga.activities.queries.activities import get_activity, list_date_moves
from veriga.activities.queries.chains import (
    LinkRow,
    list_entries,
    list_links,
    list_members,
    summaries,
)
from veriga.activities.queries.record import (
    list_company_contacts,
    list_contacts_of,
    list_parts,
    standing_with,
)
from veriga.activities.queries.rows import ActivityRow, type_name
from veriga.activities.rules.rights import (
    Standing,
    can_direct,
    can_edit,
    can_read_confidential,
)
from veriga.activities.rules.times import state_of, whose_move

if TYPE_CHECKING:
    from veriga.activities.models import Activity, DateMove, Entry, Participant
    from veriga.parties.models import Contact

CONTACTS_SHOWN = 3  # of a company, where nobody takes part in the record itself


@dataclass(frozen=True, slots=True)
class Rights:
    """What the actor may do to the record; a page offers nothing else."""

    record: bool
    edit: bool
    direct: bool
    confide: bool


@dataclass(frozen=True, slots=True)
class RecordChain:
    """One activity in its chain, and what the actor may do: what Povezave needs."""

    activity: Activity
    standing: Standing
    rights: Rights
    participants: list[Participant]
    members: list[ActivityRow]
    links: list[LinkRow]

    @property
    def before(self) -> list[ActivityRow]:
        """The activities that this one follows."""
        me = self.activity.pk
        return self._of(link.stimulus_id for link in self.links_of(follow_up=me))

    @property
    def after(self) -> list[ActivityRow]:
        """The activities that follow this one."""
        me = self.activity.pk
        return self._of(link.follow_up_id for link in self.links_of(stimulus=me))

    def links_of(
        self, *, follow_up: int | None = None, stimulus: int | None = None
    ) -> list[LinkRow]:
        return [
            link
            for link in self.links
            if follow_up in (None, link.follow_up_id)
            and stimulus in (None, link.stimulus_id)
        ]

    def _of(self, ids: Iterable[int]) -> list[ActivityRow]:
        wanted = set(ids)
        return [row for row in self.members if row.id in wanted]


@dataclass(frozen=True, slots=True)
class RecordPage(RecordChain):
    """One activity with everything that its window shows."""

    own: dict[str, Any]
    state: str
    type_name: str
    entries: list[Entry]
    moves: list[DateMove]
    contacts: list[Contact]
    takes_part: bool  # else the contacts are those of the company
    origin_reference: str
    origin_title: str
    move: str

    @property
    def is_origin(self) -> bool:
        return self.origin_reference == self.activity.reference


def read_chain(actor: Actor, reference: str, *, now: datetime) -> RecordChain:
    """Return an activity in its chain, in four statements; NotFound if invisible."""
    activity = get_activity(actor, reference)
    participants = list_parts(activity)
    standing = standing_with(activity, [part.user for part in participants])
    chain_id = activity.chain_id or 0
    members = list_members(actor, chain_id, now=now).rows
    return RecordChain(
        activity=activity,
        standing=standing,
        rights=Rights(
            record=actor.can_record,
            edit=can_edit(actor, standing),
            direct=can_direct(actor, standing),
            confide=actor.can_record and can_read_confidential(actor, standing),
        ),
        participants=participants,
        members=members,
        links=list_links(chain_id) if len(members) > 1 else [],
    )


def read_record(actor: Actor, reference: str, *, now: datetime) -> RecordPage:
    """Return what the window of this activity shows; NotFound if it is not visible."""
    chain = read_chain(actor, reference, now=now)
    activity = chain.activity
    contacts = list_contacts_of(activity)
    origin = _origin(chain.members, activity.chain_id or 0)
    return RecordPage(
        activity=activity,
        standing=chain.standing,
        rights=chain.rights,
        participants=chain.participants,
        members=chain.members,
        links=chain.links,
        own=describe_all([activity]).get(activity.pk, {}),
        state=state_of(activity.done_at, activity.due_at, now),
        type_name=type_name(activity.kind, activity.type_code),
        entries=list_entries(actor, activity, chain.standing),
        moves=list_date_moves(activity),
        contacts=contacts or list_company_contacts(activity, limit=CONTACTS_SHOWN),
        takes_part=bool(contacts),
        origin_reference=origin[0],
        origin_title=origin[1],
        move=whose_move(chain.members, now),
    )


def _origin(members: Sequence[ActivityRow], chain_id: int) -> tuple[str, str]:
    """Return reference and title; a statement more only in a chain of hundreds."""
    for row in members:
        if row.is_origin:
            return row.reference, row.title
    summary = summaries([chain_id])[chain_id]
    return summary.origin_reference, summary.origin_title
