"""Where the demo begins and who may enter it, in a file that the pages read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from .company import ENTERING, Made
from .content import LANGUAGES, load
from .customers import PASSWORD

ADMINISTRATOR = "Administrator"


@dataclass(frozen=True, slots=True)
class Entering:
    """Somebody whom the sign-in page of the demo offers."""

    email: str
    name: str
    title: str


def people(language: str) -> list[Entering]:
    """Return the four people, in the order in which they are offered."""
    users = {user.email.split("@")[0]: user for user in load(language).users}
    found = []
    for mailbox in ENTERING:
        user = users[mailbox]
        title = ADMINISTRATOR if user.role == "administrator" else user.function
        found.append(Entering(user.email, f"{user.first} {user.last}", title))
    return found


def write_start(path: Path, made: Made) -> None:
    """Write the file: company, story, hints and people, in both languages."""
    offered = {language: people(language) for language in LANGUAGES}
    start = {
        "company": made.company_id,
        "references": dict(made.references),
        "hints": {language: list(load(language).hints) for language in LANGUAGES},
        "people": [
            {
                "email": one.email,
                "name": one.name,
                **{f"title_{code}": offered[code][place].title for code in LANGUAGES},
            }
            for place, one in enumerate(offered["sl"])
        ],
        "password": PASSWORD,
    }
    path.write_text(json.dumps(start, ensure_ascii=False, indent=2), encoding="utf-8")
