"""What search found, as lines that look alike whatever they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import Markup

from veriga.access.rules import Actor
from veriga.activities.queries.chains import ChainSummary
from veriga.activities.queries.rows import ActivityRow
from veriga.activities.rules.words import KindCode
from veriga.catalogue.models import Product
from veriga.events.models import Gathering
from veriga.parties.models import Company, Contact
from veriga.web import formats, pieces
from veriga.web.jinja import query_string
from veriga.web.words import kind_name, outcome_name
from veriga.work.queries.excerpts import NO_EXCERPT, Excerpt
from veriga.work.queries.nouns import Noun
from veriga.work.queries.results import Results
from veriga.work.rules.searching import Part, Typed, excerpt, marked

NOTHING: Final = Markup("")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was found.

    `row` is the activity, for the commands on it; `note` says where it belongs, with
    the address of that.
    """

    id: str
    href: str
    icon: Markup
    what: str
    title: Sequence[Part]
    excerpt: Excerpt = NO_EXCERPT
    note: Sequence[Part] = ()
    note_href: str = ""
    reference: str = ""
    state: Markup = NOTHING
    date: str = ""
    person: str = ""
    has_failed: bool = False
    in_window: bool = False
    row: ActivityRow | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one noun; `href` leads to all of it, "" if all is here."""

    code: str
    name: str
    count: int
    lines: Sequence[Line]
    href: str = ""


def kind_names() -> dict[str, str]:
    """Return what each kind of results is called."""
    return {
        Noun.COMPANY: _("Companies"),
        Noun.CONTACT: _("Contacts"),
        Noun.GATHERING: _("Group events"),
        Noun.PRODUCT: _("Products"),
        KindCode.EVENT: _("Events"),
        KindCode.TASK: _("Tasks"),
        KindCode.PRODUCT_RECORD: _("Product records"),
        KindCode.QUOTE: _("Quotes"),
    }


def groups_of(
    actor: Actor, found: Results, address: Callable[[str], str]
) -> list[Group]:
    """Return the names that were found; `address` gives the page of one kind."""
    names = kind_names()
    return [
        Group(
            noun,
            names[noun],
            found.count(noun),
            list(lines_of(actor, noun, records, found.typed)),
            address(noun) if found.count(noun) > len(records) else "",
        )
        for noun, records in found.names.items()
    ]


def lines_of(
    actor: Actor, noun: str, records: Sequence[Any], typed: Sequence[Typed]
) -> Iterator[Line]:
    """Yield the lines of records of one noun."""
    make = LINES[noun]
    for one in records:
        yield make(actor, one, typed)


def activity_lines(
    rows: Sequence[ActivityRow],
    typed: Sequence[Typed] = (),
    excerpts: Mapping[int, Excerpt] | None = None,
) -> Iterator[Line]:
    """Yield the lines of activities."""
    excerpts, language = excerpts or {}, get_language() or ""
    for row in rows:
        yield Line(
            id=f"row-{row.reference}",
            href=pieces.url("activities:record", reference=row.reference),
            icon=pieces.kind_icon(row.kind, row.type_code),
            what=row.type_name or kind_name(row.kind),
            title=marked(row.title, typed),
            excerpt=excerpts.get(row.id, NO_EXCERPT),
            note=marked(row.company_name, typed),
            note_href=pieces.url("companies:page", id=row.company_id),
            reference=row.reference,
            state=pieces.state_of(language, row.state, row.result),
            date=formats.day(row.date),
            person=row.owner_name,
            has_failed=row.result not in pieces.WENT_WELL,
            in_window=True,
            row=row,
        )


def chain_lines(
    chains: Sequence[ChainSummary], rows: Sequence[ActivityRow]
) -> Iterator[Line]:
    """Yield the lines of the chains that activities of a number are a part of."""
    companies = {row.company_id: row.company_name for row in rows}
    for one in chains:
        page = pieces.url("activities:chain", reference=one.origin_reference)
        size = ngettext("%(num)s activity", "%(num)s activities", one.size)
        words = f"{size % {'num': formats.number(one.size)}} · "
        words += outcome_name(one.outcome)
        days = f"{formats.day(one.first_date)} – {formats.day(one.last_date)}"
        yield Line(
            id=f"chain-{one.id}",
            href=page,
            icon=pieces.icon("timeline"),
            what=_("Chain"),
            title=_plain(one.origin_title),
            excerpt=Excerpt(_plain(f"{words} · {days}")),
            note=_plain(companies.get(one.company_id, "")),
            note_href=pieces.url("companies:page", id=one.company_id),
            reference=one.origin_reference,
        )


def _plain(text: str) -> tuple[Part, ...]:
    return ((text, False),) if text else ()


def _where(title: Sequence[Part], typed: Sequence[Typed], *texts: str) -> Excerpt:
    """Return the number or address by which a name was found that holds no such word.

    A number by its digits, as it is stored and not as it is shown.
    """
    if not any(is_marked for _text, is_marked in title):
        for text in texts:
            if parts := excerpt(text, typed):
                return Excerpt(tuple(parts))
    return NO_EXCERPT


def _company(actor: Actor, one: Company, typed: Sequence[Typed]) -> Line:
    owner, title = one.account_owner, marked(one.name, typed)
    return Line(
        id=f"company-{one.pk}",
        href=pieces.url("companies:page", id=one.pk),
        icon=pieces.icon("building"),
        what=_("Company"),
        title=title,
        excerpt=_where(
            title,
            typed,
            *(one.phone, one.email, one.website, one.tax_number),
            one.registration_number,
        ),
        note=marked(one.town, typed),
        person=owner.name if owner else "",
    )


def _contact(actor: Actor, one: Contact, typed: Sequence[Typed]) -> Line:
    function, title = formats.function_there(one), marked(one.name, typed)
    where = _where(title, typed, one.phone, one.mobile, one.email)
    return Line(
        id=f"contact-{one.pk}",
        href=pieces.url("contacts:page", id=one.pk),
        icon=pieces.icon("user"),
        what=_("Contact"),
        title=title,
        excerpt=where if where.parts else Excerpt(_plain(function)),
        note=_plain(one.company.name),
        note_href=pieces.url("companies:page", id=one.company_id),
        in_window=True,
    )


def _gathering(actor: Actor, one: Gathering, typed: Sequence[Typed]) -> Line:
    return Line(
        id=f"gathering-{one.pk}",
        href=pieces.url("gatherings:page", id=one.pk),
        icon=pieces.icon("users-group"),
        what=_("Group event"),
        title=marked(one.title, typed),
        excerpt=Excerpt(tuple(excerpt(one.text, typed))),
        note=marked(one.place, typed),
        date=formats.day(one.starts_at),
        person=one.owner.name,
    )


def product_address(actor: Actor, one: Product) -> str:
    """Return where a product is shown: its page is its form, which is for managers.

    Others see it alone in the list.
    """
    if actor.is_manager:
        return pieces.url("products:page", id=one.pk)
    return pieces.url("products:list") + query_string({"q": one.code, "state": "all"})


def _product(actor: Actor, one: Product, typed: Sequence[Typed]) -> Line:
    """Return the line of a product."""
    gone = f" · {_('no longer offered')}"
    return Line(
        id=f"product-{one.pk}",
        href=product_address(actor, one),
        icon=pieces.icon("tag"),
        what=_("Product"),
        title=marked(one.name, typed),
        note=[*marked(one.code, typed), *([] if one.is_active else _plain(gone))],
        in_window=actor.is_manager,
    )


LINES: Final[Mapping[str, Callable[[Actor, Any, Sequence[Typed]], Line]]] = {
    Noun.COMPANY: _company,
    Noun.CONTACT: _contact,
    Noun.GATHERING: _gathering,
    Noun.PRODUCT: _product,
}
