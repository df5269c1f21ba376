"""Every page, as axe reads it: names, roles, contrast, headings; none is too wide."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.support.effort import sized
from tests.support.servers import Server
from tests.test_pages import ADMINISTRATOR
from tests.test_story import Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIGNED_OUT = ("/accounts/login/", "/accounts/password/reset/")
PLACES = (
    "/", "/desk/", "/desk/?of=all", "/board/", "/views/?page=tasks&state=overdue",
    "/conditions/?page=companies&where=no:event.visit:60|has:quote;silent:20",
    "/calendar/", "/calendar/?view=month", "/calendar/?view=agenda", "/chains/",
    "/chains/limits/", "/chains/coverage/", "/forecast/", "/forecast/changes/?days=30",
    "/forecast/won/", "/forecast/targets/", "/rules/", "/rules/new/", "/rules/log/",
    "/rules/1/", "/rules/1/month/",
    "/activities/", "/activities/?view=week", "/activities/?view=month&span=month",
    "/activities/?kind=quote&state=pending",
    "/activities/?q=ni+takega+zapisa", "/companies/", "/companies/new/", "/contacts/",
    "/contacts/new/", "/events/", "/events/new/", "/tasks/", "/tasks/new/",
    "/product-records/", "/product-records/new/", "/quotes/", "/quotes/new/",
    "/products/", "/products/new/", "/gatherings/", "/gatherings/new/",
    "/search/", "/search/?q=pak", "/search/?q=ponubda&kind=event",
    "/insight/followed/", "/insight/triggers/", "/insight/stalled/", "/insight/pace/",
    "/insight/origins/", "/insight/origins/?by=both", "/insight/map/",
    "/deleted/", "/quick/", "/palette/", "/me/", "/me/notices/", "/notices/",
    "/users/", "/users/new/", "/teams/", "/teams/new/", "/settings/",
    "/settings/numbering/", "/settings/display/", "/settings/working-time/",
    "/settings/attachments/", "/columns/quotes/",
    "/bulk/finish/?all=yes&page=activities", "/bulk/companies/owner/?all=yes",
    "/bulk/contacts/function/?all=yes", "/columns/contacts/",
    "/companies/?cols=name,phone,email,abc,kind,parent,website,country,recorded",
    "/settings/lists/stages/", "/settings/lists/stages/new/", "/settings/fields/",
    "/settings/fields/new/", "/ni-take-strani/",
)  # fmt: skip
OF_AN_ACTIVITY = (
    "", "edit/", "chain/", "chain/?view=story", "chain/?view=timeline", "?panel=link",
    "?panel=links", "?history",
)  # fmt: skip
OF_A_COMPANY = (
    "", "?tab=chains", "?tab=quotes", "?tab=records", "?tab=files", "?tab=data",
    "?tab=data&history", "edit/", "visit/", "merge/", "activate/",
)  # fmt: skip
OF_A_CONTACT = ("", "edit/", "companies/new/", "?history")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def places(page: Page) -> Iterator[str]:
    """Yield the address of every page, of one record where there are many."""
    yield from PLACES
    for kind in ("event", "task", "product_record", "quote"):
        page.goto(f"/activities/?kind={kind}")
        reference = page.locator("#rows tr.row").first.get_attribute("data-reference")
        tails = OF_AN_ACTIVITY if kind == "quote" else ("", "edit/")
        yield from (f"/activities/{reference}/{tail}" for tail in tails)
    for noun, tails in (("companies", OF_A_COMPANY), ("contacts", OF_A_CONTACT)):
        listed = page.request.get(f"/{noun}/").text()
        found = re.search(rf'href="(/{noun}/\d+/)"', listed)
        assert found is not None
        yield from (found[1] + tail for tail in tails)


def faults_of(page: Page) -> list[str]:
    """Return what axe objects to, each with the first place it is found at."""
    found = Axe().run(page, options={"runOnly": RULES}).response
    return [
        f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for one in found["violations"]
        for node in one["nodes"][:2]
    ]


def faults_of_layout(page: Page) -> list[str]:
    """Return what is too wide for the window, or is squeezed into a narrow column."""
    wide, seen, lines = page.evaluate(
        """() => {
            const root = document.documentElement, title = document.querySelector("h1");
            const style = title && getComputedStyle(title);
            const lines = title ? title.offsetHeight / parseFloat(style.lineHeight) : 1;
            return [root.scrollWidth, root.clientWidth, Math.round(lines)];
        }"""
    )
    faults = [f"wider than the window: {wide} of {seen}"] if wide > seen else []
    return faults if lines <= 4 else [*faults, f"a heading of {lines} lines"]


@pytest.mark.parametrize(
    ("size", "dark", "first"),
    [("wide", False, 0), ("phone", True, 1), ("zoomed", False, 2)],
)
def test_axe_finds_nothing_on_any_page(
    open_page: Open, live: Server, size: str, dark: bool, first: int
) -> None:
    # Quickly, each page is read in one of the three.
    step = sized(ci=3, full=1)
    page = open_page(size, dark=dark)
    faults: dict[str, list[str]] = {}
    for place in SIGNED_OUT:
        page.goto(place)
        faults[place] = [*faults_of(page), *faults_of_layout(page)]
    sign_in(page, live, ADMINISTRATOR)
    for place in list(places(page))[first % step :: step]:
        page.goto(place)
        faults[place] = [*faults_of(page), *faults_of_layout(page)]
    told = [f"{place}: {one}" for place, found in faults.items() for one in found]
    assert not told, "\n".join(told)
