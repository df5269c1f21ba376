"""Titles, texts and places of the story's steps, by key."""

TEXTS: dict[str, dict[str, tuple[str, str, str]]] = {
    "sl": {
        "fair": (
            "Direktor na sejmu, prvi stik",
            "Naključen postanek ob njihovem prostoru na sejmu embalaže. Pakirajo za"
            " druge, obe liniji sta starejši od deset let in naročil ne dohajata."
            " O opremi odloča vodja proizvodnje. Predlagam, da se prodaja oglasi.",
            "Celjski sejem",
        ),
        "prepare": (
            "Pripravi predstavitev po sejmu",
            "Povod je direktorjev zapis s sejma. Kratka predstavitev: dve referenci"
            " s pogodbenim pakiranjem in takt naših linij. Potem klic v proizvodnjo.",
            "",
        ),
        "intro_call": (
            "Predstavitev po telefonu",
            "Sejma se spomnijo. Za letos naložb ni v načrtu, odprti pa so za"
            " pogovor. Predstavitev in referenci poslani, oglasijo se, ko bo kaj"
            " novega.",
            "",
        ),
        "faster": (
            "Zanima jih večja hitrost",
            "Kličejo sami. Dobili so naročnika, ki zahteva 35 pakiranj na minuto,"
            " zdaj jih zmorejo 18. Sprašujejo po LP-40, a bi stroj najprej radi"
            " videli v delovanju.",
            "",
        ),
        "open_day": (
            "Dan odprtih vrat – prišla sta dva",
            "Vabilu sta se odzvala dva, iz proizvodnje in iz nabave. Dlje časa sta"
            " gledala LP-20 in LP-40. Pošljemo vzorce, zapakirane z njihovo folijo.",
            "Savinja Pak, Celje",
        ),
        "samples": (
            "Vzorci pakiranja z LP-20 poslani",
            "Poslanih 20 vzorcev v dveh formatih, zapakiranih na LP-20 z njihovo"
            " folijo. Zvar naj oceni kakovost. Takt je za njihove količine na meji.",
            "",
        ),
        "samples_good": (
            "Vzorci ustrezajo, LP-20 je prepočasen",
            "Zvar in videz sta potrjena. Za novo naročilo je LP-20 prepočasen, zato"
            " naj računamo z LP-40. Vodstvo želi videti izračun prihranka.",
            "",
        ),
        "savings": (
            "Pripravi izračun prihranka",
            "LP-40 v primerjavi z obema starima linijama: delo, folija, izmet,"
            " menjava formata. Previdna in verjetna različica, vse na eni strani.",
            "",
        ),
        "visit": (
            "Ogled proizvodnje in meritve",
            "Izmerjen prostor: 6,8 × 3,2 m, vrata 1,8 m. Izračun je predstavljen:"
            " naložba se povrne v dveh letih in pol. Ena od starih linij mora med"
            " menjavo delati naprej. Pred odločitvijo želijo preizkus pri njih.",
            "Alpina Pak, Kranj",
        ),
        "test": (
            "Preizkus LP-40 pri stranki",
            "Predstavitveni stroj je delal dva dni: takt 38, izmet 0,6 %. Upravljavci"
            " so format menjali sami, v 14 minutah. Zadržek: hrup ob nožu, rešitev"
            " je pokrov.",
            "Alpina Pak, Kranj",
        ),
        "wants_quote": (
            "Prosijo za ponudbo pred sejo uprave",
            "Po preizkusu so odločeni za LP-40, če bo cena v okviru. Ponudbo"
            " potrebujejo pred sejo uprave: stroj, trak, montaža, šolanje in"
            " prevzemni preizkus, vsaka postavka posebej.",
            "",
        ),
        "quote": (
            "Linija za pakiranje LP-40",
            "Prva ponudba: LP-40 s transportnim trakom, začetnim kompletom rezervnih"
            " delov, montažo, šolanjem in prevzemnim preizkusom. Dobavni rok je"
            " 14 tednov, cena vključuje prevoz.",
            "",
        ),
        "overdue_call": (
            "Odziv na ponudbo LP-40",
            "Preveriti, kaj je rekla uprava, in predlagati skupni pregled ponudbe.",
            "",
        ),
        "loose_email": (
            "Vprašanje o dobavnem roku in garanciji",
            "Pozdravljeni, uprava sprašuje, ali lahko dobavni rok skrajšate na"
            " 12 tednov in ali garancija velja tudi pri delu v dveh izmenah."
            " Prosimo za odgovor do konca tedna.",
            "",
        ),
    },
    "en": {
        "fair": (
            "Managing director at the fair, first contact",
            "Stopped at their stand at the packaging fair by chance. They pack for"
            " others; both lines are over ten years old and cannot keep up with"
            " orders. The production manager decides on equipment. Sales should get"
            " in touch.",
            "Celje fair",
        ),
        "prepare": (
            "Prepare a presentation after the fair",
            "Set off by the managing director's note from the fair. A short"
            " presentation: two references in contract packing and the rates of our"
            " lines. Then call production.",
            "",
        ),
        "intro_call": (
            "Introduction by phone",
            "They remember the fair. No investment planned this year, but they are"
            " open to talk. Presentation and both references sent; they call when"
            " there is news.",
            "",
        ),
        "faster": (
            "They want a higher speed",
            "They call on their own. A new client demands 35 packs a minute, they"
            " manage 18. They ask about the LP-40, but would like to see it running"
            " first.",
            "",
        ),
        "open_day": (
            "Open day – two of them came",
            "Two accepted, from production and from purchasing. They watched the"
            " LP-20 and the LP-40 for a long time. We send samples packed in their"
            " film.",
            "Savinja Pak, Celje",
        ),
        "samples": (
            "Samples packed on the LP-20 sent",
            "Twenty samples in two formats sent, packed on the LP-20 in their film."
            " Quality is to judge the seal. The rate is borderline for their volume.",
            "",
        ),
        "samples_good": (
            "Samples are fine, the LP-20 is too slow",
            "Seal and looks approved. The LP-20 is too slow for the new order, so we"
            " are to reckon with the LP-40. Management wants to see the savings.",
            "",
        ),
        "savings": (
            "Prepare the savings calculation",
            "LP-40 against both old lines: labour, film, rejects, format change."
            " A cautious and a likely version, all on one page.",
            "",
        ),
        "visit": (
            "Tour of production and measuring",
            "Space measured: 6.8 × 3.2 m, door 1.8 m. Calculation presented: it pays"
            " back in two and a half years. One of the old lines has to keep working"
            " during the change. Before deciding they want a test at their place.",
            "Alpina Pak, Kranj",
        ),
        "test": (
            "LP-40 tested at the customer's",
            "The demo machine worked for two days: 38 a minute, 0.6% rejects."
            " Operators changed formats themselves in 14 minutes. One worry: noise"
            " at the knife; a cover solves it.",
            "Alpina Pak, Kranj",
        ),
        "wants_quote": (
            "They ask for a quote before the board meets",
            "After the test they want the LP-40 if the price is right. They need the"
            " quote before the board meets: machine, conveyor, installation, training"
            " and acceptance test, each listed apart.",
            "",
        ),
        "quote": (
            "LP-40 packaging line",
            "First quote: LP-40 with conveyor, a starter set of spare parts,"
            " installation, training and acceptance test. Delivery in 14 weeks,"
            " transport included.",
            "",
        ),
        "overdue_call": (
            "Response to the LP-40 quote",
            "Find out what the board said and propose going through the quote"
            " together.",
            "",
        ),
        "loose_email": (
            "Question about delivery time and warranty",
            "Hello, our board asks whether you can cut delivery to 12 weeks and"
            " whether the warranty holds when we work two shifts. Please let us know"
            " by the end of the week.",
            "",
        ),
    },
}
