"""What the demo says: firm, people, companies, lines and story, as plain data.

    from veriga.demo.content import load

    content = load("sl")

Nothing here knows Django or a date: who builds the demo picks from it by a seeded
choice. Slovenian and English run in parallel, so that one seed makes the same
chains in both languages. Within a phase the lines stand in their natural order.
"""

from dataclasses import replace

from veriga.demo.content import (
    companies_abroad,
    companies_sl,
    lines_en_after,
    lines_en_closing,
    lines_en_offer,
    lines_en_opening,
    lines_en_sample,
    lines_sl_after,
    lines_sl_closing,
    lines_sl_offer,
    lines_sl_opening,
    lines_sl_sample,
    planned_en,
    planned_sl,
)
from veriga.demo.content.group_events import GROUP_EVENTS
from veriga.demo.content.hints import HINTS
from veriga.demo.content.industries import INDUSTRIES
from veriga.demo.content.names import NAMES, functions
from veriga.demo.content.products import products
from veriga.demo.content.quote_texts import QUOTE_TERMS, QUOTE_TEXTS
from veriga.demo.content.results import RESULTS
from veriga.demo.content.story import story, story_contacts
from veriga.demo.content.types import CompanyLine, Content, Line
from veriga.demo.content.users import FIRMS, TEAMS, users

LANGUAGES = ("sl", "en")

PHASES = (
    "opening",
    "qualify",
    "sample",
    "present",
    "offer",
    "negotiate",
    "won",
    "lost",
    "given_up",
    "after_sales",
    "internal",
)

_LINES: dict[str, tuple[Line, ...]] = {
    "sl": (
        lines_sl_opening.LINES
        + lines_sl_sample.LINES
        + lines_sl_offer.LINES
        + lines_sl_closing.LINES
        + lines_sl_after.LINES
    ),
    "en": (
        lines_en_opening.LINES
        + lines_en_sample.LINES
        + lines_en_offer.LINES
        + lines_en_closing.LINES
        + lines_en_after.LINES
    ),
}

_PLANNED: dict[str, tuple[Line, ...]] = {
    "sl": planned_sl.PLANNED,
    "en": planned_en.PLANNED,
}


def load(language: str) -> Content:
    """Return the demo's content in "sl" or "en"; KeyError for another language."""
    return Content(
        language=language,
        firm=FIRMS[language],
        teams=TEAMS[language],
        users=users(language),
        companies=_companies(language),
        first_names_f={country: names.first_f for country, names in NAMES.items()},
        first_names_m={country: names.first_m for country, names in NAMES.items()},
        last_names={country: names.last for country, names in NAMES.items()},
        functions=functions(language),
        products=products(language),
        lines=_LINES[language],
        planned=_PLANNED[language],
        results=RESULTS[language],
        story=story(language),
        story_contacts=story_contacts(language),
        quote_texts=QUOTE_TEXTS,
        quote_terms=QUOTE_TERMS[language],
        group_events=GROUP_EVENTS[language],
        hints=HINTS[language],
    )


def _companies(language: str) -> tuple[CompanyLine, ...]:
    which = LANGUAGES.index(language)
    return tuple(
        replace(company, industry=INDUSTRIES[company.industry][which])
        for company in companies_sl.COMPANIES + companies_abroad.COMPANIES
    )
