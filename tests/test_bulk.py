"""Many rows in a browser: selected by keys and mouse, changed at once, undone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.servers import Server
from tests.test_story import SALESPERSON, Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_rows_are_selected_and_moved_by_the_keyboard_alone(
    open_page: Open, live: Server
) -> None:
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/events/?owner=me&state=open&order=due")
    rows = page.locator("#list .row:not([data-aside=''])")
    before = rows.first.locator(".c-due").inner_text()
    rows.first.focus()
    page.keyboard.press("x")
    bar = page.locator("#bulk")
    expect(bar).to_be_visible()
    expect(rows.first.locator(".pick")).to_be_checked()
    page.keyboard.press("Shift+ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    expect(page.locator(".is-picked")).to_have_count(2)

    page.keyboard.press("m")
    window = page.locator("#window")
    expect(window.locator("[name=days]")).to_be_focused()
    page.keyboard.type("-400")
    expect(window.locator("#bulk-plan")).not_to_be_empty()
    page.keyboard.press("Control+Enter")
    expect(window.locator("#error_days")).to_be_visible()
    window.locator("[name=days]").fill("200")
    expect(window.locator(".bulk-words")).to_contain_text("2")
    page.keyboard.press("Control+Enter")
    toast = page.locator("#toasts .toast")
    expect(toast).to_contain_text("2")
    expect(page.locator(".is-picked")).to_have_count(0)
    expect(bar).to_be_hidden()
    expect(rows.first.locator(".c-due")).not_to_have_text(before)
    page.keyboard.press("z")
    expect(rows.first.locator(".c-due")).to_have_text(before)


def test_ranges_by_mouse_and_all_that_fit(open_page: Open, live: Server) -> None:
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/activities/?owner=me")
    rows = page.locator("#list .row:not([data-aside=''])")
    rows.nth(1).locator(".c-date").click(modifiers=["Control"])
    rows.nth(5).locator(".c-title").click(modifiers=["Shift"])
    expect(page.locator(".is-picked")).to_have_count(5)
    rows.nth(3).locator(".pick").click()
    expect(page.locator(".is-picked")).to_have_count(4)
    page.locator("[data-bulk-all]").click()
    page.locator("a[data-bulk][href*=assign]").click()
    expect(page.locator("#window .bulk-words")).to_be_visible(timeout=20_000)
    expect(page).to_have_url(re.compile("all=yes"))
    page.keyboard.press("Escape")
    expect(page.locator("#window .bulk-words")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#bulk")).to_be_hidden()
    expect(page.locator(".pick")).to_have_count(0)


def test_on_a_phone_the_command_begins_selecting(open_page: Open, live: Server) -> None:
    page = open_page("phone")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/tasks/")
    page.locator("button[data-pick]").click()
    page.locator("#list .row .pick").first.click()
    bar = page.locator("#bulk")
    expect(bar.locator("[data-bulk-count]")).to_contain_text("1")
    bar.locator("a[data-bulk][href*=finish]").click()
    expect(page.locator("#window .bulk-words")).to_be_visible()


def test_a_cell_is_changed_in_its_place(open_page: Open, live: Server) -> None:
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/tasks/?owner=me&state=open&order=due")
    row = page.locator("#list .row").first
    reference = row.get_attribute("data-reference")
    before = row.locator(".row-link").inner_text()
    row.focus()
    page.keyboard.press("F2")
    field = page.locator("#list form[data-cell] [name=value]")
    expect(field).to_be_focused()
    expect(field).to_have_value(before)
    field.fill("  ")
    page.keyboard.press("Enter")
    expect(page.locator(".cell-why")).to_be_visible()
    field.fill("Spremenjeno v seznamu")
    page.keyboard.press("Enter")
    title = page.locator(f"#row-{reference} .row-link")
    expect(title).to_have_text("Spremenjeno v seznamu")
    expect(page.locator("form[data-cell]")).to_have_count(0)
    page.locator(f"#row-{reference}").focus()
    page.keyboard.press("F2")
    expect(field).to_be_focused()
    page.keyboard.press("F2")
    expect(page.locator("form[data-cell=due]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("form[data-cell]")).to_have_count(0)
    expect(page.locator(f"#row-{reference}")).to_be_focused()
    page.keyboard.press("F2")
    field.fill(before)
    page.keyboard.press("Enter")
    expect(title).to_have_text(before)


def test_columns_are_ordered_by_the_keyboard(open_page: Open, live: Server) -> None:
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/quotes/")
    page.locator("[data-columns]").click()
    window = page.locator("#window")
    window.locator("#up-due").focus()
    page.keyboard.press("Enter")
    expect(window.locator("#up-due")).to_be_focused()
    window.locator("[name=on][value=recorded]").check()
    window.locator(".form-actions [name=save]").click()
    heads = page.locator("#list thead th")
    expect(page.locator("#toasts")).to_contain_text("Stolpci")
    expect(heads.filter(has_text="Vneseno")).to_be_visible()
    names = heads.all_inner_texts()
    assert names.index("Velja do") < names.index("Datum")
    page.locator("[data-columns]").click()
    window.locator("[name=usual]").click()
    expect(page.locator("#list thead")).not_to_contain_text("Vneseno")


def test_companies_are_marked_by_the_keyboard_and_undone(
    open_page: Open, live: Server
) -> None:
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/companies/?cols=name,abc,owner&q=a")
    rows = page.locator("#list .row")
    mark = rows.nth(1).locator("td").nth(1)
    before = mark.inner_text()
    rows.nth(1).focus()
    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator(".is-picked")).to_have_count(2)
    page.keyboard.press("b")
    window = page.locator("#window")
    expect(window.locator("[name=value]")).to_be_focused()
    window.locator("[name=value]").select_option("" if before == "C" else "C")
    expect(window.locator(".bulk-words")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts .toast")).to_be_visible()
    expect(page.locator(".is-picked")).to_have_count(0)
    expect(mark).to_have_text("" if before == "C" else "C")
    page.keyboard.press("z")
    expect(mark).to_have_text(before)


def test_contacts_are_selected_on_a_phone(open_page: Open, live: Server) -> None:
    page = open_page("phone")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/contacts/")
    page.locator("button[data-pick]").click()
    page.locator("#list .row .pick").nth(1).click()
    expect(page.locator("#bulk [data-bulk-count]")).to_contain_text("1")
    page.locator("#bulk a[href*=left]").click()
    expect(page.locator("#window .bulk-words")).to_be_visible()
