"""The manual's story at Alpina Pak: from a chance meeting at a fair to a quote."""

from veriga.demo.content.names import function_name
from veriga.demo.content.reader import read_cells
from veriga.demo.content.story_texts import TEXTS
from veriga.demo.content.types import QuoteItem, StoryContact, StoryStep

COMPANY_DOMAIN = "alpina-pak.example"

# key | days before today, hour, minutes | kind, type, direction | who | follows, reason
# | due, days before today | state | product | stage | contacts
_STEPS = read_cells("""
fair | 432 15 30 | event chance_meeting in | tomaz.vidmar | - | - | done | - | first_contact | -
prepare | 427 9 30 | task - internal | maja.kovac | fair link | 423 | done | - | - | -
intro_call | 313 10 20 | event call out | maja.kovac | prepare made_on | - | done | - | - | igor
faster | 229 11 15 | event call_in in | maja.kovac | intro_call link | - | done | LP-40 | need_recognised | igor
open_day | 164 9 180 | event invitation out | ana.bizjak | faster link | - | done | - | - | igor sonja
samples | 82 13 30 | product_record sample_sent out | rok.zupan | open_day made_on | - | done | LP-20 | - | -
samples_good | 48 14 15 | event call_in in | maja.kovac | samples link | - | done | - | - | igor
savings | 42 8 30 | task - internal | rok.zupan | samples_good made_on | 38 | done | - | - | -
visit | 33 9 150 | event visit out | maja.kovac | savings link | - | done | - | solution_presented | igor
test | 19 12 30 | product_record test in | rok.zupan | visit made_on | - | done | LP-40 | - | -
wants_quote | 11 10 15 | event call_in in | maja.kovac | test link | - | done | - | - | sonja
quote | 6 15 30 | quote - out | maja.kovac | wants_quote made_on | -25 | open | LP-40 | quote_sent | sonja
overdue_call | 1 10 20 | event call out | maja.kovac | quote made_on | 1 | open | - | - | sonja
loose_email | 2 14 10 | event email_in in | maja.kovac | - | - | done | - | - | sonja
""")

# 48,200.00 EUR without VAT.
_QUOTE_LINES = (
    QuoteItem("LP-40", "1", 3_890_000),
    QuoteItem("TT-30", "1", 360_000),
    QuoteItem("RD-KPL", "1", 185_000),
    QuoteItem("ST-MON", "2", 85_000),
    QuoteItem("ST-SOL", "2", 70_000),
    QuoteItem("ST-FAT", "1", 75_000),
)


def story_contacts(language: str) -> tuple[StoryContact, ...]:
    """Return the two people at the company that the story is about."""
    return (
        _contact("igor", "Igor", "Potočnik", "production_manager", 201, language),
        _contact("sonja", "Sonja", "Kralj", "purchasing_manager", 202, language),
    )


def story(language: str) -> tuple[StoryStep, ...]:
    """Return the steps in the order they happened; the loose e-mail stands last.

    All but the loose e-mail tie into one chain; linking it is left to the newcomer.
    """
    return tuple(_step(cells, language) for cells in _STEPS)


def _step(cells: tuple[str, ...], language: str) -> StoryStep:
    key, when, what, actor, follows, due, state, product, stage, contacts = (
        "" if cell == "-" else cell for cell in cells
    )
    days, hour, minutes = map(int, when.split())
    kind, type_, direction = what.split()
    stimulus, _, reason = follows.partition(" ")
    title, text, place = TEXTS[language][key]
    return StoryStep(
        key=key,
        days_before_today=days,
        hour=hour,
        kind=kind,
        type="" if type_ == "-" else type_,
        direction=direction,
        title=title,
        text=text,
        actor=f"{actor}@savinjapak.example",
        result="carried_out" if state == "done" else "",
        follows=stimulus or None,
        reason=reason,
        due_days_before=int(due) if due else None,
        done=state == "done",
        product=product,
        stage=stage,
        lines=_QUOTE_LINES if kind == "quote" else (),
        duration_minutes=minutes,
        place=place,
        contacts=tuple(contacts.split()),
    )


def _contact(
    key: str, first: str, last: str, code: str, extension: int, language: str
) -> StoryContact:
    mailbox = f"{first}.{last}".lower().replace("č", "c")
    return StoryContact(
        key=key,
        first=first,
        last=last,
        function=function_name(code, language),
        function_code=code,
        email=f"{mailbox}@{COMPANY_DOMAIN}",
        phone=f"+386 41 000 {extension}",
    )
