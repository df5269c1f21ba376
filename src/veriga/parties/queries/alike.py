"""Companies that may be the one somebody is typing: by name and by what is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from veriga.access.rules import Actor
from veriga.common.checks import clean_query, country_codes
from veriga.common.phones import HOME_REGION, read_phone
from veriga.parties.models import Company
from veriga.parties.rules import (
    ALIKE,
    core_name,
    likeness,
    own_domain,
    registration_number,
    tax_number,
)

from .matching import begins_with
from .visibility import visible_companies

CANDIDATES: Final = 200  # so many are compared letter by letter
TYPED: Final = (
    *("name", "tax_number", "registration_number", "phone", "email", "website"),
    "country",
)


def similar_companies(actor: Actor, name: str, limit: int = 5) -> list[Company]:
    """Return companies that may be the one called `name`, the likeliest first.

    Legal forms, case, accents and a slip or two do not matter. Only visible ones: a
    name must not betray what somebody else's company is.
    """
    core = core_name(clean_query(name))
    if not core:
        return []
    longest = max(core.split(), key=len)
    near = Q(name_folded__contains=longest) | begins_with("name_folded", core[:3])
    near_ones = visible_companies(actor).filter(near)
    candidates = near_ones.order_by("name_key", "id")[:CANDIDATES]
    scored = [(likeness(name, company.name), company) for company in candidates]
    alike = [(score, company) for score, company in scored if score >= ALIKE]
    alike.sort(key=lambda pair: -pair[0])
    return [company for _, company in alike[:limit]]


@dataclass(frozen=True, slots=True)
class Alike:
    """A company that may be the one being typed, and why.

    `reasons` are the columns in which they agree, and "name".
    """

    company: Company
    reasons: tuple[str, ...]


def alike_companies(
    actor: Actor, typed: Mapping[str, str], *, but: int | None = None, limit: int = 6
) -> list[Alike]:
    """Return the companies that may be the one typed into a form, the surest first.

    `typed` may hold name, tax_number, registration_number, phone, email, website and
    country; `but` is the company whose form it is. What two have in common is found by
    indexes. Only visible ones: a warning must not betray what is somebody else's.
    """
    values = {name: clean_query(typed.get(name, "")) for name in TYPED}
    country = values["country"] if values["country"] in country_codes() else HOME_REGION
    wanted = {
        "tax_number": _tax_writings(values["tax_number"], country),
        "registration_number": _writings(
            registration_number(values["registration_number"], country)
        ),
        "phone": _writings(read_phone(values["phone"], country)),
        "domain_key": _writings(own_domain(values["website"], values["email"])),
    }
    seen = visible_companies(actor).exclude(pk=but or 0)
    found: dict[int, tuple[Company, list[str]]] = {}
    same = [
        Company.objects.filter(**{f"{column}__in": writings}).values("pk")
        for column, writings in wanted.items()
        if writings
    ]
    if same:
        # One IN over a union: SQLite answers an "or" in the order of names by a scan.
        either = same[0].union(*same[1:], all=True)
        for company in seen.filter(pk__in=either).order_by("name_key")[:CANDIDATES]:
            reasons = [c for c, w in wanted.items() if getattr(company, c) in w]
            found[company.pk] = (company, reasons)
    for company in similar_companies(actor, values["name"]):
        if company.pk != but:
            found.setdefault(company.pk, (company, []))[1].append("name")
    alike = [Alike(company, tuple(reasons)) for company, reasons in found.values()]
    return sorted(alike, key=lambda one: -len(one.reasons))[:limit]


def _writings(number: str | None) -> list[str]:
    return [number] if number else []


def _tax_writings(text: str, country: str) -> list[str]:
    """Return the forms in which a tax number may be stored, with its letters or not."""
    number = tax_number(text, country) if text else None
    if not number:
        return []
    letters = number[:2] if number[:2].isalpha() else country
    bare = number.removeprefix(letters)
    return [bare, f"{letters}{bare}"]
