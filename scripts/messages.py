"""Translations: `python scripts/messages.py compile` or `check`.

Msgids are English and need no catalogue. Slovenian stands in one PO file per area,
src/veriga/locale/sl/<area>.po.

compile  merges them into src/veriga/locale/sl/LC_MESSAGES/django.mo (not in git)
check    extracts every msgid of src/veriga and lists what is missing, empty, fuzzy,
         unused, translated twice in two ways, or has other placeholders or a lone %;
         exit code 1
missing  prints the missing msgids as an empty PO file, to be filled in
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "veriga"
FOLDER = PACKAGE / "locale" / "sl"
PLURALS = (
    "nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);"
)
METHODS = [
    ("**/tests/**", "ignore"),
    ("**/migrations/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
]
OPTIONS = {
    "**/templates/**.html": {
        "newstyle_gettext": "true",
        "silent": "false",
        "extensions": "veriga.web.kept.Kept",
    }
}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%([sd%])")
NAMED = re.compile(r"%\(\w+\)[sd]")

Key = tuple[str, str | None]


def key_of(message: Message) -> Key:
    """Return what a message is looked up by: its singular and its context."""
    return ids_of(message)[0], message.context


def catalogues() -> Iterator[tuple[str, Catalog]]:
    """Yield the name and the content of every Slovenian PO file."""
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            yield path.name, read_po(file, locale="sl", abort_invalid=True)


def messages_of(catalogue: Catalog) -> Iterable[Message]:
    """Return its messages without the header."""
    return (message for message in catalogue if message.id)


def extracted() -> Catalog:
    """Return every msgid that the program's code and templates use."""
    found = Catalog(locale="sl")
    for name, line, msgid, _comments, context in extract_from_dir(
        PACKAGE, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
    ):
        found.add(msgid, locations=[(name, line)], context=context)
    return found


def empty() -> Catalog:
    """Return a Slovenian catalogue with its header."""
    made = Catalog(locale="sl", project="Veriga", version="", charset="utf-8")
    made.mime_headers = [
        ("Language", "sl"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Plural-Forms", PLURALS),
    ]
    return made


def compile_all() -> int:
    """Write the one compiled catalogue that Django reads."""
    merged = empty()
    for _name, catalogue in catalogues():
        for message in messages_of(catalogue):
            if not message.fuzzy:
                merged.add(message.id, message.string, context=message.context)
    target = FOLDER / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_mo(file, merged)
    return 0


def ids_of(message: Message) -> tuple[str, ...]:
    """Return the English of a message: its singular, and its plural if it has one."""
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def strings_of(message: Message) -> tuple[str, ...]:
    """Return all forms of a translation."""
    if isinstance(message.string, tuple | list):
        return tuple(message.string)
    return (message.string,)


def placeholders(text: str) -> set[str]:
    """Return the placeholders of a sentence; "%%", a plain sign, is none."""
    return {"".join(match) for match in PLACEHOLDER.findall(text)} - {"%"}


def is_filled_in(message: Message) -> bool:
    """Tell whether a sentence of the program is taken for one with placeholders.

    In a template each one is, even where it has none; in Python those that have some.
    """
    in_template = any(str(name).endswith(".html") for name, _line in message.locations)
    return in_template or any(NAMED.search(text) for text in ids_of(message))


def has_lone_percent(text: str) -> bool:
    """Tell whether a per-cent sign would be taken for the beginning of a placeholder.

    "20 % of %(num)s" is: it must be written as "20 %% of %(num)s".
    """
    return "%" in NAMED.sub("", text).replace("%%", "")


def faults_of(message: Message) -> Iterator[str]:
    """Yield what is wrong with one translation."""
    if message.fuzzy:
        yield "is marked fuzzy"
    strings = strings_of(message)
    if message.pluralizable and len(strings) != 4:
        yield f"has {len(strings)} plural forms, not 4"
    if not all(strings):
        yield "is not translated"
        return
    wanted = placeholders(ids_of(message)[-1])
    for text in strings:
        if placeholders(text) != wanted:
            yield f"has other placeholders: {text!r}"


def problems() -> Iterator[str]:
    """Yield one line for each thing that is wrong."""
    used = {key_of(message): message for message in messages_of(extracted())}
    seen: dict[Key, tuple[str, tuple[str, ...]]] = {}
    for name, catalogue in catalogues():
        for message in messages_of(catalogue):
            key = key_of(message)
            for fault in faults_of(message):
                yield f"{name}: {key[0]!r} {fault}"
            if key not in used:
                yield f"{name}: {key[0]!r} is used nowhere"
            elif bool(used[key].pluralizable) != bool(message.pluralizable):
                yield f"{name}: {key[0]!r} is plural in one place, not in the other"
            if key in used and is_filled_in(used[key]):
                for text in filter(has_lone_percent, strings_of(message)):
                    yield f"{name}: {text!r} has a lone %, which must be %%"
            first = seen.setdefault(key, (name, strings_of(message)))
            if first[1] != strings_of(message):
                yield f"{name}: {key[0]!r} is translated differently in {first[0]}"
    for key, message in used.items():
        place = ":".join(map(str, message.locations[0])) if message.locations else "?"
        if is_filled_in(message):
            for text in filter(has_lone_percent, ids_of(message)):
                yield f"{place}: {text!r} has a lone %, which must be %%"
        if key not in seen:
            yield f"{place}: {key[0]!r} has no Slovenian translation"


def check() -> int:
    """Print every problem; return 1 if there is one."""
    found = list(problems())
    for line in found:
        print(line)
    print(f"{len(found)} problems" if found else "Translations are complete.")
    return 1 if found else 0


def missing() -> int:
    """Print the msgids without translation as a PO file."""
    have = {
        key_of(m) for _name, catalogue in catalogues() for m in messages_of(catalogue)
    }
    wanted = empty()
    for message in messages_of(extracted()):
        if key_of(message) not in have:
            wanted.add(message.id, locations=message.locations, context=message.context)
    write_po(sys.stdout.buffer, wanted, sort_by_file=True, omit_header=True)
    return 0


def main() -> int:
    commands = {"compile": compile_all, "check": check, "missing": missing}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    return commands[sys.argv[1]]()


if __name__ == "__main__":
    raise SystemExit(main())
