"""Reading event logs: CSV and XES, plain or packed with gzip, one event at a time.

Source: docs/insight/event-logs.md.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from .faults import FileFault
from .xes import read_events


@dataclass(frozen=True, slots=True)
class LogRow:
    """One event as the file has it: where it stands, and its cells by column."""

    place: str
    cells: dict[str, str]


def read_rows(path: Path, delimiter: str = ",") -> Iterator[LogRow]:
    """Yield the events of a log in the order of the file.

    What a name ends in decides: .csv or .xes, then .gz if it is packed.
    Errors: FileFault, also in the middle of reading; OSError.
    """
    name = path.name.lower()
    plain = name.removesuffix(".gz")
    if plain.endswith(".csv"):
        read = _read_csv(path, delimiter)
    elif plain.endswith(".xes"):
        read = _read_xes(path)
    else:
        raise FileFault(path, "", "must end in .csv, .xes, .csv.gz or .xes.gz")
    yield from read


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, unpacked; what is wrong with the packing becomes a FileFault."""
    packed = path.name.lower().endswith(".gz")
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            yield cast("BinaryIO", file)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FileFault(path, "", f"is damaged or not packed: {error}") from None


def _read_csv(path: Path, delimiter: str) -> Iterator[LogRow]:
    line = 0
    try:
        with _opened(path) as file:
            # A file of a spreadsheet begins with a byte order mark.
            text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
            reader = csv.reader(text, delimiter=delimiter, strict=True)
            columns = next(reader, [])
            _check_columns(path, columns)
            line = reader.line_num
            for cells in reader:
                line, begins = reader.line_num, line + 1
                if not cells:
                    continue
                if len(cells) != len(columns):
                    raise FileFault(
                        path,
                        f"line {begins}",
                        f"has {len(cells)} cells where the header has {len(columns)}",
                    )
                yield LogRow(f"line {begins}", dict(zip(columns, cells, strict=True)))
    except csv.Error as error:
        raise FileFault(path, f"line {line + 1}", str(error)) from None
    except UnicodeDecodeError:
        raise FileFault(path, f"after line {line}", "is not UTF-8") from None


def _check_columns(path: Path, columns: list[str]) -> None:
    if not columns:
        raise FileFault(path, "", "is empty: the first line must name the columns")
    for name in columns:
        if columns.count(name) > 1:
            raise FileFault(path, "line 1", f'names the column "{name}" twice')


def _read_xes(path: Path) -> Iterator[LogRow]:
    with _opened(path) as file:
        for line, cells in read_events(path, file):
            yield LogRow(f"line {line}", cells)
