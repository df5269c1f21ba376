"""The rules that an installation begins with, switched off, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from veriga.activities.rules.words import KindCode, Result
from veriga.automation.rules import Deed, Person, Trigger


@dataclass(frozen=True, slots=True)
class ReadyStep:
    """A step whose title stands in both languages."""

    days: int
    title: Mapping[str, str]
    kind: str = KindCode.EVENT
    type_code: str = ""
    deed: str = Deed.ACTIVITY
    person: str = Person.OWNER

    def in_language(self, language: str) -> dict[str, Any]:
        """Return the step as a new one is typed, in a language."""
        return {
            "deed": self.deed,
            "kind": self.kind,
            "type_code": self.type_code,
            "days": self.days,
            "title": self.title[language],
            "person": self.person,
        }


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """A rule whose name stands in both languages."""

    name: Mapping[str, str]
    trigger: str
    steps: tuple[ReadyStep, ...]
    conditions: Mapping[str, Any] = field(default_factory=dict)


def _both(sl: str, en: str) -> dict[str, str]:
    return {"sl": sl, "en": en}


_DONE = {"kind": KindCode.EVENT, "result": Result.CARRIED_OUT}
RULES = (
    ReadyRule(
        _both("Po sejmu", "After a fair"),
        Trigger.DONE,
        (
            ReadyStep(
                2, _both("Klic po sejmu", "Call after the fair"), type_code="call"
            ),
            ReadyStep(
                5,
                _both("Gradivo s sejma", "Material from the fair"),
                type_code="email",
            ),
            ReadyStep(
                15, _both("Obisk po sejmu", "Visit after the fair"), type_code="visit"
            ),
        ),
        {**_DONE, "type_code": "fair"},
    ),
    ReadyRule(
        _both("Po ponudbi", "After a quote"),
        Trigger.SENT,
        (
            ReadyStep(
                3,
                _both("Vprašanja k ponudbi", "Questions about the quote"),
                type_code="call",
            ),
            ReadyStep(
                8,
                _both("Odločitev o ponudbi", "Decision on the quote"),
                type_code="call",
            ),
            ReadyStep(
                15,
                _both(
                    "Ponudba je brez odziva: preveri pri stranki",
                    "No reply to the quote: ask the customer",
                ),
                kind=KindCode.TASK,
            ),
        ),
    ),
    ReadyRule(
        _both("Po prvem obisku", "After the first visit"),
        Trigger.DONE,
        (
            ReadyStep(
                1,
                _both("Zahvala in povzetek obiska", "Thanks and summary of the visit"),
                type_code="email",
            ),
            ReadyStep(
                6, _both("Klic po obisku", "Call after the visit"), type_code="call"
            ),
        ),
        {**_DONE, "type_code": "visit", "first_only": True},
    ),
)
