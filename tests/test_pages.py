"""Every page, as the browser gets it: nothing inline, every script a hashed file."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from playwright.sync_api import Page

from tests.support.servers import Server
from tests.test_story import Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADMINISTRATOR = "bostjan.oblak@savinjapak.example"
HASHED = re.compile(r"^/static/[\w./-]+\.[0-9a-f]{12}\.(js|css|svg|woff2)$")
PLACES = (
    "/", "/activities/", "/activities/?view=week",
    "/activities/?kind=quote&state=pending", "/companies/",
    "/companies/new/", "/contacts/", "/contacts/new/", "/events/", "/events/new/",
    "/tasks/", "/tasks/new/", "/product-records/", "/product-records/new/", "/quotes/",
    "/quotes/new/", "/me/", "/me/notices/", "/users/", "/users/new/", "/teams/",
    "/teams/new/",
    "/activities/?q=ni+takega+zapisa", "/desk/", "/desk/?of=all", "/chains/",
    "/chains/limits/", "/forecast/", "/forecast/changes/?days=30", "/forecast/won/",
    "/forecast/targets/", "/rules/", "/rules/log/", "/rules/new/", "/board/",
    "/calendar/", "/calendar/?view=day",
    "/calendar/?view=month", "/calendar/?view=agenda", "/views/?page=tasks",
    "/search/?q=pak", "/search/?q=ni+takega+zapisa", "/insight/followed/",
    "/insight/triggers/", "/insight/stalled/", "/insight/pace/", "/insight/origins/",
    "/insight/map/",
    "/settings/working-time/", "/columns/quotes/", "/bulk/move/?all=yes&page=tasks",
    "/bulk/companies/abc/?all=yes", "/bulk/contacts/left/?all=yes",
    "/columns/companies/",
)  # fmt: skip


class Audit(HTMLParser):
    """Collects what a strict content security policy would have to refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.unlabelled: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self._in_script = False
        self._depth_of_label = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "style":
            self.faults.append("<style>")
        for name, value in given.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                self.faults.append(f"{tag} {name}={value}")
            if name.startswith("hx-") and "js:" in value:
                self.faults.append(f"{tag} {name}={value}")
            if name == "hx-trigger" and "[" in value:
                self.faults.append(f"{tag} {name}={value}")
        if tag == "script":
            self._in_script = given.get("type") != "application/json"
            if not HASHED.match(given.get("src", "")):
                self.faults.append(f"script {given}")
        is_style = tag == "link" and given.get("rel") == "stylesheet"
        if is_style and not HASHED.match(given.get("href", "")):
            self.faults.append(f"stylesheet {given}")
        if tag == "label":
            self._depth_of_label += 1
            self.labelled.add(given.get("for", ""))
        if tag in {"input", "select", "textarea"}:
            hidden = given.get("type") in {"hidden", "submit", "button"}
            hidden = hidden or given.get("aria-hidden") == "true"
            if not hidden and not self._depth_of_label:
                self.fields.append(given)

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"
        self._depth_of_label -= tag == "label"

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.faults.append(f"inline script {data[:40]!r}")

    def missing_labels(self) -> list[str]:
        return [
            str(field)
            for field in self.fields
            if field.get("id") not in self.labelled
            and "aria-label" not in field
            and "aria-labelledby" not in field
        ]


def audit(page: Page, address: str) -> None:
    answer = page.request.get(address)
    assert answer.status == 200, address
    found = Audit()
    found.feed(answer.text())
    assert found.faults == [], address
    assert found.missing_labels() == [], address


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_every_page_is_clean_and_loads_only_our_hashed_files(
    open_page: Open, live: Server, size: str
) -> None:
    page = open_page(size)
    audit(page, f"{live.url}/accounts/login/")
    sign_in(page, live, ADMINISTRATOR)
    for place in PLACES:
        audit(page, live.url + place)
    page.goto(f"{live.url}/activities/?kind=quote")
    reference = page.locator("#rows tr.row").first.get_attribute("data-reference")
    for tail in ("", "edit/", "chain/", "chain/?view=story", "chain/?view=timeline",
                 "?panel=link", "?panel=links", "?history"):  # fmt: skip
        audit(page, f"{live.url}/activities/{reference}/{tail}")
        page.goto(f"{live.url}/activities/{reference}/{tail}")
    company = page.request.get(f"{live.url}/companies/").text()
    address = re.search(r'href="(/companies/\d+/)"', company)
    assert address is not None
    for tail in ("", "?tab=chains", "?tab=quotes", "?tab=data", "edit/"):
        audit(page, live.url + address.group(1) + tail)
        page.goto(live.url + address.group(1) + tail)
    # What the browser itself loaded: scripts and styles are hashed files of ours.
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').filter(e => "
        "['script', 'link', 'css'].includes(e.initiatorType)).map(e => e.name)"
    )
    paths = [name.removeprefix(live.url) for name in loaded]
    assert paths
    assert [p for p in paths if not HASHED.match(p)] == []
