"""Names of files, and whether a file is what its name says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.documents.rules import (
    NAME_LENGTH,
    NEVER,
    TYPES,
    clean_name,
    ending_of,
    is_what_it_says,
    read_endings,
    type_of,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("../../x", "x"),
        ("..\\..\\okno.pdf", "okno.pdf"),
        ("/etc/passwd", "passwd"),
        ("...", ""),
        ("", ""),
        (".skrito.txt", "skrito.txt"),
        ("po\x00nudba\n.pdf", "po_nudba_.pdf"),
        ("Čebelar  š.PDF ", "Čebelar  š.PDF"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
    ],
)
def test_names_are_cleaned(given_name: str, name: str) -> None:
    assert clean_name(given_name) == name


@given(st.text(max_size=400))
def test_a_name_is_never_a_path(text: str) -> None:
    name = clean_name(text)
    assert len(name) <= NAME_LENGTH
    assert "/" not in name and "\\" not in name and name not in {".", ".."}
    assert not any(ord(c) < 32 for c in name)
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("name", "head", "fits"),
    [
        ("slika.png", PNG, True),
        ("slika.PNG", PNG, True),
        ("slika.png", b"<html><script>alert(1)</script>", False),
        ("slika.jpg", PNG, False),
        ("ponudba.pdf", b"%PDF-1.7\n", True),
        ("ponudba.pdf", b"MZ\x90", False),
        ("tabela.xlsx", b"PK\x03\x04", True),
        ("stara.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", True),
        ("zapis.txt", "čšž".encode(), True),
        ("zapis.txt", "čšž".encode("utf-16"), True),
        ("zapis.txt", b"a\x00b", False),
        ("zapis.csv", b"MZ\x90\x00", False),
        ("risba.xyz", b"anything", True),
        ("risba.xyz", b"#!/bin/sh", False),
        ("", PNG, True),
    ],
)
def test_a_file_must_be_what_it_says(name: str, head: bytes, fits: bool) -> None:
    assert is_what_it_says(name, head) is fits


def test_only_pictures_pdf_and_plain_text_are_shown() -> None:
    shown = {ending for ending in TYPES if type_of(f"x.{ending}").preview}
    images = {"png", "jpg", "jpeg", "gif", "webp"}
    texts = {"txt", "csv", "md", "log", "json", "xml", "eml", "ics"}
    assert shown == images | texts | {"pdf"}
    assert not shown & NEVER


def test_endings_are_read_as_people_type_them() -> None:
    assert read_endings(" .PDF, *.png;jpg  pdf ") == (["jpg", "pdf", "png"], [])
    assert read_endings("exe pdf a/b") == (["a/b", "exe", "pdf"], ["a/b", "exe"])
    assert read_endings("") == ([], [])


def test_the_ending_is_the_last_one() -> None:
    assert ending_of("slika.png.exe") == "exe"
    assert ending_of("brez") == ""
