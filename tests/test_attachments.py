"""Files by drag, by choice and over a broken line, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.servers import Server
from tests.test_story import SALESPERSON, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]
DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/plain" }));
  const place = document.querySelector("article.record");
  for (const type of ["dragenter", "dragover", "drop"]) {
    const how = { dataTransfer: data, bubbles: true, cancelable: true };
    place.dispatchEvent(new DragEvent(type, how));
  }
}"""


def open_record(page: Page, live: Server) -> str:
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/events/")
    row = page.locator("#rows tr.row").first
    reference = str(row.locator("a").first.inner_text())
    row.dblclick()
    expect(page.locator("#attachments")).to_be_visible()
    return reference


def test_the_line_breaks_and_nothing_is_lost(open_page: Open, live: Server) -> None:
    page = open_page("wide")
    open_record(page, live)
    before = page.locator(".file-list .file").count()
    page.fill("#id_text", "Pišem medtem")
    tries = []

    def break_twice(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) <= 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/attachments/", break_twice)
    page.set_input_files(
        "[data-attach-input] >> nth=0",
        [
            {"name": "zapisnik.txt", "mimeType": "text/plain", "buffer": b"Dogovor"},
            {"name": "slika.png", "mimeType": "image/png", "buffer": b"<html>"},
        ],
    )
    expect(page.locator(".file", has_text="zapisnik.txt")).to_be_visible(timeout=15_000)
    expect(page.locator(".file.is-failed")).to_contain_text("slika.png")
    expect(page.locator(".file-list .file:not(.is-failed)")).to_have_count(before + 1)
    assert len(tries) == 4
    expect(page.locator("#id_text")).to_have_value("Pišem medtem")

    page.click(".file-name:has-text('zapisnik.txt')")
    expect(page.locator(".file-text")).to_have_text("Dogovor")


def test_a_dropped_file_is_attached_and_the_list_shows_its_clip(
    open_page: Open, live: Server
) -> None:
    page = open_page("wide")
    open_record(page, live)
    page.evaluate(DROP, ["spuščena.txt", "abc"])
    file = page.locator(".file", has_text="spuščena.txt")
    expect(file).to_be_visible()
    row = page.locator("#rows tr.row").first
    expect(row.locator("[title$=priponka]")).to_be_attached()
    file.locator(".file-name").click()
    page.locator(".record-aside form button[type=submit]").click()
    expect(page.locator("#toasts .toast-button")).to_be_visible()
    expect(page.locator(".file", has_text="spuščena.txt")).to_have_count(0)
    page.keyboard.press("z")
    expect(page.locator(".file", has_text="spuščena.txt")).to_be_visible()
