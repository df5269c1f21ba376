"""`kill -9` at any moment: what was answered is there, nothing is half done."""

from __future__ import annotations

import http.client
import json
import random
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.effort import sized
from tests.support.servers import Installation, Server

CLIENTS = 4
ACTIVITIES = 24


class Gone(Exception):
    """The server went away before it answered."""


class Client:
    """Talks to the API over one connection at a time."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(
                method,
                f"/api/v1/{path}",
                None if body is None else json.dumps(body),
                {
                    "Authorization": f"Bearer {self.token}",
                    "Content-Type": "application/json",
                },
            )
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content else None
        except (OSError, http.client.HTTPException) as error:
            raise Gone from error
        finally:
            connection.close()


@dataclass
class Worker(threading.Thread):
    """Links and unlinks until the server goes; notes every answered call."""

    client: Client
    references: list[str]
    chance: random.Random
    answers: threading.Semaphore
    answered: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    unexpected: list[tuple[int, Any]] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        mine: list[int] = []
        try:
            while True:
                if mine and self.chance.random() < 0.4:
                    link = mine.pop()
                    status, body = self.client.ask("DELETE", f"links/{link}")
                    self._note(status, "gone", {"id": link}, body)
                else:
                    later, earlier = self.chance.sample(self.references, 2)
                    pair = {"follow_up": later, "stimulus": earlier}
                    status, body = self.client.ask("POST", "links", pair)
                    self._note(status, "link", body, body)
                    if status == 201:
                        mine.append(body["id"])
        except Gone:
            return

    def _note(self, status: int, what: str, said: Any, body: Any) -> None:
        self.count += 1
        self.answers.release()
        if status in (200, 201):
            if what == "gone" or status == 201:
                self.answered.append((what, said))
        # Others' deletions and circles are part of the game.
        elif status not in (404, 422):
            self.unexpected.append((status, body))


def _links(client: Client, references: list[str]) -> set[int]:
    found: set[int] = set()
    for reference in references:
        _, chain = client.ask("GET", f"activities/{reference}/chain")
        found |= {link["id"] for link in chain["links"]}
    return found


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_killed_server_keeps_every_answered_call(installation: Installation) -> None:
    """20 times (ci: 6) at random moments while 4 clients link through the API."""
    chance = random.Random(20)
    token = installation.veriga("token", installation.admin).stdout.strip()
    server = Server(("serve",), installation.environment).start()
    client = Client(server.port, token)
    try:
        references = _make(client)
        for _ in range(sized(ci=6, full=20)):
            before = _links(client, references)
            answers = threading.Semaphore(0)
            workers = [
                Worker(client, references, random.Random(chance.random()), answers)
                for _ in range(CLIENTS)
            ]
            for worker in workers:
                worker.start()
            for _ in range(chance.randint(1, 150)):
                answers.acquire(timeout=30)
            server.kill()
            for worker in workers:
                worker.join()
            assert [w.unexpected for w in workers if w.unexpected] == []
            assert sum(worker.count for worker in workers) > 0
            assert installation.veriga("check").returncode == 0
            server.start()
            _compare(before, _links(client, references), workers)
    finally:
        server.stop()


def _make(client: Client) -> list[str]:
    status, company = client.ask("POST", "companies", {"name": "Zdržljivo d.o.o."})
    assert status == 201
    references = []
    for number in range(ACTIVITIES):
        status, made = client.ask(
            "POST",
            "events",
            {
                "company": company["id"],
                "title": f"Klic {number}",
                "starts_at": f"2026-03-{number + 1:02d}T09:00:00Z",
            },
        )
        assert status == 201, made
        references.append(made["reference"])
    return references


def _compare(before: set[int], after: set[int], workers: list[Worker]) -> None:
    """Every answered link stands unless an unlink may have come; unlinks are gone.

    At most one call of each client was under way: it may have happened or not.
    """
    linked = {
        said["id"] for w in workers for what, said in w.answered if what == "link"
    }
    gone = {said["id"] for w in workers for what, said in w.answered if what == "gone"}
    assert not gone & after
    missing = (before | linked) - gone - after
    extra = after - before - linked
    assert len(missing) + len(extra) <= CLIENTS
