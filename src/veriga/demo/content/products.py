"""What the demo's firm sells: machines, film, spare parts and services."""

from veriga.demo.content.reader import read_cells
from veriga.demo.content.types import ProductLine

_UNITS: dict[str, tuple[str, str]] = {
    # code: (Slovenian, English)
    "pc": ("kos", "pc"),
    "set": ("kpl", "set"),
    "kg": ("kg", "kg"),
    "hour": ("ura", "hour"),
    "day": ("dan", "day"),
    "year": ("leto", "year"),
}

# code | name, Slovenian | name, English | unit | net price in cents
_MACHINES = read_cells("""
LP-20 | Linija za pakiranje LP-20 | LP-20 packaging line | pc | 2490000
LP-40 | Linija za pakiranje LP-40 | LP-40 packaging line | pc | 3890000
LP-60 | Linija za pakiranje LP-60 | LP-60 packaging line | pc | 6450000
VP-15 | Vertikalni pakirni stroj VP-15 | VP-15 vertical packaging machine | pc | 3120000
ZP-12 | Zapiralka pladnjev ZP-12 | ZP-12 tray sealer | pc | 1480000
ZP-20 | Dvoglava zapiralka ZP-20 | ZP-20 double-head tray sealer | pc | 2360000
VT-10 | Večglavna tehtnica VT-10 | VT-10 multihead weigher | pc | 2750000
KT-6 | Kontrolna tehtnica KT-6 | KT-6 checkweigher | pc | 1190000
ET-5 | Etiketirka ET-5 | ET-5 labeller | pc | 980000
OV-8 | Ovijalka palet OV-8 | OV-8 pallet wrapper | pc | 740000
PL-4 | Polnilnik tekočin PL-4 | PL-4 liquid filler | pc | 1870000
KZ-25 | Kartonirka KZ-25 | KZ-25 cartoner | pc | 2930000
""")

_OTHERS = read_cells("""
TT-30 | Transportni trak TT-30, 3 m | TT-30 conveyor, 3 m | pc | 360000
NA-ZP12 | Nadgradnja zapiralke ZP-12 | ZP-12 tray sealer upgrade | set | 590000
NA-KRM | Nadgradnja krmilnika | Controller upgrade | set | 780000
FO-PE50 | Folija PE 50 µm | PE film 50 µm | kg | 285
FO-OPP35 | Folija OPP 35 µm | OPP film 35 µm | kg | 340
FO-RC | Reciklabilna folija PE/PE | Recyclable PE/PE film | kg | 410
FO-STR | Streč folija | Stretch film | kg | 220
RD-NOZ | Nož za prečni rez | Cross-cutting knife | pc | 14800
RD-GREL | Grelna letev | Heating bar | pc | 9600
RD-TES | Komplet tesnil | Set of seals | set | 7250
RD-KPL | Komplet rezervnih delov | Set of spare parts | set | 185000
ST-URA | Servisna ura | Service hour | hour | 5800
ST-MON | Montaža in zagon | Installation and start-up | day | 85000
ST-SOL | Šolanje upravljavcev | Operator training | day | 70000
ST-FAT | Prevzemni preizkus | Acceptance test | set | 75000
ST-POG | Letna vzdrževalna pogodba | Annual service contract | year | 240000
""")


def products(language: str) -> tuple[ProductLine, ...]:
    """Return the price list, machines first, named in the language."""
    return tuple(
        _product(cells, language, is_main)
        for rows, is_main in ((_MACHINES, True), (_OTHERS, False))
        for cells in rows
    )


def price_cents(code: str) -> int:
    """Return the list price of one product; KeyError for an unknown code."""
    return {cells[0]: int(cells[4]) for cells in _MACHINES + _OTHERS}[code]


def _product(cells: tuple[str, ...], language: str, is_main: bool) -> ProductLine:
    code, slovenian, english, unit, cents = cells
    which = 0 if language == "sl" else 1
    name = (slovenian, english)[which]
    return ProductLine(code, name, _UNITS[unit][which], int(cents), is_main)
