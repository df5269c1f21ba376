"""Answers, written as JSON at once, and the versions of what they hold.

Rows are plain dictionaries (`shapes`), so a list of 50 costs no model of pydantic.
Tests compare what comes out with the models that the description declares.
"""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from veriga.common.errors import Invalid

JSON = "application/json; charset=utf-8"
_TAG = re.compile(r'(?:W/)?"(\d{1,9})"|(\d{1,9})', re.ASCII)


def write_json(data: Any) -> str:
    """Return `data` as compact JSON."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def answer(data: Any, status: int = 200, *, address: str = "") -> HttpResponse:
    """Return `data` as JSON; one record with its row_version as ETag.

    `address` is where a new record is found.
    """
    response = HttpResponse(write_json(data), content_type=JSON, status=status)
    version = data.get("row_version")
    if version is not None:
        response["ETag"] = write_tag(version)
    if address:
        response["Location"] = address
    return response


def nothing() -> HttpResponse:
    """Return the answer to a successful delete that leaves nothing to say."""
    return HttpResponse(status=204)


def write_tag(version: int) -> str:
    """Return a row_version as an entity tag."""
    return f'"{version}"'


def expected_version(request: HttpRequest) -> int | None:
    """Return the row_version that If-Match names, None if any will do.

    The tag may have become weak on its way through compression.
    """
    text = request.headers.get("If-Match", "").strip()
    if text in {"", "*"}:
        return None
    match = _TAG.fullmatch(text)
    if match is None:
        raise Invalid.of("If-Match", "wrong_type")
    return int(match[1] or match[2])


def only_known(request: HttpRequest, query: type[BaseModel]) -> None:
    """Refuse query parameters that `query` does not have, which are slips of a name."""
    known = {field.alias or name for name, field in query.model_fields.items()}
    for name in request.GET:
        if name not in known:
            raise Invalid.of(name, "unknown_field")
