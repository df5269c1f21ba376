"""The group events of the demo: one that was, and one that is being planned."""

from veriga.demo.content.types import GroupEvent

# Working days from today, companies invited, and what they answered, from the first
# one on; the rest say nothing yet.
_WAS = (
    -24,
    10,
    ("came", "came", "came", "came", "came", "stayed_away", "declined", "came"),
)
_PLANNED = (9, 14, ("accepted", "accepted", "declined", "accepted"))

# Title, place and text of each.
_WORDS = {
    "sl": (
        (
            "Seminar o embalaži, ki se reciklira",
            "Celje, sejna dvorana",
            "Trije predavatelji, nato ogled linije in pogovor ob kavi.",
        ),
        (
            "Dan odprtih vrat v preskusnem centru",
            "Celje, preskusni center",
            "Gostje prinesejo svoj izdelek; zapakiramo ga pred njimi.",
        ),
    ),
    "en": (
        (
            "Seminar on packaging that recycles",
            "Celje, conference room",
            "Three speakers, then a tour of the line and talk over coffee.",
        ),
        (
            "Open day at the test centre",
            "Celje, test centre",
            "Guests bring a product of their own; we pack it before their eyes.",
        ),
    ),
}

GROUP_EVENTS: dict[str, tuple[GroupEvent, ...]] = {
    language: tuple(
        GroupEvent(*words, "visit_in", *rest)
        for words, rest in zip(texts, (_WAS, _PLANNED), strict=True)
    )
    for language, texts in _WORDS.items()
}
