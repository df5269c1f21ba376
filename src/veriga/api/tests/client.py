"""Calling the API as programs do: over HTTP with a token, JSON in and out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Context
from veriga.access.services import create_token

PREFIX = "/api/v1/"


@dataclass
class Answer:
    """What came back; `json` is the body, None for an empty one."""

    status: int
    json: Any
    headers: Any
    text: str


class Api:
    """The API as one user calls it."""

    def __init__(self, user: User | None) -> None:
        self.user = user
        self.client = Client()
        self.headers: dict[str, str] = {}
        if user is not None:
            context = Context(actor_of(user), timezone.now())
            _, secret = create_token(context=context, name="test")
            self.headers["Authorization"] = f"Bearer {secret}"

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        headers: dict[str, str] | None = None,
        **query: Any,
    ) -> Answer:
        data = raw if raw is not None else b""
        if body is not None:
            data = json.dumps(body).encode()
        response: HttpResponse = self.client.generic(
            method,
            PREFIX + path,
            data,
            content_type="application/json",
            headers={**self.headers, **(headers or {})},
            query_params={k.rstrip("_"): v for k, v in query.items()} or None,
        )
        # A file comes in pieces and is no JSON.
        pieces = response if response.streaming else [response.content]
        text = b"".join(pieces).decode()
        is_json = "json" in response.headers.get("Content-Type", "")
        said = json.loads(text) if text and is_json else None
        return Answer(response.status_code, said, response.headers, text)

    def get(self, path: str, **options: Any) -> Answer:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.call("POST", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.call("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> Answer:
        return self.call("DELETE", path, **options)

    # What most tests begin with, each returning the reference.

    def event(self, company: int, **fields: Any) -> str:
        body = {"title": "Klic", "starts_at": "2026-03-01T10:00:00Z", **fields}
        return self._made("events", company, body)

    def task(self, company: int, **fields: Any) -> str:
        return self._made("tasks", company, {"title": "Pokliči", **fields})

    def quote(self, company: int, **fields: Any) -> str:
        return self._made("quotes", company, {"title": "Ponudba", **fields})

    def _made(self, path: str, company: int, body: dict[str, Any]) -> str:
        made = self.post(path, {"company": company, **body})
        assert made.status == 201, made.text
        return str(made.json["reference"])

    def chain(self, company: int, size: int) -> list[str]:
        """Return the references of a new line of events, the origin first."""
        made = [self.event(company)]
        for number in range(1, size):
            day = f"2026-03-{number + 1:02d}T10:00:00Z"
            made.append(self.event(company, starts_at=day, made_on=made[-1]))
        return made


def codes(answer: Answer) -> dict[str, str]:
    """Return the code of each field that a problem names."""
    return {one["field"]: one["code"] for one in answer.json["errors"]}
