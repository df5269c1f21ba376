"""The code lists that an installation starts with (LISTS.md).

Each line: code, Slovenian name, English name, then what the entry carries. The codes
stay for ever; the rest an installation may change.
"""

from __future__ import annotations

# direction: who acts
EVENT_TYPES = (
    ("call", "Klic", "Call", "out"),
    ("call_in", "Dohodni klic", "Incoming call", "in"),
    ("visit", "Obisk pri stranki", "Visit", "out"),
    ("visit_in", "Obisk stranke pri nas", "Customer's visit", "in"),
    ("meeting", "Sestanek", "Meeting", "out"),
    ("video_meeting", "Videosestanek", "Video meeting", "out"),
    ("email", "E-pošta", "E-mail", "out"),
    ("email_in", "Prejeta e-pošta", "Received e-mail", "in"),
    ("enquiry", "Povpraševanje", "Enquiry", "in"),
    ("complaint", "Reklamacija", "Complaint", "in"),
    ("fair", "Sejem", "Fair", "out"),
    ("chance_meeting", "Naključno srečanje", "Chance meeting", "in"),
    ("invitation", "Vabilo na dogodek", "Invitation", "out"),
    ("demonstration", "Predstavitev", "Demonstration", "out"),
    ("internal_meeting", "Interni sestanek", "Internal meeting", "internal"),
)

REASONS = (
    ("customer_enquiry", "Povpraševanje stranke", "Customer's enquiry"),
    ("referral", "Priporočilo", "Referral"),
    ("fair", "Sejem", "Fair"),
    ("chance_meeting", "Naključno srečanje", "Chance meeting"),
    ("own_initiative", "Lastna pobuda", "Own initiative"),
    ("existing_business", "Obstoječe sodelovanje", "Existing business"),
    ("tender", "Razpis", "Tender"),
    ("contract_ends", "Iztek pogodbe", "Contract ends"),
)

# probability in percent; the outcome that the stage closes with
STAGES = (
    ("first_contact", "Prvi stik", "First contact", 10, ""),
    ("need_recognised", "Prepoznana potreba", "Need recognised", 25, ""),
    ("solution_presented", "Predstavljena rešitev", "Solution presented", 40, ""),
    ("quote_sent", "Ponudba poslana", "Quote sent", 60, ""),
    ("negotiation", "Pogajanja", "Negotiation", 80, ""),
    ("won", "Dobljeno", "Won", 100, "won"),
    ("lost", "Izgubljeno", "Lost", 0, "lost"),
)

PRODUCT_RECORD_TYPES = (
    ("interest", "Zanimanje", "Interest"),
    ("sample_sent", "Vzorec poslan", "Sample sent"),
    ("test", "Preizkus", "Test"),
    ("in_use", "V uporabi", "In use"),
    ("objection", "Pomislek", "Objection"),
    ("complaint", "Reklamacija", "Complaint"),
    ("competitor_product", "Konkurenčni produkt", "Competitor's product"),
)

CLOSE_REASONS = (
    ("price", "Cena", "Price"),
    ("competitor", "Konkurenca", "Competitor"),
    ("no_budget", "Ni proračuna", "No budget"),
    ("no_response", "Ni odziva", "No response"),
    ("postponed", "Prestavljeno", "Postponed"),
    ("not_suitable", "Ne ustreza", "Not suitable"),
    ("other", "Drugo", "Other"),
)

PROSPECT_TYPES = (
    ("customer", "Kupec", "Customer"),
    ("reseller", "Posrednik", "Reseller"),
    ("specifier", "Projektant", "Specifier"),
)

COMPANY_CATEGORIES = (
    ("manufacturer", "Proizvajalec", "Manufacturer"),
    ("trader", "Trgovec", "Trader"),
    ("services", "Storitve", "Services"),
    ("public_sector", "Javni sektor", "Public sector"),
)

IMPORTANCES = (
    ("low", "Nizka", "Low"),
    ("normal", "Običajna", "Normal"),
    ("high", "Visoka", "High"),
)

CONTACT_FUNCTIONS = (
    ("director", "Direktor", "Director"),
    ("purchasing_manager", "Vodja nabave", "Purchasing manager"),
    ("production_manager", "Vodja proizvodnje", "Production manager"),
    ("sales_manager", "Vodja prodaje", "Sales manager"),
    ("technologist", "Tehnolog", "Technologist"),
    ("accounting", "Računovodstvo", "Accounting"),
)
