"""What `veriga demo` prints, in the language of the installation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The lines around address and people."""

    making: str
    address: str
    sign_in: str
    password: str


WORDS = {
    "sl": Words(
        making="Demo podjetje nastaja ...",
        address="Veriga, demo podjetje:",
        sign_in="Prijava z enim klikom, ali z e-naslovom:",
        password="Geslo:",  # noqa: S106
    ),
    "en": Words(
        making="Making the demo company ...",
        address="Veriga, the demo company:",
        sign_in="Sign in with one click, or by e-mail:",
        password="Password:",  # noqa: S106
    ),
}
