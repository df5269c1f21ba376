"""What an address asks of the process map: which chains, which map, how much of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veriga.access.rules import Actor
from veriga.activities.rules.words import Outcome
from veriga.common.errors import FieldError, NotFound
from veriga.insight.queries.questions import Answer, Stands, find_answer
from veriga.insight.queries.results import Stored, get_result
from veriga.insight.rules.asking import (
    LONGEST_CODE,
    MOST_STEPS,
    Asked,
    AskedChains,
    QuestionKind,
)
from veriga.insight.rules.words import Detail, Exit, MapBy, ReportKind
from veriga.insight.services.questions import ask
from veriga.parties.models import Abc
from veriga.web.pages import Typed, reader, writer
from veriga.work.messages import message_of

STEP: Final = ","  # between the kinds of a variant in an address; no code holds it
# Of an address: what narrows the map, what only says how it is shown.
NARROWING: Final = (
    *("since", "until", "segment", "product", "ending", "first", "then", "variant"),
)
LATE_AFTER_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class MapAddress:
    """A read address; `problems` are sentences, each with the name of its field."""

    chains: AskedChains
    by: MapBy = MapBy.ORDER
    detail: Detail | None = None  # None: as many kinds as can be read
    problems: list[str] = field(default_factory=list)


def read_map(data: Mapping[str, str]) -> MapAddress:
    """Return what an address asks; whatever is wrong in it becomes a sentence."""
    typed = Typed(data)
    since, until = typed.day("since"), typed.day("until")
    product = typed.number("product")
    faults = dict(typed.problems)
    if since and until and until < since:
        faults["until"] = "ends_before_start"
    chosen = {
        name: _one_of(data, name, known, faults)
        for name, known in (
            ("segment", Abc.values),
            ("ending", tuple(Outcome)),
            ("by", tuple(MapBy)),
            ("detail", tuple(Detail)),
        )
    }
    first, then = (_code(data, name, faults) for name in ("first", "then"))
    chains = AskedChains(
        since=since,
        until=until,
        segment=chosen["segment"],
        product=product,
        ending=chosen["ending"],
        before=(first, then) if first and then else None,
        variant=_variant(data, faults),
    )
    names = field_names()
    return MapAddress(
        chains,
        MapBy(chosen["by"] or MapBy.ORDER),
        Detail(chosen["detail"]) if chosen["detail"] else None,
        [
            f"{names[name]}: {message_of(FieldError(name, code))}"
            for name, code in faults.items()
        ],
    )


def field_names() -> dict[str, str]:
    """Return what each part of the address is called."""
    return {
        "since": _("Begun since"),
        "until": _("Begun until"),
        "segment": _("Segment"),
        "product": _("Product"),
        "ending": pgettext("insight", "Sale"),
        "first": _("Contains"),
        "then": _("before"),
        "variant": pgettext("insight", "Way"),
        "by": pgettext("insight", "Map"),
        "detail": pgettext("insight", "Detail"),
    }


def _one_of(
    data: Mapping[str, str], name: str, known: Collection[str], faults: dict[str, str]
) -> str:
    value = data.get(name, "")
    if value and value not in known:
        faults[name] = "unknown_choice"
        return ""
    return value


def _code(data: Mapping[str, str], name: str, faults: dict[str, str]) -> str:
    value = data.get(name, "").strip()
    if len(value) > LONGEST_CODE or not value.isprintable():
        faults[name] = "unknown_choice"
        return ""
    return value


def _variant(data: Mapping[str, str], faults: dict[str, str]) -> tuple[str, ...]:
    typed = data.get("variant", "")
    if len(typed) > MOST_STEPS * LONGEST_CODE or not typed.isprintable():
        faults["variant"] = "unknown_choice"
        return ()
    steps = tuple(step for step in typed.split(STEP) if step)
    if len(steps) > MOST_STEPS:
        faults["variant"] = "unknown_choice"
        return ()
    return steps


@dataclass(frozen=True, slots=True)
class Waited:
    """How far a question is: nothing to show yet if `is_waiting`, never if `failed`."""

    answer: Answer
    is_late: bool = False

    @property
    def is_waiting(self) -> bool:
        return self.answer.stands in {Stands.UNASKED, Stands.WAITING}

    @property
    def has_failed(self) -> bool:
        return self.answer.stands is Stands.FAILED


def answered(request: HttpRequest, question: Asked, team_id: int | None) -> Waited:
    """Return the answer to a question; whoever asks first leaves it for the worker."""
    found = find_answer(reader(request), question, team_id)
    if found.stands is Stands.UNASKED:
        ask(context=writer(request), asked=question, team_id=team_id)
        return Waited(found)
    waited = (timezone.now() - found.asked_at).total_seconds() if found.asked_at else 0
    return Waited(found, is_late=waited > LATE_AFTER_S)


def whole_map(actor: Actor, team_id: int | None) -> Stored:
    """Return the stored map of all chains; one of an older version is none."""
    stored = get_result(actor, ReportKind.MAP, team_id)
    is_of_now = "stops" in (stored.payload or {}).get(MapBy.ORDER, {"stops": None})
    return stored if is_of_now else Stored(ReportKind.MAP)


def stored_map(
    actor: Actor, whole: Stored, chains: AskedChains, team_id: int | None
) -> Stored:
    """Return the map of some chains if it is stored by now; nothing is asked for."""
    if chains.is_all or not whole.is_there:
        return whole
    answer = find_answer(actor, Asked(QuestionKind.MAP, chains), team_id)
    return as_stored(answer)


def as_stored(answer: Answer) -> Stored:
    """Return an answered map as a stored report has it."""
    payload = answer.answer
    if payload is None:
        return Stored(ReportKind.MAP)
    return Stored(
        ReportKind.MAP, answer.answered_at, payload["activities"], 0.0, payload
    )


def read_way(data: Mapping[str, str], payload: Mapping[str, Any]) -> tuple[str, str]:
    """Return source and target of a way of the map; NotFound for what is on none."""
    kinds = {node["kind"] for node in payload[MapBy.ORDER]["nodes"]}
    source, target = data.get("source", ""), data.get("target", "")
    is_way = (source in kinds or source == Exit.START) and (
        target in kinds or (target in set(Exit) - {Exit.START} and source in kinds)
    )
    if not is_way:
        raise NotFound
    return source, target
