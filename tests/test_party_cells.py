"""Cells of the lists of companies and contacts in a browser, by the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.support.servers import Server
from tests.test_story import SALESPERSON, Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_companys_town_and_categories(open_page: Open, live: Server) -> None:
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/companies/?owner=me&cols=name,town,categories")
    row = page.locator("#list .row").first
    town, categories = row.locator("td").nth(1), row.locator("td").nth(2)
    before, had = town.inner_text(), categories.inner_text()
    cell = page.locator("form[data-cell]")
    row.focus()
    page.keyboard.press("F2")
    expect(cell).to_have_attribute("data-cell", "name")
    page.keyboard.press("F2")
    expect(cell).to_have_attribute("data-cell", "town")
    for typed in ("Novo mesto", before):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(town).to_have_text(typed)
        expect(row).to_be_focused()
        page.keyboard.press("F2")
        expect(cell).to_have_attribute("data-cell", "name")
        page.keyboard.press("F2")
        expect(cell).to_have_attribute("data-cell", "town")
    page.keyboard.press("F2")
    expect(cell).to_have_attribute("data-cell", "categories")
    box = cell.locator("input[type=checkbox]").first
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(categories).not_to_have_text(had or "nothing")
    expect(row).to_be_focused()
    for field in ("name", "town", "categories"):
        page.keyboard.press("F2")
        expect(cell).to_have_attribute("data-cell", field)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(categories).to_have_text(had)


def test_a_contacts_names_are_one_cell_and_a_refusal_stays(
    open_page: Open, live: Server
) -> None:
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/contacts/")
    row = page.locator("#list .row").first
    name = row.locator(".c-title").inner_text()
    row.focus()
    page.keyboard.press("F2")
    cell = page.locator("form[data-cell=name]")
    expect(cell.locator("input[name=value]")).to_have_count(2)
    last = cell.locator("input[name=value]").first
    expect(last).to_be_focused()
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(cell.locator("[role=alert]")).to_have_text(re.compile(r".+: .+"))
    page.keyboard.press("Escape")
    expect(cell).to_have_count(0)
    expect(row.locator(".c-title")).to_have_text(name)
    expect(row).to_be_focused()


def test_a_cell_opens_in_the_row_that_came_fresh_meanwhile(
    open_page: Open, live: Server
) -> None:
    """The list brings itself up to date while the form of the cell is on its way."""
    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    page.goto(f"{live.url}/companies/?owner=me&cols=name,town")
    held: list[Route] = []
    page.route("**/cell/town/**", lambda route: held.append(route))
    row = page.locator("#list .row").first
    row.focus()
    page.keyboard.press("F2")
    cell = page.locator("form[data-cell]")
    expect(cell).to_have_attribute("data-cell", "name")
    with page.expect_request("**/cell/town/**"):
        page.keyboard.press("F2")
    row.evaluate(
        "row => { row.classList.add('is-before');"
        " document.dispatchEvent(new CustomEvent('veriga:changed',"
        " { detail: { row: row.id } })); }"
    )
    expect(page.locator("#list .row.is-before")).to_have_count(0)
    held[0].continue_()
    expect(cell).to_have_attribute("data-cell", "town")
    expect(cell.locator("input[name=value]")).to_be_focused()
