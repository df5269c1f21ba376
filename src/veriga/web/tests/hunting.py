"""Reading every page there is, however it can be asked for, to hunt for a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver

from veriga.access.models import User
from veriga.activities.models import Activity, Change, Link
from veriga.parties.models import Company, Contact, Position
from veriga.web.urls import urlpatterns

from .clients import LIST, MORE, PIECE, WINDOW

WORD = "Skrivalnica"
# What differs between two readings of one page, whatever is stored.
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|name="csrf-token" content="\w+"'
    r'|name="note_key" value="[\w-]*"|"token": "\w+"'
    r"|nonce-[\w+/=-]+|nonce=\"[^\"]+\"|value=\"\d\d:\d\d\""
)
CHANGING_HEADERS = {"date", "set-cookie", "expires", "server-timing", "content-length"}
QUERIES = (f"?q={WORD}", "?panel=link", "?panel=links", "?history")
ASKED = (
    WINDOW,
    LIST,
    MORE,
    PIECE,
    {"HX-Request": "true", "HX-Target": "div#record-history"},
    {"HX-Request": "true", "HX-Target": "div#window-aside"},
)


def addresses(*entry_ids: int) -> list[str]:
    """Return the address of every page, of every record there is."""
    ids = set(entry_ids)
    for model in (Company, Contact, User, Link, Change):
        ids |= set(model.objects.values_list("pk", flat=True))  # type: ignore[attr-defined]
    known = {
        "reference": list(Activity.objects.values_list("reference", flat=True)),
        "id": sorted(ids),
        "following": Activity.objects.values_list("reference", flat=True)[:1],
        "user_id": [1],
        "address_id": [1],
        "position_id": list(Position.objects.values_list("pk", flat=True)),
        "uid": ["x"],
        "token": ["x"],
        "language": ["sl"],
        "list_name": ["event-types", "stages"],
        "code": ["call"],
        "page": [
            "activities",
            "events",
            "companies",
            "contacts",
            "running",
            "forecast",
        ],
        "form": ["csv"],
        "field": ["title", "name", "owner"],
        "action": ["finish", "owner", "function"],
    }
    return ["/", *_walk(urlpatterns, "/", known)]


def _walk(patterns: list[Any], before: str, known: dict[str, Any]) -> Iterator[str]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path, known)
        elif isinstance(pattern, URLPattern):
            yield from _filled(path, known)


def _filled(path: str, known: dict[str, Any]) -> Iterator[str]:
    found = re.search(r"<(?:\w+:)?(\w+)>", path)
    if found is None:
        yield path
        return
    for value in known[found[1]]:
        filled = path[: found.start()] + str(value) + path[found.end() :]
        yield from _filled(filled, known)


def read_pages(client: Client, paths: list[str]) -> dict[Any, Any]:
    """Return what each address answers, however it is asked."""
    found = {}
    for path in paths:
        plain = client.get(path)
        if plain.status_code in {403, 404, 405}:
            found[path] = plain.status_code, "", ()
            continue
        found[path] = _told(plain)
        for query in QUERIES:
            found[path + query] = _told(client.get(path + query))
        for number, headers in enumerate(ASKED):
            found[path, number] = _told(client.get(path, headers=headers))
    return found


def _told(answer: Any) -> tuple[int, str, tuple[Any, ...]]:
    text = b"".join(answer) if answer.streaming else answer.content
    headers = tuple(
        (name, CHANGING.sub("", value))
        for name, value in sorted(answer.headers.items())
        if name.lower() not in CHANGING_HEADERS
    )
    return answer.status_code, CHANGING.sub("", text.decode()), headers
