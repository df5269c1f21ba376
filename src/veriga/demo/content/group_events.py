"""The group events of the demo: one that was, and one that is being planned."""

from veriga.demo.content.types import GroupEvent

# What those invited answered, from the first company on; the rest say nothing yet.
WAS = ("came", "came", "came", "came", "came", "stayed_away", "declined", "came")
PLANNED = ("accepted", "accepted", "declined", "accepted")

GROUP_EVENTS: dict[str, tuple[GroupEvent, ...]] = {
    "sl": (
        GroupEvent(
            title="Seminar o embalaži, ki se reciklira",
            place="Celje, sejna dvorana",
            text="Trije predavatelji, nato ogled linije in pogovor ob kavi.",
            type="visit_in",
            working_days=-24,
            companies=10,
            replies=WAS,
        ),
        GroupEvent(
            title="Dan odprtih vrat v preskusnem centru",
            place="Celje, preskusni center",
            text="Gostje prinesejo svoj izdelek; zapakiramo ga pred njimi.",
            type="visit_in",
            working_days=9,
            companies=14,
            replies=PLANNED,
        ),
    ),
    "en": (
        GroupEvent(
            title="Seminar on packaging that recycles",
            place="Celje, conference room",
            text="Three speakers, then a tour of the line and talk over coffee.",
            type="visit_in",
            working_days=-24,
            companies=10,
            replies=WAS,
        ),
        GroupEvent(
            title="Open day at the test centre",
            place="Celje, test centre",
            text="Guests bring a product of their own; we pack it before their eyes.",
            type="visit_in",
            working_days=9,
            companies=14,
            replies=PLANNED,
        ),
    ),
}
