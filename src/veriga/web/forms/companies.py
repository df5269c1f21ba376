"""Words for what is stored of a company: its kind, its language, when it may begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from babel import Locale
from babel.dates import format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from veriga.access.rules import Actor
from veriga.parties.models import Abc, MailLanguage
from veriga.parties.queries import Alike
from veriga.parties.rules import NATURAL_PERSON
from veriga.setup.models import CompanyCategory, LifeCycle
from veriga.setup.queries import code_list, names

Options = list[tuple[str, str]]


def kinds() -> Options:
    return [
        ("legal_entity", _("Legal entity")),
        ("sole_trader", _("Sole trader")),
        ("natural_person", _("Natural person")),
        ("branch", _("Branch")),
    ]


def kinds_for(actor: Actor) -> Options:
    """Return the kinds that the actor may choose: persons by those with the right."""
    if actor.may_see_persons:
        return kinds()
    return [kind for kind in kinds() if kind[0] != NATURAL_PERSON]


def kind_name(kind: str) -> str:
    return dict(kinds()).get(kind, kind)


def address_kinds() -> Options:
    return [
        ("invoice", _("For invoices")),
        ("delivery", _("For deliveries")),
        ("site", _("Site")),
        ("other", _("Other")),
    ]


def why_alike(alike: Alike) -> str:
    """Return why a company may be the one being typed, in words."""
    words = {
        "tax_number": _("the same tax number"),
        "registration_number": _("the same registration number"),
        "phone": _("the same phone"),
        "domain_key": _("the same web domain"),
        "name": _("a similar name"),
    }
    return ", ".join(words[reason] for reason in alike.reasons)


def category_options(chosen: str = "") -> Options:
    """Return the categories on offer with their names, and those `chosen` already."""
    kept = chosen.split(",")
    language = _page_language()
    return [
        (entry.code, entry.name(language))
        for entry in code_list(CompanyCategory)
        if entry.life_cycle == LifeCycle.ACTIVE or entry.code in kept
    ]


def every_category() -> Options:
    """Return all categories with their names, also those that are no longer in use."""
    return list(names(CompanyCategory, _page_language()).items())


def category_words(values: Mapping[str, str]) -> str:
    """Return the categories of a form in words; "" for none."""
    return category_names(values.get("categories", "").split(","))


def category_names(codes: Sequence[str]) -> str:
    """Return categories in words, in the order of `codes`."""
    known = names(CompanyCategory, _page_language())
    return ", ".join(known.get(code, code) for code in codes if code)


def marks() -> Options:
    return [(mark.value, mark.value) for mark in Abc]


def mail_languages() -> Options:
    return [(code.value, language_name(code.value)) for code in MailLanguage]


def language_name(code: str) -> str:
    """Return the name of a language in the language of the page."""
    name = str(Locale(_page_language()).languages.get(code, code))
    return name[:1].upper() + name[1:]


def expected_typed(stored: str) -> str:
    """Return a stored month or day as people type it: "3. 2027", "15. 3. 2027"."""
    return ". ".join(str(int(part)) for part in reversed(stored.split("-")) if part)


def expected_words(stored: str) -> str:
    """Return a stored month or day in words."""
    if len(stored) != len("2027-03"):
        return expected_typed(stored)
    day = date.fromisoformat(f"{stored}-01")
    return format_date(day, "LLLL yyyy", locale=_page_language())


def _page_language() -> str:
    return "en" if (get_language() or "").startswith("en") else "sl"
