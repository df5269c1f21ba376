"""What a command for many companies or contacts would do to each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Generic, TypeVar

from django.db.models import QuerySet

from veriga.access.models import User
from veriga.access.queries import find_user
from veriga.access.rules import Actor, Scope
from veriga.common.checks import clean_text, is_id
from veriga.common.errors import (
    Conflict,
    FieldError,
    Invalid,
    NotAllowed,
    NotFound,
    Problems,
)
from veriga.parties.models import Abc, Company, CompanyStatus, Contact
from veriga.parties.queries import (
    categories_of,
    is_kept_from,
    shared_with,
    visible_companies,
    visible_contacts,
)
from veriga.parties.rules import missing_when_active
from veriga.setup.models import CompanyCategory
from veriga.setup.queries import find_entry, get_offered
from veriga.work.rules.bulk import MOST
from veriga.work.rules.party_bulk import CompanyAction, ContactAction, PartyAction

from .bulk import AT_ONCE, Chosen, Left, Why

VALUE: Final = "value"  # the one field of these commands
FUNCTION_LENGTH: Final = 80
R = TypeVar("R", Company, Contact)


@dataclass(frozen=True, slots=True)
class PartyCommand:
    """What is to be done: a user, a status, a category, a mark, a day or a text."""

    action: PartyAction
    value: int | str | date | None = None


@dataclass(frozen=True, slots=True)
class PartyPlan(Generic[R]):
    """What a command does: the rows that change, in the order of their ids, and why
    others stay.

    `changes` are the new values by row; `unseen` are those that whoever gives the
    command will not see any more.
    """

    fit: list[R]
    left: list[Left]
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    unseen: int = 0


def plan_companies(
    actor: Actor,
    chosen: Sequence[Chosen],
    command: PartyCommand,
    *,
    is_draft: bool = False,
) -> PartyPlan[Company]:
    """Return what a command does to the chosen companies, as the actor may.

    In a handful of statements, whatever their number. `is_draft`: a value that is still
    to be filled in is no error. Errors: not_allowed for readers; nothing_chosen,
    too_many_rows; what is wrong with the value, for the field "value".
    """
    _check(actor, chosen)
    judge = _Companies(actor, command, is_draft=is_draft)
    rows = visible_companies(actor)
    found = _find(rows, chosen)
    judge.look_at(found)
    plan = _judged(chosen, found, judge.why_not, judge.changes)
    return PartyPlan(plan.fit, plan.left, plan.changes, judge.unseen(plan.fit))


def plan_contacts(
    actor: Actor,
    chosen: Sequence[Chosen],
    command: PartyCommand,
    *,
    is_draft: bool = False,
) -> PartyPlan[Contact]:
    """Return what a command does to the chosen contacts; see plan_companies."""
    _check(actor, chosen)
    judge = _Contacts(actor, command, is_draft=is_draft)
    found = _find(visible_contacts(actor), chosen)
    judge.look_at(found)
    return _judged(chosen, found, judge.why_not, judge.changes)


def _check(actor: Actor, chosen: Sequence[Chosen]) -> None:
    if not actor.can_record:
        raise NotAllowed
    if not chosen:
        raise Invalid("nothing_chosen")
    if len(chosen) > MOST:
        raise Invalid("too_many_rows", limit=MOST)


def _find(rows: QuerySet[R], chosen: Iterable[Chosen]) -> dict[int, R]:
    ids = sorted({pk for one in chosen if (pk := id_of(one)) is not None})
    found: dict[int, R] = {}
    for part in _parts(ids):
        found |= {row.pk: row for row in rows.filter(pk__in=part)}
    return found


def id_of(chosen: Chosen) -> int | None:
    """Return the id of a chosen company or contact, None for what can be none."""
    text = chosen.reference
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return int(text) if is_id(int(text)) else None


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _judged(
    chosen: Iterable[Chosen],
    found: dict[int, R],
    why_not: Callable[[R], Why],
    changes: dict[int, dict[str, Any]],
) -> PartyPlan[R]:
    fit: list[R] = []
    left: list[Left] = []
    for one in {one.reference: one for one in chosen}.values():
        row = found.get(id_of(one) or 0)
        if row is None:
            left.append(Left(one.reference, "", NotFound()))
            continue
        why = why_not(row)
        if one.version is not None and one.version != row.row_version:
            why = Conflict("changed_since")
        if why is None:
            fit.append(row)
        else:
            left.append(Left(str(row.pk), row.name, why))
    fit.sort(key=lambda row: row.pk)
    return PartyPlan(fit, left, changes)


class _Companies:
    """Says of each company why it must stay as it is, and what it gets otherwise."""

    def __init__(self, actor: Actor, command: PartyCommand, *, is_draft: bool) -> None:
        self.actor = actor
        self.changes: dict[int, dict[str, Any]] = {}
        self._action = command.action
        self._owner: User | None = None
        self._word = ""
        self._categories: dict[int, list[str]] = {}
        self._is_open = _left_open(self._read, command.value, is_draft=is_draft)

    def _read(self, value: object) -> None:
        if self._action == CompanyAction.OWNER:
            self._owner = _user_of(self.actor, value)
            return
        self._word = str(value or "").strip()
        if self._action == CompanyAction.ABC:
            if self._word not in {"", *Abc.values}:
                raise Invalid.of(VALUE, "unknown_choice")
        elif not self._word:
            raise Invalid.of(VALUE, "required")
        elif self._action == CompanyAction.STATUS:
            if self._word not in CompanyStatus.values:
                raise Invalid.of(VALUE, "unknown_choice")
        elif self._action == CompanyAction.ADD_CATEGORY:
            get_offered(CompanyCategory, self._word, VALUE)
        elif find_entry(CompanyCategory, self._word) is None:
            raise Invalid.of(VALUE, "unknown_choice")

    def look_at(self, companies: dict[int, Company]) -> None:
        """Read for all of them at once what judging each of them needs."""
        if self._action in {CompanyAction.ADD_CATEGORY, CompanyAction.DROP_CATEGORY}:
            for part in _parts(sorted(companies)):
                self._categories |= categories_of(part)

    def why_not(self, company: Company) -> Why:
        """Return why this one stays as it is, None if nothing is in the way."""
        if company.is_own and not self.actor.is_manager:
            return NotAllowed()
        judge: dict[PartyAction, Callable[[Company], Why]] = {
            CompanyAction.OWNER: self._own,
            CompanyAction.STATUS: self._status,
            CompanyAction.ADD_CATEGORY: self._categorise,
            CompanyAction.DROP_CATEGORY: self._categorise,
            CompanyAction.ABC: self._mark,
        }
        return judge[self._action](company)

    def unseen(self, companies: Sequence[Company]) -> int:
        """Return how many of them the actor will not see once they are given away."""
        owner, actor = self._owner, self.actor
        if owner is None or actor.sees_everything or owner.pk == actor.user_id:
            return 0
        if actor.scope is Scope.TEAM and owner.team_id == actor.team_id is not None:
            return 0
        given = {company.pk for company in companies if not company.is_own}
        return len(given - shared_with(actor, given)) if given else 0

    def _own(self, company: Company) -> Why:
        is_steward = company.account_owner_id == self.actor.user_id
        if not (self.actor.is_manager or is_steward):
            return NotAllowed()
        owner = self._owner
        if owner is None:
            return None
        if company.account_owner_id == owner.pk:
            return Conflict("so_already")
        if is_kept_from(owner, company):
            return FieldError(VALUE, "may_not_see_persons", {"user": owner.name})
        self.changes[company.pk] = {"account_owner_id": owner.pk}
        return None

    def _status(self, company: Company) -> Why:
        if company.is_own:
            return NotAllowed()
        if self._is_open:
            return None
        if company.status == self._word:
            return Conflict("so_already")
        if self._word == CompanyStatus.PROSPECT:
            if not self.actor.is_manager:
                return NotAllowed()
        elif not self.actor.may_activate:
            return NotAllowed()
        elif missing := missing_when_active(vars(company)):
            return Invalid(
                "needed_when_active",
                errors=[FieldError(name, "needed_when_active") for name in missing],
            )
        self.changes[company.pk] = {"status": self._word}
        return None

    def _categorise(self, company: Company) -> Why:
        if self._is_open:
            return None
        has = self._categories.get(company.pk, [])
        adds = self._action == CompanyAction.ADD_CATEGORY
        if (self._word in has) == adds:
            return Conflict("so_already")
        new = [*has, self._word] if adds else [c for c in has if c != self._word]
        self.changes[company.pk] = {"categories": new}
        return None

    def _mark(self, company: Company) -> Why:
        if company.abc == self._word:
            return Conflict("so_already")
        self.changes[company.pk] = {"abc": self._word}
        return None


class _Contacts:
    """Says of each contact why they stay as they are, and what they get otherwise."""

    def __init__(self, actor: Actor, command: PartyCommand, *, is_draft: bool) -> None:
        self.actor = actor
        self.changes: dict[int, dict[str, Any]] = {}
        self._action = command.action
        self._until: date | None = None
        self._text = ""
        self._seen: set[int] = set()
        self._is_open = _left_open(self._read, command.value, is_draft=is_draft)

    def _read(self, value: object) -> None:
        if self._action == ContactAction.FUNCTION:
            problems = Problems()
            self._text = clean_text(
                problems, VALUE, value, limit=FUNCTION_LENGTH, required=True
            )
            problems.raise_if_any()
        elif value in (None, ""):
            raise Invalid.of(VALUE, "required")
        elif isinstance(value, date):
            self._until = value
        else:
            raise Invalid.of(VALUE, "not_a_date")

    def look_at(self, contacts: dict[int, Contact]) -> None:
        """Read which of their own companies the actor sees."""
        ids = sorted({contact.company_id for contact in contacts.values()})
        for part in _parts(ids):
            seen = visible_companies(self.actor).filter(pk__in=part)
            self._seen |= set(seen.values_list("pk", flat=True))

    def why_not(self, contact: Contact) -> Why:
        """Return why this one stays as they are, None if nothing is in the way."""
        if contact.company_id not in self._seen:
            return NotAllowed()  # of another company the actor sees only that they go
        if self._is_open:
            return None
        if self._action == ContactAction.FUNCTION:
            if contact.function == self._text:
                return Conflict("so_already")
            self.changes[contact.pk] = {"function": self._text}
            return None
        until = self._until
        if contact.until_on == until:
            return Conflict("so_already")
        if until and contact.since_on and until < contact.since_on:
            return FieldError(VALUE, "until_before_since")
        self.changes[contact.pk] = {"until_on": until}
        return None


def _left_open(
    read: Callable[[object], None], value: object, *, is_draft: bool
) -> bool:
    """Read the value; tell whether it is left open, which in a draft is no error."""
    try:
        read(value)
    except Invalid as error:
        if not (is_draft and error.code == "required"):
            raise
        return True
    return False


def _user_of(actor: Actor, value: object) -> User:
    if value in (None, ""):
        raise Invalid.of(VALUE, "required")
    try:
        owner = find_user(actor, value if isinstance(value, int) else str(value))
    except NotFound:
        raise Invalid.of(VALUE, "unknown_choice") from None
    if not owner.is_active:
        raise Invalid.of(VALUE, "inactive_user", name=owner.name)
    return owner
