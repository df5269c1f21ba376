"""Searching by the keyboard alone: from the key to the open record."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.servers import Server
from tests.test_story import sign_in

pytestmark = pytest.mark.browser


def test_from_a_key_to_the_record(page: Page, live: Server) -> None:
    sign_in(page, live, "maja.kovac@savinjapak.example")
    page.goto(f"{live.url}/events/")
    page.keyboard.press("/")
    typed = page.locator("#palette-input")
    expect(typed).to_be_focused()
    # Typed letter by letter, in another form and with a slip.
    typed.press_sequentially("vzorecv")
    palette = page.locator("#palette-list")
    expect(palette.locator(".palette-guess")).to_be_visible()
    typed.fill("vzorcev")
    expect(palette.locator(".palette-guess")).to_have_count(0)
    in_text = palette.locator(":has(> .option-excerpt mark)").first
    expect(in_text.locator("mark").first).to_contain_text("vzor")
    first = palette.locator("[role=option]").first
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    second = palette.locator("[role=option]").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    reference = second.locator(".option-ref").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page).to_have_url(f"{live.url}/activities/{reference}/")


def test_a_slash_is_typed_in_a_field_and_opens_nothing(
    page: Page, live: Server
) -> None:
    sign_in(page, live, "maja.kovac@savinjapak.example")
    page.goto(f"{live.url}/events/")
    field = page.locator("input[name=q]").first
    field.click()
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")
    expect(page.locator("#palette")).to_be_hidden()
