"""The demo's own firm, its three teams and its twelve users."""

from dataclasses import replace

from veriga.demo.content.reader import read_cells
from veriga.demo.content.types import Firm, Person

_FIRM = Firm(
    name="Savinja Pak d.o.o.",
    street="Obrtna cona 12",
    postcode="3000",
    town="Celje",
    country="SI",
    domain="savinjapak.example",
    email="info@savinjapak.example",
    phone="+386 59 000 120",
    description="Proizvajalec strojev in linij za pakiranje.",
)

FIRMS: dict[str, Firm] = {
    "sl": _FIRM,
    "en": replace(_FIRM, description="Maker of packaging machines and lines."),
}

TEAMS: dict[str, tuple[str, str, str]] = {
    "sl": ("Prodaja Slovenija", "Izvoz", "Ključni kupci"),
    "en": ("Sales Slovenia", "Export", "Key accounts"),
}

# first | last | mailbox | role | number of the team (- above the teams) | phone
# | function, Slovenian | function, English | which companies the person sees
_ROWS = read_cells("""
Maja | Kovač | maja.kovac | sales | 0 | +386 41 000 101 | Prodajnica | Sales representative | team
Nataša | Golob | natasa.golob | manager | 0 | +386 41 000 102 | Vodja prodaje | Head of sales | team
Tomaž | Vidmar | tomaz.vidmar | manager | - | +386 41 000 103 | Direktor | Managing director | all
Boštjan | Oblak | bostjan.oblak | administrator | - | +386 41 000 104 | Informatika | IT | all
Rok | Zupan | rok.zupan | sales | 0 | +386 41 000 105 | Tehnolog | Technologist | team
Ana | Bizjak | ana.bizjak | sales | 0 | +386 41 000 106 | Prodajna svetovalka | Sales adviser | team
Gregor | Hribar | gregor.hribar | manager | 1 | +386 41 000 107 | Vodja izvoza | Head of export | team
Petra | Leskovar | petra.leskovar | sales | 1 | +386 41 000 108 | Prodaja Avstrija in Nemčija | Sales Austria and Germany | team
Luka | Turk | luka.turk | sales | 1 | +386 41 000 109 | Prodaja Hrvaška in Italija | Sales Croatia and Italy | team
Simona | Rozman | simona.rozman | sales | 2 | +386 41 000 110 | Skrbnica ključnih kupcev | Key account manager | team
Matej | Kos | matej.kos | sales | 2 | +386 41 000 111 | Skrbnik ključnih kupcev | Key account manager | team
Barbara | Mlakar | barbara.mlakar | reader | - | +386 41 000 112 | Računovodstvo | Accounting | all
""")


def users(language: str) -> tuple[Person, ...]:
    """Return the users with team and function named in the language."""
    return tuple(_person(cells, language) for cells in _ROWS)


def _person(cells: tuple[str, ...], language: str) -> Person:
    first, last, mailbox, role, team, phone, slovenian, english, scope = cells
    return Person(
        first=first,
        last=last,
        email=f"{mailbox}@{_FIRM.domain}",
        role=role,
        team="" if team == "-" else TEAMS[language][int(team)],
        phone=phone,
        function=slovenian if language == "sl" else english,
        scope=scope,
    )
