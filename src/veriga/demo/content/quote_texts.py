"""What quotes hold: usual lines for each main product, and the terms below them."""

from veriga.demo.content.products import price_cents
from veriga.demo.content.types import QuoteItem, QuoteText

# The first code is the product the quote is about; then what usually goes with it.
_QUOTES: tuple[str, ...] = (
    "LP-20 1, TT-30 1, ST-MON 2, ST-SOL 1",
    "LP-40 1, TT-30 1, RD-KPL 1, ST-MON 2, ST-SOL 2, ST-FAT 1",
    "LP-60 1, TT-30 2, RD-KPL 1, ST-MON 4, ST-SOL 2, ST-FAT 1",
    "VP-15 1, RD-KPL 1, ST-MON 2, ST-SOL 1",
    "ZP-12 1, RD-GREL 2, ST-MON 1, ST-SOL 1",
    "ZP-20 1, RD-GREL 4, ST-MON 1.5, ST-SOL 1",
    "VT-10 1, TT-30 1, ST-MON 2",
    "KT-6 1, ST-MON 1, ST-SOL 0.5",
    "ET-5 1, ST-MON 1",
    "OV-8 1, FO-STR 240, ST-MON 0.5",
    "PL-4 1, RD-TES 2, ST-MON 1.5, ST-SOL 1",
    "KZ-25 1, RD-KPL 1, ST-MON 2, ST-SOL 1, ST-FAT 1",
    "TT-30 3, ST-MON 1",
    "NA-ZP12 1, ST-MON 2",
    "NA-KRM 1, ST-MON 1.5, ST-SOL 0.5",
    "FO-PE50 14400",
    "FO-OPP35 6000",
    "FO-RC 4800",
    "FO-STR 1800",
    "RD-NOZ 4, RD-TES 2",
    "RD-GREL 4, RD-TES 2, ST-URA 3",
    "RD-KPL 1, RD-NOZ 2, ST-URA 4",
    "ST-POG 1",
    "ST-SOL 2",
    "ST-MON 4, ST-FAT 1",
)

QUOTE_TERMS: dict[str, tuple[str, ...]] = {
    "sl": (
        "Dobavni rok: 14 tednov od prejema predplačila. Plačilo: 40 % ob naročilu,"
        " 50 % pred odpremo, 10 % po zagonu. Garancija: 24 mesecev.",
        "Dobavni rok: 10 tednov. Plačilo: 30 % ob naročilu, 70 % pred odpremo."
        " Garancija: 24 mesecev, obrabni deli so izvzeti.",
        "Cene so brez DDV, prevoz je vključen. Plačilo v 30 dneh od zagona."
        " Naročnik zagotovi elektriko, zrak in viličar.",
        "Dobava iz zaloge v petih delovnih dneh. Plačilo v 15 dneh od izdaje računa.",
        "Cena velja za celotno količino. Odpoklici mesečno, najmanj ena paleta.",
        "Montaža in šolanje na lokaciji naročnika. Potni stroški so vključeni."
        " Prevzem z izdelkom naročnika pri nas v Celju.",
    ),
    "en": (
        "Delivery: 14 weeks from receipt of the advance. Payment: 40% with the order,"
        " 50% before shipping, 10% after start-up. Warranty: 24 months.",
        "Delivery: 10 weeks. Payment: 30% with the order, 70% before shipping."
        " Warranty: 24 months, wearing parts excepted.",
        "Prices without VAT, transport included. Payment 30 days after start-up."
        " The customer provides power, air and a fork-lift.",
        "From stock in five working days. Payment 15 days from invoice.",
        "The price holds for the whole quantity. Monthly call-offs, one pallet or more.",
        "Installation and training on site, travel included."
        " Acceptance with the customer's product at our works in Celje.",
    ),
}


def _quote(text: str) -> QuoteText:
    items = []
    for part in text.split(", "):
        code, quantity = part.split()
        items.append(QuoteItem(code, quantity, price_cents(code)))
    return QuoteText(items[0].code, tuple(items))


QUOTE_TEXTS: tuple[QuoteText, ...] = tuple(map(_quote, _QUOTES))
