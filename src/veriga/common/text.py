"""Text as the program compares it: cleaned, folded for search, keyed for order.

No Django here, so that rules may use it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

KEY_LENGTH = 160

# Letters that the Slovenian alphabet sorts after their base letter: č after all c,
# ć after č, đ after all d. "~" sorts after every ASCII letter and digit.
_OWN_LETTERS = {"č": "c~", "ć": "c~~", "đ": "d~", "š": "s~", "ž": "z~"}
# Letters that Unicode does not decompose.
_PLAIN = str.maketrans(
    {"đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "ı": "i"}
)
_SPACES = re.compile(r"\s+")


def has_control_characters(text: str, *, multiline: bool = False) -> bool:
    """Tell whether `text` holds characters that no keyboard makes.

    Line breaks and tabs pass only if `multiline`. Lone surrogates count, because no
    database stores them.
    """
    if text.isprintable():  # the usual case, and much faster to see
        return False
    allowed = "\n\r\t" if multiline else ""
    return any(
        unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in text
    )


def tidy(text: str) -> str:
    """Return `text` in composed form, without outer and doubled white space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def fold(text: str) -> str:
    """Return `text` without case and accents, for comparing what people type."""
    if text.isascii():  # most of what there is, and much faster
        return " ".join(text.lower().split())
    # NFKC first: casefold does not know the capitals among mathematical letters.
    lowered = unicodedata.normalize("NFKC", text).casefold()
    decomposed = unicodedata.normalize("NFKD", lowered)
    plain = "".join(
        [c for c in decomposed if c < "\x80" or not unicodedata.combining(c)]
    )
    return _SPACES.sub(" ", plain.translate(_PLAIN)).strip()


@lru_cache(maxsize=4096)
def _piece(char: str) -> str:
    """Return what one letter in lower case adds to a sort key."""
    return _OWN_LETTERS.get(char) or fold(char) or " "


def sort_key(text: str) -> str:
    """Return an ASCII-comparable key that orders `text` as Slovenian does.

    Comparing keys byte by byte gives the same order in Python, SQLite and PostgreSQL
    (with collation "C"), so keyset paging and ORDER BY agree everywhere. At most
    KEY_LENGTH characters.
    """
    parts = [_piece(char) for char in unicodedata.normalize("NFC", text).lower()]
    return _SPACES.sub(" ", "".join(parts)).strip()[:KEY_LENGTH]
