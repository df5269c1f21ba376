"""Loading event logs of other programs: cases become chains, events activities.

What is in the file was read and checked by transfer.rules; here it is stored, all of it
or nothing. Source: docs/insight/event-logs.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from veriga.access.queries import list_teams, list_users
from veriga.access.rules import Context, Role, Scope
from veriga.access.services import (
    activate_user,
    create_team,
    create_user,
    deactivate_user,
)
from veriga.activities.rules.words import (
    KindCode,
    LinkReason,
    MarkKind,
    Outcome,
    Result,
)
from veriga.catalogue.services import create_product
from veriga.common.errors import NotAllowed
from veriga.common.text import fold
from veriga.common.transactions import write
from veriga.quotes.rules import LineValues
from veriga.setup.models import EventType, ProductRecordType
from veriga.setup.queries import find_entry
from veriga.setup.services import create_entry
from veriga.transfer.rules.cases import LogActivity, LogCase, ReadLog, each
from veriga.transfer.rules.faults import FileFault
from veriga.transfer.rules.mapping import ActivityRule, Mapping
from veriga.work.queries.event_logs import (
    companies_of_log,
    products_of_log,
    references_of_log,
)
from veriga.work.services.loading import (
    LoadedActivity,
    LoadedChain,
    LoadedLink,
    LoadedMark,
    large_load,
    load_chains,
)
from veriga.work.services.loading.parties import LoadedCompany, load_companies

BATCH = 20_000
CODE_LENGTH = 40
TYPE_LISTS: dict[str, tuple[str, Any]] = {
    KindCode.EVENT: ("event-types", EventType),
    KindCode.PRODUCT_RECORD: ("product-record-types", ProductRecordType),
}
DEFAULT_DIRECTION = "internal"
# What the quotes of a closed case are done with, and its last one.
QUOTE_RESULTS = {
    Outcome.WON: (Result.WITHDRAWN, Result.ACCEPTED),
    Outcome.LOST: (Result.DECLINED, Result.DECLINED),
    Outcome.GIVEN_UP: (Result.WITHDRAWN, Result.WITHDRAWN),
}


@dataclass(frozen=True, slots=True)
class ImportedLog:
    """How much was stored, and how many cases were there already."""

    cases: int
    activities: int
    companies: int
    people: int
    types: int
    known_cases: int


def known_cases(mapping: Mapping, log: ReadLog) -> list[LogCase]:
    """Return the cases of a log that an earlier import has stored."""
    known = references_of_log(mapping.name)
    return [case for case in log.cases if reference_of(mapping, case) in known]


def reference_of(mapping: Mapping, case: LogCase, place: int = 0) -> str:
    """Return the source reference of an activity of a case."""
    return f"{mapping.name}:{case.id}#{case.activities[place].number}"


@write
def import_event_log(
    *, context: Context, mapping: Mapping, log: ReadLog
) -> ImportedLog:
    """Store the cases of a log that are not there yet, in one transaction.

    Administrators and the system only. People of the log become users in a team of its
    own who cannot sign in. Safe to repeat. Errors: those of the services it calls.
    """
    if not context.actor.is_administrator:
        raise NotAllowed
    known = {case.id for case in known_cases(mapping, log)}
    cases = [case for case in log.cases if case.id not in known]
    if not cases:
        return ImportedLog(0, 0, 0, 0, 0, len(known))
    check_types(mapping, log)
    types = _make_types(context, mapping, cases)
    people = _People(context, mapping, cases)
    products = _products(context, mapping, cases)
    count = sum(len(case.activities) for case in cases)
    with large_load(count):
        companies, made = _companies(context, mapping, cases, people.of(""))
        for portion in each(cases, BATCH):
            chains = [
                _chain(mapping, case, companies[case.company], people, products)
                for case in portion
            ]
            load_chains(context=context, chains=chains)
    people.leave()
    return ImportedLog(len(cases), count, made, people.made, types, len(known))


def check_types(mapping: Mapping, log: ReadLog) -> None:
    """Raise FileFault if an activity would be of a type that nobody knows or names."""
    used = {one.rule for case in log.cases for one in case.activities}
    named = {(r.kind, r.type_code) for r in mapping.activities if r.new_type}
    for rule in mapping.activities:
        if rule not in used or rule.kind not in TYPE_LISTS:
            continue
        model = TYPE_LISTS[rule.kind][1]
        if find_entry(model, rule.type_code) is None and (
            (rule.kind, rule.type_code) not in named
        ):
            place = f'[[activities]] with match = "{rule.match}"'
            text = f'type "{rule.type_code}" is not there; type_sl and type_en make it'
            raise FileFault(mapping.path, place, text)


def _make_types(context: Context, mapping: Mapping, cases: list[LogCase]) -> int:
    """Make the types that are missing and that the mapping names; return how many."""
    rules = {one.rule for case in cases for one in case.activities}
    used = {(rule.kind, rule.type_code) for rule in rules}
    made = 0
    for rule in mapping.activities:
        if (rule.kind, rule.type_code) not in used or rule.new_type is None:
            continue
        list_name, model = TYPE_LISTS[rule.kind]
        if find_entry(model, rule.type_code) is None:
            own = {}
            if rule.kind == KindCode.EVENT:
                own["direction"] = rule.direction or DEFAULT_DIRECTION
            create_entry(
                context=context,
                list_name=list_name,
                code=rule.type_code,
                name_sl=rule.new_type.name_sl,
                name_en=rule.new_type.name_en,
                **own,
            )
            made += 1
    return made


class _People:
    """The users who stand for the people of a log; "" stands for nobody named."""

    def __init__(
        self, context: Context, mapping: Mapping, cases: Iterable[LogCase]
    ) -> None:
        self._context, self.made = context, 0
        names = {""} | {one.owner for case in cases for one in case.activities}
        addresses = {name: _address(mapping, name) for name in names}
        known = {user.email: user for user in list_users(context.actor)}
        team = next(
            (t for t in list_teams(context.actor) if t.name == mapping.title), None
        ) or create_team(context=context, name=mapping.title)
        self._ids: dict[str, int] = {}
        for name in sorted(names):
            user = known.get(addresses[name])
            if user is None:
                shown = mapping.owner_name.replace("{value}", name)
                user = create_user(
                    context=context,
                    email=addresses[name],
                    name=shown if name else mapping.title,
                    role=Role.SALES,
                    scope=Scope.ALL,
                    team_id=team.pk,
                )
                self.made += 1
            elif not user.is_active:
                activate_user(context=context, user_id=user.pk)
            self._ids[name] = user.pk

    def of(self, name: str) -> int:
        return self._ids[name]

    def leave(self) -> None:
        """Deactivate them all: nobody signs in, and no form offers them."""
        for user_id in self._ids.values():
            deactivate_user(context=self._context, user_id=user_id)


def _address(mapping: Mapping, name: str) -> str:
    """Return an address that is nobody's, the same for a name each time."""
    readable = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:30] or "log"
    domain = mapping.name.replace("_", "-")
    return f"{readable}.{_mark(name)}@{domain}.invalid"


def _products(
    context: Context, mapping: Mapping, cases: Iterable[LogCase]
) -> dict[str, int]:
    """Return the id of each product of the log, made where it is missing."""
    names = {one.product for case in cases for one in case.activities} - {""}
    codes = {name: _product_code(mapping, name) for name in names}
    known = products_of_log(codes.values())
    for name in sorted(names):
        if codes[name] not in known:
            known[codes[name]] = create_product(
                context=context, code=codes[name], name=name
            ).pk
    return {"": 0, **{name: known[code] for name, code in codes.items()}}


def _product_code(mapping: Mapping, name: str) -> str:
    """Return the code of a product of the log, the same each time."""
    code = f"{mapping.name}:{name}"
    return code if len(code) <= CODE_LENGTH else f"{code[:31]}-{_mark(name)}"


def _mark(name: str) -> str:
    """Return what tells names apart that look alike when cut or folded."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def _companies(
    context: Context, mapping: Mapping, cases: list[LogCase], owner_id: int
) -> tuple[dict[str, int], int]:
    """Return the id of each company of the log, and how many were made."""
    names = {
        case.company: mapping.company_name.replace("{value}", case.company)
        for case in cases
    }
    known = companies_of_log(mapping.name)
    missing = [name for name, shown in names.items() if shown not in known]
    began: dict[str, datetime] = {}
    for case in cases:
        at = case.activities[0].start
        began[case.company] = min(at, began.get(case.company, at))
    for start in range(0, len(missing), BATCH):
        part = missing[start : start + BATCH]
        loaded = [LoadedCompany(names[n], owner_id, began[n]) for n in part]
        stored = load_companies(context=context, companies=loaded)
        known |= {names[n]: one.id for n, one in zip(part, stored, strict=True)}
    return {name: known[shown] for name, shown in names.items()}, len(missing)


def _chain(
    mapping: Mapping,
    case: LogCase,
    company_id: int,
    people: _People,
    products: dict[str, int],
) -> LoadedChain:
    """Return a case as a chain, in which each activity follows the one before."""
    loaded = [
        replace(
            _activity(mapping, one),
            owner_id=people.of(one.owner),
            product_id=products[one.product] or None,
            source_reference=reference_of(mapping, case, place),
            follows=(
                [LoadedLink(place - 1, one.recorded, LinkReason.IMPORT)]
                if place
                else []
            ),
        )
        for place, one in enumerate(case.activities)
    ]
    if case.closed_at is not None:
        closing = LoadedMark(MarkKind.OUTCOME, case.closed_at, case.outcome.value)
        loaded[case.closed_in].marks = [closing]
        _close_quotes(case, case.closed_at, loaded)
    return LoadedChain(company_id, loaded)


def _close_quotes(
    case: LogCase, closed_at: datetime, loaded: list[LoadedActivity]
) -> None:
    """Give the quotes that went out before the end a result; later ones stay open."""
    quotes = [
        one
        for one in loaded
        if one.kind is KindCode.QUOTE and one.sent_at and one.sent_at <= closed_at
    ]
    earlier, last = QUOTE_RESULTS[case.outcome]
    for quote in quotes:
        quote.done_at = closed_at
        quote.result = (last if quote is quotes[-1] else earlier).value


def _activity(mapping: Mapping, one: LogActivity) -> LoadedActivity:
    """Return an event as an activity of the kind that its rule names."""
    rule: ActivityRule = one.rule
    zone = timezone.get_default_timezone()
    day = one.start.astimezone(zone).date()
    activity = LoadedActivity(
        kind=KindCode(rule.kind),
        title=one.title,
        recorded_at=one.recorded,
        owner_id=0,
        direction=rule.direction,
        type_code=rule.type_code,
        currency=mapping.currency,
    )
    done_at = one.end or one.start
    if activity.kind is KindCode.EVENT:
        activity.starts_at, activity.ends_at = one.start, one.end
        activity.done_at, activity.result = done_at, Result.CARRIED_OUT.value
    elif activity.kind is KindCode.TASK:
        activity.starts_on = day
        activity.done_at, activity.result = done_at, Result.CARRIED_OUT.value
    elif activity.kind is KindCode.PRODUCT_RECORD:
        activity.recorded_on = day
        activity.done_at, activity.result = done_at, Result.CARRIED_OUT.value
    else:
        activity.issued_on, activity.sent_at = day, one.start
        if one.amount_minor is not None:
            price = one.amount_minor * 100
            activity.lines = [LineValues(None, one.title, 1_000, "kos", price)]
    return activity
