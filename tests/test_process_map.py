"""The process map in a browser: filtered, waited for, clicked and walked by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.support.servers import Server
from tests.test_story import DIRECTOR, Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLOWLY = 90_000  # a machine that does much else


TIMES = 45


def open_map(page: Page, live: Server) -> None:
    """Open the map once the worker has computed it."""
    for _ in range(TIMES):
        page.goto(f"{live.url}/insight/map/")
        try:
            page.locator("svg.map").wait_for(timeout=2000)
        except TimeoutError:
            continue
        return
    expect(page.locator("svg.map")).to_be_visible()


def test_a_filter_waits_for_its_map_and_a_way_opens_its_chains(
    open_page: Open, live: Server
) -> None:
    page = open_page("wide")
    sign_in(page, live, DIRECTOR)
    open_map(page, live)
    before = page.locator("#result-count").inner_text()
    page.select_option("[name=ending]", "won")
    expect(page.locator("#result-count")).to_have_text("Izračun teče …")
    expect(page).to_have_url(re.compile("ending=won"))
    expect(page.locator("svg.map")).to_be_visible(timeout=SLOWLY)
    expect(page.locator("#result-count")).to_have_text(re.compile(r"\d+ verig"))
    expect(page.locator("#result-count")).not_to_have_text(before)
    page.locator("a.map-way text").first.click()
    expect(page).to_have_url(re.compile("/insight/chains/.*of=map.*ending=won"))
    expect(page.locator("table.behind tbody tr").first).to_be_visible(timeout=SLOWLY)
    page.locator("ol.path a").last.click()
    expect(page).to_have_url(re.compile("/insight/map/.*ending=won"))
    expect(page.locator("svg.map")).to_be_visible()


def test_the_drawing_is_walked_by_keys_and_saved(open_page: Open, live: Server) -> None:
    page = open_page("wide")
    sign_in(page, live, DIRECTOR)
    open_map(page, live)
    page.locator(".map-box").focus()
    page.keyboard.press("Tab")
    kind = page.locator("a.map-kind").first
    expect(kind).to_be_focused()
    expect(page.locator("svg.map.is-pointed .is-near").first).to_be_attached()
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.locator("a.map-way:focus").count():
            break
    expect(page.locator("a.map-way:focus")).to_have_count(1)
    with page.expect_download() as png:
        page.locator("[data-png]").click()
    assert png.value.suggested_filename.endswith(".png")
    assert png.value.path().read_bytes()[:4] == b"\x89PNG"
    page.locator("a.map-way").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("table.behind tbody tr").first).to_be_visible(timeout=SLOWLY)


def test_on_a_phone_only_the_drawing_scrolls(open_page: Open, live: Server) -> None:
    page = open_page("phone")
    sign_in(page, live, DIRECTOR)
    open_map(page, live)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator(".map-box")
    assert box.evaluate("(box) => box.scrollWidth > box.clientWidth")
