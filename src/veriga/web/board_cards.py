"""Cards of the board: one pattern, filled once for each open sale."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language, gettext
from markupsafe import Markup, escape

from veriga.web import formats, pieces
from veriga.web.formats import short_money
from veriga.web.patterns import pattern
from veriga.web.running import ChainLine, limit_names, silence_note
from veriga.web.strip import month_label

CARD: Final = "components/board_card.html"
BUTTON: Final = (
    '<a class="icon-button card-move" href="{record}?panel=sale" data-move-menu'
    ' aria-label="{name}: {company}" data-tip="{name}">{icon}</a>'
)
NEXT: Final = '<a class="clip card-next" href="{}" data-window>{} {}</a>'
WORTH: Final = '<span class="card-worth" data-tip="{}">{}</span>'
MISSING: Final = '<span class="is-missing">{}<span class="clip">{}</span></span>'


def board_cards(lines: Iterable[ChainLine], can_record: bool) -> Markup:
    """Return the `<li>`s of open sales; who may record may move them."""
    language = get_language() or ""
    card = pattern(CARD, language, moves=can_record)
    fill = _filler(language)
    return Markup("".join([card % fill(one) for one in lines]))  # noqa: S704


def _filler(language: str) -> Callable[[ChainLine], dict[str, Any]]:
    """Return what fills the holes of a card, each value safe to stand in markup."""
    write = formats.Days(timezone.get_current_timezone(), language)
    record = pieces.url.pattern("activities:record", reference="D-26-00001")
    chain_of = pieces.url.pattern("activities:chain", reference="D-26-00001")
    move_of = pieces.url.pattern("move_sale", reference="D-26-00001")
    mark, clock = escape(gettext("Mark the stage")), pieces.icon("clock")
    flag = pieces.icon("flag")
    missing = MISSING.format(
        pieces.icon("alert-triangle"), escape(gettext("no next step"))
    )
    ours, by_data = (f"{escape(name)} " for name in limit_names())
    quoted, stated = gettext("of the newest quote"), gettext("stated")
    age_note = gettext("Silence in working days; the sale is %(days)s working days old")

    def next_of(one: ChainLine) -> str:
        chain = one.chain
        if not chain.next_reference:
            return missing
        on = write.due_short(chain.next_due_at) or write.day_brief(chain.next_date)
        address = record % {"reference": chain.next_reference}
        return NEXT.format(address, on, escape(chain.next_title or ""))

    def fill(one: ChainLine) -> dict[str, Any]:
        chain, silence = one.chain, one.silence
        last = {"reference": chain.last_reference or chain.origin_reference}
        company, beyond = escape(chain.company_name), silence.is_beyond
        worth = month = ""
        if chain.worth_minor is not None:
            amount = short_money(chain.worth_minor, chain.worth_currency)
            said = escape(quoted if chain.worth_is_quoted else stated)
            worth = WORTH.format(said, amount)
        if chain.worth_month_on is not None:
            month = f"<span>{escape(month_label(chain.worth_month_on))}</span>"
        age = formats.number(one.age_days)
        note = age_note % {"days": age}
        if beyond:
            note = f"{silence_note(silence)} {note}"
        return {
            "id": chain.id,
            "move_url": move_of % last,
            "chain": chain_of % {"reference": chain.origin_reference},
            "company": company,
            "button": BUTTON.format(
                record=record % last, name=mark, company=company, icon=flag
            ),
            "origin": chain.origin_reference,
            "origin_title": escape(chain.origin_title),
            "title": escape(chain.sale_name or chain.origin_title),
            "worth": worth,
            "month": month,
            "beyond": " is-beyond" if beyond else "",
            "limit": (by_data if silence.data_limit else ours) if beyond else "",
            "clock": clock,
            "silence": formats.number(silence.days),
            "age": age,
            "age_note": escape(note),
            "move": one.move,
            "move_name": escape(one.move_name),
            "next": next_of(one),
        }

    return fill
