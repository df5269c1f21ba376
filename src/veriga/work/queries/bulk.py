"""What a command for many activities would do to each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from veriga.access.models import User
from veriga.access.queries import find_user
from veriga.access.rules import Actor
from veriga.activities.kinds import describe_all
from veriga.activities.models import Activity
from veriga.activities.queries.activities import get_activity, visible_activities
from veriga.activities.queries.people import participants_of
from veriga.activities.queries.suggestions import Candidate, Sketch, suggest
from veriga.activities.rules.references import read_reference
from veriga.activities.rules.rights import Standing, can_direct, can_edit
from veriga.activities.rules.words import KindCode
from veriga.common.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound
from veriga.common.errors import VerigaError as Refusal
from veriga.parties.queries import why_hidden
from veriga.setup.models import Importance
from veriga.setup.queries import get_offered
from veriga.setup.working import working_calendar
from veriga.work.rules.bulk import FURTHEST, MOST, RESULTS, Action, moved_fields

AT_ONCE: Final = 300  # ids of one statement
OFFERED: Final = 5  # activities that all may follow
Why = Refusal | FieldError | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row that somebody chose, and its version as they saw it.

    Its reference; of companies and contacts the id as text.
    """

    reference: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """What is to be done; of the values only those of its action are looked at.

    `results` are by kind; the usual one where none is named, which quotes have not.
    `days` are working days.
    """

    action: Action
    owner: int | str | None = None
    results: Mapping[str, str] = field(default_factory=dict)
    days: int | None = None
    importance: str = ""
    stimulus: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A row that stays as it is, and why; no title where it is out of sight.

    The title of a company or contact is its name.
    """

    reference: str
    title: str
    why: Refusal | FieldError


@dataclass(frozen=True, slots=True)
class Plan:
    """What a command does: the activities that change, and those that stay.

    `changes` are the new values of fields by activity, for those commands that set
    fields; `stimulus` is what all are linked to.
    """

    fit: list[Activity]
    left: list[Left]
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    stimulus: Activity | None = None


def plan_command(
    actor: Actor, chosen: Sequence[Chosen], command: Command, *, is_draft: bool = False
) -> Plan:
    """Return what a command does to the chosen activities, as the actor may.

    In a handful of statements, whatever their number; what only the work itself finds
    out (a link that would close a circle) is not foreseen. `is_draft`: a value that is
    still to be filled in is no error. Errors: not_allowed for readers; too_many; what
    is wrong with the value, at its field.
    """
    if not actor.can_record:
        raise NotAllowed
    if not chosen:
        raise Invalid("nothing_chosen")
    if len(chosen) > MOST:
        raise Invalid("too_many_rows", limit=MOST)
    plan = Plan([], [])
    judge = _Judge(actor, command, is_draft=is_draft)
    found = _find(actor, chosen)
    judge.look_at(list(found.values()))
    for one in dict.fromkeys(chosen):
        activity = found.get(read_reference(one.reference) or "")
        if activity is None:
            plan.left.append(Left(one.reference, "", NotFound()))
            continue
        why = judge.why_not(activity, one.version)
        if why is None:
            plan.fit.append(activity)
        else:
            plan.left.append(Left(str(activity.reference), activity.title, why))
    plan.fit.sort(key=lambda a: (a.company_id, a.pk))
    return Plan(plan.fit, plan.left, judge.changes, judge.stimulus)


def likeliest_targets(
    actor: Actor, activities: Sequence[Activity], *, now: datetime
) -> list[Candidate]:
    """Return what these may all follow, likeliest first, with the reasons.

    As Poveži offers it for one activity; none if they are of several companies. At most
    five statements.
    """
    companies = {activity.company_id for activity in activities}
    if len(companies) != 1:
        return []
    ids = [activity.pk for activity in activities]
    products = {activity.product_id for activity in activities}
    people: set[int] = set()
    for start in range(0, len(ids), AT_ONCE):
        there = Activity.contacts.through.objects.filter(
            activity_id__in=ids[start : start + AT_ONCE]
        )
        people |= set(there.values_list("contact_id", flat=True))
    offered = suggest(
        actor,
        companies.pop(),
        Sketch(
            user_id=actor.user_id,
            product_id=products.pop() if len(products) == 1 else None,
            contact_ids=sorted(people),
        ),
        now=now,
        limit=len(ids) + OFFERED,
    )
    chosen = set(ids)
    return [one for one in offered if one.row.id not in chosen][:OFFERED]


def _find(actor: Actor, chosen: Iterable[Chosen]) -> dict[str, Activity]:
    wanted = [read_reference(one.reference) for one in chosen]
    references = sorted({reference for reference in wanted if reference})
    found: dict[str, Activity] = {}
    rows = visible_activities(actor).select_related("company")
    for start in range(0, len(references), AT_ONCE):
        part = rows.filter(reference__in=references[start : start + AT_ONCE])
        found |= {str(activity.reference): activity for activity in part}
    return found


class _Judge:
    """Says of each activity why it must stay as it is, and what it gets otherwise."""

    def __init__(self, actor: Actor, command: Command, *, is_draft: bool) -> None:
        self.actor = actor
        self.command = command
        self.changes: dict[int, dict[str, Any]] = {}
        self.stimulus: Activity | None = None
        self.owner: User | None = None
        self._own: dict[int, dict[str, Any]] = {}
        self._people: dict[int, frozenset[int]] = {}
        self._hidden: dict[int, str] = {}
        try:
            self._read()
        except Invalid as error:
            # Left open, a field is not wrong yet; what was filled in may be.
            if not (is_draft and error.code == "required"):
                raise

    def _read(self) -> None:
        command = self.command
        if command.action == Action.ASSIGN:
            if command.owner in (None, ""):
                raise Invalid.of("owner", "required")
            self.owner = find_user(self.actor, command.owner or "")
            if not self.owner.is_active:
                raise Invalid.of("owner", "inactive_user", name=self.owner.name)
        elif command.action == Action.MOVE:
            if not command.days:
                raise Invalid.of("days", "required")
            if abs(command.days) > FURTHEST:
                raise Invalid.of("days", "between", least=-FURTHEST, most=FURTHEST)
        elif command.action == Action.IMPORTANCE and command.importance:
            get_offered(Importance, command.importance, "importance")
        elif command.action == Action.LINK:
            if not command.stimulus.strip():
                raise Invalid.of("stimulus", "required")
            try:
                self.stimulus = get_activity(self.actor, command.stimulus)
            except NotFound:
                raise Invalid.of("stimulus", "not_found") from None
        elif command.action == Action.FINISH:
            for kind, result in command.results.items():
                if result and result not in RESULTS.get(kind, ()):
                    raise Invalid.of(f"result_{kind}", "wrong_result")

    def look_at(self, activities: list[Activity]) -> None:
        """Read for all of them at once what judging each of them needs."""
        ids = [activity.pk for activity in activities]
        if not self.actor.is_manager and self.command.action != Action.DELETE:
            for start in range(0, len(ids), AT_ONCE):
                found = participants_of(ids[start : start + AT_ONCE])
                self._people |= {
                    pk: frozenset(one.id for one in people)
                    for pk, people in found.items()
                }
        if self.command.action == Action.MOVE:
            for start in range(0, len(activities), AT_ONCE):
                self._own |= describe_all(activities[start : start + AT_ONCE])

    def why_not(self, activity: Activity, version: int | None) -> Why:
        """Return why this one stays as it is, None if nothing is in the way."""
        if version is not None and version != activity.row_version:
            return Conflict("changed_since")
        if not self._may(activity):
            return NotAllowed()
        judge: dict[Action, Callable[[Activity], Why]] = {
            Action.ASSIGN: self._assign,
            Action.FINISH: self._finish,
            Action.MOVE: self._move,
            Action.IMPORTANCE: self._importance,
            Action.LINK: self._link,
        }
        own = judge.get(self.command.action)
        return own(activity) if own else None

    def _may(self, activity: Activity) -> bool:
        if self.command.action == Action.LINK:
            return True
        standing = Standing(
            owner_id=activity.owner_id,
            created_by_id=activity.created_by_id,
            account_owner_id=activity.company_owner_id,
            participant_ids=self._people.get(activity.pk, frozenset()),
        )
        may = can_direct if self.command.action == Action.DELETE else can_edit
        return may(self.actor, standing)

    def _assign(self, activity: Activity) -> Why:
        owner = self.owner
        if owner is None:
            return None
        if activity.owner_id == owner.pk:
            return Conflict("so_already")
        company = activity.company
        if company.pk not in self._hidden:
            self._hidden[company.pk] = why_hidden(owner, company)
        if self._hidden[company.pk]:
            return FieldError("owner", self._hidden[company.pk], {"user": owner.name})
        self.changes[activity.pk] = {"owner": owner.pk}
        return None

    def _finish(self, activity: Activity) -> Why:
        if activity.done_at is not None:
            return Conflict("done_already")
        result = self.command.results.get(activity.kind)
        if not result and activity.kind == KindCode.QUOTE:
            return Conflict("no_result")  # none of its ends is the usual one
        result = result or RESULTS[activity.kind][0]
        self.changes[activity.pk] = {"result": result}
        return None

    def _move(self, activity: Activity) -> Why:
        if activity.done_at is not None:
            return Conflict("done_already")
        if activity.gathering_id is not None:
            return Conflict("gathering_shared")
        found = moved_fields(
            self._own[activity.pk],
            activity.kind,
            self.command.days or 0,
            working_calendar(),
        )
        if not found:
            return Conflict("no_deadline")
        self.changes[activity.pk] = found
        return None

    def _importance(self, activity: Activity) -> Why:
        if (activity.importance_id or "") == self.command.importance:
            return Conflict("so_already")
        self.changes[activity.pk] = {"importance": self.command.importance}
        return None

    def _link(self, activity: Activity) -> Why:
        stimulus = self.stimulus
        if stimulus is None:
            return None
        if activity.pk == stimulus.pk:
            return Invalid("link_to_itself")
        if activity.company_id != stimulus.company_id:
            return Invalid("other_company")
        return None
