"""What one writes when an activity ends otherwise than by being carried out."""

RESULTS: dict[str, dict[str, tuple[str, ...]]] = {
    "sl": {
        "not_reached": (
            "Ne dvignejo. Ponovni poskus v četrtek.",
            "Zasedeno, po treh poskusih puščeno sporočilo.",
            "Oglasi se odzivnik, sporočilo je puščeno.",
            "Na sestanku do popoldneva, prosijo za klic jutri.",
            "Na dopustu do ponedeljka.",
            "V centrali prevežejo, nihče ne dvigne.",
        ),
        "cancelled": (
            "Odpovedano z njihove strani, nov termin sporočijo.",
            "Odpade zaradi bolezni, nov datum usklajujemo.",
            "Odpovedano: na isti dan imajo presojo.",
            "Prestavljeno za nedoločen čas, ker linija stoji.",
            "Odpovedano, vprašanje je rešeno po telefonu.",
            "Ni več potrebno, naloga je postala brezpredmetna.",
        ),
        "accepted": (
            "Ponudba sprejeta, naročilnica je prišla po e-pošti.",
            "Sprejeto z dogovorjenim popustom.",
            "Sprejeto v celoti, zagon pred sezono.",
        ),
        "declined": (
            "Zavrnjeno zaradi cene.",
            "Zavrnjeno, izbrali so drugega ponudnika.",
            "Zavrnjeno, naložba je prestavljena na prihodnje leto.",
            "Zavrnjeno, odločili so se za rabljen stroj.",
        ),
        "withdrawn": (
            "Umaknjeno, zamenja jo nova ponudba z manjšim obsegom.",
            "Umaknjeno: cena kupljenih delov se je preveč spremenila.",
        ),
        "expired": (
            "Veljavnost je potekla brez odgovora.",
            "Potekla med čakanjem na odobritev proračuna.",
        ),
    },
    "en": {
        "not_reached": (
            "No answer. Another try on Thursday.",
            "Engaged, left a message after three tries.",
            "Answering machine, message left.",
            "In a meeting until the afternoon, they ask for a call tomorrow.",
            "On leave until Monday.",
            "The switchboard puts me through, nobody picks up.",
        ),
        "cancelled": (
            "Cancelled on their side, they will propose another date.",
            "Off because of illness, we are looking for another date.",
            "Cancelled: they have an audit on the same day.",
            "Put off indefinitely, as their line is down.",
            "Cancelled, settled by phone.",
            "No longer needed, the task has lost its purpose.",
        ),
        "accepted": (
            "Accepted, the purchase order came by e-mail.",
            "Accepted with the agreed discount.",
            "Accepted in full, start-up before the season.",
        ),
        "declined": (
            "Declined because of price.",
            "Declined, they chose another supplier.",
            "Declined, the investment is put off to next year.",
            "Declined, they settled for a used machine.",
        ),
        "withdrawn": (
            "Withdrawn, replaced by a new quote for less.",
            "Withdrawn: bought-in parts have changed too much in price.",
        ),
        "expired": (
            "Expired without an answer.",
            "Expired while they waited for the budget.",
        ),
    },
}
