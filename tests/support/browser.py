"""A real Chromium for tests, and pages that fail on what a user would not see.

A page opened by these fixtures fails its test at the end if a script failed, the
browser refused something (the content security policy too), an asset was missing, the
server broke down, or anything was asked of another machine.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
    WebError,
    sync_playwright,
)

Size = Literal["wide", "phone", "zoomed"]
SIZES: dict[Size, ViewportSize] = {
    "wide": {"width": 1440, "height": 900},
    "zoomed": {"width": 720, "height": 450},  # wide at 200 %
    "phone": {"width": 390, "height": 844},
}
TIMEOUT_MS = 15_000
RESULTS = Path("test-results")
ASSETS = {"script", "stylesheet", "font", "image", "manifest"}

# Chromium must not call home, and root has no sandbox.
CHROMIUM_OPTIONS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def wait_until(page: Page, asked: str, timeout_ms: int = TIMEOUT_MS) -> None:
    """Wait until an asynchronous JavaScript function says yes.

    Playwright's own `wait_for_function` takes the promise that such a one returns for
    the yes.
    """
    page.evaluate(
        f"""async (until) => {{
            const isSo = {asked};
            const end = Date.now() + until;
            while (!(await isSo())) {{
                if (Date.now() > end) throw new Error("It never came to be so.");
                await new Promise((resolve) => setTimeout(resolve, 50));
            }}
        }}""",
        timeout_ms,
    )


def chromium() -> str:
    """Return the path of the Chromium installed on this machine."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    raise RuntimeError("Chromium is missing (on Debian: apt-get install chromium).")


class Watch:
    """What went wrong behind the pages of one browser context."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = urlsplit(address).netloc
        self.problems: list[str] = []
        self.expected: list[re.Pattern[str]] = []
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("response", self._response)

    def expect(self, pattern: str) -> None:
        """Let problems pass in which the pattern is found."""
        self.expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        return [
            problem
            for problem in self.problems
            if not any(pattern.search(problem) for pattern in self.expected)
        ]

    def _console(self, message: ConsoleMessage) -> None:
        # A refused form answers 422, and Chromium calls that an error; answers are
        # judged in _response.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    def _error(self, error: WebError) -> None:
        self.problems.append(f"script: {error.error}")

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in {"http", "https", "ws", "wss"} and url.netloc != self.address:
            self.problems.append(f"another machine: {request.url}")

    def _response(self, response: Response) -> None:
        kind = response.request.resource_type
        if response.status >= 500 or (response.status >= 400 and kind in ASSETS):
            self.problems.append(f"{response.status}: {kind} {response.url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    # Playwright keeps an event loop in this thread, which Django takes for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    options = [*CHROMIUM_OPTIONS]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=options)
        yield started
        started.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Return a function that opens a page in a browser profile of its own.

    The service worker is away unless it is asked for: service_workers="allow".

    open_page("phone", language="en", dark=True, address=server.url, expect=["..."])

    Without an address the page is one of the demo (`live`). `expect` lists patterns of
    problems that belong to the test.
    """
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_(
        size: Size = "wide",
        *,
        language: str = "sl",
        dark: bool = False,
        address: str | None = None,
        expect: tuple[str, ...] | list[str] = (),
        **options: Any,
    ) -> Page:
        if address is None:
            address = request.getfixturevalue("live").url
        # Tests that answer for the server would not be asked: the worker is.
        options.setdefault("service_workers", "block")
        context = browser.new_context(
            base_url=address,
            viewport=SIZES[size],
            is_mobile=size == "phone",
            has_touch=size == "phone",
            locale={"sl": "sl-SI", "en": "en-GB"}[language],
            timezone_id="Europe/Ljubljana",
            color_scheme="dark" if dark else "light",
            **options,
        )
        context.set_default_timeout(TIMEOUT_MS)
        watch = Watch(context, address)
        for pattern in expect:
            watch.expect(pattern)
        opened.append((context, watch))
        return context.new_page()

    yield open_

    report = getattr(request.node, "report_call", None)
    if report is not None and report.failed:
        _keep_pictures(request.node.nodeid, [context for context, _ in opened])
    for context, _ in opened:
        context.close()
    problems = [problem for _, watch in opened for problem in watch.unexpected()]
    assert not problems, "Behind the page:\n" + "\n".join(problems)


def _keep_pictures(name: str, contexts: list[BrowserContext]) -> None:
    """Save what a failed test saw under test-results/."""
    RESULTS.mkdir(exist_ok=True)
    stem = re.sub(r"[^\w.-]+", "-", name)[-120:]
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages, start=1):
        page.screenshot(path=RESULTS / f"{stem}-{number}.png")


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The demo on a laptop, in Slovenian."""
    return open_page("wide")


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """The demo on a phone, in Slovenian."""
    return open_page("phone")
