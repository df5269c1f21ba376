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
