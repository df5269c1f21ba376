"""By learnt weights Enter accepts what is preselected, and nothing where nothing is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.servers import Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADDRESS = re.compile(r"/D-\d\d-\d{5}/")

SET_UP = """
from django.utils import timezone
from veriga.access.models import User
from veriga.activities.tests.factories import make_activity
from veriga.activities.tests.weights import store_weights
from veriga.parties.tests.factories import make_company
boss, now = User.objects.get(), timezone.now()
for name, days in (("Alpina", 40), ("Breza", 1)):
    company = make_company(name, owner=boss)
    make_activity(boss, company, now=now, days_ago=days, title="Ponudba za kotel")
    make_activity(boss, company, now=now, days_ago=2, title="Vabilo na sejem")
    one = make_activity(boss, company, now=now, days_ago=0.1, title="Ponudbo kotla")
    print(one.reference, company.pk)
store_weights(age={age})
"""


def set_up(installation: Installation, age: float) -> list[list[str]]:
    script = SET_UP.replace("{age}", str(age))
    told = installation.veriga("manage", "shell", "-c", script).stdout
    return re.findall(r"([A-Z]-\d\d-\d{5}) (\d+)", told)


def sign_in(page: Page, url: str, installation: Installation) -> None:
    page.goto(f"{url}/accounts/login/")
    page.fill("input[name=login]", installation.admin)
    page.fill("input[name=password]", installation.password)
    page.press("input[name=password]", "Enter")
    expect(page.locator("[data-palette-open]").first).to_be_attached()


@pytest.mark.parametrize("is_sure", [True, False])
def test_enter_accepts_only_what_is_preselected(
    installation: Installation, open_page: Callable[..., Page], *, is_sure: bool
) -> None:
    (reference, company), _other = set_up(installation, -9.0 if is_sure else -0.01)
    server = installation.serve("--no-worker")
    page = open_page(address=server.url)
    sign_in(page, server.url, installation)

    # The form of a new record: Alt+Enter.
    page.goto(f"{server.url}/events/new/?company={company}")
    rows = page.locator("#continues input[name=follows]")
    expect(rows).to_have_count(4)
    page.press("input[name=title]", "Alt+Enter")
    chosen = page.locator("#continues input[name=follows]:checked")
    if is_sure:
        expect(chosen).to_have_value(reference)
    else:
        expect(chosen).to_have_value("")
    page.fill("input[name=title]", "Klic")
    page.press("input[name=title]", "Control+Enter")
    page.wait_for_url(ADDRESS)
    page.goto(f"{page.url}links/")
    expect(page.locator(".chain-row")).to_have_count(2 if is_sure else 1)
    if is_sure:
        return

    # Poveži: Enter waits until a row is chosen.
    page.keyboard.press("l")
    first = page.locator("#link-rows input[type=radio]").first
    expect(first).to_be_focused()
    expect(page.locator("#link-rows input:checked")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#link-rows input:checked")).to_have_count(0)
    page.keyboard.press("Space")
    expect(first).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".chain-row")).to_have_count(2)
