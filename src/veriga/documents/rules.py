"""What a file may be called, and whether it is what its name says. Plain Python."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from veriga.common.text import has_control_characters

NAME_LENGTH: Final = 200
HEAD: Final = 8_192  # bytes of a file that are looked at
OPAQUE: Final = "application/octet-stream"

# How the files of a type begin: (place, bytes). Any of them is enough.
Signature = tuple[int, bytes]
ZIP: Final[tuple[Signature, ...]] = ((0, b"PK\x03\x04"), (0, b"PK\x05\x06"))
OLE: Final[tuple[Signature, ...]] = ((0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),)
BOX: Final[tuple[Signature, ...]] = ((4, b"ftyp"),)


@dataclass(frozen=True, slots=True)
class FileType:
    """What is known of an ending.

    `preview` is "image", "pdf" or "text" if a browser may show it, else "".
    """

    media_type: str = OPAQUE
    signatures: tuple[Signature, ...] = ()
    preview: str = ""
    is_text: bool = False


def _image(name: str, *signatures: Signature, preview: bool = True) -> FileType:
    return FileType(f"image/{name}", signatures, "image" if preview else "")


_PLAIN = FileType("text/plain", preview="text", is_text=True)
_TEXT = FileType(is_text=True)
_JPEG = _image("jpeg", (0, b"\xff\xd8\xff"))
_TIFF = _image("tiff", (0, b"II*\x00"), (0, b"MM\x00*"), preview=False)
_HEIC = FileType("image/heic", BOX)
_OFFICE = FileType(signatures=ZIP)
_OLD_OFFICE = FileType(signatures=OLE)

TYPES: Final[Mapping[str, FileType]] = {
    "pdf": FileType("application/pdf", ((0, b"%PDF-"),), "pdf"),
    "png": _image("png", (0, b"\x89PNG\r\n\x1a\n")),
    **dict.fromkeys(("jpg", "jpeg"), _JPEG),
    "gif": _image("gif", (0, b"GIF87a"), (0, b"GIF89a")),
    "webp": _image("webp", (8, b"WEBP")),
    "bmp": _image("bmp", (0, b"BM"), preview=False),
    **dict.fromkeys(("tif", "tiff"), _TIFF),
    **dict.fromkeys(("heic", "heif"), _HEIC),
    **dict.fromkeys(("txt", "csv", "md", "log", "json", "xml", "eml", "ics"), _PLAIN),
    **dict.fromkeys(("vcf", "dxf", "step", "stp", "igs", "iges"), _TEXT),
    "rtf": FileType(signatures=((0, b"{\\rtf"),)),
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"), _OFFICE),
    **dict.fromkeys(("doc", "xls", "ppt", "msg"), _OLD_OFFICE),
    "7z": FileType(signatures=((0, b"7z\xbc\xaf\x27\x1c"),)),
    "dwg": FileType(signatures=((0, b"AC10"),)),
    **dict.fromkeys(("mp4", "mov", "m4a"), FileType(signatures=BOX)),
    "wav": FileType(signatures=((8, b"WAVE"),)),
    "mp3": FileType(
        signatures=((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2"))
    ),
}
USUAL: Final = tuple(sorted(TYPES))

# What a computer runs when somebody opens it; no administrator can let these in.
NEVER: Final = frozenset(
    {
        *("app", "bat", "cmd", "com", "dll", "exe", "jar", "lnk", "msi", "ps1", "scr"),
        *("hta", "htm", "html", "js", "mjs", "php", "sh", "svg", "vbs", "wsf", "xhtml"),
    }
)
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def clean_name(given: str) -> str:
    """Return the name of a file without the folders, spaces and dots around it.

    What cannot be said in a name becomes "_"; a name that is too long keeps its ending.
    "" if nothing is left: "../../x" is "x", "..." is "".
    """
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join("_" if has_control_characters(one) else one for one in last)
    clean = clean.strip().lstrip(".").rstrip(". ")
    if len(clean) > NAME_LENGTH:
        ending = PurePosixPath(clean).suffix[:20]
        clean = clean[: NAME_LENGTH - len(ending)].rstrip() + ending
    return clean


def ending_of(name: str) -> str:
    """Return the ending of a name in small letters, without its dot; "" for none."""
    return PurePosixPath(name).suffix[1:].lower()


def type_of(name: str) -> FileType:
    """Return what is known of a file by its name."""
    return TYPES.get(ending_of(name), FileType())


def is_what_it_says(name: str, head: bytes) -> bool:
    """Tell whether a file that begins with `head` may bear this name.

    An ending that is not known may be anything but a program.
    """
    kind = type_of(name)
    if kind.signatures:
        return any(head[at : at + len(b)] == b for at, b in kind.signatures)
    if kind.is_text:
        return _is_text(head)
    return not head.startswith(_PROGRAMS)


def read_endings(typed: str) -> tuple[list[str], list[str]]:
    """Return the endings named in a text, and those of them that are never allowed."""
    words = typed.lower().replace(",", " ").replace(";", " ").split()
    endings = sorted({word.lstrip("*.") for word in words} - {""})
    bad = [one for one in endings if one in NEVER or not one.isalnum()]
    return endings, bad


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 with its mark
        return True
    return b"\x00" not in head and not head.startswith(_PROGRAMS)
