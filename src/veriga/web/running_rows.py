"""Rows of running chains: one pattern per table, filled once for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language, gettext
from markupsafe import Markup, escape

from veriga.web import formats, pieces
from veriga.web.patterns import pattern
from veriga.web.running import ChainLine, limit_names, silence_note

ROW: Final = "components/running_row.html"
STEP: Final = (
    '<a href="{}" data-window data-tip="{}"><span class="c-day">{}</span>{}{}</a>'
)
FLAG: Final = (
    '<span class="badge is-late" data-tip="{note}">{name}'
    '<span class="sr">{note}</span></span>'
)
BESIDE: Final = (
    '<span class="badge is-accent" data-tip="{note}">{icon}'
    '<span class="sr">{note}</span></span>'
)
GIVE_UP: Final = (
    '<a class="icon-button" href="{record}?panel=sale" data-give-up="{address}"'
    ' aria-label="{name}: {title}" data-tip="{name}">{icon}</a>'
)


def running_rows(lines: Iterable[ChainLine], can_record: bool) -> Markup:
    """Return the `<tr>`s of running chains; who may record may give them up."""
    language = get_language() or ""
    row = pattern(ROW, language)
    fill = _filler(language, can_record)
    return Markup("".join([row % fill(one) for one in lines]))  # noqa: S704


def _filler(language: str, can_record: bool) -> Callable[[ChainLine], dict[str, Any]]:
    """Return what fills the holes of a row, each value safe to stand in markup."""
    write = formats.Days(timezone.get_current_timezone(), language)
    record = pieces.url.pattern("activities:record", reference="D-26-00001")
    chain_of = pieces.url.pattern("activities:chain", reference="D-26-00001")
    company = pieces.url.pattern("companies:page", id=98765)
    give_up = pieces.url.pattern("give_up", reference="D-26-00001")
    none_planned = Markup('<span class="is-missing">{}</span>').format(
        gettext("no next step")
    )
    (ours, by_data), ends = map(escape, limit_names()), escape(gettext("Give up"))
    users, ban = pieces.icon("users"), pieces.icon("ban")

    def step(
        reference: str, kind: str, type_code: str, title: str, on: str, by: str = ""
    ) -> str:
        shown = escape(title)
        tip = f"{reference} · {shown}{by}"
        icon = pieces.kind_icon(kind, type_code)
        return STEP.format(record % {"reference": reference}, tip, on, icon, shown)

    def next_of(one: ChainLine) -> str:
        chain = one.chain
        if not chain.next_reference:
            return none_planned
        on = write.due_short(chain.next_due_at) or write.day_brief(chain.next_date)
        return step(
            chain.next_reference,
            chain.next_kind or "",
            chain.next_type or "",
            chain.next_title or "",
            on,
        )

    def last_of(one: ChainLine) -> str:
        chain = one.chain
        if not chain.last_reference:
            return ""
        return step(
            chain.last_reference,
            chain.last_kind or "",
            chain.last_type or "",
            chain.last_title or "",
            write.day_brief(chain.last_acted_at),
            f" · {escape(chain.last_owner_name or '')}",
        )

    def fill(one: ChainLine) -> dict[str, Any]:
        chain, silence = one.chain, one.silence
        title = escape(chain.origin_title)
        last = chain.last_reference or chain.origin_reference
        customer, beyond = silence.customer_days, silence.is_beyond
        note = escape(silence_note(silence)) if beyond else ""
        name = by_data if silence.data_limit else ours
        gives_up = can_record and GIVE_UP.format(
            record=record % {"reference": last},
            address=give_up % {"reference": last},
            name=ends,
            title=title,
            icon=ban,
        )
        return {
            "id": chain.id,
            "chain": chain_of % {"reference": chain.origin_reference},
            "company": company % {"id": chain.company_id},
            "company_name": escape(chain.company_name),
            "beside": one.beside and BESIDE.format(note=escape(one.beside), icon=users),
            "origin": chain.origin_reference,
            "title": title,
            "icon": pieces.kind_icon(chain.origin_kind, chain.origin_type),
            "stage": escape(one.stage),
            "move": one.move,
            "move_name": escape(one.move_name),
            "beyond": " is-beyond" if beyond else "",
            "flag": FLAG.format(note=note, name=name) if beyond else "",
            "silence": formats.number(silence.days),
            "customer": "–" if customer is None else formats.number(customer),
            "last": last_of(one),
            "next": next_of(one),
            "give_up": gives_up or "",
        }

    return fill
