"""Every form, by the Tab key alone: each field is reached, seen to be, and saved."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.support.servers import Server
from tests.test_pages import ADMINISTRATOR
from tests.test_story import Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FORMS = (
    "/events/new/", "/tasks/new/", "/product-records/new/", "/quotes/new/",
    "/products/new/", "/companies/new/", "/contacts/new/", "/gatherings/new/",
    "/users/new/",
    "/teams/new/", "/settings/fields/new/", "/settings/lists/stages/new/",
    "/settings/display/", "/settings/attachments/", "/quick/", "/me/", "/me/notices/",
)  # fmt: skip
MOST_TABS = 260
# What can be typed into or pressed in the page's main form, and is on show.
WANTED = """() => [...document.querySelector('form.form, form[data-form]').elements]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled
        && !['hidden', 'fieldset'].includes(e.type) && e.tabIndex >= 0)
    .map((e, n) => {
        e.dataset.keyboardTest = n;
        return e.type === 'radio' ? 'radio ' + e.name : String(n);
    })"""
# A field that has the focus from the start would be passed over.
START = "() => document.querySelector('a, button').focus()"
HERE = """() => {
    const e = document.activeElement;
    const label = e.closest('label') ?? e;
    const ring = [e, label, label.firstElementChild ?? label, e.nextElementSibling ?? e]
        .map(one => getComputedStyle(one))
        .some(s => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0)
            || s.boxShadow !== 'none');
    const mine = e.dataset.keyboardTest;
    return {
        field: mine === undefined ? '' : e.type === 'radio' ? 'radio ' + e.name : mine,
        name: `${e.tagName} ${e.name || e.className || e.href || ''}`,
        seen: ring,
        end: e === document.body,
    };
}"""


def walk(page: Page, place: str) -> tuple[set[str], list[str]]:
    """Press Tab through the page; return the fields passed, and what showed no ring."""
    passed: set[str] = set()
    unseen = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here["end"]:
            break
        passed.add(here["field"])
        if not here["seen"]:
            unseen.append(f"{place}: {here['name']}")
    return passed, unseen


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_every_field_is_reached_and_shows_it(
    open_page: Open, live: Server, size: str
) -> None:
    page = open_page(size)
    sign_in(page, live, ADMINISTRATOR)
    page.goto("/activities/?kind=event")
    reference = page.locator("#rows tr.row").first.get_attribute("data-reference")
    company = re.search(r"/companies/\d+/", page.request.get("/companies/").text())
    assert company is not None
    edits = (f"/activities/{reference}/edit/", f"{company[0]}edit/")
    faults = []
    for place in (*FORMS, *edits):
        page.goto(place)
        page.evaluate(START)
        wanted = set(page.evaluate(WANTED))
        assert wanted, place
        passed, unseen = walk(page, place)
        faults += unseen
        faults += [f"{place}: {name} is not reached" for name in wanted - passed]
    assert not faults, "\n".join(faults)


def test_a_company_and_its_visit_without_a_mouse(open_page: Open, live: Server) -> None:
    page = open_page("wide")
    sign_in(page, live, ADMINISTRATOR)
    page.goto("/companies/new/")
    page.get_by_label("Naziv").focus()
    page.keyboard.type("Tipkovnica d.o.o.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/companies/\d+/$"))
    company = page.url
    page.goto(f"/events/new/?company={re.findall(r'[0-9]+', company)[-1]}")
    page.get_by_label("Naslov", exact=False).first.focus()
    page.keyboard.type("Obisk brez miške")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/activities/D-"))
    assert page.get_by_role("heading", name="Obisk brez miške").count() == 1


PAGES = (
    "/desk/", "/calendar/", "/activities/", "/companies/", "/contacts/", "/board/",
    "/chains/", "/events/", "/tasks/", "/product-records/", "/quotes/", "/products/",
    "/gatherings/", "/notices/", "/deleted/", "/me/", "/users/", "/teams/",
    "/settings/", "/events/new/", "/quick/",
)  # fmt: skip
WALKED = ("/desk/", "/calendar/", "/activities/", "/companies/", "/board/", "/me/")
LAPTOP_AT_200 = {"width": 720, "height": 450}
ROW_KEYS = "Enter"
CARD_KEYS = "Alt ← →"


def places(page: Page) -> list[str]:
    """Return the address of every main page, of one company, record and chain too."""
    company = re.search(r"/companies/\d+/", page.request.get("/companies/").text())
    record = re.search(
        r"/activities/[A-Z]-\d\d-\d+/", page.request.get("/activities/").text()
    )
    assert company is not None and record is not None
    return [*PAGES, company[0], record[0], f"{record[0]}chain/"]


def keys_of(page: Page) -> list[str]:
    """Press `?`; return the keys that are listed."""
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("?")
    return page.locator("#keys[open] .keys-row:visible kbd").all_inner_texts()


def test_the_keys_of_each_page_are_its_own(open_page: Open, live: Server) -> None:
    page = open_page("wide")
    sign_in(page, live, ADMINISTRATOR)
    for place in places(page):
        page.goto(place)
        keys = keys_of(page)
        assert {"CTRL K", "?"} <= {key.upper() for key in keys}, place
        has_rows = page.locator("[data-rows] .row:visible").count() > 0
        has_form = page.locator("form[data-form] [data-save]:visible").count() > 0
        assert (ROW_KEYS in keys) == has_rows, place
        assert ("Ctrl Enter" in keys) == has_form, place
        if place in {"/board/", "/companies/"}:
            assert (CARD_KEYS in keys) == (place == "/board/"), place
        assert "Esc" not in keys, place
        assert page.evaluate("() => document.activeElement.closest('#keys') !== null")
        page.keyboard.press("Escape")
        assert page.locator("#keys[open]").count() == 0, place


def test_the_keys_are_found_without_knowing_theirs(
    open_page: Open, live: Server
) -> None:
    page = open_page("wide")
    sign_in(page, live, ADMINISTRATOR)
    page.goto("/activities/")
    page.locator(".side-user").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Tipke na tej strani").press("Enter")
    listed = page.get_by_role("dialog", name="Tipke na tej strani")
    assert listed.get_by_text("Odpri vrstico").count() == 1


def test_every_page_by_tab_enter_and_escape(open_page: Open, live: Server) -> None:
    page = open_page("wide")
    sign_in(page, live, ADMINISTRATOR)
    faults = []
    for place in (*WALKED, *places(page)[-3:]):
        page.goto(place)
        page.evaluate("() => document.activeElement.blur()")
        faults += walk(page, place)[1]
        row = page.locator("[data-rows] .row[data-aside]:visible").first
        if place.startswith("/activities/?") or not row.count():
            continue
        row.focus()
        page.keyboard.press("Enter")
        page.locator("#window[open] .record").wait_for()
        page.keyboard.press("Escape")
        page.locator("#window[open]").wait_for(state="detached")
        if not page.evaluate("() => document.activeElement.matches('.row, .row *')"):
            faults.append(f"{place}: the row has lost the focus")
    assert not faults, "\n".join(faults)


def test_at_double_size_no_page_scrolls_sideways(open_page: Open, live: Server) -> None:
    page = open_page("wide")
    page.set_viewport_size(LAPTOP_AT_200)  # type: ignore[arg-type]
    sign_in(page, live, ADMINISTRATOR)
    wide = []
    for place in places(page):
        page.goto(place)
        over = page.evaluate(
            "() => document.documentElement.scrollWidth"
            " - document.documentElement.clientWidth"
        )
        if over > 0:
            wide.append(f"{place}: {over} px")
    assert not wide, "\n".join(wide)
