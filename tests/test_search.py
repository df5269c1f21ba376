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


def test_the_code_of_a_product_opens_it(page: Page, live: Server) -> None:
    sign_in(page, live, "natasa.golob@savinjapak.example")
    page.goto(f"{live.url}/products/")
    code = page.locator("#list .c-code").first.inner_text().strip()
    page.keyboard.press("/")
    page.locator("#palette-input").fill(code)
    first = page.locator("#palette-list [role=option]").first
    expect(first.locator(".option-ref")).to_have_text(code)
    page.keyboard.press("Enter")
    expect(page.locator("#window [name=code]")).to_have_value(code)


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


def test_the_last_row_of_the_palette_opens_all_results(
    page: Page, live: Server
) -> None:
    sign_in(page, live, "maja.kovac@savinjapak.example")
    page.goto(f"{live.url}/events/")
    page.keyboard.press("/")
    typed = page.locator("#palette-input")
    typed.fill("vzorec")
    last = page.locator("#palette-list [role=option]").last
    expect(last).to_contain_text("Vsi zadetki za »vzorec«")
    page.keyboard.press("ArrowUp")  # from the first to the last
    expect(last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live.url}/search/?q=vzorec")
    rows = page.locator("#found-rows .row")
    expect(rows).to_have_count(50)
    expect(rows.first.locator("mark").first).to_contain_text("zor")

    # Further rows join the list; a tab shows one kind; a row opens over the page.
    page.locator("#found-rows .pager a").click()
    expect(rows).to_have_count(100)
    page.locator(".found-tabs a", has_text="Naloge").click()
    expect(page).to_have_url(f"{live.url}/search/?q=vzorec&kind=task")
    rows.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog#window article.record")).to_be_visible()
    page.keyboard.press("Escape")
    expect(rows.first).to_be_focused()

    # Other words in the field change the results and the address, and keep the kind.
    page.locator("main input[name=q]").fill("ponudba")
    expect(page).to_have_url(f"{live.url}/search/?q=ponudba&kind=task")
    expect(page.locator("#result-count")).to_contain_text("zadetk")
    page.keyboard.press("Control+k")
    expect(typed).to_be_focused()
