"""Reads the two plain-text notations in which lines and companies are written.

Prose is easier to write, check and translate as text than as nested calls. A line
is a heading `# kind type direction [product] | title` (type `-` for tasks and
quotes) with one possible entry per row below it; `== phase` opens a phase:

    == opening
    # event call out | Prvi klic po sejmu
    Sejma se spomnijo, prospekt imajo na mizi.

A company is one row `name | street | postcode town | industry`, with ` | *` at the
end for a prospect; `== SI` opens a country.
"""

import re
import unicodedata
from collections.abc import Iterator

from veriga.demo.content.types import CompanyLine, Line

_FORM = re.compile(
    r",?\s(d\.o\.o\.|d\.d\.|s\.p\.|d\.n\.o\.|z\.o\.o\.|z\.b\.o\.|j\.d\.o\.o\."
    r"|GmbH & Co\. KG|GmbH|AG|KG|OG|e\.U\.|S\.r\.l\.|S\.p\.A\.|S\.n\.c\.)$"
)


def read_lines(text: str) -> tuple[Line, ...]:
    """Return the lines written in `text`; ValueError names a row it cannot read."""
    return tuple(_lines(text))


def read_companies(text: str) -> tuple[CompanyLine, ...]:
    """Return the companies written in `text`; ValueError names an unreadable row."""
    return tuple(_companies(text))


def read_cells(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the cells of a table written with bars, one row per line."""
    return tuple(tuple(cell.strip() for cell in row.split("|")) for row in _rows(text))


def domain_of(name: str) -> str:
    """Return a company's domain: its name without the legal form, in plain ASCII.

    Of a sole trader ("Pekarna Ajda, Vida Hren s.p.") only the firm's part counts.
    """
    plain = _FORM.sub("", name).split(",")[0]
    folded = unicodedata.normalize("NFKD", plain.replace("ß", "ss").replace("đ", "d"))
    ascii_only = folded.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-") + ".example"


def _rows(text: str) -> Iterator[str]:
    return (row for row in map(str.strip, text.splitlines()) if row)


def _lines(text: str) -> Iterator[Line]:
    phase = ""
    head: tuple[str, str, str, str, str] | None = None
    texts: list[str] = []
    for row in [*_rows(text), "== end"]:
        if not row.startswith(("==", "# ")):
            texts.append(row)
            continue
        if head is not None:
            kind, type_, direction, product, title = head
            yield Line(phase, kind, type_, direction, title, tuple(texts), product)
        texts = []
        if row.startswith("=="):
            phase, head = row[2:].strip(), None
        else:
            head = _heading(row)


def _heading(row: str) -> tuple[str, str, str, str, str]:
    marks, bar, title = row[2:].partition(" | ")
    words = marks.split()
    if not bar or len(words) not in (3, 4):
        raise ValueError(row)
    type_ = "" if words[1] == "-" else words[1]
    product = words[3] if len(words) == 4 else ""
    return words[0], type_, words[2], product, title.strip()


def _companies(text: str) -> Iterator[CompanyLine]:
    country = ""
    for row in _rows(text):
        if row.startswith("=="):
            country = row[2:].strip()
            continue
        (cells,) = read_cells(row)
        if len(cells) not in (4, 5):
            raise ValueError(row)
        name, street, place, industry = cells[:4]
        postcode, _, town = place.partition(" ")
        yield CompanyLine(
            name=name,
            street=street,
            postcode=postcode,
            town=town,
            country=country,
            domain=domain_of(name),
            industry=industry,
            prospect=cells[4:] == ("*",),
        )
