"""The story that Veriga is built from, lived in a browser: by mouse, then by keys.

A director meets a prospect by chance and notes it. A salesperson links her first task
to that, and calls, a visit, an invitation, a product record and the first quote follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "veriga-demo"
DIRECTOR = "tomaz.vidmar@savinjapak.example"
SALESPERSON = "maja.kovac@savinjapak.example"
REFERENCE = re.compile(r"[DNZP]-\d\d-\d{5}")
ADDRESS = re.compile(r"/activities/[DNZP]-\d\d-\d{5}/(\?.*)?$")
Open = Callable[..., Page]


def sign_in(page: Page, live: Server, email: str) -> None:
    page.goto(f"{live.url}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page.locator("[data-palette-open]").first).to_be_attached()


def record(page: Page) -> Locator:
    """Return the record on show: in the window if one is open, else of the page."""
    window = page.locator("dialog#window[open] article.record")
    return window if window.count() else page.locator("article.record")


def saved_reference(page: Page) -> str:
    """Return the reference of the record that is shown after a save."""
    page.wait_for_url(ADDRESS)
    reference = REFERENCE.findall(page.url)[0]
    expect(page.locator(f"article.record[data-record='{reference}']")).to_be_visible()
    return str(reference)


def make_company(page: Page, live: Server, name: str, owner: str) -> str:
    """The director notes a prospect that Maja will look after; return its address."""
    page.goto(f"{live.url}/companies/new/")
    page.fill("input[name=name]", name)
    page.select_option(
        "select[name=account_owner_id], select[name=account_owner]", label=owner
    )
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/companies/\d+/$"))
    return page.url


def counts_open_what_they_say(page: Page) -> int:
    """Every count on the page equals the rows of the list that it opens."""
    checked = 0
    for link in page.locator("#rows a[data-count]").all():
        number = int(re.sub(r"\D", "", link.inner_text()) or 0)
        address = urljoin(page.url, link.get_attribute("href") or "")
        html = page.request.get(address).text()
        assert len(re.findall(r'<tr class="row[ "]', html)) == number, address
        checked += 1
    return checked


def test_the_story_by_mouse(open_page: Open, live: Server) -> None:
    director = open_page("wide")
    sign_in(director, live, DIRECTOR)
    company = make_company(director, live, "Miška Polnilnice d.o.o.", "Maja Kovač")
    director.goto(company)
    director.goto(
        f"{live.url}/events/new/?company={company.rstrip('/').split('/')[-1]}"
    )
    director.select_option("select[name=type]", "chance_meeting")
    director.fill("input[name=title]", "Naključni obisk ob sejmu")
    director.fill("input[name=starts_on]", f"{date.today() - timedelta(days=1)}")
    director.fill("textarea[name=text]", "Zanima jih hitrejše pakiranje.")
    director.locator("form[data-form] button[type=submit]").first.click()
    origin = saved_reference(director)

    page = open_page("wide")
    sign_in(page, live, SALESPERSON)
    page.goto(company)
    expect(page.locator(f"#row-{origin}")).to_be_visible()

    # Her task, saved first, then linked: one key, one double-click.
    page.goto(f"{live.url}/tasks/new/?company={company.rstrip('/').split('/')[-1]}")
    page.fill("input[name=title]", "Pripravi predstavitev")
    page.locator("form[data-form] button[type=submit]").first.click()
    task = saved_reference(page)
    page.locator(".record-aside [data-key='L']").click()
    offered = page.locator("#link-rows label", has_text=origin)
    offered.dblclick()
    expect(page.locator("#toasts")).to_contain_text(re.compile("povez", re.I))
    expect(page.locator(".chain-row")).to_have_count(2)

    made = [origin, task]
    for kind, title in (
        ("events/new/?type=call&", "Predstavitev po telefonu"),
        ("events/new/?type=visit&", "Ogled proizvodnje"),
        ("events/new/?type=invitation&", "Vabilo na dan odprtih vrat"),
        ("product-records/new/?", "Vzorec LP-20"),
        ("quotes/new/?", "Linija za pakiranje LP-40"),
    ):
        page.goto(f"{live.url}/{kind}made_on={made[-1]}")
        page.fill("input[name=title]", title)
        if kind.startswith("quotes"):
            page.fill("input[name=lines-0-text]", "Linija LP-40")
            page.fill("input[name=lines-0-unit_price]", "48.200,00")
        page.locator("form[data-form] button[type=submit]").first.click()
        made.append(saved_reference(page))
        assert len(set(made)) == len(made)

    page.goto(company)
    rows = page.locator("#rows tr.row")
    expect(rows).to_have_count(7)
    assert counts_open_what_they_say(page) > 7

    # A double-click on a count jumps, and the browser's way back returns.
    count = page.locator(f"#row-{origin} a[data-count]").first
    number = count.inner_text()
    count.dblclick()
    page.wait_for_url(re.compile("linked_to="))
    expect(page.locator("#rows tr.row")).to_have_count(int(number))
    page.go_back()
    expect(rows).to_have_count(7)

    # A double-click on the row opens the record over the list; Escape closes it.
    page.locator(f"#row-{task} .c-date").dblclick()
    expect(page.locator("dialog#window article.record")).to_be_visible()
    page.locator("dialog#window .record-aside [data-key='Shift+L']").click()
    chain = page.locator("dialog#window .chain-row")
    expect(chain).to_have_count(7)
    assert [c.get_attribute("data-reference") for c in chain.all()][-1] == origin
    expect(chain.last).to_contain_text("povod")
    page.keyboard.press("Escape")
    expect(page.locator("dialog#window article.record")).to_have_count(0)
    assert page.url == company

    page.goto(f"{live.url}/activities/{task}/chain/")
    expect(page.locator("main")).to_contain_text(origin)
    expect(page.locator(".strip a[data-reference]").first).to_be_visible()


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_story_by_keyboard_alone(open_page: Open, live: Server, size: str) -> None:
    page = open_page(size)
    sign_in(page, live, SALESPERSON)
    name = f"Tipka {size} d.o.o."
    strokes = Strokes(page)

    # A new company in the same line as its first visit, from its name alone.
    page.goto(f"{live.url}/events/new/")
    strokes.focus("input[name=company_text]")
    strokes.type(name)
    expect(page.locator("[role=option][data-new]")).to_be_visible()
    strokes.press("ArrowUp", "Enter")
    strokes.focus("select[name=type]")
    page.select_option("select[name=type]", "chance_meeting")
    strokes.focus("input[name=title]")
    strokes.type("Naključno srečanje na sejmu")
    strokes.press("Control+Enter")
    origin = saved_reference(page)

    # The next call, made on it: N, C, the title, save.
    strokes.count = 0
    strokes.press("n")
    expect(page.locator("#menu-next [role=menuitem]").first).to_be_focused()
    strokes.press("c")
    expect(page.locator("input[name=title]")).to_be_visible()
    strokes.focus("input[name=title]")
    strokes.type("Klic po sejmu")
    strokes.press("Control+Enter")
    page.wait_for_url(re.compile(rf"(?!.*{origin}).*/D-\d\d-\d{{5}}/"))
    call = saved_reference(page)
    assert strokes.count <= 12

    # Another task, alone, linked by L, Enter.
    company = record(page).locator(".record-company").get_attribute("href") or ""
    page.goto(f"{live.url}/tasks/new/?company={company.rstrip('/').split('/')[-1]}")
    strokes.focus("input[name=title]")
    strokes.type("Pripravi izračun prihranka")
    strokes.press("Control+Enter")
    task = saved_reference(page)
    strokes.press("l")
    expect(page.locator("#link-rows input:checked")).to_be_attached()
    strokes.focus("#link-rows input:checked")
    strokes.press("Enter")
    chain = page.locator(".chain-row")
    expect(chain).to_have_count(3)
    found = {c.get_attribute("data-reference") for c in chain.all()}
    assert found == {origin, call, task}

    # Undone with Z, and linked again.
    expect(page.locator("#toasts")).to_contain_text("Povezano")
    strokes.press("z")
    expect(page.locator(".chain-row")).to_have_count(1)
    strokes.press("l")
    expect(page.locator("#link-rows input:checked")).to_be_attached()
    strokes.focus("#link-rows input:checked")
    strokes.press("Enter")
    expect(page.locator(".chain-row")).to_have_count(3)

    # Ctrl+K finds the origin by its reference, however it is typed.
    strokes.press("Control+k")
    strokes.type(origin.lower())
    expect(page.locator("dialog [role=option]").first).to_contain_text(origin)
    strokes.press("Enter")
    page.wait_for_url(re.compile(origin))
    assert record(page).get_attribute("data-record") == origin

    # The list: arrows choose, Enter opens, Escape returns to the same row.
    page.goto(urljoin(live.url, company))
    expect(page.locator("#rows tr.row")).to_have_count(3)
    assert counts_open_what_they_say(page) >= 3
    first = page.locator("#rows tr.row").first
    first.focus()
    strokes.press("ArrowDown", "ArrowUp", "Enter")
    expect(page.locator("dialog#window article.record")).to_be_visible()
    strokes.press("Escape")
    expect(page.locator("dialog#window article.record")).to_have_count(0)
    expect(first).to_be_focused()


class Strokes:
    """Keys pressed by a person; moving the focus counts as one (Tab or a jump)."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, text: str) -> None:
        """Type text, which is not counted."""
        self.page.keyboard.type(text)

    def focus(self, selector: str) -> None:
        """Reach a field with Tab, as somebody without a mouse does."""
        field = self.page.locator(selector)
        for _ in range(60):
            if field.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with Tab")
