"""Reading XES (IEEE 1849): the events of a log, each with the attributes of its trace.

A stream: nothing but the event that is being read is held. A document type, which could
define entities that grow without end or name other files, is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from .faults import FileFault

BLOCK = 1 << 16
CASE = "case:"
ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id"})
DEEPEST = 64
LONGEST = 1 << 20  # characters of all attributes of one event


def read_events(path: Path, file: BinaryIO) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line where an event ends, and its attributes by key.

    Those of its trace stand under `case:` and their key. Nested attributes are left
    out. Errors: FileFault.
    """
    reader = _Reader(path)
    while block := file.read(BLOCK):
        reader.feed(block, last=False)
        yield from reader.taken()
    reader.feed(b"", last=True)
    yield from reader.taken()


class _Reader:
    """Collects events while the parser passes over the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # No separator of namespaces: some logs have one, most have none.
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._open: list[str] = []
        self._trace: dict[str, str] = {}
        self._event: dict[str, str] | None = None
        self._size = 0
        self._found: list[tuple[int, dict[str, str]]] = []
        self._is_log = False

    def feed(self, block: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(block, last)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise FileFault(
                self._path, f"line {error.lineno}", f"is not XML: {what}"
            ) from None
        except (LookupError, ValueError):  # an encoding that nobody knows
            raise FileFault(self._path, "line 1", "has an unknown encoding") from None

    def taken(self) -> list[tuple[int, dict[str, str]]]:
        found, self._found = self._found, []
        return found

    def _fault(self, text: str) -> FileFault:
        return FileFault(self._path, f"line {self._parser.CurrentLineNumber}", text)

    def _refuse(self, *_: object) -> None:
        raise self._fault("has a document type, which event logs do not need")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if not self._open and name != "log":
            raise self._fault(f"begins with <{name}>, not with <log>")
        parent = self._open[-1] if self._open else ""
        self._open.append(name)
        if len(self._open) > DEEPEST:
            raise self._fault("is nested too deeply")
        if name == "trace":
            self._trace = {}
        elif name == "event":
            self._event, self._size = {}, 0
        elif name in ATTRIBUTES and parent in ("trace", "event"):
            self._keep(parent, attributes)

    def _keep(self, parent: str, attributes: dict[str, str]) -> None:
        key, value = attributes.get("key", ""), attributes.get("value", "")
        self._size += len(key) + len(value)
        if self._size > LONGEST:
            raise self._fault("has an event or a trace that is too large")
        if parent == "trace":
            self._trace[CASE + key] = value
        elif self._event is not None:
            self._event[key] = value

    def _end(self, name: str) -> None:
        self._open.pop()
        if name.rpartition(":")[2] == "event" and self._event is not None:
            cells = {**self._trace, **self._event}
            self._found.append((self._parser.CurrentLineNumber, cells))
            self._event = None
            self._size = 0
