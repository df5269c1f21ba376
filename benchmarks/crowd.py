"""People with their desks open: each asks for news every 15 seconds, as pages do."""

from __future__ import annotations

import contextlib
import http.client
import threading
import time
from collections.abc import Iterator, Sequence

EVERY_S = 15.0


class Crowd:
    """How many answers it got, and how many of them said that nothing is new.

    No answer at all, however long somebody waited for it, is a failure too.
    """

    def __init__(self) -> None:
        self.answers: list[float] = []  # times in ms
        self.unchanged = 0
        self.failures = 0


@contextlib.contextmanager
def desks_open(port: int, sessions: Sequence[str]) -> Iterator[Crowd]:
    """Let everybody of `sessions` keep a desk open, spread over the 15 seconds."""
    crowd, left, lock = Crowd(), threading.Event(), threading.Lock()

    def sit(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        seen = ""
        left.wait(EVERY_S * place / len(sessions))
        while not left.is_set():
            headers = {
                "Cookie": f"sessionid={sessions[place]}",
                "Accept-Encoding": "gzip",
                "HX-Request": "true",
                "X-Veriga-Poll": "1",
                "X-Veriga-Seen": seen,
            }
            began = time.perf_counter()
            status = 0
            try:
                connection.request("GET", "/desk/", headers=headers)
                answer = connection.getresponse()
                answer.read()
                status = answer.status
                seen = answer.headers.get("X-Veriga-Seen", "")
            except (OSError, http.client.HTTPException):
                connection.close()  # the next poll opens another, as a browser does
            took_ms = (time.perf_counter() - began) * 1000
            with lock:
                crowd.answers.append(took_ms)
                crowd.unchanged += status == 204
                crowd.failures += status not in {200, 204}
            left.wait(EVERY_S)
        connection.close()

    people = [
        threading.Thread(target=sit, args=(place,)) for place in range(len(sessions))
    ]
    for one in people:
        one.start()
    try:
        yield crowd
    finally:
        left.set()
        for one in people:
            one.join()
