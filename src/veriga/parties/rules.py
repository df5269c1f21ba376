"""How company names and numbers are read and compared. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import SequenceMatcher

import phonenumbers
import stdnum
from stdnum.exceptions import ValidationError
from stdnum.si import maticna

from veriga.common.text import fold

HOME_REGION = "SI"  # where a phone number without a country code is taken to be
PHONE_DIGITS_MIN = 5
NATURAL_PERSON = "natural_person"
EU_COUNTRIES = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR"),
        *("HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI"),
        "SK",
    }
)
DOMAIN_LENGTH = 120
# Hosts of mail and pages that belong to everybody.
PUBLIC_HOSTS = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com"),
        *("yahoo.com", "icloud.com", "me.com", "proton.me", "protonmail.com"),
        *("aol.com", "gmx.net", "gmx.de", "gmx.at", "web.de", "t-online.de"),
        *("siol.net", "amis.net", "t-2.net", "telemach.net", "volja.net", "email.si"),
        *("guest.arnes.si", "arnes.si", "facebook.com", "instagram.com"),
        *("linkedin.com", "bizi.si", "net.hr", "inet.hr", "libero.it", "tim.it"),
    }
)
ALIKE = 0.82  # share of letters in common from which two names may be one company

# Words that say what a firm is and not which one, folded and without dots.
_LEGAL_FORM = re.compile(
    r"doo|dd|sp|spodo|dno|kd|kdd|zoo|zavod|podjetje|druzba|gmbh|ag|kg|ohg|ug|co|ltd|plc"
    r"|llc|inc|sa|sas|sarl|srl|spa|bv|nv|ab|as|oy|aps|kft|zrt|sro"
)
_DOTTED = re.compile(r"\b(?:[a-z]\. ?)+(?=[^a-z]|$)|\b(?:[a-z]\. ?)+[a-z]\b")
_NO_WORD = re.compile(r"[^\w]+")
_BETWEEN = re.compile(r"[\s./-]+")
_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?"
)
_DAY_FIRST = re.compile(
    r"(?:(?P<day>[0-9]{1,2})\. ?)?(?P<month>[0-9]{1,2})[./] ?(?P<year>[0-9]{4})"
)
_DOMAIN = re.compile(r"^(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)+)/?$")


def core_name(name: str) -> str:
    """Return the folded words of a company's name without its legal form.

    "Kovinarstvo Žagar, d. o. o." and "KOVINARSTVO ZAGAR" have the same core.
    """
    joined = _DOTTED.sub(lambda m: re.sub(r"[. ]", "", m[0]) + " ", fold(name))
    words = [word for word in _NO_WORD.split(joined) if word]
    core = [word for word in words if not _LEGAL_FORM.fullmatch(word)]
    return " ".join(core or words)


def likeness(name: str, other: str) -> float:
    """Return how alike the cores of two company names are, from 0 to 1."""
    mine, theirs = core_name(name), core_name(other)
    if mine == theirs:
        return 1.0
    return SequenceMatcher(None, mine, theirs).ratio()


def phone_digits(text: str) -> str | None:
    """Return the digits by which the phone number in `text` is looked up.

    Without country code and leading zero, so that "+386 40 123 456" and "040/123-456"
    find each other. None if `text` does not look like a phone number.
    """
    digits = re.sub(r"\D", "", text)
    if len(digits) < PHONE_DIGITS_MIN or not re.fullmatch(r"[\d\s+()/.-]+", text):
        return None
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return digits.lstrip("0") or None
    return str(number.national_number)


def web_domain(text: str) -> str | None:
    """Return the web domain that `text` is ("www.adriatik.si" is adriatik.si)."""
    match = _DOMAIN.match(text.strip().lower())
    return match[1] if match else None


def own_domain(website: str, email: str) -> str:
    """Return the web domain by which a company is known, "" for none.

    That of the website, else of the e-mail address; a host at which anybody gets an
    address says nothing.
    """
    host = website.strip().lower().partition("://")[2] or website.strip().lower()
    for domain in (
        re.split(r"[/?#:]", host)[0],
        email.strip().lower().rpartition("@")[2],
    ):
        domain = domain.removeprefix("www.")
        if "." in domain and domain not in PUBLIC_HOSTS:
            return domain[:DOMAIN_LENGTH]
    return ""


def tax_number(text: str, country: str) -> str | None:
    """Return a tax number of `country` without what stands between, None if wrong.

    The letters of the country stay if they were typed: they say that its owner is
    liable to VAT. What no checker is known for is returned as it is.
    """
    checker = stdnum.get_cc_module(country.lower(), "vat")
    if checker is None:
        return text
    try:
        compact = str(checker.validate(text))
    except ValidationError:
        return None
    letters = {"GR": "EL"}.get(country, country)
    typed = _BETWEEN.sub("", text).upper()
    is_liable = typed.startswith(letters) and not compact.startswith(letters)
    return f"{letters}{compact}" if is_liable else compact


def registration_number(text: str, country: str) -> str | None:
    """Return a company's registration number in the same way; Slovenian are checked."""
    if country != "SI":
        return text
    try:
        return str(maticna.validate(text))
    except ValidationError:
        return None


def missing_when_active(values: Mapping[str, object]) -> list[str]:
    """Return the fields that an active customer needs and `values` leave empty.

    A natural person has no tax number that we need; who is from outside the European
    Union has none that we know of.
    """
    needed = ["kind", "street", "postcode", "town", "account_owner_id"]
    is_person = values.get("kind") == NATURAL_PERSON
    if not is_person and values.get("country") in EU_COUNTRIES:
        needed.append("tax_number")
    return [name for name in needed if not values.get(name)]


def month_or_day(text: str) -> str | None:
    """Return "2027-03" or "2027-03-15" for what was typed, None if it is neither.

    Typed as that or with the day first: "3. 2027", "15. 3. 2027".
    """
    match = _YEAR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    if match is None:
        return None
    year, month, day = (match[part] for part in ("year", "month", "day"))
    try:
        found = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return found.isoformat()[: 10 if day else 7]
