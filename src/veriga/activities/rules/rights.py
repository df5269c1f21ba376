"""Who may do what to an activity they see (DESIGN §2, "Who may")."""

from __future__ import annotations

from dataclasses import dataclass

from veriga.access.rules import Actor


@dataclass(frozen=True, slots=True)
class Standing:
    """The people who have a say in an activity, by user id."""

    owner_id: int
    created_by_id: int
    account_owner_id: int | None
    participant_ids: frozenset[int] = frozenset()


def can_edit(actor: Actor, standing: Standing) -> bool:
    """Owner, creator, participants, account owner, managers; never readers."""
    return can_direct(actor, standing) or (
        actor.can_record and actor.user_id in standing.participant_ids
    )


def can_direct(actor: Actor, standing: Standing) -> bool:
    """Whether they may take out, close, reopen and delete: as edit, no participants."""
    return actor.can_record and (
        actor.is_manager
        or actor.user_id
        in {standing.owner_id, standing.created_by_id, standing.account_owner_id}
    )


def can_edit_entry(
    actor: Actor,
    standing: Standing,
    *,
    author_id: int | None,
    is_locked: bool,
    from_mail: bool,
) -> bool:
    """Whoever may edit the activity, the author alone if locked, nobody if by mail."""
    if from_mail or not actor.can_record:
        return False
    is_author = author_id is not None and author_id == actor.user_id
    return is_author or (not is_locked and can_edit(actor, standing))


def can_read_confidential(actor: Actor, standing: Standing) -> bool:
    """Holders of the right who also have a part in the activity or its company."""
    return actor.may_see_confidential and (
        actor.is_system
        or actor.user_id
        in {
            standing.owner_id,
            standing.created_by_id,
            standing.account_owner_id,
            *standing.participant_ids,
        }
    )
