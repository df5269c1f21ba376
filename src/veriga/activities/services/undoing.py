"""Undo: a change that removes what another added and adds what it removed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from veriga.access.rules import Context
from veriga.activities.models import Activity, Change, Link, Mark
from veriga.activities.queries.linking import chain_pairs, link_between
from veriga.activities.rules.graphs import closes_circle
from veriga.activities.rules.words import ChangeKind
from veriga.common.errors import Conflict, NotAllowed, NotFound
from veriga.common.prepared import prepared
from veriga.common.transactions import write
from veriga.parties.queries import company_condition, seen_by, sight_of

from .chains import settle_chains
from .deleting import bury, unbury
from .linking import give_to_company
from .locking import lock_companies

UNDO_FOR = timedelta(days=30)


@write
def undo_change(*, context: Context, change_id: int) -> Change:
    """Undo a change exactly, or raise Conflict; return the change that undid it.

    By its maker or a manager, within 30 days. already_undone, undo_too_late, or
    undo_conflict if an added link is gone, an end of a removed link is deleted or has
    moved, or a restored link would repeat or close a circle.
    """
    change = _find(context, change_id)
    lock_companies(_companies(change))
    change = _find(context, change_id)
    actor = context.actor
    if not actor.is_manager and (
        not actor.can_record or change.made_by_id != actor.user_id
    ):
        raise NotAllowed
    if _undone(change=change_id):
        raise Conflict("already_undone")
    if context.now - change.made_at > UNDO_FOR:
        raise Conflict("undo_too_late")
    _Undoing(context, change).run()
    return Change.objects.create(
        kind=ChangeKind.UNDO,
        company_id=change.company_id,
        activity_id=change.activity_id,
        removed=change.added,
        added=change.removed,
        made_by_id=actor.user_id,
        made_at=context.now,
        undoes=change,
    )


class _Undoing:
    """One undo at work: remove what was added, then add what was removed."""

    def __init__(self, context: Context, change: Change) -> None:
        self.context = context
        self.remove: dict[str, Any] = change.added
        self.add: dict[str, Any] = change.removed
        ends = {
            packed[end]
            for part in (self.remove, self.add)
            for packed in part.get("links", [])
            for end in ("follow_up", "stimulus")
        }
        self.activity_id = change.activity_id
        self.ends = ends | {change.activity_id}

    def run(self) -> None:
        if "buried" in self.remove:
            self._rise()
        self._remove_links()
        if "company" in self.add:
            self._move_back()
        self._add_links()
        if "buried" in self.add:
            self._sink()
        self._turn_marks()
        self._settle()

    def _rise(self) -> None:
        activity = Activity.objects.get(pk=self.remove["buried"][0])
        if activity.deleted_at is None:
            raise Conflict("undo_conflict")
        unbury(activity)

    def _sink(self) -> None:
        pk, beside = self.add["buried"]
        self._settle()
        activity = Activity.objects.get(pk=pk)
        if activity.deleted_at is not None or self._is_tied(pk):
            raise Conflict("undo_conflict")
        if (
            beside
            and not Activity.objects.filter(pk=beside, deleted_at__isnull=True).exists()
        ):
            beside = None
        bury(activity, beside, self.context.actor.user_id, self.context.now)

    def _is_tied(self, pk: int) -> bool:
        return (
            Link.objects.filter(follow_up_id=pk).exists()
            or Link.objects.filter(stimulus_id=pk).exists()
        )

    def _remove_links(self) -> None:
        for packed in self.remove.get("links", []):
            gone, _ = Link.objects.filter(
                pk=packed["id"],
                follow_up_id=packed["follow_up"],
                stimulus_id=packed["stimulus"],
            ).delete()
            if not gone:
                raise Conflict("undo_conflict")

    def _move_back(self) -> None:
        pk, old_company = self.add["company"]
        _, new_company = self.remove["company"]
        activity = Activity.objects.get(pk=pk)
        if (
            activity.deleted_at is not None
            or activity.company_id != new_company
            or self._is_tied(pk)
        ):
            raise Conflict("undo_conflict")
        give_to_company(activity, old_company)

    def _add_links(self) -> None:
        wanted = self.add.get("links", [])
        if not wanted:
            return
        alive = {
            pk: (company, chain)
            for pk, company, chain in _living(ids=sorted(self.ends))
            if chain is not None
        }
        pairs = [
            pair
            for chain in {chain for _, chain in alive.values()}
            for pair in chain_pairs(chain)
        ]
        for packed in wanted:
            later, earlier = packed["follow_up"], packed["stimulus"]
            if (
                later not in alive
                or earlier not in alive
                or alive[later][0] != alive[earlier][0]
                or link_between(later, earlier)
                or closes_circle(pairs, later, earlier)
            ):
                raise Conflict("undo_conflict")
            pairs.append((later, earlier))
            Link.objects.create(
                pk=packed["id"],
                follow_up_id=later,
                stimulus_id=earlier,
                reason=packed["reason"],
                made_by_id=packed["made_by"],
                made_at=datetime.fromisoformat(packed["made_at"]),
            )

    def _turn_marks(self) -> None:
        for part, was, becomes in (
            (self.remove, True, self.context.now),
            (self.add, False, None),
        ):
            ids = part.get("marks", [])
            turned = Mark.objects.filter(pk__in=ids, withdrawn_at__isnull=was).update(
                withdrawn_at=becomes
            )
            if turned != len(ids):
                raise Conflict("undo_conflict")

    def _settle(self) -> None:
        by_company: dict[int, set[int | None]] = {}
        for _, company, chain in _living(ids=sorted(self.ends)):
            by_company.setdefault(company, set()).add(chain)
        for company, chains in by_company.items():
            settle_chains(company, chains)


def _find(context: Context, change_id: int) -> Change:
    sight, who = sight_of(context.actor)
    found = _changes(sight, pk=change_id, **who)
    if not found:
        raise NotFound(change=change_id)
    return found[0]


@prepared
def _changes(sight: str, /, *, pk: int, **who: int) -> QuerySet[Change]:
    changes = Change.objects.filter(pk=pk).select_related("activity")
    condition = company_condition(seen_by(sight, **who))
    return changes if condition is None else changes.filter(condition)


@prepared
def _undone(*, change: int) -> QuerySet[Change, int]:
    return Change.objects.filter(undoes_id=change).values_list("pk", flat=True)


@prepared
def _living(*, ids: list[int]) -> QuerySet[Activity, tuple[int, int, int | None]]:
    living = Activity.objects.filter(pk__in=ids, deleted_at__isnull=True)
    return living.values_list("pk", "company_id", "chain_id")


def _companies(change: Change) -> set[int]:
    ids = {change.company_id, change.activity.company_id}
    for part in (change.removed, change.added):
        if "company" in part:
            ids.add(part["company"][1])
    return ids
